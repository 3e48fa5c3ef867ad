import { describe, expect, test } from 'vitest'
import {
  type EligibilitySubject,
  eligibilityOf,
  exemptPerDay,
  factorsFor,
  isExempt,
} from './eligibility.ts'
import { EU, GB, KR, kr, SANDBOX, won } from './profiles.fixture.ts'

const line: EligibilitySubject = {
  kind: 'postpaid',
  birthdate: '1990-05-05',
  openedOn: '2020-01-15',
  today: '2026-11-22',
  paused: false,
  consent: true,
  guardianConsent: false,
  inArrears: false,
  stage: null,
  lastUsedOn: '2026-10-01',
}

describe('eligibility in Korea', () => {
  test('an ordinary line may', () => {
    expect(eligibilityOf(KR, line, 'voucher')).toEqual({ ok: true, restricted: false })
  })

  test.each([
    ['prepaid', { kind: 'prepaid' }, 'kind_not_allowed'],
    ['corporate', { kind: 'corporate' }, 'kind_not_allowed'],
    ['eleven years old', { birthdate: '2014-11-23', guardianConsent: true }, 'too_young'],
    ['twelve, alone', { birthdate: '2014-11-22' }, 'guardian_consent_missing'],
    ['eighteen, alone', { birthdate: '2007-11-23' }, 'guardian_consent_missing'],
    ['two days old', { openedOn: '2026-11-20' }, 'joined_recently'],
    ['lost', { paused: true }, 'paused'],
    ['without consent', { consent: false }, 'no_consent'],
    ['owing', { inArrears: true }, 'in_arrears'],
    ['blocked by dunning', { stage: 'blocked' }, 'in_arrears'],
    ['outgoing suspended', { stage: 'outgoing_suspended' }, 'line_suspended'],
    ['fully suspended', { stage: 'fully_suspended' }, 'line_suspended'],
    ['ended', { stage: 'terminated' }, 'line_terminated'],
    ['unused for a year', { lastUsedOn: '2025-11-22' }, 'dormant'],
  ] as const)('%s may not', (_name, over, reason) => {
    expect(eligibilityOf(KR, { ...line, ...over })).toEqual({ ok: false, reason })
  })

  test.each([
    ['twelve with a guardian', { birthdate: '2014-11-22', guardianConsent: true }, false],
    ['nineteen today', { birthdate: '2007-11-22' }, false],
    ['three days old', { openedOn: '2026-11-19' }, true],
    ['a day short of three months old', { openedOn: '2026-08-23' }, true],
    ['three months old', { openedOn: '2026-08-22' }, false],
    ['a day short of a year unused', { lastUsedOn: '2025-11-23' }, false],
    ['never used', { lastUsedOn: null }, false],
  ])('%s may; restricted: %s', (_name, over, restricted) => {
    expect(eligibilityOf(KR, { ...line, ...over })).toEqual({ ok: true, restricted })
  })

  test('the gravest reason is told', () => {
    const worst = { stage: 'terminated', paused: true, consent: false, inArrears: true } as const
    expect(eligibilityOf(KR, { ...line, ...worst })).toMatchObject({ reason: 'line_terminated' })
  })
})

test('where arrears do not block, only the step that blocks does', () => {
  const lenient = kr({ eligibility: { arrearsBlock: false } })
  const owing = { ...line, inArrears: true }
  expect(eligibilityOf(lenient, { ...owing, stage: 'notice' })).toMatchObject({ ok: true })
  expect(eligibilityOf(lenient, { ...owing, stage: 'blocked' })).toMatchObject({ ok: false })
})

test('goods are not sold on a bill under the telecom exclusion', () => {
  for (const profile of [EU, GB]) {
    expect(eligibilityOf(profile, line, 'ticket')).toMatchObject({ ok: true })
    for (const category of ['physical', 'voucher'] as const) {
      const refusal = { ok: false, reason: 'category_not_allowed' }
      expect(eligibilityOf(profile, line, category)).toEqual(refusal)
    }
  }
})

describe('factors', () => {
  test('KR: a password above 10,000 won, and for every voucher', () => {
    expect(factorsFor(KR, 'digital', won(10_000), '2026-11-22')).toEqual([])
    expect(factorsFor(KR, 'digital', won(10_000) + 1n, '2026-11-22')).toEqual(['password'])
    expect(factorsFor(KR, 'voucher', won(1), '2026-11-22')).toEqual(['password'])
  })

  test('from their day on', () => {
    expect(factorsFor(KR, 'voucher', won(50_000), '2025-09-14')).toEqual([])
    expect(factorsFor(KR, 'voucher', won(50_000), '2025-09-15')).toEqual(['password'])
  })

  test('none where they are not required, every purchase without an exemption', () => {
    expect(factorsFor(GB, 'digital', 40_000_000n, '2026-11-22')).toEqual([])
    const strict = kr({ identity: { secondFactor: { exemptUpTo: null } } })
    expect(factorsFor(strict, 'digital', 1n, '2026-11-22')).toEqual(['password'])
  })

  test('what is exempt elsewhere is not for a client that the line is not linked to', () => {
    const small = won(10_000)
    expect(factorsFor(KR, 'digital', small, '2026-11-22', false)).toEqual(['password'])
    expect(isExempt(KR, 'digital', small, '2026-11-22')).toBe(true)
    expect(isExempt(KR, 'digital', small + 1n, '2026-11-22')).toBe(false)
    expect(isExempt(KR, 'voucher', won(1), '2026-11-22')).toBe(false)
    expect(isExempt(KR, 'digital', small, '2025-09-14')).toBe(false)
    expect(isExempt(GB, 'digital', 1n, '2026-11-22')).toBe(false)
    expect(exemptPerDay(KR)).toBe(won(50_000))
    expect(exemptPerDay(GB)).toBeNull()
  })

  test('the category’s own before those of any', () => {
    expect(factorsFor(SANDBOX, 'voucher', won(100), '2026-11-22')).toEqual(['password', 'identity'])
    expect(factorsFor(SANDBOX, 'charity', won(9_000), '2026-11-22')).toEqual(['password'])
  })
})
