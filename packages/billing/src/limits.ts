/** What a line may spend: ceilings from the rules, windows for the ledger, and changes by its owner. */
import type { SpendingLimits, SpendingWindow, WindowScope } from '@jeon/ledger'
import { ageOn, compareDates, monthsBetween } from './calendar.ts'
import { invariant } from './invariant.ts'
import type { Bucket, CalendarDate, LimitTier, MarketProfile, PurchaseCategory } from './model.ts'
import { ceilingOf, lesser, type MinorCeiling, minCeiling, minorOf } from './money.ts'

/** Whose limits: days in the market's zone. */
export interface LimitSubject {
  readonly birthdate: CalendarDate
  readonly openedOn: CalendarDate
  readonly today: CalendarDate
}

/** The bucket that a purchase counts in. Without a content ceiling there is only the general one. */
export function bucketOf(profile: MarketProfile, category: PurchaseCategory): Bucket {
  return category === 'content' && profile.limits.content !== null ? 'content' : 'general'
}

/**
 * The most that the rules let a line spend, whatever its owner wants: the least of the regulator's ceiling in force,
 * the tier of age and tenure, the ceiling of new lines, and that of the bucket. Who fits no tier may spend nothing.
 */
export function lineCeiling(
  profile: MarketProfile,
  subject: LimitSubject,
  bucket: Bucket,
): MinorCeiling {
  const { restricted, content } = profile.limits
  const tier = tierOf(profile, subject)
  if (tier === undefined) return NOTHING
  const tenure = monthsBetween(subject.openedOn, subject.today)
  const applies = [
    regulatoryAt(profile, subject.today),
    tier.ceiling,
    tenure < profile.eligibility.restrictedMonths ? restricted : null,
    bucket === 'content' ? content : null,
  ]
  return minCeiling(
    ...applies.flatMap((ceiling) => (ceiling === null ? [] : [ceilingOf(profile, ceiling)])),
  )
}

/** The most that any line may spend in a month, in smallest units; undefined: there are lines without such a limit. */
export function mostInMonth(profile: MarketProfile): bigint | undefined {
  const { regulatory, tiers } = profile.limits
  const latest = ceilingOf(profile, regulatory.at(-1)?.ceiling ?? {})
  return tiers
    .map(({ ceiling }) => minCeiling(latest, ceilingOf(profile, ceiling)).month)
    .reduce((most, month) => {
      if (most === undefined || month === undefined) return undefined
      return lesser(most, month) === most ? month : most
    })
}

/** The limits that a line starts with, never above what it may. */
export function personalDefault(
  profile: MarketProfile,
  subject: LimitSubject,
  bucket: Bucket,
): MinorCeiling {
  const tier = tierOf(profile, subject)
  if (tier === undefined) return NOTHING
  return minCeiling(ceilingOf(profile, tier.personal), lineCeiling(profile, subject, bucket))
}

/**
 * The windows of a line's account for one bucket.
 *
 * @param personal - what the owner chose; the ceiling holds whatever it says
 * @param freed - smallest units of this bucket's use of this month that were paid early. They widen the month alone, by at most
 *   `earlyPaymentFrees`: what is open at once never passes the ceiling, since what was paid early still counts as used
 */
export function lineLimits(
  profile: MarketProfile,
  subject: LimitSubject,
  bucket: Bucket,
  personal: MinorCeiling,
  freed: bigint,
): SpendingLimits {
  const { byCategory, merchant, products } = profile.limits
  const allowed = minCeiling(lineCeiling(profile, subject, bucket), personal)
  const categories = PURCHASE_CATEGORIES.filter(
    (category) => bucketOf(profile, category) === bucket,
  )
  return {
    zone: profile.zone,
    windows: [
      ...windowsOf(widened(profile, allowed, freed), { of: 'all' }),
      ...categories.flatMap((category) =>
        windowsOf(ceilingOf(profile, byCategory[category] ?? {}), { of: 'category', category }),
      ),
      ...windowsOf(ceilingOf(profile, merchant ?? {}), { of: 'merchant' }),
      ...Object.entries(products).flatMap(([offer, ceiling]) =>
        windowsOf(ceilingOf(profile, ceiling), { of: 'offer', offer }),
      ),
    ],
  }
}

/**
 * The windows that all lines of a person share in a bucket, or null where lines count apart.
 *
 * @param freed - what the person's lines have freed by paying early, in smallest units: without it, what a line at its
 *   ceiling has freed could not be spent. At most `earlyPaymentFrees` counts, as for a line. (Default: 0n)
 */
export function personLimits(
  profile: MarketProfile,
  bucket: Bucket,
  freed = 0n,
): SpendingLimits | null {
  const { person, content } = profile.limits
  if (person === null || (bucket === 'content' && content === null)) return null
  const windows = windowsOf(widened(profile, ceilingOf(profile, person), freed), { of: 'all' })
  return { zone: profile.zone, windows }
}

/** Every category, in the order of their declaration. */
export const PURCHASE_CATEGORIES: readonly PurchaseCategory[] = [
  'digital',
  'physical',
  'voucher',
  'content',
  'charity',
  'ticket',
  'voice',
]

const NOTHING: MinorCeiling = { transaction: 0n, day: 0n, month: 0n }

function tierOf(profile: MarketProfile, subject: LimitSubject): LimitTier | undefined {
  return fittingTier(
    profile,
    ageOn(subject.birthdate, subject.today),
    monthsBetween(subject.openedOn, subject.today),
  )
}

/** The first tier for an age in years and a tenure in whole months. */
export function fittingTier(
  profile: MarketProfile,
  age: number,
  tenureMonths: number,
): LimitTier | undefined {
  return profile.limits.tiers.find(
    (tier) => age >= tier.ageFrom && age <= tier.ageTo && tenureMonths >= tier.tenureMonthsFrom,
  )
}

function regulatoryAt(profile: MarketProfile, today: CalendarDate) {
  const inForce = profile.limits.regulatory.findLast(({ from }) => compareDates(from, today) <= 0)
  return inForce?.ceiling ?? null
}

/** The month with what was freed by paying early. */
function widened(profile: MarketProfile, ceiling: MinorCeiling, freed: bigint): MinorCeiling {
  invariant(freed >= 0n, 'early payment frees, it never takes')
  const { earlyPaymentFrees } = profile.limits
  if (ceiling.month === undefined || earlyPaymentFrees === null) return ceiling
  return { ...ceiling, month: ceiling.month + lesser(freed, minorOf(profile, earlyPaymentFrees)) }
}

function windowsOf(ceiling: MinorCeiling, scope: WindowScope): readonly SpendingWindow[] {
  const { transaction, day, month } = ceiling
  return [
    ...(transaction === undefined
      ? []
      : [{ per: 'payment' as const, scope, amountMax: transaction }]),
    ...(day === undefined ? [] : [{ per: 'day' as const, scope, amountMax: day }]),
    ...(month === undefined ? [] : [{ per: 'month' as const, scope, amountMax: month }]),
  ]
}
