import { minorOf, profileAt } from '@jeon/billing'

/** Amounts of a rush, in whole won. */
export interface RushPrices {
  /** Of one purchase: so many fit that the asked number succeeds and not one more. */
  readonly price: number
  /** What the line may spend in a month. */
  readonly month: number
  /** What all lines of one person may spend together in a month. */
  readonly person: number
}

/**
 * A price and a month's limit of which exactly `count` prices fit. Owners set limits in steps, and a rush is for small
 * things: none costs more than what is exempt from a password.
 *
 * @returns undefined: the market has no such pair
 */
export function pricesFor(count: number, nowMs: number): RushPrices | undefined {
  const profile = profileAt('KR', nowMs)
  const WON = minorOf(profile, '1')
  const won = (text: string) => Number(minorOf(profile, text) / WON)
  const { limits, identity } = profile
  const person = won(limits.person?.month ?? '0')
  const step = won(limits.step)
  const priceMax = won(identity.secondFactor.exemptUpTo ?? '0')
  for (let month = person; month > 0; month -= step) {
    const price = Math.min(priceMax, Math.floor(month / count))
    if (price >= 1 && Math.floor(month / price) === count) return { price, month, person }
  }
  return undefined
}
