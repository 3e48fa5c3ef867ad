/** Every request that the client sends is one that a carrier built on the official definitions accepts. */
import { type CamaraClient, createCamaraClient, type TokenSource } from '@jeon/camara'
import { describe, expect, test } from 'vitest'
import { loadDefinitions, officialAbsent } from './official.ts'
import { createRecordingFetch, type Recording } from './recording.ts'
import {
  createPaymentSample,
  partialRefundSample,
  paymentSample,
  preparedPaymentSample,
  refundSamples,
  remainingAmountSample,
  totalRefundSample,
} from './samples.ts'
import { createValidator } from './validator.ts'

const tokens: TokenSource = {
  clientCredentials: async ([scope = '']) => ({
    ok: true,
    token: {
      accessToken: Buffer.from(scope).toString('base64url'),
      expiresAtMs: undefined,
      scope,
      refreshToken: undefined,
      subject: undefined,
    },
  }),
  forget: () => undefined,
}

const phoneNumber = '+821020000001'
type Case = readonly [
  operationId: string,
  status: number,
  answer: unknown,
  send: (client: CamaraClient) => Promise<{ readonly outcome: string }>,
]

const CASES: readonly Case[] = [
  ['createPayment', 201, paymentSample, (c) => c.carrierBilling.createPayment(createPaymentSample)],
  [
    'preparePayment',
    201,
    preparedPaymentSample,
    (c) => c.carrierBilling.preparePayment(createPaymentSample),
  ],
  [
    'validatePayment',
    204,
    undefined,
    (c) => c.carrierBilling.validatePayment('p/1', { authorizationId: 'a', code: '123456' }),
  ],
  [
    'confirmPayment',
    202,
    undefined,
    (c) => c.carrierBilling.confirmPayment('p-1', { phoneNumber }),
  ],
  ['confirmPayment', 202, undefined, (c) => c.carrierBilling.confirmPayment('p-1')],
  ['cancelPayment', 202, undefined, (c) => c.carrierBilling.cancelPayment('p-1')],
  ['retrievePayment', 200, paymentSample, (c) => c.carrierBilling.retrievePayment('p-1')],
  ['retrievePayments', 200, [], (c) => c.carrierBilling.retrievePayments()],
  [
    'retrievePayments',
    200,
    [paymentSample],
    (c) =>
      c.carrierBilling.retrievePayments({
        page: 2,
        perPage: 10,
        order: 'asc',
        'paymentCreationDate.gte': '2026-11-01T00:00:00+09:00',
        'paymentCreationDate.lte': '2026-12-01T00:00:00+09:00',
        paymentStatus: ['succeeded', 'reserved'],
        merchantIdentifier: 'night press & co',
      }),
  ],
  [
    'retrievePayments',
    200,
    [],
    (c) =>
      c.carrierBilling.findByCorrelator({ clientCorrelator: 'x', aroundMs: 1e12, windowMs: 6e4 }),
  ],
  ['createRefund', 201, refundSamples[0], (c) => c.refunds.createRefund('p-1', totalRefundSample)],
  [
    'createRefund',
    201,
    refundSamples[1],
    (c) => c.refunds.createRefund('p-1', partialRefundSample),
  ],
  ['retrieveRefunds', 200, [], (c) => c.refunds.findByCorrelator('p-1', 'x')],
  [
    'retrieveRefunds',
    200,
    refundSamples,
    (c) => c.refunds.retrieveRefunds('p-1', { refundStatus: ['denied'], order: 'desc' }),
  ],
  ['retrieveRefund', 200, refundSamples[1], (c) => c.refunds.retrieveRefund('p-1', 'r-1')],
  [
    'retrievePaymentRemainingAmount',
    200,
    remainingAmountSample,
    (c) => c.refunds.retrievePaymentRemainingAmount('p-1'),
  ],
  [
    'phoneNumberVerify',
    200,
    { devicePhoneNumberVerified: true },
    (c) => c.numberVerification.verify({ phoneNumber }, { accessToken: 'bound-to-a-line' }),
  ],
  [
    'phoneNumberVerify',
    200,
    { devicePhoneNumberVerified: false },
    (c) => c.numberVerification.verify({ hashedPhoneNumber: 'aB'.repeat(32) }),
  ],
  [
    'phoneNumberShare',
    200,
    { devicePhoneNumber: phoneNumber },
    (c) => c.numberVerification.devicePhoneNumber({ accessToken: 'bound-to-a-line' }),
  ],
  ['checkSimSwap', 200, { swapped: true }, (c) => c.simSwap.check({ phoneNumber, maxAge: 2_400 })],
  ['checkSimSwap', 200, { swapped: true }, (c) => c.simSwap.check()],
  [
    'retrieveSimSwapDate',
    200,
    { latestSimChange: null, monitoredPeriod: 120 },
    (c) => c.simSwap.retrieveDate({ phoneNumber }),
  ],
  ['checkDeviceSwap', 200, { swapped: false }, (c) => c.deviceSwap.check({ phoneNumber })],
  [
    'retrieveDeviceSwapDate',
    200,
    { latestDeviceChange: '2026-11-22T00:00:00Z' },
    (c) => c.deviceSwap.retrieveDate({ phoneNumber }),
  ],
  [
    'sendCode',
    200,
    { authenticationId: 'a'.repeat(36) },
    (c) => c.otpSms.sendCode({ phoneNumber, message: `{{code}} ${'📱'.repeat(151)}` }),
  ],
  [
    'validateCode',
    204,
    undefined,
    (c) => c.otpSms.validateCode({ authenticationId: 'a', code: '1234567890' }),
  ],
  [
    'verifyAge',
    200,
    { ageCheck: 'true', verifiedStatus: true, contentLock: 'not_available' },
    (c) => c.kycAge.verify({ ageThreshold: 19, phoneNumber, birthdate: '2000-02-29' }),
  ],
  [
    'checkTenure',
    200,
    { tenureDateCheck: true, contractType: 'PAYM' },
    (c) => c.kycTenure.check({ phoneNumber, tenureDate: '2024-02-29' }),
  ],
  [
    'retriveSubscriptionStatus',
    200,
    { voiceSmsIn: 'active', voiceSmsOut: 'suspended', dataService: 'throttled' },
    (c) => c.subscriptionStatus.retrieve({ phoneNumber }),
  ],
]

