/**
 * What the markets of the telecom exclusion share. Up to a ceiling for each payment and month, what is bought on a phone
 * bill needs no payment licence: Directive (EU) 2015/2366 art. 3(l), which the United Kingdom has kept as the electronic
 * communications exclusion. The rest has no source and is a parameter of this project.
 */
import type { CalendarDate, Ceiling, LateRefund, LineKind, MarketProfile } from '../model.ts'

/** The day from which PSD2 has the exclusion. */
export const EXCLUSION_FROM: CalendarDate = '2018-01-13'

/** In what the markets of the exclusion differ. */
export interface OwnRules {
  readonly kinds: readonly LineKind[]
  /** The exclusion's own. */
  readonly ceiling: Required<Pick<Ceiling, 'transaction' | 'month'>>
  /** What a line starts with. */
  readonly personal: Ceiling
  readonly billDay: number
  readonly dueDay: number
  readonly objectionContact: string
  readonly lateRefund: LateRefund
}

/** What a profile still says itself. */
type Named =
  | 'market'
  | 'version'
  | 'effectiveFrom'
  | 'currency'
  | 'zone'
  | 'languages'
  | 'numbers'
  | 'sources'

/** The rules of a market of the exclusion. */
export function exclusionRules(own: OwnRules): Omit<MarketProfile, Named> {
  return {
    amountStep: '0.01',
    identity: {
      linking: ['sms_code'],
      secondFactor: {
        required: false,
        effectiveFrom: EXCLUSION_FROM,
        exemptUpTo: null,
        exemptPerDay: null,
        byCategory: {},
      },
      code: { digits: 6, ttlSeconds: 300, attempts: 3, perHour: 5 },
      passwordAttempts: 5,
      swap: { stepUpHours: 240, refuseHours: 24 },
      redirectRequired: false,
    },
    eligibility: {
      kinds: own.kinds,
      minimumAge: 16,
      adultAge: 18,
      consentRequired: false,
      joinedDaysMin: 0,
      restrictedMonths: 0,
      dormantMonths: null,
      arrearsBlock: true,
      categories: ['digital', 'content', 'charity', 'ticket', 'voice'],
    },
    limits: {
      regulatory: [{ from: EXCLUSION_FROM, ceiling: own.ceiling }],
      tiers: [
        {
          ageFrom: 16,
          ageTo: 150,
          tenureMonthsFrom: 0,
          ceiling: {},
          personal: own.personal,
        },
      ],
      restricted: null,
      content: null,
      person: null,
      byCategory: {},
      merchant: null,
      products: {},
      step: '5',
      changesPerDay: 2,
      raise: { consent: true, factors: ['sms_code'], coolingOffHours: 24, inArrears: false },
      earlyPaymentFrees: null,
    },
    billing: {
      cycle: 'calendar_month',
      billDay: own.billDay,
      dueDay: own.dueDay,
      dueOnWorkdays: true,
      taxIncluded: true,
    },
    notices: {
      atCharge: true,
      atBill: true,
      leadDays: 7,
      hours: { from: 9, to: 21 },
      objectionContact: own.objectionContact,
    },
    reversal: {
      cancelWithin: { days: 14 },
      partialCancel: true,
      lateRefund: own.lateRefund,
      lateRefundRestoresLimit: false,
      cancelAfterEarlyPayment: true,
      disputeAnswerDays: 14,
      payoutHoldOnDispute: true,
    },
    surcharge: { steps: [], capPercent: '0', rounding: 'down' },
    dunning: {
      ladder: [
        { stage: 'notice', day: 2 },
        { stage: 'blocked', day: 14 },
        { stage: 'outgoing_suspended', day: 30 },
        { stage: 'terminated', day: 90 },
      ],
      chargeOffDay: 180,
      restoreBeforeSuspension: 'oldest_month',
      restoreAfterSuspension: 'full_balance',
      restoreEnablesPayments: true,
      reliefRestoreMonths: 3,
    },
    blocks: {
      perDay: 5,
      unblock: {
        factors: ['sms_code'],
        perDay: 2,
        coolingOffHours: 0,
        permanentCoolingOffHours: 24,
      },
    },
    settlement: { fees: { charity: '0', any: '12.0' }, lagDays: 45 },
    retention: { years: 2, above: null, yearsAbove: 2 },
    resale: { carrierFunded: 'prohibited' },
    collection: { eachAbove: '5', eachCategories: ['voucher'], threshold: '2', credit: '5' },
  }
}
