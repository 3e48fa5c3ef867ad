import type { AccountId, AccountView, Ledger } from '@jeon/ledger'
import type { Asset } from '@jeon/money'
import { assetOfText } from './assets.ts'
import { Cache } from './cache.ts'

/** Who owns a ledger account, and in which currency it is. */
export interface Owner {
  /** `wal_…`, `mer_…`, or `rail` for the outside world. */
  readonly id: string
  readonly kind: 'wallet' | 'merchant' | 'rail'
  readonly asset: Asset
}

/** The reference under which the ledger keeps an owner's account of one currency. */
export function accountReference(ownerId: string, currency: string): string {
  return `${ownerId}:${currency}`
}

/** Tells whose an account is. Accounts never change hands, so that what was learnt once stays true. */
export class Owners {
  readonly #ledger: Ledger
  readonly #known = new Cache<AccountId, Owner>({ entriesMax: 400_000 })

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** The owner when this process has met the account lately. */
  known(account: AccountId): Owner | undefined {
    return this.#known.get(account)
  }

  async of(account: AccountId): Promise<Owner> {
    const known = this.#known.get(account)
    if (known !== undefined) return known
    const view = await this.#ledger.account(account)
    if (view === undefined)
      throw new Error(`a transfer names account ${account}, which is not there`)
    const owner = ownerOf(view)
    this.#known.set(account, owner)
    return owner
  }
}

function ownerOf(view: AccountView): Owner {
  const asset = assetOfText(view.asset)
  const id = view.reference.slice(0, view.reference.lastIndexOf(':'))
  const kind = view.kind === 'wallet' || view.kind === 'merchant' ? view.kind : 'rail'
  return { id, kind, asset }
}

/** The shard that keeps an account. */
export function shardOf(account: AccountId): number {
  return Math.floor(account / 2 ** 32)
}
