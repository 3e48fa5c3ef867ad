import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { NOON, newLine, openStage, orderOn, type Stage, won } from '../../test/core-stage.ts'
import type { Line, Payment, PaymentOrder } from '../model.ts'
import { HOLD_TTL_S } from './legs.ts'
import { RESERVATION_MS } from './model.ts'

let stage: Stage
let line: Line

beforeAll(async () => {
  stage = await openStage()
  line = await stage.core.lines.open(newLine())
})
afterAll(() => stage.close())

async function prepared(more: Partial<PaymentOrder> = {}): Promise<Payment> {
  const outcome = await stage.core.payments.prepare(orderOn(line, more))
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.payment
}

/** What is reserved and what is owed on the line now, in won. */
async function standing() {
  const view = await stage.ledger.account(line.accounts.general)
  return [view?.debitsPending, view?.balance].map((amount) => Number(amount) / 1_000)
}

async function movedTo(ms: number): Promise<void> {
  await stage.moveTo(ms)
  onTestFinished(() => stage.moveTo(NOON))
}

describe('a payment in two steps', () => {
  test('reserves, and is confirmed once', async () => {
    const { core, messages } = stage
    const payment = await prepared()
    expect(payment).toMatchObject({ status: 'reserved', expiresAtMs: NOON + RESERVATION_MS })
    const before = await standing()
    expect(before[0]).toBe(1_000)
    const outcome = await core.payments.confirm(payment.id)
    expect(outcome).toMatchObject({ ok: true, payment: { status: 'succeeded', paidAtMs: NOON } })
    expect(await core.payments.confirm(payment.id)).toMatchObject({ code: 'wrong_status' })
    expect(await core.payments.cancel(payment.id)).toMatchObject({ code: 'wrong_status' })
    expect((await standing())[0]).toBe(0)
    expect(messages.filter(({ about }) => about === payment.id)).toHaveLength(1)
  })

  test('is cancelled, and what was reserved is free', async () => {
    const payment = await prepared()
    expect(await stage.core.payments.cancel(payment.id)).toMatchObject({
      ok: true,
      payment: { status: 'cancelled' },
    })
    expect(await stage.core.payments.confirm(payment.id)).toMatchObject({ code: 'wrong_status' })
    expect((await standing())[0]).toBe(0)
  })

  test('is refused at confirmation when its owner has blocked meanwhile', async () => {
    const { core } = stage
    const payment = await prepared()
    await core.blocks.set(line.id, 'payer', 'owner')
    onTestFinished(async () => {
      await core.blocks.release(line.id, 'payer')
    })
    expect(await core.payments.confirm(payment.id)).toMatchObject({
      code: 'declined',
      reason: 'blocked_by_payer',
      payment: { status: 'denied', denialReason: 'blocked_by_payer' },
    })
    expect((await standing())[0]).toBe(0)
    const [attempt] = await core.payments.attempts(line.id, { limit: 1 })
    expect(attempt?.reason).toBe('blocked_by_payer')
  })

  test('expires, also where the ledger has let go of it already', async () => {
    const { core, ledger } = stage
    const [one, two] = [await prepared(), await prepared({ shown: [], amount: won(20_000) })]
    const three = await prepared()
    expect(await core.payments.nextExpiryAt()).toBe(NOON + RESERVATION_MS)
    await movedTo(NOON + RESERVATION_MS - 1)
    expect(await core.payments.expire(NOON + RESERVATION_MS - 1)).toBe(0)
    await movedTo(NOON + RESERVATION_MS)
    expect(await core.payments.confirm(one.id)).toMatchObject({ code: 'expired' })
    await movedTo(NOON + HOLD_TTL_S * 1_000 + 1)
    await ledger.tick()
    expect(await core.payments.expire(NOON + HOLD_TTL_S * 1_000 + 1)).toBe(2)
    for (const [{ id }, denialReason] of [
      [one, 'reservation_expired'],
      [two, 'validation_expired'],
      [three, 'reservation_expired'],
    ] as const) {
      expect(await core.payments.find(id)).toMatchObject({ status: 'cancelled', denialReason })
    }
    expect((await standing())[0]).toBe(0)
    expect(await core.payments.nextExpiryAt()).toBeUndefined()
  })

  test('of the last minute counts in its month, though it is confirmed in the next', async () => {
    const { core } = stage
    await movedTo(Date.parse('2026-11-30T23:59:00+09:00'))
    const payment = await prepared()
    await movedTo(Date.parse('2026-12-01T00:01:00+09:00'))
    expect(await core.payments.confirm(payment.id)).toMatchObject({
      payment: { status: 'succeeded', cycle: '2026-11' },
    })
    expect((await stage.ledger.account(line.accounts.general))?.spentThisMonth).toBe(0n)
  })
})

