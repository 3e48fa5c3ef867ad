/**
 * CAMARA Carrier Billing 0.5.0: one-off payments on a phone bill, in one step (create) or two (prepare, confirm).
 * Where the definition and its official scenarios disagree the definition is followed.
 */
import { z } from 'zod'
import { wireAmount, wireAmountOrZero, wirePercent } from './amounts.ts'
import type { Api } from './operation.ts'
import { dateTime, phoneNumber, sink, sinkCredential } from './wire.ts'

/** Where a payment stands; `succeeded`, `denied` and `cancelled` are final. */
export const paymentStatus = z.enum([
  'processing',
  'pending_validation',
  'reserved',
  'succeeded',
  'denied',
  'cancelled',
])
export type PaymentStatus = z.infer<typeof paymentStatus>

/** An amount and what the bill says about it. */
export const chargingInformation = z.object({
  amount: wireAmount,
  /** ISO 4217. */
  currency: z.string(),
  description: z.string(),
  /** Whether `amount` includes tax. (Default: false.) */
  isTaxIncluded: z.boolean().optional(),
  taxAmount: wireAmountOrZero.optional(),
})
export type ChargingInformation = z.infer<typeof chargingInformation>

/** Who sold it, and through what. */
export const chargingMetaData = z.object({
  merchantName: z.string().optional(),
  merchantIdentifier: z.string().optional(),
  /** Per cent of the amount that the requester receives. */
  fee: wirePercent.optional(),
  purchaseCategoryCode: z.string().optional(),
  channel: z.string().optional(),
  serviceId: z.string().optional(),
  productId: z.string().optional(),
})
export type ChargingMetaData = z.infer<typeof chargingMetaData>

/** One item of a payment; a partial refund names it by `id`. */
export const paymentItem = chargingInformation.extend({ id: z.string() })
export type PaymentItem = z.infer<typeof paymentItem>

export const paymentAmount = z.object({
  chargingInformation,
  chargingMetaData: chargingMetaData.optional(),
  paymentDetails: z.array(paymentItem).min(1).optional(),
})
export type PaymentAmount = z.infer<typeof paymentAmount>

const amountTransactionInput = z.object({
  /** With a two-legged token required, with a three-legged one forbidden. */
  phoneNumber: phoneNumber.optional(),
  /** The client's key of this payment: a second request with it is not charged again. */
  clientCorrelator: z.string().optional(),
  paymentAmount,
  referenceCode: z.string(),
})

/** What POST /payments takes. */
export const createPaymentBody = z.object({
  amountTransaction: amountTransactionInput,
  sink: sink.optional(),
  sinkCredential: sinkCredential.optional(),
})
export type CreatePaymentBody = z.infer<typeof createPaymentBody>

/** What POST /payments/prepare takes: the same. */
export const preparePaymentBody = createPaymentBody
export type PreparePaymentBody = CreatePaymentBody

/** What POST /payments/{paymentId}/validate takes. */
export const validatePaymentBody = z.object({ authorizationId: z.string(), code: z.string() })
export type ValidatePaymentBody = z.infer<typeof validatePaymentBody>

/** What confirm and cancel take: the phone number, or `{}` with a three-legged token. */
export const phoneNumberBody = z.object({ phoneNumber: phoneNumber.optional() })
export type PhoneNumberBody = z.infer<typeof phoneNumberBody>

/** A payment as the carrier shows it: the answer to create and to both GETs. */
export const paymentResponse = z.object({
  paymentId: z.string(),
  amountTransaction: amountTransactionInput.extend({
    phoneNumber,
    resourceURL: z.string().optional(),
    serverReferenceCode: z.string().optional(),
  }),
  paymentStatus,
  paymentCreationDate: dateTime,
  /** When it was charged. */
  paymentDate: dateTime.optional(),
  sink: sink.optional(),
})
export type PaymentResponse = z.infer<typeof paymentResponse>

/** How the payer approves a prepared payment: at a URL, or by a code that the client passes on. */
export const validationInfo = z.discriminatedUnion('action', [
  z.object({ action: z.literal('open'), validationURL: z.string() }),
  z.object({ action: z.literal('validate'), authorizationId: z.string() }),
])
export type ValidationInfo = z.infer<typeof validationInfo>

/** What POST /payments/prepare answers. */
export const preparedPaymentResponse = paymentResponse
  .omit({ paymentDate: true })
  .extend({ validationInfo: validationInfo.optional() })
export type PreparedPaymentResponse = z.infer<typeof preparedPaymentResponse>

export const paymentsResponse = z.array(paymentResponse)
export type PaymentsResponse = z.infer<typeof paymentsResponse>

/** How GET /payments is narrowed. Pages count from 1; the definition sets no bounds, a carrier may. */
export const paymentsQuery = z.object({
  /** (Default: 1.) */
  page: z.int().optional(),
  /** (Default: 10.) */
  perPage: z.int().optional(),
  'paymentCreationDate.gte': dateTime.optional(),
  'paymentCreationDate.lte': dateTime.optional(),
  /** By creation date. (Default: `desc`.) */
  order: z.enum(['desc', 'asc']).optional(),
  paymentStatus: z.array(paymentStatus).optional(),
  merchantIdentifier: z.string().optional(),
})
export type PaymentsQuery = z.infer<typeof paymentsQuery>

