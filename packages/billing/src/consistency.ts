/**
 * What the parts of a profile have to do with each other: rules that contradict one another, or that could never
 * hold, are found here before a payment is made under them.
 */
import { parseAmount } from '@jeon/money'
import { compareDates } from './calendar.ts'
import { isSeverer } from './dunning.ts'
import { fittingTier, PURCHASE_CATEGORIES } from './limits.ts'
import type { Ceiling, DecimalText, MarketProfile } from './model.ts'
import { findCurrency, isOnStep, minorOf, percentUnits } from './money.ts'

/** What is wrong, each as `path: complaint`; empty for a profile that can be used. */
export function inconsistenciesOf(profile: MarketProfile): readonly string[] {
  const amounts = amountIssues(profile)
  // Whatever compares amounts needs them to be readable.
  if (amounts.length > 0) return [...amounts, ...zoneIssues(profile)]
  return CHECKS.flatMap((check) => check(profile))
}

type Check = (profile: MarketProfile) => readonly string[]

const CHECKS: readonly Check[] = [
  zoneIssues,
  versionIssues,
  identityIssues,
  eligibilityIssues,
  regulatoryIssues,
  tierIssues,
  ceilingIssues,
  billingIssues,
  ladderIssues,
  moneyRuleIssues,
  collectionIssues,
]

function unless(holds: boolean, issue: string): readonly string[] {
  return holds ? [] : [issue]
}

/** Every amount must be one of the currency, and chargeable: a limit between two steps can never be reached. */
function amountIssues(profile: MarketProfile): readonly string[] {
  const asset = findCurrency(profile.currency)
  if (asset === undefined) return [`currency: no asset for ${profile.currency}`]
  const step = parseAmount(profile.amountStep, asset)
  if (!step.ok || step.amount === 0n) return ['amountStep: not a step of the currency']
  return amountsOf(profile).flatMap(([path, text]) => {
    const outcome = parseAmount(text, asset)
    if (!outcome.ok) return [`${path}: ${outcome.code}`]
    return unless(isOnStep(profile, outcome.amount), `${path}: not a multiple of amountStep`)
  })
}

type Named<Value> = readonly [path: string, value: Value]

function amountsOf(profile: MarketProfile): readonly Named<DecimalText>[] {
  const { limits, retention, collection } = profile
  const inCeilings = ceilingsOf(profile).flatMap(([path, ceiling]) =>
    Object.entries(ceiling).map(([part, text]): Named<DecimalText> => [`${path}.${part}`, text]),
  )
  const single: readonly Named<DecimalText | null>[] = [
    ['identity.secondFactor.exemptUpTo', profile.identity.secondFactor.exemptUpTo],
    ['identity.secondFactor.exemptPerDay', profile.identity.secondFactor.exemptPerDay],
    ['limits.step', limits.step],
    ['limits.earlyPaymentFrees', limits.earlyPaymentFrees],
    ['retention.above', retention.above],
    ['collection.eachAbove', collection.eachAbove],
    ['collection.threshold', collection.threshold],
    ['collection.credit', collection.credit],
  ]
  return [
    ...inCeilings,
    ...single.flatMap(([path, text]): Named<DecimalText>[] =>
      text === null ? [] : [[path, text]],
    ),
  ]
}

function ceilingsOf(profile: MarketProfile): readonly Named<Ceiling>[] {
  const { limits } = profile
  const single: readonly Named<Ceiling | null>[] = [
    ['limits.restricted', limits.restricted],
    ['limits.content', limits.content],
    ['limits.person', limits.person],
    ['limits.merchant', limits.merchant],
  ]
  return [
    ...limits.regulatory.map(({ ceiling }, at) =>
      named(`limits.regulatory.${at}.ceiling`, ceiling),
    ),
    ...limits.tiers.flatMap(({ ceiling, personal }, at) => [
      named(`limits.tiers.${at}.ceiling`, ceiling),
      named(`limits.tiers.${at}.personal`, personal),
    ]),
    ...single.flatMap(([path, ceiling]) => (ceiling === null ? [] : [named(path, ceiling)])),
    ...Object.entries(limits.byCategory).map(([key, ceiling]) =>
      named(`limits.byCategory.${key}`, ceiling),
    ),
    ...Object.entries(limits.products).map(([key, ceiling]) =>
      named(`limits.products.${key}`, ceiling),
    ),
  ]
}

