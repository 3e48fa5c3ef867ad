import type { Ledger } from '@jeon/ledger'
import type { Auth } from '../auth/service.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { isRefusal, refuse } from '../errors.ts'
import type { History } from '../payments/history.ts'
import { historyPage, historyQuery } from '../payments/model.ts'
import { money } from '../payments/view.ts'
import { createdMerchant, createMerchantBody, merchantState } from './model.ts'
import type { Merchants } from './service.ts'

export interface MerchantRouteParts {
  readonly merchants: Merchants
  readonly history: History
  readonly auth: Auth
  readonly ledger: Ledger
}

const tag = 'Merchants'

export function createMerchantEndpoints(parts: MerchantRouteParts): Endpoint[] {
  const { merchants } = parts
  return [
    endpoint({
      method: 'POST',
      path: '/v1/merchants',
      tag,
      summary: 'A new merchant with its keys',
      ways: [{ by: 'operator', scope: 'merchants:write' }],
      body: createMerchantBody,
      replies: { 201: { description: 'The keys are shown once', schema: createdMerchant } },
      async handle({ body }) {
        const merchant = await merchants.create(body.name, body.origins)
        const secret = await parts.auth.issueKey('sk', merchant.id)
        const page = await parts.auth.issueKey('pk', merchant.id)
        const { id, name, origins, createdAtMs } = merchant
        const created_at = new Date(createdAtMs).toISOString()
        const json = { id, object: 'merchant', name, origins, keys: { secret, page }, created_at }
        return { status: 201, json }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/v1/merchant',
      tag,
      summary: 'The merchant of this key, and what it has earned',
      ways: [{ by: 'merchant', scope: 'merchants:read' }],
      replies: { 200: { description: 'The merchant', schema: merchantState } },
      errors: ['merchant_not_found'],
      async handle({ caller }) {
        if (caller.as !== 'merchant') return refuse('key_missing')
        const merchant = await merchants.find(caller.merchantId)
        if (merchant === undefined) return refuse('merchant_not_found')
        const { id, name, origins, createdAtMs } = merchant
        const created_at = new Date(createdAtMs).toISOString()
        const balances = await balancesOf(parts, id)
        return {
          status: 200,
          json: { id, object: 'merchant', name, origins, balances, created_at },
        }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/v1/merchant/payments',
      tag,
      summary: 'History, newest first',
      description: 'Payments, refunds and holds on every shard, merged by time.',
      ways: [{ by: 'merchant', scope: 'payments:read' }],
      query: historyQuery,
      replies: { 200: { description: 'A page', schema: historyPage } },
      errors: ['cursor_invalid'],
      async handle({ caller, query }) {
        if (caller.as !== 'merchant') return refuse('key_missing')
        const stripes = await merchants.stripes(caller.merchantId)
        const accounts = stripes.map(({ account }) => account)
        const page = await parts.history.page(accounts, query.limit, query.cursor)
        return isRefusal(page) ? page : { status: 200, json: page }
      },
    }),
  ]
}

/** A merchant's stripes added up over the shards: one amount per currency that ever moved, by its code. */
async function balancesOf(parts: MerchantRouteParts, merchantId: string) {
  const sums = new Map<string, ReturnType<typeof money>>()
  const totals = new Map<string, bigint>()
  for (const { account, asset } of await parts.merchants.stripes(merchantId)) {
    const view = await parts.ledger.account(account)
    if (view === undefined || view.lastSequence === 0) continue
    const total = (totals.get(asset.code) ?? 0n) + view.balance
    totals.set(asset.code, total)
    sums.set(asset.code, money(total, asset))
  }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum)
}
