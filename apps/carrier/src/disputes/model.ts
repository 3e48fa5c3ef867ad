import type { CarrierId } from '../model.ts'

/** An owner's objection to a charge (Network Act art. 58(3)): answered in time, the merchant's payout held meanwhile. */
export interface Dispute {
  readonly id: string
  readonly carrier: CarrierId
  readonly lineId: string
  readonly paymentId: string
  readonly reason: string
  readonly state: DisputeState
  readonly payoutHeld: boolean
  readonly openedAtMs: number
  readonly answerByMs: number
  readonly answeredAtMs: number | null
  readonly answer: string | null
  /**
   * For the operator; `null`: nothing is to be said. While the dispute is open: it was justified, and why the money could
   * not be given back; it waits for the operator. Afterwards `already_refunded`: there was nothing left to give back.
   */
  readonly remark: string | null
}

export type DisputeState = 'open' | 'justified' | 'rejected' | 'withdrawn'

/**
 * payment_not_found   no such payment on the line
 * not_disputable      it did not succeed, or all of it was given back
 * dispute_not_found
 * not_open            it was answered or withdrawn before
 * refund_failed       it is justified, but the money could not be given back: ask again, or see `remark`
 */
export type DisputeRefusal =
  | 'payment_not_found'
  | 'not_disputable'
  | 'dispute_not_found'
  | 'not_open'
  | 'refund_failed'

export type DisputeOutcome =
  | { readonly ok: true; readonly dispute: Dispute }
  | { readonly ok: false; readonly code: DisputeRefusal }
