/** What a missed due date adds to an item: flat steps, then nothing, and never above the cap. */
import { invariant } from './invariant.ts'
import type { MarketProfile } from './model.ts'
import { lesser, percentOnStep } from './money.ts'

/** One billed item whose due date was missed. Amounts in smallest units. */
export interface SurchargedItem {
  /** What the item was billed at. */
  readonly principal: bigint
  /** What of it is still unpaid, surcharges aside. */
  readonly principalUnpaid: bigint
  /** Surcharges on the item so far, paid or not. */
  readonly surchargedAlready: bigint
  /** Which due date was missed: 1 for the first. */
  readonly missed: number
}

/** The surcharge to add now, in smallest units and on the market's step; zero after the last step. */
export function surchargeFor(profile: MarketProfile, item: SurchargedItem): bigint {
  const { principal, principalUnpaid, surchargedAlready, missed } = item
  invariant(Number.isInteger(missed) && missed >= 1, 'due dates missed are counted from one')
  invariant(principalUnpaid >= 0n && principalUnpaid <= principal, 'a part of the item is unpaid')
  invariant(surchargedAlready >= 0n, 'a surcharge adds')
  const { steps, capPercent, rounding } = profile.surcharge
  const percent = steps[missed - 1]
  if (percent === undefined) return 0n
  const step = percentOnStep(profile, principalUnpaid, percent, rounding)
  const left = percentOnStep(profile, principal, capPercent, 'down') - surchargedAlready
  if (left <= 0n) return 0n
  return lesser(step, left)
}
