/**
 * The JSON of a carrier's self-care: what the owner of a line sees and does. CAMARA has nothing of the kind; this is
 * Jeon's own, under `/{carrier}/selfcare/v1`. Amounts are decimal strings in the line's currency, times RFC 3339,
 * dates `YYYY-MM-DD` in the market's zone. Texts for people come in the language of the request. Lists come in an object
 * with one member: `{consents}`, `{bills}`, `{disputes}`, and the sandbox's inbox `{messages}`.
 */

export type CareBucket = 'general' | 'content'

/** GET /line */
export interface CareLine {
  readonly phone_number: string
  readonly carrier: { readonly id: string; readonly name: string; readonly contact: string }
  readonly kind: 'postpaid' | 'prepaid' | 'corporate'
  readonly currency: string
  readonly zone: string
  readonly profile_version: string
  readonly stage: 'active' | 'notice' | 'outgoing_suspended' | 'fully_suspended' | 'terminated'
  readonly service: CareService
  readonly blocks: readonly CareBlock[]
  /** What may be blocked, with a plain statement of what each does. */
  readonly block_choices: readonly { readonly kind: CareBlockKind; readonly does: string }[]
  readonly payment_password: 'unset' | 'set' | 'locked'
  /** What an unblock and a raise ask for in this market. */
  readonly unblock: {
    readonly factors: readonly CareFactor[]
    readonly cooling_off_hours: number
    readonly per_day: number
  }
  readonly raise: {
    readonly factors: readonly CareFactor[]
    readonly cooling_off_hours: number
    readonly consent_wording: string
  }
}

/** Whether payments on the line are possible, and if not, why and what to do about it. */
export interface CareService {
  readonly state:
    | 'enabled'
    | 'no_consent'
    | 'user_blocked'
    | 'hard_blocked'
    | 'limit_exhausted'
    | 'arrears_blocked'
    | 'dormant_blocked'
    | 'fraud_hold'
    | 'operator_blocked'
    | 'not_eligible'
    | 'suspended'
    | 'terminated'
  readonly text: string
  /** What to do to use payments again; `null` when nothing is needed or nothing helps. */
  readonly remedy: string | null
}

export type CareBlockKind =
  | 'payer'
  | 'permanent'
  | 'voucher'
  | 'auto_pay'
  | 'operator'
  | 'dormant'
  | 'fraud'

export interface CareBlock {
  readonly id: string
  readonly kind: CareBlockKind
  readonly does: string
  readonly set_at: string
  /** An unblock was granted and takes effect then. */
  readonly lifts_at: string | null
  /** Whether the owner can lift it, by a proof for the purpose `unblock`. */
  readonly liftable: boolean
}

/** One rule with its use. `limit` null: counted without a maximum. */
export interface CareWindow {
  readonly per: 'payment' | 'day' | 'month'
  readonly scope: 'all' | 'merchant' | 'category' | 'product'
  /** The category or product. */
  readonly of: string | null
  readonly limit: string | null
  readonly used: string
  /** Part of `used` that is only reserved. */
  readonly held: string
  readonly available: string | null
  readonly resets_at: string | null
}

/** GET /usage */
export interface CareUsage {
  readonly at: string
  readonly currency: string
  readonly cycle: string
  readonly buckets: readonly {
    readonly bucket: CareBucket
    readonly windows: readonly CareWindow[]
    /** Across all lines of the same person; empty where the market has no such rule. */
    readonly person: readonly CareWindow[]
  }[]
  /** The bill that this cycle will make. */
  readonly coming_bill: {
    readonly amount: string
    readonly items: number
    readonly bill_on: string
    readonly due_on: string
    readonly paid_early: string
  }
  /** What can be made available again this month by paying early; "0" when nothing. */
  readonly early_payment_frees: string
}

export interface CareMerchant {
  readonly id: string
  readonly name: string
  readonly contact: string
}

/** GET /history?before&limit&cycle: newest first */
export interface CareHistory {
  readonly entries: readonly CareEntry[]
  /** Give it as `before` for the next page; `null`: no more. */
  readonly next: string | null
}

