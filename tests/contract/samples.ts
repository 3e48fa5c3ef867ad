/** One valid body of every kind, of our own making, for the tests of this folder to send and to spoil. */
import type {
  CreatePaymentBody,
  CreateRefundBody,
  PaymentResponse,
  PreparedPaymentResponse,
  RefundResponse,
} from '@jeon/camara'

const chargingInformation = {
  amount: 3_300.005,
  currency: 'KRW',
  description: 'Three chapters',
  isTaxIncluded: true,
  taxAmount: 300,
}

export const createPaymentSample: CreatePaymentBody = {
  amountTransaction: {
    phoneNumber: '+821020000001',
    clientCorrelator: 'pay_1',
    referenceCode: 'ref-1',
    paymentAmount: {
      chargingInformation,
      chargingMetaData: {
        merchantName: 'Night Press',
        merchantIdentifier: 'night-press',
        fee: 3.15,
        purchaseCategoryCode: 'books',
        channel: 'web',
        serviceId: 'reader',
        productId: 'chapter',
      },
      paymentDetails: [{ id: 'item-1', ...chargingInformation }],
    },
  },
  sink: 'https://platform.example/sinks/payments?x=1',
  sinkCredential: {
    credentialType: 'ACCESSTOKEN',
    accessToken: 'secret',
    accessTokenExpiresUtc: '2026-12-01T00:00:00Z',
    accessTokenType: 'bearer',
  },
}

/** The other two kinds of sink credential; kept because the client never sends them. */
export const sinkCredentialSamples = [
  { credentialType: 'PLAIN', identifier: 'jeon', secret: 'secret' },
  {
    credentialType: 'REFRESHTOKEN',
    accessToken: 'secret',
    accessTokenExpiresUtc: '2026-12-01T00:00:00Z',
    accessTokenType: 'bearer',
    refreshToken: 'secret',
    refreshTokenEndpoint: 'https://platform.example/token',
  },
] as const

export const paymentSample: PaymentResponse = {
  paymentId: 'p-1',
  amountTransaction: {
    ...createPaymentSample.amountTransaction,
    phoneNumber: '+821020000001',
    resourceURL: 'urn:payments:p-1',
    serverReferenceCode: 'srv-1',
  },
  paymentStatus: 'succeeded',
  paymentCreationDate: '2026-11-22T10:00:00.000+09:00',
  paymentDate: '2026-11-22T01:00:01Z',
  sink: 'https://platform.example/sinks/payments',
}

const { paymentDate: _, ...reserved } = paymentSample
export const preparedPaymentSample: PreparedPaymentResponse = {
  ...reserved,
  paymentStatus: 'pending_validation',
  validationInfo: { action: 'validate', authorizationId: 'auth-1' },
}

export const totalRefundSample: CreateRefundBody = {
  type: 'total',
  reason: 'never delivered',
  amountTransaction: {
    clientCorrelator: 'rfd_1',
    referenceCode: 'ref-2',
    refundAmount: { chargingMetaData: { merchantIdentifier: 'night-press' } },
  },
  sink: 'https://platform.example/sinks/refunds',
}

export const partialRefundSample: CreateRefundBody = {
  type: 'partial',
  amountTransaction: {
    clientCorrelator: 'rfd_2',
    referenceCode: 'ref-3',
    refundAmount: {
      chargingInformation,
      refundDetails: [{ paymentItemId: 'item-1', ...chargingInformation }],
    },
  },
}

const refundMembers = {
  refundId: 'r-1',
  refundStatus: 'succeeded',
  refundCreationDate: '2026-11-22T01:00:00Z',
  refundDate: '2026-11-22T01:00:00.5Z',
} as const

export const refundSamples: readonly [RefundResponse, RefundResponse] = [
  { ...totalRefundSample, ...refundMembers },
  { ...partialRefundSample, ...refundMembers, refundId: 'r-2' },
]

export const remainingAmountSample = { amount: 0, currency: 'KRW', isTaxIncluded: false }
