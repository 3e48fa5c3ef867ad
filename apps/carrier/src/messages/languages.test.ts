import { describe, expect, test } from 'vitest'
import type { Bill } from '../bills/model.ts'
import { noticeWords } from '../bills/notice.ts'
import { validationTexts } from '../camara/validation-texts.ts'
import { createCarriers, SANDBOX_CARRIER } from '../carriers.ts'
import { codeText } from '../codes/texts.ts'
import type { Language } from '../language.ts'
import type { BlockKind, Carrier, DeclineReason, NewMessage, Payment, Refund } from '../model.ts'
import { loginTexts } from '../openid/login-texts.ts'
import { reasonText } from '../payments/reasons.ts'
import type { Receipt } from '../receipts/model.ts'
import { magicNumbers } from '../sandbox/magic.ts'
import { pageWords } from '../sandbox/page-words.ts'
import { noticeText as ownNoticeText } from '../selfcare/notices.ts'
import { careProblems, fieldWords, thingWords } from '../selfcare/problem-texts.ts'
import * as careWords from '../selfcare/words.ts'
import { blockedText, unblockedText } from './blocks.ts'
import { chargeText } from './charge.ts'
import { missedText, noticeText, stepText } from './dunning.ts'
import { refundText } from './refund.ts'
import {
  disputeText,
  linkedText,
  receiptText,
  reliefText,
  restoredText,
  statementText,
} from './texts.ts'

const nowMs = Date.parse('2026-02-26T12:00:00+09:00')
const carrier = carrierOfTest()
const profile = carrier.profileAt(nowMs)

const bill: Bill = {
  ...{ id: 'bill_1', carrier: 'sandbox', lineId: 'line_1', cycle: '2026-01' },
  ...{ madeOn: '2026-02-02', dueOn: '2026-02-10', profileVersion: profile.version },
  ...{
    state: 'open',
    missed: 0,
    total: 10_000n,
    settled: 0n,
    owed: 10_000n,
    chargedOff: 0n,
    madeAtMs: nowMs,
  },
}

const payment: Payment = {
  ...{ id: 'p', carrier: 'sandbox', clientId: 'shop', lineId: 'line_1', steps: 1 },
  ...{ clientCorrelator: null, referenceCode: 'r', amount: 1_000_000n, currency: 'KRW' },
  ...{ description: '12', isTaxIncluded: true, taxAmount: null },
  merchant: { id: '1', name: '34', contact: '56' },
  ...{ category: 'digital', product: '', metaData: null, boundToPhone: true, shown: [] },
  items: [{ id: '1', amount: 1_000_000n, description: '78' }],
  ...{ sink: null, sinkToken: null, validation: 'none', status: 'succeeded', bucket: 'general' },
  ...{ profileVersion: profile.version, cycle: '2026-02', denialReason: null },
  ...{ authorizationId: null, expiresAtMs: null, refunded: 0n, cancelled: 0n, paidEarly: 0n },
  ...{ asynchronous: false, createdAtMs: nowMs, countedAtMs: nowMs, paidAtMs: nowMs },
}

const refund: Refund = {
  ...{ id: 'f', carrier: 'sandbox', clientId: 'shop', paymentId: 'p', lineId: 'line_1' },
  ...{
    bucket: 'general',
    clientCorrelator: null,
    referenceCode: 'r',
    type: 'total',
    mode: 'cancel',
  },
  ...{ status: 'succeeded', amount: 1_000n, reason: null, facts: {}, sink: null, sinkToken: null },
  ...{ denialReason: null, createdAtMs: nowMs, refundedAtMs: nowMs },
}

const receipt: Receipt = {
  ...{ id: 'r', lineId: 'line_1', amount: 2_000n, early: false, method: 'm', atMs: nowMs },
  rest: 1_000n,
  parts: [
    {
      ...{ billId: 'bill_1', number: 1, paymentId: null, cycle: '2026-01' },
      ...{ amount: 1_000n, label: '1', missed: null },
    },
  ],
}

const kinds: readonly BlockKind[] = [
  ...(['payer', 'permanent', 'voucher', 'auto_pay', 'operator', 'dormant', 'fraud'] as const),
]
const rungs = ['notice', 'blocked', 'outgoing_suspended', 'fully_suspended', 'terminated'] as const

