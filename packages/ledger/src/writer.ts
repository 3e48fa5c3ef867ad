import type { Batch } from './batch.ts'
import { Checkpointer } from './checkpointer.ts'
import { decide, malformed, needsOf, refuse } from './decide.ts'
import { isTransferId, readId } from './ids.ts'
import { Loader } from './loader.ts'
import type { Command, Outcome, Refused, Transfer, TransferId } from './model.ts'
import { answerUnknown, Pipeline } from './pipeline.ts'
import { Entry, EntryQueue, Job, type Read, type Reply } from './queue.ts'
import { RecentIds } from './recent-ids.ts'
import { type OpenedState, openState } from './recovery.ts'
import type { Runtime, WriterEvent, WriterOptions, WriterState } from './runtime.ts'
import type { ShardState } from './state.ts'
import type { ShardStore } from './store.ts'

const REFUNDABLES_MAX = 10_000
/** After so many lookups an id goes to the unique index, which knows for certain. */
const LOOKUPS_MAX = 3

/**
 * The single writer of a shard. It decides commands in memory, one after the other, appends what
 * it accepts to the journal in batches, and answers when the batch is committed.
 */
export class ShardWriter {
  readonly shard: number
  readonly store: ShardStore
  readonly runtime: Runtime
  readonly state: ShardState
  readonly pipeline: Pipeline
  readonly queue = new EntryQueue()
  readonly #options: WriterOptions
  readonly #report: (event: WriterEvent) => void
  readonly #loader: Loader
  readonly #checkpointer: Checkpointer
  readonly #recent: RecentIds
  readonly #listeners = new Set<(transfers: readonly Transfer[]) => void>()
  /** Waiting for the commit of an id like theirs. */
  #twins: Entry[] = []
  #isPlanned = false
  /** Wall time of this round of deciding. */
  #nowMs = 0
  #isWatching = false

  private constructor(
    store: ShardStore,
    runtime: Runtime,
    options: WriterOptions,
    report: (event: WriterEvent) => void,
    { state, head }: OpenedState,
  ) {
    this.shard = store.shard
    this.store = store
    this.runtime = runtime
    this.state = state
    this.#options = options
    this.#report = report
    this.#recent = new RecentIds(runtime.wallClock(), options.idsRemembered)
    this.#loader = new Loader(this, options.accountsMax)
    this.pipeline = new Pipeline(state, head, store, runtime, {
      confirmed: (batch) => this.#confirmed(batch),
      again: (entries) => this.#again(entries),
      ended: () => this.#ended(),
      report,
    })
    this.#checkpointer = new Checkpointer(this, head.checkpointSequence)
  }

  /** Takes the shard over and rebuilds its state from the journal. */
  static async open(
    store: ShardStore,
    runtime: Runtime,
    options: WriterOptions,
    report: (event: WriterEvent) => void,
  ): Promise<ShardWriter> {
    const opened = await openState(store, options.pageMax)
    const { epoch } = opened.head
    report({ event: 'shard.opened', shard: store.shard, epoch, folded: opened.folded })
    return new ShardWriter(store, runtime, options, report, opened)
  }

  get mode(): WriterState {
    return this.pipeline.mode
  }

  get queued(): number {
    return this.queue.length + this.#loader.waiting + this.#twins.length
  }

  get inFlight(): number {
    return this.pipeline.batches.reduce((count, batch) => count + batch.transfers.length, 0)
  }

  /** Whether a command with this id, even one answered as unknown, may still become durable. */
  isPending(id: TransferId): boolean {
    // Whoever fenced us off has settled what was in flight before.
    if (this.mode === 'fenced') return false
    if (this.pipeline.hasId(id)) return true
    const isIt = ({ command, isAnswered }: Entry) =>
      !isAnswered && command.type !== 'read' && command.id === id
    for (const entry of [...this.queue, ...this.#twins, ...this.#loader.all()]) {
      if ((entry.members ?? [entry]).some(isIt)) return true
    }
    return false
  }

  submit(commands: readonly Command[], linked: boolean): Promise<Outcome[]> {
    return new Promise((resolve) => {
      const job = new Job(commands.length, (replies) => resolve(replies as Outcome[]))
      const sinceMs = this.runtime.wallClock()
      this.#enqueue(
        commands.map((command, index) => new Entry(command, job, index, sinceMs)),
        linked,
      )
    })
  }

