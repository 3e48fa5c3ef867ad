import { randomUUID } from 'node:crypto'
import { addDays, collectionDue, dateOf, roundedForCollection, startOfDayMs } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type { Ledger, Transfer } from '@jeon/ledger'
import { type Owners, shardOf } from '../accounts.ts'
import type { Lines } from '../carriers/lines.ts'
import type { Link } from '../carriers/model.ts'
import type { Merchants } from '../merchants/service.ts'
import type { Offers } from '../offers/service.ts'
import { Asking, type Known, paymentSearch, type Step, walk } from './asking.ts'
import { collectionTopupId } from './charge-ids.ts'
import type { CollectionStore } from './collection-store.ts'
import { itemsMost, itemsOf, purchasesIn, titleOf, unnamedIn } from './items.ts'
import type { Listed, Listings } from './listing.ts'
import type { Collection, CollectionCause, Reason } from './model.ts'
import type { RailAccounts } from './rail-accounts.ts'
import { collectionRequestOf, type Sink } from './request.ts'
import { abreast, type Turns, workAtOnce } from './turns.ts'

export interface CollectionParts {
  readonly store: CollectionStore
  readonly ledger: Pick<Ledger, 'submit' | 'history'>
  readonly lines: Lines
  readonly accounts: RailAccounts
  readonly owners: Owners
  readonly merchants: Merchants
  readonly offers: Offers
  readonly listings: Listings
  readonly clock: Clock
  readonly turns: Turns
  sinkOf(collection: Collection): Sink | undefined
}

/** A collection that never arrives stops its wallet's credit after so long, in milliseconds. */
const patienceMs = 10 * 60_000
/** How far a wallet's history is read for the items of one collection, in transfers. */
const historyMost = 500

/**
 * Taking what a wallet owes through its line, in one sum. One at a time for each wallet; the next one begins when it is
 * known how the last one ended. The amount and the items are written down before anything is sent, so that the same
 * request can be sent again.
 */
export class Collections {
  readonly #parts: CollectionParts
  readonly #asking: Asking<Collection>

  constructor(parts: CollectionParts) {
    this.#parts = parts
    this.#asking = new Asking(parts.clock, (collection) => parts.store.save(collection))
  }

  /** Collects when enough is owed, and nothing stands in the way. */
  async collectWhenDue(walletId: string): Promise<void> {
    const link = this.#parts.lines.of(walletId)
    if (link === undefined || link.blocked !== null) return
    const profile = this.#parts.lines.carrierOf(link).profileAt(this.#parts.clock.now())
    if (!collectionDue(profile, await this.#parts.lines.owedOf(link))) return
    await this.collect(walletId, 'threshold')
  }

  /**
   * Collects now whatever is owed, down to what a carrier charges; first takes up the one that is open.
   *
   * @returns the one that was open or was made; undefined: nothing is owed
   */
  collect(walletId: string, cause: CollectionCause): Promise<Collection | undefined> {
    return this.#parts.turns.take(walletId, async () => {
      const open = await this.#parts.store.openOf(walletId)
      // A purchase is no reason to ask before it is time.
      const isEarly = cause === 'threshold' && (open?.dueAtMs ?? 0) > this.#parts.clock.machineNow()
      if (open !== undefined && isEarly) return open
      const before = open === undefined ? undefined : await this.#go(open)
      if (before?.endedAtMs === null) return before
      const link = this.#parts.lines.of(walletId)
      const made = link === undefined ? undefined : await this.#begin(link, cause)
      return made === undefined ? before : this.#go(made)
    })
  }

  /** How the newest one stands. */
  lastOf(walletId: string): Promise<Collection | undefined> {
    return this.#parts.store.lastOf(walletId)
  }

