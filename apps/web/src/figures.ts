import { displayAmount, formatAmount, moneyFromJson } from '@jeon/money'
import type { Language } from './language.ts'

/** Money for people: `₩150`, `$0.002`. What cannot be read is shown as it came. */
export function moneyText(amount: string, currency: string, language: Language): string {
  const parsed = moneyFromJson({ amount, currency }, { sign: 'signed' })
  if (!parsed.ok) return `${amount} ${currency}`
  return displayAmount(parsed.money.amount, parsed.money.asset, language)
}

/** What is left of a limit, exactly; never below zero. */
export function leftOf(max: string, used: string, currency: string, language: Language): string {
  const most = moneyFromJson({ amount: max, currency })
  const spent = moneyFromJson({ amount: used, currency }, { sign: 'signed' })
  if (!most.ok || !spent.ok) return max
  const left = most.money.amount - spent.money.amount
  return displayAmount(left > 0n ? left : 0n, most.money.asset, language)
}

/** One amount less another, exactly, as on the wire. What cannot be read leaves the first as it is. */
export function minus(amount: string, less: string, currency: string): string {
  const from = moneyFromJson({ amount, currency }, { sign: 'signed' })
  const taken = moneyFromJson({ amount: less, currency })
  if (!from.ok || !taken.ok) return amount
  return formatAmount(from.money.amount - taken.money.amount, from.money.asset)
}

/** Several amounts as one, exactly. */
export function sumText(amounts: readonly string[], currency: string, language: Language): string {
  const parsed = amounts.map((amount) => moneyFromJson({ amount, currency }))
  const read = parsed.flatMap((each) => (each.ok ? [each.money] : []))
  const [first] = read
  if (first === undefined || read.length < amounts.length) return amounts.join(' + ')
  const sum = read.reduce((all, { amount }) => all + amount, 0n)
  return displayAmount(sum, first.asset, language)
}

/** How much of a limit is used, between 0 and 1: the length of an arc, so a number is good enough. */
export function shareOf(max: string, used: string): number {
  const most = Number(max)
  const spent = Number(used)
  if (most <= 0) return 1
  return Math.min(1, Math.max(0, spent / most))
}

/** Whether an amount is more than nothing. */
export function isPositive(amount: string): boolean {
  return /[1-9]/.test(amount) && !amount.startsWith('-')
}

/** When a window starts over: the date, and the hour too where it is near and not midnight. */
export function resetText(rfc3339: string, nowMs: number, language: Language): string {
  const time = new Date(rfc3339)
  const isMidnight = time.getHours() === 0 && time.getMinutes() === 0
  const isSoon = !isMidnight && time.getTime() - nowMs < 24 * 3_600_000
  return new Intl.DateTimeFormat(
    language,
    isSoon
      ? { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }
      : { month: 'short', day: 'numeric' },
  ).format(time)
}

/** The time of day of something in the history. */
export function clockText(rfc3339: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' }).format(
    new Date(rfc3339),
  )
}

/** The day of something in the history, as a heading; with its distance in days from today. */
export function dayOf(
  rfc3339: string,
  nowMs: number,
  language: Language,
): { readonly daysAgo: number; readonly text: string } {
  const midnight = (time: Date) => new Date(time.getFullYear(), time.getMonth(), time.getDate())
  const day = midnight(new Date(rfc3339))
  const today = midnight(new Date(nowMs))
  const text = new Intl.DateTimeFormat(language, {
    month: 'long',
    day: 'numeric',
    weekday: 'short',
  }).format(day)
  return { daysAgo: Math.round((today.getTime() - day.getTime()) / 86_400_000), text }
}
