import { crc32 } from 'node:zlib'
import type { Clock } from '@jeon/clock'
import type { AccountId, AccountView, Ledger, SpendingLimits } from '@jeon/ledger'
import { type Asset, assetOf, formatAsset } from '@jeon/money'
import { accountReference } from '../accounts.ts'
import { type Currency, currencies } from '../assets.ts'
import { Cache } from '../cache.ts'
import { type Refusal, refuse } from '../errors.ts'
import { createId, createUuid } from '../ids.ts'
import { type Pocket, sandboxPockets, type Wallet } from './model.ts'
import type { WalletStore } from './store.ts'

export interface WalletParts {
  readonly store: WalletStore
  readonly ledger: Ledger
  readonly clock: Clock
}

/** Payers' wallets: which there are, what is in them, how much they may spend. */
export class Wallets {
  readonly #parts: WalletParts
  readonly #known = new Cache<string, Wallet>({ entriesMax: 200_000 })
  readonly #rails = new Map<string, AccountId>()

  constructor(parts: WalletParts) {
    this.#parts = parts
  }

  /** A new wallet with the sandbox's starting credit in its main currency, in won and in dollars. */
  async create(currency: Currency, merchantId: string | null): Promise<Wallet> {
    const createdAtMs = this.#parts.clock.now()
    const id = createId('wal', createdAtMs)
    const { shards } = this.#parts.ledger
    const shard = shards[crc32(id) % shards.length] ?? 0
    const wanted = [...new Set<Currency>([currency, 'KRW', 'USD'])]
    const accounts = await this.#parts.ledger.openAccounts(
      wanted.map((each) => ({
        shard,
        reference: accountReference(id, each),
        asset: formatAsset(assetOf(each)),
        kind: 'wallet',
        limits: sandboxPockets[each].limits,
      })),
    )
    const pockets = wanted.map((each, index) => pocketOf(each, accounts[index]))
    const wallet: Wallet = { id, shard, merchantId, pockets, createdAtMs }
    // First the wallet, then its money: what stops in between leaves a poor wallet, not lost money.
    await this.#parts.store.save(wallet)
    this.#known.set(id, wallet)
    const credits = wanted.map((each) => this.#credit(wallet, each, sandboxPockets[each].credit))
    await Promise.all(credits)
    return wallet
  }

  async find(id: string): Promise<Wallet | undefined> {
    return this.#known.get(id) ?? (await this.findAll([id])).get(id)
  }

  /** Several at once, in one query for those that are not known yet. */
  async findAll(ids: Iterable<string>): Promise<Map<string, Wallet>> {
    const found = new Map<string, Wallet>()
    const missing = new Set<string>()
    for (const id of ids) {
      const known = this.#known.get(id)
      if (known === undefined) missing.add(id)
      else found.set(id, known)
    }
    if (missing.size > 0) {
      for (const wallet of await this.#parts.store.find([...missing])) {
        this.#known.set(wallet.id, wallet)
        found.set(wallet.id, wallet)
      }
    }
    return found
  }

  /** Everything in a wallet, as the ledger's writer sees it now. */
  async views(wallet: Wallet): Promise<{ pocket: Pocket; view: AccountView }[]> {
    return Promise.all(
      wallet.pockets.map(async (pocket) => ({ pocket, view: await this.view(pocket) })),
    )
  }

  async view(pocket: Pocket): Promise<AccountView> {
    const view = await this.#parts.ledger.account(pocket.account)
    if (view === undefined) throw new Error(`pocket ${pocket.account} is not in the ledger`)
    return view
  }

  /** From here on no payment passes that these limits forbid. */
  async setLimits(pocket: Pocket, limits: SpendingLimits): Promise<void> {
    await this.#parts.ledger.setLimits(pocket.account, limits)
  }

  /**
   * Sandbox credit: money from the rail, which has no end here. Opens the pocket when there is none.
   *
   * @param key - makes it happen once; (Default: each call is its own)
   */
  async credit(
    wallet: Wallet,
    currency: Currency,
    amount: bigint,
    key?: string,
  ): Promise<Pocket | Refusal> {
    const rich = await this.#withPocket(wallet, currency)
    const outcome = await this.#credit(rich, currency, amount, key)
    return outcome ?? pocketIn(rich, currency) ?? refuse('wallet_not_found')
  }

  async #credit(
    wallet: Wallet,
    currency: Currency,
    amount: bigint,
    id: string = createUuid(this.#parts.clock.machineNow()),
  ): Promise<Refusal | undefined> {
    const pocket = pocketIn(wallet, currency)
    if (pocket === undefined) return refuse('currency_not_held', { values: { currency } })
    const outcome = await this.#parts.ledger.submit({
      type: 'pay',
      kind: 'topup',
      id,
      debit: await this.#rail(wallet.shard, pocket.asset),
      credit: pocket.account,
      amount,
    })
    return outcome.ok ? undefined : refuse(outcome.code)
  }

  /** The wallet's pocket of a currency; opened when there is none. Throws for a currency that is not kept here. */
  async pocketFor(wallet: Wallet, code: string): Promise<Pocket> {
    const known = pocketIn(wallet, code)
    if (known !== undefined) return known
    const currency = currencies.find((each) => each === code)
    const rich = currency === undefined ? wallet : await this.#withPocket(wallet, currency)
    const pocket = pocketIn(rich, code)
    if (pocket === undefined) throw new Error(`no pocket can be opened in ${code}`)
    return pocket
  }

  async #withPocket(wallet: Wallet, currency: Currency): Promise<Wallet> {
    if (pocketIn(wallet, currency) !== undefined) return wallet
    const [account] = await this.#parts.ledger.openAccounts([
      {
        shard: wallet.shard,
        reference: accountReference(wallet.id, currency),
        asset: formatAsset(assetOf(currency)),
        kind: 'wallet',
        limits: sandboxPockets[currency].limits,
      },
    ])
    const pockets = [...wallet.pockets, pocketOf(currency, account)]
    const richer = { ...wallet, pockets }
    await this.#parts.store.save(richer)
    this.#known.set(wallet.id, richer)
    return richer
  }

  /** Where sandbox money comes from: one account per shard and currency that may go below zero without end. */
  async #rail(shard: number, asset: Asset): Promise<AccountId> {
    const name = `${shard} ${asset.code}`
    const known = this.#rails.get(name)
    if (known !== undefined) return known
    const [account] = await this.#parts.ledger.openAccounts([
      {
        shard,
        reference: accountReference('rail_sandbox', asset.code),
        asset: formatAsset(asset),
        kind: 'rail',
        overdraft: null,
      },
    ])
    if (account === undefined) throw new Error('the ledger opened no rail account')
    this.#rails.set(name, account)
    return account
  }
}

/** The pocket of a currency, when the wallet has one. */
export function pocketIn(wallet: Wallet, currency: string): Pocket | undefined {
  return wallet.pockets.find((pocket) => pocket.currency === currency)
}

function pocketOf(currency: Currency, account: AccountId | undefined): Pocket {
  if (account === undefined) throw new Error('the ledger opened no account for a pocket')
  return { currency, asset: assetOf(currency), account }
}
