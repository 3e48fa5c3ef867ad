import type { Asset } from '@jeon/money'
import { z } from 'zod'
import {
  amountSchema,
  categorySchema,
  currencySchema,
  merchantIdSchema,
  named,
  offerIdSchema,
  pageQuery,
  timeSchema,
  titleSchema,
} from '../schemas.ts'

/** `each`: a carrier's payment of its own. `collected`: out of the wallet and its credit, collected with others. */
export type Charge = 'each' | 'collected' | 'auto'

/** What a merchant sells. */
export interface Offer {
  readonly merchantId: string
  readonly id: string
  readonly title: string
  /** In the asset's smallest unit; null lets the payer choose. */
  readonly amount: bigint | null
  readonly asset: Asset
  readonly category: string
  /** What a payer may use once it is paid for; null: nothing that lasts. */
  readonly unlocks: string | null
  readonly active: boolean
  /** How a wallet with a line pays for it; `auto`: as the market's rules say. */
  readonly charge: Charge
  readonly createdAtMs: number
}

const unlocksSchema = z
  .string()
  .regex(/^[a-zA-Z0-9:/_.-]{1,128}$/)
  .meta({ description: 'What a payer may use once it is paid for' })

const chargeSchema = z.enum(['each', 'collected', 'auto']).meta({
  description:
    'How a wallet with a phone line pays: a payment of its own on the bill, or out of the wallet and its credit, which ' +
    'is collected with others; auto: as the market’s rules say. (Default: auto)',
})

const priceInput = z
  .strictObject({ amount: amountSchema.optional(), currency: currencySchema })
  .meta({ description: 'Without an amount the payer chooses it' })

export const createOfferBody = named(
  'CreateOfferRequest',
  z.strictObject({
    id: offerIdSchema.optional(),
    title: titleSchema,
    price: priceInput,
    category: categorySchema.default(''),
    unlocks: unlocksSchema.nullable().optional().meta({
      description:
        'What a payer may use from then on, once it is paid for. (Default: nothing that lasts)',
    }),
    charge: chargeSchema.optional(),
  }),
)

export const changeOfferBody = named(
  'ChangeOfferRequest',
  z.strictObject({
    title: titleSchema.optional(),
    price: priceInput.optional(),
    category: categorySchema.optional(),
    unlocks: unlocksSchema.nullable().optional(),
    active: z.boolean().optional(),
    charge: chargeSchema.optional(),
  }),
)

export const offerState = named(
  'Offer',
  z.strictObject({
    id: offerIdSchema,
    object: z.literal('offer'),
    merchant: merchantIdSchema,
    title: z.string(),
    price: z.strictObject({ amount: amountSchema.nullable(), currency: currencySchema }),
    category: z.string(),
    unlocks: z.string().nullable(),
    active: z.boolean(),
    charge: chargeSchema,
    created_at: timeSchema,
  }),
)

export const offerPage = named(
  'OfferPage',
  z.strictObject({ data: z.array(offerState), next_cursor: z.string().nullable() }),
)

export const offerParams = z.strictObject({ id: offerIdSchema })
export const ofMerchant = z.strictObject({ merchant: merchantIdSchema.optional() })
export const offersQuery = z.strictObject({ merchant: merchantIdSchema.optional(), ...pageQuery })