export interface CareEntry {
  readonly id: string
  readonly kind: 'payment' | 'declined' | 'refund'
  readonly at: string
  readonly amount: string
  readonly currency: string
  readonly merchant: CareMerchant
  readonly description: string
  readonly items: readonly { readonly description: string; readonly amount: string }[]
  readonly category: string
  readonly bucket: CareBucket
  /** Of a payment or refund: its CAMARA status. */
  readonly status: string
  /** Why it was declined, for people; `null` when it was not. */
  readonly reason: {
    readonly code: string
    readonly text: string
    readonly remedy: string | null
  } | null
  readonly refunded: string
  readonly bill_cycle: string | null
  readonly dispute: {
    readonly id: string
    readonly state: string
    readonly answer_by: string
  } | null
  readonly can_dispute: boolean
}

/** GET /limits */
export interface CareLimits {
  readonly currency: string
  readonly step: string
  readonly buckets: readonly {
    readonly bucket: CareBucket
    readonly personal: CareCeiling
    /** The most that may be chosen. */
    readonly ceiling: CareCeiling
    readonly pending: { readonly after: CareCeiling; readonly effective_at: string } | null
  }[]
  /** Lowering counts too, but is always possible. */
  readonly changes_left_today: number
}

export interface CareCeiling {
  readonly transaction: string | null
  readonly day: string | null
  readonly month: string | null
}

/** PUT /limits. Lowering takes effect at once and needs nothing; raising needs `consent: true` and a proof. */
export interface CareLimitsChange {
  readonly bucket: CareBucket
  readonly transaction?: string | null
  readonly day?: string | null
  readonly month?: string | null
  readonly consent?: boolean
  readonly proof?: string
}

/** Answer of PUT /limits. */
export interface CareLimitsChanged {
  readonly effective_at: string
  readonly raises: boolean
  readonly limits: CareLimits
}

export type CareFactor = 'network' | 'sms_code' | 'password' | 'biometric' | 'identity'

export type CareProofPurpose = 'unblock' | 'raise' | 'password' | 'consent'

/** POST /proofs {purpose}: begins, sends the SMS code when one is needed. POST /proofs/{id}: gives factors. */
export interface CareProof {
  readonly id: string
  readonly purpose: CareProofPurpose
  readonly needs: readonly CareFactor[]
  readonly given: readonly CareFactor[]
  readonly complete: boolean
  readonly expires_at: string
}

/** PUT /password {proof, password}: sets the payment password, six digits; answers the CareLine. */

/** Body of POST /proofs/{id}. */
export interface CareProofGiven {
  readonly sms_code?: string
  readonly password?: string
  readonly identity?: { readonly name: string; readonly birthdate: string }
}

/**
 * POST /blocks {kind} answers the new CareLine; POST /blocks/{id}/lift {proof} answers this: with the block that was named
 * every other one that the owner may lift is lifted too, by the same proof.
 */
export interface CareLifted {
  /** When the last of `lifted` takes effect. */
  readonly lifts_at: string
  readonly lifted: readonly {
    readonly id: string
    readonly kind: CareBlockKind
    readonly lifts_at: string
  }[]
  /** What still holds afterwards, and why. */
  readonly remaining: readonly {
    readonly id: string
    readonly kind: CareBlockKind
    readonly why: string
  }[]
  readonly line: CareLine
}

/** GET /consents answers `{"consents": [...]}`; POST /consents {kind: 'payments', proof}, DELETE /consents/{id} */
export interface CareConsent {
  readonly id: string
  readonly kind: string
  readonly client: string | null
  /** What was agreed to, word for word. */
  readonly wording: string
  /** The same in the reader's language, where `wording` is in another one and is known in both; else `null`. */
  readonly translation: string | null
  readonly given_at: string
  readonly revoked_at: string | null
}

export type CareBillState = 'open' | 'paid' | 'overdue_1' | 'overdue_2' | 'charged_off' | 'relief'

