import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MarketProfile } from './model.ts'
import { assetOfProfile } from './money.ts'
import type { ProfilePatch } from './patch.ts'
import { EU, everyProfile, KR, kr, someInstant } from './profiles.fixture.ts'
import {
  InvalidProfile,
  markets,
  overriddenProfile,
  parseProfile,
  profileAt,
  profileOfVersion,
  registerProfile,
  UnknownMarket,
  versionsOf,
} from './profiles.ts'

const at = (text: string) => Date.parse(text)

describe('what is shipped', () => {
  test('the markets', () => {
    expect(markets()).toEqual(['EU', 'GB', 'JP', 'KR', 'sandbox'])
    expect(versionsOf('KR').map(({ version }) => version)).toEqual([
      'KR-2015-01-01',
      'KR-2019-07-01',
      'KR-2020-04-01',
      'KR-2021-01-01',
      'KR-2023-12-01',
      'KR-2025-09-15',
    ])
  })

  test.each(everyProfile.map((profile) => [profile.version, profile] as const))(
    '%s is valid data with sources, and cannot be changed',
    (version, profile) => {
      expect(parseProfile(JSON.parse(JSON.stringify(profile)))).toEqual({ ok: true, profile })
      expect(profileOfVersion(version)).toBe(profile)
      expect(profile.sources.length).toBeGreaterThan(0)
      expect(assetOfProfile(profile).code).toBe(profile.currency)
      expect(Object.isFrozen(profile.limits.tiers[0]?.ceiling)).toBe(true)
    },
  )

  test('versions of a market follow one another in one zone and currency', () => {
    for (const versions of markets().map(versionsOf)) {
      const days = versions.map(({ effectiveFrom }) => effectiveFrom)
      expect(days).toEqual([...new Set(days)].toSorted((one, other) => (one < other ? -1 : 1)))
      expect(new Set(versions.map(({ zone, currency }) => zone + currency)).size).toBe(1)
    }
  })

  test('Korea forbids resale, and lets no refund give back the limit, in every version', () => {
    for (const profile of versionsOf('KR')) {
      expect(profile.resale.carrierFunded).toBe('prohibited')
      expect(profile.reversal.lateRefundRestoresLimit).toBe(false)
      expect(profile.dunning.restoreEnablesPayments).toBe(false)
    }
  })
})

