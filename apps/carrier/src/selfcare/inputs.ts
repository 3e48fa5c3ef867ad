import type { CareBillPayment, CareLimitsChange, CareProofGiven } from '@jeon/camara'
import { z } from 'zod'

/** What self-care takes. Strict: a field that nobody reads is a mistake of the sender's, and is said so. */

const id = z.string().min(1).max(64)
const amount = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,3})?$/)
  .meta({ description: 'A decimal string in the currency of the line', examples: ['300000'] })
/** Of a time that somebody living can mean: further ones the calendars of database and program read differently. */
export const date = z.iso
  .date()
  .refine((text) => /^(?:19|20|21)/.test(text), '1900-01-01 … 2199-12-31')
const cycle = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const bucket = z.enum(['general', 'content'])

export const historyQuery = z.strictObject({
  before: z
    .string()
    .regex(/^\d{1,14}\.[\w-]{1,64}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  cycle: cycle.optional(),
})

export const limitsChange = z.strictObject({
  bucket,
  transaction: amount.nullable().optional(),
  day: amount.nullable().optional(),
  month: amount.nullable().optional(),
  consent: z.boolean().optional(),
  proof: id.optional(),
}) satisfies z.ZodType<Loose<CareLimitsChange>>

export const proofBegin = z.strictObject({
  purpose: z.enum(['unblock', 'raise', 'password', 'consent']),
})

export const proofGiven = z.strictObject({
  sms_code: z
    .string()
    .regex(/^\d{4,10}$/)
    .optional(),
  password: z
    .string()
    .regex(/^\d{4,12}$/)
    .optional(),
  identity: z.strictObject({ name: z.string().trim().min(1).max(80), birthdate: date }).optional(),
}) satisfies z.ZodType<Loose<CareProofGiven>>

export const passwordChange = z.strictObject({
  proof: id,
  password: z.string().regex(/^\d{6}$/),
})

export const blockSet = z.strictObject({
  kind: z.enum(['payer', 'permanent', 'voucher', 'auto_pay']),
})

export const lift = z.strictObject({ proof: id.optional() })

export const consentGive = z.strictObject({ kind: z.literal('payments'), proof: id.optional() })

export const billPayment = z.strictObject({
  amount: z.union([z.enum(['all', 'oldest']), amount]),
  early: z.boolean().optional(),
}) satisfies z.ZodType<Loose<{ amount: CareBillPayment['amount']; early?: boolean }>>

export const disputeOpen = z.strictObject({
  payment_id: z.uuid(),
  reason: z.string().trim().min(1).max(500),
  block: z.boolean().optional(),
})

export const statementRequest = z
  .strictObject({ from: date, to: date })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'before "from"' })

export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,100}$/)

/** What zod reads as optional may also be there and undefined. */
type Loose<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] }
