import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks, won1 } from '../bills/books.fixture.ts'
import type { Line } from '../model.ts'

/** A cancellation and an early payment of the same purchase: its limit is free once. */

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:00:00+09:00')
})
afterAll(() => books?.close())

const refund = (paymentId: string) => ({
  ...{ paymentId, clientId: 'shop', clientCorrelator: null, referenceCode: paymentId },
  ...({ type: 'total', reason: null, facts: {}, sink: null, sinkToken: null } as const),
})

/** Buys of 10,000 won until the month is full. */
async function buyAll(line: Line): Promise<number> {
  for (let bought = 0; ; bought += 1) {
    try {
      await books.buy(line, 10_000)
    } catch {
      return bought
    }
  }
}

test('what is being cancelled is not paid early', async () => {
  const line = await books.openLine()
  const payments = [await books.buy(line, 10_000), await books.buy(line, 10_000)]
  const ids = []
  for (const { id } of payments) {
    const accepted = await books.core.refunds.accept(refund(id))
    if (!accepted.ok) throw new Error(accepted.code)
    ids.push(accepted.refund.id)
  }
  const order = { amount: 'all', early: true, key: 'k', method: 'self_care' } as const
  expect(await books.books.receipts.pay(line.id, order)).toEqual({
    ok: false,
    code: 'nothing_owed',
  })
  for (const id of ids) await books.core.refunds.complete(id)
  expect(await books.standing(line)).toMatchObject({ credit: 0n })
  await books.check(line)
})

test('what was paid early in the same moment is no longer cancelled', async () => {
  const free = await buyAll(await books.openLine())
  expect(free).toBeGreaterThan(2)
  const line = await books.openLine()
  const payments = await Promise.all([1, 2, 3].map(() => books.buy(line, 10_000)))
  const order = { amount: 'all', early: true, key: 'k', method: 'self_care' } as const
  const [paid] = await Promise.all([
    books.books.receipts.pay(line.id, order),
    ...payments.map(({ id }) => books.core.refunds.create(refund(id))),
  ])
  const early = paid.ok ? paid.receipt.amount : 0n
  const modes = await Promise.all(payments.map(({ id }) => books.core.refunds.list(id)))
  const cancelled = modes.flat().filter(({ mode }) => mode === 'cancel')
  const sum = cancelled.reduce((all, { amount }) => all + amount, early)
  expect(sum).toBe(won1(30_000))
  await books.check(line)
  // The month is free again, and nothing of it twice. (The limit of the day is another.)
  await books.until('2026-01-11T12:00:00+09:00')
  expect(await buyAll(line)).toBe(free)
})
