import { z } from 'zod'
import { merchantIdSchema, moneySchema, named, timeSchema, titleSchema } from '../schemas.ts'

export interface Merchant {
  readonly id: string
  readonly name: string
  /** Web origins whose pages may sell for it. */
  readonly origins: readonly string[]
  readonly createdAtMs: number
}

/** Scheme, host and port, as browsers write them: no path, no trailing slash. */
export const originSchema = z
  .string()
  .max(200)
  .regex(/^https?:\/\/[a-z0-9.-]+(:[0-9]{1,5})?$/)
  .meta({ description: 'Web origin', examples: ['http://localhost:4300'] })

export const createMerchantBody = named(
  'CreateMerchantRequest',
  z.strictObject({ name: titleSchema, origins: z.array(originSchema).max(20).default([]) }),
)

export const merchantState = named(
  'Merchant',
  z.strictObject({
    id: merchantIdSchema,
    object: z.literal('merchant'),
    name: z.string(),
    origins: z.array(z.string()),
    balances: z.array(moneySchema),
    created_at: timeSchema,
  }),
)

export const createdMerchant = named(
  'CreatedMerchant',
  z.strictObject({
    id: merchantIdSchema,
    object: z.literal('merchant'),
    name: z.string(),
    origins: z.array(z.string()),
    keys: z.strictObject({ secret: z.string(), page: z.string() }),
    created_at: timeSchema,
  }),
)
