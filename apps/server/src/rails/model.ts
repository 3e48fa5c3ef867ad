import type { Asset } from '@jeon/money'
import { z } from 'zod'
import { paymentState } from '../payments/model.ts'
import {
  amountSchema,
  currencySchema,
  merchantIdSchema,
  moneySchema,
  named,
  offerIdSchema,
  paymentIdSchema,
  timeSchema,
  walletIdSchema,
} from '../schemas.ts'
import type { Moment } from './moment.ts'

/**
 * Money from phone bills. Every step is written down before it is taken, and every id is made from its row's, so that
 * what was cut off anywhere is taken up again without charging twice or losing a charge.
 */

/** What comes next for a purchase that is a carrier's payment of its own. */
export type ChargeState =
  /** Written down; the ledger may know it or not. */
  | 'intent'
  /** Reserved in the ledger; the carrier was not asked. */
  | 'held'
  /** The carrier was asked, and what it did is not known. */
  | 'sent'
  /** The payer has to confirm, by a code or on the carrier's page. */
  | 'pending_validation'
  /** The carrier reserved it. */
  | 'reserved'
  /** The carrier was asked to carry it out. */
  | 'confirming'
  /** The carrier was asked to forget it. */
  | 'cancelling'
  /** The carrier charged the line; the merchant has to get it. */
  | 'charged'
  /** Paid. Final. */
  | 'settled'
  /** The carrier did not charge; the ledger has to let go. */
  | 'refused'
  /** Not paid. Final. */
  | 'declined'
  /** The carrier charged, and the ledger could not follow: the operator decides. Final. */
  | 'stranded'

/** The requests that were sent under one key. */
export interface Sending {
  /** The program's time of the first. */
  readonly firstAtMs: number
  readonly last: Moment
}

/** What a carrier was asked about: how often, when, and when it is looked at next. */
export interface Asked {
  readonly attempts: number
  readonly createdAtMs: number
  /** `null`: nothing was sent. */
  readonly sent: Sending | null
  /** The machine's time, which goes on when the sandbox's stands still. */
  readonly dueAtMs: number
  readonly endedAtMs: number | null
  readonly reason: Reason | null
}

/** Why a carrier said no: a code, and its own words. */
export interface Reason {
  readonly code: string
  readonly text: string
}

export interface Charge extends Asked {
  /** The payment's: 32 hexadecimal digits, and the key at the carrier. */
  readonly id: string
  readonly walletId: string
  readonly merchantId: string
  readonly shard: number
  readonly carrier: string
  readonly phoneNumber: string
  readonly amount: bigint
  readonly asset: Asset
  readonly category: string
  readonly offer: string
  readonly reference: string
  readonly device: string
  readonly description: string
  readonly merchantName: string
  readonly profileVersion: string
  readonly state: ChargeState
  readonly carrierPaymentId: string | null
  readonly authorizationId: string | null
  readonly validationUrl: string | null
}

export type CollectionState = 'intent' | 'sent' | 'charged' | 'settled' | 'declined'

/**
 * Why a collection was begun: enough was owed, the cycle ends, the payer asked, the line leaves, or the last one was
 * refused and a day has passed.
 */
export type CollectionCause = 'threshold' | 'cycle' | 'payer' | 'close' | 'retry'

/** One purchase in a collection, or what sums up the rest. */
export interface CollectionItem {
  readonly id: string
  readonly description: string
  readonly amount: bigint
}

export interface Collection extends Asked {
  /** A UUID without dashes; the key at the carrier. */
  readonly id: string
  readonly walletId: string
  readonly shard: number
  readonly carrier: string
  readonly phoneNumber: string
  readonly cause: CollectionCause
  readonly amount: bigint
  readonly asset: Asset
  readonly items: readonly CollectionItem[]
  readonly description: string
  readonly profileVersion: string
  readonly state: CollectionState
  readonly carrierPaymentId: string | null
}

