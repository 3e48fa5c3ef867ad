import type { Caller } from '../auth/model.ts'
import type { Call } from '../endpoint.ts'
import { type Endpoint, endpoint, type Reply } from '../endpoint.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import { typeIdOf } from '../ids.ts'
import type { Merchants } from '../merchants/service.ts'
import type { Offers } from '../offers/service.ts'
import type { LinePayments } from '../rails/line-payments.ts'
import {
  anyPaymentState,
  type LinePaymentState,
  linePaymentState,
  validationBody,
} from '../rails/model.ts'
import type { Receipts } from '../receipts/service.ts'
import type { Wallet } from '../wallets/model.ts'
import { pocketIn, type Wallets } from '../wallets/service.ts'
import { amountCodes } from './errors.ts'
import type { Order, Paid, Payment, PaymentBody } from './model.ts'
import {
  paymentBody,
  paymentParams,
  paymentQuery,
  paymentState,
  receiptReply,
  refundBody,
  refundState,
} from './model.ts'
import { paymentNotFound, sidesOf, visibleOrWaiting, visiblePayment, visibleTo } from './parties.ts'
import type { Payments } from './service.ts'
import { money, orNull, paymentStateOf, placeOf } from './view.ts'

export interface PaymentRouteParts {
  readonly payments: Payments
  readonly wallets: Wallets
  readonly merchants: Merchants
  readonly offers: Offers
  readonly receipts: Receipts
  /** Payments through phone lines. (Default: there are none) */
  readonly linePayments?: LinePayments | undefined
}

const replayHeader = { 'Idempotent-Replayed': 'true' }
const replayedDescription = {
  'Idempotent-Replayed':
    '"true" when this key had been answered before; the payment is the first one',
}

/** What paying can be refused for, besides what any request can. */
export const payingErrors = [
  'offer_not_found',
  'offer_closed',
  'offer_required',
  'merchant_required',
  'merchant_mismatch',
  'wallet_required',
  'wallet_not_found',
  'currency_not_held',
  'amount_required',
  'amount_not_positive',
  ...amountCodes,
  'price_mismatch',
  'insufficient_funds',
  'window_exceeded',
  'key_reused',
  'shard_unavailable',
  'unknown_outcome',
] as const

/** What paying through a phone line can be refused for as well. */
export const lineErrors = [
  'line_not_linked',
  'carrier_declined',
  'credit_blocked',
  'amount_not_chargeable',
  'carrier_unavailable',
] as const

/** POST /v1/payments, the busiest endpoint of all. */
export function createPayEndpoint(parts: PaymentRouteParts): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/v1/payments',
    tag: 'Payments',
    summary: 'Pay',
    description:
      'A wallet pays for an offer of the merchant whose page key comes along (or that "merchant" names); a merchant ' +
      'charges a wallet of its own pages for an offer or for an amount. One payment per Idempotency-Key.',
    ways: [
      { by: 'merchant', scope: 'payments:write' },
      { by: 'wallet', from: 'merchant' },
    ],
    idempotency: 'required',
    query: paymentQuery,
    body: paymentBody,
    replies: {
      201: {
        description: 'Accepted and committed',
        schema: paymentState,
        headers: replayedDescription,
      },
      202: {
        description: 'The carrier waits for the payer, or works on it',
        schema: linePaymentState,
      },
    },
    errors: [...payingErrors, ...lineErrors],
    async handle(call) {
      const sides = await sidesOf(parts, call)
      if (isRefusal(sides)) return sides
      const order = await parts.payments.order(
        sides.wallet,
        sides.merchantId,
        call.body,
        sides.device,
      )
      const { wallet, merchantId } = sides
      const { idempotencyKey, body } = call
      const made = isRefusal(order) ? order : await pay(parts, order, call)
      if ('waiting' in made) return { status: 202, json: made.waiting }
      const paid =
        isRefusal(made) && mayBeEarlier(made)
          ? ((await parts.payments.earlier(wallet, merchantId, body, idempotencyKey)) ?? made)
          : made
      if (isRefusal(paid)) return paid
      const offer = isRefusal(order)
        ? await parts.offers.find(merchantId, paid.transfer.offer)
        : order.offer
      const wanted = call.query.receipt ?? (offer?.unlocks ? 'true' : 'false')
      const unlocks = offer?.unlocks ?? null
      const refunded = paid.replayed ? await parts.payments.refundedOf(paid) : 0n
      const json = paymentStateOf(paid, {
        refunded,
        offerTitle: offer?.title,
        receipt: wanted === 'true' ? receiptOf(parts, paid, refunded, unlocks) : undefined,
        balance: sides.shown ? await balanceOf(parts.wallets, sides.wallet, paid) : undefined,
      })
      return created(json, paid.replayed)
    },
  })
}