/** Every message of every kind: a new kind has to be added here, or this does not compile. */
const messages: Readonly<Record<NewMessage['kind'], (language: Language) => readonly string[]>> = {
  charge: (language) => [
    chargeText(payment, language, carrier),
    chargeText({ ...payment, items: [] }, language, carrier),
  ],
  bill: (language) =>
    noticeWords(carrier, profile, '2026-01', '2026-02-10')
      .filter((words) => words.language === language)
      .map(({ head, credit, foot }) => `${head}${credit}${foot}`),
  dunning_notice: (language) => [
    missedText({ carrier, profile, bill, added: 300n, language }),
    missedText({ carrier, profile, bill, added: 0n, language }),
    ...rungs.map((stage) =>
      noticeText({ carrier, profile, bill, stage, on: '2026-03-01', language }),
    ),
  ],
  dunning_step: (language) => [
    ...rungs.map((stage) =>
      stepText({ carrier, profile, bill, stage, on: '2026-03-01', language }),
    ),
    ...[1, 2, 3].map((missed) => careWords.surchargeText({ missed, percent: '0.5' }, language)),
  ],
  restored: (language) => [true, false].map((isOff) => restoredText(isOff, language, carrier)),
  receipt: (language) => [
    receiptText(receipt, language, carrier, nowMs),
    receiptText({ ...receipt, early: true, parts: [], rest: 0n }, language, carrier, nowMs),
  ],
  code: (language) =>
    (['payment', 'otp', 'login', 'unblock', 'raise', 'password', 'consent'] as const).map((what) =>
      codeText('SKT', what, language),
    ),
  limit_changed: (language) => [
    own(language, { kind: 'limit_changed', chosen: { day: null }, atMs: nowMs }),
    own(language, {
      kind: 'limit_changed',
      chosen: { transaction: 1_000n, day: 2_000n, month: 10_000_000n },
      atMs: nowMs,
    }),
  ],
  blocked: (language) => [
    ...kinds.map((kind) => blockedText({ kind, isLiftable: false }, profile, language)),
    ...kinds.map((block) => own(language, { kind: 'blocked', block })),
  ],
  unblock_granted: (language) =>
    [nowMs, nowMs + 1].map((liftsAtMs) => {
      const lifted = kinds.map((kind) => ({ kind, liftsAtMs }))
      const remaining = [{ kind: 'fraud' as const }]
      return own(language, { kind: 'unblock_granted', unblock: { lifted, remaining } })
    }),
  unblocked: (language) => [unblockedText(kinds, [], language), unblockedText([], kinds, language)],
  dispute: (language) =>
    (['opened', 'justified', 'rejected', 'withdrawn'] as const).map((event) =>
      disputeText(event, { what: '1', answerBy: '2026-03-01', answer: null }, language, carrier),
    ),
  relief: (language) =>
    (['applied', 'granted', 'refused', 'completed', 'broken'] as const).map((event) =>
      reliefText(event, { instalment: '1', months: 3 }, language, carrier),
    ),
  consent: (language) =>
    [true, false].map((isGiven) => own(language, { kind: 'consent', isGiven })),
  linked: (language) => [linkedText({ name: '12', contact: '34' }, language, carrier)],
  refund: (language) =>
    (['cancel', 'bill_credit', 'bank_transfer'] as const).flatMap((mode) =>
      [payment.amount, 1_000n].map((amount) =>
        refundText({ ...refund, mode, amount }, payment, language, carrier),
      ),
    ),
  password_changed: (language) => [own(language, { kind: 'password_changed' })],
  statement: (language) => [statementText('2026-01-01', '2026-01-31', language, carrier)],
}

function own(language: Language, notice: Parameters<typeof ownNoticeText>[1]): string {
  return ownNoticeText({ carrier, profile, nowMs, line: { language } }, notice)
}

function carrierOfTest(): Carrier {
  const found = createCarriers([SANDBOX_CARRIER]).get('sandbox')
  if (found === undefined) throw new Error('the carrier was set up')
  return found
}

const declines: Readonly<Record<DeclineReason, true>> = {
  ...{ no_consent: true, kind_not_allowed: true, too_young: true, paused: true, in_arrears: true },
  ...{ guardian_consent_missing: true, joined_recently: true, dormant: true, fraud_hold: true },
  ...{ line_suspended: true, line_terminated: true, category_not_allowed: true },
  ...{ blocked_by_payer: true, blocked_permanently: true, vouchers_blocked: true },
  ...{ auto_pay_blocked: true, blocked_by_operator: true, transaction_limit: true },
  ...{ day_limit: true, month_limit: true, person_limit: true, category_limit: true },
  ...{ merchant_limit: true, product_limit: true, unconfirmed_limit: true },
  ...{ sim_changed: true, validation_failed: true, refused_by_payer: true },
  ...{ validation_expired: true, reservation_expired: true, second_factor_missing: true },
  ...{ amount_not_a_step: true, confirm_refused: true, unconfirmed_limit: true },
}

