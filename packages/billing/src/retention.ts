/** How long records of a payment are kept. */
import { addMonths } from './calendar.ts'
import type { CalendarDate, MarketProfile } from './model.ts'
import { minorOf } from './money.ts'

/**
 * The last day on which the record of a payment has to be kept. `amount` in smallest units. What was written off and nobody
 * has paid since can still be paid and objected to, so it is kept as long as a large payment, whatever its amount.
 */
export function retainUntil(
  profile: MarketProfile,
  paidOn: CalendarDate,
  amount: bigint,
  isWrittenOff = false,
): CalendarDate {
  const { years, above, yearsAbove } = profile.retention
  const isLarge = above !== null && amount > minorOf(profile, above)
  return addMonths(paidOn, 12 * (isLarge || isWrittenOff ? yearsAbove : years))
}
