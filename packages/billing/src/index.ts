export { type Allocation, allocateOldestFirst, type Debt } from './allocation.ts'
export {
  addCycles,
  addDays,
  addMonths,
  ageOn,
  billDateOf,
  compareDates,
  cycleOf,
  cycleOfDate,
  dateOf,
  daysBetween,
  dueDateOf,
  endOfCycleMs,
  monthsBetween,
  nextCycle,
  previousCycle,
  startOfCycleMs,
  startOfDayMs,
} from './calendar.ts'
export { collectionDue, roundedForCollection, type Way, wayFor } from './collection.ts'
export {
  type Arrears,
  type DunningPause,
  type DunningPosition,
  type DunningRung,
  isSeverer,
  ladderFor,
  ladderWithPauses,
  pausedDaysOf,
  type Restoration,
  restorationOf,
  STAGES,
  stagesDue,
} from './dunning.ts'
export {
  type Eligibility,
  type EligibilitySubject,
  eligibilityOf,
  exemptPerDay,
  factorsFor,
  type IneligibleReason,
  isExempt,
} from './eligibility.ts'
export {
  type CeilingPart,
  checkLimitChange,
  type LimitChange,
  type LimitChangeOutcome,
} from './limit-changes.ts'
export {
  bucketOf,
  type LimitSubject,
  lineCeiling,
  lineLimits,
  mostInMonth,
  PURCHASE_CATEGORIES,
  personalDefault,
  personLimits,
} from './limits.ts'
export type * from './model.ts'
export {
  assetOfProfile,
  ceilingOf,
  isOnStep,
  type MinorCeiling,
  minCeiling,
  minorOf,
  type PercentRounding,
  percentOf,
} from './money.ts'
export { sendingAtMs } from './notices.ts'
export { internationalNumber } from './numbers.ts'
export type { Patch, ProfilePatch } from './patch.ts'
export {
  InvalidProfile,
  markets,
  overriddenProfile,
  type ProfileOutcome,
  parseProfile,
  profileAt,
  profileOfVersion,
  registerProfile,
  UnknownMarket,
  versionsOf,
} from './profiles.ts'
export { type NotCancellable, type Reversal, type ReversalSubject, reversalFor } from './refunds.ts'
export { retainUntil } from './retention.ts'
export { feeFor, payoutOn } from './settlement.ts'
export { type SurchargedItem, surchargeFor } from './surcharge.ts'
