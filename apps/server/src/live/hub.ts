import type { AccountId, Ledger, Sequence, Transfer } from '@jeon/ledger'
import type { Owners } from '../accounts.ts'
import { type Refusal, refuse } from '../errors.ts'
import type { History } from '../payments/history.ts'
import type { HistoryEntry } from '../payments/model.ts'
import { money } from '../payments/view.ts'
import { tellingEnd } from '../streams.ts'

export interface HubParts {
  readonly ledger: Ledger
  readonly owners: Owners
  readonly history: History
  readonly feedsPerOwnerMax: number
  readonly feedsMax: number
  /** (Default: 15,000) */
  readonly heartbeatMs?: number
}

/** Events that may wait for a slow reader; then it is dropped and may come back with Last-Event-ID. */
const bufferMax = 1_000
/** Events of one account that are told again after a pause. */
const resumeMost = 500

interface Feed {
  readonly owner: string
  readonly accounts: readonly AccountId[]
  readonly queue: Transfer[]
  wake: () => void
  ended: boolean
}

/** Tells payers and merchants what happens on their accounts, while it happens. */
export class LiveHub {
  readonly #parts: HubParts
  readonly #byOwner = new Map<string, Set<Feed>>()
  /** Every account of every feed: a transfer that nobody watches costs two lookups in here. */
  readonly #byAccount = new Map<AccountId, Set<Feed>>()
  readonly #stopListening: () => void
  #count = 0
  #isClosed = false

  constructor(parts: HubParts) {
    this.#parts = parts
    this.#stopListening = parts.ledger.onCommitted((transfers) => this.#hear(transfers))
  }

  get count(): number {
    return this.#count
  }

