import { assetOfProfile } from '@jeon/billing'
import {
  amountToWire,
  type CreateRefundBody,
  createRefundBody,
  readRefundsQuery,
  refundApi,
} from '@jeon/camara'
import type { Hono } from 'hono'
import type { Core } from '../core.ts'
import type { Payment, Refund } from '../model.ts'
import type { RefundOutcome } from '../refunds/model.ts'
import { type Answer, type Call, type CallParts, noBody } from './call.ts'
import type { Completions } from './completions.ts'
import { find, isDecidedLater, notFound, unavailable, unknownOutcome } from './payments.ts'
import { refundOrderOf, refundView } from './refund-wire.ts'
import { apiRoutes } from './routes.ts'
import { refusal } from './statuses.ts'

export interface RefundParts extends CallParts {
  readonly core: Pick<Core, 'payments' | 'refunds'>
  readonly completions: Completions
}

const { operations } = refundApi
const PER_PAGE_MAX = 1_000

/** Carrier Billing Refund: all or part of a payment given back. */
export function refundRoutes(parts: RefundParts): Hono {
  return apiRoutes(parts, refundApi, (on) => {
    on(operations.createRefund, createRefundBody, (call) => create(parts, call))
    on(operations.retrieveRefunds, noBody, (call) => list(parts, call))
    // Before `{refundId}`, which would take the word for an id.
    on(operations.retrievePaymentRemainingAmount, noBody, (call) => remaining(parts, call))
    on(operations.retrieveRefund, noBody, (call) => retrieve(parts, call))
  })
}

async function create(parts: RefundParts, call: Call<CreateRefundBody>): Promise<Answer> {
  const { payment, line } = await find(parts, call)
  if (parts.faults.of(line) === 'refund_denied') {
    throw refusal('CARRIER_BILLING_REFUND.REFUND_DENIED', '[sandbox] This number is never refunded')
  }
  const order = refundOrderOf(call, payment, assetOf(parts, payment))
  const { refunds } = parts.core
  const later = isDecidedLater(call.client, parts.faults.of(line))
  const refund = refundOf(await (later ? refunds.accept(order) : refunds.create(order)))
  if (later) parts.completions.later(refund.id, 'refund')
  return { status: 201, body: refundView(refund, payment, parts.carrier) }
}

function refundOf(outcome: RefundOutcome): Refund {
  if (outcome.ok) return outcome.refund
  switch (outcome.code) {
    case 'payment_not_found':
      throw notFound()
    case 'wrong_status':
      throw refusal(
        'CARRIER_BILLING_REFUND.INVALID_PAYMENT_STATUS',
        'Only a payment that succeeded can be refunded',
      )
    case 'nothing_left':
      throw refusal(
        'CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND',
        '[nothing_left] All of it was refunded already',
      )
    case 'not_refundable':
      throw refusal(
        'CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND',
        `[${outcome.reason}] The market gives nothing back for this payment any more`,
      )
    case 'amount_above_left':
      throw refusal(
        'CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT',
        '[amount_above_left] More than is left of the payment',
      )
    case 'amount_not_a_step':
      throw refusal(
        'CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT',
        '[amount_not_a_step] Not an amount that is billed here',
      )
    case 'correlator_used':
      throw refusal('INVALID_ARGUMENT', 'clientCorrelator already exists on the server')
    case 'reference_used':
      throw refusal(
        'ALREADY_EXISTS',
        'referenceCode was used before, and there is no clientCorrelator',
      )
    case 'unavailable':
      throw unavailable()
    case 'unknown_outcome':
      throw unknownOutcome()
  }
}

async function list(parts: RefundParts, call: Call): Promise<Answer> {
  const read = readRefundsQuery(call.query)
  if (!read.success)
    throw refusal('INVALID_ARGUMENT', read.error.issues[0]?.message ?? 'invalid query')
  const { page = 1, perPage = 10, order = 'desc', refundStatus, merchantIdentifier } = read.data
  if (page < 1 || perPage < 1 || perPage > PER_PAGE_MAX) {
    throw refusal('OUT_OF_RANGE', `page counts from 1, perPage from 1 to ${PER_PAGE_MAX}`)
  }
  const from = Date.parse(read.data['refundCreationDate.gte'] ?? '0000-01-01T00:00:00Z')
  const to = Date.parse(read.data['refundCreationDate.lte'] ?? '9999-12-31T00:00:00Z')
  if (from > to) {
    throw refusal(
      'CARRIER_BILLING_REFUND.INVALID_DATE_RANGE',
      'refundCreationDate.gte is after .lte',
    )
  }
  const { payment } = await find(parts, call)
  const ofMerchant = merchantIdentifier === undefined || merchantIdentifier === payment.merchant.id
  const all = ofMerchant ? await parts.core.refunds.list(payment.id) : []
  const matching = all.filter(
    ({ createdAtMs, status }) =>
      createdAtMs >= from && createdAtMs <= to && (refundStatus?.includes(status) ?? true),
  )
  const ordered = order === 'asc' ? matching : matching.toReversed()
  const shown = ordered.slice((page - 1) * perPage, page * perPage)
  const body = shown.map((refund) => refundView(refund, payment, parts.carrier))
  const last = (page - 1) * perPage + body.length
  const headers = { 'content-last-key': String(last), 'x-total-count': String(matching.length) }
  return { status: 200, body, headers }
}

async function retrieve(parts: RefundParts, call: Call): Promise<Answer> {
  const { payment } = await find(parts, call)
  const refund = await parts.core.refunds.find(call.parameter('refundId'))
  if (refund === undefined || refund.paymentId !== payment.id) {
    throw refusal('NOT_FOUND', 'There is no such refund of this payment')
  }
  return { status: 200, body: refundView(refund, payment, parts.carrier) }
}

async function remaining(parts: RefundParts, call: Call): Promise<Answer> {
  const { payment } = await find(parts, call)
  const left = payment.status === 'succeeded' ? await parts.core.refunds.remaining(payment.id) : 0n
  const asset = assetOf(parts, payment)
  const { isTaxIncluded, description } = payment
  const amount = amountToWire(left ?? 0n, asset)
  return { status: 200, body: { amount, currency: asset.code, description, isTaxIncluded } }
}

function assetOf({ carrier }: RefundParts, payment: Payment) {
  return assetOfProfile(carrier.profileOf(payment.profileVersion))
}
