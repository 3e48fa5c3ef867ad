import type {
  CareBill,
  CareBillPayment,
  CareConsent,
  CareDispute,
  CareHistory,
  CareLifted,
  CareLimits,
  CareLimitsChanged,
  CareLine,
  CareProof,
  CareStanding,
  CareStatementRequest,
  CareUsage,
} from '@jeon/camara'
import { z } from 'zod'

/** The shapes of self-care's answers, for its documentation and its tests. The types in `@jeon/camara` lead. */

const text = z.string()
const amount = z.string().regex(/^-?\d+(\.\d+)?$/)
const time = z.iso.datetime()
const date = z.iso.date()
const cycle = z.string().regex(/^\d{4}-\d{2}$/)
const bucket = z.enum(['general', 'content'])
const factor = z.enum(['network', 'sms_code', 'password', 'biometric', 'identity'])
const stage = z.enum(['active', 'notice', 'outgoing_suspended', 'fully_suspended', 'terminated'])
const blockKind = z.enum([
  'payer',
  'permanent',
  'voucher',
  'auto_pay',
  'operator',
  'dormant',
  'fraud',
])
const merchant = z.strictObject({ id: text, name: text, contact: text })

const service = z.strictObject({
  state: z.enum([
    'enabled',
    'no_consent',
    'user_blocked',
    'hard_blocked',
    'limit_exhausted',
    'arrears_blocked',
    'dormant_blocked',
    'fraud_hold',
    'operator_blocked',
    'not_eligible',
    'suspended',
    'terminated',
  ]),
  text,
  remedy: text.nullable(),
})

const line = z.strictObject({
  phone_number: text,
  carrier: z.strictObject({ id: text, name: text, contact: text }),
  kind: z.enum(['postpaid', 'prepaid', 'corporate']),
  currency: text,
  zone: text,
  profile_version: text,
  stage,
  service,
  blocks: z.array(
    z.strictObject({
      id: text,
      kind: blockKind,
      does: text,
      set_at: time,
      lifts_at: time.nullable(),
      liftable: z.boolean(),
    }),
  ),
  block_choices: z.array(z.strictObject({ kind: blockKind, does: text })),
  payment_password: z.enum(['unset', 'set', 'locked']),
  unblock: z.strictObject({
    factors: z.array(factor),
    cooling_off_hours: z.number(),
    per_day: z.number(),
  }),
  raise: z.strictObject({
    factors: z.array(factor),
    cooling_off_hours: z.number(),
    consent_wording: text,
  }),
}) satisfies z.ZodType<Mutable<CareLine>>

const window = z.strictObject({
  per: z.enum(['payment', 'day', 'month']),
  scope: z.enum(['all', 'merchant', 'category', 'product']),
  of: text.nullable(),
  limit: amount.nullable(),
  used: amount,
  held: amount,
  available: amount.nullable(),
  resets_at: time.nullable(),
})

const usage = z.strictObject({
  at: time,
  currency: text,
  cycle,
  buckets: z.array(z.strictObject({ bucket, windows: z.array(window), person: z.array(window) })),
  coming_bill: z.strictObject({
    amount,
    items: z.int(),
    bill_on: date,
    due_on: date,
    paid_early: amount,
  }),
  early_payment_frees: amount,
}) satisfies z.ZodType<Mutable<CareUsage>>

const history = z.strictObject({
  entries: z.array(
    z.strictObject({
      id: text,
      kind: z.enum(['payment', 'declined', 'refund']),
      at: time,
      amount,
      currency: text,
      merchant,
      description: text,
      items: z.array(z.strictObject({ description: text, amount })),
      category: text,
      bucket,
      status: text,
      reason: z.strictObject({ code: text, text, remedy: text.nullable() }).nullable(),
      refunded: amount,
      bill_cycle: cycle.nullable(),
      dispute: z.strictObject({ id: text, state: text, answer_by: time }).nullable(),
      can_dispute: z.boolean(),
    }),
  ),
  next: text.nullable(),
}) satisfies z.ZodType<Mutable<CareHistory>>

const ceiling = z.strictObject({
  transaction: amount.nullable(),
  day: amount.nullable(),
  month: amount.nullable(),
})

