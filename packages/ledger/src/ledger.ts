import { hostname } from 'node:os'
import pg from 'pg'
import { INT64_MAX } from './accounts.ts'
import { Follower, type FollowerHandler } from './follower.ts'
import { accountId, isAccountId, isTransferId, numberOf, SHARD_MAX, shardOf } from './ids.ts'
import { LimitBook } from './limits.ts'
import type {
  AccountId,
  AccountSpec,
  AccountView,
  Command,
  Outcome,
  RefusalCode,
  Sequence,
  SpendingLimits,
  Transfer,
  TransferId,
} from './model.ts'
import { PostgresStore } from './postgres/store.ts'
import {
  DEFAULT_WRITER_OPTIONS,
  type Runtime,
  type WriterEvent,
  type WriterOptions,
  type WriterState,
} from './runtime.ts'
import { StoreError } from './store.ts'
import { type VerifyProgress, type VerifyReport, verifyJournal } from './verify.ts'
import { ShardWriter } from './writer.ts'

export interface LedgerOptions extends Partial<WriterOptions> {
  readonly databaseUrl: string
  /** The shards this process writes. (Default: [0]) */
  readonly shards?: readonly number[]
  /** Journal time, Unix milliseconds. A test clock goes here. */
  readonly clock: () => number
  /** The time of day for deadlines and the age of ids, which a test clock does not move. (Default: `clock`) */
  readonly wallClock?: () => number
  /** (Default: nothing is logged) */
  readonly log?: (event: WriterEvent) => void
  /** Sessions for reads, besides two for writes a shard. (Default: 6) */
  readonly readSessions?: number
  /** A commit that says nothing for so long is given up, and its outcome is unknown until it is read back. (Default: 15,000) */
  readonly commitTimeoutMs?: number
  /** How often due holds expire when nobody pays. (Default: 1,000) */
  readonly tickEveryMs?: number
}

export interface ShardHealth {
  readonly shard: number
  readonly state: WriterState
  readonly lastSequence: Sequence
  readonly inFlight: number
  readonly queued: number
  readonly accountsInMemory: number
}

/** A double-entry ledger of one or more shards, decided in memory and remembered in Postgres. */
export class Ledger {
  readonly shards: readonly number[]
  readonly #writers: ReadonlyMap<number, ShardWriter>
  readonly #pool: pg.Pool
  readonly #databaseUrl: string
  readonly #ticker: NodeJS.Timeout
  readonly #followers = new Set<Follower>()

