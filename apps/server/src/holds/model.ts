import { z } from 'zod'
import { paymentBody } from '../payments/model.ts'
import {
  amountSchema,
  holdIdSchema,
  merchantIdSchema,
  moneySchema,
  named,
  offerIdSchema,
  paymentIdSchema,
  timeSchema,
  walletIdSchema,
} from '../schemas.ts'

export const holdBody = named(
  'HoldRequest',
  paymentBody.extend({
    ttl_s: z
      .int()
      .min(1)
      .max(604_800)
      .meta({ description: 'Seconds until what was not captured is released; at most 7 days' }),
  }),
)

export const captureBody = named(
  'CaptureRequest',
  z.strictObject({ amount: amountSchema.optional() }),
)

export const holdParams = z.strictObject({ id: holdIdSchema })

export const holdState = named(
  'Hold',
  z.strictObject({
    id: holdIdSchema,
    object: z.literal('hold'),
    status: z.enum(['held', 'captured', 'voided', 'expired']),
    wallet: walletIdSchema,
    merchant: merchantIdSchema,
    offer: offerIdSchema.nullable(),
    amount: moneySchema,
    captured: moneySchema,
    payment: paymentIdSchema.optional(),
    reference: z.string().nullable(),
    expires_at: timeSchema,
    created_at: timeSchema,
    sequence: z.int(),
    shard: z.int(),
  }),
)

export type HoldState = z.output<typeof holdState>
