import type { Clock } from '@jeon/clock'
import type { AccountView, Ledger } from '@jeon/ledger'
import type { Owners } from '../accounts.ts'
import { type Carriers, createCarriers } from '../carriers/carriers.ts'
import { Lines } from '../carriers/lines.ts'
import { Links } from '../carriers/links.ts'
import type { CarrierConfig } from '../carriers/model.ts'
import type { Seal } from '../carriers/seal.ts'
import { createLineStore } from '../carriers/store.ts'
import type { Database } from '../database.ts'
import type { Log } from '../log.ts'
import type { Merchants } from '../merchants/service.ts'
import type { Offers } from '../offers/service.ts'
import { Trials } from '../sandbox/trial-offers.ts'
import type { Wallets } from '../wallets/service.ts'
import { ChargeSteps } from './charge-steps.ts'
import { createChargeStore } from './charge-store.ts'
import { Charges } from './charges.ts'
import { type CollectionStore, createCollectionStore } from './collection-store.ts'
import { Collections } from './collections.ts'
import { CarrierEvents } from './events.ts'
import { Listings } from './listing.ts'
import type { Charge } from './model.ts'
import { passingIn } from './passing.ts'
import { RailAccounts } from './rail-accounts.ts'
import { Rails } from './rails.ts'
import { Reconciler } from './reconcile.ts'
import { createReconciliationStore, type ReconciliationStore } from './reconciliation-store.ts'
import { RailRefunds } from './refunds.ts'
import { Turns } from './turns.ts'

/** What is told about carriers. */
export interface CarrierSettings {
  readonly configs: readonly CarrierConfig[]
  readonly seal: Seal
  /** How carriers are reached. (Default: the runtime's fetch) */
  readonly fetch?: typeof globalThis.fetch
}

export interface RailSetup {
  readonly settings: CarrierSettings
  readonly ledger: Ledger
  readonly database: Database
  readonly clock: Clock
  readonly owners: Owners
  readonly merchants: Merchants
  readonly offers: Offers
  readonly wallets: Wallets
  readonly log: Log
  readonly publicUrl: string
}

/** Everything of phone bills, put together. */
export interface LineRail {
  readonly carriers: Carriers
  readonly lines: Lines
  readonly links: Links
  readonly charges: Charges
  readonly collections: Collections
  readonly collectionStore: CollectionStore
  readonly refunds: RailRefunds
  readonly reconciler: Reconciler
  readonly reconciliations: ReconciliationStore
  readonly events: CarrierEvents
  readonly rails: Rails
  readonly fetch: typeof globalThis.fetch
  readonly trials: Trials
}

/** Puts the lines and their rails together; nothing begins before `lines.open()` and `rails.start()`. */
export function createLineRail(setup: RailSetup): LineRail {
  const { settings, ledger, database, clock, merchants, wallets, log, publicUrl } = setup
  const fetch = settings.fetch ?? globalThis.fetch
  const { seal } = settings
  const carriers = createCarriers(settings.configs, clock, fetch)
  const lineStore = createLineStore(database)
  const store = createChargeStore(database)
  const passing = async (walletId: string, view: AccountView) =>
    passingIn(await store.openOf(walletId), view, ledger)
  const lines = new Lines({
    ...{ store: lineStore, seal, carriers, ledger, wallets, clock, fetch, passing },
  })
  const events = new CarrierEvents({ seal, database, clock, publicUrl })
  const turns = new Turns()
  const accounts = new RailAccounts(ledger)
  const reconciliations = createReconciliationStore(database)
  const reconciler = new Reconciler({ store: reconciliations, carriers, clock })
  const listings = new Listings(clock)
  const accountsOf = async (charge: Charge) => ({
    rail: await accounts.of(charge.carrier, charge.shard, charge.asset),
    wallet: (await lines.pocketOf(charge)).account,
    merchant: await merchants.stripe(charge.merchantId, charge.asset, charge.shard),
  })
  const steps = new ChargeSteps({
    ...{ store, ledger, lines, listings, clock, accountsOf },
    sinkOf: (charge) => events.sinkOf('charge', charge),
    strand: (charge) => reconciler.strand(charge),
  })
  const charges = new Charges({ store, steps, ledger, lines, merchants, clock, turns })
  const collectionStore = createCollectionStore(database)
  const collections = new Collections({
    ...{ store: collectionStore, ledger, lines, accounts, clock, turns, merchants },
    ...{ owners: setup.owners, offers: setup.offers, listings },
    sinkOf: (collection) => events.sinkOf('collection', collection),
  })
  const refunds = new RailRefunds({ store, ledger, lines, clock, turns, accountsOf })
  const closeTab = async ({ walletId }: { readonly walletId: string }) => {
    await collections.collect(walletId, 'close')
  }
  const links = new Links({ carriers, lines, store: lineStore, seal, clock, fetch, closeTab })
  const rails = new Rails({
    ...{ charges, collections, refunds, reconciler, lines, carriers, ledger, database },
    ...{ clock, log, turns },
  })
  return {
    ...{ carriers, lines, links, charges, collections, collectionStore, refunds, reconciler },
    ...{ reconciliations, events, rails, fetch, trials: new Trials() },
  }
}
