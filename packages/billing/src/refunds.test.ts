import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cycleOf } from './calendar.ts'
import { EU, GB, KR, kr, SANDBOX, someInstant, someProfile } from './profiles.fixture.ts'
import { reversalFor } from './refunds.ts'

const at = (text: string) => Date.parse(text)
const whole = { partial: false, paidEarly: false }

describe('Korea', () => {
  const paidAtMs = at('2026-01-31T23:59:00+09:00')

  test('a payment of 31 January is cancelled until midnight in Seoul', () => {
    const lastMs = at('2026-01-31T23:59:59.999+09:00')
    expect(reversalFor(KR, { ...whole, paidAtMs, nowMs: lastMs })).toEqual({
      mode: 'cancel',
      restoresLimit: true,
    })
  })

  test('on 1 February it becomes a credit, which gives back no limit', () => {
    const nowMs = at('2026-02-01T00:00:00+09:00')
    expect(reversalFor(KR, { ...whole, paidAtMs, nowMs })).toEqual({
      mode: 'bill_credit',
      restoresLimit: false,
      reason: 'window_closed',
    })
  })

  test('what was paid early, or in part where that is not done, is not cancelled either', () => {
    const now = { paidAtMs, nowMs: paidAtMs }
    expect(reversalFor(KR, { ...now, partial: false, paidEarly: true })).toMatchObject({
      mode: 'bill_credit',
      reason: 'paid_early',
    })
    expect(reversalFor(KR, { ...now, partial: true, paidEarly: false }).mode).toBe('cancel')
    const wholeOnly = kr({ reversal: { partialCancel: false, lateRefund: 'none' } })
    expect(reversalFor(wholeOnly, { ...now, partial: true, paidEarly: false })).toEqual({
      mode: 'none',
      reason: 'partial_not_supported',
    })
  })
})

describe('elsewhere', () => {
  test('days are counted, not hours', () => {
    const paidAtMs = at('2026-03-20T00:00:00Z')
    const until = (text: string) => reversalFor(GB, { ...whole, paidAtMs, nowMs: at(text) }).mode
    expect(until('2026-04-03T22:59:59Z')).toBe('cancel')
    expect(until('2026-04-03T23:00:00Z')).toBe('bill_credit')
  })

  test('late refunds as the market has them', () => {
    const late = { ...whole, paidAtMs: at('2026-03-01T00:00Z'), nowMs: at('2026-05-01T00:00Z') }
    expect(reversalFor(EU, late)).toMatchObject({ mode: 'bank_transfer', restoresLimit: false })
    expect(reversalFor(SANDBOX, late)).toMatchObject({ mode: 'bill_credit', restoresLimit: true })
  })
})

test('what is in another cycle is never cancelled where the cycle decides', () => {
  fc.assert(
    fc.property(
      someProfile,
      someInstant,
      fc.nat(70 * 86_400_000),
      fc.boolean(),
      fc.boolean(),
      (profile, paidAtMs, laterMs, partial, paidEarly) => {
        const nowMs = paidAtMs + laterMs
        const { mode } = reversalFor(profile, { paidAtMs, nowMs, partial, paidEarly })
        if (profile.reversal.cancelWithin !== 'same_cycle') return
        const same = cycleOf(paidAtMs, profile.zone) === cycleOf(nowMs, profile.zone)
        const allowed = !paidEarly || profile.reversal.cancelAfterEarlyPayment
        expect(mode === 'cancel').toBe(same && allowed)
      },
    ),
    { numRuns: 300 },
  )
})

test('before it was paid is a bug', () => {
  expect(() => reversalFor(KR, { ...whole, paidAtMs: 1, nowMs: 0 })).toThrow('does not hold')
})