/** GET /bills answers `{"bills": [...]}`: newest first, without items. */
export interface CareBillSummary {
  readonly id: string
  readonly cycle: string
  readonly made_on: string
  readonly due_on: string
  readonly state: CareBillState
  readonly currency: string
  readonly total: string
  readonly owed: string
  /** Written off, so that nothing more follows from it, and not paid since: still the owner's debt, not part of `owed`. */
  readonly charged_off: string
}

/** GET /bills/{id} */
export interface CareBill extends CareBillSummary {
  /** The amounts have their tax in them, as the market bills them. */
  readonly tax_included: boolean
  /** The third-party section: what others sold, charged through the bill. */
  readonly third_party: readonly CareBillItem[]
  readonly surcharges: readonly CareBillItem[]
  readonly credits: readonly { readonly amount: string; readonly text: string }[]
  readonly paid: string
  readonly objection: string
}

export interface CareBillItem {
  readonly number: number
  readonly at: string
  readonly text: string
  readonly merchant: CareMerchant | null
  readonly payment_id: string | null
  readonly amount: string
  readonly owed: string
}

/** GET /standing: what is owed, what follows, and exactly what restores service. */
export interface CareStanding {
  readonly at: string
  readonly currency: string
  readonly owed: string
  readonly overdue: string
  readonly stage: 'current' | CareLine['stage'] | 'blocked'
  /** The steps ahead of (and behind) the owner, with their dates; empty when nothing is overdue. */
  readonly ladder: readonly {
    readonly stage: string
    readonly notice_on: string
    readonly on: string
    readonly done: boolean
    readonly text: string
  }[]
  /** Set while a dispute or debt relief stops the clock. */
  readonly paused: string | null
  readonly restore: {
    readonly pay: string
    readonly rule: 'oldest_month' | 'full_balance'
    readonly text: string
    readonly enables_payments: boolean
  } | null
  /** What a missed payment would lead to, also while nothing is overdue. */
  readonly consequences: readonly {
    readonly day: number
    readonly stage: string
    readonly text: string
  }[]
  readonly credit: string
  /** What was written off and not paid since, not part of `owed`; paying `all` pays it too, after what is owed. */
  readonly charged_off: string
}

/** POST /bill-payments {amount: "5000" | "all" | "oldest", early?: true}, header Idempotency-Key. */
export interface CareBillPayment {
  readonly id: string
  readonly amount: string
  readonly early: boolean
  readonly at: string
  readonly parts: readonly {
    readonly cycle: string | null
    readonly text: string
    readonly amount: string
  }[]
  /** What exceeded the debt and became a credit for later bills. */
  readonly credit: string
  readonly standing: CareStanding
}

/** POST /disputes {payment_id, reason, block?: true}, GET /disputes answers `{"disputes": [...]}`, POST /disputes/{id}/withdraw */
export interface CareDispute {
  readonly id: string
  readonly payment_id: string
  readonly reason: string
  readonly state: 'open' | 'justified' | 'rejected' | 'withdrawn'
  readonly payout_held: boolean
  readonly opened_at: string
  readonly answer_by: string
  readonly answer: string | null
}

/** POST /statements {from, to}; GET /statements/{id} */
export interface CareStatementRequest {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly answer_by: string
  readonly ready_at: string | null
  readonly text: string | null
}

/** GET /live: server-sent events `changed`, one per thing that changed, within a second. */
export interface CareChange {
  readonly what:
    | 'payment'
    | 'declined'
    | 'refund'
    | 'usage'
    | 'line'
    | 'limits'
    | 'bill'
    | 'standing'
    | 'message'
    | 'dispute'
  readonly id: string
  readonly at: string
}

/** GET /sandbox/inbox?phone_number= answers `{"messages": [...]}` (sandbox only, no token): newest first. */
export interface SandboxMessage {
  readonly id: string
  readonly phone_number: string
  readonly carrier: string
  readonly kind: string
  readonly text: string
  readonly at: string
}

/** Refusals of self-care: application/problem+json with `code`, `title`, `detail`, `hint`, and `factors` where a proof is needed. */
export interface CareProblem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly hint: string
  readonly factors?: readonly CareFactor[]
}
