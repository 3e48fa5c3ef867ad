import type pg from 'pg'
import type { Sequence, Transfer } from './model.ts'
import type { ShardWriter } from './writer.ts'

/** Handles transfers in order; what it writes through `sql` is saved with the cursor or not at all. */
export type FollowerHandler = (transfers: readonly Transfer[], sql: pg.ClientBase) => Promise<void>

const PAGE = 5_000
const RECENT_MAX = 50_000
const RETRY_FIRST_MS = 50
const RETRY_MOST_MS = 2_000

/** Reads the journals behind the writers, each shard at its own pace. */
export class Follower {
  readonly name: string
  readonly #shards: readonly ShardFollower[]
  readonly #runs: Promise<void>[]

  constructor(
    name: string,
    handler: FollowerHandler,
    pool: pg.Pool,
    writers: readonly ShardWriter[],
  ) {
    this.name = name
    this.#shards = writers.map((writer) => new ShardFollower(name, handler, pool, writer))
    this.#runs = this.#shards.map((shard) => shard.run())
  }

  /** Resolves when everything up to `sequence` of the shard is handled. */
  async caughtUp(shard: number, sequence: Sequence): Promise<void> {
    await this.#shards.find((follower) => follower.shard === shard)?.caughtUp(sequence)
  }

  /** How far it has come in each shard, and the last failure if it is stuck. */
  progress(): { readonly shard: number; readonly sequence: Sequence; readonly failure?: string }[] {
    return this.#shards.map(({ shard, sequence, failure }) => ({
      shard,
      sequence,
      ...(failure === undefined ? {} : { failure }),
    }))
  }

  async stop(): Promise<void> {
    for (const shard of this.#shards) shard.stop()
    await Promise.all(this.#runs)
  }
}

class ShardFollower {
  readonly shard: number
  sequence: Sequence = 0
  failure: string | undefined
  readonly #name: string
  readonly #handler: FollowerHandler
  readonly #pool: pg.Pool
  readonly #writer: ShardWriter
  #isStopped = false
  #wake: () => void = () => undefined
  #waiters: { readonly sequence: Sequence; readonly go: () => void }[] = []
  /** What was committed lately, so that a follower that keeps up reads nothing twice. */
  #recent: (readonly Transfer[])[] = []
  #recentCount = 0
  readonly #stopListening: () => void

  constructor(name: string, handler: FollowerHandler, pool: pg.Pool, writer: ShardWriter) {
    this.shard = writer.shard
    this.#name = name
    this.#handler = handler
    this.#pool = pool
    this.#writer = writer
    this.#stopListening = writer.onCommitted((transfers) => this.#hear(transfers))
  }

  #hear(transfers: readonly Transfer[]): void {
    this.#recent.push(transfers)
    this.#recentCount += transfers.length
    while (this.#recentCount > RECENT_MAX) this.#recentCount -= this.#recent.shift()?.length ?? 0
    this.#wake()
  }

  caughtUp(sequence: Sequence): Promise<void> {
    if (sequence <= this.sequence || this.#isStopped) return Promise.resolve()
    return new Promise((go) => this.#waiters.push({ sequence, go }))
  }

  stop(): void {
    this.#isStopped = true
    this.#stopListening()
    this.#wake()
    for (const { go } of this.#waiters) go()
  }

  async run(): Promise<void> {
    let delayMs = RETRY_FIRST_MS
    let isBegun = false
    while (!this.#isStopped) {
      try {
        if (!isBegun) this.sequence = await this.#begin()
        isBegun = true
        while (!this.#isStopped && this.sequence < this.#writer.pipeline.committedSequence)
          await this.#step()
        this.failure = undefined
        delayMs = RETRY_FIRST_MS
        if (!this.#isStopped && this.sequence >= this.#writer.pipeline.committedSequence)
          await this.#rest(RETRY_MOST_MS)
      } catch (error) {
        this.failure = error instanceof Error ? error.message : String(error)
        isBegun = false
        if (!this.#isStopped) await this.#rest(delayMs, true)
        delayMs = Math.min(2 * delayMs, RETRY_MOST_MS)
      }
    }
  }

  async #begin(): Promise<Sequence> {
    const { rows } = await this.#pool.query<{ seq: string }>(
      `INSERT INTO ledger.follower VALUES ($1, $2, 0)
       ON CONFLICT (name, shard) DO UPDATE SET seq = ledger.follower.seq RETURNING seq`,
      [this.#name, this.shard],
    )
    return Number(rows[0]?.seq ?? 0)
  }

  async #step(): Promise<void> {
    const transfers = await this.#next()
    const last = transfers.at(-1)
    if (last === undefined) return
    const client = await this.#pool.connect()
    let isBroken = true
    try {
      await client.query('BEGIN')
      await this.#handler(transfers, client)
      const moved = await client.query(
        'UPDATE ledger.follower SET seq = $4 WHERE name = $1 AND shard = $2 AND seq = $3',
        [this.#name, this.shard, this.sequence, last.sequence],
      )
      if (moved.rowCount !== 1) throw new Error(`follower ${this.#name} runs twice`)
      await client.query('COMMIT')
      isBroken = false
    } finally {
      client.release(isBroken)
    }
    this.sequence = last.sequence
    this.#release()
  }

  async #next(): Promise<readonly Transfer[]> {
    const from = this.sequence + 1
    while ((this.#recent[0]?.at(-1)?.sequence ?? from) < from) {
      this.#recentCount -= this.#recent.shift()?.length ?? 0
    }
    const first = this.#recent[0]
    const start = first?.[0]?.sequence
    if (first !== undefined && start !== undefined && start <= from) {
      return first.slice(from - start, from - start + PAGE)
    }
    return this.#writer.store.readFrom(from, PAGE)
  }

  #release(): void {
    const isOver = ({ sequence }: { sequence: Sequence }) => sequence <= this.sequence
    const over = this.#waiters.filter(isOver)
    this.#waiters = this.#waiters.filter((waiter) => !isOver(waiter))
    for (const { go } of over) go()
  }

  /** Until something is committed, or `atMostMs`; after a failure the whole time. */
  #rest(atMostMs: number, isDeaf = false): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#writer.runtime.later(atMostMs, () => {
        this.#wake = () => undefined
        resolve()
      })
      this.#wake = () => {
        if (isDeaf && !this.#isStopped) return
        cancel()
        this.#wake = () => undefined
        resolve()
      }
    })
  }
}
