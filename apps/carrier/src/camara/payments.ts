import {
  type CreatePaymentBody,
  carrierBillingApi,
  createPaymentBody,
  paymentStatus,
  phoneNumberBody,
  readPaymentsQuery,
  validatePaymentBody,
} from '@jeon/camara'
import type { Hono } from 'hono'
import type { z } from 'zod'
import type { Client } from '../clients/model.ts'
import type { Codes } from '../codes/service.ts'
import type { Core } from '../core.ts'
import type { FaultName } from '../faults/model.ts'
import type { Line, Payment, PaymentOrder } from '../model.ts'
import type { OrderOutcome } from '../payments/model.ts'
import { detailOf } from '../payments/rules.ts'
import { type Answer, type Call, type CallParts, noBody } from './call.ts'
import type { Completions } from './completions.ts'
import { declined, declinedAtConfirmation } from './declines.ts'
import { orderOf, paymentView, preparedView } from './payment-wire.ts'
import type { Refusal } from './refusal.ts'
import { apiRoutes } from './routes.ts'
import { refusal } from './statuses.ts'
import { sendPaymentCode } from './validation-code.ts'

export interface PaymentParts extends CallParts {
  readonly core: Pick<Core, 'payments'>
  readonly codes: Codes
  readonly completions: Completions
  /** The carrier's own URL, without a slash at the end. */
  readonly carrierUrl: string
  /** Where the payer of a payment confirms it on the carrier's page. */
  validationUrl(payment: Payment): string
}

const { operations } = carrierBillingApi
const PER_PAGE_MAX = 1_000

/** Carrier Billing: payments in one step and two. */
export function paymentRoutes(parts: PaymentParts): Hono {
  return apiRoutes(parts, carrierBillingApi, (on) => {
    on(operations.createPayment, createPaymentBody, (call) => create(parts, call))
    on(operations.preparePayment, createPaymentBody, (call) => prepare(parts, call))
    on(operations.validatePayment, validatePaymentBody, (call) => validate(parts, call))
    on(operations.confirmPayment, phoneNumberBody, (call) => confirm(parts, call))
    on(operations.cancelPayment, phoneNumberBody, (call) => cancel(parts, call))
    on(operations.retrievePayments, noBody, (call) => list(parts, call))
    on(operations.retrievePayment, noBody, (call) => retrieve(parts, call))
  })
}

async function create(parts: PaymentParts, call: Call<CreatePaymentBody>): Promise<Answer> {
  const line = await call.identify(call.body.amountTransaction.phoneNumber)
  const order = orderOf(call, line, { steps: 1, nowMs: parts.clock.now() })
  const payment = await decide(parts, call, line, order)
  return { status: 201, body: paymentView(payment, facts(parts, line)) }
}

async function prepare(parts: PaymentParts, call: Call<CreatePaymentBody>): Promise<Answer> {
  const line = await call.identify(call.body.amountTransaction.phoneNumber)
  const fault = parts.faults.of(line)
  if (fault === 'prepare_denied') throw denied('[sandbox] This number is always denied')
  const asked = orderOf(call, line, { steps: 2, nowMs: parts.clock.now() })
  const order = { ...asked, validation: validationOf(fault) ?? asked.validation }
  const payment = await decide(parts, call, line, order)
  if (payment.status === 'pending_validation' && payment.validation === 'code') {
    await sendCode(parts, payment, line)
  }
  const url = payment.validation === 'url' ? parts.validationUrl(payment) : undefined
  return { status: 201, body: preparedView(payment, facts(parts, line), url) }
}

function validationOf(fault: FaultName | null): 'code' | 'url' | undefined {
  if (fault === 'needs_code') return 'code'
  return fault === 'needs_url' ? 'url' : undefined
}

/** Decides now, or accepts and decides later where the client or the number wants that. */
async function decide(
  { core: { payments }, faults, completions }: PaymentParts,
  { client }: Call,
  line: Line,
  order: PaymentOrder,
): Promise<Payment> {
  if (isDecidedLater(client, faults.of(line))) {
    const payment = paymentOf(await payments.accept(order))
    completions.later(payment.id, 'payment')
    return payment
  }
  return paymentOf(await (order.steps === 1 ? payments.create(order) : payments.prepare(order)))
}

/** Where the client or the number wants it so. */
export function isDecidedLater({ settings }: Client, fault: FaultName | null): boolean {
  return fault === 'asynchronous' || fault === 'asynchronous_denied' || !settings.sync
}

