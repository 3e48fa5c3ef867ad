import type { SpendingLimits } from '@jeon/ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bucketOf,
  type LimitSubject,
  lineCeiling,
  lineLimits,
  mostInMonth,
  PURCHASE_CATEGORIES,
  personalDefault,
  personLimits,
} from './limits.ts'
import type { Bucket } from './model.ts'
import { ceilingOf, type MinorCeiling, minorOf } from './money.ts'
import { EU, GB, JP, KR, kr, SANDBOX, someDate, someProfile, won } from './profiles.fixture.ts'
import { profileOfVersion } from './profiles.ts'

const adult: LimitSubject = {
  birthdate: '1990-05-05',
  openedOn: '2020-01-15',
  today: '2026-11-22',
}
const buckets: readonly Bucket[] = ['general', 'content']
const parts = ['transaction', 'day', 'month'] as const

const someSubject = fc.record({ birthdate: someDate, openedOn: someDate, today: someDate })
const someMaximum = fc.bigInt({ min: 0n, max: 3_000_000_000n })
const somePersonal: fc.Arbitrary<MinorCeiling> = fc.record(
  { transaction: someMaximum, day: someMaximum, month: someMaximum },
  { requiredKeys: [] },
)

function overall(limits: SpendingLimits | null): Readonly<Record<string, bigint | undefined>> {
  const all = limits?.windows.filter(({ scope }) => scope.of === 'all') ?? []
  return Object.fromEntries(all.map(({ per, amountMax }) => [per, amountMax]))
}

const perOf = { transaction: 'payment', day: 'day', month: 'month' }

