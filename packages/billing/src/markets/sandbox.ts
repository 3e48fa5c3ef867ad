/**
 * A country that does not exist, where every rule is switched on and every number is small: a limit is reached with
 * three purchases, and a line is lost within a fortnight.
 */
import type { MarketProfile } from '../model.ts'

const SANDBOX: MarketProfile = {
  market: 'sandbox',
  version: 'sandbox-2020-01-01',
  effectiveFrom: '2020-01-01',
  currency: 'KRW',
  amountStep: '10',
  zone: 'Asia/Seoul',
  languages: ['ko', 'en'],
  numbers: { callingCode: '82', trunkPrefix: '0' },
  identity: {
    linking: ['sms_code', 'password'],
    secondFactor: {
      required: true,
      effectiveFrom: '2020-01-01',
      exemptUpTo: '2000',
      exemptPerDay: '10000',
      byCategory: {
        any: ['password'],
        voucher: ['password', 'identity'],
        physical: ['sms_code'],
        ticket: ['biometric'],
      },
    },
    code: { digits: 6, ttlSeconds: 60, attempts: 3, perHour: 10 },
    passwordAttempts: 3,
    swap: { stepUpHours: 24, refuseHours: 1 },
    redirectRequired: false,
  },
  eligibility: {
    kinds: ['postpaid', 'corporate'],
    minimumAge: 12,
    adultAge: 19,
    consentRequired: true,
    joinedDaysMin: 1,
    restrictedMonths: 1,
    dormantMonths: 2,
    arrearsBlock: true,
    categories: ['digital', 'physical', 'voucher', 'content', 'charity', 'ticket'],
  },
  limits: {
    regulatory: [
      { from: '2020-01-01', ceiling: { month: '80000' } },
      { from: '2022-01-01', ceiling: { transaction: '50000', day: '70000', month: '100000' } },
    ],
    tiers: [
      {
        ageFrom: 12,
        ageTo: 18,
        tenureMonthsFrom: 0,
        ceiling: { transaction: '5000', day: '10000', month: '20000' },
        personal: { transaction: '5000', day: '5000', month: '10000' },
      },
      {
        ageFrom: 19,
        ageTo: 150,
        tenureMonthsFrom: 6,
        ceiling: { transaction: '50000', day: '70000', month: '100000' },
        personal: { transaction: '20000', day: '30000', month: '50000' },
      },
      {
        ageFrom: 19,
        ageTo: 150,
        tenureMonthsFrom: 0,
        ceiling: { transaction: '30000', day: '40000', month: '60000' },
        personal: { transaction: '20000', day: '20000', month: '30000' },
      },
    ],
    restricted: { transaction: '3000', day: '5000', month: '10000' },
    content: { transaction: '20000', day: '30000', month: '40000' },
    person: { month: '120000' },
    byCategory: {
      digital: { transaction: '30000' },
      physical: { transaction: '20000', day: '40000' },
      voucher: { transaction: '10000', day: '10000', month: '20000' },
      content: { transaction: '10000' },
      charity: { month: '30000' },
      ticket: { day: '20000' },
    },
    merchant: { transaction: '20000', day: '30000', month: '60000' },
    products: { 'rare-sword': { transaction: '10000', day: '10000', month: '20000' } },
    step: '1000',
    changesPerDay: 2,
    raise: {
      consent: true,
      factors: ['password', 'sms_code'],
      coolingOffHours: 1,
      inArrears: false,
    },
    earlyPaymentFrees: '30000',
  },
  billing: {
    cycle: 'calendar_month',
    billDay: 2,
    dueDay: 10,
    dueOnWorkdays: true,
    taxIncluded: false,
  },
  notices: {
    atCharge: true,
    atBill: true,
    leadDays: 1,
    hours: { from: 8, to: 20 },
    objectionContact: '+821000000000',
  },
  reversal: {
    cancelWithin: { days: 3 },
    partialCancel: true,
    lateRefund: 'bill_credit',
    lateRefundRestoresLimit: true,
    cancelAfterEarlyPayment: false,
    disputeAnswerDays: 3,
    payoutHoldOnDispute: true,
  },
  surcharge: { steps: ['10', '5', '5'], capPercent: '20', rounding: 'half_up' },
  dunning: {
    ladder: [
      { stage: 'notice', day: 1 },
      { stage: 'blocked', day: 3 },
      { stage: 'outgoing_suspended', day: 5 },
      { stage: 'fully_suspended', day: 8 },
      { stage: 'terminated', day: 12 },
    ],
    // Late enough for the third due date to be missed, which has a surcharge too.
    chargeOffDay: 75,
    restoreBeforeSuspension: 'oldest_month',
    restoreAfterSuspension: 'full_balance',
    restoreEnablesPayments: true,
    reliefRestoreMonths: 1,
  },
  blocks: {
    perDay: 5,
    unblock: {
      factors: ['identity', 'password'],
      perDay: 2,
      coolingOffHours: 1,
      permanentCoolingOffHours: 24,
    },
  },
  settlement: { fees: { charity: '0', physical: '3.0', any: '10.0' }, lagDays: 3 },
  retention: { years: 1, above: '1000', yearsAbove: 2 },
  resale: { carrierFunded: 'licensed' },
  collection: {
    eachAbove: '2000',
    eachCategories: ['voucher', 'physical', 'ticket'],
    threshold: '1000',
    credit: '2000',
  },
  sources: [{ about: 'All of it', cite: 'invented, so that everything can be tried', grade: 'C' }],
}

/** The market that does not exist. */
export const SANDBOX_PROFILES: readonly MarketProfile[] = [SANDBOX]
