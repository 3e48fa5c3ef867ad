import { createHolds, type Holds } from './holds.ts'
import { createKeySet } from './keyset.ts'
import { follow, type LiveEvent, type LiveOptions } from './live.ts'
import { createOffers, type Offers } from './offers.ts'
import { createPayments, type Payments } from './payments.ts'
import { checkReceipt, jwksUrl, type ReceiptVerdict } from './receipts.ts'
import { type ClockClient, createClockClient } from './sandbox.ts'
import { type Entitlement, entitlementOf, type Merchant, merchantOf } from './shapes.ts'
import { createTransport, type Transport } from './transport.ts'
import { createWalletClient, type WalletClient } from './wallet.ts'

export interface JeonOptions {
  /** Where the platform is: `http://localhost:4242`. */
  readonly server: string
  /** `sk_…` on a merchant's server, `ws_…` for a wallet, `op_…` for the operator. (Default: none; then little works.) */
  readonly key?: string | undefined
  /** The merchant's own id, `mer_…`. Guards need it: receipts of others must not open what is yours. */
  readonly merchant?: string | undefined
  /** What receipts name as their issuer. (Default: `server`.) */
  readonly issuer?: string
  /** (Default: the runtime's.) */
  readonly fetch?: typeof fetch
  /** For one attempt, in milliseconds. (Default: 10,000.) */
  readonly timeoutMs?: number
  /** Pauses before asking again about something whose outcome is unknown. (Default: 200, 1,000 and 3,000.) */
  readonly retryDelaysMs?: readonly number[]
  /** Epoch milliseconds, to judge receipts by; they carry real time, in the sandbox too. (Default: `Date.now`.) */
  readonly now?: () => number
}

/** A client of one platform with one key. Stateless but for the keys it keeps; make one and share it. */
export interface Jeon {
  readonly server: string
  readonly merchant: string | undefined
  /** The first part of the key, such as `sk`; undefined without one. */
  readonly keyKind: string | undefined
  readonly payments: Payments
  readonly holds: Holds
  readonly offers: Offers
  readonly wallet: WalletClient
  readonly clock: ClockClient
  readonly entitlements: {
    /**
     * Whether a wallet has a right to an offer now, refunds considered.
     *
     * @throws `JeonProblem`, `JeonUnreachable`
     */
    check(query: {
      readonly offer: string
      readonly wallet?: string
      readonly merchant?: string
    }): Promise<Entitlement>
  }
  readonly receipts: {
    /** Checks a receipt of this client's merchant offline, with the published keys. */
    verify(receipt: string | undefined, offer: string): Promise<ReceiptVerdict>
  }
  /** Who the key belongs to. @throws `JeonProblem`, `JeonUnreachable` */
  merchantDetails(): Promise<Merchant>
  /** What happens to the merchant, as it happens. */
  live(options?: LiveOptions): AsyncGenerator<LiveEvent, void, void>
  /** For endpoints that have no method of their own yet. */
  readonly transport: Transport
}

/**
 * Makes a client.
 *
 * @throws TypeError at once when the options cannot work: a server that is not an address, a key that is not set
 * @example
 * ```ts
 * const jeon = createJeon({
 *   server: 'http://localhost:4242',
 *   key: process.env.JEON_KEY,       // sk_test_…
 *   merchant: process.env.JEON_MERCHANT, // mer_…
 * })
 * const outcome = await jeon.payments.create({ wallet, offer: 'article-1' })
 * ```
 */
export function createJeon(options: JeonOptions): Jeon {
  const server = checkedServer(options.server)
  checkOptions(options)
  const fetchOnce = options.fetch ?? ((input, init) => fetch(input, init))
  const timeoutMs = options.timeoutMs ?? 10_000
  const transport = createTransport({
    server,
    key: options.key,
    fetch: fetchOnce,
    timeoutMs,
    retryDelaysMs: options.retryDelaysMs ?? [200, 1_000, 3_000],
  })
  const context = {
    keys: createKeySet({ url: jwksUrl(server), fetch: fetchOnce, timeoutMs }),
    issuer: options.issuer ?? server,
    now: options.now ?? Date.now,
  }

  return {
    server,
    merchant: options.merchant,
    keyKind: options.key?.split('_', 1)[0],
    payments: createPayments(transport),
    holds: createHolds(transport),
    offers: createOffers(transport, options.merchant),
    wallet: createWalletClient(transport),
    clock: createClockClient(transport),
    entitlements: {
      check({ offer, wallet, merchant = options.merchant }) {
        const query = new URLSearchParams({ offer })
        if (wallet !== undefined) query.set('wallet', wallet)
        if (merchant !== undefined) query.set('merchant', merchant)
        return transport.ask({ method: 'GET', path: `/v1/entitlements?${query}` }, entitlementOf)
      },
    },
    receipts: {
      async verify(receipt, offer) {
        if (options.merchant === undefined) {
          throw new TypeError('createJeon needs `merchant` to check receipts')
        }
        return checkReceipt(receipt, { merchant: options.merchant, offer }, context)
      },
    },
    merchantDetails: () => transport.ask({ method: 'GET', path: '/v1/merchant' }, merchantOf),
    live: (live) => follow(transport, '/v1/merchant/live', live),
    transport,
  }
}

function checkedServer(server: string): string {
  if (typeof server !== 'string' || !URL.canParse(server) || !/^https?:/.test(server)) {
    throw new TypeError(
      `createJeon: server must be an http(s) address, not ${JSON.stringify(server)}`,
    )
  }
  return server.replace(/\/+$/, '')
}

/** An unset environment variable is the commonest mistake, and must not turn into a client without a key. */
function checkOptions(options: JeonOptions): void {
  if ('key' in options && (typeof options.key !== 'string' || !/^[!-~]+$/.test(options.key))) {
    throw new TypeError('createJeon: key is not a key; is its environment variable set?')
  }
  if (
    'merchant' in options &&
    (typeof options.merchant !== 'string' || !/^mer_[!-~]+$/.test(options.merchant))
  ) {
    throw new TypeError('createJeon: merchant is not a mer_ id; is its environment variable set?')
  }
}