const detail = {
  ...{
    limit: '1',
    left: '1',
    step: '1',
    currency: 'KRW',
    zone: 'Asia/Seoul',
    age: '19',
    days: '3',
  },
  ...{ resets_at: '2026-03-01T00:00:00Z', until: '2026-03-01T00:00:00Z' },
  ...{ lifts_at: '2026-03-01T00:00:00Z', missing: 'network,sms_code,password,biometric,identity' },
}

/** Every text that stands in both languages somewhere in a table, with where it stands. */
function pairsIn(value: unknown, path: string): { path: string; ko: unknown; en: unknown }[] {
  if (typeof value !== 'object' || value === null) return []
  if ('ko' in value && 'en' in value) return [{ path, ko: value.ko, en: value.en }]
  return Object.entries(value).flatMap(([key, inner]) => pairsIn(inner, `${path}.${key}`))
}

/** The texts of one language, with where they stand. */
function textsIn(value: unknown, path: string): (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return textsIn(value('1', '1'), path)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, `${path}.${key}`))
}

const { surchargeText: _, ...careTables } = careWords

const tables = {
  ...{
    careWords: careTables,
    careProblems,
    thingWords,
    fieldWords,
    loginTexts,
    validationTexts,
    pageWords,
  },
  magicNumbers: Object.fromEntries(magicNumbers.map(({ digits, means }) => [digits, means])),
  declines: Object.fromEntries(
    Object.keys(declines).map((reason) => [reason, bothOf(reason as DeclineReason)]),
  ),
}

function bothOf(reason: DeclineReason) {
  return { ko: reasonText(reason, detail, 'ko'), en: reasonText(reason, detail, 'en') }
}

const hangul = /\p{Script=Hangul}/u

/** What is not right about a text in a language; undefined: all is. */
function faultOf(text: string, language: Language): string | undefined {
  const words = text.replaceAll(/\{\w+\}/g, '')
  // Only places to fill, or numbers.
  if (!/\p{Letter}/u.test(words)) return undefined
  if (/undefined|null|NaN|\[object/.test(text)) return 'a value is missing'
  if (language === 'en') return hangul.test(words) ? 'Korean in English' : undefined
  if (!hangul.test(words)) return 'no Korean'
  return /[a-z]+(?: [a-z]+){3}/.test(words) ? 'English in Korean' : undefined
}

function faultsOf(texts: readonly (readonly [path: string, text: string])[], language: Language) {
  return texts.flatMap(([path, text]) => {
    const fault = faultOf(text, language)
    return fault === undefined ? [] : [`${fault}: ${path}: ${text}`]
  })
}

describe.each(['ko', 'en'] as const)('in %s', (language) => {
  test.each(Object.entries(messages))(
    'messages of kind %s are in that language',
    (_kind, texts) => {
      const all = texts(language)
      expect(all.length).toBeGreaterThan(0)
      expect(
        faultsOf(
          all.map((text) => ['', text] as const),
          language,
        ),
      ).toEqual([])
    },
  )

  test.each(Object.entries(tables))('%s are in that language', (name, table) => {
    const pairs = pairsIn(table, name).filter(({ path }) => !/error:|otherLanguage/.test(path))
    expect(pairs.length).toBeGreaterThan(0)
    const texts = pairs
      .flatMap((pair) => textsIn(pair[language], pair.path))
      // The page's link to itself in the other language.
      .filter(([path]) => path !== 'pageWords.otherLanguage')
    expect(texts.length).toBeGreaterThan(0)
    expect(faultsOf(texts, language)).toEqual([])
  })
})

test('what self-care refuses is said without the words of its API', () => {
  // Only a program's own mistakes bring these about.
  const {
    key_missing: _,
    key_reused: __,
    route_not_found: ___,
    body_malformed: ____,
    ...shown
  } = careProblems
  const texts = textsIn(shown, 'careProblems').map(([, text]) => text)
  expect(
    texts.filter((text) => /[A-Z]+ \/|: true|U\+|\bid\b|token|토큰|Idempotency/i.test(text)),
  ).toEqual([])
})
