/**
 * The words of a market's rules. A market profile is data: validated, versioned and dated; a payment keeps the version
 * that it was made under. Amounts are decimal strings in the profile's currency ("300000"), days are whole calendar
 * days in the profile's zone, dates are `YYYY-MM-DD` in that zone.
 */

/** `YYYY-MM-DD`, a day in the market's zone. */
export type CalendarDate = string

/** `YYYY-MM`, a month in the market's zone: a usage cycle. */
export type Cycle = string

/** Whole or fractional currency units as text, such as "300000" or "240.00". */
export type DecimalText = string

/** Percent as text, such as "3.0". */
export type PercentText = string

/** Where a rule comes from. `A` statute, specification or the provider's own document; `B` press; `C` hearsay. */
export interface Source {
  readonly about: string
  readonly cite: string
  readonly grade: 'A' | 'B' | 'C'
}

/** Where spending is counted apart: in-app content has its own ceiling in Korea. */
export type Bucket = 'general' | 'content'

/** What is bought, as far as rules care. */
export type PurchaseCategory =
  | 'digital'
  | 'physical'
  | 'voucher'
  | 'content'
  | 'charity'
  | 'ticket'
  | 'voice'

export type LineKind = 'postpaid' | 'prepaid' | 'corporate'

/** Ways to show who is asking. `password` is the payment password of the line. */
export type Factor = 'network' | 'sms_code' | 'password' | 'biometric' | 'identity'

export interface IdentityRules {
  /** Factors with which a line is linked to a platform where the network cannot vouch silently. */
  readonly linking: readonly Factor[]
  /** Factors of a purchase beyond silent ones, by category; the category's own count before those of `any`. */
  readonly secondFactor: {
    readonly required: boolean
    readonly effectiveFrom: CalendarDate
    /**
     * Purchases of at most this amount need none, unless `byCategory` names their category: that one always needs
     * its factors. Only of clients to which the line's owner has linked it. `null`: every purchase needs one, and so
     * does whatever a platform collects.
     */
    readonly exemptUpTo: DecimalText | null
    /**
     * What a line may spend so in a day of the zone; a purchase with a factor begins the sum anew. `null`: no sum.
     */
    readonly exemptPerDay: DecimalText | null
    readonly byCategory: Readonly<Partial<Record<PurchaseCategory | 'any', readonly Factor[]>>>
  }
  /** A code by SMS. */
  readonly code: {
    readonly digits: number
    readonly ttlSeconds: number
    readonly attempts: number
    readonly perHour: number
  }
  /** Wrong payment passwords until it is locked. */
  readonly passwordAttempts: number
  /** A SIM or device changed within these hours steps up; within `refuseHours` refuses. */
  readonly swap: { readonly stepUpHours: number; readonly refuseHours: number }
  /** The payer confirms on the carrier's own page (Germany's redirect). */
  readonly redirectRequired: boolean
}

export interface EligibilityRules {
  readonly kinds: readonly LineKind[]
  readonly minimumAge: number
  /** Under this age a guardian's consent is needed. */
  readonly adultAge: number
  readonly consentRequired: boolean
  /** Days since the line was opened until payments are possible at all. */
  readonly joinedDaysMin: number
  /** Months since opening during which `limits.restricted` holds. */
  readonly restrictedMonths: number
  /** Months without use after which payments are blocked until the owner allows them again. `null`: never. */
  readonly dormantMonths: number | null
  readonly arrearsBlock: boolean
  /** What may be bought on a bill at all. */
  readonly categories: readonly PurchaseCategory[]
}

/** A ceiling. A missing number does not limit. */
export interface Ceiling {
  readonly transaction?: DecimalText
  readonly day?: DecimalText
  readonly month?: DecimalText
}

/** One tier of an age and tenure matrix; the first that fits is taken. Ages in years, tenure in whole months. */
export interface LimitTier {
  readonly ageFrom: number
  readonly ageTo: number
  readonly tenureMonthsFrom: number
  readonly ceiling: Ceiling
  /** What a line starts with. */
  readonly personal: Ceiling
}

export interface LimitRules {
  /** History of the regulator's ceiling per line: the last with `from` not after today holds. */
  readonly regulatory: readonly { readonly from: CalendarDate; readonly ceiling: Ceiling }[]
  readonly tiers: readonly LimitTier[]
  /** During the first `eligibility.restrictedMonths`. */
  readonly restricted: Ceiling | null
  /** In-app content counts in a bucket of its own. `null`: in the general one. */
  readonly content: Ceiling | null
  /** Across all lines of a person, per bucket. `null`: no such rule. */
  readonly person: Ceiling | null
  readonly byCategory: Readonly<Partial<Record<PurchaseCategory, Ceiling>>>
  /** Each merchant apart. */
  readonly merchant: Ceiling | null
  /** Named products. */
  readonly products: Readonly<Record<string, Ceiling>>
  /** Personal limits are whole multiples of this. */
  readonly step: DecimalText
  readonly changesPerDay: number
  readonly raise: {
    readonly consent: boolean
    readonly factors: readonly Factor[]
    readonly coolingOffHours: number
    readonly inArrears: boolean
  }
  /** By paying this month's use early at most this much becomes available again in the same month. */
  readonly earlyPaymentFrees: DecimalText | null
}

