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

test('its owner is told what comes back and where it goes, once', async () => {
  const line = await books.openLine('kt', 'en')
  const [whole, part] = [await books.buy(line, 3_000), await books.buy(line, 3_000)]
  await books.refund(whole)
  const late = await books.core.refunds.accept(refund(part.id))
  if (!late.ok) throw new Error(late.code)
  await books.core.refunds.complete(late.refund.id)
  await books.core.refunds.complete(late.refund.id)
  const [cancelled, ...others] = await books.texts(line, 'refund')
  expect(others).toHaveLength(1)
  expect(cancelled).toMatch(
    /^\[KT\] Cancelled: ₩3,000\nAt 01\/11 12:00\nMerchant Hanbit Games \(1588-0001\)\nYou are not billed for it\.\n/,
  )
  const billed = await books.buy(line, 3_000)
  await books.until('2026-02-10T12:00:00+09:00')
  await books.refund(billed, 1_000)
  expect((await books.texts(line, 'refund')).at(-1)).toContain(
    'Refunded: ₩1,000 of ₩3,000\nAt 02/10 12:00\nMerchant Hanbit Games (1588-0001)\nIt comes off what you owe;',
  )
})
