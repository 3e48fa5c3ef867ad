/** What a crash between the commits of a payment leaves, and what the next start makes of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newLine, openStage, orderOn, type Stage, won } from '../../test/core-stage.ts'
import { CarrierClock } from '../carrier-clock.ts'
import { Readiness } from '../limits/readiness.ts'
import { LineBook } from '../lines/service.ts'
import type { Line, Payment, PaymentOrder } from '../model.ts'
import { Allowances } from '../proofs/allowance.ts'
import { createAllowanceStore } from '../proofs/allowance-store.ts'
import { RefundStore } from '../refunds/store.ts'
import { HouseAccounts } from './accounts.ts'
import { Decider } from './decision.ts'
import { captureLegs, voidLegs } from './legs.ts'
import type { KeptPayment } from './rows.ts'
import { PaymentWriter } from './writer.ts'

let stage: Stage
let line: Line

beforeAll(async () => {
  stage = await openStage()
  line = await stage.core.lines.open(newLine())
})
afterAll(() => stage.close())

/** The stages of an order, one by one. */
function workshop() {
  const { parts, pool, ledger } = stage
  const time = new CarrierClock(parts.clock, parts.carriers)
  const lines = new LineBook({ ...parts, time })
  const readiness = new Readiness({ ledger, lines, time })
  const accounts = new HouseAccounts(ledger, time)
  const allowances = new Allowances({ time, store: createAllowanceStore(pool) })
  const asked = { ledger, lines, readiness, allowances, accounts, time }
  const decider = new Decider({ ...asked, reservationMs: 600_000 })
  const writer = new PaymentWriter({ pool, outbox: parts.outbox, now: () => time.now() })
  const draft = (order: PaymentOrder, asynchronous = false): KeptPayment =>
    decider.draft(time.profile(order.carrier), line, order, asynchronous)
  return { decider, writer, draft }
}

async function reserved(): Promise<Payment> {
  const outcome = await stage.core.payments.prepare(orderOn(line))
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.payment
}

async function owed(): Promise<bigint> {
  const view = await stage.ledger.account(line.accounts.general)
  return -(view?.balance ?? 0n)
}

describe('after a crash', () => {
  test('an order that never reached the ledger is gone, and its correlator is free', async () => {
    const { core } = stage
    const { writer, draft } = workshop()
    const order = orderOn(line)
    const payment = draft(order)
    expect(await writer.open(payment)).toBe('opened')
    expect(await core.payments.create(order)).toMatchObject({
      code: 'correlator_used',
      payment: { status: 'processing' },
    })
    expect(await core.payments.resolve()).toBe(1)
    expect(await core.payments.find(payment.id)).toBeUndefined()
    expect(await core.payments.create(order)).toMatchObject({ ok: true })
  })

  test.each([
    [1, 'succeeded'],
    [2, 'reserved'],
  ] as const)('an order of %i step(s) that the ledger took is %s', async (steps, status) => {
    const { core, messages } = stage
    const { decider, writer, draft } = workshop()
    const before = await owed()
    const payment = draft(orderOn(line, { steps }))
    await writer.open(payment)
    expect(await decider.decide(payment)).toMatchObject({ as: 'accepted' })
    expect(await core.payments.resolve()).toBe(1)
    expect(await core.payments.find(payment.id)).toMatchObject({ status })
    expect(await core.payments.resolve()).toBe(0)
    expect(await owed()).toBe(before + (steps === 1 ? won(1_000) : 0n))
    const told = messages.filter(({ about }) => about === payment.id)
    expect(told).toHaveLength(steps === 1 ? 1 : 0)
  })

  test('one that was acknowledged is decided', async () => {
    const { core } = stage
    const { writer, draft } = workshop()
    const payment = draft(orderOn(line), true)
    await writer.open(payment)
    await core.payments.resolve()
    expect(await core.payments.find(payment.id)).toMatchObject({ status: 'succeeded' })
  })

  test('a confirmation, a cancellation and a refusal that reached the ledger hold', async () => {
    const { core, ledger, parts } = stage
    const shard = parts.carriers.get('kt')?.shard ?? -1
    const [one, two, three] = [await reserved(), await reserved(), await reserved()]
    await ledger.submitLinked(captureLegs(one, shard, true))
    await ledger.submitLinked(voidLegs(two, shard, true, 'void'))
    await ledger.submitLinked(voidLegs(three, shard, true, 'denial'))
    await core.payments.resolve()
    expect(await core.payments.find(one.id)).toMatchObject({ status: 'succeeded' })
    expect(await core.payments.find(two.id)).toMatchObject({ status: 'cancelled' })
    expect(await core.payments.find(three.id)).toMatchObject({ status: 'denied' })
  })

  test('a confirmation whose row was lost wins over the cancellation that comes later', async () => {
    const { core, ledger, parts } = stage
    const payment = await reserved()
    const shard = parts.carriers.get('kt')?.shard ?? -1
    await ledger.submitLinked(captureLegs(payment, shard, true))
    expect(await core.payments.cancel(payment.id)).toMatchObject({
      code: 'wrong_status',
      payment: { status: 'succeeded' },
    })
    // And one that is repeated is a replay.
    const other = await reserved()
    await ledger.submitLinked(captureLegs(other, shard, true))
    expect(await core.payments.confirm(other.id)).toMatchObject({
      ok: true,
      payment: { status: 'succeeded' },
    })
  })

  test('a refund is completed, wherever it stopped', async () => {
    const { core, database, pool } = stage
    const made = await core.payments.create(orderOn(line))
    if (!made.ok) throw new Error(made.code)
    const before = await owed()
    const store = new RefundStore(database, pool)
    const refund = await core.refunds.accept({
      paymentId: made.payment.id,
      clientId: made.payment.clientId,
      clientCorrelator: null,
      referenceCode: 'crashed',
      type: 'partial',
      amount: won(400),
      ...{ reason: null, facts: {}, sink: null, sinkToken: null },
    })
    if (!refund.ok) throw new Error(refund.code)
    expect(await core.refunds.remaining(made.payment.id)).toBe(won(600))
    expect(await core.refunds.resolve()).toBe(1)
    expect(await owed()).toBe(before - won(400))
    // As if the last commit had not happened.
    await database
      .updateTable('carrier.refund')
      .set({ status: 'processing', refunded_at: null })
      .where('id', '=', refund.refund.id)
      .execute()
    await database
      .updateTable('carrier.payment')
      .set({ cancelled: 0n })
      .where('id', '=', made.payment.id)
      .execute()
    expect(await core.refunds.resolve()).toBe(1)
    expect(await owed()).toBe(before - won(400))
    expect(await store.find(refund.refund.id)).toMatchObject({ status: 'succeeded' })
    expect(await core.payments.find(made.payment.id)).toMatchObject({ cancelled: won(400) })
  })
})

test('an outcome that could not be written is said to be unknown, and is written later', async () => {
  const { core, faults } = stage
  faults.outbox = true
  const order = orderOn(line)
  const outcome = await core.payments.create(order)
  if (outcome.ok || outcome.code !== 'unknown_outcome') throw new Error('it cannot be known')
  expect(await core.payments.create(order)).toMatchObject({
    code: 'correlator_used',
    payment: { id: outcome.paymentId, status: 'processing' },
  })
  const written = new Promise<Payment>((resolve) => {
    const stop = core.payments.onChanged((payment) => {
      if (payment.id !== outcome.paymentId) return
      stop()
      resolve(payment)
    })
  })
  faults.outbox = false
  expect(await written).toMatchObject({ status: 'succeeded' })
})
