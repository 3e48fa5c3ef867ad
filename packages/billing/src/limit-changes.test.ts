import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkLimitChange, type LimitChange } from './limit-changes.ts'
import { KR, SANDBOX, won } from './profiles.fixture.ts'

const NOW_MS = Date.parse('2026-11-22T03:00:00Z')

const raise: LimitChange = {
  bucket: 'general',
  current: { transaction: won(300_000), day: won(300_000), month: won(300_000) },
  wanted: { transaction: won(300_000), day: won(300_000), month: won(500_000) },
  ceiling: { month: won(1_000_000) },
  changesToday: 0,
  inArrears: false,
  consent: true,
  factors: ['password'],
  nowMs: NOW_MS,
}
const lower: LimitChange = { ...raise, wanted: { ...raise.current, month: won(10_000) } }

test('down at once, without consent or factors, even in arrears', () => {
  const change = { ...lower, consent: false, factors: [], inArrears: true }
  expect(checkLimitChange(KR, change)).toEqual({
    ok: true,
    raises: false,
    effectiveAtMs: NOW_MS,
  })
})

test('down as often as the owner likes; up no more on a day with a change', () => {
  expect(checkLimitChange(KR, { ...lower, changesToday: 7 }).ok).toBe(true)
  expect(checkLimitChange(KR, { ...raise, changesToday: 1 })).toEqual({
    ok: false,
    code: 'too_many_changes',
    perDay: 1,
  })
})

test('up with consent and factor, after the cooling-off', () => {
  expect(checkLimitChange(KR, raise)).toEqual({ ok: true, raises: true, effectiveAtMs: NOW_MS })
  const both = { ...raise, factors: ['sms_code', 'password'] as const }
  expect(checkLimitChange(SANDBOX, both)).toEqual({
    ok: true,
    raises: true,
    effectiveAtMs: NOW_MS + 3_600_000,
  })
})

test.each([
  ['above the ceiling', { wanted: { month: won(1_010_000) } }, 'above_ceiling'],
  ['between steps', { wanted: { month: won(305_000) } }, 'not_a_step'],
  ['below nothing', { wanted: { month: won(-10_000) } }, 'not_a_step'],
  ['a second time today', { changesToday: 1 }, 'too_many_changes'],
  ['in arrears', { inArrears: true }, 'in_arrears'],
  ['without consent', { consent: false }, 'consent_missing'],
  ['with another factor', { factors: ['sms_code'] as const }, 'factors_missing'],
])('refused: %s', (_name, over, code) => {
  expect(checkLimitChange(KR, { ...raise, ...over })).toMatchObject({ ok: false, code })
})

test('a refusal says what would have been possible', () => {
  const change = { ...raise, wanted: { month: won(2_000_000) } }
  expect(checkLimitChange(KR, change)).toMatchObject({ part: 'month', max: won(1_000_000) })
  expect(checkLimitChange(SANDBOX, raise)).toMatchObject({ missing: ['sms_code'] })
})

test('giving up a limit of one’s own is a raise; setting one where there was none is not', () => {
  expect(checkLimitChange(KR, { ...raise, wanted: {} })).toMatchObject({ raises: true })
  expect(checkLimitChange(KR, { ...lower, current: {} })).toMatchObject({ raises: false })
  expect(checkLimitChange(KR, { ...lower, current: {}, wanted: {} })).toMatchObject({
    raises: false,
  })
})

test('up to the very ceiling, and no further', () => {
  const ceiling = { month: won(500_000) }
  expect(checkLimitChange(KR, { ...raise, ceiling })).toMatchObject({ ok: true })
  const above = { ...raise, ceiling, wanted: { month: won(510_000) } }
  expect(checkLimitChange(KR, above)).toMatchObject({ code: 'above_ceiling' })
})

test('nothing accepted is above the ceiling, and no raise goes without what it needs', () => {
  const step = fc.integer({ min: 0, max: 130 }).map((steps) => won(steps * 10_000))
  const ceiling = fc.record({ transaction: step, day: step, month: step }, { requiredKeys: [] })
  const change = fc.record({
    current: ceiling,
    wanted: ceiling,
    ceiling,
    consent: fc.boolean(),
    inArrears: fc.boolean(),
  })
  fc.assert(
    fc.property(change, (over) => {
      const outcome = checkLimitChange(KR, { ...raise, ...over })
      if (!outcome.ok) return
      for (const part of ['transaction', 'day', 'month'] as const) {
        const max = over.ceiling[part]
        const wanted = over.wanted[part]
        const current = over.current[part]
        if (max !== undefined && wanted !== undefined) expect(wanted <= max).toBe(true)
        if (outcome.raises || current === undefined) continue
        expect(wanted !== undefined && wanted <= current).toBe(true)
      }
      if (outcome.raises) expect(over.consent && !over.inArrears).toBe(true)
    }),
  )
})
