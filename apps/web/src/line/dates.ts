import type { Language } from '../language.ts'

const dayMs = 86_400_000

/** The calendar date of a moment in the market's zone: `2026-12-01`. */
export function dateIn(zone: string, rfc3339: string): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(new Date(rfc3339))
}

/** A calendar date for people. It has no zone, so none may shift it. Another year's comes with its year. */
export function dayText(date: string, today: string, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    timeZone: 'UTC',
    month: 'long',
    day: 'numeric',
    ...(date.slice(0, 4) === today.slice(0, 4) ? { weekday: 'short' } : { year: 'numeric' }),
  }).format(new Date(`${date}T00:00:00Z`))
}

/** How many days from one date to another; negative when it is behind. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs)
}

/** `tomorrow`, `in 12 days`, `3 days ago`. */
export function distanceText(days: number, language: Language): string {
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')
}

/** The hour of a moment in the market's zone. */
export function hourText(rfc3339: string, zone: string, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    timeZone: zone,
    hour: 'numeric',
    minute: '2-digit',
  }).format(new Date(rfc3339))
}

/** Date and hour of a moment; at midnight the date says it all. */
export function momentText(rfc3339: string, zone: string, language: Language): string {
  const parts = { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const isMidnight = new Intl.DateTimeFormat('en', parts).format(new Date(rfc3339)) === '00:00'
  return new Intl.DateTimeFormat(language, {
    timeZone: zone,
    month: 'long',
    day: 'numeric',
    ...(isMidnight ? {} : { hour: 'numeric', minute: '2-digit' }),
  }).format(new Date(rfc3339))
}

/** The month of a billing cycle `2026-11`. */
export function cycleText(cycle: string, language: Language): string {
  const time = Date.parse(`${cycle}-01T00:00:00Z`)
  if (Number.isNaN(time)) return cycle
  return new Intl.DateTimeFormat(language, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'long',
  }).format(time)
}
