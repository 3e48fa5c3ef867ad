import type { Call } from '../endpoint.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import type { LinePayments } from '../rails/line-payments.ts'
import type { LinePaymentState } from '../rails/model.ts'
import type { Wallet } from '../wallets/model.ts'
import type { Wallets } from '../wallets/service.ts'
import type { Payment, PaymentBody } from './model.ts'
import type { Payments } from './service.ts'

/** Who takes part in a payment: who may ask for it, and who may see it. */
export interface PartyParts {
  readonly payments: Payments
  readonly wallets: Wallets
  readonly linePayments?: LinePayments | undefined
}

/** The two sides of a payment that is asked for. */
export interface Sides {
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

export const paymentNotFound = refuse('payment_not_found', { param: 'id' })

/** A payment that the caller takes part in. Others do not exist for them. */
export async function visiblePayment(
  parts: PartyParts,
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

/** A payment that the caller takes part in, or how it stands at the carrier. */
export async function visibleOrWaiting(
  parts: PartyParts,
  call: Call<unknown, unknown, unknown>,
  id: string,
): Promise<Payment | { readonly waiting: LinePaymentState } | Refusal> {
  const payment = await visiblePayment(parts, call, id)
  if (!isRefusal(payment)) return payment
  const seen = await parts.linePayments?.look(id, visibleTo(call), call.language)
  if (seen === undefined) return payment
  return 'paid' in seen ? seen.paid : seen
}

/** Which payments through lines a caller takes part in. */
export function visibleTo({ caller, pageOf }: Call<unknown, unknown, unknown>) {
  return (charge: { readonly walletId: string; readonly merchantId: string }): boolean => {
    if (caller.as === 'merchant') return caller.merchantId === charge.merchantId
    if (caller.as !== 'wallet' || caller.session.walletId !== charge.walletId) return false
    const merchants = caller.page === undefined ? pageOf : new Set([caller.page.merchantId])
    return caller.session.kind !== 'cookie' || merchants?.has(charge.merchantId) !== false
  }
}