function named(path: string, ceiling: Ceiling): Named<Ceiling> {
  return [path, ceiling]
}

function zoneIssues({ zone }: MarketProfile): readonly string[] {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return []
  } catch {
    return ['zone: no IANA time zone']
  }
}

function versionIssues({ market, version, effectiveFrom }: MarketProfile): readonly string[] {
  const base = `${market}-${effectiveFrom}`
  const rest = version.startsWith(base) ? version.slice(base.length) : undefined
  return unless(
    rest !== undefined && /^(\+[a-z0-9][a-z0-9-]{0,30})?$/.test(rest),
    `version: must be ${base}, or ${base}+name for an overridden one`,
  )
}

function identityIssues(profile: MarketProfile): readonly string[] {
  const { secondFactor, swap } = profile.identity
  const { exemptUpTo, exemptPerDay } = secondFactor
  return [
    ...unless(
      exemptUpTo === null ||
        exemptPerDay === null ||
        minorOf(profile, exemptUpTo) <= minorOf(profile, exemptPerDay),
      'identity.secondFactor.exemptPerDay: a day allows at least what one exempt purchase does',
    ),
    ...unless(
      !secondFactor.required || secondFactor.byCategory.any !== undefined,
      'identity.secondFactor.byCategory: required, but no factors for any',
    ),
    ...unless(
      swap.refuseHours <= swap.stepUpHours,
      'identity.swap: refuses longer than it steps up',
    ),
  ]
}

function eligibilityIssues({ eligibility, limits }: MarketProfile): readonly string[] {
  return [
    ...unless(
      eligibility.minimumAge <= eligibility.adultAge,
      'eligibility.minimumAge: above adultAge',
    ),
    ...unless(
      eligibility.restrictedMonths > 0 === (limits.restricted !== null),
      'limits.restricted: goes together with eligibility.restrictedMonths',
    ),
  ]
}

function regulatoryIssues({ limits, effectiveFrom }: MarketProfile): readonly string[] {
  const days = limits.regulatory.map(({ from }) => from)
  return [
    ...unless(isAscending(days, compareDates), 'limits.regulatory: dates must ascend'),
    ...unless(
      compareDates(days[0] ?? effectiveFrom, effectiveFrom) <= 0,
      'limits.regulatory: none in force on effectiveFrom',
    ),
  ]
}

const AGE_MAX = 150

/** The first tier that fits is taken, so each needs somebody whom no earlier one takes, and everybody needs one. */
function tierIssues(profile: MarketProfile): readonly string[] {
  const { tiers } = profile.limits
  const { minimumAge } = profile.eligibility
  const ages = [minimumAge, ...tiers.flatMap(({ ageFrom, ageTo }) => [ageFrom, ageTo + 1])]
  const tenures = [0, ...tiers.map(({ tenureMonthsFrom }) => tenureMonthsFrom)]
  const people = ages
    .filter((age) => age >= minimumAge && age <= AGE_MAX)
    .flatMap((age) => tenures.map((tenure) => ({ age, tenure })))
  const taken = people.map(({ age, tenure }) => fittingTier(profile, age, tenure))
  return [
    ...people.flatMap(({ age, tenure }, at) =>
      unless(taken[at] !== undefined, `limits.tiers: none at age ${age} after ${tenure} months`),
    ),
    ...tiers.flatMap((tier, at) =>
      unless(taken.includes(tier), `limits.tiers.${at}: nobody is in it`),
    ),
  ]
}

function ceilingIssues(profile: MarketProfile): readonly string[] {
  const { limits } = profile
  const inOrder = ceilingsOf(profile).flatMap(([path, { transaction, day, month }]) =>
    unless(
      isAscending(
        [transaction, day, month]
          .filter((text) => text !== undefined)
          .map((text) => minorOf(profile, text)),
        (one, other) => (one <= other ? -1 : 1),
      ),
      `${path}: a payment allows at most what a day does, and a day what a month does`,
    ),
  )
  const step = minorOf(profile, limits.step)
  if (step === 0n) return [...inOrder, 'limits.step: nothing is a multiple of zero']
  const personal = limits.tiers.flatMap((tier, at) =>
    PARTS.flatMap((part) => {
      const own = tier.personal[part]
      const max = tier.ceiling[part]
      if (own === undefined) return []
      const path = `limits.tiers.${at}.personal.${part}`
      return [
        ...unless(minorOf(profile, own) % step === 0n, `${path}: not a multiple of limits.step`),
        ...unless(
          max === undefined || minorOf(profile, own) <= minorOf(profile, max),
          `${path}: above the ceiling of its tier`,
        ),
      ]
    }),
  )
  return [...inOrder, ...personal]
}

