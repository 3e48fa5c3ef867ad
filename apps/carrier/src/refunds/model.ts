import type { NotCancellable } from '@jeon/billing'
import type pg from 'pg'
import type { Refund } from '../model.ts'
import type { LinePage } from '../payments/model.ts'

export interface RefundOrder {
  readonly paymentId: string
  readonly clientId: string
  readonly clientCorrelator: string | null
  readonly referenceCode: string
  /** `total` gives back all that is left. */
  readonly type: 'total' | 'partial'
  /** Smallest units; with `partial` only. */
  readonly amount?: bigint
  /**
   * The owner has a right to it, as after a justified objection: where the market gives nothing back any more it becomes a
   * credit. (Default: false)
   */
  readonly isOwed?: boolean
  readonly reason: string | null
  /** Echoed in answers. */
  readonly facts: Readonly<Record<string, unknown>>
  readonly sink: string | null
  readonly sinkToken: string | null
}

/**
 * payment_not_found     no such payment of this client
 * wrong_status          it did not succeed
 * nothing_left          all of it was given back already
 * amount_above_left     more than is left, `left` in smallest units
 * amount_not_a_step     the market does not bill in such amounts
 * not_refundable        the market gives nothing back any more: `reason`
 * correlator_used, reference_used   as for payments
 * unavailable           nothing was given back
 * unknown_outcome       ask `find` later; the refund is `processing` meanwhile
 */
export type RefundRefusal =
  | { readonly ok: false; readonly code: 'payment_not_found' | 'wrong_status' | 'nothing_left' }
  | { readonly ok: false; readonly code: 'amount_above_left'; readonly left: bigint }
  | { readonly ok: false; readonly code: 'amount_not_a_step' }
  | { readonly ok: false; readonly code: 'not_refundable'; readonly reason: NotCancellable }
  | { readonly ok: false; readonly code: 'correlator_used'; readonly refund: Refund }
  | { readonly ok: false; readonly code: 'reference_used' | 'unavailable' }
  | { readonly ok: false; readonly code: 'unknown_outcome'; readonly refundId: string }

export type RefundOutcome = { readonly ok: true; readonly refund: Refund } | RefundRefusal

export type RefundListener = (refund: Refund) => void
export type RefundHook = (client: pg.PoolClient, refunds: readonly Refund[]) => Promise<void>

export interface Refunds {
  /** Accepts and completes at once. */
  create(order: RefundOrder): Promise<RefundOutcome>
  /** Keeps the refund as `processing`, which lowers what is left of the payment; `complete` or `deny` ends it. */
  accept(order: RefundOrder): Promise<RefundOutcome>
  /** Gives the money back. Repeating it is safe. Undefined: there is no such refund. */
  complete(refundId: string): Promise<RefundOutcome | undefined>
  deny(refundId: string, reason: string): Promise<Refund | undefined>
  /** What is left of a succeeded payment, smallest units; undefined: there is no such payment. */
  remaining(paymentId: string): Promise<bigint | undefined>
  find(refundId: string): Promise<Refund | undefined>
  /** Oldest first. */
  list(paymentId: string): Promise<readonly Refund[]>
  /** Newest first. */
  ofLine(lineId: string, page: LinePage): Promise<readonly Refund[]>
  /** Completes what a crash or a silent database left open. @returns how many */
  resolve(): Promise<number>
  onChanged(listener: RefundListener): () => void
  onChanging(hook: RefundHook): void
}
