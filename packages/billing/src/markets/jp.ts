/**
 * Japan: carriers cap by age and by how long a line exists. There is no statutory ceiling; the numbers are those of
 * NTT docomo, and of au for children. au and SoftBank differ and would override the tiers.
 */
import type { Ceiling, LimitTier, MarketProfile } from '../model.ts'

const ADULT_AGE = 20

function tier(ages: readonly [number, number], tenureMonthsFrom: number, month: string): LimitTier {
  const ceiling: Ceiling = { month }
  return { ageFrom: ages[0], ageTo: ages[1], tenureMonthsFrom, ceiling, personal: ceiling }
}

const JP_2022: MarketProfile = {
  market: 'JP',
  version: 'JP-2022-04-01',
  effectiveFrom: '2022-04-01',
  currency: 'JPY',
  amountStep: '1',
  zone: 'Asia/Tokyo',
  languages: ['ja', 'en'],
  numbers: { callingCode: '81', trunkPrefix: '0' },
  identity: {
    linking: ['sms_code', 'password'],
    secondFactor: {
      required: true,
      effectiveFrom: '2022-04-01',
      exemptUpTo: '1000',
      exemptPerDay: '5000',
      byCategory: { any: ['password'], voucher: ['password'] },
    },
    code: { digits: 6, ttlSeconds: 180, attempts: 5, perHour: 5 },
    passwordAttempts: 3,
    swap: { stepUpHours: 240, refuseHours: 24 },
    redirectRequired: false,
  },
  eligibility: {
    kinds: ['postpaid'],
    minimumAge: 0,
    adultAge: 18,
    consentRequired: false,
    joinedDaysMin: 0,
    restrictedMonths: 0,
    dormantMonths: null,
    arrearsBlock: true,
    categories: ['digital', 'physical', 'voucher', 'content', 'charity', 'ticket', 'voice'],
  },
  limits: {
    regulatory: [{ from: '2022-04-01', ceiling: {} }],
    tiers: [
      tier([0, 12], 0, '1500'),
      tier([13, ADULT_AGE - 1], 0, '10000'),
      tier([ADULT_AGE, 150], 24, '100000'),
      tier([ADULT_AGE, 150], 3, '30000'),
      tier([ADULT_AGE, 150], 0, '10000'),
    ],
    restricted: null,
    content: null,
    person: null,
    byCategory: {},
    merchant: null,
    products: {},
    step: '500',
    changesPerDay: 1,
    raise: { consent: true, factors: ['password'], coolingOffHours: 0, inArrears: false },
    earlyPaymentFrees: null,
  },
  billing: {
    cycle: 'calendar_month',
    billDay: 10,
    dueDay: 31,
    dueOnWorkdays: true,
    taxIncluded: true,
  },
  notices: {
    atCharge: true,
    atBill: true,
    leadDays: 5,
    hours: { from: 9, to: 21 },
    objectionContact: '151',
  },
  reversal: {
    cancelWithin: 'same_cycle',
    partialCancel: true,
    lateRefund: 'bill_credit',
    lateRefundRestoresLimit: false,
    cancelAfterEarlyPayment: false,
    disputeAnswerDays: 14,
    payoutHoldOnDispute: true,
  },
  // Japanese carriers charge interest by the day on the whole phone bill, which is not the payment's own surcharge.
  surcharge: { steps: [], capPercent: '0', rounding: 'down' },
  dunning: {
    ladder: [
      { stage: 'notice', day: 1 },
      { stage: 'blocked', day: 10 },
      { stage: 'fully_suspended', day: 20 },
      { stage: 'terminated', day: 60 },
    ],
    chargeOffDay: 180,
    restoreBeforeSuspension: 'oldest_month',
    restoreAfterSuspension: 'full_balance',
    restoreEnablesPayments: true,
    reliefRestoreMonths: 3,
  },
  blocks: {
    perDay: 3,
    unblock: {
      factors: ['password'],
      perDay: 1,
      coolingOffHours: 0,
      permanentCoolingOffHours: 24,
    },
  },
  settlement: { fees: { physical: '5.0', any: '10.0' }, lagDays: 60 },
  retention: { years: 7, above: null, yearsAbove: 7 },
  resale: { carrierFunded: 'prohibited' },
  collection: {
    eachAbove: '1000',
    eachCategories: ['voucher', 'physical'],
    threshold: '500',
    credit: '1000',
  },
  sources: [
    {
      about:
        'By age and tenure: docomo to 19 ¥10,000; from 20 ¥10,000 in the first 3 months, then ¥30,000, then ¥50,000 to ¥100,000; au to 12 ¥1,500',
      cite: 'green-chick579.info; keitaigenkinka.com; genkinlove.com',
      grade: 'C',
    },
    {
      about: 'Network PIN; authorise, then capture; one-off, recurring and on demand',
      cite: 'veritrans.co.jp/docs/carrier/tips.html',
      grade: 'A',
    },
    { about: 'PIN before limits and statement, ¥0 allowed', cite: 'usedoor.jp', grade: 'C' },
    {
      about:
        'No source found: second tenure step at 24 months, bill and due day, ladder, cancellation, fees, lag, retention, contact 151, use of a line by a platform',
      cite: 'parameters of this project',
      grade: 'C',
    },
  ],
}

/** Japan, the oldest version first. */
export const JP_PROFILES: readonly MarketProfile[] = [JP_2022]
