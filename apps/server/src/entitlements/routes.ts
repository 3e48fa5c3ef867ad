import { z } from 'zod'
import { type Call, type Endpoint, endpoint } from '../endpoint.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import type { Offers } from '../offers/service.ts'
import type { Payments } from '../payments/service.ts'
import type { Receipts } from '../receipts/service.ts'
import {
  merchantIdSchema,
  named,
  offerIdSchema,
  paymentIdSchema,
  walletIdSchema,
} from '../schemas.ts'
import type { Wallet } from '../wallets/model.ts'
import type { Wallets } from '../wallets/service.ts'
import type { Entitlements } from './service.ts'

export interface EntitlementRouteParts {
  readonly entitlements: Entitlements
  readonly offers: Offers
  readonly payments: Payments
  readonly receipts: Receipts
  readonly wallets: Wallets
}

const query = z.strictObject({
  offer: offerIdSchema,
  merchant: merchantIdSchema.optional(),
  wallet: walletIdSchema.optional(),
})

type Question = z.output<typeof query>

const reply = named(
  'EntitlementAnswer',
  z.strictObject({
    entitled: z.boolean(),
    payment: paymentIdSchema.optional(),
    receipt: z.string().optional(),
  }),
)

export function createEntitlementEndpoints(parts: EntitlementRouteParts): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/entitlements',
      tag: 'Entitlements',
      summary: 'May this wallet use what an offer unlocks?',
      description:
        'Counts everything that was committed before the question, and answers with a fresh receipt.',
      ways: [
        { by: 'merchant', scope: 'payments:read' },
        { by: 'wallet', from: 'merchant' },
      ],
      query,
      replies: { 200: { description: 'Whether, and thanks to which payment', schema: reply } },
      errors: [
        'offer_not_found',
        'merchant_required',
        'merchant_mismatch',
        'wallet_required',
        'wallet_not_found',
      ],
      async handle(call) {
        const sides = await sidesOf(parts.wallets, call)
        if (isRefusal(sides)) return sides
        const { wallet, merchantId } = sides
        const offer = await parts.offers.find(merchantId, call.query.offer)
        if (offer === undefined) return refuse('offer_not_found', { param: 'offer' })
        const { unlocks } = offer
        if (unlocks === null) return { status: 200, json: { entitled: false } }
        const found = await parts.entitlements.find(wallet, merchantId, {
          offer: offer.id,
          unlocks,
        })
        if (found === undefined) return { status: 200, json: { entitled: false } }
        const payment = await parts.payments.find(found.paymentId, wallet.shard)
        if (payment === undefined) throw new Error('an entitlement without its payment')
        const receipt = parts.receipts.sign({ ...payment, unlocks })
        return { status: 200, json: { entitled: true, payment: found.paymentId, receipt } }
      },
    }),
  ]
}

async function sidesOf(
  wallets: Wallets,
  call: Call<unknown, Question, unknown>,
): Promise<{ wallet: Wallet; merchantId: string } | Refusal> {
  const { caller, query: asked } = call
  const own = caller.as === 'merchant' ? caller.merchantId : undefined
  const page = caller.as === 'wallet' ? caller.page?.merchantId : undefined
  const merchantId = own ?? page ?? asked.merchant
  if (merchantId === undefined) return refuse('merchant_required', { param: 'merchant' })
  if (asked.merchant !== undefined && asked.merchant !== merchantId) {
    return refuse('merchant_mismatch', { param: 'merchant' })
  }
  if (caller.as === 'wallet') {
    if (caller.session.kind === 'cookie' && call.pageOf?.has(merchantId) === false) {
      return refuse('origin_not_allowed', { param: 'Origin' })
    }
    const wallet = await wallets.find(caller.session.walletId)
    return wallet === undefined ? refuse('session_missing') : { wallet, merchantId }
  }
  if (asked.wallet === undefined) return refuse('wallet_required', { param: 'wallet' })
  const wallet = await wallets.find(asked.wallet)
  // Whoever paid this merchant may be asked about, wherever the wallet began.
  return wallet === undefined
    ? refuse('wallet_not_found', { param: 'wallet' })
    : { wallet, merchantId }
}
