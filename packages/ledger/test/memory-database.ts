import { NO_HASH } from '../src/batch.ts'
import { decodeTransfer } from '../src/decode.ts'
import { limitsToJson } from '../src/limits.ts'
import type { AccountSpec, Sequence, SpendingLimits, Transfer, TransferId } from '../src/model.ts'
import { type AccountRowRead, scopedToStored } from '../src/postgres/rows.ts'
import {
  type AccountCheckpoint,
  type SealedBatch,
  type ShardHead,
  StoreError,
} from '../src/store.ts'

const HEADER_BYTES = 19

/** A committed batch: what ledger.batch keeps of it, and its rows as they came. */
export interface StoredBatch extends Omit<SealedBatch, 'copy'> {
  readonly rows: readonly Buffer[]
}

type Column<Name extends keyof AccountRowRead> = AccountRowRead[Name]

/** ledger.account: only what the SQL updates may be written. */
export type AccountRecord = { -readonly [Name in keyof AccountRowRead]: Column<Name> } & {
  overdraft_widest: string | null
}

/** The tables of one shard, with the rules that the SQL has: each method is one transaction. */
export class MemoryDatabase {
  readonly shard: number
  epoch = 0
  owner = ''
  nextSequence: Sequence = 1
  checkpointSequence: Sequence = 0
  openHolds: readonly Sequence[] = []
  readonly transfers: Transfer[] = []
  readonly batches: StoredBatch[] = []
  readonly accounts = new Map<number, AccountRecord>()
  readonly #byId = new Map<TransferId, Transfer>()

  constructor(shard: number) {
    this.shard = shard
  }

  take(owner: string, isAllowed: boolean): ShardHead {
    if (!isAllowed) throw new StoreError('fenced', 'another writer has taken the shard')
    this.epoch += 1
    this.owner = owner
    const last = this.batches.at(-1)
    return {
      epoch: this.epoch,
      nextSequence: this.nextSequence,
      checkpointSequence: this.checkpointSequence,
      hash: last?.hash ?? NO_HASH,
      atMs: last?.atMs ?? 0,
    }
  }

  /** What the unique indexes say to these rows. */
  insertable(rows: readonly Transfer[]): void {
    const ids = new Set<TransferId>()
    for (const { sequence, id } of rows) {
      if (this.transfers[sequence - 1] !== undefined) {
        throw new StoreError('fenced', `sequence ${sequence} is taken`)
      }
      if (this.#byId.has(id) || ids.has(id)) throw new StoreError('duplicate', `id ${id} is taken`)
      ids.add(id)
    }
  }

  commit(batch: SealedBatch, rows: readonly Buffer[]): void {
    const transfers = rows.map(decodeTransfer)
    this.insertable(transfers)
    if (batch.epoch !== this.epoch || batch.firstSequence !== this.nextSequence) {
      throw new StoreError('fenced', 'division by zero')
    }
    const { shard, epoch, firstSequence, count, atMs } = batch
    const previousHash = Buffer.from(batch.previousHash)
    const hash = Buffer.from(batch.hash)
    this.batches.push({ shard, epoch, firstSequence, count, atMs, previousHash, hash, rows })
    for (const transfer of transfers) {
      this.transfers.push(transfer)
      this.#byId.set(transfer.id, transfer)
    }
    this.nextSequence = firstSequence + count
  }

  byId(id: TransferId): Transfer | undefined {
    return this.#byId.get(id)
  }

  openAccounts(specs: readonly AccountSpec[]): number[] {
    return specs.map((spec) => {
      for (const { reference, account } of this.accounts.values()) {
        if (reference === spec.reference) return account
      }
      const account = this.accounts.size + 1
      this.accounts.set(account, emptyRecord(account, spec))
      return account
    })
  }

  saveAccounts(accounts: readonly AccountCheckpoint[]): void {
    for (const { number, state, scoped } of accounts) {
      const record = this.#account(number)
      if (Number(record.as_of) >= state.asOf) continue
      record.as_of = String(state.asOf)
      record.last_seq = String(state.lastSequence)
      record.debits_posted = String(state.debitsPosted)
      record.credits_posted = String(state.creditsPosted)
      record.debits_pending = String(state.debitsPending)
      record.credits_pending = String(state.creditsPending)
      record.day_key = state.dayKey
      record.day_amount = String(state.dayAmount)
      record.day_count = state.dayCount
      record.month_key = state.monthKey
      record.month_amount = String(state.monthAmount)
      record.month_count = state.monthCount
      const stored = scopedToStored(scoped, state.dayKey, state.monthKey)
      record.scoped = stored === null ? null : JSON.parse(stored)
    }
  }

  saveCheckpoint(epoch: number, sequence: Sequence, openHolds: readonly Sequence[]): void {
    if (this.epoch !== epoch || this.checkpointSequence > sequence) return
    if (sequence >= this.nextSequence) throw new StoreError('unknown', 'check constraint violated')
    this.checkpointSequence = sequence
    this.openHolds = [...openHolds]
  }

  setLimits(number: number, limits: SpendingLimits | null): void {
    this.#account(number).limits = limits === null ? null : JSON.parse(limitsToJson(limits))
  }

  setOverdraft(number: number, overdraft: bigint | null): void {
    const record = this.#account(number)
    record.overdraft = overdraft === null ? null : String(overdraft)
    const widest = record.overdraft_widest
    const isWider = widest !== null && (overdraft === null || overdraft > BigInt(widest))
    if (isWider) record.overdraft_widest = record.overdraft
  }

  #account(number: number): AccountRecord {
    const record = this.accounts.get(number)
    if (record === undefined) throw new Error(`there is no account ${number}`)
    return record
  }
}

/** The rows inside COPY's binary form, taken apart as the database does. */
export function rowsOfCopy(copy: Buffer): Buffer[] {
  if (copy.toString('latin1', 0, 6) !== 'PGCOPY') throw new Error('COPY does not begin as it must')
  const rows: Buffer[] = []
  let at = HEADER_BYTES
  for (;;) {
    const fields = copy.readInt16BE(at)
    if (fields === -1) break
    const start = at
    at += 2
    for (let field = 0; field < fields; field++) at += 4 + copy.readInt32BE(at)
    rows.push(Buffer.from(copy.subarray(start, at)))
  }
  if (at + 2 !== copy.length) throw new Error('COPY does not end where its trailer is')
  return rows
}

function emptyRecord(account: number, spec: AccountSpec): AccountRecord {
  const overdraft = spec.overdraft === null ? null : String(spec.overdraft ?? 0n)
  return {
    account,
    reference: spec.reference,
    asset: spec.asset,
    kind: spec.kind,
    overdraft,
    overdraft_widest: overdraft,
    limits: spec.limits === undefined ? null : JSON.parse(limitsToJson(spec.limits)),
    as_of: '0',
    last_seq: '0',
    debits_posted: '0',
    credits_posted: '0',
    debits_pending: '0',
    credits_pending: '0',
    day_key: 0,
    day_amount: '0',
    day_count: 0,
    month_key: 0,
    month_amount: '0',
    month_count: 0,
    scoped: null,
  }
}
