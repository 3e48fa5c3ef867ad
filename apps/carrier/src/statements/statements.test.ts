import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks } from '../bills/books.fixture.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:00:00+09:00')
})
afterAll(() => books.close())

test('a statement is written the next day, long before two weeks are over', async () => {
  const line = await books.openLine('kt', 'en')
  const payment = await books.buy(line, 3_000)
  await books.buy(line, 1_000)
  await books.refund(payment)
  const asked = await books.books.statements.request(line.id, '2026-01-10', '2026-01-10')
  if (!asked.ok) throw new Error(asked.code)
  expect(asked.statement).toMatchObject({ readyAtMs: null, text: null })
  expect(asked.statement.answerByMs - asked.statement.requestedAtMs).toBe(14 * 86_400_000)
  await books.until('2026-01-11T00:00:00+09:00')
  const written = await books.books.statements.find(asked.statement.id)
  expect(written?.text?.split('\n')).toEqual([
    'KT: purchases charged to your line',
    line.phoneNumber,
    '10 January 2026 – 10 January 2026',
    '01/10 12:00 Hanbit Games (1588-0001) Gold 3000 ₩3,000',
    '01/10 12:00 Hanbit Games (1588-0001) Gold 1000 ₩1,000',
    '01/10 12:00 Hanbit Games (1588-0001) Gold 3000 −₩3,000',
    'Total ₩1,000',
    'To object: 100',
  ])
  expect(await books.texts(line, 'statement')).toHaveLength(1)
})

test('refuses days that do not exist and periods that run backwards', async () => {
  const line = await books.openLine()
  for (const [from, to] of [
    ['2026-02-30', '2026-03-01'],
    ['2026-03-02', '2026-03-01'],
    ['soon', '2026-03-01'],
  ] as const) {
    expect(await books.books.statements.request(line.id, from, to)).toEqual({
      ok: false,
      code: 'period_invalid',
    })
  }
})
