/**
 * Korea: 휴대폰 소액결제 (통신과금서비스). Each version is a change of rules on its day; what no statute or provider's own
 * document says (grade C) is a parameter that carriers override.
 */
import type { LimitRules, MarketProfile, Source } from '../model.ts'

const CEILING_2015 = { from: '2015-01-01', ceiling: { month: '500000' } }
const CEILING_2019 = { from: '2019-07-01', ceiling: { month: '600000' } }
const CEILING_2020 = { from: '2020-04-01', ceiling: { month: '1000000' } }

const SOURCES_2015: readonly Source[] = [
  {
    about:
      'Notices at charge and bill, statement within 2 weeks, objections and payout hold, records 1 or 5 years, consent to enable and to raise',
    cite: 'Network Act (정보통신망법) art. 58(1) to (5) and Enforcement Decree art. 66-7; text as amended to 2026-03-31',
    grade: 'A',
  },
  {
    about: 'Objections are answered within 2 weeks',
    cite: 'Network Act art. 59, Enforcement Decree art. 66-9',
    grade: 'A',
  },
  {
    about: 'Buying back at a discount what was bought on a bill is a crime: no resale',
    cite: 'Network Act art. 72(1)4',
    grade: 'A',
  },
  {
    about:
      'Ceiling of 500,000 in 2015, 600,000 in 2019, 1,000,000 in 2020; the month only is certain',
    cite: 'Money Today 2020-05-17, via msn.com/ko-kr; tinticket255612.wordpress.com 2019-07-03 [C]',
    grade: 'B',
  },
  {
    about: 'Payments only with consent since 2013; unused for a year they are blocked',
    cite: 'Nocut News, copied at mcom.iptime.org:81',
    grade: 'B',
  },
  {
    about:
      'Why lines are declined: arrears, prepaid, corporate, paused, joined under 3 days, limit of a person across lines; paying early frees up to 500,000',
    cite: 'portone repository: support/_assets/error_code_doc/danal_code.xls, inicis-code.xlsx',
    grade: 'A',
  },
  {
    about: 'A payment is cancelled in its calendar month only',
    cite: 'developers.portone.io: integration/cancel/v1/basic.mdx',
    grade: 'A',
  },
  {
    about: 'Partial cancellation differs by payment company: a parameter',
    cite: 'docs.antom.com/ac/antomop/dcb.md and Danal codes (yes); KSNET, PortOne v1 (none)',
    grade: 'A',
  },
  {
    about: 'Afterwards a credit on later bills, carried forward, without interest',
    cite: 'KG Mobilians terms art. 6-2, effective 2021-01-01, copied in a third-party repository',
    grade: 'A',
  },
  {
    about:
      'Limits by payment, day and month, in steps of 10,000, one change a day, no raise in arrears, 3 restricted months',
    cite: 'newskr.durumis.com/skt-small-payment-limit-adjustment-81p20eqg',
    grade: 'C',
  },
  {
    about: 'Use counts by calendar month and is billed with the next phone bill',
    cite: 'amoney.biz forum on limits of carrier billing',
    grade: 'C',
  },
  {
    about:
      'Ladder: blocked after 7 to 10 days, outgoing 30, incoming 60, ended 90; full payment after suspension',
    cite: 'prepaidnow.tistory.com, amoney.biz forum; the carriers’ terms were not to be had',
    grade: 'C',
  },
  {
    about: 'Payment password locked after 5 errors',
    cite: 'happy-w.tistory.com/231',
    grade: 'C',
  },
  {
    about:
      'Messages go out from 9 to 21 h: a parameter of this project. The law restricts 21 to 8 h, for advertising without consent and for demands that frighten a debtor',
    cite: 'Network Act art. 50(3); Fair Debt Collection Act (채권추심법) art. 9, nos. 2 and 3',
    grade: 'C',
  },
  {
    about:
      'No source found: amount while restricted, code by SMS, swap hours, cooling-off, bill and due day, charge-off, fees, settlement lag, contact 114, use of a line by a platform',
    cite: 'parameters of this project',
    grade: 'C',
  },
]