export type RefundState =
  | 'intent'
  /** The merchant gave it back in the ledger, and it left the wallet again. */
  | 'returned'
  | 'sent'
  /** The carrier would not take it back; it goes to the wallet. */
  | 'denied'
  | 'settled'
  /** In the wallet. Final. */
  | 'kept'

export interface RailRefund extends Asked {
  /** The refund's: 32 hexadecimal digits, and the key at the carrier. */
  readonly id: string
  readonly chargeId: string
  readonly amount: bigint
  readonly isTotal: boolean
  readonly reference: string
  readonly state: RefundState
  readonly carrierRefundId: string | null
}

/** How the two lists of a day can differ. */
export type BreakKind =
  | 'missing_here'
  | 'missing_there'
  | 'amount'
  | 'status'
  | 'duplicate'
  | 'stranded'

export const validationBody = named(
  'ValidationRequest',
  z.strictObject({ code: z.string().min(1).max(20) }),
)

/** A payment that its carrier has not carried out, or not yet. */
export const linePaymentState = named(
  'LinePayment',
  z.strictObject({
    id: paymentIdSchema,
    object: z.literal('payment'),
    status: z.enum(['processing', 'pending_validation', 'declined']),
    wallet: walletIdSchema,
    merchant: merchantIdSchema,
    offer: offerIdSchema.nullable(),
    amount: moneySchema,
    reference: z.string().nullable(),
    category: z.string().nullable(),
    carrier: z.string(),
    validation: z
      .strictObject({ by: z.enum(['code', 'url']), url: z.string().nullable() })
      .nullable(),
    reason: z.strictObject({ code: z.string(), text: z.string() }).nullable(),
    created_at: timeSchema,
  }),
)
export type LinePaymentState = z.output<typeof linePaymentState>

/** A payment that was carried out, or one through a line that was not. */
export const anyPaymentState = named('AnyPayment', z.union([paymentState, linePaymentState]))

const dayText = z.string().regex(/^\d{4}-\d\d-\d\d$/)

export const reconcileBody = named(
  'ReconciliationRequest',
  z.strictObject({ day: dayText, carrier: z.string().max(20).optional() }),
)

export const reconciliationState = named(
  'Reconciliation',
  z.strictObject({
    id: z.string(),
    object: z.literal('reconciliation'),
    carrier: z.string(),
    day: dayText,
    state: z.enum(['complete', 'failed']),
    ours: z.int(),
    theirs: z.int(),
    matched: z.int(),
    open: z.int(),
    breaks: z.int(),
    amount: z.strictObject({ amount: amountSchema, currency: currencySchema }),
    detail: z.string().nullable(),
    finished_at: timeSchema,
  }),
)
export type ReconciliationJson = z.output<typeof reconciliationState>

export const reconciliationsReply = named(
  'Reconciliations',
  z.strictObject({ data: z.array(reconciliationState) }),
)

export const breakState = named(
  'Break',
  z.strictObject({
    id: z.string(),
    object: z.literal('break'),
    carrier: z.string(),
    day: dayText,
    kind: z.enum(['missing_here', 'missing_there', 'amount', 'status', 'duplicate', 'stranded']),
    our_id: z.string().nullable(),
    carrier_payment_id: z.string().nullable(),
    our_amount: amountSchema.nullable(),
    their_amount: amountSchema.nullable(),
    currency: z.string(),
    our_status: z.string().nullable(),
    their_status: z.string().nullable(),
    found_at: timeSchema,
    age_days: z.int(),
    owner: z.string().nullable(),
    resolved_at: timeSchema.nullable(),
    note: z.string().nullable(),
  }),
)
export type BreakJson = z.output<typeof breakState>

export const breaksReply = named('Breaks', z.strictObject({ data: z.array(breakState) }))
export const breaksQuery = z.strictObject({ state: z.enum(['open', 'resolved']).default('open') })
export const breakParams = z.strictObject({ id: z.uuid() })
export const ownerBody = named(
  'BreakOwnerRequest',
  z.strictObject({ owner: z.string().min(1).max(100) }),
)
export const resolveBody = named(
  'BreakResolveRequest',
  z.strictObject({ note: z.string().min(3).max(1_000) }),
)