function clientAnswered(answer: (correlator: string) => Response) {
  const fake = (_: RequestInfo | URL, init?: RequestInit): Promise<Response> =>
    Promise.resolve(answer(new Headers(init?.headers).get('x-correlator') ?? ''))
  const recording = createRecordingFetch(createValidator(loadDefinitions()), { fetch: fake })
  const client = createCamaraClient({
    apiRoot: 'https://carrier.example/skt',
    tokens,
    fetch: recording.fetch,
    now: () => 1_000_000_000_000,
    newCorrelator: () => crypto.randomUUID(),
  })
  return { client, recording }
}

function jsonAnswer(status: number, json: unknown, correlator: string): Response {
  const headers = new Headers({ 'x-correlator': correlator })
  if (json !== undefined) headers.set('content-type', 'application/json')
  return new Response(json === undefined ? null : JSON.stringify(json), { status, headers })
}

function operationsOf({ exchanges }: Recording): readonly string[] {
  return exchanges.map(({ operationId }) => operationId)
}

describe.skipIf(officialAbsent)('what the client sends and reads', () => {
  test.each(CASES)('%s %i', async (operationId, status, json, send) => {
    const { client, recording } = clientAnswered((each) => jsonAnswer(status, json, each))
    const { outcome } = await send(client)
    expect(recording.violations).toEqual([])
    expect(['settled', 'absent']).toContain(outcome)
    expect(operationsOf(recording)).toEqual([operationId])
  })

  test('every operation of every definition is among them', () => {
    const defined = loadDefinitions().flatMap(({ operations }) => operations.map(({ id }) => id))
    expect(new Set(CASES.map(([operationId]) => operationId))).toEqual(new Set(defined))
  })

  test('what the definition refuses is not sent at all', async () => {
    const { client, recording } = clientAnswered(() => new Response(null, { status: 500 }))
    const outcome = await client.carrierBilling.createPayment({
      ...createPaymentSample,
      sink: 'http://platform.example/sink',
    })
    expect(outcome).toMatchObject({ outcome: 'not_sent', reason: 'invalid_request' })
    expect(recording.exchanges).toEqual([])
  })
})
