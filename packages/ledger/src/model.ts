/**
 * The words of the ledger.
 *
 * account   a balance in one asset, kept by one shard
 * transfer  one immutable movement from a debited to a credited account
 * hold      a transfer that only reserves; captured, voided or expired later
 * window    how much and how often an account may spend in a period
 * journal   the transfers of a shard in the order they were decided, without gaps
 */

/** `shard * 2^32 + number`: an account's id says which shard keeps it. A number, because it is not money. */
export type AccountId = number

/** 32 lower-case hexadecimal digits: the UUID that the caller made for this transfer before sending it. */
export type TransferId = string

/** Position of a transfer in its shard's journal. The first is 1; 0 means none. */
export type Sequence = number

/** What an account is for. */
export type AccountKind = 'wallet' | 'merchant' | 'fee' | 'rail' | 'clearing' | 'promo' | 'suspense'

/** What a transfer did. `capture`, `void`, `expire` and `refund` point at an earlier transfer by `origin`. */
export type TransferKind =
  | 'payment'
  | 'hold'
  | 'capture'
  | 'void'
  | 'expire'
  | 'refund'
  | 'topup'
  | 'movement'

export type Period = 'payment' | 'day' | 'month'

/** What a window counts: everything, each merchant apart, one category, or one offer. */
export type WindowScope =
  | { readonly of: 'all' }
  | { readonly of: 'merchant' }
  | { readonly of: 'category'; readonly category: string }
  | { readonly of: 'offer'; readonly offer: string }

/** One rule. `amountMax` is in the asset's smallest unit. A missing maximum does not limit. */
export interface SpendingWindow {
  readonly per: Period
  readonly scope: WindowScope
  readonly amountMax?: bigint
  /** Ignored for `per: 'payment'`. */
  readonly countMax?: number
}

/** All the windows of an account and the IANA zone in which its days and months begin. */
export interface SpendingLimits {
  readonly zone: string
  readonly windows: readonly SpendingWindow[]
}

export interface AccountSpec {
  readonly shard: number
  /** The caller's own name for it, unique in the shard; opening the same reference again returns the same account. */
  readonly reference: string
  /** Asset in text form, `KRW/3`. */
  readonly asset: string
  readonly kind: AccountKind
  /** How far below zero the account may go, in smallest units. `null`: without limit. (Default: 0n) */
  readonly overdraft?: bigint | null
  /** (Default: none) */
  readonly limits?: SpendingLimits
}

/** The account as decided by the writer at the time of asking. Counters only grow, except the pending ones. */
export interface AccountView {
  readonly id: AccountId
  readonly reference: string
  readonly asset: string
  readonly kind: AccountKind
  readonly overdraft: bigint | null
  readonly limits: SpendingLimits | null
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPending: bigint
  /** creditsPosted − debitsPosted. */
  readonly balance: bigint
  /** balance − debitsPending + overdraft; `null`: without limit. */
  readonly available: bigint | null
  /** The newest transfer that touched the account, from which its history is walked back. */
  readonly lastSequence: Sequence
  /** Payments and open holds of the current day and month in the zone of the limits (without limits: UTC). */
  readonly spentToday: bigint
  readonly spentThisMonth: bigint
  readonly usage: readonly WindowUsage[]
}

/** How much of a window is used now; `resetsAtMs` is when the period ends. */
export interface WindowUsage {
  readonly window: SpendingWindow
  readonly amountUsed: bigint
  readonly countUsed: number
  /** Unix milliseconds; `null` for `per: 'payment'`. */
  readonly resetsAtMs: number | null
}

/** What travels with a transfer so that no follower needs a second source. At most 200 characters each. */
export interface TransferFacts {
  readonly category?: string
  readonly offer?: string
  readonly reference?: string
  readonly device?: string
}

