/** A day and month in a zone, and when they end. Keys sort and compare as numbers. */
export interface CalendarDay {
  /** 20261122 */
  readonly dayKey: number
  /** 202611 */
  readonly monthKey: number
  /** First millisecond of the day. */
  readonly fromMs: number
  /** First millisecond of the next day. */
  readonly dayEndMs: number
}

const HOUR_MS = 3_600_000

/** How many days a calendar remembers: today, yesterday for refunds, and a little room. And as many months. */
const DAYS_REMEMBERED = 4
const MONTHS_REMEMBERED = 4

/** The calendar of one IANA zone. Remembers the last few days and months asked for, since journals move slowly. */
export class ZoneCalendar {
  readonly zone: string
  readonly #format: Intl.DateTimeFormat
  readonly #days: CalendarDay[] = []
  /** `fromMs`: an instant in the month, not necessarily its first. */
  readonly #months: { readonly fromMs: number; readonly endMs: number }[] = []

  /** Throws RangeError for a zone that does not exist. */
  constructor(zone: string) {
    this.zone = zone
    this.#format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
  }

  at(ms: number): CalendarDay {
    for (const day of this.#days) {
      if (ms >= day.fromMs && ms < day.dayEndMs) return day
    }
    const dayKey = this.#dayKey(ms)
    const day = {
      dayKey,
      monthKey: Math.floor(dayKey / 100),
      fromMs: this.#startOf(ms),
      dayEndMs: this.#endOf(ms, (at) => this.#dayKey(at), 24 * HOUR_MS),
    }
    this.#days.unshift(day)
    if (this.#days.length > DAYS_REMEMBERED) this.#days.pop()
    return day
  }

  /** When the month that `ms` lies in ends. */
  monthEndMs(ms: number): number {
    for (const { fromMs, endMs } of this.#months) {
      if (ms >= fromMs && ms < endMs) return endMs
    }
    const endMs = this.#endOf(ms, (at) => Math.floor(this.#dayKey(at) / 100), 31 * 24 * HOUR_MS)
    this.#months.unshift({ fromMs: ms, endMs })
    if (this.#months.length > MONTHS_REMEMBERED) this.#months.pop()
    return endMs
  }

  #dayKey(ms: number): number {
    return Number(this.#format.format(ms).replaceAll('-', ''))
  }

  #startOf(ms: number): number {
    const key = this.#dayKey(ms)
    let before = ms - 27 * HOUR_MS
    let inside = ms
    while (inside - before > 1) {
      const middle = Math.floor((before + inside) / 2)
      if (this.#dayKey(middle) === key) inside = middle
      else before = middle
    }
    return inside
  }

  /** Bisects for the first millisecond with another key: right in every zone, whatever its shifts. */
  #endOf(ms: number, key: (at: number) => number, spanMs: number): number {
    const start = key(ms)
    let before = ms
    let after = ms + spanMs + 3 * HOUR_MS
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (key(middle) === start) before = middle
      else after = middle
    }
    return after
  }
}

const calendars = new Map<string, ZoneCalendar>()

/** One shared calendar a zone. Throws RangeError for a zone that does not exist. */
export function calendarOf(zone: string): ZoneCalendar {
  const known = calendars.get(zone)
  if (known !== undefined) return known
  const calendar = new ZoneCalendar(zone)
  calendars.set(zone, calendar)
  return calendar
}
