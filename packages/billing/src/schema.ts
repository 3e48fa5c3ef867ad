/** The shape of a profile's data. What its parts have to do with each other is in `consistency.ts`. */
import { z } from 'zod'
import type { MarketProfile } from './model.ts'

/** A day that exists, in years of four digits. */
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine(isCalendarDate, 'no day of the calendar')

/** An amount without a sign; whether it fits currency and step is checked with the whole profile. */
const amount = z.string().regex(/^(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$/, 'no amount')
const percent = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,2})(\.[0-9]{1,4})?$/, 'no percentage')
  .refine((text) => Number(text) <= 100, 'above 100 percent')
const count = z.int().min(0)
const positive = z.int().min(1)
const age = z.int().min(0).max(150)

const category = z.enum(['digital', 'physical', 'voucher', 'content', 'charity', 'ticket', 'voice'])
const categoryOrAny = z.enum([...category.options, 'any'])
const factor = z.enum(['network', 'sms_code', 'password', 'biometric', 'identity'])
const restore = z.enum(['oldest_month', 'full_balance'])

const ceiling = z.strictObject({
  transaction: amount.exactOptional(),
  day: amount.exactOptional(),
  month: amount.exactOptional(),
})

const identity = z.strictObject({
  linking: z.array(factor).min(1),
  secondFactor: z.strictObject({
    required: z.boolean(),
    effectiveFrom: date,
    exemptUpTo: amount.nullable(),
    exemptPerDay: amount.nullable(),
    byCategory: z.partialRecord(categoryOrAny, z.array(factor).min(1)),
  }),
  code: z.strictObject({
    digits: z.int().min(4).max(10),
    ttlSeconds: positive,
    attempts: positive,
    perHour: positive,
  }),
  passwordAttempts: positive,
  swap: z.strictObject({ stepUpHours: count, refuseHours: count }),
  redirectRequired: z.boolean(),
})

const eligibility = z.strictObject({
  kinds: z.array(z.enum(['postpaid', 'prepaid', 'corporate'])).min(1),
  minimumAge: age,
  adultAge: age,
  consentRequired: z.boolean(),
  joinedDaysMin: count,
  restrictedMonths: count,
  dormantMonths: positive.nullable(),
  arrearsBlock: z.boolean(),
  categories: z.array(category).min(1),
})

const limits = z.strictObject({
  regulatory: z.array(z.strictObject({ from: date, ceiling })).min(1),
  tiers: z
    .array(
      z.strictObject({
        ageFrom: age,
        ageTo: age,
        tenureMonthsFrom: count,
        ceiling,
        personal: ceiling,
      }),
    )
    .min(1),
  restricted: ceiling.nullable(),
  content: ceiling.nullable(),
  person: ceiling.nullable(),
  byCategory: z.partialRecord(category, ceiling),
  merchant: ceiling.nullable(),
  products: z.record(z.string().min(1).max(200), ceiling),
  step: amount,
  changesPerDay: positive,
  raise: z.strictObject({
    consent: z.boolean(),
    factors: z.array(factor),
    coolingOffHours: count,
    inArrears: z.boolean(),
  }),
  earlyPaymentFrees: amount.nullable(),
})

const billing = z.strictObject({
  cycle: z.literal('calendar_month'),
  billDay: z.int().min(1).max(28),
  dueDay: z.int().min(1).max(31),
  dueOnWorkdays: z.boolean(),
  taxIncluded: z.boolean(),
})

const reversal = z.strictObject({
  cancelWithin: z.union([z.literal('same_cycle'), z.strictObject({ days: count })]),
  partialCancel: z.boolean(),
  lateRefund: z.enum(['bill_credit', 'bank_transfer', 'none']),
  lateRefundRestoresLimit: z.boolean(),
  cancelAfterEarlyPayment: z.boolean(),
  disputeAnswerDays: positive,
  payoutHoldOnDispute: z.boolean(),
})

const dunning = z.strictObject({
  ladder: z
    .array(
      z.strictObject({
        stage: z.enum(['notice', 'blocked', 'outgoing_suspended', 'fully_suspended', 'terminated']),
        day: positive,
      }),
    )
    .min(1),
  chargeOffDay: positive,
  restoreBeforeSuspension: restore,
  restoreAfterSuspension: restore,
  restoreEnablesPayments: z.boolean(),
  reliefRestoreMonths: count,
})

const blocks = z.strictObject({
  perDay: positive,
  unblock: z.strictObject({
    factors: z.array(factor),
    perDay: positive,
    coolingOffHours: count,
    permanentCoolingOffHours: count,
  }),
})

/** Unknown members are refused everywhere: a misspelt rule would silently not hold. */
export const profileSchema: z.ZodType<MarketProfile> = z.strictObject({
  market: z.string().regex(/^[A-Za-z]{2,20}$/),
  version: z.string(),
  effectiveFrom: date,
  currency: z.string().regex(/^[A-Z]{3}$/),
  amountStep: amount,
  zone: z.string(),
  numbers: z.strictObject({
    callingCode: z.string().regex(/^[1-9]\d{0,2}$/),
    trunkPrefix: z.string().regex(/^\d{0,2}$/),
  }),
  languages: z.array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)).min(1),
  identity,
  eligibility,
  limits,
  billing,
  notices: z.strictObject({
    atCharge: z.boolean(),
    atBill: z.boolean(),
    leadDays: count,
    hours: z.strictObject({ from: z.int().min(0).max(23), to: z.int().min(1).max(24) }).nullable(),
    objectionContact: z.string().min(1),
  }),
  reversal,
  surcharge: z.strictObject({
    steps: z.array(percent),
    capPercent: percent,
    rounding: z.enum(['down', 'half_up']),
  }),
  dunning,
  blocks,
  settlement: z.strictObject({ fees: z.partialRecord(categoryOrAny, percent), lagDays: count }),
  retention: z.strictObject({ years: positive, above: amount.nullable(), yearsAbove: positive }),
  resale: z.strictObject({ carrierFunded: z.enum(['prohibited', 'licensed', 'allowed']) }),
  collection: z.strictObject({
    eachAbove: amount.nullable(),
    eachCategories: z.array(category),
    threshold: amount,
    credit: amount,
  }),
  sources: z
    .array(
      z.strictObject({
        about: z.string().min(1),
        cite: z.string().min(1),
        grade: z.enum(['A', 'B', 'C']),
      }),
    )
    .min(1),
})

function isCalendarDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number)
  const atMs = Date.UTC(year, month - 1, day)
  return new Date(atMs).toISOString().startsWith(text)
}
