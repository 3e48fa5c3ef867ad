import type { Ledger } from '@jeon/ledger'
import { Hono } from 'hono'
import { Owners } from './accounts.ts'
import { Auth } from './auth/service.ts'
import { createAuthStore } from './auth/store.ts'
import { createLineEndpoints } from './carriers/routes.ts'
import type { SandboxClock } from './clock/service.ts'
import type { Database } from './database.ts'
import { createDocsEndpoints } from './docs/routes.ts'
import type { Endpoint } from './endpoint.ts'
import { createEntitlementEndpoints } from './entitlements/routes.ts'
import { Entitlements } from './entitlements/service.ts'
import { createMetrics } from './health/metrics.ts'
import { createHealthEndpoints, watchPlatform } from './health/routes.ts'
import { createHoldEndpoints } from './holds/routes.ts'
import { Holds } from './holds/service.ts'
import { LiveHub } from './live/hub.ts'
import { createLiveEndpoints } from './live/routes.ts'
import type { Log } from './log.ts'
import { createMerchantEndpoints } from './merchants/routes.ts'
import { Merchants } from './merchants/service.ts'
import { createMerchantStore } from './merchants/store.ts'
import { createOfferEndpoints } from './offers/routes.ts'
import { Offers } from './offers/service.ts'
import { createOfferStore } from './offers/store.ts'
import { createPageEndpoints, type PageParts } from './pages.ts'
import { createBatchEndpoint } from './payments/batch.ts'
import { History } from './payments/history.ts'
import { createPayEndpoint, createPaymentEndpoints } from './payments/routes.ts'
import { Payments } from './payments/service.ts'
import { Pipeline } from './pipeline.ts'
import { LinePayments } from './rails/line-payments.ts'
import { createRailEndpoints } from './rails/routes.ts'
import { type CarrierSettings, createLineRail, type LineRail } from './rails/setup.ts'
import { Rates } from './rates.ts'
import type { ReceiptKeys } from './receipts/keys.ts'
import { Receipts } from './receipts/service.ts'
import { createSandboxEndpoints } from './sandbox/routes.ts'
import type { Settings } from './settings.ts'
import { createWalletEndpoints } from './wallets/routes.ts'
import { Wallets } from './wallets/service.ts'
import { createWalletStore } from './wallets/store.ts'
import { mountEndpoints } from './web.ts'

/** Everything that the platform is given. It opens nothing itself: no socket, no file, no connection. */
export interface AppDeps {
  readonly ledger: Ledger
  readonly database: Database
  readonly clock: SandboxClock
  readonly receiptKeys: ReceiptKeys
  readonly settings: Settings
  readonly log: Log
  readonly pages: PageParts
  /** The phone companies whose lines can be linked. (Default: none, and nothing of lines is there) */
  readonly carriers?: CarrierSettings | undefined
  /** How often a quiet live feed gives a sign of life. (Default: 15,000) */
  readonly heartbeatMs?: number
}

/** The platform without a socket. */
export interface App {
  /** The routes, for `app.request()` in tests and for a server to mount. */
  readonly hono: Hono
  readonly pipeline: Pipeline
  readonly endpoints: readonly Endpoint[]
  /** The endpoints that a server may answer without going through Hono, by method and path. */
  readonly busiest: ReadonlyMap<string, Endpoint>
  readonly auth: Auth
  readonly merchants: Merchants
  readonly offers: Offers
  readonly wallets: Wallets
  readonly hub: LiveHub
  /** Phone lines behind wallets; undefined without carriers. */
  readonly line: LineRail | undefined
}

/** Puts the platform together. */
export function createApp(deps: AppDeps): App {
  const { ledger, database, clock, settings, log } = deps
  const { publicUrl, limits } = settings
  const metrics = createMetrics()
  const owners = new Owners(ledger)
  const auth = new Auth(createAuthStore(database), clock)
  const merchants = new Merchants({ store: createMerchantStore(database), ledger, clock })
  const offers = new Offers(createOfferStore(database), clock)
  const wallets = new Wallets({ store: createWalletStore(database), ledger, clock })
  const receipts = new Receipts(deps.receiptKeys, publicUrl, () => clock.machineNow())
  const line =
    deps.carriers === undefined
      ? undefined
      : createLineRail({
          ...{ ledger, database, clock, owners, merchants, offers, wallets, log, publicUrl },
          settings: deps.carriers,
        })
  const linePayments = line === undefined ? undefined : new LinePayments(line)
  const payments = new Payments({ ledger, owners, merchants, offers, clock, line })
  const history = new History({ ledger, owners, merchants, offers })
  const holds = new Holds({
    ...{ ledger, payments, merchants },
    isRail: async (...of) => (await line?.charges.isHold(...of)) ?? false,
  })
  const entitlements = new Entitlements({ ledger, database, owners, offers, wallets })
  const { feedsPerOwnerMax, feedsMax } = limits
  const heartbeat = deps.heartbeatMs === undefined ? {} : { heartbeatMs: deps.heartbeatMs }
  const hub = new LiveHub({ ledger, owners, history, feedsPerOwnerMax, feedsMax, ...heartbeat })
  const pipeline = new Pipeline({
    auth,
    merchants,
    rates: new Rates(),
    clock,
    settings,
    metrics,
    log,
  })
  const secure = publicUrl.startsWith('https:')

  const pay = createPayEndpoint({ payments, wallets, merchants, offers, receipts, linePayments })
  const { batchesMax } = limits
  const batch = createBatchEndpoint({ ledger, payments, wallets, merchants, batchesMax })
  const endpoints: Endpoint[] = [
    ...createWalletEndpoints({ wallets, history, auth, clock, secure }),
    pay,
    batch,
    ...createPaymentEndpoints({ payments, wallets, merchants, offers, receipts, linePayments }),
    ...createHoldEndpoints({ holds, payments, wallets }),
    ...createEntitlementEndpoints({ entitlements, offers, payments, receipts, wallets }),
    ...createOfferEndpoints(offers),
    ...createMerchantEndpoints({ merchants, history, auth, ledger }),
    ...createLiveEndpoints({ hub, wallets, merchants }),
    ...createSandboxEndpoints({ clock, wallets, ledger, line }),
    ...(line === undefined ? [] : createLineEndpoints({ line, clock })),
    ...(line === undefined ? [] : createRailEndpoints({ line, clock })),
    ...createHealthEndpoints({ ledger, database, metrics }),
    ...createPageEndpoints(deps.pages),
  ]
  const others = [...endpoints]
  endpoints.push(
    ...createDocsEndpoints({ publicUrl, keys: deps.receiptKeys, others: () => others }),
  )
  watchPlatform(metrics, ledger, { inFlight: () => pipeline.inFlight, feeds: () => hub.count })

  const busiest = new Map([pay, batch].map((each) => [`${each.method} ${each.path}`, each]))
  const hono = mountEndpoints(new Hono(), endpoints, pipeline)
  return { hono, pipeline, endpoints, busiest, auth, merchants, offers, wallets, hub, line }
}
