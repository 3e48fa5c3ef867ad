import { assetOfProfile, type CalendarDate, type MarketProfile } from '@jeon/billing'
import { displayAmount } from '@jeon/money'
import type { Language } from '../language.ts'

type InMarket = Pick<MarketProfile, 'currency' | 'zone'>

/** An amount for a message: `3,000원`, `₩3,000`. */
export function amountText(
  profile: Pick<MarketProfile, 'currency'>,
  amount: bigint,
  language: Language,
): string {
  const style = language === 'ko' ? 'name' : 'symbol'
  return displayAmount(amount, assetOfProfile(profile), language, { style })
}

/** The minute of an instant in the market's zone: `01/31 23:59`. */
export function minuteText(profile: InMarket, atMs: number): string {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(profile.zone)
  return `${two(at.month)}/${two(at.day)} ${two(at.hour)}:${two(at.minute)}`
}

/** A day: `2026년 2월 25일`, `25 February 2026`. */
export function dayText(date: CalendarDate, language: Language): string {
  const { year, month, day } = Temporal.PlainDate.from(date)
  return language === 'ko' ? `${year}년 ${month}월 ${day}일` : `${day} ${MONTHS[month - 1]} ${year}`
}

/** A month: `2026년 1월`, `January 2026`. */
export function monthText(cycle: string, language: Language): string {
  const { year, month } = Temporal.PlainYearMonth.from(cycle)
  return language === 'ko' ? `${year}년 ${month}월` : `${MONTHS[month - 1]} ${year}`
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

function two(number: number): string {
  return String(number).padStart(2, '0')
}
