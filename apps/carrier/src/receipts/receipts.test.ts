import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks, won1 } from '../bills/books.fixture.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-03-10T12:00:00+09:00')
})
afterAll(() => books.close())

test('money pays the oldest bill first, item by item; the rest waits as a credit', async () => {
  const line = await books.openLine()
  await books.buy(line, 3_000)
  await books.buy(line, 2_000, 'content')
  await books.until('2026-04-10T00:00:00+09:00')
  await books.buy(line, 4_000)
  await books.until('2026-05-06T00:00:00+09:00')
  // March has its surcharge by now: 3 % of each item that was not paid on 25 April.
  expect((await books.standing(line)).owed).toBe(won1(3_000 + 2_000 + 150 + 4_000))
  const some = await books.pay(line, 4_000)
  expect(some.parts.map(({ cycle, amount }) => [cycle, amount])).toEqual([
    ['2026-03', won1(3_000)],
    ['2026-03', won1(1_000)],
  ])
  const oldest = await books.pay(line, 'oldest')
  expect(oldest.amount).toBe(won1(1_150))
  const more = await books.pay(line, 4_500)
  expect(more).toMatchObject({
    rest: won1(500),
    parts: [{ cycle: '2026-04', amount: won1(4_000) }],
  })
  expect(await books.standing(line)).toMatchObject({ owed: 0n, credit: won1(500) })
  expect((await books.books.bills.list(line.id)).map(({ state }) => state)).toEqual([
    'paid',
    'paid',
  ])
  await books.check()
  await books.buy(line, 700)
  await books.until('2026-06-05T00:00:00+09:00')
  const [bill] = await books.books.bills.list(line.id)
  expect(bill).toMatchObject({ cycle: '2026-05', total: won1(700), owed: won1(200) })
  expect((await books.books.bills.find(bill?.id ?? ''))?.credits).toMatchObject([
    { amount: won1(500), from: 'receipt' },
  ])
  expect((await books.texts(line, 'bill')).at(-1)).toContain('500원, 내실 금액 200원')
  await books.check()
})

test('a key pays once, however often and from however many places it is sent', async () => {
  const line = await books.openLine()
  await books.buy(line, 5_000)
  await books.until('2026-07-06T00:00:00+09:00')
  const order = { amount: won1(2_000), early: false, key: 'k1', method: 'self_care' } as const
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () => books.books.receipts.pay(line.id, order)),
  )
  const ids = new Set(outcomes.map((outcome) => (outcome.ok ? outcome.receipt.id : outcome.code)))
  expect(ids.size).toBe(1)
  expect((await books.standing(line)).owed).toBe(won1(3_000))
  expect(await books.books.receipts.pay(line.id, { ...order, amount: won1(1_000) })).toEqual({
    ok: false,
    code: 'key_reused',
  })
  await books.check()
})

test('receipts at the same moment never pay more than is owed', async () => {
  const line = await books.openLine()
  await books.buy(line, 5_000)
  await books.until('2026-08-06T00:00:00+09:00')
  await Promise.all(Array.from({ length: 15 }, () => books.pay(line, 1_000)))
  expect(await books.standing(line)).toMatchObject({ owed: 0n, credit: won1(10_000) })
  await books.check()
})

test('refuses what cannot be paid', async () => {
  const line = await books.openLine()
  const pay = (amount: bigint | 'all', lineId = line.id) =>
    books.books.receipts.pay(lineId, { amount, early: false, key: 'x', method: 'self_care' })
  expect(await pay('all')).toEqual({ ok: false, code: 'nothing_owed' })
  expect(await pay(0n)).toEqual({ ok: false, code: 'amount_not_positive' })
  expect(await pay(500n)).toEqual({ ok: false, code: 'amount_not_a_step' })
  expect(await pay(won1(1), 'line_none')).toEqual({ ok: false, code: 'line_not_found' })
})

test('paying early frees the limit of the month, and what was paid early is paid when it is billed', async () => {
  const line = await books.openLine()
  await books.until('2026-09-10T00:00:00+09:00')
  const first = await books.buy(line, 200_000)
  await books.until('2026-09-11T00:00:00+09:00')
  await books.buy(line, 90_000)
  await expect(books.buy(line, 50_000)).rejects.toThrow('month_limit')
  const receipt = await books.pay(line, 240_000, true)
  expect(receipt.parts.map(({ paymentId, amount }) => [paymentId === first.id, amount])).toEqual([
    [true, won1(200_000)],
    [false, won1(40_000)],
  ])
  const again = await books.buy(line, 50_000)
  expect(again.status).toBe('succeeded')
  // What was paid early can no longer be cancelled; it comes back as a credit.
  expect(await books.refund(first)).toBe('bill_credit')
  await books.check()
  await books.until('2026-10-05T00:00:00+09:00')
  const [bill] = await books.books.bills.list(line.id)
  expect(bill).toMatchObject({ total: won1(340_000), settled: won1(340_000), state: 'paid' })
  expect((await books.standing(line)).credit).toBe(won1(100_000))
  await books.check()
})

test('a late refund is a credit, used at once on what is owed and later on what comes', async () => {
  const line = await books.openLine()
  await books.until('2026-11-10T00:00:00+09:00')
  const payment = await books.buy(line, 8_000)
  await books.buy(line, 1_000)
  await books.until('2026-12-06T00:00:00+09:00')
  expect(await books.refund(payment, 6_000)).toBe('bill_credit')
  expect(await books.standing(line)).toMatchObject({ owed: won1(3_000), credit: 0n })
  await books.pay(line, 'all')
  expect(await books.refund(payment)).toBe('bill_credit')
  expect(await books.standing(line)).toMatchObject({ owed: 0n, credit: won1(2_000) })
  await books.buy(line, 500)
  await books.until('2027-01-05T00:00:00+09:00')
  expect(await books.standing(line)).toMatchObject({ owed: 0n, credit: won1(1_500) })
  await books.check()
})
