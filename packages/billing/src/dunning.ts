/**
 * Dunning: the ladder from a missed due date to the end of the line, and back. Its clock counts days after the due
 * date; a dispute or a relief plan stops it.
 */
import { addDays, compareDates, daysBetween } from './calendar.ts'
import { invariant } from './invariant.ts'
import type { CalendarDate, DunningRules, DunningStage, MarketProfile } from './model.ts'

/** One step of a ladder: `on` is its day, `noticeOn` the day on which it is announced. */
export interface DunningRung {
  readonly stage: Exclude<DunningStage, 'due'>
  /** The same as `on` for the stage `notice`, which is a notice itself. */
  readonly noticeOn: CalendarDate
  readonly on: CalendarDate
}

/** Days on which the clock stands: from `from` up to but without `until`; null: still standing. */
export interface DunningPause {
  readonly from: CalendarDate
  readonly until: CalendarDate | null
}

/** Where dunning of one bill stands on a day. */
export interface DunningPosition {
  /** The severest step reached; `due` before the first. */
  readonly stage: DunningStage
  /** Steps whose day has come, mild to severe. */
  readonly reached: readonly DunningRung[]
  /** Steps whose notice should have gone out by now, reached or not. */
  readonly announced: readonly DunningRung[]
  /** The step that follows, dated as if no further day were paused; null after the last. */
  readonly next: DunningRung | null
  /** What is owed is to be charged off. */
  readonly chargeOff: boolean
}

/** The steps after a due date that was missed, mild to severe, without any pause. */
export function ladderFor(profile: MarketProfile, dueOn: CalendarDate): readonly DunningRung[] {
  return profile.dunning.ladder.map(({ stage, day }) => ({
    stage,
    noticeOn: addDays(dueOn, noticeDay(profile, stage, day)),
    on: addDays(dueOn, day),
  }))
}

/**
 * Where dunning stands today.
 *
 * @param pausedDays - days between the due date and today on which the clock stood, from {@link pausedDaysOf}. They
 *   move every step that has not come yet; a step that was reached stays reached, since the clock never runs back
 */
export function stagesDue(
  profile: MarketProfile,
  dueOn: CalendarDate,
  today: CalendarDate,
  pausedDays: number,
): DunningPosition {
  invariant(Number.isInteger(pausedDays) && pausedDays >= 0, 'paused days are counted')
  const ladder = ladderFor(profile, addDays(dueOn, pausedDays))
  const reached = ladder.filter(({ on }) => compareDates(on, today) <= 0)
  const chargeOffOn = addDays(dueOn, pausedDays + profile.dunning.chargeOffDay)
  return {
    stage: reached.at(-1)?.stage ?? 'due',
    reached,
    announced: ladder.filter(({ noticeOn }) => compareDates(noticeOn, today) <= 0),
    next: ladder[reached.length] ?? null,
    chargeOff: compareDates(chargeOffOn, today) <= 0,
  }
}

/** The days after `dueOn` and up to `today` on which the clock stood; overlapping pauses count once. */
export function pausedDaysOf(
  pauses: readonly DunningPause[],
  dueOn: CalendarDate,
  today: CalendarDate,
): number {
  let days = 0
  let counted = dueOn
  for (const pause of pauses.toSorted((one, other) => compareDates(one.from, other.from))) {
    const from = later(pause.from, counted)
    const until = pause.until === null ? today : earlier(pause.until, today)
    if (compareDates(from, until) >= 0) continue
    days += daysBetween(from, until)
    counted = until
  }
  return days
}

/**
 * The steps as dated with pauses: a step before a pause keeps its day, each later one moves by the days paused until
 * then. Steps after a pause that still stands have no day and are left out.
 */
export function ladderWithPauses(
  profile: MarketProfile,
  dueOn: CalendarDate,
  pauses: readonly DunningPause[],
): readonly DunningRung[] {
  return profile.dunning.ladder.flatMap(({ stage, day }) => {
    const noticeOn = dayWithPauses(dueOn, noticeDay(profile, stage, day), pauses)
    const on = dayWithPauses(dueOn, day, pauses)
    return noticeOn === null || on === null ? [] : [{ stage, noticeOn, on }]
  })
}

/** Whether a step is further along the ladder than another. */
export function isSeverer(stage: DunningStage, than: DunningStage): boolean {
  return STAGES.indexOf(stage) > STAGES.indexOf(than)
}

/** All stages, mild to severe. */
export const STAGES: readonly DunningStage[] = [
  'due',
  'notice',
  'blocked',
  'outgoing_suspended',
  'fully_suspended',
  'terminated',
]

/** What is owed on a line, in smallest units, and how far dunning came. */
export interface Arrears {
  readonly stage: DunningStage
  readonly oldestMonthOwed: bigint
  readonly totalOwed: bigint
}

/** What brings a line back. */
export interface Restoration {
  /** Smallest units. */
  readonly toPay: bigint
  readonly rule: DunningRules['restoreAfterSuspension']
  /** Whether payments work again by that alone, without the owner allowing them anew. */
  readonly enablesPayments: boolean
}

/** What has to be paid for the line to work again. A terminated line does not come back, but its debt stays whole. */
export function restorationOf(profile: MarketProfile, arrears: Arrears): Restoration {
  const { stage, oldestMonthOwed, totalOwed } = arrears
  invariant(oldestMonthOwed >= 0n, 'nobody owes less than nothing')
  invariant(oldestMonthOwed <= totalOwed, 'the oldest month is part of what is owed')
  const { restoreBeforeSuspension, restoreAfterSuspension, restoreEnablesPayments } =
    profile.dunning
  if (stage === 'terminated') {
    return { toPay: totalOwed, rule: 'full_balance', enablesPayments: false }
  }
  const rule = isSeverer(stage, 'blocked') ? restoreAfterSuspension : restoreBeforeSuspension
  return {
    toPay: rule === 'oldest_month' ? oldestMonthOwed : totalOwed,
    rule,
    enablesPayments: restoreEnablesPayments,
  }
}

/** Days after the due date on which a step is announced. */
function noticeDay(profile: MarketProfile, stage: DunningStage, day: number): number {
  return stage === 'notice' ? day : day - profile.notices.leadDays
}

/** The day on which the clock shows `days`; null where it stands before that. */
function dayWithPauses(
  dueOn: CalendarDate,
  days: number,
  pauses: readonly DunningPause[],
): CalendarDate | null {
  let on = addDays(dueOn, days)
  let counted = dueOn
  for (const pause of pauses.toSorted((one, other) => compareDates(one.from, other.from))) {
    const from = later(pause.from, counted)
    // A step on the first paused day is not passed by the clock any more.
    if (compareDates(from, on) >= 0) return on
    if (pause.until === null) return null
    if (compareDates(from, pause.until) >= 0) continue
    on = addDays(on, daysBetween(from, pause.until))
    counted = pause.until
  }
  return on
}

function later(one: CalendarDate, other: CalendarDate): CalendarDate {
  return compareDates(one, other) < 0 ? other : one
}

function earlier(one: CalendarDate, other: CalendarDate): CalendarDate {
  return compareDates(one, other) < 0 ? one : other
}
