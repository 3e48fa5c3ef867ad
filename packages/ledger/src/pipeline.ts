import { LedgerBug } from './assert.ts'
import { Batch } from './batch.ts'
import { refuse, replay } from './decide.ts'
import type { Sequence, TransferId } from './model.ts'
import type { Entry } from './queue.ts'
import type { Runtime, WriterEvent, WriterState } from './runtime.ts'
import type { ShardState } from './state.ts'
import { type ShardHead, type ShardStore, StoreError } from './store.ts'

const RECONNECT_FIRST_MS = 20
const RECONNECT_MOST_MS = 1_000
const SPARE_BATCHES = 3

/** What the pipeline tells the writer. */
export interface PipelineHost {
  /** A batch is durable; its entries are answered. */
  confirmed(batch: Batch): void
  /** These were taken back and must be decided again, before everything that waits. */
  again(entries: readonly Entry[]): void
  /** The shard stops for good; nothing is in flight any more. */
  ended(): void
  report(event: WriterEvent): void
}

/**
 * The way from decided to durable: at most two batches in flight, the second sent while the first
 * commits, always committed in order. When the database fails, this finds out what it did, takes
 * back what it did not do, and goes on.
 */
export class Pipeline {
  mode: WriterState = 'open'
  /** Raised whenever decided transfers were taken back. */
  generation = 0
  committedSequence: Sequence
  readonly #state: ShardState
  readonly #store: ShardStore
  readonly #runtime: Runtime
  readonly #host: PipelineHost
  #epoch: number
  #hash: Buffer
  #batches: Batch[] = []
  readonly #spare: Batch[] = []
  #waiters: { readonly sequence: Sequence; readonly go: () => void }[] = []
  #nextLane = 0

  constructor(
    state: ShardState,
    head: ShardHead,
    store: ShardStore,
    runtime: Runtime,
    host: PipelineHost,
  ) {
    this.#state = state
    this.#store = store
    this.#runtime = runtime
    this.#host = host
    this.#epoch = head.epoch
    this.#hash = head.hash
    this.committedSequence = state.nextSequence - 1
  }

  /** Batches whose commit is under way, oldest first. */
  get batches(): readonly Batch[] {
    return this.#batches
  }

  get isOver(): boolean {
    return this.mode === 'closed' || this.mode === 'fenced'
  }

  /** Whether a transfer with this id is on its way. */
  hasId(id: TransferId): boolean {
    return this.#batches.some((batch) => batch.has(id))
  }

