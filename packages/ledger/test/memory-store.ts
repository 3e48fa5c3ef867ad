import { decodeTransfer } from '../src/decode.ts'
import type { AccountSpec, Sequence, SpendingLimits, Transfer, TransferId } from '../src/model.ts'
import { rowToAccount } from '../src/postgres/rows.ts'
import {
  type AccountCheckpoint,
  type Lane,
  type SealedBatch,
  type ShardHead,
  type ShardStore,
  type StoredAccount,
  StoreError,
} from '../src/store.ts'
import { type MemoryDatabase, rowsOfCopy } from './memory-database.ts'
import type { Random } from './random.ts'
import type { Process, VirtualTime } from './virtual-time.ts'

/** How the database and the way to it behave. Probabilities a call. */
export interface Weather {
  /** The connection breaks before the statement arrives: nothing happens. */
  lostBefore: number
  /** It breaks while the statement runs: the backend goes on without its client, and commits later if it may. */
  lostDuring: number
  /** It breaks after the commit: the answer is lost. */
  lostAfter: number
  readFails: number
  /** An answer takes seconds. */
  slow: number
  /** A pipelined commit comes to nothing because the server aborts it. */
  aborted: number
}

export const FAIR: Weather = {
  lostBefore: 0,
  lostDuring: 0,
  lostAfter: 0,
  readFails: 0,
  slow: 0,
  aborted: 0,
}

const LATENCY_MOST_MS = 4
const SLOW_MOST_MS = 4_000
const ZOMBIE_MOST_MS = 3_000

/** What the lanes and the store have in common: a network that loses things. */
class Line {
  readonly time: VirtualTime
  readonly random: Random
  readonly weather: Weather
  readonly process: Process

  constructor(time: VirtualTime, random: Random, weather: Weather, process: Process) {
    this.time = time
    this.random = random
    this.weather = weather
    this.process = process
  }

  async travel(): Promise<void> {
    const isSlow = this.random.chance(this.weather.slow)
    await this.time.sleep(this.random.below(isSlow ? SLOW_MOST_MS : LATENCY_MOST_MS))
    // The answer to a process that has crashed reaches nobody.
    if (this.process.isDead) await new Promise<never>(() => undefined)
  }

  /** Does `work` as one transaction, or not, and says so, or does not. */
  async transaction<T>(work: () => T, onLost: () => void): Promise<T> {
    const { random, weather, time } = this
    const isSlow = random.chance(weather.slow)
    await time.sleep(random.below(isSlow ? SLOW_MOST_MS : LATENCY_MOST_MS))
    if (random.chance(weather.lostBefore)) return this.#lost(onLost)
    if (random.chance(weather.lostDuring)) {
      time.after(random.below(ZOMBIE_MOST_MS), () => attempt(work))
      return this.#lost(onLost)
    }
    const result = work()
    await this.travel()
    if (random.chance(weather.lostAfter)) return this.#lost(onLost)
    return result
  }

  async #lost(onLost: () => void): Promise<never> {
    await this.travel()
    onLost()
    throw new StoreError('unknown', 'connection lost')
  }

  async read<T>(work: () => T): Promise<T> {
    await this.travel()
    if (this.random.chance(this.weather.readFails)) {
      throw new StoreError('unknown', 'connection lost while reading')
    }
    const result = work()
    await this.travel()
    return result
  }
}

function attempt(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    // Nobody is there to be told what the database refused.
    if (!(error instanceof StoreError)) throw error
  }
}

class MemoryLane implements Lane {
  readonly #database: MemoryDatabase
  readonly #line: Line
  #isBroken = false
  #staged: readonly Buffer[] | undefined

  constructor(database: MemoryDatabase, line: Line) {
    this.#database = database
    this.#line = line
  }

  async write(batch: SealedBatch): Promise<void> {
    const rows = rowsOfCopy(batch.copy)
    await this.#send(() => {
      this.#maybeAbort()
      this.#database.commit(batch, rows)
    })
  }

  async stage(batch: SealedBatch): Promise<void> {
    const rows = rowsOfCopy(batch.copy)
    this.#staged = rows
    await this.#line.travel()
    if (this.#isBroken || this.#line.random.chance(this.#line.weather.lostBefore)) {
      this.end()
      throw new StoreError('unknown', 'connection lost while staging')
    }
    this.#database.insertable(rows.map(decodeTransfer))
    await this.#line.travel()
  }

  async commit(batch: SealedBatch): Promise<void> {
    const rows = this.#staged
    if (rows === undefined) throw new Error('nothing was staged')
    await this.#send(() => {
      this.#maybeAbort()
      this.#database.commit(batch, rows)
    })
    this.#staged = undefined
  }

  async abandon(): Promise<void> {
    if (this.#staged === undefined) return
    this.#staged = undefined
    await this.#line.travel()
  }

  end(): void {
    this.#isBroken = true
  }

  #maybeAbort(): void {
    if (this.#line.random.chance(this.#line.weather.aborted)) {
      throw new StoreError('unknown', 'could not serialize access')
    }
  }

  async #send(work: () => void): Promise<void> {
    if (this.#isBroken) {
      await this.#line.travel()
      throw new StoreError('unknown', 'the session is gone')
    }
    await this.#line.transaction(work, () => this.end())
  }
}