  /**
   * A feed of an owner's events in the form of text/event-stream.
   *
   * @param accounts - the owner's accounts, from whose history a reader that was away is caught up
   * @param lastEventId - the id of the last event that the reader has seen; undefined: from now on
   */
  open(
    owner: string,
    accounts: readonly AccountId[],
    lastEventId: string | undefined,
    signal: AbortSignal | undefined,
  ): AsyncIterable<string> | Refusal {
    const open = this.#byOwner.get(owner)?.size ?? 0
    const { feedsPerOwnerMax, feedsMax } = this.#parts
    if (this.#isClosed) return refuse('shutting_down', { retryAfterS: 2 })
    // Anybody can make wallets, and so fill the hall; merchants, whom the operator knows, still get in.
    const isFull = this.#count >= feedsMax && !owner.startsWith('mer_')
    if (open >= feedsPerOwnerMax || isFull) {
      const most = String(open >= feedsPerOwnerMax ? feedsPerOwnerMax : feedsMax)
      return refuse('feed_limit', { values: { most }, retryAfterS: 5 })
    }
    const feed: Feed = { owner, accounts, queue: [], wake: () => undefined, ended: false }
    add(this.#byOwner, owner, feed)
    for (const account of accounts) add(this.#byAccount, account, feed)
    this.#count += 1
    signal?.addEventListener('abort', () => this.#end(feed))
    if (signal?.aborted === true) this.#end(feed)
    return tellingEnd(this.#read(feed, accounts, lastEventId), () => this.#end(feed))
  }

  /** Ends every feed; readers come back by themselves, to the next server. */
  close(): void {
    this.#isClosed = true
    this.#stopListening()
    for (const feeds of this.#byOwner.values()) for (const feed of feeds) this.#end(feed)
  }

  #hear(transfers: readonly Transfer[]): void {
    if (this.#count === 0) return
    for (const transfer of transfers) {
      this.#push(transfer.debit, transfer)
      this.#push(transfer.credit, transfer)
    }
  }

  #push(account: AccountId, transfer: Transfer): void {
    for (const feed of this.#byAccount.get(account) ?? []) {
      feed.queue.push(transfer)
      if (feed.queue.length > bufferMax) this.#end(feed)
      feed.wake()
    }
  }

  #end(feed: Feed): void {
    if (feed.ended) return
    feed.ended = true
    remove(this.#byOwner, feed.owner, feed)
    for (const account of feed.accounts) remove(this.#byAccount, account, feed)
    this.#count -= 1
    feed.wake()
  }

  async *#read(
    feed: Feed,
    accounts: readonly AccountId[],
    lastEventId: string | undefined,
  ): AsyncGenerator<string> {
    const told = positionsOf(lastEventId)
    yield 'retry: 2000\n\n'
    if (lastEventId !== undefined) {
      const after = (shard: number) => told.get(shard) ?? 0
      for (const transfer of await this.#parts.history.since(accounts, after, resumeMost)) {
        yield await this.#eventOf(transfer, feed.owner, told)
      }
    } else {
      for (const { shard, lastSequence } of this.#parts.ledger.health())
        told.set(shard, lastSequence)
      for (const { shard, sequence } of feed.queue) {
        told.set(shard, Math.min(told.get(shard) ?? 0, sequence - 1))
      }
    }
    while (!feed.ended) {
      const transfer = feed.queue.shift()
      if (transfer === undefined) {
        if (!(await this.#somethingNew(feed))) yield ': still here\n\n'
      } else if (transfer.sequence > (told.get(transfer.shard) ?? 0)) {
        yield await this.#eventOf(transfer, feed.owner, told)
      }
    }
  }

  /** False when it was quiet for so long that the connection needs a sign of life. */
  #somethingNew(feed: Feed): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), this.#parts.heartbeatMs ?? 15_000)
      feed.wake = () => {
        clearTimeout(timer)
        resolve(true)
      }
      if (feed.ended || feed.queue.length > 0) feed.wake()
    })
  }

  async #eventOf(transfer: Transfer, owner: string, told: Map<number, Sequence>): Promise<string> {
    const payment = await this.#parts.history.entry(transfer)
    told.set(transfer.shard, transfer.sequence)
    const balance = await this.#balanceOf(transfer, owner)
    const data = JSON.stringify({ type: eventName(payment), payment, ...balance })
    return `id: ${idOf(told)}\nevent: ${eventName(payment)}\ndata: ${data}\n\n`
  }

  async #balanceOf(transfer: Transfer, owner: string) {
    for (const account of [transfer.debit, transfer.credit]) {
      const { id, asset } = await this.#parts.owners.of(account)
      if (id !== owner) continue
      const view = await this.#parts.ledger.account(account)
      return view === undefined ? {} : { balance: money(view.balance, asset) }
    }
    return {}
  }
}

function add<Key>(feeds: Map<Key, Set<Feed>>, key: Key, feed: Feed): void {
  const known = feeds.get(key)
  if (known === undefined) feeds.set(key, new Set([feed]))
  else known.add(feed)
}

function remove<Key>(feeds: Map<Key, Set<Feed>>, key: Key, feed: Feed): void {
  const known = feeds.get(key)
  known?.delete(feed)
  if (known?.size === 0) feeds.delete(key)
}

/** The name of the event that a history entry was. */
function eventName(entry: HistoryEntry): string {
  switch (entry.object) {
    case 'payment':
      return entry.hold === undefined ? 'payment.accepted' : 'hold.captured'
    case 'refund':
      return 'payment.refunded'
    case 'topup':
      return 'wallet.topped_up'
    case 'movement':
      return 'wallet.moved'
    case 'hold':
      return `hold.${entry.event ?? 'created'}`
  }
}

/** An event's id says how far its reader has come on each shard: `0-17.1-4`. */
function idOf(told: ReadonlyMap<number, Sequence>): string {
  return [...told].map(([shard, sequence]) => `${shard}-${sequence}`).join('.')
}

function positionsOf(lastEventId: string | undefined): Map<number, Sequence> {
  const positions = new Map<number, Sequence>()
  for (const part of (lastEventId ?? '').slice(0, 2_000).split('.')) {
    const [, shard, sequence] = /^(\d{1,6})-(\d{1,15})$/.exec(part) ?? []
    if (shard !== undefined && sequence !== undefined)
      positions.set(Number(shard), Number(sequence))
  }
  return positions
}
