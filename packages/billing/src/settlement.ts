/** What the carrier keeps of what it collects, and when it pays the rest out. */
import { addDays } from './calendar.ts'
import { invariant } from './invariant.ts'
import type { CalendarDate, MarketProfile, PurchaseCategory } from './model.ts'
import { percentOnStep } from './money.ts'

/** The carrier's fee on a payment, in smallest units; rounded down to the market's step, for the merchant. */
export function feeFor(profile: MarketProfile, category: PurchaseCategory, amount: bigint): bigint {
  const { fees } = profile.settlement
  const percent = fees[category] ?? fees.any
  if (percent === undefined) throw new RangeError(`${profile.version} has no fee for ${category}`)
  const fee = percentOnStep(profile, amount, percent, 'down')
  invariant(fee >= 0n && fee <= amount, 'a fee is a part of what was paid')
  return fee
}

/** The day on which what a payer paid on `collectedOn` goes to the merchant. */
export function payoutOn(profile: MarketProfile, collectedOn: CalendarDate): CalendarDate {
  return addDays(collectedOn, profile.settlement.lagDays)
}
