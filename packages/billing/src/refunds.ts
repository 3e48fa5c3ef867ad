/** How money comes back: as a cancellation while the window is open, afterwards as the market says. */
import { cycleOf, dateOf, daysBetween } from './calendar.ts'
import { invariant } from './invariant.ts'
import type { LateRefund, MarketProfile } from './model.ts'

/** A payment that is to be given back. Instants in Unix milliseconds. */
export interface ReversalSubject {
  readonly paidAtMs: number
  readonly nowMs: number
  /** Only part of it is given back. */
  readonly partial: boolean
  /** The payer paid this month's use early, and this payment with it. */
  readonly paidEarly: boolean
}

/** Why a payment can no longer be cancelled. */
export type NotCancellable = 'window_closed' | 'partial_not_supported' | 'paid_early'

/** How a payment comes back, and whether the limit of the current cycle is given back with it. */
export type Reversal =
  | { readonly mode: 'cancel'; readonly restoresLimit: true }
  | {
      readonly mode: Exclude<LateRefund, 'none'>
      readonly restoresLimit: boolean
      readonly reason: NotCancellable
    }
  | { readonly mode: 'none'; readonly reason: NotCancellable }

/**
 * How a payment is given back now. In Korea a payment of 31 January can be cancelled that day and no longer on
 * 1 February; afterwards it becomes a credit on later bills, which does not give back the limit.
 */
export function reversalFor(profile: MarketProfile, subject: ReversalSubject): Reversal {
  invariant(subject.nowMs >= subject.paidAtMs, 'nothing is given back before it was paid')
  const { lateRefund, lateRefundRestoresLimit } = profile.reversal
  const reason = notCancellable(profile, subject)
  if (reason === undefined) return { mode: 'cancel', restoresLimit: true }
  if (lateRefund === 'none') return { mode: 'none', reason }
  return { mode: lateRefund, restoresLimit: lateRefundRestoresLimit, reason }
}

function notCancellable(
  profile: MarketProfile,
  { paidAtMs, nowMs, partial, paidEarly }: ReversalSubject,
): NotCancellable | undefined {
  const { cancelWithin, partialCancel, cancelAfterEarlyPayment } = profile.reversal
  const { zone } = profile
  const isOpen =
    cancelWithin === 'same_cycle'
      ? cycleOf(paidAtMs, zone) === cycleOf(nowMs, zone)
      : daysBetween(dateOf(paidAtMs, zone), dateOf(nowMs, zone)) <= cancelWithin.days
  if (!isOpen) return 'window_closed'
  if (paidEarly && !cancelAfterEarlyPayment) return 'paid_early'
  return partial && !partialCancel ? 'partial_not_supported' : undefined
}