function paymentOf(outcome: OrderOutcome): Payment {
  if (outcome.ok) return outcome.payment
  switch (outcome.code) {
    case 'declined':
      throw declined(outcome.reason, outcome.detail)
    case 'correlator_used':
      throw refusal('INVALID_ARGUMENT', 'clientCorrelator already exists on the server')
    case 'reference_used':
      throw refusal(
        'ALREADY_EXISTS',
        'referenceCode was used before, and there is no clientCorrelator',
      )
    case 'line_not_found':
      throw refusal('IDENTIFIER_NOT_FOUND', 'The phone number is no line of this carrier')
    case 'currency_mismatch':
      throw refusal(
        'INVALID_ARGUMENT',
        `Currency is unknown or not authorized: ${outcome.currency}`,
      )
    case 'unavailable':
      throw unavailable()
    case 'unknown_outcome':
      throw unknownOutcome()
  }
}

async function validate(
  parts: PaymentParts,
  call: Call<z.output<typeof validatePaymentBody>>,
): Promise<Answer> {
  const { payment } = await find(parts, call)
  const { authorizationId, code } = call.body
  if (payment.status !== 'pending_validation') throw alreadyExists(payment)
  if (payment.validation !== 'code' || payment.authorizationId !== authorizationId) {
    throw refusal(
      'CARRIER_BILLING.INVALID_AUTHORIZATION_ID',
      'authorizationId is not of this payment',
    )
  }
  const accepted = (await parts.codes.prove(payment.id, code)) === 'ok'
  const outcome = await parts.core.payments.validate(payment.id, { authorizationId, accepted })
  if (outcome.ok) return { status: 204 }
  switch (outcome.code) {
    case 'not_accepted':
      throw refusal('CARRIER_BILLING.INVALID_CODE', 'The code is wrong or over')
    case 'wrong_authorization':
      throw refusal(
        'CARRIER_BILLING.INVALID_AUTHORIZATION_ID',
        'authorizationId is not of this payment',
      )
    case 'validation_failed':
    case 'declined':
      throw refusal(
        'CARRIER_BILLING.VALIDATION_FAILED',
        'The payment was not approved in time or in as many tries',
      )
    case 'wrong_status':
    case 'expired':
      throw alreadyExists(outcome.payment)
    case 'not_found':
      throw notFound()
    case 'unavailable':
      throw unavailable()
    case 'unknown_outcome':
      throw unknownOutcome()
  }
}

type PhoneCall = Call<z.output<typeof phoneNumberBody>>

async function confirm(parts: PaymentParts, call: PhoneCall): Promise<Answer> {
  const found = await findOfNumber(parts, call)
  const { payment, line } = found
  if (parts.faults.of(line) === 'confirm_denied') {
    await parts.core.payments.deny(payment.id, 'confirm_refused')
    throw declinedAtConfirmation('confirm_refused', {})
  }
  const outcome = await parts.core.payments.confirm(payment.id)
  if (outcome.ok) return { status: 202 }
  switch (outcome.code) {
    case 'declined':
      throw declinedAtConfirmation(outcome.reason, outcome.detail)
    case 'unavailable':
      throw unavailable()
    case 'unknown_outcome':
      throw unknownOutcome()
    case 'not_found':
      throw notFound()
    default:
      throw confirmedTooLate({ line, payment: outcome.payment }, parts)
  }
}

/**
 * The definition's 403 of a confirmation is also for a payment that was denied before it, by its owner on the carrier's page, say:
 * no other answer to a client has a place for why.
 */
function confirmedTooLate({ line, payment }: Found, { carrier }: PaymentParts): Refusal {
  const { status, denialReason, profileVersion } = payment
  if (status !== 'denied' || denialReason === null) return alreadyExists(payment)
  const profile = carrier.profileOf(profileVersion)
  return declinedAtConfirmation(denialReason, detailOf(denialReason, profile, line))
}

async function cancel(parts: PaymentParts, call: PhoneCall): Promise<Answer> {
  const { payment } = await findOfNumber(parts, call)
  const outcome = await parts.core.payments.cancel(payment.id)
  if (outcome.ok) return { status: 202 }
  switch (outcome.code) {
    case 'unavailable':
      throw unavailable()
    case 'unknown_outcome':
      throw unknownOutcome()
    case 'not_found':
      throw notFound()
    default:
      throw alreadyExists(outcome.payment)
  }
}

