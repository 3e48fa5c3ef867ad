import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { NO_HASH } from '../batch.ts'
import { decodeTransfer } from '../decode.ts'
import { TRANSFER_COLUMNS } from '../encode.ts'
import { limitsToJson } from '../limits.ts'
import type { AccountSpec, Sequence, SpendingLimits, Transfer, TransferId } from '../model.ts'
import {
  type AccountCheckpoint,
  type Lane,
  type ShardHead,
  type ShardStore,
  type StoredAccount,
  StoreError,
} from '../store.ts'
import { AccountReader } from './account-copy.ts'
import { AccountConflict, openAccounts } from './accounts.ts'
import { CopyOut } from './copy.ts'
import { PostgresLane, toStoreError } from './lane.ts'
import { ensurePartition } from './partition.ts'
import { rowToTransfer, scopedToStored, type TransferRow } from './rows.ts'

const LANES = 2

export interface PostgresStoreOptions {
  readonly databaseUrl: string
  readonly shard: number
  /** Who writes, for people who look at ledger.shard. */
  readonly owner: string
  /** A silent database is given up after this, and its outcome is unknown until it answers again. */
  readonly commitTimeoutMs: number
  /** Sessions for reads and checkpoints. */
  readonly pool: pg.Pool
}

/** A shard's journal and accounts in PostgreSQL. */
export class PostgresStore implements ShardStore {
  readonly shard: number
  readonly #options: PostgresStoreOptions
  readonly #pool: pg.Pool
  #lanes: PostgresLane[] = []
  readonly #reader = new AccountReader()
  /** What this store last took the shard with. */
  #epoch = 0

  constructor(options: PostgresStoreOptions) {
    this.shard = options.shard
    this.#options = { ...options, owner: `${options.owner}:${randomUUID()}` }
    this.#pool = options.pool
  }

  get lanes(): readonly Lane[] {
    return this.#lanes
  }

