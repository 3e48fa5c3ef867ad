import { follow, type LiveEvent, type LiveOptions } from './live.ts'
import { type PageOptions, walkPages } from './pages.ts'
import { fieldsOf, textOf } from './reader.ts'
import { type HistoryEntry, historyEntryOf, type Wallet, walletOf } from './shapes.ts'
import type { Transport } from './transport.ts'

/** A limit to set. What is not named stays without one. */
export interface NewLimit {
  readonly per: 'payment' | 'day' | 'month'
  readonly scope?: 'all' | 'merchant' | 'category'
  readonly category?: string
  /** Decimal string in the pocket's currency. */
  readonly amountMax?: string
  readonly countMax?: number
}

/** The payer's side. The client's key is a wallet token, `ws_test_…`. All throw `JeonProblem` and `JeonUnreachable`. */
export interface WalletClient {
  get(): Promise<Wallet>
  /** Opens a guest wallet whose session lives in cookies: for pages. */
  create(currency?: string): Promise<Wallet>
  /** Opens a guest wallet and answers with a token for it; the client needs no key for this. */
  createGuest(currency?: string): Promise<{ readonly wallet: Wallet; readonly token: string }>
  /** Replaces the limits of one pocket. */
  setLimits(currency: string, limits: readonly NewLimit[]): Promise<Wallet>
  /** The payer's history, newest first, refunds and top-ups included. */
  list(options?: PageOptions): AsyncGenerator<HistoryEntry, void, void>
  /** What happens to the wallet, as it happens. */
  live(options?: LiveOptions): AsyncGenerator<LiveEvent, void, void>
}

export function createWalletClient(transport: Transport): WalletClient {
  const get = () => transport.ask({ method: 'GET', path: '/v1/wallet' }, walletOf)
  return {
    get,
    create: (currency = 'KRW') =>
      transport.ask({ method: 'POST', path: '/v1/wallets', body: { currency } }, walletOf),
    async createGuest(currency = 'KRW') {
      const response = await transport.open({
        method: 'POST',
        path: '/v1/wallets',
        body: { currency },
      })
      const wallet = walletOf(await response.json())
      // The new session lives in two cookies; a program without a cookie jar swaps it for a token at once.
      const cookie = response.headers
        .getSetCookie()
        .map((line) => line.split(';', 1)[0] ?? '')
        .join('; ')
      const token = await transport.ask(
        {
          method: 'POST',
          path: '/v1/wallet/token',
          // With cookies the server wants to know which page is asking; this program is its own.
          headers: { cookie, origin: new URL(transport.server).origin },
        },
        (json) => textOf(fieldsOf(json, 'token'), 'token'),
      )
      return { wallet, token }
    },
    async setLimits(currency, limits) {
      const body = { currency, limits: limits.map(limitBody) }
      await transport.ask({ method: 'PUT', path: '/v1/wallet/limits', body }, () => undefined)
      return get()
    },
    list: (options) => walkPages(transport, '/v1/wallet/payments', historyEntryOf, options),
    live: (options) => follow(transport, '/v1/wallet/live', options),
  }
}

function limitBody(limit: NewLimit): Readonly<Record<string, unknown>> {
  const body: Record<string, unknown> = { per: limit.per, scope: limit.scope ?? 'all' }
  if (limit.category !== undefined) body.category = limit.category
  if (limit.amountMax !== undefined) body.amount_max = limit.amountMax
  if (limit.countMax !== undefined) body.count_max = limit.countMax
  return body
}