/** Pays the way that an order goes. A wallet without money whose line refused is told of the line. */
async function pay(
  { payments, linePayments }: PaymentRouteParts,
  order: Order,
  { idempotencyKey, language }: Call<unknown, unknown, PaymentBody>,
): Promise<Paid | { readonly waiting: LinePaymentState } | Refusal> {
  if (order.way === 'each' && linePayments !== undefined) {
    const charged = await linePayments.pay(order, idempotencyKey, language)
    return 'paid' in charged ? charged.paid : charged
  }
  const made = await payments.pay(order, idempotencyKey)
  if (!isRefusal(made) || made.refused !== 'insufficient_funds') return made
  if (await linePayments?.isOpenByNow(order.wallet.id)) return payments.pay(order, idempotencyKey)
  return linePayments?.whyNoCredit(order.wallet.id, language) ?? made
}

/** Refusals that an offer's change can bring about for a payment that was made before it. */
export function mayBeEarlier({ refused }: Refusal): boolean {
  return (
    refused === 'key_reused' ||
    refused === 'price_mismatch' ||
    refused === 'offer_closed' ||
    refused === 'amount_required' ||
    refused === 'currency_not_held' ||
    refused === 'amount_too_many_places'
  )
}

/** Payments that were made: reading, receipts, refunds. */
export function createPaymentEndpoints(parts: PaymentRouteParts): Endpoint[] {
  const readers = [
    { by: 'merchant', scope: 'payments:read' },
    { by: 'wallet', from: 'merchant' },
  ] as const
  const read = endpoint({
    method: 'GET',
    path: '/v1/payments/{id}',
    tag: 'Payments',
    summary: 'Read a payment',
    description:
      'Also the answer to an unknown outcome: 404 means that the payment did not happen.',
    ways: readers,
    params: paymentParams,
    query: paymentQuery,
    replies: {
      200: {
        description: 'The payment; one through a phone line also before it is carried out',
        schema: anyPaymentState,
      },
    },
    errors: ['payment_not_found'],
    async handle(call) {
      const payment = await visibleOrWaiting(parts, call, call.params.id)
      if (isRefusal(payment)) return payment
      if ('waiting' in payment) return { status: 200, json: payment.waiting }
      const offer = await parts.offers.find(payment.merchantId, payment.transfer.offer)
      const merchant = await parts.merchants.find(payment.merchantId)
      const unlocks = offer?.unlocks ?? null
      const refunded = await parts.payments.refundedOf(payment)
      const json = paymentStateOf(payment, {
        refunded,
        offerTitle: offer?.title,
        merchantName: merchant?.name,
        receipt:
          call.query.receipt === 'true' ? receiptOf(parts, payment, refunded, unlocks) : undefined,
      })
      return { status: 200, json }
    },
  })
  const receipt = endpoint({
    method: 'GET',
    path: '/v1/payments/{id}/receipt',
    tag: 'Payments',
    summary: 'The signed receipt of a payment',
    description:
      'Signed anew each time it is asked for. A payment that was wholly refunded has none.',
    ways: readers,
    params: paymentParams,
    replies: { 200: { description: 'A compact JWS', schema: receiptReply } },
    errors: ['payment_not_found'],
    async handle(call) {
      const payment = await visiblePayment(parts, call, call.params.id)
      if (isRefusal(payment)) return payment
      const refunded = await parts.payments.refundedOf(payment)
      const offer = await parts.offers.find(payment.merchantId, payment.transfer.offer)
      const signed = receiptOf(parts, payment, refunded, offer?.unlocks ?? null)
      return signed === undefined ? paymentNotFound : { status: 200, json: { receipt: signed } }
    },
  })
  return [read, receipt, createRefundEndpoint(parts), ...createValidationEndpoints(parts)]
}

