import { formatAmount } from '@jeon/money'
import { currencyOf } from '../assets.ts'
import { type Call, type Endpoint, endpoint } from '../endpoint.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import { amountCodes } from '../payments/errors.ts'
import {
  changeOfferBody,
  createOfferBody,
  type Offer,
  offerPage,
  offerParams,
  offerState,
  offersQuery,
  ofMerchant,
} from './model.ts'
import type { Offers } from './service.ts'

const tag = 'Offers'
const asWriter = [{ by: 'merchant', scope: 'offers:write' }] as const
const asReader = [
  { by: 'merchant', scope: 'offers:read' },
  { by: 'page', scope: 'offers:read' },
  { by: 'anyone' },
] as const

export function createOfferEndpoints(offers: Offers): Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/v1/offers',
      tag,
      summary: 'Offer something',
      ways: asWriter,
      body: createOfferBody,
      replies: { 201: { description: 'The offer', schema: offerState } },
      errors: ['offer_exists', ...amountCodes, 'amount_not_positive'],
      async handle({ caller, body }) {
        if (caller.as !== 'merchant') return refuse('key_missing')
        const offer = await offers.create(caller.merchantId, body)
        return isRefusal(offer) ? offer : { status: 201, json: offerStateOf(offer) }
      },
    }),
    endpoint({
      method: 'PATCH',
      path: '/v1/offers/{id}',
      tag,
      summary: 'Change an offer',
      ways: asWriter,
      params: offerParams,
      body: changeOfferBody,
      replies: { 200: { description: 'The offer', schema: offerState } },
      errors: ['offer_not_found', ...amountCodes, 'amount_not_positive'],
      async handle({ caller, params, body }) {
        if (caller.as !== 'merchant') return refuse('key_missing')
        const offer = await offers.change(caller.merchantId, params.id, body)
        return isRefusal(offer) ? offer : { status: 200, json: offerStateOf(offer) }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/v1/offers/{id}',
      tag,
      summary: 'Read an offer',
      ways: asReader,
      params: offerParams,
      query: ofMerchant,
      replies: { 200: { description: 'The offer', schema: offerState } },
      errors: ['offer_not_found', 'merchant_required', 'merchant_mismatch'],
      async handle(call) {
        const merchantId = merchantOf(call, call.query.merchant)
        if (typeof merchantId !== 'string') return merchantId
        const offer = await offers.find(merchantId, call.params.id)
        if (offer === undefined) return refuse('offer_not_found', { param: 'id' })
        return { status: 200, json: offerStateOf(offer) }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/v1/offers',
      tag,
      summary: "A merchant's offers, by id",
      ways: asReader,
      query: offersQuery,
      replies: { 200: { description: 'A page', schema: offerPage } },
      errors: ['cursor_invalid', 'merchant_required', 'merchant_mismatch'],
      async handle(call) {
        const { limit, cursor, merchant } = call.query
        const merchantId = merchantOf(call, merchant)
        if (typeof merchantId !== 'string') return merchantId
        const after = cursor === undefined ? '' : afterOf(cursor)
        if (after === undefined) return refuse('cursor_invalid', { param: 'cursor' })
        const found = await offers.list(merchantId, after, limit + 1)
        const page = found.slice(0, limit)
        const last = found.length > limit ? page.at(-1) : undefined
        const next_cursor = last === undefined ? null : Buffer.from(last.id).toString('base64url')
        return { status: 200, json: { data: page.map(offerStateOf), next_cursor } }
      },
    }),
  ]
}

/** Whose offers: the key's merchant, or the one that was named. */
function merchantOf(
  { caller }: Call<unknown, unknown, unknown>,
  named: string | undefined,
): string | Refusal {
  const own = caller.as === 'merchant' ? caller.merchantId : undefined
  const page = caller.as === 'page' || caller.as === 'wallet' ? caller.page?.merchantId : undefined
  const merchantId = own ?? page ?? named
  if (merchantId === undefined) return refuse('merchant_required', { param: 'merchant' })
  if (named !== undefined && named !== merchantId) {
    return refuse('merchant_mismatch', { param: 'merchant' })
  }
  return merchantId
}

function afterOf(cursor: string): string | undefined {
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(id) ? id : undefined
}

function offerStateOf(offer: Offer) {
  const { amount, asset } = offer
  return {
    id: offer.id,
    object: 'offer',
    merchant: offer.merchantId,
    title: offer.title,
    price: {
      amount: amount === null ? null : formatAmount(amount, asset),
      currency: currencyOf(asset),
    },
    category: offer.category,
    unlocks: offer.unlocks,
    active: offer.active,
    charge: offer.charge,
    created_at: new Date(offer.createdAtMs).toISOString(),
  }
}
