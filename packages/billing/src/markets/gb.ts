/** Great Britain: the electronic communications exclusion caps what a phone bill may carry; per number or SIM. */
import type { MarketProfile } from '../model.ts'

const GB_2018: MarketProfile = {
  market: 'GB',
  version: 'GB-2018-01-13',
  effectiveFrom: '2018-01-13',
  currency: 'GBP',
  amountStep: '0.01',
  zone: 'Europe/London',
  languages: ['en'],
  identity: {
    linking: ['sms_code'],
    secondFactor: {
      required: false,
      effectiveFrom: '2018-01-13',
      exemptUpTo: null,
      byCategory: {},
    },
    code: { digits: 6, ttlSeconds: 300, attempts: 3, perHour: 5 },
    passwordAttempts: 5,
    swap: { stepUpHours: 240, refuseHours: 24 },
    redirectRequired: false,
  },
  eligibility: {
    kinds: ['postpaid'],
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
    regulatory: [{ from: '2018-01-13', ceiling: { transaction: '40', month: '240' } }],
    tiers: [
      {
        ageFrom: 16,
        ageTo: 150,
        tenureMonthsFrom: 0,
        ceiling: {},
        personal: { transaction: '30', month: '50' },
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
    billDay: 4,
    dueDay: 18,
    dueOnWorkdays: true,
    taxIncluded: true,
    thirdPartySection: true,
    creditPaysOldestFirst: true,
  },
  notices: { atCharge: true, atBill: true, leadDays: 7, objectionContact: '191' },
  reversal: {
    cancelWithin: { days: 14 },
    partialCancel: true,
    lateRefund: 'bill_credit',
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
  sources: [
    {
      about:
        'At most £40 a payment and £240 a month, per number or SIM; digital content, voice, charity, tickets',
      cite: 'fca.org.uk/electronic-communications-exclusion-ece; Payment Services Regulations 2017',
      grade: 'A',
    },
    {
      about: 'What a line starts with: £30 and £50 a month; barred when passed',
      cite: 'vodafone.co.uk/explore/costs/data-charges/payment-services-regulation-2017',
      grade: 'A',
    },
    { about: 'A receipt after every charge', cite: 'psauthority.org.uk, August 2019', grade: 'A' },
    {
      about:
        'No source found: ages, bill and due day, ladder, cancellation, fees, lag, contact 191, use of a line by a platform',
      cite: 'parameters of this project',
      grade: 'C',
    },
  ],
}

/** Regulation of phone-paid services moves from the PSA’s code to Ofcom. */
const GB_2025: MarketProfile = {
  ...GB_2018,
  version: 'GB-2025-02-01',
  effectiveFrom: '2025-02-01',
  sources: [
    ...GB_2018.sources,
    {
      about: 'Registration, due diligence, security testing and consumer protection under Ofcom',
      cite: 'Regulation of Premium Rate Services Order 2024, legislation.gov.uk/uksi/2024/1046',
      grade: 'A',
    },
  ],
}

/** Great Britain, the oldest version first. */
export const GB_PROFILES: readonly MarketProfile[] = [GB_2018, GB_2025]