async function list(parts: PaymentParts, call: Call): Promise<Answer> {
  const { token, client, query } = call
  const read = readPaymentsQuery(query)
  if (!read.success)
    throw refusal('INVALID_ARGUMENT', read.error.issues[0]?.message ?? 'invalid query')
  const { page = 1, perPage = 10, order = 'desc', merchantIdentifier } = read.data
  if (page < 1 || perPage < 1 || perPage > PER_PAGE_MAX) {
    throw refusal('OUT_OF_RANGE', `page counts from 1, perPage from 1 to ${PER_PAGE_MAX}`)
  }
  const fromMs = timeOf(read.data['paymentCreationDate.gte'])
  const toMs = timeOf(read.data['paymentCreationDate.lte'])
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs) {
    throw refusal('CARRIER_BILLING.INVALID_DATE_RANGE', 'paymentCreationDate.gte is after .lte')
  }
  const line = token.phoneNumber === null ? undefined : await call.identify(undefined)
  const status = read.data.paymentStatus
  const found = await parts.core.payments.list({
    ...{ carrier: parts.carrier.id, clientId: client.id, order, page, perPage },
    ...(line === undefined ? {} : { lineId: line.id }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    ...(status === undefined ? {} : { status: status.map((each) => paymentStatus.parse(each)) }),
    ...(merchantIdentifier === undefined ? {} : { merchantId: merchantIdentifier }),
  })
  const body = await Promise.all(
    found.payments.map(async (payment) =>
      paymentView(payment, facts(parts, await lineOf(parts, payment))),
    ),
  )
  const last = (page - 1) * perPage + body.length
  const headers = { 'content-last-key': String(last), 'x-total-count': String(found.total) }
  return { status: 200, body, headers }
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text)
}

async function retrieve(parts: PaymentParts, call: Call): Promise<Answer> {
  const { payment, line } = await find(parts, call)
  return { status: 200, body: paymentView(payment, facts(parts, line)) }
}

interface Found {
  readonly payment: Payment
  readonly line: Line
}

/** The payment in the path. Others' payments, and those of another number than the token's, are as if they were not. */
export async function find(
  parts: Pick<PaymentParts, 'core' | 'lines' | 'carrier'>,
  call: Call,
): Promise<Found> {
  const payment = await parts.core.payments.find(call.parameter('paymentId'))
  if (payment === undefined || payment.carrier !== parts.carrier.id) throw notFound()
  if (payment.clientId !== call.client.id) throw notFound()
  const line = await lineOf(parts, payment)
  const { phoneNumber } = call.token
  if (phoneNumber !== null && phoneNumber !== line.phoneNumber) throw notFound()
  await call.about(line)
  return { payment, line }
}

/** For confirm and cancel, whose body names the number when the token does not. */
async function findOfNumber(parts: PaymentParts, call: PhoneCall): Promise<Found> {
  const { body, client } = call
  if (client.settings.featureQuirks && body.phoneNumber === undefined) {
    throw refusal('INVALID_ARGUMENT', 'The body is empty')
  }
  const asked = await call.identify(body.phoneNumber)
  const found = await find(parts, call)
  if (found.line.id !== asked.id) throw notFound()
  return found
}

async function lineOf({ lines }: Pick<PaymentParts, 'lines'>, payment: Payment): Promise<Line> {
  const line = await lines.byId(payment.lineId)
  if (line === undefined) throw new Error(`payment ${payment.id} is of no line`)
  return line
}

/** A payment whose code cannot be sent could never be approved: it is denied at once. */
async function sendCode(parts: PaymentParts, payment: Payment, line: Line): Promise<void> {
  const sent = await sendPaymentCode(parts, payment, line)
  if (sent.ok) return
  await parts.core.payments.deny(payment.id, 'validation_failed')
  throw denied('[validation_failed] More codes within an hour than the market allows')
}

function facts({ carrier, carrierUrl }: PaymentParts, line: Line) {
  return { carrier, line, apiUrl: `${carrierUrl}${carrierBillingApi.basePath}` }
}

function alreadyExists({ status }: Payment): Refusal {
  if (status === 'succeeded') {
    return refusal('CARRIER_BILLING.PAYMENT_CONFIRMED', 'The payment is confirmed already')
  }
  if (status === 'cancelled') {
    return refusal(
      'CARRIER_BILLING.PAYMENT_CANCELLED',
      'The payment is cancelled, or its time was over',
    )
  }
  return refusal('ALREADY_EXISTS', `The payment is ${status}`)
}

function denied(message: string): Refusal {
  return refusal('CARRIER_BILLING.PAYMENT_DENIED', message)
}

export function notFound(): Refusal {
  return refusal('NOT_FOUND', 'There is no such payment of this client')
}

export function unavailable(): Refusal {
  return refusal('UNAVAILABLE', 'Nothing was done; try again with the same clientCorrelator')
}

export function unknownOutcome(): Refusal {
  return refusal('TIMEOUT', 'It is not known whether it was done; ask for the payment later')
}