  /** What `read` sees once everything decided before it is durable. */
  read(read: Read): Promise<Reply> {
    return new Promise((resolve) => {
      const job = new Job(1, ([reply]) => resolve(reply))
      this.#enqueue([new Entry(read, job, 0, this.runtime.wallClock())], false)
    })
  }

  #enqueue(entries: readonly Entry[], linked: boolean): void {
    const [first] = entries
    const refusal = this.#refusesEntry(entries.length)
    if (refusal !== undefined) {
      for (const entry of entries) entry.answer(refusal)
    } else if (linked && first !== undefined) {
      first.members = entries
      for (const entry of entries) entry.leader = first
      this.queue.push(first)
    } else {
      for (const entry of entries) this.queue.push(entry)
    }
    this.plan()
  }

  #refusesEntry(count: number): Refused | undefined {
    if (this.pipeline.isOver || this.#closing !== undefined) return refuse('shard_unavailable')
    if (this.queued + count > this.#options.queueMax) return refuse('overloaded')
    return undefined
  }

  /** Tells of every committed batch. Returns how to stop. */
  onCommitted(listener: (transfers: readonly Transfer[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Plans a round of deciding after what is going on now. */
  plan(): void {
    this.#watch()
    if (this.#isPlanned || this.mode !== 'open') return
    this.#isPlanned = true
    this.runtime.soon(() => {
      this.#isPlanned = false
      try {
        this.#pump()
      } catch (error) {
        this.pipeline.stop(error)
      }
    })
  }

  /** Expires holds that are due, even when nobody pays, and waits until that is durable. */
  async tick(): Promise<void> {
    for (let isDone = false; !isDone; ) {
      this.plan()
      await new Promise<void>((resolve) => this.runtime.soon(resolve))
      const { generation } = this.pipeline
      // One batch has not room for all, or another was under way.
      const isAnyDue = this.state.holds.nextDue(this.runtime.clock()) !== undefined
      await this.pipeline.committed(this.state.nextSequence - 1)
      const isTakenBack = generation !== this.pipeline.generation
      isDone = this.mode !== 'open' || !(isAnyDue || isTakenBack)
    }
  }

  #pump(): void {
    this.#nowMs = this.runtime.wallClock()
    while (this.mode === 'open' && this.#mayDecide()) {
      const batch = this.pipeline.begin(Math.max(this.runtime.clock(), this.state.lastAtMs))
      this.#fill(batch)
      if (batch.transfers.length > 0) this.pipeline.launch(batch)
      else this.pipeline.answerAfter(batch)
    }
    this.#loader.start()
  }

  #mayDecide(): boolean {
    const inFlight = this.pipeline.batches.length
    if (inFlight > 1) return false
    if (inFlight === 1) return this.queue.length >= this.#options.pipelineFrom
    if (this.queue.length > 0) return true
    return this.state.holds.nextDue(this.runtime.clock()) !== undefined
  }

  #fill(batch: Batch): void {
    const { batchMax } = this.#options
    this.state.expireDue(batch, batchMax)
    while (batch.transfers.length < batchMax && batch.replies.length < 4 * batchMax) {
      const entry = this.queue.shift()
      if (entry === undefined) return
      if (entry.isAnswered) continue
      if (entry.members === undefined) this.#step(entry, batch)
      else this.#stepLinked(entry.members, entry, batch)
    }
  }

  #step(entry: Entry, batch: Batch): void {
    const prepared = this.#prepare(entry, entry, batch)
    if (prepared !== 'parked') batch.reply(entry, prepared ?? this.#decide(entry, batch))
  }

  #decide(entry: Entry, batch: Batch): Reply {
    const { command } = entry
    if (command.type !== 'read') return decide(this.state, command, batch)
    const slot = this.state.slotOf(command.account)
    return slot === undefined ? undefined : this.state.view(slot, batch.atMs)
  }

  #stepLinked(members: readonly Entry[], leader: Entry, batch: Batch): void {
    const prepared: Reply[] = []
    for (const member of members) {
      const reply = this.#prepare(member, leader, batch)
      if (reply === 'parked') return
      prepared.push(reply)
    }
    const replies = this.#decideLinked(members, prepared, batch)
    for (const [index, entry] of members.entries()) {
      batch.reply(entry, replies[index])
    }
  }

  #decideLinked(members: readonly Entry[], prepared: readonly Reply[], batch: Batch): Reply[] {
    const repeated = prepared.findIndex(isReplay)
    if (repeated >= 0 && !prepared.every(isReplay)) {
      return failedTogether(members.length, repeated, refuse('key_reused'))
    }
    const mark = batch.mark()
    const replies: Reply[] = []
    for (const [index, member] of members.entries()) {
      const reply = prepared[index] ?? this.#decide(member, batch)
      if (isRefusal(reply)) {
        const taken = batch.back(mark, this.state.accounts)
        this.state.nextSequence -= taken
        return failedTogether(members.length, index, reply)
      }
      replies.push(reply)
      if (hasTwin(batch, mark.transfers)) {
        this.state.nextSequence -= batch.back(mark, this.state.accounts)
        return failedTogether(members.length, index, refuse('key_reused'))
      }
    }
    return replies
  }

  /**
   * A reply that needs no decision; `parked` when the entry, or the group that it is of, now waits
   * for a commit or for the database; undefined: decide it.
   */
  #prepare(entry: Entry, leader: Entry, batch: Batch): Reply | 'parked' {
    const { command } = entry
    if (command.type === 'read') {
      if (this.state.slotOf(command.account) !== undefined || entry.lacksAccount) return undefined
      return this.#loader.park(leader)
    }
    if (!entry.isWellFormed) {
      const code = isTransferId(command.id) ? malformed(command, this.shard) : 'id_malformed'
      if (code !== undefined) return refuse(code)
      entry.isWellFormed = true
    }
    // Not sooner: what is read of an id lasts until another is read, as the check above does.
    const id = readId(command.id)
    if (id === undefined) return refuse('id_malformed')
    const isFamiliar = this.#recent.has(id)
    entry.isFamiliar = isFamiliar
    if (isFamiliar && (batch.has(command.id) || this.pipeline.hasId(command.id))) {
      entry.absentUntil = -1
      this.#twins.push(leader)
      return 'parked'
    }
    if (entry.replay !== undefined) return entry.replay
    if (this.#mustLookUp(entry, id, isFamiliar)) return this.#loader.park(leader)
    const needs = needsOf(this.state, command)
    if (needs === undefined || entry.lacksAccount) {
      this.#recent.add(id, this.#nowMs)
      return undefined
    }
    if (entry.found === undefined || needs.accounts.length > 0) return this.#loader.park(leader)
    return this.#loader.refusalOf(entry, command)
  }

  #mustLookUp(entry: Entry, id: Uint32Array, isFamiliar: boolean): boolean {
    if (entry.absentUntil < 0) return isFamiliar || !this.#recent.isInMemorySpan(id, this.#nowMs)
    return (
      isFamiliar &&
      entry.absentUntil < this.pipeline.committedSequence &&
      entry.lookups < LOOKUPS_MAX
    )
  }

  #confirmed(batch: Batch): void {
    for (const listener of this.#listeners) this.#tell(listener, batch.transfers)
    this.#wakeTwins()
    this.state.trimRefundables(REFUNDABLES_MAX, this.pipeline.committedSequence)
    this.#checkpointer.maybe(this.#options.checkpointEvery)
    this.plan()
  }

  /** What a listener does wrong must not stop the shard. */
  #tell(listener: (transfers: readonly Transfer[]) => void, transfers: readonly Transfer[]): void {
    try {
      listener(transfers)
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
      this.#report({ event: 'listener.failed', shard: this.shard, reason })
    }
  }

  #wakeTwins(): void {
    if (this.#twins.length === 0) return
    this.queue.unshift(this.#twins)
    this.#twins = []
  }

  #again(entries: readonly Entry[]): void {
    this.#wakeTwins()
    this.queue.unshift(entries)
    this.plan()
  }

  #ended(): void {
    // A twin's first may have become durable: to say that nothing happened would free its key.
    for (const entry of this.#twins) answerUnknown(entry)
    for (const entry of [...this.queue, ...this.#loader.takeAll()]) {
      answerAll(entry, refuse('shard_unavailable'))
    }
  }

  /** While the database is silent or away, nobody waits longer than promised. */
  #watch(): void {
    if (this.#isWatching) return
    this.#isWatching = true
    const { answerWithinMs } = this.#options
    this.runtime.later(Math.max(1, answerWithinMs / 10), () => {
      this.#isWatching = false
      if (this.pipeline.isOver) return
      this.#answerOverdue(this.runtime.wallClock() - answerWithinMs)
      if (this.queued > 0 || this.pipeline.batches.length > 0) this.#watch()
    })
  }

  #answerOverdue(before: number): void {
    const isOverdue = (entry: Entry) => entry.sinceMs <= before
    let isSilent = this.mode !== 'open'
    for (const batch of this.pipeline.batches) {
      for (const entry of batch.entries) {
        if (!isOverdue(entry)) continue
        isSilent = true
        answerUnknown(entry)
      }
    }
    // What waits for a read was never sent, so it is certain that it did not happen.
    const unsent = isSilent ? [...this.queue, ...this.#loader.all()] : this.#loader.all()
    for (const entry of unsent) if (isOverdue(entry)) answerAll(entry, refuse('shard_unavailable'))
    if (isSilent) for (const entry of this.#twins) if (isOverdue(entry)) answerUnknown(entry)
  }

  /** Runs `change` when nothing is being loaded, so that memory and database stay one. */
  exclusively<T>(change: () => Promise<T>): Promise<T> {
    return this.#loader.exclusively(change)
  }

  /** Writes every account's state down. False: decisions were taken back in between. */
  checkpoint(): Promise<boolean> {
    return this.#checkpointer.sweep()
  }

  #closing: Promise<void> | undefined

  /** Takes nothing new, finishes what was accepted, writes a checkpoint and lets the database go. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    while (this.mode === 'open' && (this.queued > 0 || this.pipeline.batches.length > 0)) {
      await new Promise<void>((resolve) => {
        this.runtime.later(1, resolve)
      })
    }
    if (this.mode === 'open') await this.checkpoint().catch(() => false)
    this.pipeline.end('closed')
    await this.store.close()
  }
}

function isRefusal(reply: Reply): reply is Refused {
  return reply !== undefined && 'ok' in reply && !reply.ok && reply.code !== 'unknown_outcome'
}

function isReplay(reply: Reply): boolean {
  return reply !== undefined && 'ok' in reply && reply.ok && reply.replayed
}

/** Whether the newest transfer of a group has the id of one before it in the same group. */
function hasTwin(batch: Batch, from: number): boolean {
  const last = batch.transfers.at(-1)
  return batch.transfers.slice(from, -1).some(({ id }) => id === last?.id)
}

function failedTogether(count: number, failed: number, why: Refused): Reply[] {
  const detail = `${failed}:${why.code}`
  return Array.from({ length: count }, (_, index) =>
    index === failed ? why : { ...refuse('linked_failed'), detail },
  )
}

function answerAll(entry: Entry, reply: Reply): void {
  for (const member of entry.members ?? [entry]) member.answer(reply)
}