  /** Takes up the open one of a wallet: the carrier told something. */
  async look(walletId: string): Promise<void> {
    await this.#parts.turns.take(walletId, async () => {
      const open = await this.#parts.store.openOf(walletId)
      if (open !== undefined) await this.#go(open)
    })
  }

  /**
   * Takes up what is due.
   *
   * @param dueMs - the machine's time; undefined: everything that has not ended, whenever it is due
   * @returns how many there were
   */
  async work(dueMs: number | undefined): Promise<number> {
    const open = await this.#parts.store.open(dueMs, 200)
    await abreast(workAtOnce, open, async ({ walletId }) => {
      await this.look(walletId)
      await this.collectWhenDue(walletId)
    })
    return open.length
  }

  async #begin(link: Link, cause: CollectionCause): Promise<Collection | undefined> {
    const { lines, clock, ledger, store } = this.#parts
    const carrier = lines.carrierOf(link)
    const nowMs = clock.now()
    const profile = carrier.profileAt(nowMs)
    const { collect } = roundedForCollection(profile, await lines.owedOf(link))
    if (collect === 0n) return undefined
    const { account, asset } = await lines.pocketOf(link)
    const transfers = await ledger.history(account, { limit: historyMost })
    const names = await this.#namesOf(purchasesIn(transfers, account).slice(0, itemsMost))
    const { purchase, others } = unnamedIn(profile)
    const nameOf = ({ id }: Transfer) => names.get(id) ?? purchase
    const items = itemsOf(transfers, account, collect, nameOf, others)
    const collection: Collection = {
      ...{ id: randomUUID().replaceAll('-', ''), walletId: link.walletId, shard: shardOf(account) },
      ...{ carrier: carrier.id, phoneNumber: link.phoneNumber, cause, amount: collect, asset },
      ...{ items, description: titleOf(items) },
      ...{ profileVersion: profile.version, state: 'intent', carrierPaymentId: null },
      ...{ reason: null, attempts: 0, createdAtMs: nowMs, sent: null },
      ...{ dueAtMs: clock.machineNow(), endedAtMs: null },
    }
    return (await store.add(collection)) ? collection : undefined
  }

  #go(collection: Collection): Promise<Collection> {
    return walk(collection, (at) => this.#step(at))
  }

  async #step(collection: Collection): Promise<Step<Collection>> {
    switch (collection.state) {
      case 'intent':
        return this.#send(collection)
      case 'sent':
        return this.#look(collection)
      case 'charged':
        return this.#settle(collection)
      case 'settled':
      case 'declined':
        return { is: 'rest', row: collection }
    }
  }

  async #send(collection: Collection): Promise<Step<Collection>> {
    const { carrierBilling } = this.#parts.lines.carrierOf(collection).camara
    const known = await this.#asking.send({ ...collection, state: 'sent' }, (sent) =>
      carrierBilling.createPayment(collectionRequestOf(sent, this.#parts.sinkOf(sent))),
    )
    return this.#hear(known)
  }

  async #look(collection: Collection): Promise<Step<Collection>> {
    const { lines, listings } = this.#parts
    const search = paymentSearch(lines.carrierOf(collection), listings, collection)
    return this.#hear(await this.#asking.look(collection, search))
  }

  async #hear(known: Known<Collection, Listed>): Promise<Step<Collection>> {
    const { row } = known
    switch (known.is) {
      case 'taken':
        return this.#adopt(row, known.body)
      case 'refused':
        return this.#decline(row, known.reason)
      case 'put_off':
        return this.#asking.rest({ ...row, state: 'intent', sent: null })
      case 'gone':
        await this.#stopWhenLate(row)
        return this.#send(row)
      case 'rest':
        return known
    }
  }

  /**
   * A carrier that swallows whatever is sent: no more on credit until it takes this one, which stays open under its key.
   */
  async #stopWhenLate(collection: Collection): Promise<void> {
    const sinceMs = collection.sent?.firstAtMs ?? collection.createdAtMs
    if (this.#parts.clock.now() - sinceMs < patienceMs) return
    if (this.#parts.lines.of(collection.walletId)?.blocked !== null) return
    await this.#block(collection, { code: 'carrier_silent', text: '' })
  }

  async #adopt(collection: Collection, payment: Listed): Promise<Step<Collection>> {
    const known = { ...collection, carrierPaymentId: payment.paymentId }
    switch (payment.paymentStatus) {
      case 'succeeded':
        return this.#asking.on(known, { state: 'charged' })
      case 'denied':
        return this.#decline(known, { code: 'confirm_refused', text: '' })
      case 'cancelled':
        return this.#decline(known, { code: 'cancelled', text: '' })
      case 'processing':
      case 'pending_validation':
      case 'reserved':
        return this.#asking.rest(known)
    }
  }

  /** The line was charged: the wallet owes so much less. */
  async #settle(collection: Collection): Promise<Step<Collection>> {
    const { ledger, accounts, lines } = this.#parts
    const { id, shard, amount, asset, carrier, walletId } = collection
    const { account } = await lines.pocketOf(collection)
    const outcome = await ledger.submit({
      ...{ type: 'pay', kind: 'topup', id: collectionTopupId(id) },
      ...{ debit: await accounts.of(carrier, shard, asset), credit: account, amount },
      reference: id,
    })
    if (!outcome.ok) return this.#asking.rest(collection)
    // First open again, then done: what stops in between opens once more, which changes nothing.
    await lines.unblock(walletId)
    return this.#asking.end(collection, { state: 'settled', reason: null })
  }

  /** Nothing more on credit before the decline is written down as the end. */
  async #decline(collection: Collection, reason: Reason): Promise<Step<Collection>> {
    await this.#block(collection, reason)
    return this.#asking.end(collection, { state: 'declined', reason })
  }

  async #block(collection: Collection, { code, text }: Reason): Promise<void> {
    const { lines, clock } = this.#parts
    const nowMs = clock.now()
    const { zone } = lines.carrierOf(collection).profileAt(nowMs)
    // Limits begin anew at midnight: tried again then.
    const retryAtMs = startOfDayMs(addDays(dateOf(nowMs, zone), 1), zone)
    await lines.block(collection.walletId, { code, text, atMs: nowMs, retryAtMs })
  }

  /** What was bought, and from whom, by the transfer's id. */
  async #namesOf(transfers: readonly Transfer[]): Promise<Map<string, string>> {
    const names = new Map<string, string>()
    for (const { id, credit, offer } of transfers) {
      const owner = await this.#parts.owners.of(credit)
      const merchant = await this.#parts.merchants.find(owner.id)
      const sold = offer === '' ? undefined : await this.#parts.offers.find(owner.id, offer)
      names.set(
        id,
        [merchant?.name ?? owner.id, sold?.title].filter(Boolean).join(': ').slice(0, 120),
      )
    }
    return names
  }
}
