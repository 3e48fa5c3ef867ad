/** Who may charge a line without asking its owner, and how much. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  DAY_MS,
  NOON,
  newLine,
  openStage,
  orderOn,
  type Stage,
  won,
} from '../../test/core-stage.ts'
import type { Line, PaymentOrder } from '../model.ts'
import type { OrderOutcome } from '../payments/model.ts'

let stage: Stage
let line: Line

const LINK = { kind: 'platform', clientId: 'jeon-platform', wording: 'linked' } as const
const PAYMENTS = { kind: 'payments', wording: 'agreed' } as const

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
beforeEach(async () => {
  await stage.moveTo(NOON)
  line = await linkedLine()
})

function linkedLine(): Promise<Line> {
  return stage.core.lines.open(newLine({ consents: [PAYMENTS, LINK] }))
}

/** Nobody confirms it. */
function silent(more: Partial<PaymentOrder> = {}): PaymentOrder {
  return orderOn(line, { amount: won(10_000), shown: ['network'], ...more })
}

function reasonOf(outcome: OrderOutcome): string {
  if (outcome.ok) return outcome.payment.status
  return outcome.code === 'declined' ? outcome.reason : outcome.code
}

async function buy(more: Partial<PaymentOrder> = {}): Promise<string> {
  return reasonOf(await stage.core.payments.create(silent(more)))
}

async function prepare(more: Partial<PaymentOrder> = {}): Promise<string> {
  return reasonOf(await stage.core.payments.prepare(silent(more)))
}

async function spend(total: number): Promise<void> {
  for (let left = total; left > 0; left -= 10_000) {
    expect(await buy({ amount: won(Math.min(left, 10_000)) })).toBe('succeeded')
  }
}

describe('a client that the line was never linked to', () => {
  test('takes not a single won, and reserves nothing that nobody confirms', async () => {
    line = await stage.core.lines.open(newLine())
    for (let turn = 0; turn < 29; turn++) expect(await buy()).toBe('second_factor_missing')
    expect(await prepare({ amount: won(1) })).toBe('pending_validation')
    const view = await stage.ledger.account(line.accounts.general)
    expect(view).toMatchObject({ balance: 0n })
  })

  test('nor through a link with another client', async () => {
    expect(await buy({ clientId: 'stranger' })).toBe('second_factor_missing')
    expect(await buy()).toBe('succeeded')
  })

  test('but may with a token by which the owner has shown a code or the password', async () => {
    for (const shown of ['sms_code', 'password'] as const) {
      expect(await buy({ clientId: 'stranger', shown: [shown] })).toBe('succeeded')
    }
  })

  test('not after the owner took the link back, nor may what it had reserved be carried out', async () => {
    const { core } = stage
    const reserved = await core.payments.prepare(silent())
    if (!reserved.ok) throw new Error(reserved.code)
    expect(reserved.payment.status).toBe('reserved')
    const link = line.consents.find(({ kind }) => kind === 'platform')
    await core.consents.revoke(line.id, link?.id ?? '')
    expect(await buy()).toBe('second_factor_missing')
    expect(await prepare()).toBe('pending_validation')
    expect(await core.payments.confirm(reserved.payment.id)).toMatchObject({
      ok: false,
      code: 'declined',
      reason: 'second_factor_missing',
    })
  })

  test('an order that was acknowledged first is decided by the link that there is then', async () => {
    const { core } = stage
    const accepted = await core.payments.accept(silent())
    if (!accepted.ok) throw new Error(accepted.code)
    const link = line.consents.find(({ kind }) => kind === 'platform')
    await core.consents.revoke(line.id, link?.id ?? '')
    expect(await core.payments.complete(accepted.payment.id)).toMatchObject({
      payment: { status: 'denied', denialReason: 'second_factor_missing' },
    })
  })
})

