/** Whether a line may pay at all, and with what its owner has to show who is asking. */
import { ageOn, compareDates, daysBetween, monthsBetween } from './calendar.ts'
import { isSeverer } from './dunning.ts'
import type {
  CalendarDate,
  DunningStage,
  Factor,
  LineKind,
  MarketProfile,
  PurchaseCategory,
} from './model.ts'
import { minorOf } from './money.ts'

/** Why a line may not pay. Stable codes; the order in which they are looked for is that of {@link eligibilityOf}. */
export type IneligibleReason =
  | 'no_consent'
  | 'kind_not_allowed'
  | 'too_young'
  | 'guardian_consent_missing'
  | 'joined_recently'
  | 'paused'
  | 'in_arrears'
  | 'dormant'
  | 'line_suspended'
  | 'line_terminated'
  | 'category_not_allowed'

/** A line as far as eligibility goes; days in the market's zone. */
export interface EligibilitySubject {
  readonly kind: LineKind
  readonly birthdate: CalendarDate
  readonly openedOn: CalendarDate
  readonly today: CalendarDate
  /** Lost, or paused by its owner. */
  readonly paused: boolean
  readonly consent: boolean
  readonly guardianConsent: boolean
  /** Something is overdue. */
  readonly inArrears: boolean
  /** How far dunning has come; null: nothing is overdue. */
  readonly stage: DunningStage | null
  /** The last payment, or when the owner last allowed payments, whichever is later; null: neither is known. */
  readonly lastUsedOn: CalendarDate | null
}

/** What {@link eligibilityOf} answers. `restricted`: the ceiling of new lines holds. */
export type Eligibility =
  | { readonly ok: true; readonly restricted: boolean }
  | { readonly ok: false; readonly reason: IneligibleReason }

/**
 * Whether a line may pay. The first reason found is told: first what is wrong with the line, then with its owner, then
 * with what is owed, and last with what is bought.
 *
 * @param category - what is bought; without it only the line is judged
 */
export function eligibilityOf(
  profile: MarketProfile,
  subject: EligibilitySubject,
  category?: PurchaseCategory,
): Eligibility {
  const rules = profile.eligibility
  const reason =
    lineReason(profile, subject) ??
    ownerReason(profile, subject) ??
    arrearsReason(profile, subject) ??
    (category !== undefined && !rules.categories.includes(category)
      ? 'category_not_allowed'
      : undefined)
  if (reason !== undefined) return { ok: false, reason }
  return {
    ok: true,
    restricted: monthsBetween(subject.openedOn, subject.today) < rules.restrictedMonths,
  }
}

/**
 * What a purchase needs beyond silent proof of the line, in the order in which it is asked for. A category that the
 * profile names always needs its factors, however small the amount: cash-like goods are stolen in small pieces. The
 * rest is exempt up to `exemptUpTo`.
 *
 * @param exempts - whether small amounts are exempt here: not for a client that the line is not linked to, nor when the
 *   sum of the day is used up
 */
export function factorsFor(
  profile: MarketProfile,
  category: PurchaseCategory,
  amount: bigint,
  today: CalendarDate,
  exempts = true,
): readonly Factor[] {
  const { required, effectiveFrom, byCategory } = profile.identity.secondFactor
  if (!required || compareDates(today, effectiveFrom) < 0) return []
  const named = byCategory[category]
  if (named !== undefined) return named
  return exempts && isSmall(profile, amount) ? [] : (byCategory.any ?? [])
}

/** Whether a purchase would need a factor if its amount were not so small. */
export function isExempt(
  profile: MarketProfile,
  category: PurchaseCategory,
  amount: bigint,
  today: CalendarDate,
): boolean {
  if (!isSmall(profile, amount)) return false
  const isAsked = (exempts: boolean) =>
    factorsFor(profile, category, amount, today, exempts).length > 0
  return isAsked(false) && !isAsked(true)
}

/** What a line may spend in a day on exempt purchases, in smallest units; `null`: as much as its limits allow. */
export function exemptPerDay(profile: MarketProfile): bigint | null {
  const { exemptPerDay: text } = profile.identity.secondFactor
  return text === null ? null : minorOf(profile, text)
}

function isSmall(profile: MarketProfile, amount: bigint): boolean {
  const { exemptUpTo } = profile.identity.secondFactor
  return exemptUpTo !== null && amount <= minorOf(profile, exemptUpTo)
}

function lineReason(
  profile: MarketProfile,
  subject: EligibilitySubject,
): IneligibleReason | undefined {
  if (subject.stage === 'terminated') return 'line_terminated'
  if (subject.stage !== null && isSeverer(subject.stage, 'blocked')) return 'line_suspended'
  if (subject.paused) return 'paused'
  if (!profile.eligibility.kinds.includes(subject.kind)) return 'kind_not_allowed'
  const days = daysBetween(subject.openedOn, subject.today)
  return days < profile.eligibility.joinedDaysMin ? 'joined_recently' : undefined
}

function ownerReason(
  profile: MarketProfile,
  subject: EligibilitySubject,
): IneligibleReason | undefined {
  const rules = profile.eligibility
  const age = ageOn(subject.birthdate, subject.today)
  if (age < rules.minimumAge) return 'too_young'
  if (age < rules.adultAge && !subject.guardianConsent) return 'guardian_consent_missing'
  if (rules.consentRequired && !subject.consent) return 'no_consent'
  if (rules.dormantMonths === null || subject.lastUsedOn === null) return undefined
  return monthsBetween(subject.lastUsedOn, subject.today) >= rules.dormantMonths
    ? 'dormant'
    : undefined
}

/** The step `blocked` blocks; before it arrears do so where the market says it. */
function arrearsReason(
  profile: MarketProfile,
  subject: EligibilitySubject,
): IneligibleReason | undefined {
  if (subject.stage === 'blocked') return 'in_arrears'
  return profile.eligibility.arrearsBlock && subject.inArrears ? 'in_arrears' : undefined
}
