import { assetOfProfile } from '@jeon/billing'
import { amountToWire, type CreateRefundBody, type RefundResponse } from '@jeon/camara'
import type { Asset } from '@jeon/money'
import { z } from 'zod'
import type { Carrier, Payment, Refund } from '../model.ts'
import type { RefundOrder } from '../refunds/model.ts'
import type { Call } from './call.ts'
import { amountOf, sinkTokenOf } from './payment-wire.ts'
import { refusal } from './statuses.ts'

/** What is kept of a refund's body to be echoed. */
const keptFacts = z.object({
  chargingMetaData: z.object({ merchantIdentifier: z.string().optional() }).optional(),
  chargingInformation: z
    .object({
      currency: z.string(),
      description: z.string(),
      isTaxIncluded: z.boolean().optional(),
      taxAmount: z.number().optional(),
    })
    .optional(),
  refundDetails: z
    .array(
      z.object({
        paymentItemId: z.string(),
        amount: z.number(),
        currency: z.string(),
        description: z.string(),
        isTaxIncluded: z.boolean().optional(),
        taxAmount: z.number().optional(),
      }),
    )
    .optional(),
})

/** What a client wants to be given back, off the wire and held against the payment. */
export function refundOrderOf(
  call: Call<CreateRefundBody>,
  payment: Payment,
  asset: Asset,
): RefundOrder {
  const { body, client } = call
  const common = {
    paymentId: payment.id,
    clientId: client.id,
    clientCorrelator: body.amountTransaction.clientCorrelator ?? null,
    referenceCode: body.amountTransaction.referenceCode,
    reason: body.reason ?? null,
    sink: call.sink,
    sinkToken: sinkTokenOf(body.sinkCredential),
  }
  if (body.type === 'total') {
    const facts = keptFacts.parse(body.amountTransaction.refundAmount)
    return { ...common, type: 'total', facts }
  }
  const { refundAmount } = body.amountTransaction
  const amount = amountOf(refundAmount.chargingInformation.amount, asset)
  checkTaxes(payment, refundAmount.chargingInformation.isTaxIncluded ?? false)
  if (refundAmount.chargingInformation.currency !== asset.code) {
    throw refusal(
      'INVALID_ARGUMENT',
      `Currency is unknown or not authorized: it was paid in ${asset.code}`,
    )
  }
  checkDetails(payment, refundAmount.refundDetails, amount, asset)
  return { ...common, type: 'partial', amount, facts: keptFacts.parse(refundAmount) }
}

function checkTaxes(payment: Payment, isTaxIncluded: boolean): void {
  if (payment.isTaxIncluded === isTaxIncluded) return
  throw refusal(
    'CARRIER_BILLING_REFUND.TAXES_MANAGEMENT_MISMATCH',
    `isTaxIncluded has to be ${payment.isTaxIncluded}, as in the payment`,
  )
}

type WireDetails = Extract<
  CreateRefundBody,
  { type: 'partial' }
>['amountTransaction']['refundAmount']['refundDetails']

/** Items are the payment's, each at most once and for no more than it cost, and make up the amount. */
function checkDetails(payment: Payment, details: WireDetails, amount: bigint, asset: Asset): void {
  if (details === undefined) return
  const left = new Map(payment.items.map((item) => [item.id, item.amount]))
  let sum = 0n
  for (const detail of details) {
    const cost = left.get(detail.paymentItemId)
    const back = amountOf(detail.amount, asset)
    if (cost === undefined || back > cost || detail.currency !== asset.code) throw mismatch()
    left.delete(detail.paymentItemId)
    sum += back
  }
  if (sum !== amount) throw mismatch()
}

function mismatch() {
  return refusal(
    'CARRIER_BILLING_REFUND.REFUND_DETAILS_MISMATCH',
    'refundDetails do not fit the payment: items of it, each once, no more than they cost, together the amount',
  )
}

/** A refund as its client sees it. */
export function refundView(refund: Refund, payment: Payment, carrier: Carrier): RefundResponse {
  const asset = assetOfProfile(carrier.profileOf(payment.profileVersion))
  const facts = keptFacts.parse(refund.facts)
  const { clientCorrelator, referenceCode, refundedAtMs, sink, reason } = refund
  const common = {
    refundId: refund.id,
    refundStatus: refund.status,
    refundCreationDate: new Date(refund.createdAtMs).toISOString(),
    ...(refundedAtMs === null ? {} : { refundDate: new Date(refundedAtMs).toISOString() }),
    ...(reason === null ? {} : { reason }),
    ...(sink?.startsWith('https://') ? { sink } : {}),
  }
  const references = {
    ...(clientCorrelator === null ? {} : { clientCorrelator }),
    referenceCode,
  }
  const { chargingMetaData, refundDetails } = facts
  const metaData = chargingMetaData === undefined ? {} : { chargingMetaData }
  if (refund.type === 'total') {
    const amountTransaction = { ...references, refundAmount: metaData }
    return { type: 'total', amountTransaction, ...common }
  }
  const {
    currency = asset.code,
    description = payment.description,
    ...taxes
  } = facts.chargingInformation ?? {}
  const chargingInformation = {
    amount: amountToWire(refund.amount, asset),
    currency,
    description,
    ...taxes,
  }
  const refundAmount = {
    chargingInformation,
    ...metaData,
    ...(refundDetails === undefined ? {} : { refundDetails }),
  }
  return { type: 'partial', amountTransaction: { ...references, refundAmount }, ...common }
}
