import type { AccountId, AccountKind, Ledger } from '@jeon/ledger'
import type { CarrierClock } from '../carrier-clock.ts'
import type { CarrierId } from '../model.ts'
import { plain } from './rows.ts'

const KINDS: Readonly<Record<'quota' | 'cash' | 'surcharge' | 'loss', AccountKind>> = {
  quota: 'clearing',
  cash: 'rail',
  surcharge: 'fee',
  loss: 'suspense',
}

/** Accounts of a carrier that are no line's: merchants, and its own. Opened when they are first needed. */
export class HouseAccounts {
  readonly #ledger: Ledger
  readonly #time: CarrierClock
  readonly #known = new Map<string, AccountId>()
  readonly #opening = new Map<string, Promise<AccountId>>()

  constructor(ledger: Ledger, time: CarrierClock) {
    this.#ledger = ledger
    this.#time = time
  }

  /** What a merchant of a client earned. */
  merchant(
    carrier: CarrierId,
    clientId: string,
    merchantId: string,
  ): Promise<AccountId> | AccountId {
    return this.#account(carrier, plain(`merchant:${clientId}:${merchantId}`), 'merchant')
  }

  /** `quota` counts purchases against persons; `cash`, `surcharge` and `loss` are the other sides of bills. */
  own(carrier: CarrierId, name: keyof typeof KINDS): Promise<AccountId> | AccountId {
    return this.#account(carrier, name, KINDS[name])
  }

  #account(
    carrier: CarrierId,
    reference: string,
    kind: AccountKind,
  ): Promise<AccountId> | AccountId {
    const key = `${carrier} ${reference}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const opening = this.#opening.get(key) ?? this.#open(carrier, reference, kind)
    this.#opening.set(key, opening)
    return opening.then(
      (account) => {
        this.#known.set(key, account)
        this.#opening.delete(key)
        return account
      },
      (error: unknown) => {
        this.#opening.delete(key)
        throw error
      },
    )
  }

  async #open(carrier: CarrierId, reference: string, kind: AccountKind): Promise<AccountId> {
    const { shard } = this.#time.carrier(carrier)
    const asset = this.#time.asset(carrier)
    const [account] = await this.#ledger.openAccounts([
      { shard, reference, asset, kind, overdraft: null },
    ])
    if (account === undefined) throw new Error('the ledger opened no account')
    return account
  }
}
