import { z } from 'zod'
import { currencies } from './assets.ts'

/**
 * The shapes that several endpoints share. Named ones become components of the OpenAPI document. Amounts are only
 * strings here: the exact grammar is the money package's, with a code for each way of being wrong.
 */
export const components = z.registry<{ id: string }>()

/** Names a schema in the OpenAPI document. */
export function named<S extends z.ZodType>(id: string, schema: S): S {
  components.add(schema, { id })
  return schema
}

export const currencySchema = z.enum(currencies).meta({ description: 'ISO 4217 code' })

export const amountSchema = z
  .string()
  .max(64)
  .meta({
    description: 'Decimal string, exact, without sign or exponent',
    examples: ['150', '0.3'],
  })

export const moneySchema = named(
  'Money',
  z.strictObject({ amount: amountSchema, currency: currencySchema }),
)

export const offerIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
  .meta({ description: "The merchant's own id of an offer", examples: ['article-1'] })

export const walletIdSchema = idSchema('wal', 'Wallet id')
export const merchantIdSchema = idSchema('mer', 'Merchant id')
export const paymentIdSchema = idSchema('pay', 'Payment id')
export const holdIdSchema = idSchema('hold', 'Hold id')
export const refundIdSchema = idSchema('rfd', 'Refund id')

/** Characters that no name or reference needs and that make a log or a page lie. */
const printable = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u

export const referenceSchema = z
  .string()
  .max(200)
  .regex(printable)
  .meta({ description: "The merchant's own reference; travels with the payment" })

export const categorySchema = z
  .string()
  .max(64)
  .regex(/^[a-z0-9-]*$/)
  .meta({ description: 'What kind of thing is sold; payers can limit each category' })

export const titleSchema = z.string().min(1).max(200).regex(printable)

export const timeSchema = z.iso.datetime().meta({ description: 'RFC 3339, UTC' })

export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(20)
    .meta({ description: 'How many, at most' }),
  cursor: z
    .string()
    .max(2_000)
    .optional()
    .meta({ description: '`next_cursor` of the page before' }),
}

function idSchema(prefix: string, description: string) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`))
    .meta({ description, examples: [`${prefix}_01h455vb4pex5vsknk084sn02q`] })
}
