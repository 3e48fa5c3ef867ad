/** The judge is judged first: what it must let pass, and what it must catch. */
import { paymentCompleted, paymentDenied, refundInBill } from '@jeon/camara'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadDefinitions, officialAbsent } from './official.ts'
import { ContractViolation, createRecordingFetch } from './recording.ts'
import {
  createPaymentSample,
  partialRefundSample,
  paymentSample,
  sinkCredentialSamples,
  totalRefundSample,
} from './samples.ts'
import {
  createValidator,
  type RequestMessage,
  type ResponseMessage,
  type Validator,
} from './validator.ts'

const JSON_TYPE = 'application/json'
const payments = 'https://carrier.example/kt/carrier-billing/v0.5/payments'
const refunds = 'https://carrier.example/kt/carrier-billing-refund/v0.3/payments/p/refunds'

function requestOf(
  method: string,
  url: string,
  json?: unknown,
  headers: Record<string, string> = {},
): RequestMessage {
  const type = json === undefined ? {} : { 'content-type': JSON_TYPE }
  return {
    method,
    url: new URL(url),
    headers: new Headers({ authorization: 'Bearer abc', ...type, ...headers }),
    text: json === undefined ? '' : JSON.stringify(json),
  }
}

function responseOf(
  status: number,
  json?: unknown,
  headers: Record<string, string> = {},
): ResponseMessage {
  const type = json === undefined ? {} : { 'content-type': `${JSON_TYPE}; charset=utf-8` }
  return {
    status,
    headers: new Headers({ ...type, ...headers }),
    text: json === undefined ? '' : JSON.stringify(json),
  }
}

