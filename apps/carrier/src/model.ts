/**
 * The words of a carrier.
 *
 * line      a phone number with an owner; has two ledger accounts, one per bucket
 * person    the owner; limits of a market may count across all lines of a person
 * client    a platform that uses the CAMARA APIs
 * payment   a CAMARA payment, in one step or two
 * attempt   a purchase that was declined
 */

import type {
  Bucket,
  CalendarDate,
  Ceiling,
  Cycle,
  Factor,
  MarketProfile,
  PurchaseCategory,
} from '@jeon/billing'
import type { AccountId } from '@jeon/ledger'
import type { Language } from './language.ts'

export type CarrierId = string

/** One of the carriers that this program hosts. */
export interface Carrier {
  readonly id: CarrierId
  readonly name: string
  /** Where a person objects to a charge. */
  readonly contact: string
  /** The ledger shard that keeps its accounts. */
  readonly shard: number
  /** The market profile, with the carrier's own settings, that holds at a time. */
  profileAt(ms: number): MarketProfile
  /** Any profile that a payment or bill was made under. */
  profileOf(version: string): MarketProfile
}

export interface Person {
  readonly id: string
  readonly carrier: CarrierId
  readonly name: string
  readonly birthdate: CalendarDate
  readonly guardianId: string | null
  readonly accounts: Readonly<Record<Bucket, AccountId>>
}

export type LineStage =
  | 'active'
  | 'notice'
  | 'outgoing_suspended'
  | 'fully_suspended'
  | 'terminated'

export type BlockKind =
  | 'payer'
  | 'permanent'
  | 'voucher'
  | 'auto_pay'
  | 'operator'
  | 'dormant'
  | 'fraud'

export interface Block {
  readonly id: string
  readonly kind: BlockKind
  readonly reason: string
  readonly setAtMs: number
  /** An unblock was granted and takes effect then; `null`: none was. */
  readonly liftsAtMs: number | null
}

export interface Line {
  readonly id: string
  readonly carrier: CarrierId
  /** E.164 with the plus sign. */
  readonly phoneNumber: string
  readonly person: Person
  readonly kind: 'postpaid' | 'prepaid' | 'corporate'
  readonly openedOn: CalendarDate
  readonly stage: LineStage
  /** Lost, or paused by its owner. */
  readonly paused: boolean
  readonly inArrears: boolean
  /** Whether the network itself can vouch for the device now: on mobile data, not on somebody's Wi-Fi. */
  readonly onNetwork: boolean
  readonly simChangedAtMs: number
  readonly deviceChangedAtMs: number
  /** The payment password. */
  readonly password: 'unset' | 'set' | 'locked'
  /** The owner's own limits. A missing bucket: the market's default; a missing number: none of one's own, the ceiling holds. */
  readonly personal: Readonly<Partial<Record<Bucket, Ceiling>>>
  /** What early payment made available again in `freedCycle`, smallest units, over both buckets. */
  readonly freed: bigint
  readonly freedBy: Readonly<Record<Bucket, bigint>>
  readonly freedCycle: Cycle | null
  readonly accounts: Readonly<Record<Bucket, AccountId>>
  readonly language: Language
  /** The last accepted payment (to the day), or when the owner lifted a dormant block. */
  readonly usedAtMs: number | null
  /** Blocks that hold now, also those that lift later. */
  readonly blocks: readonly Block[]
  readonly consents: readonly Consent[]
}

export interface Consent {
  readonly id: string
  readonly kind: 'payments' | 'limit_raise' | 'guardian' | 'auto_pay' | 'platform'
  readonly clientId: string | null
  readonly wording: string
  readonly givenAtMs: number
}

/** CAMARA's own words. */
export type PaymentStatus =
  | 'processing'
  | 'pending_validation'
  | 'reserved'
  | 'succeeded'
  | 'denied'
  | 'cancelled'

export interface PaymentItem {
  readonly id: string
  readonly amount: bigint
  readonly description: string
  readonly isTaxIncluded?: boolean
  readonly taxAmount?: bigint
}

export interface Merchant {
  readonly id: string
  readonly name: string
  readonly contact: string
}

/** What a client asks for, after the wire was read. */
export interface PaymentOrder {
  readonly carrier: CarrierId
  readonly clientId: string
  readonly lineId: string
  readonly steps: 1 | 2
  readonly clientCorrelator: string | null
  readonly referenceCode: string
  /** Smallest units; positive. */
  readonly amount: bigint
  readonly currency: string
  readonly description: string
  readonly isTaxIncluded: boolean
  readonly taxAmount: bigint | null
  readonly merchant: Merchant
  readonly category: PurchaseCategory
  /** The wire's `productId`; empty: none. */
  readonly product: string
  /** chargingMetaData as it came, echoed in answers. */
  readonly metaData: Readonly<Record<string, unknown>> | null
  readonly items: readonly PaymentItem[]
  /** The access token was bound to the phone number (three-legged). */
  readonly boundToPhone: boolean
  /** Bought again and again without asking: what an auto-pay block stops. (Default: false) */
  readonly recurring?: boolean
  /** Factors that the payer has shown so far, by the token or by validating; what the market asks beyond them is missing. */
  readonly shown: readonly Factor[]
  readonly sink: string | null
  readonly sinkToken: string | null
  /** How the payer confirms a two-step payment. */
  readonly validation: 'none' | 'code' | 'url'
}

