/**
 * Days and usage cycles of a market, in its zone. Dates are text that sorts by time; instants are Unix milliseconds.
 * Nothing here reads a clock. A date or cycle that does not exist (`2026-02-29`, `2026-13`) throws RangeError.
 */
import type { CalendarDate, Cycle, MarketProfile } from './model.ts'

/** The day that an instant belongs to. Throws RangeError for a zone that does not exist. */
export function dateOf(atMs: number, zone: string): CalendarDate {
  return Temporal.Instant.fromEpochMilliseconds(atMs)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString()
}

/** The usage cycle (a calendar month) that an instant belongs to. */
export function cycleOf(atMs: number, zone: string): Cycle {
  return cycleOfDate(dateOf(atMs, zone))
}

/** The usage cycle that a day belongs to. */
export function cycleOfDate(date: CalendarDate): Cycle {
  return date.slice(0, CYCLE_LENGTH)
}

/** First millisecond of a day: not always midnight, where the clock is moved at midnight. */
export function startOfDayMs(date: CalendarDate, zone: string): number {
  return plainDate(date).toZonedDateTime(zone).epochMilliseconds
}

/** First millisecond of a cycle. */
export function startOfCycleMs(cycle: Cycle, zone: string): number {
  return startOfDayMs(firstDayOf(cycle), zone)
}

/** First millisecond after a cycle: exclusive, the same as the start of the next. */
export function endOfCycleMs(cycle: Cycle, zone: string): number {
  return startOfCycleMs(nextCycle(cycle), zone)
}

/** `date` moved by whole days, backwards where `days` is negative. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return plainDate(date).add({ days }).toString()
}

/** `date` moved by whole months; a day that the month does not have becomes its last: 31 January, 28 February. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  return plainDate(date).add({ months }, { overflow: 'constrain' }).toString()
}

/** `cycle` moved by whole months, backwards where `count` is negative. */
export function addCycles(cycle: Cycle, count: number): Cycle {
  return Temporal.PlainYearMonth.from(cycle).add({ months: count }).toString()
}

/** The cycle after this one. */
export function nextCycle(cycle: Cycle): Cycle {
  return addCycles(cycle, 1)
}

/** The cycle before this one. */
export function previousCycle(cycle: Cycle): Cycle {
  return addCycles(cycle, -1)
}

/** Days from `from` to `to`; negative where `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return plainDate(from).until(plainDate(to), { largestUnit: 'days' }).days
}

/**
 * Whole months from `from` to `to`: the most by which {@link addMonths} can move `from` without passing `to`. A month
 * from 31 January is therefore complete on the last of February. Negative where `to` is earlier.
 */
export function monthsBetween(from: CalendarDate, to: CalendarDate): number {
  if (compareDates(to, from) < 0) return -monthsBetween(to, from)
  const start = plainDate(from)
  const end = plainDate(to)
  const months = (end.year - start.year) * 12 + end.month - start.month
  return compareDates(addMonths(from, months), to) > 0 ? months - 1 : months
}

/**
 * Completed years of age. Who was born on 29 February is a year older on 1 March of a common year: ages here protect
 * the young, so the later of the two customs is taken; the Korean Civil Act says the same (art. 160(3): a period whose
 * last month lacks the day ends with that month). Negative before birth.
 */
export function ageOn(birthdate: CalendarDate, date: CalendarDate): number {
  const born = plainDate(birthdate)
  const on = plainDate(date)
  const hadBirthday = on.month > born.month || (on.month === born.month && on.day >= born.day)
  return on.year - born.year - (hadBirthday ? 0 : 1)
}

/** Below zero where `one` is earlier, above where it is later, zero for the same day. */
export function compareDates(one: CalendarDate, other: CalendarDate): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/** The day on which the bill of a cycle is made. */
export function billDateOf(profile: MarketProfile, cycle: Cycle): CalendarDate {
  return dayOfMonth(nextCycle(cycle), profile.billing.billDay)
}

/**
 * The day on which the bill of a cycle is due, and can still be paid in time. With `dueOnWorkdays` a weekend moves it
 * to the next Monday, which at a month's end may lie in the month after. Public holidays are not known here.
 */
export function dueDateOf(profile: MarketProfile, cycle: Cycle): CalendarDate {
  const due = dayOfMonth(nextCycle(cycle), profile.billing.dueDay)
  if (!profile.billing.dueOnWorkdays) return due
  return addDays(due, DAYS_TO_WORKDAY[plainDate(due).dayOfWeek] ?? 0)
}

const CYCLE_LENGTH = 'YYYY-MM'.length

/** By ISO weekday: Saturday is 6, Sunday is 7. */
const DAYS_TO_WORKDAY: Readonly<Record<number, number>> = { 6: 2, 7: 1 }

function plainDate(date: CalendarDate): Temporal.PlainDate {
  return Temporal.PlainDate.from(date)
}

function firstDayOf(cycle: Cycle): CalendarDate {
  return dayOfMonth(cycle, 1)
}

function dayOfMonth(cycle: Cycle, day: number): CalendarDate {
  return Temporal.PlainYearMonth.from(cycle).toPlainDate({ day }).toString()
}