describe('the ceiling of a line', () => {
  test('is the regulator’s on the day', () => {
    const ages = { birthdate: '1980-01-01', openedOn: '2010-01-01' }
    const month = (today: string) => lineCeiling(KR, { ...ages, today }, 'general').month
    expect(month('2019-06-30')).toBe(won(500_000))
    expect(month('2019-07-01')).toBe(won(600_000))
    expect(month('2020-03-31')).toBe(won(600_000))
    expect(month('2020-04-01')).toBe(won(1_000_000))
  })

  test('is that of age and tenure in Japan', () => {
    const month = (birthdate: string, openedOn: string) =>
      lineCeiling(JP, { birthdate, openedOn, today: '2026-11-22' }, 'general').month
    expect(month('2014-11-22', '2020-01-01')).toBe(won(1_500))
    expect(month('2013-11-22', '2020-01-01')).toBe(won(10_000))
    expect(month('2006-11-22', '2026-08-23')).toBe(won(10_000))
    expect(month('2006-11-22', '2026-08-22')).toBe(won(30_000))
    expect(month('2006-11-22', '2024-11-22')).toBe(won(100_000))
  })

  test('is lower while a line is new', () => {
    const general = (openedOn: string) => lineCeiling(KR, { ...adult, openedOn }, 'general').month
    expect(general('2026-08-23')).toBe(won(100_000))
    expect(general('2026-08-22')).toBe(won(1_000_000))
  })

  test('of a minor follows the tier, and nobody fits none with more than nothing', () => {
    const of = (birthdate: string) => lineCeiling(KR, { ...adult, birthdate }, 'general')
    expect(of('2011-11-22').month).toBe(won(300_000))
    expect(of('2014-11-23')).toEqual({ transaction: 0n, day: 0n, month: 0n })
    expect(personalDefault(KR, { ...adult, birthdate: '2014-11-23' }, 'general').month).toBe(0n)
  })

  test('holds a payment in Europe and in Great Britain', () => {
    expect(lineCeiling(EU, adult, 'general')).toEqual({
      transaction: 50_000_000n,
      month: 300_000_000n,
    })
    expect(lineCeiling(GB, adult, 'general')).toEqual({
      transaction: 40_000_000n,
      month: 240_000_000n,
    })
  })

  test('is never above any of the rules it comes from', () => {
    fc.assert(
      fc.property(someProfile, someSubject, (profile, subject) => {
        for (const bucket of buckets) {
          const ceiling = lineCeiling(profile, subject, bucket)
          const personal = personalDefault(profile, subject, bucket)
          const inForce = profile.limits.regulatory.findLast(({ from }) => from <= subject.today)
          const rules = [
            inForce?.ceiling ?? {},
            bucket === 'content' ? (profile.limits.content ?? {}) : {},
          ].map((rule) => ceilingOf(profile, rule))
          for (const part of parts) {
            for (const rule of rules) expectAtMost(ceiling[part], rule[part])
            expectAtMost(personal[part], ceiling[part])
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('the windows of a line', () => {
  test('KR: what the owner chose, and vouchers apart', () => {
    const personal = personalDefault(KR, adult, 'general')
    expect(lineLimits(KR, adult, 'general', personal, 0n)).toEqual({
      zone: 'Asia/Seoul',
      windows: [
        { per: 'payment', scope: { of: 'all' }, amountMax: won(300_000) },
        { per: 'day', scope: { of: 'all' }, amountMax: won(300_000) },
        { per: 'month', scope: { of: 'all' }, amountMax: won(300_000) },
        {
          per: 'month',
          scope: { of: 'category', category: 'voucher' },
          amountMax: won(100_000),
        },
      ],
    })
  })

  test('sandbox: every kind there is', () => {
    const { windows } = lineLimits(SANDBOX, adult, 'general', {}, 0n)
    const scopes = new Set(windows.map(({ per, scope }) => `${scope.of}:${per}`))
    for (const of of ['all', 'category', 'merchant', 'offer']) {
      for (const per of ['payment', 'day', 'month']) expect(scopes).toContain(`${of}:${per}`)
    }
    expect(windows).toContainEqual({
      per: 'month',
      scope: { of: 'offer', offer: 'rare-sword' },
      amountMax: won(20_000),
    })
  })

  test('a category stands in the bucket that it counts in', () => {
    const categoriesOf = (bucket: Bucket) =>
      lineLimits(SANDBOX, adult, bucket, {}, 0n).windows.flatMap(({ scope }) =>
        scope.of === 'category' ? [scope.category] : [],
      )
    expect(new Set(categoriesOf('content'))).toEqual(new Set(['content']))
    expect(categoriesOf('general')).not.toContain('content')
    for (const category of PURCHASE_CATEGORIES) {
      expect(bucketOf(GB, category)).toBe('general')
      expect(bucketOf(KR, category)).toBe(category === 'content' ? 'content' : 'general')
    }
  })

  test('early payment widens the month, up to what the market frees', () => {
    const personal = ceilingOf(KR, { transaction: '300000', day: '300000', month: '300000' })
    const of = (freed: number) => overall(lineLimits(KR, adult, 'general', personal, won(freed)))
    expect(of(100_000)).toEqual({
      payment: won(300_000),
      day: won(300_000),
      month: won(400_000),
    })
    expect(of(900_000).month).toBe(won(800_000))
    expect(overall(lineLimits(GB, adult, 'general', {}, 1n)).month).toBe(240_000_000n)
    expect(() => lineLimits(KR, adult, 'general', personal, -1n)).toThrow()
  })

  test('pass neither ceiling nor personal limit; what is freed moves the month alone', () => {
    fc.assert(
      fc.property(
        someProfile,
        someSubject,
        somePersonal,
        someMaximum,
        (profile, subject, personal, freed) => {
          const { earlyPaymentFrees } = profile.limits
          const freedMax = earlyPaymentFrees === null ? 0n : minorOf(profile, earlyPaymentFrees)
          for (const bucket of buckets) {
            const ceiling = lineCeiling(profile, subject, bucket)
            const plain = overall(lineLimits(profile, subject, bucket, personal, 0n))
            const wide = overall(lineLimits(profile, subject, bucket, personal, freed))
            for (const part of parts) {
              expectAtMost(plain[perOf[part]], ceiling[part])
              expectAtMost(plain[perOf[part]], personal[part])
            }
            expect(wide.payment).toBe(plain.payment)
            expect(wide.day).toBe(plain.day)
            if (plain.month === undefined) continue
            const extra = (wide.month ?? 0n) - plain.month
            expect(extra).toBe(freed < freedMax ? freed : freedMax)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('the windows of a person', () => {
  test('span lines where the market says so', () => {
    expect(overall(personLimits(KR, 'general'))).toEqual({ month: won(1_000_000) })
    expect(overall(personLimits(KR, 'content'))).toEqual({ month: won(1_000_000) })
    expect(personLimits(GB, 'general')).toBeNull()
    expect(personLimits(kr({ limits: { content: null } }), 'content')).toBeNull()
  })

  test('let what was freed be spent', () => {
    expect(overall(personLimits(KR, 'general', won(200_000)))).toEqual({ month: won(1_200_000) })
    expect(overall(personLimits(KR, 'general', won(700_000)))).toEqual({ month: won(1_500_000) })
  })
})

test('the first year of KR knew no minors', () => {
  const first = profileOfVersion('KR-2015-01-01')
  if (first === undefined) throw new Error('not shipped')
  const minor = { birthdate: '2000-01-01', openedOn: '2014-01-01', today: '2015-06-01' }
  expect(lineCeiling(first, minor, 'general').month).toBe(0n)
})

/** An amount that is missing does not limit. */
function expectAtMost(amount: bigint | undefined, max: bigint | undefined): void {
  if (max === undefined) return
  expect(amount).toBeDefined()
  expect((amount ?? 0n) <= max).toBe(true)
}

test('the most that anybody may spend in a month is the greatest tier under the ceiling', () => {
  const most = [KR, JP, GB, EU, SANDBOX].map((profile) => mostInMonth(profile))
  expect(most).toEqual([won(1_000_000), won(100_000), 240_000_000n, 300_000_000n, won(100_000)])
  const open = kr({ limits: { regulatory: [{ from: '2015-01-01', ceiling: {} }] } })
  expect(mostInMonth(open)).toBe(won(1_000_000))
})