describe.skipIf(officialAbsent)('the validator', () => {
  let validator: Validator
  beforeAll(() => {
    validator = createValidator(loadDefinitions())
  })

  test('finds operations below any prefix, the literal path before the template', () => {
    const idOf = (method: string, url: string) => {
      const match = validator.match(method, new URL(url))
      return match.kind === 'operation' ? match.operation.id : match.kind
    }
    expect(idOf('POST', payments)).toBe('createPayment')
    expect(idOf('POST', `${payments}/prepare`)).toBe('preparePayment')
    expect(idOf('GET', `${payments}/prepare`)).toBe('retrievePayment')
    expect(idOf('GET', `${refunds}/remaining-amount`)).toBe('retrievePaymentRemainingAmount')
    expect(idOf('GET', `${refunds}/other`)).toBe('retrieveRefund')
    expect(idOf('PUT', payments)).toBe('unheard')
    expect(idOf('GET', 'https://carrier.example/token')).toBe('elsewhere')
  })

  test.each([
    ['a payment', requestOf('POST', payments, createPaymentSample)],
    [
      'an amount that floating division would refuse',
      requestOf('POST', payments, withAmount(0.35)),
    ],
    ['a large amount', requestOf('POST', payments, withAmount(999_999_999_999.999))],
    ['a member nobody knows', requestOf('POST', payments, { ...createPaymentSample, x: 1 })],
    ['{} to confirm', requestOf('POST', `${payments}/p/confirm`, {})],
    ['a total refund', requestOf('POST', refunds, totalRefundSample)],
    ['a partial refund', requestOf('POST', refunds, partialRefundSample)],
    [
      'a list of statuses',
      requestOf('GET', `${payments}?paymentStatus=denied&paymentStatus=reserved&page=1`),
    ],
    ...sinkCredentialSamples.map((sinkCredential): [string, RequestMessage] => [
      sinkCredential.credentialType,
      requestOf('POST', payments, { ...createPaymentSample, sinkCredential }),
    ]),
  ])('lets a request pass: %s', (_, request) => {
    expect(validator.checkRequest(request)).toEqual([])
  })

  test.each([
    ['no token', requestOf('GET', payments, undefined, { authorization: '' })],
    ['a basic one', requestOf('GET', payments, undefined, { authorization: 'Basic abc' })],
    ['a bad correlator', requestOf('GET', payments, undefined, { 'x-correlator': 'a b' })],
    ['no body', requestOf('POST', payments)],
    ['a body where none belongs', requestOf('GET', payments, {})],
    ['another type', requestOf('POST', payments, {}, { 'content-type': 'text/plain' })],
    ['no amount', requestOf('POST', payments, { amountTransaction: { referenceCode: 'x' } })],
    ['four places', requestOf('POST', payments, withAmount(0.0011))],
    ['nothing', requestOf('POST', payments, withAmount(0))],
    [
      'a sink in the clear',
      requestOf('POST', payments, { ...createPaymentSample, sink: 'http://a.example' }),
    ],
    [
      'half a credential',
      requestOf('POST', payments, {
        ...createPaymentSample,
        sinkCredential: { credentialType: 'PLAIN', identifier: 'x' },
      }),
    ],
    ['a total refund of nothing', requestOf('POST', refunds, { type: 'total' })],
    [
      'a partial refund without an amount',
      requestOf('POST', refunds, { ...totalRefundSample, type: 'partial' }),
    ],
    [
      'a refund of another kind',
      requestOf('POST', refunds, { ...totalRefundSample, type: 'half' }),
    ],
    ['an unknown query', requestOf('GET', `${payments}?clientCorrelator=x`)],
    ['a page twice', requestOf('GET', `${payments}?page=1&page=2`)],
    ['a page in words', requestOf('GET', `${payments}?page=one`)],
    [
      'a time without a zone',
      requestOf('GET', `${payments}?paymentCreationDate.gte=2026-11-22T00:00:00`),
    ],
    ['an unknown status', requestOf('GET', `${payments}?paymentStatus=paid`)],
    ['an unheard path', requestOf('GET', `${payments}/a/b/c`)],
  ])('catches a request with %s', (_, request) => {
    expect(validator.checkRequest(request)).not.toEqual([])
  })

  const created = requestOf('POST', payments, createPaymentSample, { 'x-correlator': 'c-1' })
  const echo = { 'x-correlator': 'c-1' }
  const refusal = { status: 409, code: 'ALREADY_EXISTS', message: 'known' }

  test.each([
    ['a payment', responseOf(201, paymentSample, echo)],
    ['a refusal', responseOf(409, refusal, echo)],
  ])('lets an answer pass: %s', (_, response) => {
    expect(validator.checkResponse(created, response)).toEqual([])
  })

  test.each([
    ['no correlator', responseOf(201, paymentSample)],
    ['another correlator', responseOf(201, paymentSample, { 'x-correlator': 'c-2' })],
    ['no body', responseOf(201, undefined, echo)],
    ['a member missing', responseOf(201, { ...paymentSample, paymentId: undefined }, echo)],
    ['a date that is none', responseOf(201, { ...paymentSample, paymentDate: 'today' }, echo)],
    ['a status not documented', responseOf(200, paymentSample, echo)],
    ['a refusal not documented', responseOf(500, { ...refusal, status: 500 }, echo)],
    ['a code of another status', responseOf(409, { ...refusal, code: 'NOT_FOUND' }, echo)],
    ['a status of another', responseOf(409, { ...refusal, status: 400 }, echo)],
  ])('catches an answer with %s', (_, response) => {
    expect(validator.checkResponse(created, response)).not.toEqual([])
  })

  test('a refusal that was allowed must still be CAMARA’s', () => {
    const lenient = createValidator(loadDefinitions(), { alsoStatuses: [503] })
    const body = { status: 503, code: 'UNAVAILABLE', message: 'later' }
    expect(lenient.checkResponse(created, responseOf(503, body, echo))).toEqual([])
    expect(lenient.checkResponse(created, responseOf(503, { error: 'later' }, echo))).not.toEqual(
      [],
    )
  })

  test('a list’s counts are numbers, and an empty answer has no body', () => {
    const listed = requestOf('GET', payments)
    expect(validator.checkResponse(listed, responseOf(200, [], { 'X-Total-Count': '0' }))).toEqual(
      [],
    )
    expect(
      validator.checkResponse(listed, responseOf(200, [], { 'X-Total-Count': 'none' })),
    ).not.toEqual([])
    const confirmed = requestOf('POST', `${payments}/p/confirm`, {})
    expect(validator.checkResponse(confirmed, responseOf(202))).toEqual([])
    expect(validator.checkResponse(confirmed, responseOf(202, {}))).not.toEqual([])
  })

  test('events', () => {
    const headers = new Headers({ 'content-type': 'application/cloudevents+json' })
    const news = {
      id: 'e-1',
      source: 'https://carrier.example/kt',
      time: '2026-11-22T01:00:00Z',
      paymentId: 'p-1',
      refundId: 'r-1',
      description: 'charged',
    }
    const check = (api: string, event: unknown) =>
      validator.checkCallback(api, { headers, text: JSON.stringify(event) })
    const completed = paymentCompleted({ ...news, paymentDate: news.time })
    expect(check('carrier-billing', completed)).toEqual([])
    expect(check('carrier-billing', paymentDenied(news))).toEqual([])
    expect(check('carrier-billing-refund', refundInBill(news))).toEqual([])
    expect(check('carrier-billing-refund', completed)).not.toEqual([])
    expect(check('carrier-billing', { ...completed, data: { paymentId: 'p-1' } })).not.toEqual([])
    expect(check('sim-swap', completed)).not.toEqual([])
    const plain = { headers: new Headers({ 'content-type': JSON_TYPE }), text: '{}' }
    expect(validator.checkCallback('carrier-billing', plain)).not.toEqual([])
  })

  test('a recording fetch throws with what was wrong, and keeps it', async () => {
    const answer = () => Promise.resolve(new Response('{"paymentId":1}', { status: 201 }))
    const recording = createRecordingFetch(validator, { fetch: answer })
    const sent = recording.fetch(payments, {
      method: 'POST',
      headers: { authorization: 'Bearer x', 'content-type': JSON_TYPE },
      body: JSON.stringify(createPaymentSample),
    })
    await expect(sent).rejects.toThrow(ContractViolation)
    await expect(recording.fetch('https://carrier.example/token')).resolves.toHaveProperty('ok')
    expect(recording.violations.join('\n')).toContain('createPayment response 201')
    expect(recording.exchanges).toHaveLength(1)
  })
})

function withAmount(amount: number) {
  const { paymentAmount } = createPaymentSample.amountTransaction
  const chargingInformation = { ...paymentAmount.chargingInformation, amount }
  return {
    amountTransaction: {
      ...createPaymentSample.amountTransaction,
      paymentAmount: { chargingInformation },
    },
  }
}