/** Only where there are lines. */
function createValidationEndpoints({ linePayments, wallets }: PaymentRouteParts): Endpoint[] {
  if (linePayments === undefined) return []
  return [
    endpoint({
      method: 'POST',
      path: '/v1/payments/{id}/validation',
      tag: 'Payments',
      summary: 'Confirm a payment through a phone line',
      description:
        'With the code that the carrier sent to the phone. It goes to the carrier, which decides.',
      ways: [{ by: 'wallet', from: 'merchant' }],
      params: paymentParams,
      body: validationBody,
      replies: {
        201: { description: 'Accepted and committed', schema: paymentState },
        202: { description: 'The carrier works on it', schema: linePaymentState },
      },
      errors: [
        'payment_not_found',
        'validation_not_pending',
        'validation_code_wrong',
        ...lineErrors,
      ],
      async handle(call) {
        const { caller, params, body, language } = call
        const isVisible = visibleTo(call)
        const answer = await linePayments.validate(params.id, body.code, isVisible, language)
        if (isRefusal(answer)) return answer
        if ('waiting' in answer) return { status: 202, json: answer.waiting }
        const { paid } = answer
        const balance = (await balanceAfter(wallets, caller, paid)).balance
        const state = paymentStateOf(paid, { refunded: 0n })
        return { status: 201, json: balance === undefined ? state : { ...state, balance } }
      },
    }),
  ]
}

function createRefundEndpoint(parts: PaymentRouteParts): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/v1/payments/{id}/refund',
    tag: 'Payments',
    summary: 'Refund a payment',
    description:
      'A merchant gives back any part; a payer undoes the whole payment shortly after it. Never more than was paid.',
    ways: [
      { by: 'merchant', scope: 'refunds:write' },
      { by: 'wallet', from: 'merchant' },
    ],
    idempotency: 'required',
    params: paymentParams,
    body: refundBody,
    bodyOptional: true,
    replies: {
      201: { description: 'Refunded', schema: refundState, headers: replayedDescription },
    },
    errors: [
      'payment_not_found',
      'refund_exceeds_payment',
      'refund_window_over',
      'refund_partial_not_allowed',
      'refund_not_covered',
      'amount_not_positive',
      ...amountCodes,
      'key_reused',
      'shard_unavailable',
      'unknown_outcome',
    ],
    async handle(call) {
      const payment = await visiblePayment(parts, call, call.params.id)
      if (isRefusal(payment)) return payment
      const refunded = await refund(parts.payments, payment, call)
      if (isRefusal(refunded)) return refunded
      const { transfer, asset } = refunded
      const json = {
        id: typeIdOf('rfd', transfer.id),
        object: 'refund',
        payment: typeIdOf('pay', payment.transfer.id),
        wallet: payment.walletId,
        merchant: payment.merchantId,
        offer: orNull(transfer.offer),
        amount: money(transfer.amount, asset),
        reference: orNull(transfer.reference),
        ...placeOf(transfer),
        ...(await balanceAfter(parts.wallets, call.caller, refunded)),
      }
      return created(json, refunded.replayed)
    },
  })
}

/** A receipt, unless all of it was given back: what was undone must not be proven anew. */
function receiptOf(
  { receipts }: PaymentRouteParts,
  payment: Payment,
  refunded: bigint,
  unlocks: string | null,
): string | undefined {
  return refunded === payment.transfer.amount ? undefined : receipts.sign({ ...payment, unlocks })
}

type RefundCall = Call<
  unknown,
  unknown,
  { amount?: string | undefined; reference?: string | undefined }
>

function refund(payments: Payments, payment: Payment, call: RefundCall): Promise<Paid | Refusal> {
  if (call.caller.as !== 'wallet') return payments.refund(payment, call.idempotencyKey, call.body)
  if (call.body.amount !== undefined) {
    return Promise.resolve(refuse('refund_partial_not_allowed', { param: 'amount' }))
  }
  return payments.undo(payment, call.idempotencyKey, call.body.reference)
}

async function balanceAfter(wallets: Wallets, caller: Caller, paid: Paid) {
  if (caller.as !== 'wallet') return {}
  const wallet = await wallets.find(paid.walletId)
  const balance = wallet === undefined ? undefined : await balanceOf(wallets, wallet, paid)
  return balance === undefined ? {} : { balance: money(balance, paid.asset) }
}

async function balanceOf(
  wallets: Wallets,
  wallet: Wallet,
  paid: Payment,
): Promise<bigint | undefined> {
  const pocket = pocketIn(wallet, paid.asset.code)
  return pocket === undefined ? undefined : (await wallets.view(pocket)).balance
}

/** 201, marked when it is the answer to a repetition. */
export function created(json: unknown, replayed: boolean): Reply {
  return replayed ? { status: 201, json, headers: replayHeader } : { status: 201, json }
}
