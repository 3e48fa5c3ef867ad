import {
  addDays,
  type CalendarDate,
  type Cycle,
  cycleOf,
  dateOf,
  startOfDayMs,
} from '@jeon/billing'

/** A day of a zone, from its first millisecond to the one after its last. */
export interface Day {
  readonly date: CalendarDate
  readonly cycle: Cycle
  readonly fromMs: number
  readonly untilMs: number
}

/** The day of each zone that was asked for last: thousands of decisions a second fall on the same one. */
const lastDays = new Map<string, Day>()

/** The day that an instant belongs to. Throws RangeError for a zone that does not exist. */
export function dayAt(atMs: number, zone: string): Day {
  const last = lastDays.get(zone)
  if (last !== undefined && atMs >= last.fromMs && atMs < last.untilMs) return last
  const date = dateOf(atMs, zone)
  const day = {
    date,
    cycle: cycleOf(atMs, zone),
    fromMs: startOfDayMs(date, zone),
    untilMs: startOfDayMs(addDays(date, 1), zone),
  }
  lastDays.set(zone, day)
  return day
}