describe('the sum of what nobody confirms', () => {
  test('ends one step with a reason, and two steps ask the payer', async () => {
    await spend(45_000)
    const refused = await stage.core.payments.create(silent())
    expect(refused).toMatchObject({
      ok: false,
      reason: 'unconfirmed_limit',
      detail: { limit: '50000', left: '5000', resets_at: '2026-11-10T15:00:00.000Z' },
    })
    expect(await prepare()).toBe('pending_validation')
    expect(await buy({ amount: won(5_000) })).toBe('succeeded')
    expect(await buy({ amount: won(1) })).toBe('unconfirmed_limit')
  })

  test('is the same for all clients, and another line has its own', async () => {
    const other = { kind: 'platform', clientId: 'other', wording: 'linked' } as const
    line = await stage.core.lines.open(newLine({ consents: [PAYMENTS, LINK, other] }))
    await spend(50_000)
    expect(await buy({ clientId: 'other' })).toBe('unconfirmed_limit')
    line = await linkedLine()
    expect(await buy()).toBe('succeeded')
  })

  test('begins anew with a payment that the owner confirmed, not with one that waits for it', async () => {
    const { payments } = stage.core
    await spend(50_000)
    const waiting = await payments.prepare(silent())
    if (!waiting.ok) throw new Error(waiting.code)
    expect(await buy()).toBe('unconfirmed_limit')
    expect((await payments.validateByUrl(waiting.payment.id, true)).ok).toBe(true)
    await spend(40_000)
    // Carrying out what was confirmed before confirms nothing anew.
    expect((await payments.confirm(waiting.payment.id)).ok).toBe(true)
    await spend(10_000)
    expect(await buy()).toBe('unconfirmed_limit')
    expect(await buy({ shown: ['password'] })).toBe('succeeded')
    expect(await buy()).toBe('succeeded')
  })

  test('gets back what is cancelled, not what is refunded or was never taken from it', async () => {
    const { payments, refunds } = stage.core
    await spend(30_000)
    const [one, two] = [await payments.create(silent()), await payments.prepare(silent())]
    if (!one.ok || !two.ok) throw new Error('two purchases were made')
    await refunds.create({
      ...{ paymentId: one.payment.id, clientId: 'jeon-platform', clientCorrelator: null },
      ...{ referenceCode: 'back', type: 'total', reason: null, facts: {}, sink: null },
      sinkToken: null,
    })
    expect(await buy()).toBe('unconfirmed_limit')
    const waiting = await payments.prepare(silent())
    if (!waiting.ok) throw new Error(waiting.code)
    await payments.cancel(waiting.payment.id)
    expect(await buy()).toBe('unconfirmed_limit')
    await payments.cancel(two.payment.id)
    expect(await buy()).toBe('succeeded')
    expect(await buy()).toBe('unconfirmed_limit')
  })

  test('does not count vouchers and dear purchases, which are always confirmed', async () => {
    const shown = ['password'] as const
    expect(await buy({ category: 'voucher', shown })).toBe('succeeded')
    expect(await buy({ amount: won(90_000), shown })).toBe('succeeded')
    await spend(50_000)
    expect(await buy({ category: 'voucher' })).toBe('second_factor_missing')
  })

  test.each(['one step', 'two steps', 'mixed'])(
    '%s: 1,000 at once come to exactly it',
    async (kind) => {
      const { payments } = stage.core
      const outcomes = await Promise.all(
        Array.from({ length: 1_000 }, (_, at) => {
          const order = silent({ amount: won(270) })
          const isTwo = kind === 'two steps' || (kind === 'mixed' && at % 2 === 0)
          return isTwo ? payments.prepare(order) : payments.create(order)
        }),
      )
      const count = (...reasons: string[]) =>
        outcomes.filter((outcome) => reasons.includes(reasonOf(outcome))).length
      // 185 times 270 are 49,950 won.
      expect(count('succeeded', 'reserved')).toBe(185)
      expect(count('succeeded', 'reserved', 'unconfirmed_limit', 'pending_validation')).toBe(1_000)
      expect(await buy({ amount: won(51) })).toBe('unconfirmed_limit')
      expect(await buy({ amount: won(50) })).toBe('succeeded')
    },
  )

  test('is what it was after a new start', async () => {
    await spend(20_000)
    await stage.moveTo(NOON + 1_000)
    expect(await buy({ shown: ['password'] })).toBe('succeeded')
    await stage.moveTo(NOON + 2_000)
    await spend(30_000)
    const { payments } = stage.core
    const reserved = await payments.prepare(silent())
    const waiting = await payments.prepare(silent({ amount: won(20_000) }))
    expect([reasonOf(reserved), reasonOf(waiting)]).toEqual(['reserved', 'pending_validation'])
    await stage.close({ keep: true })
    stage = await stage.again()
    await stage.core.resolve()
    expect(await buy({ amount: won(10_001) })).toBe('second_factor_missing')
    expect(await buy()).toBe('succeeded')
    expect(await buy({ amount: won(1) })).toBe('unconfirmed_limit')
    if (reserved.ok) await stage.core.payments.cancel(reserved.payment.id)
    expect(await buy()).toBe('succeeded')
    expect(await buy({ amount: won(1) })).toBe('unconfirmed_limit')
  })

  test('holds for what was acknowledged before a crash and is decided at the next start', async () => {
    await spend(30_000)
    const accepted = await Promise.all([1, 2, 3].map(() => stage.core.payments.accept(silent())))
    const ids = accepted.map((outcome) => (outcome.ok ? outcome.payment.id : ''))
    await stage.close({ keep: true })
    stage = await stage.again()
    await stage.core.resolve()
    const found = await Promise.all(ids.map((id) => stage.core.payments.find(id)))
    const statuses = found.map((payment) => payment?.status ?? 'gone')
    expect(statuses.toSorted((one, other) => (one < other ? -1 : 1))).toEqual([
      ...['denied', 'succeeded', 'succeeded'],
    ])
    expect(found.map((payment) => payment?.denialReason)).toContain('unconfirmed_limit')
    expect(await buy({ amount: won(1) })).toBe('unconfirmed_limit')
  })

  // Last: the journal's time never goes back.
  test('begins anew on the next day', async () => {
    await spend(50_000)
    await stage.moveTo(NOON + DAY_MS / 2 - 1)
    expect(await buy()).toBe('unconfirmed_limit')
    await stage.moveTo(NOON + DAY_MS / 2)
    await spend(50_000)
    expect(await buy()).toBe('unconfirmed_limit')
  })
})
