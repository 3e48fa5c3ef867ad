import { assetOfProfile } from '@jeon/billing'
import {
  amountFromWire,
  amountToWire,
  type CreatePaymentBody,
  type PaymentResponse,
  type PreparedPaymentResponse,
  type SinkCredential,
} from '@jeon/camara'
import type { Asset } from '@jeon/money'
import type { Carrier, Line, Payment, PaymentItem, PaymentOrder } from '../model.ts'
import { factorsShown } from '../openid/factors.ts'
import type { Call } from './call.ts'
import { categoryOf } from './categories.ts'
import { refusal } from './statuses.ts'

/** What a client asks for, off the wire. Amounts become exact here. */
export function orderOf(
  call: Call<CreatePaymentBody>,
  line: Line,
  { steps, nowMs }: { steps: 1 | 2; nowMs: number },
): PaymentOrder {
  const { body, carrier, client, token } = call
  const { clientCorrelator, referenceCode, paymentAmount } = body.amountTransaction
  const { chargingInformation, chargingMetaData, paymentDetails } = paymentAmount
  const asset = assetOfProfile(carrier.profileAt(nowMs))
  if (chargingInformation.currency !== asset.code) {
    throw refusal(
      'INVALID_ARGUMENT',
      `Currency is unknown or not authorized: ${asset.code} is billed here`,
    )
  }
  const items = (paymentDetails ?? []).map((item) => itemOf(item, asset))
  if (new Set(items.map(({ id }) => id)).size !== items.length) {
    throw refusal('INVALID_ARGUMENT', 'paymentDetails: two items have the same id')
  }
  const { taxAmount } = chargingInformation
  return {
    carrier: carrier.id,
    clientId: client.id,
    lineId: line.id,
    steps,
    clientCorrelator: clientCorrelator ?? null,
    referenceCode,
    amount: amountOf(chargingInformation.amount, asset),
    currency: asset.code,
    description: chargingInformation.description,
    isTaxIncluded: chargingInformation.isTaxIncluded ?? false,
    taxAmount: taxAmount === undefined ? null : amountOf(taxAmount, asset),
    merchant: {
      id: chargingMetaData?.merchantIdentifier ?? client.id,
      name: chargingMetaData?.merchantName ?? client.name,
      contact: client.contact,
    },
    category: categoryOf(chargingMetaData),
    product: chargingMetaData?.productId ?? '',
    metaData: chargingMetaData ?? null,
    items,
    boundToPhone: token.phoneNumber !== null,
    shown: factorsShown(token.amr),
    sink: call.sink,
    sinkToken: sinkTokenOf(body.sinkCredential),
    validation: steps === 2 ? client.settings.validation : 'none',
  }
}

/** Only bearer tokens are sent to sinks. @throws Refusal INVALID_CREDENTIAL */
export function sinkTokenOf(credential: SinkCredential | undefined): string | null {
  if (credential === undefined) return null
  if (credential.credentialType === 'ACCESSTOKEN') return credential.accessToken
  throw refusal('INVALID_CREDENTIAL', 'Only the credential type ACCESSTOKEN is supported')
}

/** @throws Refusal UNAUTHORIZED_AMOUNT: finer than the currency has */
export function amountOf(wire: number, asset: Asset): bigint {
  const read = amountFromWire(wire, asset)
  if (read.ok) return read.amount
  throw refusal('CARRIER_BILLING.UNAUTHORIZED_AMOUNT', `${wire} ${asset.code} cannot be billed`)
}

/** A payment as its client sees it. */
export function paymentView(
  payment: Payment,
  { carrier, line, apiUrl }: { carrier: Carrier; line: Line; apiUrl: string },
): PaymentResponse {
  const asset = assetOfProfile(carrier.profileOf(payment.profileVersion))
  const { sink, clientCorrelator, paidAtMs } = payment
  return {
    paymentId: payment.id,
    amountTransaction: {
      phoneNumber: line.phoneNumber,
      ...(clientCorrelator === null ? {} : { clientCorrelator }),
      paymentAmount: {
        chargingInformation: chargingOf(payment, asset),
        ...(payment.metaData === null ? {} : { chargingMetaData: payment.metaData }),
        ...(payment.items.length === 0
          ? {}
          : { paymentDetails: payment.items.map((item) => itemView(item, asset)) }),
      },
      referenceCode: payment.referenceCode,
      resourceURL: `${apiUrl}/payments/${payment.id}`,
      serverReferenceCode: payment.id,
    },
    paymentStatus: payment.status,
    paymentCreationDate: new Date(payment.createdAtMs).toISOString(),
    ...(paidAtMs === null ? {} : { paymentDate: new Date(paidAtMs).toISOString() }),
    ...(sink?.startsWith('https://') ? { sink } : {}),
  }
}

/** What preparing a payment answers: the payment and how its payer approves it. */
export function preparedView(
  payment: Payment,
  facts: { carrier: Carrier; line: Line; apiUrl: string },
  validationUrl: string | undefined,
): PreparedPaymentResponse {
  const { paymentDate: _, ...view } = paymentView(payment, facts)
  if (payment.authorizationId === null) return view
  return {
    ...view,
    validationInfo:
      validationUrl === undefined
        ? { action: 'validate', authorizationId: payment.authorizationId }
        : { action: 'open', validationURL: validationUrl },
  }
}

interface Charged {
  readonly amount: bigint
  readonly description: string
  readonly isTaxIncluded?: boolean
  readonly taxAmount?: bigint | null
}

function chargingOf(charged: Charged & { currency: string }, asset: Asset) {
  const { amount, description, isTaxIncluded, taxAmount, currency } = charged
  return {
    amount: amountToWire(amount, asset),
    currency,
    description,
    ...(isTaxIncluded === undefined ? {} : { isTaxIncluded }),
    ...(taxAmount === undefined || taxAmount === null
      ? {}
      : { taxAmount: amountToWire(taxAmount, asset) }),
  }
}

function itemView(item: PaymentItem, asset: Asset) {
  return { id: item.id, ...chargingOf({ ...item, currency: asset.code }, asset) }
}

type WireItem = NonNullable<
  CreatePaymentBody['amountTransaction']['paymentAmount']['paymentDetails']
>[number]

function itemOf(item: WireItem, asset: Asset): PaymentItem {
  if (item.currency !== asset.code) {
    throw refusal(
      'INVALID_ARGUMENT',
      `Currency is unknown or not authorized: ${asset.code} is billed here`,
    )
  }
  const { id, description, isTaxIncluded, taxAmount } = item
  return {
    id,
    amount: amountOf(item.amount, asset),
    description,
    ...(isTaxIncluded === undefined ? {} : { isTaxIncluded }),
    ...(taxAmount === undefined ? {} : { taxAmount: amountOf(taxAmount, asset) }),
  }
}