describe('the version in force', () => {
  test.each([
    ['2025-09-14T14:59:59.999Z', 'KR-2023-12-01'],
    ['2025-09-14T15:00:00.000Z', 'KR-2025-09-15'],
    ['2014-12-31T15:00:00.000Z', 'KR-2015-01-01'],
  ])('at %s is %s', (instant, version) => {
    expect(profileAt('KR', at(instant)).version).toBe(version)
  })

  test('before the first, or nowhere, there is none', () => {
    expect(() => profileAt('KR', at('2014-12-31T14:59:59Z'))).toThrow(UnknownMarket)
    expect(() => profileAt('XX', at('2026-01-01T00:00Z'))).toThrow(UnknownMarket)
    expect(() => versionsOf('xx')).toThrow(UnknownMarket)
    expect(profileOfVersion('KR-2016-01-01')).toBeUndefined()
  })

  test('never goes back in time', () => {
    fc.assert(
      fc.property(someInstant, someInstant, (one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)]
        fc.pre(early >= at('2015-01-01T00:00Z'))
        const before = profileAt('KR', early).effectiveFrom
        expect(before <= profileAt('KR', late).effectiveFrom).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a carrier’s own settings', () => {
  test('replace members, take optional ones away, and keep the rest', () => {
    const skt = overriddenProfile(KR, 'skt', {
      blocks: { unblock: { coolingOffHours: 24 } },
      limits: { byCategory: { voucher: undefined, ticket: { day: '50000' } } },
    })
    expect(skt.version).toBe('KR-2025-09-15+skt')
    expect(skt.blocks).toEqual({
      ...KR.blocks,
      unblock: { ...KR.blocks.unblock, coolingOffHours: 24 },
    })
    expect(skt.limits.byCategory).toEqual({ ticket: { day: '50000' } })
    expect(skt.limits.tiers).toEqual(KR.limits.tiers)
    expect(KR.limits.byCategory).toEqual({ voucher: { month: '100000' } })
  })

  test('an overridden profile is overridden again under one name', () => {
    const twice = overriddenProfile(kr({ languages: ['ko'] }), 'kt', { billing: { dueDay: 20 } })
    expect(twice.version).toBe('KR-2025-09-15+kt')
    expect(twice.languages).toEqual(['ko'])
  })

  test('Germany: the carrier’s own page', () => {
    const de = overriddenProfile(EU, 'de', { identity: { redirectRequired: true } })
    expect(de.identity).toEqual({ ...EU.identity, redirectRequired: true })
  })

  test('nonsense is refused by name', () => {
    expect(() => kr({ billing: { billDay: 26 } })).toThrow(InvalidProfile)
    expect(() => overriddenProfile(KR, 'S K T', {})).toThrow('version')
  })

  test('is found once registered, and cannot be another afterwards', () => {
    const version = 'KR-2025-09-15+registered'
    const mine = overriddenProfile(KR, 'registered', { billing: { dueDay: 20 } })
    expect(profileOfVersion(version)).toBeUndefined()
    registerProfile(mine)
    registerProfile({ ...mine })
    expect(profileOfVersion(version)).toEqual(mine)
    const other = overriddenProfile(KR, 'registered', { billing: { dueDay: 21 } })
    expect(() => registerProfile(other)).toThrow('known with other rules')
    expect(() => registerProfile({ ...KR, languages: ['ko'] })).toThrow(InvalidProfile)
    expect(profileAt('KR', at('2026-11-22T00:00Z'))).toBe(KR)
  })
})

describe('validation', () => {
  const tier = KR.limits.tiers[1]
  if (tier === undefined) throw new Error('KR has two tiers')
  const month = (amount: string) => ({ transaction: amount, day: amount, month: amount })

  const wrong: readonly (readonly [string, ProfilePatch])[] = [
    ['currency: no asset', { currency: 'XYZ' }],
    ['amountStep', { amountStep: '0' }],
    ['amountStep', { amountStep: '0.0001' }],
    ['limits.restricted.month: amount_too_many', { limits: { restricted: { month: '1.0001' } } }],
    ['limits.restricted.month: not a multiple', { limits: { restricted: { month: '1.5' } } }],
    ['limits.restricted.month', { limits: { restricted: { month: '-1' } } }],
    ['zone', { zone: 'Asia/Pyongchang' }],
    ['languages', { languages: [] }],
    [
      'identity.secondFactor.byCategory',
      { identity: { secondFactor: { byCategory: { any: undefined } } } },
    ],
    [
      'identity.secondFactor.effectiveFrom',
      { identity: { secondFactor: { effectiveFrom: '2026-02-29' } } },
    ],
    [
      'identity.secondFactor.exemptPerDay',
      { identity: { secondFactor: { exemptPerDay: '9999' } } },
    ],
    ['identity.swap', { identity: { swap: { refuseHours: 241 } } }],
    ['identity.code.digits', { identity: { code: { digits: 3 } } }],
    ['eligibility.minimumAge', { eligibility: { minimumAge: 20 } }],
    ['limits.restricted', { limits: { restricted: null } }],
    ['limits.restricted', { eligibility: { restrictedMonths: 0 } }],
    [
      'limits.regulatory: dates must ascend',
      { limits: { regulatory: [...KR.limits.regulatory].reverse() } },
    ],
    [
      'limits.regulatory: none in force',
      { limits: { regulatory: [{ from: '2026-01-01', ceiling: {} }] } },
    ],
    ['limits.tiers: none at age 12', { limits: { tiers: [tier] } }],
    ['limits.tiers: none at age 19', { limits: { tiers: KR.limits.tiers.slice(0, 1) } }],
    ['limits.tiers.2: nobody', { limits: { tiers: [...KR.limits.tiers, tier] } }],
    [
      'limits.tiers: none at age 12 after 0',
      {
        limits: { tiers: [{ ...tier, ageFrom: 0, tenureMonthsFrom: 1 }] },
      },
    ],
    [
      'limits.tiers.0.personal.day: above',
      {
        limits: {
          tiers: [{ ...tier, ageFrom: 0, ceiling: month('100000'), personal: { day: '110000' } }],
        },
      },
    ],
    [
      'limits.tiers.0.personal.day: not a multiple',
      {
        limits: { tiers: [{ ...tier, ageFrom: 0, personal: { day: '105000' } }] },
      },
    ],
    [
      'limits.merchant: a payment',
      { limits: { merchant: { transaction: '20000', day: '10000' } } },
    ],
    [
      'limits.products.sword: a payment',
      { limits: { products: { sword: { day: '2', month: '1' } } } },
    ],
    ['limits.step', { limits: { step: '0' } }],
    ['limits.changesPerDay', { limits: { changesPerDay: 0 } }],
    ['billing.billDay: not before', { billing: { billDay: 25 } }],
    ['billing.billDay', { billing: { billDay: 29, dueDay: 31 } }],
    ['billing.dueDay', { billing: { dueDay: 32 } }],
    ['blocks.unblock.permanent', { blocks: { unblock: { coolingOffHours: 25 } } }],
    ['retention.yearsAbove', { retention: { yearsAbove: 1, years: 2 } }],
    ['dunning.ladder: days', { dunning: { ladder: [...KR.dunning.ladder].reverse() } }],
    [
      'dunning.ladder: stages',
      {
        dunning: {
          ladder: [
            { stage: 'blocked', day: 10 },
            { stage: 'notice', day: 20 },
          ],
        },
      },
    ],
    ['dunning.ladder: the first step', { dunning: { ladder: [{ stage: 'blocked', day: 3 }] } }],
    ['dunning.ladder: a step follows', { notices: { leadDays: 7 } }],
    ['dunning.ladder', { dunning: { ladder: [] } }],
    ['dunning.chargeOffDay', { dunning: { chargeOffDay: 89 } }],
    ['surcharge.steps: together', { surcharge: { steps: ['3.0', '0.6'] } }],
    ['surcharge.capPercent', { surcharge: { capPercent: '101' } }],
    ['settlement.fees', { settlement: { fees: { any: undefined } } }],
    ['settlement.fees.any', { settlement: { fees: { any: '100.1' } } }],
    ['collection.threshold: nothing', { collection: { threshold: '0' } }],
    ['collection.threshold: above', { collection: { threshold: '20000' } }],
    ['collection.eachAbove', { collection: { eachAbove: '10001' } }],
    ['collection.credit', { identity: { secondFactor: { exemptUpTo: '9999' } } }],
    ['collection.eachCategories: voucher', { collection: { eachCategories: ['physical'] } }],
    ['sources', { sources: [] }],
    ['notices.hours: nothing', { notices: { hours: { from: 21, to: 9 } } }],
    ['notices.hours', { notices: { hours: { from: 9, to: 25 } } }],
    ['notices.objectionContact', { notices: { objectionContact: '' } }],
    ['reversal.cancelWithin', { reversal: { cancelWithin: { days: -1 } } }],
  ]

  test.each(wrong)('%s', (path, patch) => {
    const issues = issuesOf(patch)
    expect(issues.filter((issue) => issue.startsWith(path))).not.toEqual([])
  })

  test('a misspelt rule, a foreign version and what is no profile at all', () => {
    const misspelt = { ...KR, eligibility: { ...KR.eligibility, minimalAge: 12 } }
    expect(parseProfile(misspelt)).toMatchObject({ ok: false })
    expect(parseProfile({ ...KR, version: 'KR-2025-09-16' })).toEqual({
      ok: false,
      issues: ['version: must be KR-2025-09-15, or KR-2025-09-15+name for an overridden one'],
    })
    fc.assert(
      fc.property(fc.anything(), (json) => {
        expect(parseProfile(json).ok).toBe(false)
      }),
      { numRuns: 200 },
    )
  })

  test('with any one member gone, it is refused', () => {
    const keys = Object.keys(KR)
    for (const key of keys) {
      const rest = Object.fromEntries(Object.entries(KR).filter(([other]) => other !== key))
      expect(parseProfile(rest), key).toMatchObject({ ok: false })
    }
    expect(keys.length).toBeGreaterThan(20)
  })

  function issuesOf(patch: ProfilePatch): readonly string[] {
    try {
      kr(patch)
      return []
    } catch (error) {
      if (error instanceof InvalidProfile) return error.issues
      throw error
    }
  }
})

test('a payment can keep the version: it names market and day', () => {
  const named = (profile: MarketProfile) => `${profile.market}-${profile.effectiveFrom}`
  for (const profile of everyProfile) expect(profile.version).toBe(named(profile))
})