  /** An empty batch, to be launched or to be given back by `answerAfter`. */
  begin(atMs: number): Batch {
    const batch = this.#spare.pop() ?? new Batch()
    batch.begin(this.#state.nextSequence, atMs)
    return batch
  }

  /** Resolves when everything up to `sequence` is durable, or was taken back, or never will be. */
  committed(sequence: Sequence): Promise<void> {
    if (sequence <= this.committedSequence || this.isOver) return Promise.resolve()
    return new Promise((go) => this.#waiters.push({ sequence, go }))
  }

  launch(batch: Batch): void {
    const sealed = batch.seal(this.#state.shard, this.#epoch, this.#hash)
    this.#hash = sealed.hash
    const lane = this.#store.lanes[this.#nextLane]!
    this.#nextLane = (this.#nextLane + 1) % this.#store.lanes.length
    const before = this.#batches.at(-1)?.done
    this.#batches.push(batch)
    batch.done =
      before === undefined
        ? lane.write(sealed)
        : lane
            .stage(sealed)
            .then(() => before)
            .then(() => lane.commit(sealed))
    batch.done.then(
      () => this.#settle(batch),
      (error: unknown) => this.#fail(batch, error),
    )
  }

  /** Refusals and reads depend on what is in flight, so they are told when that is durable. */
  answerAfter(batch: Batch): void {
    const tail = this.#batches.at(-1)
    if (tail === undefined) batch.answer()
    else for (const [at, entry] of batch.entries.entries()) tail.reply(entry, batch.replies[at])
    this.#spare.push(batch)
  }

  #settle(batch: Batch): void {
    if (this.#batches[0] !== batch) return
    this.#batches.shift()
    this.#confirm(batch)
  }

  #confirm(batch: Batch): void {
    this.committedSequence = batch.lastSequence
    batch.answer()
    this.#release(({ sequence }) => sequence <= this.committedSequence)
    this.#host.confirmed(batch)
    if (this.#spare.length < SPARE_BATCHES) this.#spare.push(batch)
  }

  #release(isOver: (waiter: { readonly sequence: Sequence }) => boolean): void {
    const over = this.#waiters.filter(isOver)
    if (over.length === 0) return
    this.#waiters = this.#waiters.filter((waiter) => !isOver(waiter))
    for (const { go } of over) go()
  }

  #fail(batch: Batch, error: unknown): void {
    if (this.mode !== 'open' || !this.#batches.includes(batch)) return
    this.mode = 'recovering'
    this.#afterFailure(batch, error).catch((failure: unknown) => this.stop(failure))
  }

  async #afterFailure(batch: Batch, error: unknown): Promise<void> {
    await Promise.allSettled(this.#batches.map(({ done }) => done))
    await Promise.all(this.#store.lanes.map((lane) => lane.abandon()))
    const failure = error instanceof StoreError ? error.failure : 'unknown'
    if (failure === 'fenced') this.#fence()
    else if (failure === 'duplicate' && (await this.#answerDuplicates(batch))) return
    else await this.#recover(error instanceof Error ? error.message : String(error))
  }

  /** True when duplicates were found and answered, and the rest was put back to be decided again. */
  async #answerDuplicates(batch: Batch): Promise<boolean> {
    const ids = batch.transfers.map(({ id }) => id)
    const found = await this.#store.findByIds(ids).catch(() => [])
    if (found.length === 0 || this.#batches[0] !== batch) return false
    const sequences = found.map(({ origin }) => origin).filter((sequence) => sequence > 0)
    const origins =
      sequences.length === 0
        ? []
        : await this.#store.findBySequences(sequences).catch(() => undefined)
    if (origins === undefined) return false
    const byId = new Map(found.map((transfer) => [transfer.id, transfer]))
    const bySequence = new Map(origins.map((transfer) => [transfer.sequence, transfer]))
    const entries = this.#takeBack()
    for (const entry of entries) {
      const { command } = entry
      if (command.type === 'read') continue
      const first = byId.get(command.id)
      if (first === undefined) entry.absentUntil = this.committedSequence
      else if (entry.leader !== undefined) entry.absentUntil = -1
      else entry.answer(replay(command, first, bySequence.get(first.origin)))
    }
    this.mode = 'open'
    this.#host.again(entries.filter(travelsAlone))
    return true
  }

  /** Undoes everything in flight, newest first. Returns its unanswered entries in the order they came. */
  #takeBack(): Entry[] {
    const entries: Entry[] = []
    for (const batch of [...this.#batches].reverse()) {
      batch.undo.rollback(this.#state.accounts)
      this.#state.nextSequence = batch.firstSequence
    }
    for (const batch of this.#batches) {
      for (const entry of batch.entries) if (!entry.isAnswered) entries.push(entry)
    }
    const first = this.#batches[0]?.sealed
    if (first !== undefined) this.#hash = first.previousHash
    this.#batches = []
    this.generation += 1
    this.#release(() => true)
    return entries
  }

  /** Reconnects, fences off what may still be running, and learns what was committed. */
  async #recover(reason: string): Promise<void> {
    this.#host.report({ event: 'shard.recovering', shard: this.#state.shard, reason })
    for (let delayMs = RECONNECT_FIRST_MS; ; delayMs = Math.min(2 * delayMs, RECONNECT_MOST_MS)) {
      try {
        const head = await this.#store.reacquire(this.#epoch)
        this.#epoch = head.epoch
        if (this.isOver) await this.#store.close()
        else this.#resume(head)
        return
      } catch (error) {
        if (this.isOver) return
        if (error instanceof StoreError && error.failure === 'fenced') return this.#fence()
        if (error instanceof LedgerBug) throw error
        await new Promise<void>((resolve) => {
          this.#runtime.later(delayMs, resolve)
        })
      }
    }
  }

  #resume({ nextSequence, hash }: ShardHead): void {
    const { shard } = this.#state
    while (this.#batches[0] !== undefined && this.#batches[0].lastSequence < nextSequence) {
      this.#confirm(this.#batches.shift()!)
    }
    const entries = this.#takeBack()
    if (this.#state.nextSequence !== nextSequence) {
      throw new LedgerBug(
        `shard ${shard} is at ${nextSequence}, not at ${this.#state.nextSequence}`,
      )
    }
    this.#hash = hash
    this.mode = 'open'
    this.#host.report({ event: 'shard.recovered', shard, committed: this.committedSequence })
    this.#host.again(entries.filter(travelsAlone))
  }

  #fence(): void {
    this.#host.report({ event: 'shard.fenced', shard: this.#state.shard })
    this.end('fenced')
  }

  /** A bug: nothing may be decided from a state that is in doubt. */
  stop(error: unknown): void {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#host.report({ event: 'shard.failed', shard: this.#state.shard, reason })
    this.end('closed')
  }

  /** Nothing is decided any more. What is in flight may or may not become durable. */
  end(mode: 'fenced' | 'closed'): void {
    if (this.isOver) return
    this.mode = mode
    // What is in flight may never become durable: a checkpoint that waits for it must not be written.
    this.generation += 1
    for (const batch of this.#batches) for (const entry of batch.entries) answerUnknown(entry)
    this.#release(() => true)
    this.#host.ended()
  }
}

/** The members of a linked group travel with its first. */
function travelsAlone(entry: Entry): boolean {
  return entry.leader === undefined || entry.leader === entry
}

/** Tells the caller, and those linked to it, that nobody knows yet. */
export function answerUnknown(entry: Entry): void {
  for (const member of entry.members ?? [entry]) {
    const { command } = member
    if (command.type === 'read') member.answer(refuse('shard_unavailable'))
    else member.answer({ ok: false, code: 'unknown_outcome', id: command.id })
  }
}