export interface BillingRules {
  /** Usage counts by calendar month in the market's zone. */
  readonly cycle: 'calendar_month'
  /** Day of the following month on which the bill is made, 1 to 28. */
  readonly billDay: number
  /** Day of the following month on which it is due; in a shorter month its last day. 31: always the last day. */
  readonly dueDay: number
  /** A due day on a weekend moves to the next Monday. */
  readonly dueOnWorkdays: boolean
  /** Prices are told and billed with their tax in them. */
  readonly taxIncluded: boolean
}

export interface NoticeRules {
  /** A message at each charge: time, merchant and contact, amount and items, how to object. */
  readonly atCharge: boolean
  /** The same when billed. */
  readonly atBill: boolean
  /** Days between a notice and the dunning step it announces. */
  readonly leadDays: number
  /**
   * Whole local hours within which what can wait is sent: bills and dunning, never what answers the owner or warns of a
   * charge. From the first on, up to but without the second. `null`: at any hour.
   */
  readonly hours: { readonly from: number; readonly to: number } | null
  readonly objectionContact: string
}

/** How money comes back after the cycle in which it was paid has ended. */
export type LateRefund = 'bill_credit' | 'bank_transfer' | 'none'

export interface ReversalRules {
  readonly cancelWithin: 'same_cycle' | { readonly days: number }
  readonly partialCancel: boolean
  readonly lateRefund: LateRefund
  /** A late refund does not give back the limit of the current cycle unless this says so. */
  readonly lateRefundRestoresLimit: boolean
  /** What was paid early can still be cancelled. */
  readonly cancelAfterEarlyPayment: boolean
  readonly disputeAnswerDays: number
  readonly payoutHoldOnDispute: boolean
}

export interface SurchargeRules {
  /** Percent of the unpaid payment, added at each missed due date in turn; afterwards nothing. */
  readonly steps: readonly PercentText[]
  /** All surcharges on one item together are at most this percent of it. */
  readonly capPercent: PercentText
  /** Of each item by itself, to the step in which the market charges. */
  readonly rounding: 'down' | 'half_up'
}

/** Dunning, from mild to severe. `terminated` ends the line. */
export type DunningStage =
  | 'due'
  | 'notice'
  | 'blocked'
  | 'outgoing_suspended'
  | 'fully_suspended'
  | 'terminated'

export interface DunningRules {
  /** Whole days after the missed due date, ascending; each is preceded by a notice `notices.leadDays` earlier. */
  readonly ladder: readonly { readonly stage: Exclude<DunningStage, 'due'>; readonly day: number }[]
  /** Days after the due date at which what is owed is charged off. */
  readonly chargeOffDay: number
  /** Paid before suspension: the oldest month is enough. */
  readonly restoreBeforeSuspension: 'oldest_month' | 'full_balance'
  readonly restoreAfterSuspension: 'oldest_month' | 'full_balance'
  /** Whether restoring the line also enables payments again. */
  readonly restoreEnablesPayments: boolean
  /** Months of payments in a relief plan after which the line works again. */
  readonly reliefRestoreMonths: number
}

export interface BlockRules {
  readonly perDay: number
  readonly unblock: {
    readonly factors: readonly Factor[]
    readonly perDay: number
    readonly coolingOffHours: number
    /** Stronger, for a permanent block. */
    readonly permanentCoolingOffHours: number
  }
}

export interface SettlementRules {
  /** Percent the carrier keeps, by category; `any` matches all. */
  readonly fees: Readonly<Partial<Record<PurchaseCategory | 'any', PercentText>>>
  readonly lagDays: number
}

export interface RetentionRules {
  readonly years: number
  /** Above this amount `yearsAbove` holds. */
  readonly above: DecimalText | null
  readonly yearsAbove: number
}

export interface ResaleRules {
  /** Whether vouchers bought on a bill may be bought back for money. */
  readonly carrierFunded: 'prohibited' | 'licensed' | 'allowed'
}

/** How a platform uses lines of this market. */
export interface CollectionRules {
  /** Purchases above this are one carrier payment each. `null`: none for its amount. */
  readonly eachAbove: DecimalText | null
  /** Categories that always are one carrier payment each. */
  readonly eachCategories: readonly PurchaseCategory[]
  /** Small purchases are collected when they reach this. */
  readonly threshold: DecimalText
  /** How far small purchases may go below zero before they are collected. */
  readonly credit: DecimalText
}

/** How phone numbers of the market are written at home (ITU-T E.164). */
export interface NumberRules {
  /** Without its plus sign: "82". */
  readonly callingCode: string
  /** What is dialled before a number at home and left out from abroad; empty: nothing (Italy). */
  readonly trunkPrefix: string
}

export interface MarketProfile {
  /** `KR`, `JP`, …; `sandbox` for the fictional one. */
  readonly market: string
  /** `KR-2025-09-15`: market and first day. A payment keeps it. */
  readonly version: string
  readonly effectiveFrom: CalendarDate
  readonly currency: string
  /** The smallest step a carrier charges in: "1" for won, "0.01" for pounds. */
  readonly amountStep: DecimalText
  /** IANA zone of days, cycles and limits. */
  readonly zone: string
  readonly languages: readonly string[]
  readonly numbers: NumberRules
  readonly identity: IdentityRules
  readonly eligibility: EligibilityRules
  readonly limits: LimitRules
  readonly billing: BillingRules
  readonly notices: NoticeRules
  readonly reversal: ReversalRules
  readonly surcharge: SurchargeRules
  readonly dunning: DunningRules
  readonly blocks: BlockRules
  readonly settlement: SettlementRules
  readonly retention: RetentionRules
  readonly resale: ResaleRules
  readonly collection: CollectionRules
  readonly sources: readonly Source[]
}
