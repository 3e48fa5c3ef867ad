import type { Transfer } from '@jeon/ledger'
import type { Asset } from '@jeon/money'
import { z } from 'zod'
import type { Offer } from '../offers/model.ts'
import {
  amountSchema,
  categorySchema,
  currencySchema,
  holdIdSchema,
  merchantIdSchema,
  moneySchema,
  named,
  offerIdSchema,
  pageQuery,
  paymentIdSchema,
  referenceSchema,
  refundIdSchema,
  timeSchema,
  walletIdSchema,
} from '../schemas.ts'
import type { Wallet } from '../wallets/model.ts'

/** How a purchase is paid: out of the wallet and its credit, or by a carrier's payment of its own. */
export type PayWay = 'wallet' | 'each'

/** What is to be paid, by whom and to whom: everything resolved, nothing decided. */
export interface Order {
  readonly wallet: Wallet
  readonly merchantId: string
  readonly offer: Offer | undefined
  readonly amount: bigint
  readonly asset: Asset
  readonly reference: string
  readonly category: string
  readonly device: string
  /** Out of the wallet, or by a carrier's payment of its own. */
  readonly way: PayWay
}

/** A transfer that is a payment, with the names of its two sides. */
export interface Payment {
  readonly transfer: Transfer
  readonly asset: Asset
  readonly walletId: string
  readonly merchantId: string
}

/** A payment that was asked for. `replayed`: it had been made before, by the same key. */
export interface Paid extends Payment {
  readonly replayed: boolean
}

export const paymentBody = named(
  'PaymentRequest',
  z.strictObject({
    offer: offerIdSchema.optional(),
    merchant: merchantIdSchema.optional(),
    wallet: walletIdSchema.optional(),
    amount: amountSchema.optional(),
    currency: currencySchema.optional(),
    reference: referenceSchema.optional(),
    category: categorySchema.optional(),
  }),
)

export type PaymentBody = z.output<typeof paymentBody>

/** One payment of a batch. `key` is its idempotency key. */
export const batchItem = named(
  'BatchItem',
  z.strictObject({
    key: z.string().regex(/^[\x21-\x7e]{1,255}$/),
    wallet: walletIdSchema,
    offer: offerIdSchema.optional(),
    amount: amountSchema.optional(),
    currency: currencySchema.optional(),
    reference: referenceSchema.optional(),
    category: categorySchema.optional(),
  }),
)

export type BatchItem = z.output<typeof batchItem>

/** Payments in a batch, at most. */
export const batchMost = 10_000

export const batchBody = named('Batch', z.array(batchItem).max(batchMost))

export const batchReply = named(
  'BatchOutcome',
  z.strictObject({
    data: z.array(
      z.strictObject({
        key: z.string().nullable(),
        status: z.enum(['accepted', 'refused', 'unknown']),
        id: paymentIdSchema.optional(),
        replayed: z.boolean().optional(),
        code: z.string().optional(),
        param: z.string().optional(),
      }),
    ),
    accepted: z.int(),
    refused: z.int(),
  }),
)

export const refundBody = named(
  'RefundRequest',
  z.strictObject({ amount: amountSchema.optional(), reference: referenceSchema.optional() }),
)

export const paymentParams = z.strictObject({ id: paymentIdSchema })

export const paymentQuery = z.strictObject({
  receipt: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'Whether to sign a receipt. (Default: for what unlocks something)' }),
})

const parties = {
  wallet: walletIdSchema.nullable(),
  merchant: merchantIdSchema.nullable(),
  merchant_name: z.string().optional(),
  offer: offerIdSchema.nullable(),
  offer_title: z.string().optional(),
}

const place = { created_at: timeSchema, sequence: z.int(), shard: z.int() }

export const paymentState = named(
  'Payment',
  z.strictObject({
    id: paymentIdSchema,
    object: z.literal('payment'),
    status: z.literal('accepted'),
    ...parties,
    amount: moneySchema,
    refunded: moneySchema,
    reference: z.string().nullable(),
    category: z.string().nullable(),
    hold: holdIdSchema.optional(),
    ...place,
    receipt: z.string().optional().meta({ description: 'Compact JWS, see /.well-known/jwks.json' }),
    balance: moneySchema.optional().meta({ description: "The pocket's balance afterwards" }),
  }),
)

export type PaymentState = z.output<typeof paymentState>

export const refundState = named(
  'Refund',
  z.strictObject({
    id: refundIdSchema,
    object: z.literal('refund'),
    payment: paymentIdSchema.nullable(),
    ...parties,
    amount: moneySchema,
    reference: z.string().nullable(),
    ...place,
    balance: moneySchema.optional(),
  }),
)

/** Everything else that can stand in a history. */
const otherState = named(
  'Movement',
  z.strictObject({
    id: z.string(),
    object: z.enum(['topup', 'movement', 'hold']),
    event: z.enum(['created', 'voided', 'expired']).optional(),
    hold: holdIdSchema.optional(),
    ...parties,
    amount: moneySchema,
    reference: z.string().nullable(),
    ...place,
  }),
)

export const historyPage = named(
  'HistoryPage',
  z.strictObject({
    data: z.array(z.union([paymentState, refundState, otherState])),
    next_cursor: z.string().nullable(),
  }),
)

export type HistoryEntry = z.output<typeof historyPage>['data'][number]

export const historyQuery = z.strictObject(pageQuery)

export const receiptReply = named('Receipt', z.strictObject({ receipt: z.string() }))