  async acquire(): Promise<ShardHead> {
    await this.#with((client) => ensurePartition(client, this.shard))
    await this.#query(
      'INSERT INTO ledger.shard VALUES ($1, 0, $2, 1, 0) ON CONFLICT (shard) DO NOTHING',
      [this.shard, this.#options.owner],
    )
    await this.#query(
      'INSERT INTO ledger.account_number VALUES ($1, 1) ON CONFLICT (shard) DO NOTHING',
      [this.shard],
    )
    return this.#take('shard = $1', [this.shard, this.#options.owner])
  }

  reacquire(epoch: number): Promise<ShardHead> {
    // By owner, which is this store's alone: an answer that was lost may have raised the epoch already.
    return this.#take('shard = $1 AND owner = $2 AND epoch >= $3', [
      this.shard,
      this.#options.owner,
      epoch,
    ])
  }

  async isOurs(epoch: number): Promise<boolean> {
    const rows = await this.#query('SELECT FROM ledger.shard WHERE shard = $1 AND epoch = $2', [
      this.shard,
      epoch,
    ])
    return rows.length === 1
  }

  /**
   * Raising the epoch waits for a commit that is still running and fails one that comes later, so
   * that `next_seq`, read with it, is the last word.
   */
  async #take(condition: string, values: unknown[]): Promise<ShardHead> {
    this.#endLanes()
    const taken = await this.#query<{ epoch: string; next_seq: string; checkpoint_seq: string }>(
      `UPDATE ledger.shard SET epoch = epoch + 1, owner = $2 WHERE ${condition}
       RETURNING epoch, next_seq, checkpoint_seq`,
      values,
    )
    const [row] = taken
    if (row === undefined) throw new StoreError('fenced', 'another writer has taken the shard')
    this.#epoch = Number(row.epoch)
    const [last] = await this.#query<{ at_ms: string; hash: Buffer }>(
      'SELECT at_ms, hash FROM ledger.batch WHERE shard = $1 ORDER BY first_seq DESC LIMIT 1',
      [this.shard],
    )
    const { databaseUrl, commitTimeoutMs } = this.#options
    this.#lanes = await Promise.all(
      Array.from({ length: LANES }, () =>
        PostgresLane.connect(databaseUrl, this.shard, commitTimeoutMs),
      ),
    )
    return {
      epoch: Number(row.epoch),
      nextSequence: Number(row.next_seq),
      checkpointSequence: Number(row.checkpoint_seq),
      hash: last?.hash ?? NO_HASH,
      atMs: Number(last?.at_ms ?? 0),
    }
  }

  async loadAccounts(numbers: readonly number[]): Promise<StoredAccount[]> {
    const accounts: StoredAccount[] = []
    await this.eachAccount(numbers, (account) => accounts.push(account))
    return accounts
  }

  async eachAccount(
    numbers: readonly number[],
    onAccount: (account: StoredAccount) => void,
  ): Promise<void> {
    const { text, read } = this.#reader.ask(this.shard, numbers)
    await this.#copyOut(text, (row) => onAccount(read(row)))
  }

  #copyOut(text: string, onRow: (row: Buffer) => void): Promise<void> {
    return this.#with(async (client) => {
      const copy = new CopyOut(text, onRow)
      client.query(copy)
      await copy.done
    })
  }

  findByIds(ids: readonly TransferId[]): Promise<Transfer[]> {
    return this.#transfers('id = ANY($2::uuid[])', [ids])
  }

  findBySequences(sequences: readonly Sequence[]): Promise<Transfer[]> {
    return this.#transfers('seq = ANY($2::int8[])', [sequences])
  }

  findByOrigins(origins: readonly Sequence[]): Promise<Transfer[]> {
    return this.#transfers('origin > 0 AND origin = ANY($2::int8[])', [origins])
  }

  async #transfers(condition: string, values: unknown[]): Promise<Transfer[]> {
    const rows = await this.#query<TransferRow>(
      `SELECT ${TRANSFER_COLUMNS} FROM ledger.transfer WHERE shard = $1 AND ${condition} ORDER BY seq`,
      [this.shard, ...values],
    )
    return rows.map(rowToTransfer)
  }

  /** By binary COPY: folding a long journal is what opening a shard waits for. */
  async readFrom(from: Sequence, limit: number): Promise<Transfer[]> {
    const transfers: Transfer[] = []
    await this.#copyOut(journalCopy(this.shard, from, limit), (row) => {
      transfers.push(decodeTransfer(row))
    })
    return transfers
  }

  /** Walks the account's chain backwards from `from`, which the account has taken part in. */
  async history(number: number, from: Sequence, limit: number): Promise<Transfer[]> {
    const rows = await this.#query<TransferRow>(
      `WITH RECURSIVE walk AS (
         SELECT 1 AS step, t.* FROM ledger.transfer t WHERE t.shard = $1 AND t.seq = $3
         UNION ALL
         SELECT walk.step + 1, t.* FROM walk JOIN ledger.transfer t ON t.shard = $1 AND t.seq =
           CASE WHEN walk.debit = $2 THEN walk.previous_debit ELSE walk.previous_credit END
         WHERE walk.step < $4
       ) SELECT ${TRANSFER_COLUMNS} FROM walk`,
      [this.shard, number, from, limit],
    )
    return rows.map(rowToTransfer)
  }

  async openHolds(): Promise<Sequence[]> {
    const rows = await this.#query<{ seq: string }>(
      'SELECT seq FROM ledger.open_hold WHERE shard = $1 ORDER BY seq',
      [this.shard],
    )
    return rows.map(({ seq }) => Number(seq))
  }

  /** States are written only forwards, so that even a late writer can do no harm. */
  async saveAccounts(accounts: readonly AccountCheckpoint[]): Promise<void> {
    if (accounts.length === 0) return
    const column = <T>(pick: (account: AccountCheckpoint) => T): string[] =>
      accounts.map((account) => String(pick(account)))
    await this.#query(
      `UPDATE ledger.account a SET as_of = d.as_of, last_seq = d.last_seq,
         debits_posted = d.dp, credits_posted = d.cp, debits_pending = d.dpe, credits_pending = d.cpe,
         day_key = d.dk, day_amount = d.da, day_count = d.dc,
         month_key = d.mk, month_amount = d.ma, month_count = d.mc, scoped = d.scoped
       FROM unnest($2::int4[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[],
         $8::int8[], $9::int4[], $10::int8[], $11::int4[], $12::int4[], $13::int8[], $14::int4[],
         $15::jsonb[])
         AS d (account, as_of, last_seq, dp, cp, dpe, cpe, dk, da, dc, mk, ma, mc, scoped)
       WHERE a.shard = $1 AND a.account = d.account AND a.as_of < d.as_of`,
      [
        this.shard,
        column((one) => one.number),
        column((one) => one.state.asOf),
        column((one) => one.state.lastSequence),
        column((one) => one.state.debitsPosted),
        column((one) => one.state.creditsPosted),
        column((one) => one.state.debitsPending),
        column((one) => one.state.creditsPending),
        column((one) => one.state.dayKey),
        column((one) => one.state.dayAmount),
        column((one) => one.state.dayCount),
        column((one) => one.state.monthKey),
        column((one) => one.state.monthAmount),
        column((one) => one.state.monthCount),
        accounts.map(({ state, scoped }) => scopedToStored(scoped, state.dayKey, state.monthKey)),
      ],
    )
  }

  async saveCheckpoint(sequence: Sequence, openHolds: readonly Sequence[]): Promise<void> {
    await this.#with(async (client) => {
      await client.query('BEGIN')
      try {
        const moved = await client.query(
          // Whoever opens the shard now reads the old checkpoint and its holds: they must stay one.
          'UPDATE ledger.shard SET checkpoint_seq = $2 WHERE shard = $1 AND epoch = $3 AND checkpoint_seq <= $2',
          [this.shard, sequence, this.#epoch],
        )
        if (moved.rowCount === 1) {
          await client.query('DELETE FROM ledger.open_hold WHERE shard = $1', [this.shard])
          await client.query('INSERT INTO ledger.open_hold SELECT $1, unnest($2::int8[])', [
            this.shard,
            openHolds,
          ])
        }
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined)
        throw error
      }
    })
  }

  openAccounts(specs: readonly AccountSpec[]): Promise<number[]> {
    return this.#with((client) => openAccounts(client, this.shard, specs))
  }

  async setLimits(number: number, limits: SpendingLimits | null): Promise<void> {
    await this.#query('UPDATE ledger.account SET limits = $3 WHERE shard = $1 AND account = $2', [
      this.shard,
      number,
      limits === null ? null : limitsToJson(limits),
    ])
  }

  async setOverdraft(number: number, overdraft: bigint | null): Promise<void> {
    await this.#query(
      `UPDATE ledger.account SET overdraft = $3::int8, overdraft_widest = CASE
         WHEN $3::int8 IS NULL OR overdraft_widest IS NULL THEN NULL
         ELSE greatest(overdraft_widest, $3::int8) END
       WHERE shard = $1 AND account = $2`,
      [this.shard, number, overdraft === null ? null : String(overdraft)],
    )
  }

  async close(): Promise<void> {
    this.#endLanes()
  }

  #endLanes(): void {
    for (const lane of this.#lanes) lane.end()
    this.#lanes = []
  }

  #query<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    return this.#with(async (client) => (await client.query<Row>(text, values)).rows)
  }

  async #with<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    try {
      const client = await this.#pool.connect()
      try {
        const result = await work(client)
        client.release()
        return result
      } catch (error) {
        client.release(true)
        throw error
      }
    } catch (error) {
      if (error instanceof AccountConflict || error instanceof RangeError) throw error
      throw toStoreError(error)
    }
  }
}

/** The statement that reads a shard's journal in order, as bytes that hash like those that were written. */
export function journalCopy(shard: number, from: Sequence, limit: number): string {
  return `COPY (SELECT ${TRANSFER_COLUMNS} FROM ledger.transfer WHERE shard = ${shard} AND seq >= ${from} ORDER BY seq LIMIT ${limit}) TO STDOUT (FORMAT binary)`
}
