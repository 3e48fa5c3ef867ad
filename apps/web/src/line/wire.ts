/** The JSON that the page reads: the carrier's self-care, and the platform's own word on the line. */
import type {
  CareBill,
  CareBillItem,
  CareBillPayment,
  CareBillSummary,
  CareBlock,
  CareCeiling,
  CareConsent,
  CareDispute,
  CareEntry,
  CareHistory,
  CareLifted,
  CareLimits,
  CareLimitsChanged,
  CareLine,
  CareMerchant,
  CareProof,
  CareStanding,
  CareStatementRequest,
  CareUsage,
  CareWindow,
  SandboxMessage,
} from '@jeon/camara'
import { count, flag, list, oneOf, orNull, record, type Shape, text } from './shapes.ts'

const bucket = oneOf('general', 'content')
const factor = oneOf('network', 'sms_code', 'password', 'biometric', 'identity')
const stages = ['active', 'notice', 'outgoing_suspended', 'fully_suspended', 'terminated'] as const
const maybeText = orNull(text)

const blockKind = oneOf('payer', 'permanent', 'voucher', 'auto_pay', 'operator', 'dormant', 'fraud')

const block: Shape<CareBlock> = record({
  id: text,
  kind: blockKind,
  does: text,
  set_at: text,
  lifts_at: maybeText,
  liftable: flag,
})

export const careLine: Shape<CareLine> = record({
  phone_number: text,
  carrier: record({ id: text, name: text, contact: text }),
  kind: oneOf('postpaid', 'prepaid', 'corporate'),
  currency: text,
  zone: text,
  profile_version: text,
  stage: oneOf(...stages),
  service: record({
    state: oneOf(
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
    ),
    text,
    remedy: maybeText,
  }),
  blocks: list(block),
  block_choices: list(record({ kind: blockKind, does: text })),
  payment_password: oneOf('unset', 'set', 'locked'),
  unblock: record({ factors: list(factor), cooling_off_hours: count, per_day: count }),
  raise: record({ factors: list(factor), cooling_off_hours: count, consent_wording: text }),
})

const window: Shape<CareWindow> = record({
  per: oneOf('payment', 'day', 'month'),
  scope: oneOf('all', 'merchant', 'category', 'product'),
  of: maybeText,
  limit: maybeText,
  used: text,
  held: text,
  available: maybeText,
  resets_at: maybeText,
})

export const careUsage: Shape<CareUsage> = record({
  at: text,
  currency: text,
  cycle: text,
  buckets: list(record({ bucket, windows: list(window), person: list(window) })),
  coming_bill: record({
    amount: text,
    items: count,
    bill_on: text,
    due_on: text,
    paid_early: text,
  }),
  early_payment_frees: text,
})

const merchant: Shape<CareMerchant> = record({ id: text, name: text, contact: text })

const entry: Shape<CareEntry> = record({
  id: text,
  kind: oneOf('payment', 'declined', 'refund'),
  at: text,
  amount: text,
  currency: text,
  merchant,
  description: text,
  items: list(record({ description: text, amount: text })),
  category: text,
  bucket,
  status: text,
  reason: orNull(record({ code: text, text, remedy: maybeText })),
  refunded: text,
  bill_cycle: maybeText,
  dispute: orNull(record({ id: text, state: text, answer_by: text })),
  can_dispute: flag,
})

export const careHistory: Shape<CareHistory> = record({ entries: list(entry), next: maybeText })

const ceiling: Shape<CareCeiling> = record({
  transaction: maybeText,
  day: maybeText,
  month: maybeText,
})

export const careLimits: Shape<CareLimits> = record({
  currency: text,
  step: text,
  buckets: list(
    record({
      bucket,
      personal: ceiling,
      ceiling,
      pending: orNull(record({ after: ceiling, effective_at: text })),
    }),
  ),
  changes_left_today: count,
})

export const careLimitsChanged: Shape<CareLimitsChanged> = record({
  effective_at: text,
  raises: flag,
  limits: careLimits,
})

export const careProof: Shape<CareProof> = record({
  id: text,
  purpose: oneOf('unblock', 'raise', 'password', 'consent'),
  needs: list(factor),
  given: list(factor),
  complete: flag,
  expires_at: text,
})

export const careLifted: Shape<CareLifted> = record({
  lifts_at: text,
  lifted: list(record({ id: text, kind: blockKind, lifts_at: text })),
  remaining: list(record({ id: text, kind: blockKind, why: text })),
  line: careLine,
})

export const careConsent: Shape<CareConsent> = record({
  id: text,
  kind: text,
  client: maybeText,
  wording: text,
  translation: maybeText,
  given_at: text,
  revoked_at: maybeText,
})

const billFields = {
  id: text,
  cycle: text,
  made_on: text,
  due_on: text,
  state: oneOf('open', 'paid', 'overdue_1', 'overdue_2', 'charged_off', 'relief'),
  currency: text,
  total: text,
  owed: text,
  charged_off: text,
} as const

export const careBillSummary: Shape<CareBillSummary> = record(billFields)

const billItem: Shape<CareBillItem> = record({
  number: count,
  at: text,
  text,
  merchant: orNull(merchant),
  payment_id: maybeText,
  amount: text,
  owed: text,
})

export const careBill: Shape<CareBill> = record({
  ...billFields,
  tax_included: flag,
  third_party: list(billItem),
  surcharges: list(billItem),
  credits: list(record({ amount: text, text })),
  paid: text,
  objection: text,
})

