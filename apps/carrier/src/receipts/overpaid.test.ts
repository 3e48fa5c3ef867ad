import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks, won1 } from '../bills/books.fixture.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-30T12:00:00+09:00')
})
afterAll(() => books?.close())

const pay = (lineId: string, amount: bigint, key: string) =>
  books.books.receipts.pay(lineId, { amount, early: false, key, method: 'self_care' })

test('what is far more than is owed is a mistake, and refused', async () => {
  const line = await books.openLine()
  await books.buy(line, 5_000)
  await books.until('2026-02-06T00:00:00+09:00')
  const tooMuch = { ok: false, code: 'amount_too_large' }
  expect(await pay(line.id, 999_999_999_999_999_000n, 'k0')).toEqual(tooMuch)
  expect(await pay(line.id, won1(1_005_001), 'k1')).toEqual(tooMuch)
  expect(await pay(line.id, won1(1_005_000), 'k2')).toMatchObject({ ok: true })
  expect(await books.standing(line)).toMatchObject({ owed: 0n, credit: won1(1_000_000) })
  await books.check()
})

test('a posting that the ledger refuses keeps neither others nor the start from going on', async () => {
  const [bad, good] = [await books.openLine(), await books.openLine()]
  await books.pool.query(
    `insert into carrier.posting (id, carrier, line_id, kind, bucket, amount, about, created_at) values
       ('00000000-0000-4000-8000-000000000001', 'kt', $1, 'receipt', 'general', 9223372036854775807, 'x', now()),
       ('00000000-0000-4000-8000-000000000002', 'kt', $1, 'receipt', 'general', 9223372036854775807, 'y', now()),
       ('00000000-0000-4000-8000-000000000003', 'kt', $2, 'receipt', 'general', 1000, 'z', now())`,
    [bad.id, good.id],
  )
  await books.books.resolve()
  const { rows } = await books.pool.query<{ about: string }>(
    'select about from carrier.posting where posted_at is null',
  )
  expect(rows.map(({ about }) => about)).toContain('y')
  expect(rows.map(({ about }) => about)).not.toContain('z')
  // The daily work of all lines goes on.
  await books.until('2026-02-08T00:00:00+09:00')
})
