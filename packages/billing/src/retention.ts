/** How long records of a payment are kept. */
import { addMonths } from './calendar.ts'
import type { CalendarDate, MarketProfile } from './model.ts'
import { minorOf } from './money.ts'

/** The last day on which the record of a payment has to be kept. `amount` in smallest units. */
export function retainUntil(
  profile: MarketProfile,
  paidOn: CalendarDate,
  amount: bigint,
): CalendarDate {
  const { years, above, yearsAbove } = profile.retention
  const isLarge = above !== null && amount > minorOf(profile, above)
  return addMonths(paidOn, 12 * (isLarge ? yearsAbove : years))
}