  private constructor(
    writers: readonly ShardWriter[],
    pool: pg.Pool,
    databaseUrl: string,
    tickEveryMs: number,
  ) {
    this.#writers = new Map(writers.map((writer) => [writer.shard, writer]))
    this.shards = writers.map(({ shard }) => shard)
    this.#pool = pool
    this.#databaseUrl = databaseUrl
    this.#ticker = setInterval(() => {
      for (const writer of writers) writer.plan()
    }, tickEveryMs)
    this.#ticker.unref()
  }

  /**
   * Takes the shards over and rebuilds their state; whoever wrote them before is fenced off. The
   * tables must exist (`migrateLedger`). Throws what `pg` throws when the database is not there.
   */
  static async open(options: LedgerOptions): Promise<Ledger> {
    const { databaseUrl, shards = [0], clock, wallClock = clock } = options
    for (const shard of shards) checkShard(shard)
    const pool = new pg.Pool({
      connectionString: databaseUrl,
      max: options.readSessions ?? 6,
      application_name: 'jeon ledger reads',
      connectionTimeoutMillis: 5_000,
    })
    pool.on('error', () => undefined)
    // The pool listens to idle sessions alone: one that is lost between two statements would end the process.
    pool.on('connect', (client) => client.on('error', () => undefined))
    const runtime: Runtime = {
      clock,
      wallClock,
      soon: (task) => setImmediate(task),
      later: (delayMs, task) => {
        const timer = setTimeout(task, delayMs)
        return () => clearTimeout(timer)
      },
    }
    const owner = `${hostname()}:${process.pid}`
    const commitTimeoutMs = options.commitTimeoutMs ?? 15_000
    try {
      const writers = await Promise.all(
        shards.map((shard) =>
          ShardWriter.open(
            new PostgresStore({ databaseUrl, shard, owner, commitTimeoutMs, pool }),
            runtime,
            { ...DEFAULT_WRITER_OPTIONS, ...defined(options) },
            options.log ?? (() => undefined),
          ),
        ),
      )
      return new Ledger(writers, pool, databaseUrl, options.tickEveryMs ?? 1_000)
    } catch (error) {
      await pool.end()
      throw error
    }
  }

  /**
   * Opens accounts, or finds those that exist under the same references. Returns their ids in the
   * order of the specs. Throws `AccountConflict` when a reference exists with another asset or
   * kind, RangeError for a shard that is not written here, limits or an overdraft that make no sense.
   */
  async openAccounts(specs: readonly AccountSpec[]): Promise<AccountId[]> {
    const ids = new Array<AccountId>(specs.length)
    for (const { limits, overdraft } of specs) {
      if (limits !== undefined) new LimitBook().intern(limits)
      checkOverdraft(overdraft ?? null)
    }
    for (const shard of new Set(specs.map((spec) => spec.shard))) {
      const at = specs.flatMap((spec, index) => (spec.shard === shard ? [index] : []))
      const writer = this.#writer(shard)
      for (let from = 0; from < at.length; from += ACCOUNTS_AT_ONCE) {
        const part = at.slice(from, from + ACCOUNTS_AT_ONCE)
        const numbers = await writer.store.openAccounts(part.map((index) => specs[index]!))
        for (const [order, index] of part.entries()) ids[index] = accountId(shard, numbers[order]!)
      }
    }
    return ids
  }

  /** Decides one command; answers when it is durable, refused, or its outcome is unknown. Never throws for bad input. */
  async submit(command: Command): Promise<Outcome> {
    const [outcome] = await this.#submit([command], false)
    return outcome!
  }

  /** Many commands, each on its own. The outcomes are in the order of the commands. */
  async submitAll(commands: readonly Command[]): Promise<Outcome[]> {
    const [first] = commands
    if (first === undefined) return []
    const shard = shardOfCommand(first)
    if (commands.every((command) => shardOfCommand(command) === shard)) {
      return this.#submit(commands, false)
    }
    const outcomes = new Array<Outcome>(commands.length)
    const byShard = new Map<number, number[]>()
    for (const [index, command] of commands.entries()) {
      const key = shardOfCommand(command)
      const list = byShard.get(key)
      if (list === undefined) byShard.set(key, [index])
      else list.push(index)
    }
    await Promise.all(
      Array.from(byShard.values(), async (indexes) => {
        const part = await this.#submit(
          indexes.map((index) => commands[index]!),
          false,
        )
        for (const [order, index] of indexes.entries()) outcomes[index] = part[order]!
      }),
    )
    return outcomes
  }

  /** All or nothing, within one shard: a member that fails takes the others with it. */
  async submitLinked(commands: readonly Command[]): Promise<Outcome[]> {
    const shards = new Set(commands.map(shardOfCommand))
    if (shards.size > 1) return commands.map(() => ({ ok: false, code: 'linked_across_shards' }))
    return this.#submit(commands, true)
  }

  async #submit(commands: readonly Command[], linked: boolean): Promise<Outcome[]> {
    const [first] = commands
    if (first === undefined) return []
    const writer = this.#writers.get(shardOfCommand(first))
    if (writer === undefined) {
      const code: RefusalCode = 'account_not_found'
      return commands.map(() => ({ ok: false, code }))
    }
    return writer.submit(commands, linked)
  }

  /**
   * The account, with everything that was decided before this call committed. Undefined: there is
   * no such account. Throws StoreError when the shard does not answer.
   */
  async account(id: AccountId): Promise<AccountView | undefined> {
    if (!isAccountId(id)) return undefined
    const reply = await this.#writers.get(shardOf(id))?.read({ type: 'read', account: id })
    if (reply === undefined || 'lastSequence' in reply) return reply
    throw new StoreError('unknown', `shard ${shardOf(id)} does not answer`)
  }

  /** From the next decision on. Throws RangeError for limits that make no sense. */
  async setLimits(id: AccountId, limits: SpendingLimits | null): Promise<void> {
    const writer = this.#writer(shardOf(id))
    const index = writer.state.windows.book.intern(limits)
    await writer.exclusively(async () => {
      await writer.store.setLimits(numberOf(id), limits)
      const slot = writer.state.slotOf(id)
      if (slot !== undefined) writer.state.accounts.setLimitsIndex(slot, index)
    })
  }

  /** How far below zero the account may go from the next decision on; null: without limit. */
  async setOverdraft(id: AccountId, overdraft: bigint | null): Promise<void> {
    checkOverdraft(overdraft)
    const writer = this.#writer(shardOf(id))
    await writer.exclusively(async () => {
      await writer.store.setOverdraft(numberOf(id), overdraft)
      const slot = writer.state.slotOf(id)
      if (slot !== undefined) writer.state.accounts.setOverdraft(slot, overdraft)
    })
  }

  /**
   * Newest first. For the next page give as `before` the `previousDebit` or `previousCredit` of the
   * last transfer, whichever side this account is on (`previousOf` picks it); 0: there is no more.
   */
  async history(
    id: AccountId,
    page: { readonly before?: Sequence; readonly limit: number },
  ): Promise<Transfer[]> {
    if (!isAccountId(id)) return []
    const writer = this.#writers.get(shardOf(id))
    if (writer === undefined) return []
    const from = page.before ?? (await this.account(id))?.lastSequence ?? 0
    if (from <= 0) return []
    const walked = await writer.store.history(numberOf(id), from, page.limit)
    return walked.filter(({ debit, credit }) => debit === id || credit === id)
  }

  /**
   * A committed transfer by its id. Without `shard` every shard is asked. Undefined: it did not
   * happen, and will not unless it is sent again. Throws StoreError while nobody can say that.
   */
  async find(id: TransferId, shard?: number): Promise<Transfer | undefined> {
    if (!isTransferId(id)) return undefined
    const writers = shard === undefined ? [...this.#writers.values()] : [this.#writer(shard)]
    const ask = async () =>
      (await Promise.all(writers.map((writer) => writer.store.findByIds([id])))).flat()[0]
    const found = await ask()
    if (found !== undefined) return found
    if (writers.some((writer) => writer.isPending(id))) {
      throw new StoreError('unknown', `transfer ${id} is not decided yet`)
    }
    // It may have become durable between the question and the look at what is pending.
    return ask()
  }

  /** What was done to a transfer later: its capture, void, expiry or refunds, oldest first. */
  sequels(transfer: Transfer): Promise<Transfer[]> {
    return this.#writer(transfer.shard).store.findByOrigins([transfer.sequence])
  }

  /** How much of a payment or capture was given back. Smallest units. */
  async refundedOf(transfer: Transfer): Promise<bigint> {
    const sequels = await this.sequels(transfer)
    return sequels.reduce((sum, { kind, amount }) => (kind === 'refund' ? sum + amount : sum), 0n)
  }

  /**
   * Hands every transfer of every shard to `handler`, in the order of its shard, exactly once: the
   * cursor is saved in the transaction that `handler` writes with.
   */
  follow(name: string, handler: FollowerHandler): Follower {
    const follower = new Follower(name, handler, this.#pool, [...this.#writers.values()])
    this.#followers.add(follower)
    return follower
  }

  /** Tells of committed transfers as they come. For live views: what a crash cuts off is not told again. */
  onCommitted(listener: (transfers: readonly Transfer[]) => void): () => void {
    const stops = Array.from(this.#writers.values(), (writer) => writer.onCommitted(listener))
    return () => {
      for (const stop of stops) stop()
    }
  }

  /** Expires due holds now: call it when a test clock has moved. */
  async tick(): Promise<void> {
    await Promise.all(Array.from(this.#writers.values(), (writer) => writer.tick()))
  }

  health(): ShardHealth[] {
    return Array.from(this.#writers.values(), (writer) => ({
      shard: writer.shard,
      state: writer.mode,
      lastSequence: writer.pipeline.committedSequence,
      inFlight: writer.inFlight,
      queued: writer.queued,
      accountsInMemory: writer.state.accounts.size,
    }))
  }

  /** Writes every changed account's state down, so that the next start folds nothing. */
  async checkpoint(): Promise<void> {
    await Promise.all(Array.from(this.#writers.values(), (writer) => writer.checkpoint()))
  }

  /** Reads the whole journal again and proves it. */
  verify(onProgress?: (progress: VerifyProgress) => void): Promise<VerifyReport> {
    return verifyJournal(this.#databaseUrl, onProgress)
  }

  /** Finishes what was accepted, writes a checkpoint, lets the database go. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  #closing: Promise<void> | undefined

  async #close(): Promise<void> {
    clearInterval(this.#ticker)
    await Promise.all(Array.from(this.#followers, (follower) => follower.stop()))
    await Promise.all(Array.from(this.#writers.values(), (writer) => writer.close()))
    await this.#pool.end()
  }

  #writer(shard: number): ShardWriter {
    const writer = this.#writers.get(shard)
    if (writer === undefined) throw new RangeError(`shard ${shard} is not written here`)
    return writer
  }
}

const ACCOUNTS_AT_ONCE = 10_000

/** The transfer before this one in the history of `account`. */
export function previousOf(transfer: Transfer, account: AccountId): Sequence {
  return transfer.debit === account ? transfer.previousDebit : transfer.previousCredit
}

function shardOfCommand(command: Command): number {
  switch (command.type) {
    case 'pay':
    case 'hold':
      return shardOf(command.debit)
    case 'capture':
    case 'void':
    case 'refund':
      return command.shard
  }
}

function checkShard(shard: number): void {
  if (!Number.isInteger(shard) || shard < 0 || shard > SHARD_MAX) {
    throw new RangeError(`a shard is a whole number from 0 to ${SHARD_MAX}`)
  }
}

function checkOverdraft(overdraft: bigint | null): void {
  if (overdraft !== null && (overdraft < 0n || overdraft > INT64_MAX)) {
    throw new RangeError(`an overdraft is from 0 to ${INT64_MAX}`)
  }
}

/** Options that were given: `undefined` must not hide a default. */
function defined(options: LedgerOptions): Partial<WriterOptions> {
  const names = Object.keys(DEFAULT_WRITER_OPTIONS) as (keyof WriterOptions)[]
  return Object.fromEntries(
    names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  )
}