const LIMITS_2015: LimitRules = {
  regulatory: [CEILING_2015],
  tiers: [
    {
      ageFrom: 19,
      ageTo: 150,
      tenureMonthsFrom: 0,
      ceiling: { transaction: '1000000', day: '1000000', month: '1000000' },
      personal: { transaction: '300000', day: '300000', month: '300000' },
    },
  ],
  restricted: { month: '100000' },
  content: { month: '500000' },
  person: { month: '500000' },
  byCategory: {},
  merchant: null,
  products: {},
  step: '10000',
  changesPerDay: 1,
  raise: { consent: true, factors: ['password'], coolingOffHours: 0, inArrears: false },
  earlyPaymentFrees: '500000',
}

const KR_2015: MarketProfile = {
  market: 'KR',
  version: 'KR-2015-01-01',
  effectiveFrom: '2015-01-01',
  currency: 'KRW',
  amountStep: '1',
  zone: 'Asia/Seoul',
  languages: ['ko', 'en'],
  numbers: { callingCode: '82', trunkPrefix: '0' },
  identity: {
    linking: ['sms_code', 'password'],
    secondFactor: {
      required: false,
      effectiveFrom: '2025-09-15',
      exemptUpTo: null,
      exemptPerDay: null,
      byCategory: {},
    },
    code: { digits: 6, ttlSeconds: 180, attempts: 5, perHour: 5 },
    passwordAttempts: 5,
    swap: { stepUpHours: 240, refuseHours: 24 },
    redirectRequired: false,
  },
  eligibility: {
    kinds: ['postpaid'],
    minimumAge: 19,
    adultAge: 19,
    consentRequired: true,
    joinedDaysMin: 3,
    restrictedMonths: 3,
    dormantMonths: 12,
    arrearsBlock: true,
    categories: ['digital', 'physical', 'voucher', 'content', 'charity', 'ticket', 'voice'],
  },
  limits: LIMITS_2015,
  billing: {
    cycle: 'calendar_month',
    billDay: 5,
    dueDay: 25,
    dueOnWorkdays: false,
    taxIncluded: true,
  },
  notices: {
    atCharge: true,
    atBill: true,
    leadDays: 3,
    hours: { from: 9, to: 21 },
    objectionContact: '114',
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
  // 4 % in all for two missed due dates, before the terms of 2021.
  surcharge: { steps: ['3.5', '0.5'], capPercent: '4.0', rounding: 'down' },
  dunning: {
    ladder: [
      { stage: 'notice', day: 1 },
      { stage: 'blocked', day: 7 },
      { stage: 'outgoing_suspended', day: 30 },
      { stage: 'fully_suspended', day: 60 },
      { stage: 'terminated', day: 90 },
    ],
    chargeOffDay: 180,
    restoreBeforeSuspension: 'oldest_month',
    restoreAfterSuspension: 'full_balance',
    restoreEnablesPayments: false,
    reliefRestoreMonths: 3,
  },
  blocks: {
    perDay: 1,
    unblock: {
      factors: ['identity', 'password'],
      perDay: 1,
      coolingOffHours: 0,
      permanentCoolingOffHours: 24,
    },
  },
  settlement: {
    fees: { physical: '3.5', digital: '9.0', content: '15.0', voucher: '7.0', any: '9.0' },
    lagDays: 45,
  },
  retention: { years: 1, above: '10000', yearsAbove: 5 },
  resale: { carrierFunded: 'prohibited' },
  collection: {
    eachAbove: '10000',
    eachCategories: ['voucher', 'physical'],
    threshold: '5000',
    credit: '10000',
  },
  sources: [
    ...SOURCES_2015,
    {
      about: 'Surcharge of 3.5 %, then 4 %; flat, not by the day',
      cite: 'm.etnews.com/20191017000126',
      grade: 'B',
    },
    { about: 'Minors barred in 2015', cite: 'inews24.com/view/wrlted/1750711', grade: 'B' },
  ],
}

const KR_2019: MarketProfile = {
  ...KR_2015,
  version: 'KR-2019-07-01',
  effectiveFrom: '2019-07-01',
  limits: {
    ...LIMITS_2015,
    regulatory: [CEILING_2015, CEILING_2019],
    content: { month: '600000' },
    person: { month: '600000' },
  },
}

const KR_2020: MarketProfile = {
  ...KR_2019,
  version: 'KR-2020-04-01',
  effectiveFrom: '2020-04-01',
  limits: {
    ...LIMITS_2015,
    regulatory: [CEILING_2015, CEILING_2019, CEILING_2020],
    content: { month: '1000000' },
    person: { month: '1000000' },
  },
  sources: [
    ...KR_2019.sources,
    {
      about: 'KT and LG U+ raised in April 2020, SKT on 2020-06-01: SKT overrides until then',
      cite: 'Money Today 2020-05-17, via msn.com/ko-kr',
      grade: 'B',
    },
    {
      about: '1,000,000 also by payment and by day',
      cite: 'docs.antom.com/ac/antomop/dcb.md',
      grade: 'A',
    },
  ],
}

const KR_2021: MarketProfile = {
  ...KR_2020,
  version: 'KR-2021-01-01',
  effectiveFrom: '2021-01-01',
  surcharge: { steps: ['3.0', '0.5'], capPercent: '3.5', rounding: 'down' },
  sources: [
    ...KR_2020.sources.filter(({ about }) => !about.startsWith('Surcharge')),
    {
      about: 'Surcharge of 3.0 % at the first missed due date, 0.5 % more at the second',
      cite: 'KG Mobilians terms, effective 2021-01-01, copied in a third-party repository',
      grade: 'A',
    },
  ],
}

const KR_2023: MarketProfile = {
  ...KR_2021,
  version: 'KR-2023-12-01',
  effectiveFrom: '2023-12-01',
  eligibility: { ...KR_2021.eligibility, minimumAge: 12 },
  limits: {
    ...KR_2021.limits,
    tiers: [
      {
        ageFrom: 12,
        ageTo: 18,
        tenureMonthsFrom: 0,
        ceiling: { transaction: '300000', day: '300000', month: '300000' },
        personal: { transaction: '100000', day: '100000', month: '100000' },
      },
      ...KR_2021.limits.tiers,
    ],
  },
  sources: [
    ...KR_2021.sources,
    {
      about:
        'Minors from 12 with a guardian’s consent: SKT 300,000 from December 2023, KT 100,000 from May 2024, LG U+ from September 2024',
      cite: 'inews24.com/view/wrlted/1750711',
      grade: 'B',
    },
  ],
}

/** After the theft through rogue femtocells: vouchers are capped, and a second factor is asked for by default. */
const KR_2025: MarketProfile = {
  ...KR_2023,
  version: 'KR-2025-09-15',
  effectiveFrom: '2025-09-15',
  identity: {
    ...KR_2023.identity,
    secondFactor: {
      required: true,
      effectiveFrom: '2025-09-15',
      exemptUpTo: '10000',
      exemptPerDay: '50000',
      byCategory: { any: ['password'], voucher: ['password'] },
    },
  },
  limits: { ...KR_2023.limits, byCategory: { voucher: { month: '100000' } } },
  sources: [
    ...KR_2023.sources,
    {
      about: 'Vouchers 100,000 a month at KT and LG U+, 1,000,000 before; stronger authentication',
      cite: 'segye.com 2025-09-12; mdaily.net/post/imVObx4Y',
      grade: 'B',
    },
    {
      about:
        'A second factor announced for 2025; its final text and day were not found: required by default, day, exemption and its sum are parameters',
      cite: 'announcement of the Ministry of Science and ICT after the femtocell case, as reported by asiae.co.kr 2025-10-17',
      grade: 'B',
    },
    {
      about:
        'Exempt purchases together at most 50,000 a day since the last factor was shown, only of clients that the line is linked to: a parameter of this project, shaped like the low-value exemption of Europe',
      cite: 'Commission Delegated Regulation (EU) 2018/389 art. 16',
      grade: 'C',
    },
    {
      about: 'Nobody with an extra password was hit: the password is the second factor',
      cite: 'mobile.newsis.com NISX20251002_0003353700',
      grade: 'B',
    },
  ],
}

/** Korea, the oldest version first. */
export const KR_PROFILES: readonly MarketProfile[] = [
  KR_2015,
  KR_2019,
  KR_2020,
  KR_2021,
  KR_2023,
  KR_2025,
]
