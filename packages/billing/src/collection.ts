/** How a platform puts purchases on a line: one carrier payment each, or small ones collected. */
import { round } from '@jeon/money'
import type { MarketProfile, PurchaseCategory } from './model.ts'
import { minorOf } from './money.ts'

/** `each`: a carrier payment of its own. `collected`: on the wallet's credit until there is enough to collect. */
export type Way = 'each' | 'collected'

/** The way of a purchase. `amount` in smallest units. */
export function wayFor(profile: MarketProfile, category: PurchaseCategory, amount: bigint): Way {
  const { eachAbove, eachCategories } = profile.collection
  if (eachCategories.includes(category)) return 'each'
  return eachAbove !== null && amount > minorOf(profile, eachAbove) ? 'each' : 'collected'
}

/** Whether what a wallet owes, in smallest units, is enough to be collected now. */
export function collectionDue(profile: MarketProfile, owed: bigint): boolean {
  return owed >= minorOf(profile, profile.collection.threshold)
}

/**
 * Parts what is owed into what a carrier can charge and a rest below its step, which stays on the wallet. Smallest
 * units; nothing is collected from a wallet that owes nothing.
 */
export function roundedForCollection(
  profile: MarketProfile,
  owed: bigint,
): { readonly collect: bigint; readonly rest: bigint } {
  if (owed <= 0n) return { collect: 0n, rest: owed }
  const { value, remainder } = round(owed, minorOf(profile, profile.amountStep), 'down')
  return { collect: value, rest: remainder }
}
