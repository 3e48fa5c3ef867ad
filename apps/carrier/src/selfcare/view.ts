import { assetOfProfile, type MarketProfile } from '@jeon/billing'
import { displayAmount, formatAmount } from '@jeon/money'
import type { Language } from '../language.ts'

/** RFC 3339 of Unix milliseconds. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString()
}

/** An amount in smallest units as the decimal string of the wire. */
export function amountText(profile: MarketProfile, amount: bigint): string {
  return formatAmount(amount, assetOfProfile(profile))
}

/** The same for people: `3,000원`. */
export function moneyText(profile: MarketProfile, amount: bigint, language: Language): string {
  const style = language === 'ko' ? 'name' : 'symbol'
  return displayAmount(amount, assetOfProfile(profile), language, { style })
}

/** A day for people, in the market's zone: `12월 1일`. */
export function dayText(profile: MarketProfile, ms: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    timeZone: profile.zone,
    month: 'long',
    day: 'numeric',
  }).format(ms)
}

/** A moment for people, in the market's zone: `12월 1일 오전 9:30`. */
export function momentText(profile: MarketProfile, ms: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    timeZone: profile.zone,
    ...{ month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  }).format(ms)
}

/** Replaces each `{name}` of a sentence. */
export function filledText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
