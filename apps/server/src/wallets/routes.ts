import type { Clock } from '@jeon/clock'
import type { Auth } from '../auth/service.ts'
import { deviceCookie, sessionCookie, sessionSeconds } from '../auth/service.ts'
import { type Call, type Endpoint, endpoint } from '../endpoint.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import { amountCodes } from '../payments/errors.ts'
import type { History } from '../payments/history.ts'
import { historyPage, historyQuery } from '../payments/model.ts'
import { limitsOf, pocketStateOf } from './limits.ts'
import {
  createWalletBody,
  limitsBody,
  tokenReply,
  type Wallet,
  type WalletState,
  walletState,
} from './model.ts'
import { pocketIn, type Wallets } from './service.ts'

export interface WalletRouteParts {
  readonly wallets: Wallets
  readonly history: History
  readonly auth: Auth
  readonly clock: Clock
  /** Whether the platform is reached by https, so that cookies must be too. */
  readonly secure: boolean
}

const tag = 'Wallets'
const fromOwn = [{ by: 'wallet', from: 'own' }] as const

export function createWalletEndpoints(parts: WalletRouteParts): Endpoint[] {
  const { wallets } = parts
  return [
    createEndpoint(parts),
    endpoint({
      method: 'GET',
      path: '/v1/wallet',
      tag,
      summary: 'Balances, spending and limits',
      ways: [{ by: 'wallet', from: 'merchant' }],
      replies: { 200: { description: 'The wallet', schema: walletState } },
      async handle(call) {
        const wallet = await ownWallet(wallets, call)
        return isRefusal(wallet) ? wallet : { status: 200, json: await stateOf(wallets, wallet) }
      },
    }),
    endpoint({
      method: 'PUT',
      path: '/v1/wallet/limits',
      tag,
      summary: 'Change what may be spent',
      description: 'Replaces all limits of one currency. Holds for the next payment already.',
      ways: fromOwn,
      body: limitsBody,
      replies: { 200: { description: 'The wallet', schema: walletState } },
      errors: ['limits_invalid', 'currency_not_held', ...amountCodes],
      async handle(call) {
        const wallet = await ownWallet(wallets, call)
        if (isRefusal(wallet)) return wallet
        const { currency } = call.body
        const pocket = pocketIn(wallet, currency)
        if (pocket === undefined) return refuse('currency_not_held', { values: { currency } })
        const limits = limitsOf(call.body.limits, pocket.asset)
        if (isRefusal(limits)) return limits
        await wallets.setLimits(pocket, limits)
        return { status: 200, json: await stateOf(wallets, wallet) }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/v1/wallet/token',
      tag,
      summary: 'A token to use this wallet from a terminal',
      ways: fromOwn,
      replies: { 201: { description: 'Shown once', schema: tokenReply } },
      async handle(call) {
        const wallet = await ownWallet(wallets, call)
        if (isRefusal(wallet)) return wallet
        const token = await parts.auth.issueToken(wallet.id)
        const expiresAtMs = parts.clock.now() + sessionSeconds * 1000
        return { status: 201, json: { token, expires_at: new Date(expiresAtMs).toISOString() } }
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/v1/wallet/session',
      tag,
      summary: 'End this session',
      description: 'The wallet stays; this browser or token no longer opens it.',
      ways: fromOwn,
      replies: { 204: { description: 'Ended' } },
      async handle({ caller }) {
        if (caller.as !== 'wallet') return refuse('session_missing')
        await parts.auth.endSession(caller.session)
        const gone = [sessionCookie, deviceCookie].map((name) => cookie(name, '', 0, parts.secure))
        return { status: 204, headers: { 'Set-Cookie': gone } }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/v1/wallet/payments',
      tag,
      summary: 'History, newest first',
      description: 'Payments, refunds, holds and top-ups of every pocket.',
      ways: fromOwn,
      query: historyQuery,
      replies: { 200: { description: 'A page', schema: historyPage } },
      errors: ['cursor_invalid'],
      async handle(call) {
        const wallet = await ownWallet(wallets, call)
        if (isRefusal(wallet)) return wallet
        const accounts = wallet.pockets.map(({ account }) => account)
        const page = await parts.history.page(accounts, call.query.limit, call.query.cursor)
        return isRefusal(page) ? page : { status: 200, json: page }
      },
    }),
  ]
}

function createEndpoint({ wallets, auth, secure }: WalletRouteParts): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/v1/wallets',
    tag,
    summary: 'A guest wallet',
    description:
      'With a session that still works it answers that wallet with 200. Otherwise it makes one with sandbox credit ' +
      'and sets the cookies of this browser.',
    ways: [
      { by: 'page', scope: 'wallets:write' },
      { by: 'merchant', scope: 'wallets:write' },
      { by: 'anyone' },
    ],
    body: createWalletBody,
    bodyOptional: true,
    replies: {
      200: { description: 'The wallet that this browser has', schema: walletState },
      201: {
        description: 'A new wallet',
        schema: walletState,
        headers: { 'Set-Cookie': 'jeon_session and jeon_device: httpOnly, SameSite=Lax' },
      },
    },
    async handle({ caller, body }) {
      if (caller.as === 'wallet') {
        const known = await wallets.find(caller.session.walletId)
        if (known !== undefined) return { status: 200, json: await stateOf(wallets, known) }
      }
      const merchantId = merchantOf(caller)
      const wallet = await wallets.create(body.currency, merchantId)
      const json = await stateOf(wallets, wallet)
      // A merchant's server is no browser: it charges the wallet by its id.
      if (caller.as === 'merchant') return { status: 201, json }
      const session = await auth.issueSession(wallet.id)
      const cookies = [
        cookie(sessionCookie, session.token, sessionSeconds, secure),
        cookie(deviceCookie, session.device, sessionSeconds, secure),
      ]
      return { status: 201, json, headers: { 'Set-Cookie': cookies } }
    },
  })
}

function merchantOf(caller: Call<unknown, unknown, unknown>['caller']): string | null {
  if (caller.as === 'merchant') return caller.merchantId
  if (caller.as === 'page' || caller.as === 'wallet') return caller.page?.merchantId ?? null
  return null
}

/** Everything in a wallet, as its payer sees it. */
export async function stateOf(wallets: Wallets, wallet: Wallet): Promise<WalletState> {
  const views = await wallets.views(wallet)
  return {
    id: wallet.id,
    object: 'wallet',
    pockets: views.map(({ pocket, view }) => pocketStateOf(view, pocket.asset)),
    created_at: new Date(wallet.createdAtMs).toISOString(),
  }
}

async function ownWallet(
  wallets: Wallets,
  { caller }: Call<unknown, unknown, unknown>,
): Promise<Wallet | Refusal> {
  if (caller.as !== 'wallet') return refuse('session_missing')
  return (await wallets.find(caller.session.walletId)) ?? refuse('session_missing')
}

function cookie(name: string, value: string, maxAgeS: number, secure: boolean): string {
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeS}`
  return `${name}=${value}; ${attributes}${secure ? '; Secure' : ''}`
}