/** The HTTP status of each refusal of this API. */
export const carrierBillingStatuses = {
  INVALID_ARGUMENT: 400,
  INVALID_CREDENTIAL: 400,
  INVALID_TOKEN: 400,
  INVALID_SINK: 400,
  OUT_OF_RANGE: 400,
  'CARRIER_BILLING.INVALID_DATE_RANGE': 400,
  'CARRIER_BILLING.TOO_MANY_MATCHING_RECORDS': 400,
  'CARRIER_BILLING.INVALID_AUTHORIZATION_ID': 400,
  'CARRIER_BILLING.INVALID_CODE': 400,
  'CARRIER_BILLING.VALIDATION_FAILED': 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  'CARRIER_BILLING.PAYMENT_DENIED': 403,
  NOT_FOUND: 404,
  IDENTIFIER_NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  'CARRIER_BILLING.PAYMENT_CONFIRMED': 409,
  'CARRIER_BILLING.PAYMENT_CANCELLED': 409,
  SERVICE_NOT_APPLICABLE: 422,
  MISSING_IDENTIFIER: 422,
  UNNECESSARY_IDENTIFIER: 422,
  'CARRIER_BILLING.UNAUTHORIZED_AMOUNT': 422,
  'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED': 422,
  TOO_MANY_REQUESTS: 429,
} as const
export type CarrierBillingCode = keyof typeof carrierBillingStatuses

const ALWAYS = ['UNAUTHENTICATED', 'PERMISSION_DENIED', 'TOO_MANY_REQUESTS'] as const
const FIRST_STEP = [
  ...ALWAYS,
  'INVALID_ARGUMENT',
  'INVALID_CREDENTIAL',
  'INVALID_TOKEN',
  'INVALID_SINK',
  'CARRIER_BILLING.PAYMENT_DENIED',
  'IDENTIFIER_NOT_FOUND',
  'ALREADY_EXISTS',
  'SERVICE_NOT_APPLICABLE',
  'MISSING_IDENTIFIER',
  'UNNECESSARY_IDENTIFIER',
  'CARRIER_BILLING.UNAUTHORIZED_AMOUNT',
  'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED',
] as const
const CANCEL = [
  ...ALWAYS,
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'IDENTIFIER_NOT_FOUND',
  'ALREADY_EXISTS',
  'CARRIER_BILLING.PAYMENT_CONFIRMED',
  'CARRIER_BILLING.PAYMENT_CANCELLED',
  'SERVICE_NOT_APPLICABLE',
  'MISSING_IDENTIFIER',
  'UNNECESSARY_IDENTIFIER',
] as const
const CONFIRM = [...CANCEL, 'CARRIER_BILLING.PAYMENT_DENIED'] as const

/** The seven operations. */
export const carrierBillingApi = {
  name: 'carrier-billing',
  version: '0.5.0',
  basePath: '/carrier-billing/v0.5',
  statuses: carrierBillingStatuses,
  operations: {
    createPayment: {
      id: 'createPayment',
      method: 'POST',
      path: '/payments',
      scopes: ['carrier-billing:payments:create'],
      success: 201,
      body: createPaymentBody,
      response: paymentResponse,
      errors: FIRST_STEP,
    },
    preparePayment: {
      id: 'preparePayment',
      method: 'POST',
      path: '/payments/prepare',
      scopes: ['carrier-billing:payments:create'],
      success: 201,
      body: preparePaymentBody,
      response: preparedPaymentResponse,
      errors: FIRST_STEP,
    },
    validatePayment: {
      id: 'validatePayment',
      method: 'POST',
      path: '/payments/{paymentId}/validate',
      scopes: ['carrier-billing:payments:write'],
      success: 204,
      body: validatePaymentBody,
      errors: [
        ...ALWAYS,
        'INVALID_ARGUMENT',
        'CARRIER_BILLING.INVALID_AUTHORIZATION_ID',
        'CARRIER_BILLING.INVALID_CODE',
        'CARRIER_BILLING.VALIDATION_FAILED',
        'NOT_FOUND',
        'ALREADY_EXISTS',
      ],
    },
    confirmPayment: {
      id: 'confirmPayment',
      method: 'POST',
      path: '/payments/{paymentId}/confirm',
      scopes: ['carrier-billing:payments:write'],
      success: 202,
      body: phoneNumberBody,
      errors: CONFIRM,
    },
    cancelPayment: {
      id: 'cancelPayment',
      method: 'POST',
      path: '/payments/{paymentId}/cancel',
      scopes: ['carrier-billing:payments:write'],
      success: 202,
      body: phoneNumberBody,
      errors: CANCEL,
    },
    retrievePayments: {
      id: 'retrievePayments',
      method: 'GET',
      path: '/payments',
      scopes: ['carrier-billing:payments:read'],
      success: 200,
      response: paymentsResponse,
      errors: [
        ...ALWAYS,
        'INVALID_ARGUMENT',
        'OUT_OF_RANGE',
        'CARRIER_BILLING.INVALID_DATE_RANGE',
        'CARRIER_BILLING.TOO_MANY_MATCHING_RECORDS',
      ],
    },
    retrievePayment: {
      id: 'retrievePayment',
      method: 'GET',
      path: '/payments/{paymentId}',
      scopes: ['carrier-billing:payments:read'],
      success: 200,
      response: paymentResponse,
      errors: [...ALWAYS, 'INVALID_ARGUMENT', 'NOT_FOUND'],
    },
  },
} as const satisfies Api
