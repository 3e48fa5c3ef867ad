import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createBills } from '../bills.ts'
import { type Books, openBooks, won1 } from './books.fixture.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-30T12:00:00+09:00')
})
afterAll(() => books.close())

test('a receipt whose process died before the ledger heard of it is booked at the next start, once', async () => {
  const line = await books.openLine()
  await books.buy(line, 5_000)
  await books.buy(line, 3_000, 'content')
  await books.until('2026-02-05T00:00:00+09:00')
  vi.spyOn(books.ledger, 'submitAll').mockRejectedValueOnce(new Error('the machine goes off'))
  const order = { amount: won1(8_500), early: false, key: 'k', method: 'self_care' } as const
  await expect(books.books.receipts.pay(line.id, order)).rejects.toThrow('the machine goes off')
  await expect(books.check()).rejects.toThrow('deeply equal')
  const again = createBills(books, books.books)
  await again.resolve()
  await books.check()
  // Booked, but the process died before it wrote that down.
  await books.pool.query('update carrier.posting set posted_at = null')
  await again.resolve()
  await books.check()
  const answered = await again.receipts.pay(line.id, order)
  expect(answered).toMatchObject({ ok: true, receipt: { amount: won1(8_500), rest: won1(500) } })
  await books.check()
  const content = await books.ledger.account(line.accounts.content)
  expect(content?.balance).toBe(0n)
})
