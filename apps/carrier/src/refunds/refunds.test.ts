import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newLine, openStage, orderOn, type Stage, won } from '../../test/core-stage.ts'
import type { Line, Payment, PaymentOrder } from '../model.ts'
import type { RefundOrder } from './model.ts'

let stage: Stage
let line: Line

const JANUARY = Date.parse('2027-01-31T23:58:00+09:00')
const FEBRUARY = Date.parse('2027-02-01T00:00:00+09:00')

beforeAll(async () => {
  stage = await openStage()
  await stage.moveTo(JANUARY)
  line = await stage.core.lines.open(newLine())
})
afterAll(() => stage.close())

async function paid(more: Partial<PaymentOrder> = {}): Promise<Payment> {
  const outcome = await stage.core.payments.create(orderOn(line, more))
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.payment
}

let refunds = 0

function refundOf(payment: Payment, more: Partial<RefundOrder> = {}): RefundOrder {
  refunds += 1
  return {
    paymentId: payment.id,
    clientId: payment.clientId,
    clientCorrelator: `refund-${refunds}`,
    referenceCode: `refund-${refunds}`,
    type: 'total',
    ...{ reason: null, facts: { kept: true }, sink: null, sinkToken: null },
    ...more,
  }
}

/** What is owed and what counts this month, in won. */
async function standing(of = line) {
  const view = await stage.ledger.account(of.accounts.general)
  return [-(view?.balance ?? 0n), view?.spentThisMonth ?? 0n].map(
    (amount) => Number(amount) / 1_000,
  )
}

describe('a refund in the month of its payment', () => {
  test('cancels: the limit is free, and nothing of it will be billed', async () => {
    const { core, ledger } = stage
    const payment = await paid()
    const person = async () =>
      (await ledger.account(line.person.accounts.general))?.spentThisMonth ?? 0n
    const [owed, spent] = await standing()
    const counted = await person()
    const outcome = await core.refunds.create(refundOf(payment))
    expect(outcome).toMatchObject({ ok: true, refund: { mode: 'cancel', status: 'succeeded' } })
    expect(await standing()).toEqual([(owed ?? 0) - 1_000, (spent ?? 0) - 1_000])
    expect(await person()).toBe(counted - won(1_000))
    expect(await core.payments.find(payment.id)).toMatchObject({
      refunded: won(1_000),
      cancelled: won(1_000),
    })
    expect(await core.refunds.create(refundOf(payment))).toMatchObject({ code: 'nothing_left' })
  })

  test('in parts, never more than was paid, however many ask at once', async () => {
    const { core } = stage
    const payment = await paid()
    const ask = () => refundOf(payment, { type: 'partial', amount: won(300) })
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => core.refunds.create(ask())))
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(3)
    expect(await core.refunds.remaining(payment.id)).toBe(won(100))
    expect(await core.refunds.create(ask())).toMatchObject({
      code: 'amount_above_left',
      left: won(100),
    })
    const half = refundOf(payment, { type: 'partial', amount: 1n })
    expect(await core.refunds.create(half)).toMatchObject({ code: 'amount_not_a_step' })
    expect(await core.refunds.create(refundOf(payment))).toMatchObject({
      refund: { amount: won(100) },
    })
    expect(await core.refunds.list(payment.id)).toHaveLength(4)
    expect((await core.refunds.ofLine(line.id, { limit: 2 }))[0]?.amount).toBe(won(100))
  })

  test('of two steps gives back what was captured', async () => {
    const { core } = stage
    const before = await standing()
    const prepared = await core.payments.prepare(orderOn(line))
    if (!prepared.ok) throw new Error(prepared.code)
    const { payment } = prepared
    expect(await core.refunds.create(refundOf(payment))).toMatchObject({ code: 'wrong_status' })
    await core.payments.confirm(payment.id)
    expect(await core.refunds.create(refundOf(payment))).toMatchObject({ ok: true })
    expect(await standing()).toEqual(before)
  })

  test('of what was paid early comes as a credit and leaves the limit as it is', async () => {
    const { core, credits, database } = stage
    const payment = await paid()
    await database
      .updateTable('carrier.payment')
      .set({ paid_early: won(1_000) })
      .where('id', '=', payment.id)
      .execute()
    const [owed, spent] = await standing()
    const outcome = await core.refunds.create(refundOf(payment))
    if (!outcome.ok) throw new Error(outcome.code)
    expect(outcome.refund.mode).toBe('bill_credit')
    expect(credits.at(-1)).toMatchObject({ refundId: outcome.refund.id, amount: won(1_000) })
    expect(await standing()).toEqual([(owed ?? 0) - 1_000, spent])
  })

  test('is made once for a correlator, also when it comes for two payments at once', async () => {
    const { core, failures } = stage
    const payments = await Promise.all(Array.from({ length: 6 }, () => paid()))
    const before = failures.length
    const outcomes = await Promise.all(
      payments.map((payment) =>
        core.refunds.create(refundOf(payment, { clientCorrelator: 'one for all' })),
      ),
    )
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    const codes = new Set(outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.code])))
    expect([...codes]).toEqual(['correlator_used'])
    expect(failures.slice(before)).toEqual([])
  })

  test('is found by its correlator, its client alone, and can be denied', async () => {
    const { core } = stage
    const payment = await paid()
    const order = refundOf(payment, { type: 'partial', amount: won(100) })
    const [first, again] = [await core.refunds.create(order), await core.refunds.create(order)]
    if (!first.ok) throw new Error(first.code)
    expect(again).toMatchObject({ code: 'correlator_used', refund: { id: first.refund.id } })
    const bare = refundOf(payment, { ...order, clientCorrelator: null })
    expect(await core.refunds.create(bare)).toEqual({ ok: false, code: 'reference_used' })
    expect(await core.refunds.create(refundOf(payment, { clientId: 'other' }))).toEqual({
      ok: false,
      code: 'payment_not_found',
    })
    const accepted = await core.refunds.accept(refundOf(payment))
    if (!accepted.ok) throw new Error(accepted.code)
    expect(await core.refunds.remaining(payment.id)).toBe(0n)
    expect(await core.refunds.deny(accepted.refund.id, 'no')).toMatchObject({ status: 'denied' })
    expect(await core.refunds.remaining(payment.id)).toBe(won(900))
    expect(await core.refunds.complete(accepted.refund.id)).toMatchObject({
      ok: true,
      refund: { status: 'denied' },
    })
    expect(await core.refunds.find(first.refund.id)).toMatchObject({ facts: { kept: true } })
  })
})

describe('a refund of the next month', () => {
  test('is a credit, and does not give back the limit of the new month', async () => {
    const { core, credits } = stage
    await stage.moveTo(JANUARY)
    const own = await core.lines.open(newLine())
    const outcome = await core.payments.create(orderOn(own))
    if (!outcome.ok) throw new Error(outcome.code)
    await stage.moveTo(FEBRUARY)
    await core.payments.create(orderOn(own, { amount: won(300) }))
    expect(await standing(own)).toEqual([1_300, 300])
    const refund = refundOf(outcome.payment, { type: 'partial', amount: won(400) })
    const late = await core.refunds.create(refund)
    if (!late.ok) throw new Error(late.code)
    expect(late.refund).toMatchObject({ mode: 'bill_credit', status: 'succeeded' })
    expect(credits.at(-1)).toEqual({
      lineId: own.id,
      refundId: late.refund.id,
      amount: won(400),
    })
    expect(await standing(own)).toEqual([900, 300])
    expect(await core.payments.find(outcome.payment.id)).toMatchObject({
      refunded: won(400),
      cancelled: 0n,
    })
  })
})