export interface Transfer extends Required<TransferFacts> {
  readonly shard: number
  readonly sequence: Sequence
  readonly id: TransferId
  readonly kind: TransferKind
  readonly debit: AccountId
  readonly credit: AccountId
  /** Smallest units; positive. */
  readonly amount: bigint
  /** Journal time, Unix milliseconds; never runs backwards within a shard. */
  readonly atMs: number
  /** Seconds until a hold expires; 0 for every other kind. */
  readonly ttlS: number
  /** The transfer that this one resolves or gives back; 0: none. */
  readonly origin: Sequence
  /** The transfer before this one in the debited account's history; 0: none. */
  readonly previousDebit: Sequence
  readonly previousCredit: Sequence
}

/** Moves money now. `kind` decides whether spending windows apply (they do for `payment` alone). */
export interface Pay extends TransferFacts {
  readonly type: 'pay'
  readonly id: TransferId
  readonly kind?: 'payment' | 'topup' | 'movement'
  readonly debit: AccountId
  readonly credit: AccountId
  readonly amount: bigint
}

/** Reserves money and counts it in the windows. */
export interface Hold extends TransferFacts {
  readonly type: 'hold'
  readonly id: TransferId
  readonly debit: AccountId
  readonly credit: AccountId
  readonly amount: bigint
  readonly ttlS: number
}

/** Takes all or part of a hold; what is not taken is released at once. (Default amount: the whole hold) */
export interface Capture {
  readonly type: 'capture'
  readonly id: TransferId
  readonly hold: TransferId
  readonly shard: number
  readonly amount?: bigint
}

export interface Void {
  readonly type: 'void'
  readonly id: TransferId
  readonly hold: TransferId
  readonly shard: number
}

/** Gives back all or part of a payment or capture. (Default amount: what is not refunded yet) */
export interface Refund extends Pick<TransferFacts, 'reference'> {
  readonly type: 'refund'
  readonly id: TransferId
  readonly payment: TransferId
  readonly shard: number
  readonly amount?: bigint
}

export type Command = Pay | Hold | Capture | Void | Refund

/** Stable codes of refusals. A refusal changes nothing and is not remembered: the key stays free. */
export type RefusalCode =
  | 'account_not_found'
  | 'same_account'
  | 'asset_mismatch'
  | 'amount_not_positive'
  | 'amount_out_of_range'
  | 'balance_overflow'
  | 'id_malformed'
  | 'facts_malformed'
  | 'hold_ttl_out_of_range'
  | 'insufficient_funds'
  | 'window_exceeded'
  | 'key_reused'
  | 'hold_not_found'
  | 'hold_resolved'
  | 'capture_exceeds_hold'
  | 'payment_not_found'
  | 'not_refundable'
  | 'refund_exceeds_payment'
  | 'linked_failed'
  | 'linked_across_shards'
  | 'shard_unavailable'
  | 'overloaded'

/** Which window said no, and how much is left in it. */
export interface WindowRefusal {
  readonly window: SpendingWindow
  readonly amountLeft: bigint | null
  readonly countLeft: number | null
  readonly resetsAtMs: number | null
}

export interface Accepted {
  readonly ok: true
  readonly transfer: Transfer
  /** True when the same command had been accepted before; the transfer is the first one. */
  readonly replayed: boolean
}

export interface Refused {
  readonly ok: false
  readonly code: RefusalCode
  /** With `window_exceeded`. */
  readonly window?: WindowRefusal
  /** With `insufficient_funds`, `capture_exceeds_hold`, `refund_exceeds_payment`: smallest units that were left. */
  readonly left?: bigint
  /** With `hold_resolved`: how. With `linked_failed`: the index and code of the member that failed. */
  readonly detail?: string
}

/** The database did not say whether it committed. Ask `find(id)` later; never send it again under another id. */
export interface Unknown {
  readonly ok: false
  readonly code: 'unknown_outcome'
  readonly id: TransferId
}

export type Outcome = Accepted | Refused | Unknown
