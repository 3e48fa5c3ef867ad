import type { Clock } from '@jeon/clock'
import type { AccountId, Ledger } from '@jeon/ledger'
import { type Asset, assetOf, formatAsset } from '@jeon/money'
import { accountReference } from '../accounts.ts'
import { currencies } from '../assets.ts'
import { Cache } from '../cache.ts'
import { createId } from '../ids.ts'
import type { Merchant } from './model.ts'
import type { MerchantStore } from './store.ts'

export interface MerchantParts {
  readonly store: MerchantStore
  readonly ledger: Ledger
  readonly clock: Clock
}

/** How long another process's change of an origin may go unnoticed, in milliseconds. */
const believedForMs = 30_000

/** Merchants, their origins, and their stripes: the account that each shard keeps for them per currency. */
export class Merchants {
  readonly #parts: MerchantParts
  readonly #known = new Cache<string, Merchant>({ entriesMax: 20_000, ttlMs: believedForMs })
  readonly #origins = new Cache<string, ReadonlySet<string>>({
    entriesMax: 20_000,
    ttlMs: believedForMs,
  })
  readonly #stripes = new Cache<string, AccountId>({ entriesMax: 100_000 })

  constructor(parts: MerchantParts) {
    this.#parts = parts
  }

  async create(name: string, origins: readonly string[]): Promise<Merchant> {
    const createdAtMs = this.#parts.clock.now()
    const id = createId('mer', createdAtMs)
    return this.save({ id, name, origins: [...new Set(origins)], createdAtMs })
  }

  /** Saves a merchant whose id is chosen already. */
  async save(merchant: Merchant): Promise<Merchant> {
    await this.#parts.store.save(merchant)
    this.#known.forget(merchant.id)
    this.#origins.clear()
    return merchant
  }

  async find(id: string): Promise<Merchant | undefined> {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const merchant = await this.#parts.store.find(id)
    if (merchant !== undefined) this.#known.set(id, merchant)
    return merchant
  }

  /** The merchants that registered a web origin. */
  async ofOrigin(origin: string): Promise<ReadonlySet<string>> {
    const known = this.#origins.get(origin)
    if (known !== undefined) return known
    const ids = origin.length > 200 ? [] : await this.#parts.store.idsOfOrigin(origin)
    const merchants = new Set(ids)
    this.#origins.set(origin, merchants)
    return merchants
  }

  /** The stripe that this process knows already. */
  knownStripe(merchantId: string, currency: string, shard: number): AccountId | undefined {
    return this.#stripes.get(stripeName(merchantId, currency, shard))
  }

  /** The account that takes a merchant's money on one shard; opened when there is none. */
  async stripe(merchantId: string, asset: Asset, shard: number): Promise<AccountId> {
    const name = stripeName(merchantId, asset.code, shard)
    const known = this.#stripes.get(name)
    if (known !== undefined) return known
    const [account] = await this.#open(merchantId, [asset], [shard])
    if (account === undefined) throw new Error('the ledger opened no stripe')
    this.#stripes.set(name, account)
    return account
  }

  /** All of a merchant's stripes, in every currency and on every shard, ordered by account. */
  async stripes(merchantId: string): Promise<{ account: AccountId; asset: Asset }[]> {
    const assets = currencies.map((currency) => assetOf(currency))
    const { shards } = this.#parts.ledger
    const accounts = await this.#open(merchantId, assets, shards)
    return accounts
      .map((account, index) => {
        const asset = assets[index % assets.length]
        if (asset === undefined) throw new Error('a stripe without an asset')
        return { account, asset }
      })
      .sort((one, other) => one.account - other.account)
  }

  #open(merchantId: string, assets: readonly Asset[], shards: readonly number[]) {
    return this.#parts.ledger.openAccounts(
      shards.flatMap((shard) =>
        assets.map((asset) => ({
          shard,
          reference: accountReference(merchantId, asset.code),
          asset: formatAsset(asset),
          kind: 'merchant' as const,
        })),
      ),
    )
  }
}

function stripeName(merchantId: string, currency: string, shard: number): string {
  return `${merchantId} ${currency} ${shard}`
}
