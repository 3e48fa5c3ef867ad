import type { AccountId, Ledger } from '@jeon/ledger'
import { type Asset, formatAsset } from '@jeon/money'
import { accountReference } from '../accounts.ts'

/** The account through which a carrier's money enters and leaves: one per carrier, shard and currency. */
export class RailAccounts {
  readonly #ledger: Pick<Ledger, 'openAccounts'>
  readonly #known = new Map<string, AccountId>()

  constructor(ledger: Pick<Ledger, 'openAccounts'>) {
    this.#ledger = ledger
  }

  async of(carrier: string, shard: number, asset: Asset): Promise<AccountId> {
    const name = `${carrier} ${shard} ${asset.code}`
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const [account] = await this.#ledger.openAccounts([
      {
        shard,
        reference: accountReference(`rail_${carrier}`, asset.code),
        asset: formatAsset(asset),
        kind: 'rail',
        overdraft: null,
      },
    ])
    if (account === undefined) throw new Error('the ledger opened no rail account')
    this.#known.set(name, account)
    return account
  }
}