let stores = 0

/** A `ShardStore` over a `MemoryDatabase`, for one process, in any weather. */
export class MemoryStore implements ShardStore {
  readonly shard: number
  readonly #database: MemoryDatabase
  readonly #line: Line
  readonly #owner = `store ${stores++}`
  #lanes: MemoryLane[] = []
  #epoch = 0

  constructor(
    database: MemoryDatabase,
    time: VirtualTime,
    random: Random,
    weather: Weather,
    process: Process,
  ) {
    this.shard = database.shard
    this.#database = database
    this.#line = new Line(time, random, weather, process)
  }

  /** Whether nobody has taken the shard since this store did. */
  get isOwner(): boolean {
    return this.#database.owner === this.#owner
  }

  get lanes(): readonly Lane[] {
    return this.#lanes
  }

  acquire(): Promise<ShardHead> {
    return this.#take(() => true)
  }

  /** By owner: a `reacquire` whose answer was lost has raised the epoch already. */
  reacquire(epoch: number): Promise<ShardHead> {
    return this.#take(() => this.#database.owner === this.#owner && this.#database.epoch >= epoch)
  }

  async #take(isAllowed: () => boolean): Promise<ShardHead> {
    this.#endLanes()
    const { weather, random } = this.#line
    await this.#line.travel()
    if (random.chance(weather.lostBefore)) throw new StoreError('unknown', 'not connected')
    const head = this.#database.take(this.#owner, isAllowed())
    this.#epoch = head.epoch
    await this.#line.travel()
    if (random.chance(weather.lostAfter)) throw new StoreError('unknown', 'answer lost')
    this.#lanes = [0, 1].map(() => new MemoryLane(this.#database, this.#line))
    return head
  }

  loadAccounts(numbers: readonly number[]): Promise<StoredAccount[]> {
    return this.#line.read(() =>
      numbers.flatMap((number) => {
        const record = this.#database.accounts.get(number)
        return record === undefined ? [] : [rowToAccount(structuredClone(record))]
      }),
    )
  }

  async eachAccount(
    numbers: readonly number[],
    onAccount: (account: StoredAccount) => void,
  ): Promise<void> {
    for (const account of await this.loadAccounts(numbers)) onAccount(account)
  }

  findByIds(ids: readonly TransferId[]): Promise<Transfer[]> {
    return this.#line.read(() =>
      [...new Set(ids)]
        .flatMap((id) => this.#database.byId(id) ?? [])
        .sort((a, b) => a.sequence - b.sequence),
    )
  }

  findBySequences(sequences: readonly Sequence[]): Promise<Transfer[]> {
    const wanted = new Set(sequences)
    return this.#line.read(() => this.#database.transfers.filter((row) => wanted.has(row.sequence)))
  }

  findByOrigins(origins: readonly Sequence[]): Promise<Transfer[]> {
    const wanted = new Set(origins)
    return this.#line.read(() =>
      this.#database.transfers.filter((row) => row.origin > 0 && wanted.has(row.origin)),
    )
  }

  readFrom(from: Sequence, limit: number): Promise<Transfer[]> {
    return this.#line.read(() => this.#database.transfers.slice(from - 1, from - 1 + limit))
  }

  history(number: number, from: Sequence, limit: number): Promise<Transfer[]> {
    return this.#line.read(() => {
      const walked: Transfer[] = []
      for (let at = from; at > 0 && walked.length < limit; ) {
        const transfer = this.#database.transfers[at - 1]
        if (transfer === undefined) break
        walked.push(transfer)
        const isDebit = transfer.debit % 2 ** 32 === number
        at = isDebit ? transfer.previousDebit : transfer.previousCredit
      }
      return walked
    })
  }

  isOurs(epoch: number): Promise<boolean> {
    return this.#line.read(() => this.#database.epoch === epoch)
  }

  openHolds(): Promise<Sequence[]> {
    return this.#line.read(() => [...this.#database.openHolds])
  }

  saveAccounts(accounts: readonly AccountCheckpoint[]): Promise<void> {
    return this.#write(() => this.#database.saveAccounts(accounts))
  }

  saveCheckpoint(sequence: Sequence, openHolds: readonly Sequence[]): Promise<void> {
    const epoch = this.#epoch
    return this.#write(() => this.#database.saveCheckpoint(epoch, sequence, openHolds))
  }

  openAccounts(specs: readonly AccountSpec[]): Promise<number[]> {
    return this.#write(() => this.#database.openAccounts(specs))
  }

  setLimits(number: number, limits: SpendingLimits | null): Promise<void> {
    return this.#write(() => this.#database.setLimits(number, limits))
  }

  setOverdraft(number: number, overdraft: bigint | null): Promise<void> {
    return this.#write(() => this.#database.setOverdraft(number, overdraft))
  }

  async close(): Promise<void> {
    this.#endLanes()
  }

  #write<T>(work: () => T): Promise<T> {
    return this.#line.transaction(work, () => undefined)
  }

  #endLanes(): void {
    for (const lane of this.#lanes) lane.end()
    this.#lanes = []
  }
}
