import { needsOf, refuse, replay } from './decide.ts'
import { numberOf } from './ids.ts'
import type { AccountId, Command, Transfer } from './model.ts'
import type { Entry, FoundTransfer, Reply } from './queue.ts'
import { StoreError } from './store.ts'
import type { ShardWriter } from './writer.ts'

/** Accounts forgotten at once when memory is full. */
const EVICTED_AT_ONCE = 10_000
const RETRY_MS = 50

/**
 * Fetches what commands need and memory lacks: accounts, old ids, holds, refunded payments. One
 * round at a time, for everything that waits: a thousand cold wallets cost one query.
 */
export class Loader {
  readonly #writer: ShardWriter
  readonly #accountsMax: number
  #parked: Entry[] = []
  #loading: Entry[] = []
  #serial: Promise<unknown> = Promise.resolve()

  constructor(writer: ShardWriter, accountsMax: number) {
    this.#writer = writer
    this.#accountsMax = accountsMax
  }

  get waiting(): number {
    return this.#parked.length + this.#loading.length
  }

  park(entry: Entry): 'parked' {
    if (this.#parked.at(-1) !== entry) this.#parked.push(entry)
    return 'parked'
  }

  all(): Entry[] {
    return [...this.#loading, ...this.#parked]
  }

  takeAll(): Entry[] {
    const all = this.all()
    this.#parked = []
    this.#loading = []
    return all
  }

  exclusively<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#serial.then(change)
    this.#serial = result.catch(() => undefined)
    return result
  }

  /** Starts a round if anything waits and none is under way. */
  start(): void {
    if (this.#loading.length > 0 || this.#parked.length === 0) return
    this.#loading = this.#parked
    this.#parked = []
    const writer = this.#writer
    this.exclusively(() => this.#round()).then(
      () => this.#finish(),
      (error: unknown) => {
        // Reads failed, not writes: nothing is lost, they are tried again until their deadline.
        if (error instanceof StoreError) writer.runtime.later(RETRY_MS, () => this.#finish())
        else writer.pipeline.stop(error)
      },
    )
  }

  #finish(): void {
    const entries = this.#loading
    this.#loading = []
    this.#writer.queue.unshift(entries)
    this.#writer.plan()
  }

  async #round(): Promise<void> {
    const writer = this.#writer
    const entries = this.#loading.flatMap((entry) => entry.members ?? [entry])
    // What is decided but not committed is not in SQL yet; whoever asks for such waits for it.
    if (entries.some(mayAskForUncommitted)) {
      await writer.pipeline.committed(writer.state.nextSequence - 1)
    }
    const askedAt = writer.pipeline.committedSequence
    const found = await this.#find(entries)
    await this.#loadAccounts(entries, found)
    for (const entry of entries) {
      if (entry.command.type === 'read') continue
      entry.lookups += 1
      entry.absentUntil = askedAt
    }
  }

  /** Why a command cannot be done whose hold is not open or whose payment is not there. */
  refusalOf(entry: Entry, command: Command): Reply {
    if (command.type === 'refund') return refuse('payment_not_found')
    const { found } = entry
    if (found === undefined || found === null || found.transfer.kind !== 'hold') {
      return refuse('hold_not_found')
    }
    const by = found.pointers[0]
    return { ...refuse('hold_resolved'), ...(by === undefined ? {} : { detail: by.kind }) }
  }

  async #find(entries: readonly Entry[]): Promise<Map<string, Transfer>> {
    const { store } = this.#writer
    const ids = new Set<string>()
    for (const { command } of entries) {
      if (command.type === 'read') continue
      ids.add(command.id)
      if (command.type === 'capture' || command.type === 'void') ids.add(command.hold)
      if (command.type === 'refund') ids.add(command.payment)
    }
    const rows = ids.size === 0 ? [] : await store.findByIds([...ids])
    const byId = new Map(rows.map((row) => [row.id, row]))
    if (rows.length === 0) {
      for (const entry of entries) entry.found = null
      return byId
    }
    const origins = rows.map((row) => row.origin).filter((sequence) => sequence > 0)
    const [pointed, pointers] = await Promise.all([
      origins.length === 0 ? [] : store.findBySequences(origins),
      store.findByOrigins(rows.map((row) => row.sequence)),
    ])
    this.#tell(entries, byId, pointed, pointers)
    return byId
  }