export const careStanding: Shape<CareStanding> = record({
  at: text,
  currency: text,
  owed: text,
  overdue: text,
  charged_off: text,
  stage: oneOf('current', ...stages, 'blocked'),
  ladder: list(record({ stage: text, notice_on: text, on: text, done: flag, text })),
  paused: maybeText,
  restore: orNull(
    record({
      pay: text,
      rule: oneOf('oldest_month', 'full_balance'),
      text,
      enables_payments: flag,
    }),
  ),
  consequences: list(record({ day: count, stage: text, text })),
  credit: text,
})

export const careBillPayment: Shape<CareBillPayment> = record({
  id: text,
  amount: text,
  early: flag,
  at: text,
  parts: list(record({ cycle: maybeText, text, amount: text })),
  credit: text,
  standing: careStanding,
})

export const careDispute: Shape<CareDispute> = record({
  id: text,
  payment_id: text,
  reason: text,
  state: oneOf('open', 'justified', 'rejected', 'withdrawn'),
  payout_held: flag,
  opened_at: text,
  answer_by: text,
  answer: maybeText,
})

export const careStatement: Shape<CareStatementRequest> = record({
  id: text,
  from: text,
  to: text,
  answer_by: text,
  ready_at: maybeText,
  text: maybeText,
})

/** GET /v1/sandbox/inbox?phone_number= */
export const sandboxMessage: Shape<SandboxMessage> = record({
  id: text,
  phone_number: text,
  carrier: text,
  kind: text,
  text,
  at: text,
})

/** GET /v1/carriers */
export interface CarrierName {
  readonly id: string
  readonly name: string
}

export const carrierName: Shape<CarrierName> = record({ id: text, name: text })

/** What the wallet has run up with the line and not yet collected, and whether it goes on. */
export interface Collection {
  readonly state: 'open' | 'blocked'
  readonly owed: string
  readonly threshold: string
  readonly credit: string
  readonly currency: string
  readonly blocked_reason: { readonly code: string; readonly text: string } | null
  readonly last: {
    readonly id: string
    readonly status: string
    readonly amount: string
    readonly at: string
  } | null
}

export const collection: Shape<Collection> = record({
  state: oneOf('open', 'blocked'),
  owed: text,
  threshold: text,
  credit: text,
  currency: text,
  blocked_reason: orNull(record({ code: text, text })),
  last: orNull(record({ id: text, status: text, amount: text, at: text })),
})

/** GET /v1/line: the line of this wallet, `null` when none is linked. */
export interface LinkedLine {
  readonly carrier: CarrierName
  readonly phone_number: string
  readonly linked_at: string
  readonly collection: Collection
  /** Purchases that wait for the payer, oldest first. */
  readonly waiting: readonly WaitingPurchase[]
}

/** A purchase that its carrier asks the payer about. */
export interface WaitingPurchase {
  readonly id: string
  readonly merchant: string
  readonly amount: { readonly amount: string; readonly currency: string }
  readonly validation: { readonly by: string; readonly url: string | null } | null
}

const waitingPurchase: Shape<WaitingPurchase> = record({
  id: text,
  merchant: text,
  amount: record({ amount: text, currency: text }),
  validation: orNull(record({ by: text, url: maybeText })),
})

const linkedLine: Shape<LinkedLine> = record({
  carrier: carrierName,
  phone_number: text,
  linked_at: text,
  collection,
  waiting: list(waitingPurchase),
})

const linkedFlag = record({ linked: flag })

export const lineOrNone: Shape<LinkedLine | null> = (json, path) =>
  linkedFlag(json, path).linked ? linkedLine(json, path) : null

/** GET /v1/wallet: the wallet's own money, in each of its currencies. */
export const walletMoney = record({
  pockets: list(record({ currency: text, balance: text, held: text })),
})

/** POST /v1/line/links, and each proof that follows. */
export interface LinkAttempt {
  readonly id: string
  readonly state: 'linked' | 'proof_needed' | 'refused'
  readonly needs: readonly string[]
  readonly reason: { readonly code: string; readonly text: string } | null
}

export const linkAttempt: Shape<LinkAttempt> = record({
  id: text,
  state: oneOf('linked', 'proof_needed', 'refused'),
  needs: list(text),
  reason: orNull(record({ code: text, text })),
})

/** GET /v1/sandbox/offers: what can be bought to try the line. */
export interface TrialOffer {
  readonly id: string
  readonly merchant: string
  readonly title: string
  readonly price: { readonly amount: string | null; readonly currency: string }
  readonly category: string | null
}

export const trialOffer: Shape<TrialOffer> = record({
  id: text,
  merchant: text,
  title: text,
  price: record({ amount: maybeText, currency: text }),
  category: maybeText,
})

/** POST and GET /v1/payments: accepted, or not yet, because the carrier wants to hear from the payer first. */
export interface PurchaseAnswer {
  readonly id: string
  readonly status: string
  readonly validation: { readonly by: string; readonly url: string | null } | null
  readonly reason: { readonly code: string; readonly text: string } | null
}

export const purchaseAnswer: Shape<PurchaseAnswer> = record({
  id: text,
  status: text,
  validation: orNull(record({ by: text, url: maybeText })),
  reason: orNull(record({ code: text, text })),
})
