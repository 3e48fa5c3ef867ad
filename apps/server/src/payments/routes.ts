import type { Caller } from '../auth/model.ts'
import type { Call } from '../endpoint.ts'
import { type Endpoint, endpoint, type Reply } from '../endpoint.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import { typeIdOf } from '../ids.ts'
import type { Merchants } from '../merchants/service.ts'
import type { Offers } from '../offers/service.ts'
import type { Receipts } from '../receipts/service.ts'
import type { Wallet } from '../wallets/model.ts'
import { pocketIn, type Wallets } from '../wallets/service.ts'
import { amountCodes } from './errors.ts'
import type { Payment, PaymentBody } from './model.ts'
import {
  paymentBody,
  paymentParams,
  paymentQuery,
  paymentState,
  receiptReply,
  refundBody,
  refundState,
} from './model.ts'
import type { Paid, Payments } from './service.ts'
import { money, orNull, paymentStateOf, placeOf } from './view.ts'

export interface PaymentRouteParts {
  readonly payments: Payments
  readonly wallets: Wallets
  readonly merchants: Merchants
  readonly offers: Offers
  readonly receipts: Receipts
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
    },
    errors: payingErrors,
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
      const made = isRefusal(order) ? order : await parts.payments.pay(order, idempotencyKey)
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
    replies: { 200: { description: 'The payment', schema: paymentState } },
    errors: ['payment_not_found'],
    async handle(call) {
      const payment = await visiblePayment(parts, call, call.params.id)
      if (isRefusal(payment)) return payment
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
  return [read, receipt, createRefundEndpoint(parts)]
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

interface Sides {
  readonly wallet: Wallet
  readonly merchantId: string
  readonly device: string
  /** Whether the one who asked may see the wallet's balance. */
  readonly shown: boolean
}

/** Who pays whom, from who is asking and what they say. */
export async function sidesOf(
  parts: { readonly wallets: Wallets },
  call: Call<unknown, unknown, PaymentBody>,
): Promise<Sides | Refusal> {
  const { caller, body } = call
  if (caller.as === 'merchant') return merchantSides(parts.wallets, caller.merchantId, body)
  if (caller.as !== 'wallet') return refuse('session_missing')
  const { session, page } = caller
  if (body.wallet !== undefined && body.wallet !== session.walletId) {
    return refuse('wallet_not_found', { param: 'wallet' })
  }
  if (body.offer === undefined) return refuse('offer_required', { param: 'offer' })
  const merchantId = page?.merchantId ?? body.merchant
  if (merchantId === undefined) return refuse('merchant_required', { param: 'merchant' })
  if (body.merchant !== undefined && body.merchant !== merchantId) {
    return refuse('merchant_mismatch', { param: 'merchant' })
  }
  // A merchant's page may pay that merchant and nobody else.
  if (session.kind === 'cookie' && call.pageOf?.has(merchantId) === false) {
    return refuse('origin_not_allowed', { param: 'Origin' })
  }
  const wallet = await parts.wallets.find(session.walletId)
  if (wallet === undefined) return refuse('session_missing')
  const device = session.deviceHash?.slice(0, 16) ?? ''
  return { wallet, merchantId, device, shown: true }
}

async function merchantSides(
  wallets: Wallets,
  merchantId: string,
  body: PaymentBody,
): Promise<Sides | Refusal> {
  if (body.merchant !== undefined && body.merchant !== merchantId) {
    return refuse('merchant_mismatch', { param: 'merchant' })
  }
  if (body.wallet === undefined) return refuse('wallet_required', { param: 'wallet' })
  const wallet = await wallets.find(body.wallet)
  if (wallet === undefined || wallet.merchantId !== merchantId) {
    return refuse('wallet_not_found', { param: 'wallet' })
  }
  return { wallet, merchantId, device: '', shown: false }
}

const paymentNotFound = refuse('payment_not_found', { param: 'id' })

/** A payment that the caller takes part in. Others do not exist for them. */
async function visiblePayment(
  parts: PaymentRouteParts,
  call: Call<unknown, unknown, unknown>,
  id: string,
): Promise<Payment | Refusal> {
  const { caller } = call
  if (caller.as === 'merchant') {
    return (await parts.payments.findOf(caller.merchantId, id)) ?? paymentNotFound
  }
  if (caller.as !== 'wallet') return paymentNotFound
  const wallet = await parts.wallets.find(caller.session.walletId)
  if (wallet === undefined) return paymentNotFound
  const payment = await parts.payments.find(id, wallet.shard)
  if (payment?.walletId !== wallet.id) return paymentNotFound
  const merchants = caller.page === undefined ? call.pageOf : new Set([caller.page.merchantId])
  const foreign = caller.session.kind === 'cookie' && merchants?.has(payment.merchantId) === false
  return foreign ? paymentNotFound : payment
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
