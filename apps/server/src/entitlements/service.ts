import type { Follower, Ledger, Transfer } from '@jeon/ledger'
import type pg from 'pg'
import type { Owners } from '../accounts.ts'
import type { Database } from '../database.ts'
import { typeIdOf } from '../ids.ts'
import type { Offers } from '../offers/service.ts'
import type { Wallet } from '../wallets/model.ts'
import type { Wallets } from '../wallets/service.ts'
import { type Entitlement, findEntitlement, type GivenBack, saveEntitlements } from './store.ts'

export interface EntitlementParts {
  readonly ledger: Ledger
  readonly database: Database
  readonly owners: Owners
  readonly offers: Offers
  readonly wallets: Wallets
}

/** How long a question may wait for what was committed before it. */
const patienceMs = 2_000

/** What payers may use because they paid: kept by a follower of the ledger, never on the way of a payment. */
export class Entitlements {
  readonly #parts: EntitlementParts
  readonly #follower: Follower

  constructor(parts: EntitlementParts) {
    this.#parts = parts
    this.#follower = parts.ledger.follow('entitlements', (transfers, sql) =>
      this.#keep(transfers, sql),
    )
  }

  /** The payment that lets a wallet use something, with everything committed before the question counted. */
  async find(
    wallet: Wallet,
    merchantId: string,
    what: { readonly offer: string; readonly unlocks: string },
  ): Promise<{ readonly paymentId: string } | undefined> {
    const views = await this.#parts.wallets.views(wallet)
    const newest = Math.max(...views.map(({ view }) => view.lastSequence))
    await within(patienceMs, this.#follower.caughtUp(wallet.shard, newest))
    return findEntitlement(this.#parts.database, wallet.id, merchantId, what)
  }

  progress(): readonly { readonly shard: number; readonly sequence: number }[] {
    return this.#follower.progress()
  }

  async #keep(transfers: readonly Transfer[], sql: pg.ClientBase): Promise<void> {
    const entitlements: Entitlement[] = []
    const givenBack: GivenBack[] = []
    for (const transfer of transfers) {
      // Only what was sold as an offer can unlock something; the ledger gives a refund its payment's offer.
      if (transfer.offer === '') continue
      if (transfer.kind === 'refund') {
        const { shard, origin: sequence, amount } = transfer
        givenBack.push({ shard, sequence, amount })
      } else if (transfer.kind === 'payment' || transfer.kind === 'capture') {
        const entitlement = await this.#entitlementOf(transfer)
        if (entitlement !== undefined) entitlements.push(entitlement)
      }
    }
    await saveEntitlements(sql, entitlements, givenBack)
  }

  async #entitlementOf(transfer: Transfer): Promise<Entitlement | undefined> {
    const { owners, offers } = this.#parts
    const merchant = owners.known(transfer.credit) ?? (await owners.of(transfer.credit))
    const offer = await offers.find(merchant.id, transfer.offer)
    if (offer === undefined || offer.unlocks === null) return undefined
    const payer = owners.known(transfer.debit) ?? (await owners.of(transfer.debit))
    return {
      shard: transfer.shard,
      sequence: transfer.sequence,
      paymentId: typeIdOf('pay', transfer.id),
      walletId: payer.id,
      merchantId: merchant.id,
      offer: transfer.offer,
      unlocks: offer.unlocks,
      amount: transfer.amount,
      atMs: transfer.atMs,
    }
  }
}

/** Waits for something, but not for ever. */
async function within(mostMs: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, mostMs)
  })
  await Promise.race([done, patience])
  clearTimeout(timer)
}
