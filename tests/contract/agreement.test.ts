/**
 * The schemas of `@jeon/camara` and the official definitions judge alike: a valid body is spoiled at random, and both
 * are asked. Where they may differ is written down below, with the reason.
 */
import {
  checkSwapBody,
  checkTenureBody,
  createPaymentBody,
  createRefundBody,
  devicePhoneNumberResponse,
  paymentResponse,
  phoneNumberBody,
  preparedPaymentResponse,
  refundResponse,
  remainingAmountResponse,
  sendCodeBody,
  simSwapDateResponse,
  subscriptionStatusResponse,
  validateCodeBody,
  validatePaymentBody,
  verifyAgeBody,
  verifyAgeResponse,
  verifyNumberBody,
} from '@jeon/camara'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { type ApiName, loadDefinitions, officialAbsent } from './official.ts'
import {
  createPaymentSample,
  partialRefundSample,
  paymentSample,
  preparedPaymentSample,
  refundSamples,
  remainingAmountSample,
  sinkCredentialSamples,
  totalRefundSample,
} from './samples.ts'
import { createValidator } from './validator.ts'

const phoneNumber = '+821020000001'
const age = {
  ageThreshold: 19,
  phoneNumber,
  birthdate: '2000-02-29',
  email: 'reader@jeon.example',
  name: 'Kim',
  includeContentLock: true,
}

type Case = readonly [api: ApiName, schema: string, ours: z.ZodType, samples: readonly unknown[]]
const CASES: readonly Case[] = [
  [
    'carrier-billing',
    'CreatePayment',
    createPaymentBody,
    [
      createPaymentSample,
      ...sinkCredentialSamples.map((sinkCredential) => ({
        ...createPaymentSample,
        sinkCredential,
      })),
    ],
  ],
  ['carrier-billing', 'PaymentCreated', paymentResponse, [paymentSample]],
  [
    'carrier-billing',
    'BodyAmountReservationTransactionForReserve',
    preparedPaymentResponse,
    [
      preparedPaymentSample,
      { ...preparedPaymentSample, validationInfo: { action: 'open', validationURL: 'x' } },
    ],
  ],
  ['carrier-billing', 'PhoneNumber', phoneNumberBody, [{ phoneNumber }]],
  [
    'carrier-billing',
    'ValidatePayment',
    validatePaymentBody,
    [{ authorizationId: 'a', code: '1' }],
  ],
  [
    'carrier-billing-refund',
    'CreateRefund',
    createRefundBody,
    [totalRefundSample, partialRefundSample],
  ],
  ['carrier-billing-refund', 'Refund', refundResponse, refundSamples],
  [
    'carrier-billing-refund',
    'PaymentRemainingAmount',
    remainingAmountResponse,
    [{ ...remainingAmountSample, taxAmount: 0.1, description: 'left' }],
  ],
  [
    'number-verification',
    'NumberVerificationRequestBody',
    verifyNumberBody,
    [{ phoneNumber }, { hashedPhoneNumber: 'aB'.repeat(32) }],
  ],
  [
    'number-verification',
    'NumberVerificationShareResponse',
    devicePhoneNumberResponse,
    [{ devicePhoneNumber: phoneNumber }],
  ],
  ['sim-swap', 'CreateCheckSimSwap', checkSwapBody, [{ phoneNumber, maxAge: 240 }]],
  ['device-swap', 'CreateCheckDeviceSwap', checkSwapBody, [{ phoneNumber, maxAge: 240 }]],
  [
    'sim-swap',
    'SimSwapInfo',
    simSwapDateResponse,
    [{ latestSimChange: '2026-11-22T00:00:00Z', monitoredPeriod: 120 }, { latestSimChange: null }],
  ],
  [
    'one-time-password-sms',
    'SendCodeBody',
    sendCodeBody,
    [{ phoneNumber, message: '{{code}} is yours' }],
  ],
  [
    'one-time-password-sms',
    'ValidateCodeBody',
    validateCodeBody,
    [{ authenticationId: 'a', code: '123456' }],
  ],
  ['kyc-age-verification', 'VerifyRequestBody', verifyAgeBody, [age]],
  [
    'kyc-age-verification',
    'VerifyResponseBody',
    verifyAgeResponse,
    [{ ageCheck: 'true', verifiedStatus: true, identityMatchScore: 100, contentLock: 'false' }],
  ],
  ['kyc-tenure', 'Tenure', checkTenureBody, [{ phoneNumber, tenureDate: '2024-02-29' }]],
  [
    'subscription-status',
    'SubscriptionStatusResponse',
    subscriptionStatusResponse,
    [{ voiceSmsIn: 'active', voiceSmsOut: 'active', dataService: 'throttled' }],
  ],
]

