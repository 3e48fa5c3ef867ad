import { assert } from './assert.ts'
import { numberOf } from './ids.ts'
import type { Sequence, Transfer } from './model.ts'
import { ShardState } from './state.ts'
import { type ShardHead, type ShardStore, type StoredAccount, StoreError } from './store.ts'

const PAGE = 20_000

export interface OpenedState {
  readonly head: ShardHead
  readonly state: ShardState
  /** Transfers that were folded since the last checkpoint. */
  readonly folded: number
}

/**
 * Takes a shard over and rebuilds its state: the last checkpoint, and the journal since. Whoever
 * takes it over meanwhile moves both on under our hands, so what was built counts only if the shard
 * is still ours. Throws StoreError `fenced` when it is not.
 */
export async function openState(store: ShardStore): Promise<OpenedState> {
  const head = await store.acquire()
  let failure: unknown
  const opened = await rebuild(store, head).catch((error: unknown) => {
    failure = error
  })
  if (failure instanceof StoreError) throw failure
  if (!(await store.isOurs(head.epoch))) {
    throw new StoreError('fenced', 'another writer took the shard while it was opened')
  }
  if (opened === undefined) throw failure
  return opened
}

async function rebuild(store: ShardStore, head: ShardHead): Promise<OpenedState> {
  const state = new ShardState(store.shard, head.checkpointSequence + 1)
  state.lastAtMs = head.atMs
  await loadOpenHolds(store, state)
  if (head.nextSequence - state.nextSequence > PAGE) await loadTailAccounts(store, state)
  let folded = 0
  let next = store.readFrom(state.nextSequence, PAGE)
  while (state.nextSequence < head.nextSequence) {
    const page = (await next).filter(({ sequence }) => sequence < head.nextSequence)
    const last = page.at(-1)
    assert(last !== undefined, `journal of shard ${store.shard} ends before its number says`)
    // The database reads on while this folds.
    next = store.readFrom(last.sequence + 1, PAGE)
    next.catch(() => undefined)
    await fold(store, state, page, head.checkpointSequence)
    folded += page.length
  }
  await next
  state.lastAtMs = Math.max(state.lastAtMs, head.atMs)
  return { head, state, folded }
}

/** At once what a long tail needs: one pass over the accounts instead of a look-up for each. */
async function loadTailAccounts(store: ShardStore, state: ShardState): Promise<void> {
  await store.eachAccountSince(state.nextSequence, (account) => loadAccount(state, account))
}

function loadAccount(state: ShardState, { row, limits, scoped }: StoredAccount): void {
  if (state.accounts.slotOf(row.number) !== undefined) return
  state.load({ ...row, limitsIndex: state.windows.book.intern(limits) }, scoped)
}

async function loadOpenHolds(store: ShardStore, state: ShardState): Promise<void> {
  const sequences = await store.openHolds()
  for (let at = 0; at < sequences.length; at += PAGE) {
    const holds = await store.findBySequences(sequences.slice(at, at + PAGE))
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
  await loadAccounts(store, state, page)
  await loadRefunded(store, state, page, checkpoint)
  const { accounts } = state
  for (const transfer of page) {
    const debit = state.slotOf(transfer.debit)
    const credit = state.slotOf(transfer.credit)
    assert(debit !== undefined && credit !== undefined, 'a transfer has two accounts')
    state.apply(transfer, {
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
  const wanted = new Set<number>()
  for (const { debit, credit } of transfers) {
    if (state.slotOf(debit) === undefined) wanted.add(numberOf(debit))
    if (state.slotOf(credit) === undefined) wanted.add(numberOf(credit))
  }
  const numbers = [...wanted]
  for (let at = 0; at < numbers.length; at += PAGE) {
    const part = numbers.slice(at, at + PAGE)
    for (const account of await store.loadAccounts(part)) loadAccount(state, account)
  }
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