const PARTS = ['transaction', 'day', 'month'] as const

function billingIssues({ billing, blocks, retention }: MarketProfile): readonly string[] {
  return [
    ...unless(billing.billDay < billing.dueDay, 'billing.billDay: not before dueDay'),
    ...unless(
      blocks.unblock.coolingOffHours <= blocks.unblock.permanentCoolingOffHours,
      'blocks.unblock.permanentCoolingOffHours: weaker than for a plain block',
    ),
    ...unless(
      retention.years <= retention.yearsAbove,
      'retention.yearsAbove: large payments are kept for less time',
    ),
  ]
}

/** Nothing happens to a line unannounced, nor is a step announced before the one before it has come. */
function ladderIssues({ dunning, notices }: MarketProfile): readonly string[] {
  const { ladder, chargeOffDay } = dunning
  const pairs = ladder.slice(1).map((rung, at) => ({ rung, before: ladder[at] ?? rung }))
  const first = ladder[0]
  const { hours } = notices
  return [
    ...unless(hours === null || hours.from < hours.to, 'notices.hours: nothing could ever be sent'),
    ...unless(
      pairs.every(({ rung, before }) => rung.day > before.day),
      'dunning.ladder: days must ascend',
    ),
    ...unless(
      pairs.every(({ rung, before }) => isSeverer(rung.stage, before.stage)),
      'dunning.ladder: stages must go from mild to severe',
    ),
    ...unless(
      first === undefined || first.stage === 'notice' || first.day > notices.leadDays,
      'dunning.ladder: the first step would be announced before the due date was missed',
    ),
    ...unless(
      pairs.every(({ rung, before }) => rung.day - notices.leadDays >= before.day),
      'dunning.ladder: a step follows another within notices.leadDays',
    ),
    ...unless(
      chargeOffDay >= (ladder.at(-1)?.day ?? 0),
      'dunning.chargeOffDay: before the end of the ladder',
    ),
  ]
}

function moneyRuleIssues({ surcharge, settlement, eligibility }: MarketProfile): readonly string[] {
  const { fees } = settlement
  const together = surcharge.steps.reduce((sum, step) => sum + percentUnits(step), 0n)
  return [
    ...unless(
      together <= percentUnits(surcharge.capPercent),
      'surcharge.steps: together above capPercent',
    ),
    ...unless(
      eligibility.categories.every((category) => (fees[category] ?? fees.any) !== undefined),
      'settlement.fees: a category that may be bought has none',
    ),
  ]
}

/** What is collected is asked of nobody: it must fit the credit, and need no factors of the payer. */
function collectionIssues(profile: MarketProfile): readonly string[] {
  const { eachAbove, eachCategories, threshold, credit } = profile.collection
  const { required, exemptUpTo, byCategory } = profile.identity.secondFactor
  const creditMinor = minorOf(profile, credit)
  const thresholdMinor = minorOf(profile, threshold)
  return [
    ...unless(thresholdMinor > 0n, 'collection.threshold: nothing would be collected all the time'),
    ...unless(thresholdMinor <= creditMinor, 'collection.threshold: above credit, never reached'),
    ...unless(
      eachAbove === null || minorOf(profile, eachAbove) <= creditMinor,
      'collection.eachAbove: above credit, what lies between could not be bought at all',
    ),
    ...unless(
      !required || exemptUpTo === null || creditMinor <= minorOf(profile, exemptUpTo),
      'collection.credit: above secondFactor.exemptUpTo, collecting it would need the payer',
    ),
    ...PURCHASE_CATEGORIES.flatMap((category) =>
      unless(
        byCategory[category] === undefined || eachCategories.includes(category),
        `collection.eachCategories: ${category} needs factors of its own, which collecting would pass by`,
      ),
    ),
  ]
}

function isAscending<Item>(
  items: readonly Item[],
  compare: (one: Item, other: Item) => number,
): boolean {
  return items.slice(1).every((item, at) => {
    const before = items[at]
    return before === undefined || compare(before, item) < 0
  })
}