/** What a member is replaced with: the edges of every rule in the definitions. */
const spoilers: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, -0, 1, 0.001, 0.0005, 0.35, 1.005, 1e-7, 1e21, 121),
  fc.constantFrom<unknown>(240.5, 2_400, 2_401, 100, 3.1234, '', 'x', [], {}, [{}], 'PLAIN'),
  fc.constantFrom('+82102000000', '821020000001', '+0821020000', '+8210200000011111', '+12345'),
  fc.constantFrom('2023-02-29', '2024-02-29', '2026-11-22T00:00:00', '2026-11-22T24:00:00Z'),
  fc.constantFrom('2026-02-30T00:00:00Z', '2026-11-22T00:00:00.123456+09:00', '2026-11-22'),
  fc.constantFrom('http://a.example', 'https://a.example/%zz', 'https://a.example/a b', 'https://'),
  fc.constantFrom('https://a.example/?q=1#f', '{{code}}', `{{code}}${'x'.repeat(153)}`, 'total'),
  fc.constantFrom('f'.repeat(64), 'g'.repeat(64), 'a'.repeat(37), '📱'.repeat(10), 'partial'),
  fc.integer({ min: -1_000, max: 1_000_000_000 }).map((thousandths) => thousandths / 1_000),
  fc.integer({ min: 0, max: 1_000_000_000 }).map((millionths) => millionths / 1_000_000),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -10, max: 1e9 }),
  fc.string({ maxLength: 12 }),
)

describe.skipIf(officialAbsent)('judged alike', () => {
  test.each(CASES)('%s %s', (api, schema, ours, samples) => {
    const validator = createValidator(loadDefinitions())
    const compare = (json: unknown) => {
      const complaints = validator.checkSchema(api, schema, json)
      const parsed = ours.safeParse(json)
      if (maySeparate(parsed)) return
      expect(parsed.success, `${JSON.stringify(json)}\n${complaints.join('\n')}`).toBe(
        complaints.length === 0,
      )
    }
    for (const sample of samples) {
      expect(validator.checkSchema(api, schema, sample)).toEqual([])
      compare(sample)
      for (const path of pathsOf(sample)) compare(changedAt(sample, path, undefined))
    }
    const spoiled = fc
      .constantFrom(...samples)
      .chain((sample) =>
        fc
          .tuple(fc.constantFrom(...pathsOf(sample)), spoilers)
          .map(([path, spoiler]) => changedAt(sample, path, spoiler)),
      )
    fc.assert(fc.property(spoiled, compare), { numRuns: 800 })
  })
})

/** Where the two may differ, because ours is the stricter on purpose. */
const STRICTER: readonly RegExp[] = [
  // The words of a status are only in the prose of the definitions.
  /paymentStatus|refundStatus/,
  // A double has room for fifteen digits.
  /Too big: expected number to be <=999999999999.999/,
  // And a whole number ends where doubles lose it.
  /expected int to be </,
  // An e-mail address has no rule that two libraries share.
  /email/,
  // The definition counts members, and would take one that nobody knows.
  /phoneNumber or hashedPhoneNumber/,
  // A URI without a host cannot be sent to.
  /RFC 3986/,
  // JSON Schema’s regular expression for a date-time lets white space stand for the T, and leap seconds.
  /RFC 3339/,
]

function maySeparate(parsed: z.ZodSafeParseResult<unknown>): boolean {
  if (parsed.success) return false
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  return issues.every((issue) => STRICTER.some((rule) => rule.test(issue)))
}

type Path = readonly (string | number)[]

function pathsOf(json: unknown, above: Path = []): Path[] {
  if (typeof json !== 'object' || json === null) return [above]
  const keys: readonly (string | number)[] = Array.isArray(json)
    ? [...json.keys()]
    : Object.keys(json)
  const members: ReadonlyMap<string, unknown> = new Map(Object.entries(json))
  const below = keys.flatMap((key) => pathsOf(members.get(String(key)), [...above, key]))
  return above.length === 0 ? below : [above, ...below]
}

/** A copy with one member replaced; `undefined` takes it away. */
function changedAt(json: unknown, path: Path, replacement: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return replacement
  if (Array.isArray(json)) {
    const list: readonly unknown[] = json
    return list.flatMap((item, index) => {
      if (index !== key) return [item]
      const changed = changedAt(item, rest, replacement)
      return changed === undefined ? [] : [changed]
    })
  }
  const members = new Map(Object.entries(typeof json === 'object' && json !== null ? json : {}))
  const changed = changedAt(members.get(String(key)), rest, replacement)
  if (changed === undefined) members.delete(String(key))
  else members.set(String(key), changed)
  return Object.fromEntries(members)
}
