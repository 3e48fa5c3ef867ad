import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Line, Payment } from '../model.ts'
import { type Books, openBooks, won1 } from './books.fixture.ts'

/** A purchase whose outcome is found out late is on exactly one bill, however many months have been closed meanwhile. */

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-29T12:00:00+09:00')
})
afterAll(() => books?.close())

/** As a crash leaves it between the ledger and the row. */
async function forget(payment: Payment): Promise<void> {
  await books.pool.query(
    `update carrier.payment set status = 'processing', paid_at = null, counted_at = null, updated_at = created_at
     where id = $1`,
    [payment.id],
  )
}

async function acknowledged(line: Line): Promise<string> {
  const accepted = await books.core.payments.accept({
    ...{ carrier: 'kt', clientId: 'shop', lineId: line.id, steps: 1 },
    ...{ clientCorrelator: 'late', referenceCode: 'late', amount: won1(3_000), currency: 'KRW' },
    ...{ description: 'Late', isTaxIncluded: true, taxAmount: null, category: 'digital' },
    merchant: { id: 'm1', name: 'Hanbit Games', contact: '1588-0001' },
    ...{ product: '', metaData: null, items: [], boundToPhone: true, shown: ['password'] },
    ...{ sink: null, sinkToken: null, validation: 'none' },
  })
  if (!accepted.ok) throw new Error(accepted.code)
  return accepted.payment.id
}

test('found out after two closes, it is on the next bill, once', async () => {
  const line = await books.openLine()
  const lost = await books.buy(line, 2_000)
  const seen = await books.buy(line, 700)
  await forget(lost)
  const other = await books.openLine()
  const later = await acknowledged(other)
  // January and February are closed: neither has it.
  await books.until('2026-03-06T12:00:00+09:00')
  expect(await books.books.bills.list(line.id)).toMatchObject([
    { cycle: '2026-01', total: won1(721) },
  ])
  await books.core.payments.resolve()
  expect(await books.core.payments.find(lost.id)).toMatchObject({
    status: 'succeeded',
    cycle: '2026-01',
  })
  // One that was only acknowledged counts when it is decided.
  expect(await books.core.payments.find(later)).toMatchObject({
    status: 'succeeded',
    cycle: '2026-03',
  })
  await books.check()
  await books.until('2026-04-06T00:00:00+09:00')
  const [bill] = await books.books.bills.list(line.id)
  expect(bill).toMatchObject({ cycle: '2026-03', total: won1(2_000) })
  expect(await books.books.bills.list(other.id)).toMatchObject([
    { cycle: '2026-03', total: won1(3_000) },
  ])
  const { rows } = await books.pool.query(
    'select payment_id, count(*)::int as times from carrier.bill_item where payment_id is not null group by 1',
  )
  expect(new Map(rows.map((row) => [row.payment_id, row.times]))).toEqual(
    new Map([lost.id, seen.id, later].map((id) => [id, 1])),
  )
  await books.check()
})

test('a cancellation that is decided after two closes takes its payment off no bill', async () => {
  const line = await books.openLine()
  const payment = await books.buy(line, 100_000)
  const accepted = await books.core.refunds.accept({
    ...{ paymentId: payment.id, clientId: 'shop', clientCorrelator: null, referenceCode: 'part' },
    ...{ type: 'partial', amount: won1(10_000), reason: null, facts: {} },
    ...{ sink: null, sinkToken: null },
  })
  if (!accepted.ok) throw new Error(accepted.code)
  expect(accepted.refund.mode).toBe('cancel')
  await books.until('2026-06-05T12:00:00+09:00')
  await books.core.refunds.deny(accepted.refund.id, 'blocked_by_operator')
  await books.until('2026-07-06T00:00:00+09:00')
  expect(await books.books.bills.list(line.id)).toMatchObject([
    { cycle: '2026-06', total: won1(100_000) },
  ])
  await books.check()
})