const limits = z.strictObject({
  currency: text,
  step: amount,
  buckets: z.array(
    z.strictObject({
      bucket,
      personal: ceiling,
      ceiling,
      pending: z.strictObject({ after: ceiling, effective_at: time }).nullable(),
    }),
  ),
  changes_left_today: z.int(),
}) satisfies z.ZodType<Mutable<CareLimits>>

const limitsChanged = z.strictObject({
  effective_at: time,
  raises: z.boolean(),
  limits,
}) satisfies z.ZodType<Mutable<CareLimitsChanged>>

const proof = z.strictObject({
  id: text,
  purpose: z.enum(['unblock', 'raise', 'password', 'consent']),
  needs: z.array(factor),
  given: z.array(factor),
  complete: z.boolean(),
  expires_at: time,
}) satisfies z.ZodType<Mutable<CareProof>>

const lifted = z.strictObject({
  lifts_at: time,
  lifted: z.array(z.strictObject({ id: text, kind: blockKind, lifts_at: time })),
  remaining: z.array(z.strictObject({ id: text, kind: blockKind, why: text })),
  line,
}) satisfies z.ZodType<Mutable<CareLifted>>

const consent = z.strictObject({
  id: text,
  kind: text,
  client: text.nullable(),
  wording: text,
  translation: text.nullable(),
  given_at: time,
  revoked_at: time.nullable(),
}) satisfies z.ZodType<Mutable<CareConsent>>

const billSummary = {
  id: text,
  cycle,
  made_on: date,
  due_on: date,
  state: z.enum(['open', 'paid', 'overdue_1', 'overdue_2', 'charged_off', 'relief']),
  currency: text,
  total: amount,
  owed: amount,
  charged_off: amount,
}

const billItem = z.strictObject({
  number: z.int(),
  at: time,
  text,
  merchant: merchant.nullable(),
  payment_id: text.nullable(),
  amount,
  owed: amount,
})

const bill = z.strictObject({
  ...billSummary,
  tax_included: z.boolean(),
  third_party: z.array(billItem),
  surcharges: z.array(billItem),
  credits: z.array(z.strictObject({ amount, text })),
  paid: amount,
  objection: text,
}) satisfies z.ZodType<Mutable<CareBill>>

const standing = z.strictObject({
  at: time,
  currency: text,
  owed: amount,
  overdue: amount,
  stage: z.enum(['current', 'blocked', ...stage.options]),
  ladder: z.array(
    z.strictObject({ stage: text, notice_on: date, on: date, done: z.boolean(), text }),
  ),
  paused: text.nullable(),
  restore: z
    .strictObject({
      pay: amount,
      rule: z.enum(['oldest_month', 'full_balance']),
      text,
      enables_payments: z.boolean(),
    })
    .nullable(),
  consequences: z.array(z.strictObject({ day: z.int(), stage: text, text })),
  credit: amount,
  charged_off: amount,
}) satisfies z.ZodType<Mutable<CareStanding>>

const billPaid = z.strictObject({
  id: text,
  amount,
  early: z.boolean(),
  at: time,
  parts: z.array(z.strictObject({ cycle: cycle.nullable(), text, amount })),
  credit: amount,
  standing,
}) satisfies z.ZodType<Mutable<CareBillPayment>>

const dispute = z.strictObject({
  id: text,
  payment_id: text,
  reason: text,
  state: z.enum(['open', 'justified', 'rejected', 'withdrawn']),
  payout_held: z.boolean(),
  opened_at: time,
  answer_by: time,
  answer: text.nullable(),
}) satisfies z.ZodType<Mutable<CareDispute>>

const statement = z.strictObject({
  id: text,
  from: date,
  to: date,
  answer_by: time,
  ready_at: time.nullable(),
  text: text.nullable(),
}) satisfies z.ZodType<Mutable<CareStatementRequest>>

/** Every answer by its name. */
export const replies = {
  line,
  usage,
  history,
  limits,
  limitsChanged,
  proof,
  lifted,
  consent,
  consents: z.strictObject({ consents: z.array(consent) }),
  bill,
  bills: z.strictObject({ bills: z.array(z.strictObject(billSummary)) }),
  standing,
  billPaid,
  dispute,
  disputes: z.strictObject({ disputes: z.array(dispute) }),
  statement,
} as const

export type ReplyName = keyof typeof replies

/** zod makes what it reads mutable; the types on the wire are not. */
type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T