  #tell(
    entries: readonly Entry[],
    byId: ReadonlyMap<string, Transfer>,
    pointed: readonly Transfer[],
    pointers: readonly Transfer[],
  ): void {
    const bySequence = new Map(pointed.map((row) => [row.sequence, row]))
    for (const entry of entries) {
      const { command } = entry
      if (command.type === 'read') continue
      const first = byId.get(command.id)
      if (first !== undefined) {
        entry.replay = replay(command, first, bySequence.get(first.origin))
      }
      entry.found = foundFor(command, byId, pointers)
      if (command.type === 'refund' && entry.found !== null) {
        const { transfer, pointers: refunds } = entry.found
        const hold = transfer.kind === 'capture' ? bySequence.get(transfer.origin) : undefined
        this.#writer.state.rememberRefundable(transfer, sum(refunds), hold)
      }
    }
  }

  async #loadAccounts(
    entries: readonly Entry[],
    found: ReadonlyMap<string, Transfer>,
  ): Promise<void> {
    const { state, store } = this.#writer
    let wanted = this.#missing(entries, found)
    if (wanted.size === 0) return this.#markLacking(entries)
    if (state.accounts.size + wanted.size > this.#accountsMax) {
      state.evict(Math.max(EVICTED_AT_ONCE, wanted.size), this.#writer.pipeline.committedSequence)
      // Some of those just forgotten may be needed in this very round.
      wanted = this.#missing(entries, found)
    }
    for (const account of await store.loadAccounts([...wanted])) {
      const limitsIndex = state.windows.book.intern(account.limits)
      state.load({ ...account.row, limitsIndex }, account.scoped)
    }
    this.#markLacking(entries)
  }

  #missing(entries: readonly Entry[], found: ReadonlyMap<string, Transfer>): Set<number> {
    const { state } = this.#writer
    const missing = new Set<number>()
    for (const { command } of entries) {
      for (const account of accountsOf(command, found)) {
        if (state.slotOf(account) === undefined) missing.add(numberOf(account))
      }
    }
    return missing
  }

  #markLacking(entries: readonly Entry[]): void {
    const { state } = this.#writer
    for (const entry of entries) {
      const { command } = entry
      const accounts =
        command.type === 'read' ? [command.account] : (needsOf(state, command)?.accounts ?? [])
      entry.lacksAccount = accounts.some((account) => state.slotOf(account) === undefined)
    }
  }
}

/** Ids that memory does not know are not in flight; holds and payments that it lacks may be. */
function mayAskForUncommitted({ command, isFamiliar }: Entry): boolean {
  if (command.type === 'read') return false
  return isFamiliar || (command.type !== 'pay' && command.type !== 'hold')
}

function accountsOf(command: Entry['command'], found: ReadonlyMap<string, Transfer>): AccountId[] {
  switch (command.type) {
    case 'read':
      return [command.account]
    case 'pay':
    case 'hold':
      return [command.debit, command.credit]
    case 'refund': {
      const payment = found.get(command.payment)
      return payment === undefined ? [] : [payment.debit, payment.credit]
    }
    case 'capture':
    case 'void':
      return []
  }
}

function foundFor(
  command: Command,
  byId: ReadonlyMap<string, Transfer>,
  pointers: readonly Transfer[],
): FoundTransfer | null {
  const id =
    command.type === 'refund'
      ? command.payment
      : command.type === 'capture' || command.type === 'void'
        ? command.hold
        : undefined
  const transfer = id === undefined ? undefined : byId.get(id)
  if (transfer === undefined) return null
  const { sequence } = transfer
  return { transfer, pointers: pointers.filter(({ origin }) => origin === sequence) }
}

function sum(refunds: readonly Transfer[]): bigint {
  return refunds.reduce(
    (total, { kind, amount }) => (kind === 'refund' ? total + amount : total),
    0n,
  )
}
