import { assert } from './assert.ts'
import { numberOf } from './ids.ts'
import type { Sequence, Transfer } from './model.ts'
import { ShardState } from './state.ts'
import { type ShardHead, type ShardStore, type StoredAccount, StoreError } from './store.ts'

const PAGES_AHEAD = 3
/** Accounts and holds looked up at once. */
const LOOKED_UP_AT_ONCE = 8_000

export interface OpenedState {
  readonly head: ShardHead
  readonly state: ShardState
  /** Transfers that were folded since the last checkpoint. */
  readonly folded: number
}

/**
 * Takes a shard over and rebuilds its state: the last checkpoint, and the journal since. Whoever
 * takes it over meanwhile moves both on under our hands, so what was built counts only if the shard
 * is still ours. `pageMax`: transfers read at once. Throws StoreError `fenced` when it is not.
 */
export async function openState(store: ShardStore, pageMax: number): Promise<OpenedState> {
  const head = await store.acquire()
  let failure: unknown
  const opened = await rebuild(store, head, pageMax).catch((error: unknown) => {
    failure = error
  })
  if (failure instanceof StoreError) throw failure
  if (!(await store.isOurs(head.epoch))) {
    throw new StoreError('fenced', 'another writer took the shard while it was opened')
  }
  if (opened === undefined) throw failure
  return opened
}

async function rebuild(store: ShardStore, head: ShardHead, pageMax: number): Promise<OpenedState> {
  const state = new ShardState(store.shard, head.checkpointSequence + 1)
  state.lastAtMs = head.atMs
  await loadOpenHolds(store, state)
  const tail = new Tail(store, state, head, pageMax)
  let folded = 0
  while (state.nextSequence < head.nextSequence) {
    const page = await tail.next()
    await fold(store, state, page, head.checkpointSequence)
    folded += page.length
  }
  state.lastAtMs = Math.max(state.lastAtMs, head.atMs)
  return { head, state, folded }
}

interface Page {
  readonly transfers: readonly Transfer[]
  /** Resolves when the accounts are in memory that no page before has asked for. */
  readonly loaded: Promise<void>
}

/**
 * The journal since the checkpoint, in pages, each with its accounts in memory. While one is folded
 * the database reads the next ones, and their accounts, on sessions beside. (One query for all
 * accounts of the tail has to know every one of them before it sends the first, and spills.)
 */
class Tail {
  readonly #store: ShardStore
  readonly #state: ShardState
  readonly #end: Sequence
  readonly #asked = new Set<number>()
  readonly #pages: Promise<Page>[] = []
  readonly #pageMax: number
  #from: Sequence

  constructor(store: ShardStore, state: ShardState, head: ShardHead, pageMax: number) {
    this.#store = store
    this.#state = state
    this.#end = head.nextSequence
    this.#pageMax = pageMax
    this.#from = state.nextSequence
  }

  /** The next page; there is one. */
  async next(): Promise<readonly Transfer[]> {
    while (this.#pages.length < PAGES_AHEAD && this.#from < this.#end) this.#begin()
    const { transfers, loaded } = await this.#pages[0]!
    this.#pages.shift()
    await loaded
    return transfers
  }

  /** The journal has no gaps, so where a page begins is known before the one before it has come. */
  #begin(): void {
    const count = Math.min(this.#pageMax, this.#end - this.#from)
    const page = this.#read(this.#from, count, this.#pages.at(-1))
    // Whoever waits for it is told; after a failure nobody does.
    page.catch(() => undefined)
    this.#pages.push(page)
    this.#from += count
  }

  async #read(from: Sequence, count: number, before?: Promise<Page>): Promise<Page> {
    const transfers = await this.#store.readFrom(from, count)
    // What a page leaves to others to ask for must be asked for by one that is folded before it.
    await before
    assert(
      transfers.length === count && transfers[0]?.sequence === from,
      `journal of shard ${this.#store.shard} ends before its number says`,
    )
    const loaded = this.#load(transfers)
    loaded.catch(() => undefined)
    return { transfers, loaded }
  }