describe('validation', () => {
  test('is asked for by what is missing, or by the client when it is stricter', async () => {
    const dear = { amount: won(20_000) }
    expect((await prepared(dear)).status).toBe('reserved')
    expect(await prepared({ ...dear, shown: ['sms_code'] })).toMatchObject({
      status: 'pending_validation',
      validation: 'url',
    })
    expect(await prepared({ validation: 'code' })).toMatchObject({
      status: 'pending_validation',
      validation: 'code',
    })
    expect(await prepared({ ...dear, shown: [], validation: 'code' })).toMatchObject({
      validation: 'url',
    })
  })

  test('by code: other ids and wrong codes, then the right one', async () => {
    const { core } = stage
    const { id, authorizationId } = await prepared({ validation: 'code' })
    if (authorizationId === null) throw new Error('it waits for a code')
    expect(await core.payments.confirm(id)).toMatchObject({ code: 'wrong_status' })
    const other = { authorizationId: 'another', accepted: true }
    expect(await core.payments.validate(id, other)).toMatchObject({ code: 'wrong_authorization' })
    expect(await core.payments.validateByUrl(id, true)).toMatchObject({ ok: false })
    const wrong = { authorizationId, accepted: false }
    expect(await core.payments.validate(id, wrong)).toMatchObject({ attemptsLeft: 4 })
    expect(await core.payments.validate(id, { authorizationId, accepted: true })).toMatchObject({
      ok: true,
      payment: { status: 'reserved' },
    })
    expect(await core.payments.confirm(id)).toMatchObject({ ok: true })
  })

  test('by code: after the last attempt the payment is denied and frees what it held', async () => {
    const { core } = stage
    const { id, authorizationId } = await prepared({ validation: 'code' })
    if (authorizationId === null) throw new Error('it waits for a code')
    const wrong = { authorizationId, accepted: false }
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => core.payments.validate(id, wrong)),
    )
    const codes = outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code))
    expect(codes).toEqual([
      ...Array(4).fill('not_accepted'),
      'validation_failed',
      ...Array(3).fill('wrong_status'),
    ])
    expect(await core.payments.find(id)).toMatchObject({ status: 'denied' })
  })

  test('by the carrier’s page: accepted or refused', async () => {
    const { core } = stage
    const dear = { amount: won(20_000), shown: [] }
    const [yes, no] = [await prepared(dear), await prepared(dear)]
    expect(await core.payments.validateByUrl(yes.id, true)).toMatchObject({ ok: true })
    expect(await core.payments.confirm(yes.id)).toMatchObject({ ok: true })
    expect(await core.payments.validateByUrl(no.id, false)).toMatchObject({
      code: 'validation_failed',
      payment: { status: 'denied', denialReason: 'refused_by_payer' },
    })
  })
})

describe('an order that is acknowledged first', () => {
  test('is decided later, once', async () => {
    const { core } = stage
    for (const [steps, status] of [
      [1, 'succeeded'],
      [2, 'reserved'],
    ] as const) {
      const accepted = await core.payments.accept(orderOn(line, { steps }))
      if (!accepted.ok) throw new Error(accepted.code)
      const { id } = accepted.payment
      expect(accepted.payment).toMatchObject({ status: 'processing', asynchronous: true })
      expect(await core.payments.cancel(id)).toMatchObject({ code: 'wrong_status' })
      const all = await Promise.all(Array.from({ length: 3 }, () => core.payments.complete(id)))
      for (const one of all) expect(one).toMatchObject({ ok: true, payment: { status } })
    }
  })

  test('is denied with its reason, and stays', async () => {
    const { core } = stage
    const order = orderOn(line, { amount: won(20_000), shown: [] })
    const accepted = await core.payments.accept(order)
    if (!accepted.ok) throw new Error(accepted.code)
    const { id } = accepted.payment
    const denied = { status: 'denied', denialReason: 'second_factor_missing' }
    expect(await core.payments.complete(id)).toMatchObject({ ok: true, payment: denied })
    expect(await core.payments.find(id)).toMatchObject(denied)
    expect(await core.payments.create(order)).toMatchObject({ code: 'correlator_used' })
    const other = await core.payments.accept(orderOn(line))
    if (!other.ok) throw new Error(other.code)
    expect(await core.payments.deny(other.payment.id, 'confirm_refused')).toMatchObject({
      ok: true,
      payment: { status: 'denied', denialReason: 'confirm_refused' },
    })
    expect(await core.payments.complete(other.payment.id)).toMatchObject({
      payment: { status: 'denied' },
    })
  })
})
