/**
 * European Union: payments on a phone bill need no licence within the telecom exclusion of PSD2. Members differ:
 * Germany asks for the carrier's own page (`identity.redirectRequired`), Germany and Italy average the month over a
 * year, which is not done here: the plain month is the stricter reading. The zone is that of the carrier's seat and is
 * overridden with the rest.
 */
import type { MarketProfile } from '../model.ts'

const EU_2018: MarketProfile = {
  market: 'EU',
  version: 'EU-2018-01-13',
  effectiveFrom: '2018-01-13',
  currency: 'EUR',
  amountStep: '0.01',
  zone: 'Europe/Berlin',
  languages: ['en', 'de', 'fr', 'it'],
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
    kinds: ['postpaid', 'corporate'],
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
    regulatory: [{ from: '2018-01-13', ceiling: { transaction: '50', month: '300' } }],
    tiers: [
      {
        ageFrom: 16,
        ageTo: 150,
        tenureMonthsFrom: 0,
        ceiling: {},
        personal: { transaction: '50', month: '100' },
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
    billDay: 3,
    dueDay: 17,
    dueOnWorkdays: true,
    taxIncluded: true,
    thirdPartySection: true,
    creditPaysOldestFirst: true,
  },
  notices: {
    atCharge: true,
    atBill: true,
    leadDays: 7,
    objectionContact: 'the number on the phone bill',
  },
  reversal: {
    cancelWithin: { days: 14 },
    partialCancel: true,
    lateRefund: 'bank_transfer',
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
        'At most €50 a payment and €300 a month per subscriber; digital content, voice, tickets, charity',
      cite: 'Directive (EU) 2015/2366 art. 3(l), in force from 2018-01-13',
      grade: 'A',
    },
    {
      about:
        'Germany and Italy average over the year; France counts the end user of business lines',
      cite: 'cullen-international.com (2018); paytechlaw.com on PSD3 and PSR',
      grade: 'B',
    },
    {
      about: 'Germany: confirmation on the carrier’s own page since 2020-02-01',
      cite: 'BNetzA Verfügung 108/2019, via de.readkong.com',
      grade: 'A',
    },
    {
      about: 'PSR and PSD3: compromise texts of April 2026, telecom thresholds not final',
      cite: 'arthurcox.com/insights/psd3-and-psr-final-compromise-texts-published',
      grade: 'B',
    },
    {
      about:
        'No source found: ages, what a line starts with, bill and due day, ladder, cancellation, fees, lag, use of a line by a platform',
      cite: 'parameters of this project',
      grade: 'C',
    },
  ],
}

/** European Union, the oldest version first. */
export const EU_PROFILES: readonly MarketProfile[] = [EU_2018]
