/** CAMARA Carrier Billing Refund 0.3.0: all or part of a payment given back. */
import { z } from 'zod'
import { wireAmountOrZero } from './amounts.ts'
import { chargingInformation } from './carrier-billing.ts'
import type { Api } from './operation.ts'
import { dateTime, sink, sinkCredential } from './wire.ts'

/** Where a refund stands. While `processing` it already lowers what remains, until it is denied. */
export const refundStatus = z.enum(['processing', 'succeeded', 'denied'])
export type RefundStatus = z.infer<typeof refundStatus>

const refundMetaData = z.object({ merchantIdentifier: z.string().optional() })

/** One item of a partial refund, named as in the payment's `paymentDetails`. */
export const refundItem = chargingInformation.extend({ paymentItemId: z.string() })
export type RefundItem = z.infer<typeof refundItem>

/** A total refund has no amount of its own, and closes the payment to more refunds. */
const totalTransaction = z.object({
  clientCorrelator: z.string().optional(),
  refundAmount: z.object({ chargingMetaData: refundMetaData.optional() }),
  referenceCode: z.string(),
})

const partialTransaction = z.object({
  clientCorrelator: z.string().optional(),
  refundAmount: z.object({
    chargingInformation,
    chargingMetaData: refundMetaData.optional(),
    refundDetails: z.array(refundItem).min(1).optional(),
  }),
  referenceCode: z.string(),
})

const requestMembers = {
  reason: z.string().optional(),
  sink: sink.optional(),
  sinkCredential: sinkCredential.optional(),
}

/** What POST /payments/{paymentId}/refunds takes. */
export const createRefundBody = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('total'),
    amountTransaction: totalTransaction,
    ...requestMembers,
  }),
  z.object({
    type: z.literal('partial'),
    amountTransaction: partialTransaction,
    ...requestMembers,
  }),
])
export type CreateRefundBody = z.infer<typeof createRefundBody>

const responseMembers = {
  refundId: z.string(),
  refundStatus,
  refundCreationDate: dateTime,
  refundDate: dateTime.optional(),
  reason: z.string().optional(),
  sink: sink.optional(),
}

/** A refund as the carrier shows it. */
export const refundResponse = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('total'),
    amountTransaction: totalTransaction,
    ...responseMembers,
  }),
  z.object({
    type: z.literal('partial'),
    amountTransaction: partialTransaction,
    ...responseMembers,
  }),
])
export type RefundResponse = z.infer<typeof refundResponse>

export const refundsResponse = z.array(refundResponse)
export type RefundsResponse = z.infer<typeof refundsResponse>

/** What of a payment may still be refunded. */
export const remainingAmountResponse = z.object({
  amount: wireAmountOrZero,
  /** ISO 4217. */
  currency: z.string(),
  description: z.string().optional(),
  isTaxIncluded: z.boolean().optional(),
  taxAmount: wireAmountOrZero.optional(),
})
export type RemainingAmountResponse = z.infer<typeof remainingAmountResponse>

/** How a payment's refunds are narrowed. Pages count from 1. */
export const refundsQuery = z.object({
  /** (Default: 1.) */
  page: z.int().optional(),
  /** (Default: 10.) */
  perPage: z.int().optional(),
  'refundCreationDate.gte': dateTime.optional(),
  'refundCreationDate.lte': dateTime.optional(),
  /** By creation date. (Default: `desc`.) */
  order: z.enum(['desc', 'asc']).optional(),
  refundStatus: z.array(refundStatus).optional(),
  merchantIdentifier: z.string().optional(),
})
export type RefundsQuery = z.infer<typeof refundsQuery>

/** The HTTP status of each refusal of this API. */
export const refundStatuses = {
  INVALID_ARGUMENT: 400,
  INVALID_CREDENTIAL: 400,
  INVALID_TOKEN: 400,
  INVALID_SINK: 400,
  OUT_OF_RANGE: 400,
  'CARRIER_BILLING_REFUND.INVALID_DATE_RANGE': 400,
  'CARRIER_BILLING_REFUND.TOO_MANY_MATCHING_RECORDS': 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  'CARRIER_BILLING_REFUND.REFUND_DENIED': 403,
  'CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND': 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  'CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT': 422,
  'CARRIER_BILLING_REFUND.USER_AMOUNT_THRESHOLD_OVERPASSED': 422,
  'CARRIER_BILLING_REFUND.INVALID_PAYMENT_STATUS': 422,
  'CARRIER_BILLING_REFUND.TAXES_MANAGEMENT_MISMATCH': 422,
  'CARRIER_BILLING_REFUND.REFUND_DETAILS_MISMATCH': 422,
  TOO_MANY_REQUESTS: 429,
} as const
export type RefundCode = keyof typeof refundStatuses

const READ = [
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'TOO_MANY_REQUESTS',
] as const

/** The four operations. */
export const refundApi = {
  name: 'carrier-billing-refund',
  version: '0.3.0',
  basePath: '/carrier-billing-refund/v0.3',
  statuses: refundStatuses,
  operations: {
    createRefund: {
      id: 'createRefund',
      method: 'POST',
      path: '/payments/{paymentId}/refunds',
      scopes: ['carrier-billing-refund:refunds:create'],
      success: 201,
      body: createRefundBody,
      response: refundResponse,
      errors: [
        ...READ,
        'INVALID_CREDENTIAL',
        'INVALID_TOKEN',
        'INVALID_SINK',
        'CARRIER_BILLING_REFUND.REFUND_DENIED',
        'CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND',
        'ALREADY_EXISTS',
        'CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT',
        'CARRIER_BILLING_REFUND.USER_AMOUNT_THRESHOLD_OVERPASSED',
        'CARRIER_BILLING_REFUND.INVALID_PAYMENT_STATUS',
        'CARRIER_BILLING_REFUND.TAXES_MANAGEMENT_MISMATCH',
        'CARRIER_BILLING_REFUND.REFUND_DETAILS_MISMATCH',
      ],
    },
    retrieveRefunds: {
      id: 'retrieveRefunds',
      method: 'GET',
      path: '/payments/{paymentId}/refunds',
      scopes: ['carrier-billing-refund:refunds:read'],
      success: 200,
      response: refundsResponse,
      errors: [
        ...READ,
        'OUT_OF_RANGE',
        'CARRIER_BILLING_REFUND.INVALID_DATE_RANGE',
        'CARRIER_BILLING_REFUND.TOO_MANY_MATCHING_RECORDS',
      ],
    },
    retrieveRefund: {
      id: 'retrieveRefund',
      method: 'GET',
      path: '/payments/{paymentId}/refunds/{refundId}',
      scopes: ['carrier-billing-refund:refunds:read'],
      success: 200,
      response: refundResponse,
      errors: READ,
    },
    retrievePaymentRemainingAmount: {
      id: 'retrievePaymentRemainingAmount',
      method: 'GET',
      path: '/payments/{paymentId}/refunds/remaining-amount',
      scopes: ['carrier-billing-refund:refunds:read'],
      success: 200,
      response: remainingAmountResponse,
      errors: READ,
    },
  },
} as const satisfies Api