export interface Payment extends PaymentOrder {
  /** UUID version 7 with dashes; without them the ledger's id of the line's leg. */
  readonly id: string
  readonly status: PaymentStatus
  readonly bucket: Bucket
  readonly profileVersion: string
  /** The month in which it counts. */
  readonly cycle: Cycle
  readonly denialReason: DeclineReason | null
  /** Names the validation that the payer owes, or gave; `null`: none was needed. */
  readonly authorizationId: string | null
  readonly expiresAtMs: number | null
  /** All that was given back or is about to be. */
  readonly refunded: bigint
  /** The part of `refunded` that is never billed: the bill's item is `amount - cancelled`. */
  readonly cancelled: bigint
  readonly paidEarly: bigint
  /** Acknowledged before it was decided. */
  readonly asynchronous: boolean
  readonly createdAtMs: number
  /** When the ledger counted it in its windows; `cycle` is the month of that. `null`: not decided yet, or denied. */
  readonly countedAtMs: number | null
  readonly paidAtMs: number | null
}

/** Why a purchase is declined; each has texts in ko and en and a remedy in `payments/reasons.ts`. */
export type DeclineReason =
  | 'no_consent'
  | 'kind_not_allowed'
  | 'too_young'
  | 'guardian_consent_missing'
  | 'joined_recently'
  | 'paused'
  | 'in_arrears'
  | 'dormant'
  | 'line_suspended'
  | 'line_terminated'
  | 'category_not_allowed'
  | 'blocked_by_payer'
  | 'blocked_permanently'
  | 'vouchers_blocked'
  | 'auto_pay_blocked'
  | 'blocked_by_operator'
  | 'fraud_hold'
  | 'transaction_limit'
  | 'day_limit'
  | 'month_limit'
  | 'person_limit'
  | 'category_limit'
  | 'merchant_limit'
  | 'product_limit'
  | 'sim_changed'
  | 'validation_failed'
  | 'refused_by_payer'
  | 'validation_expired'
  | 'reservation_expired'
  | 'second_factor_missing'
  | 'unconfirmed_limit'
  | 'amount_not_a_step'
  | 'confirm_refused'

export interface Attempt {
  readonly id: string
  readonly lineId: string
  readonly clientId: string
  readonly amount: bigint
  readonly currency: string
  readonly description: string
  readonly merchant: Merchant
  readonly category: PurchaseCategory
  readonly reason: DeclineReason
  /** What replaces `{name}` in the texts: `left`, `limit`, `resets_at`, `since`. */
  readonly detail: Readonly<Record<string, string>>
  readonly atMs: number
}

export interface Refund {
  readonly id: string
  readonly carrier: CarrierId
  readonly clientId: string
  readonly paymentId: string
  readonly lineId: string
  readonly bucket: Bucket
  readonly clientCorrelator: string | null
  readonly referenceCode: string
  readonly type: 'total' | 'partial'
  readonly mode: 'cancel' | 'bill_credit' | 'bank_transfer'
  readonly status: 'processing' | 'succeeded' | 'denied'
  readonly amount: bigint
  readonly reason: string | null
  readonly facts: Readonly<Record<string, unknown>>
  readonly sink: string | null
  readonly sinkToken: string | null
  readonly denialReason: string | null
  readonly createdAtMs: number
  readonly refundedAtMs: number | null
}

/** What changed for the owner of a line; feeds the live stream. */
export interface Change {
  readonly lineId: string
  readonly what:
    | 'payment'
    | 'declined'
    | 'refund'
    | 'usage'
    | 'line'
    | 'limits'
    | 'bill'
    | 'standing'
    | 'message'
    | 'dispute'
  readonly id: string
  readonly atMs: number
}

/** A message for the outbox, rendered. `about`: the payment, bill or step it tells of. */
export interface NewMessage {
  readonly lineId: string
  readonly phoneNumber: string
  readonly carrier: CarrierId
  readonly kind:
    | 'charge'
    | 'bill'
    | 'dunning_notice'
    | 'dunning_step'
    | 'restored'
    | 'receipt'
    | 'code'
    | 'limit_changed'
    | 'blocked'
    | 'unblock_granted'
    | 'unblocked'
    | 'dispute'
    | 'relief'
    | 'consent'
    | 'linked'
    | 'refund'
    | 'password_changed'
    | 'statement'
  readonly text: string
  readonly about: string
  /** When it goes out, if that is later than now. (Default: at once) */
  readonly sendAtMs?: number
}