  async #load(transfers: readonly Transfer[]): Promise<void> {
    const wanted: number[] = []
    for (const number of missing(this.#state, transfers)) {
      if (this.#asked.has(number)) continue
      this.#asked.add(number)
      wanted.push(number)
    }
    if (wanted.length === 0) return
    // One by one, as they come: thousands that wait for each other are what the collector copies.
    await this.#store.eachAccount(wanted, (account) => {
      loadAccount(this.#state, account)
      this.#asked.delete(account.row.number)
    })
  }
}

function loadAccount(state: ShardState, { row, limits, scoped }: StoredAccount): void {
  if (state.accounts.slotOf(row.number) !== undefined) return
  state.load({ ...row, limitsIndex: state.windows.book.intern(limits) }, scoped)
}

async function loadOpenHolds(store: ShardStore, state: ShardState): Promise<void> {
  const sequences = await store.openHolds()
  for (let at = 0; at < sequences.length; at += LOOKED_UP_AT_ONCE) {
    const holds = await store.findBySequences(sequences.slice(at, at + LOOKED_UP_AT_ONCE))
    await loadAccounts(store, state, holds)
    for (const hold of holds) state.holds.add(hold)
  }
  assert(state.holds.size === sequences.length, 'every open hold is in the journal')
}

async function fold(
  store: ShardStore,
  state: ShardState,
  page: readonly Transfer[],
  checkpoint: Sequence,
): Promise<void> {
  await loadRefunded(store, state, page, checkpoint)
  const { accounts } = state
  for (const transfer of page) {
    const debit = state.slotOf(transfer.debit)
    const credit = state.slotOf(transfer.credit)
    assert(debit !== undefined && credit !== undefined, 'a transfer has two accounts')
    state.apply(transfer, debit, credit, {
      debit: transfer.sequence > accounts.savedSequenceAt(debit),
      credit: transfer.sequence > accounts.savedSequenceAt(credit),
    })
  }
}

async function loadAccounts(
  store: ShardStore,
  state: ShardState,
  transfers: readonly Transfer[],
): Promise<void> {
  const numbers = [...missing(state, transfers)]
  for (let at = 0; at < numbers.length; at += LOOKED_UP_AT_ONCE) {
    const part = numbers.slice(at, at + LOOKED_UP_AT_ONCE)
    await store.eachAccount(part, (account) => loadAccount(state, account))
  }
}

function missing(state: ShardState, transfers: readonly Transfer[]): Set<number> {
  const wanted = new Set<number>()
  for (const { debit, credit } of transfers) {
    if (state.slotOf(debit) === undefined) wanted.add(numberOf(debit))
    if (state.slotOf(credit) === undefined) wanted.add(numberOf(credit))
  }
  return wanted
}

/** Refunds give windows back by the time of their payment, which may lie before the page. */
async function loadRefunded(
  store: ShardStore,
  state: ShardState,
  page: readonly Transfer[],
  checkpoint: Sequence,
): Promise<void> {
  const origins = page.filter(({ kind }) => kind === 'refund').map(({ origin }) => origin)
  if (origins.length === 0) return
  const payments = await store.findBySequences([...new Set(origins)])
  const refunds = await store.findByOrigins([...new Set(origins)])
  const captured = payments.filter(({ kind }) => kind === 'capture').map(({ origin }) => origin)
  const holds = captured.length === 0 ? [] : await store.findBySequences(captured)
  const holdAt = new Map(holds.map((hold) => [hold.sequence, hold]))
  for (const payment of payments) {
    const before = refunds.filter(
      ({ kind, origin, sequence }) =>
        kind === 'refund' && origin === payment.sequence && sequence <= checkpoint,
    )
    state.rememberRefundable(
      payment,
      before.reduce((total, { amount }) => total + amount, 0n),
      payment.kind === 'capture' ? holdAt.get(payment.origin) : undefined,
    )
  }
}
