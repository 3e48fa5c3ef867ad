import {
  addDays,
  type CalendarDate,
  compareDates,
  dueDateOf,
  isSeverer,
  ladderWithPauses,
  type MarketProfile,
  nextCycle,
  pausedDaysOf,
  stagesDue,
} from '@jeon/billing'
import type { Bill } from '../bills/model.ts'
import { type DunningFacts, positionOf, type Rung } from './model.ts'

/**
 * miss        a due date passed while something is owed: `missed` counts them, each has its surcharge
 * notice      announces a stage for the day `on`
 * stage       the announced day has come
 * charge_off  what is owed is given up
 */
export type DunningAction =
  | { readonly do: 'miss'; readonly bill: Bill; readonly missed: number }
  | {
      readonly do: 'notice'
      readonly bill: Bill
      readonly stage: Rung
      readonly on: CalendarDate
    }
  | { readonly do: 'stage'; readonly bill: Bill; readonly stage: Rung }
  | { readonly do: 'charge_off'; readonly bill: Bill }

/** Due dates that are counted as missed at least, with a surcharge or without: the bill's own and the next bill's. */
const MISSES_MIN = 2

/**
 * What is to be done with a line today. Depends on days alone, never on how often it is asked or on whether yesterday was
 * missed: a stage comes no sooner than `leadDays` after its own notice went out, whatever the calendar says, and never
 * before the milder ones. While a dispute or a relief plan stops the clock, nothing happens.
 *
 * @param sentOn - the day on which a notice that is written now goes out. (Default: today)
 */
export function planFor(
  facts: DunningFacts,
  today: CalendarDate,
  profileOf: (version: string) => MarketProfile,
  sentOn: CalendarDate = today,
): DunningAction[] {
  if (isPaused(facts, today)) return []
  const actions: DunningAction[] = []
  const overdue = facts.bills.filter(({ dueOn }) => dueOn < today)
  let leading: Bill | undefined
  for (const bill of overdue) {
    const profile = profileOf(bill.profileVersion)
    const pausedDays = pausedDaysOf(facts.pauses, bill.dueOn, today)
    for (let missed = bill.missed + 1; missed <= missesMax(profile); missed += 1) {
      if (addDays(missDate(profile, bill, missed), pausedDays) < today) {
        actions.push({ do: 'miss', bill, missed })
      }
    }
    if (stagesDue(profile, bill.dueOn, today, pausedDays).chargeOff) {
      actions.push({ do: 'charge_off', bill })
    } else {
      leading ??= bill
    }
  }
  if (leading !== undefined) {
    const profile = profileOf(leading.profileVersion)
    actions.push(...climb(facts, leading, profile, { today, sentOn }))
  }
  return actions
}

/** As many as have a surcharge: each has its due date, that of a later bill. */
function missesMax({ surcharge }: MarketProfile): number {
  return Math.max(MISSES_MIN, surcharge.steps.length)
}

/** Whether the clock of a line stands on a day. */
export function isPaused({ pauses }: Pick<DunningFacts, 'pauses'>, today: CalendarDate): boolean {
  return pauses.some(({ from, until }) => from <= today && (until === null || until > today))
}

/** The due date that is missed for the n-th time: that of the bill, then those of the bills after it. */
function missDate(profile: MarketProfile, bill: Bill, missed: number): CalendarDate {
  let cycle = bill.cycle
  for (let bills = 1; bills < missed; bills += 1) cycle = nextCycle(cycle)
  return missed === 1 ? bill.dueOn : dueDateOf(profile, cycle)
}

function climb(
  facts: DunningFacts,
  bill: Bill,
  profile: MarketProfile,
  { today, sentOn }: { readonly today: CalendarDate; readonly sentOn: CalendarDate },
): DunningAction[] {
  const lead = profile.notices.leadDays
  const actions: DunningAction[] = []
  const position = positionOf(facts)
  let isNext = true
  for (const rung of ladderWithPauses(profile, bill.dueOn, facts.pauses)) {
    const { stage } = rung
    const step = facts.steps.find((each) => each.billId === bill.id && each.stage === stage)
    if (step?.isDone || !isSeverer(stage, position)) continue
    // The stage `notice` announces itself: what it says and what it does are one.
    if (stage === 'notice') {
      if (rung.on <= today) actions.push({ do: 'stage', bill, stage })
      else isNext = false
      continue
    }
    const isOutdated = step !== undefined && step.dueOn < rung.on
    if (step === undefined || isOutdated) {
      isNext = false
      if (rung.noticeOn > today) continue
      const soonest = addDays(sentOn, lead)
      actions.push({ do: 'notice', bill, stage, on: later(rung.on, soonest) })
    } else if (isNext && step.dueOn <= today && addDays(step.noticedOn, lead) <= today) {
      actions.push({ do: 'stage', bill, stage })
    } else {
      isNext = false
    }
  }
  return actions
}

function later(one: CalendarDate, other: CalendarDate): CalendarDate {
  return compareDates(one, other) < 0 ? other : one
}
