import type { Cycle } from '@jeon/billing'

/**
 * `all`: everything owed, also what was written off (early: everything not billed yet); `oldest`: what is owed of the oldest
 * month, and of the oldest written off when nothing else is.
 */
export type ReceiptAmount = bigint | 'all' | 'oldest'

/** Money that the owner of a line hands over. */
export interface ReceiptOrder {
  /** Smallest units. */
  readonly amount: ReceiptAmount
  /** For what this month has cost so far, to have that much limit again; not for bills. */
  readonly early: boolean
  /** Makes it happen once. */
  readonly key: string
  /** How it came: `self_care`, `transfer`, … */
  readonly method: string
}

export interface ReceiptPart {
  readonly amount: bigint
  /** What was bought; of a surcharge, what it was for. Empty where that is forgotten. */
  readonly label: string
  /** Of a surcharge: which missed due date it is for. */
  readonly missed: number | null
  /** The cycle of the bill or, paid early, of the payment. */
  readonly cycle: Cycle
  readonly billId: string | null
  readonly number: number | null
  readonly paymentId: string | null
}

export interface Receipt {
  readonly id: string
  readonly lineId: string
  readonly amount: bigint
  readonly early: boolean
  readonly method: string
  readonly parts: readonly ReceiptPart[]
  /** What exceeded the debt and became a credit for later bills. */
  readonly rest: bigint
  readonly atMs: number
}

/**
 * nothing_owed        `all` or `oldest` of nothing
 * amount_not_positive
 * amount_not_a_step   the market does not charge in such amounts
 * amount_too_large    far more than is owed
 * key_reused          the key was used on this line for another amount
 * line_not_found
 */
export type ReceiptRefusal =
  | 'nothing_owed'
  | 'amount_not_positive'
  | 'amount_not_a_step'
  | 'amount_too_large'
  | 'key_reused'
  | 'line_not_found'

export type ReceiptOutcome =
  | { readonly ok: true; readonly receipt: Receipt }
  | { readonly ok: false; readonly code: ReceiptRefusal }
