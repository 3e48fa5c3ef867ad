import { createHash } from 'node:crypto'
import type { AccountTable } from './accounts.ts'
import { TransferEncoder } from './encode.ts'
import type { Sequence, Transfer, TransferId } from './model.ts'
import type { Entry, Reply } from './queue.ts'
import type { Draft } from './state.ts'
import type { SealedBatch } from './store.ts'
import { UndoLog } from './undo.ts'

/** The hash before the first batch of a shard. */
export const NO_HASH = Buffer.alloc(32)

/** Transfers that were decided together and are committed together, and what to answer then. */
export class Batch implements Draft {
  atMs = 0
  readonly encoder = new TransferEncoder()
  readonly undo = new UndoLog()
  transfers: Transfer[] = []
  firstSequence: Sequence = 0
  #ids: Set<TransferId> | undefined
  /** Who is answered when this is durable, and with what. */
  readonly entries: Entry[] = []
  readonly replies: Reply[] = []
  sealed: SealedBatch | undefined
  /** Resolves when the database has committed it. */
  done: Promise<void> = Promise.resolve()

  begin(firstSequence: Sequence, atMs: number): void {
    this.firstSequence = firstSequence
    this.atMs = atMs
    this.encoder.rewind()
    this.undo.clear()
    this.transfers = []
    this.entries.length = 0
    this.replies.length = 0
    this.sealed = undefined
    this.#ids = undefined
  }

  reply(entry: Entry, reply: Reply): void {
    this.entries.push(entry)
    this.replies.push(reply)
  }

  answer(): void {
    for (const [at, entry] of this.entries.entries()) entry.answer(this.replies[at])
  }

  /** Asked only for ids that look familiar, so the set is made when the first does. */
  has(id: TransferId): boolean {
    this.#ids ??= new Set(this.transfers.map((transfer) => transfer.id))
    for (let at = this.#ids.size; at < this.transfers.length; at++) {
      this.#ids.add(this.transfers[at]!.id)
    }
    return this.#ids.has(id)
  }

  get lastSequence(): Sequence {
    return this.firstSequence + this.transfers.length - 1
  }

  /** Gives the batch its place in the hash chain. */
  seal(shard: number, epoch: number, previousHash: Buffer): SealedBatch {
    this.sealed = {
      shard,
      epoch,
      firstSequence: this.firstSequence,
      count: this.transfers.length,
      atMs: this.atMs,
      previousHash,
      hash: batchHash(previousHash, this.encoder.rows()),
      copy: this.encoder.seal(),
    }
    return this.sealed
  }

  /** A point inside the batch to which `back` can return, for groups that fail as one. */
  mark() {
    return {
      position: this.encoder.position,
      undo: this.undo.mark(),
      transfers: this.transfers.length,
    }
  }

  /** Takes everything since `mark` back. Returns how many transfers that were. */
  back(mark: ReturnType<Batch['mark']>, accounts: AccountTable): number {
    const taken = this.transfers.splice(mark.transfers)
    this.#ids = undefined
    this.encoder.rewind(mark.position)
    this.undo.rollback(accounts, mark.undo)
    return taken.length
  }
}

/** SHA-256 over the hash before and the rows in binary COPY form. */
export function batchHash(previous: Buffer, rows: Buffer): Buffer {
  return createHash('sha256').update(previous).update(rows).digest()
}
