import pg from 'pg'
import { TRANSFER_COLUMNS } from '../encode.ts'
import { type Lane, type SealedBatch, StoreError } from '../store.ts'
import { CopyIn } from './copy.ts'
import { partitionOf } from './partition.ts'

const UNIQUE_VIOLATION = '23505'
const DIVISION_BY_ZERO = '22012'

/** One session that writes batches. After a connection failure it is replaced, never reused. */
export class PostgresLane implements Lane {
  readonly #client: pg.Client
  readonly #commitTimeoutMs: number
  #isStaged = false

  private constructor(client: pg.Client, commitTimeoutMs: number) {
    this.#client = client
    this.#commitTimeoutMs = commitTimeoutMs
  }

  static async connect(
    databaseUrl: string,
    shard: number,
    commitTimeoutMs: number,
  ): Promise<PostgresLane> {
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: `jeon ledger ${shard}`,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    })
    // Failures reach whoever waits for a query; an idle session's failure shows at its next one.
    client.on('error', () => undefined)
    await client.connect()
    await client.query("SET synchronous_commit = on; SET application_name = 'jeon ledger'")
    return new PostgresLane(client, commitTimeoutMs)
  }

  /** Without BEGIN: statements sent together are one transaction. */
  async write(batch: SealedBatch): Promise<void> {
    await this.#copy(`${copyInto(batch)}; ${batchInsert(batch)}; ${fence(batch)}`, batch.copy)
  }

  async stage(batch: SealedBatch): Promise<void> {
    this.#isStaged = true
    await this.#copy(`BEGIN; ${copyInto(batch)}; ${batchInsert(batch)}`, batch.copy)
  }

  async commit(batch: SealedBatch): Promise<void> {
    await this.#within(this.#client.query(`${fence(batch)}; COMMIT`))
    this.#isStaged = false
  }

  async abandon(): Promise<void> {
    if (!this.#isStaged) return
    this.#isStaged = false
    await this.#within(this.#client.query('ROLLBACK')).catch(() => undefined)
  }

  /** Ends the session whatever it is doing. */
  end(): void {
    this.#client.connection?.stream.destroy()
    this.#client.end().catch(() => undefined)
  }

  #copy(text: string, data: Buffer): Promise<void> {
    const copy = new CopyIn(text, data)
    this.#client.query(copy)
    return this.#within(copy.done)
  }

  async #within<T>(work: Promise<T>): Promise<T> {
    const timeout = setTimeout(() => this.end(), this.#commitTimeoutMs)
    try {
      return await work
    } catch (error) {
      throw toStoreError(error)
    } finally {
      clearTimeout(timeout)
    }
  }
}

function copyInto({ shard }: SealedBatch): string {
  return `COPY ${partitionOf(shard)} (${TRANSFER_COLUMNS}) FROM STDIN (FORMAT binary)`
}

function batchInsert(batch: SealedBatch): string {
  const { shard, firstSequence, count, epoch, atMs, previousHash, hash } = batch
  return `INSERT INTO ledger.batch VALUES (${shard}, ${firstSequence}, ${count}, ${epoch}, ${atMs}, '\\x${previousHash.toString('hex')}', '\\x${hash.toString('hex')}')`
}

/** Moves the number on, or fails by dividing by zero when another writer has taken the shard. */
function fence(batch: SealedBatch): string {
  const { shard, epoch, firstSequence, count } = batch
  return `WITH moved AS (UPDATE ledger.shard SET next_seq = ${firstSequence + count} WHERE shard = ${shard} AND epoch = ${epoch} AND next_seq = ${firstSequence} RETURNING 1) SELECT 1 / count(*) AS moved FROM moved`
}

export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof pg.DatabaseError) {
    if (error.code === DIVISION_BY_ZERO) return new StoreError('fenced', message, error)
    if (error.code === UNIQUE_VIOLATION) {
      // The same sequence twice means that somebody else has written it.
      const failure = error.constraint?.endsWith('_id') === true ? 'duplicate' : 'fenced'
      return new StoreError(failure, message, error)
    }
  }
  return new StoreError('unknown', message, error)
}
