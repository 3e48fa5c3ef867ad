import type { AccountId, SpendingLimits, SpendingWindow } from '@jeon/ledger'
import { type Asset, amountFrom, assetOf } from '@jeon/money'
import { z } from 'zod'
import type { Currency } from '../assets.ts'
import {
  amountSchema,
  categorySchema,
  currencySchema,
  moneySchema,
  named,
  timeSchema,
  walletIdSchema,
} from '../schemas.ts'

/** One currency of a wallet. */
export interface Pocket {
  readonly currency: string
  readonly asset: Asset
  readonly account: AccountId
}

export interface Wallet {
  readonly id: string
  readonly shard: number
  /** The merchant on whose page it began; null when it began on the platform's own. */
  readonly merchantId: string | null
  readonly pockets: readonly Pocket[]
  readonly createdAtMs: number
}

/** The zone in which a payer's days and months begin. */
export const payerZone = 'Asia/Seoul'

/** What a new wallet of the sandbox is given to try things with, and how much it may spend at first. */
export const sandboxPockets: Readonly<
  Record<Currency, { credit: bigint; limits: SpendingLimits }>
> = {
  KRW: starting('KRW', '10000', '50000', '100000', '300000'),
  USD: starting('USD', '5', '50', '100', '300'),
  JPY: starting('JPY', '1000', '5000', '10000', '30000'),
  EUR: starting('EUR', '5', '50', '100', '300'),
}

function starting(
  currency: Currency,
  credit: string,
  perPayment: string,
  perDay: string,
  perMonth: string,
): { credit: bigint; limits: SpendingLimits } {
  const asset = assetOf(currency)
  const window = (per: SpendingWindow['per'], most: string): SpendingWindow => ({
    per,
    scope: { of: 'all' },
    amountMax: amountFrom(most, asset),
  })
  const windows = [window('payment', perPayment), window('day', perDay), window('month', perMonth)]
  return { credit: amountFrom(credit, asset), limits: { zone: payerZone, windows } }
}

const perSchema = z.enum(['payment', 'day', 'month'])
const scopeSchema = z.enum(['all', 'merchant', 'category'])

export const limitSchema = named(
  'Limit',
  z.strictObject({
    per: perSchema,
    scope: scopeSchema,
    category: categorySchema.min(1).optional(),
    amount_max: amountSchema.optional(),
    count_max: z.int().min(0).max(1_000_000).optional(),
  }),
)

export type LimitJson = z.output<typeof limitSchema>

export const limitsBody = named(
  'LimitsRequest',
  z.strictObject({ currency: currencySchema, limits: z.array(limitSchema).max(16) }),
)

export const createWalletBody = named(
  'CreateWalletRequest',
  z.strictObject({ currency: currencySchema.default('KRW') }),
)

const limitState = named(
  'LimitState',
  limitSchema.extend({
    amount_used: amountSchema,
    count_used: z.int(),
    resets_at: timeSchema.nullable(),
  }),
)

const pocketState = named(
  'Pocket',
  z.strictObject({
    currency: currencySchema,
    balance: amountSchema,
    available: amountSchema,
    held: amountSchema,
    spent_today: amountSchema,
    spent_this_month: amountSchema,
    limits: z.array(limitState),
  }),
)

export const walletState = named(
  'Wallet',
  z.strictObject({
    id: walletIdSchema,
    object: z.literal('wallet'),
    pockets: z.array(pocketState),
    created_at: timeSchema,
  }),
)

export const tokenReply = named(
  'WalletToken',
  z.strictObject({ token: z.string(), expires_at: timeSchema }),
)

export const creditReply = named(
  'Credit',
  z.strictObject({ wallet: walletIdSchema, credited: moneySchema, balance: moneySchema }),
)

export type WalletState = z.output<typeof walletState>
export type PocketState = z.output<typeof pocketState>
