import type { AccountRow, AccountState } from './accounts.ts'
import type { ScopedUse } from './limits.ts'
import type { AccountSpec, Sequence, SpendingLimits, Transfer, TransferId } from './model.ts'

/** A batch as it goes to the database: the rows in binary COPY form, and its place in the journal. */
export interface SealedBatch {
  readonly shard: number
  readonly epoch: number
  readonly firstSequence: Sequence
  readonly count: number
  readonly atMs: number
  readonly previousHash: Buffer
  readonly hash: Buffer
  /** Header, rows and trailer. */
  readonly copy: Buffer
}

/** What a shard's row says when it is taken over. */
export interface ShardHead {
  readonly epoch: number
  readonly nextSequence: Sequence
  readonly checkpointSequence: Sequence
  /** Hash and time of the last batch; 32 zero bytes and 0 before the first. */
  readonly hash: Buffer
  readonly atMs: number
}

export interface StoredAccount {
  readonly row: Omit<AccountRow, 'limitsIndex'>
  readonly limits: SpendingLimits | null
  readonly scoped: ReadonlyMap<string, ScopedUse>
}

export interface AccountCheckpoint {
  readonly number: number
  readonly state: AccountState
  readonly scoped: ReadonlyMap<string, ScopedUse>
}

export interface PaymentAndRefunds {
  readonly payment: Transfer
  /** How much of it refunds up to the asked sequence gave back. */
  readonly refunded: bigint
}

/**
 * `duplicate`: a transfer id is already in the journal; nothing was written.
 * `fenced`: another writer has taken the shard; nothing was written and nothing may be any more.
 * `unknown`: the database did not say; it may or may not have committed.
 */
export type StoreFailure = 'duplicate' | 'fenced' | 'unknown'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly failure: StoreFailure

  constructor(failure: StoreFailure, message: string, cause?: unknown) {
    super(message, { cause })
    this.failure = failure
  }
}

/** One database session that writes batches. Two of them take turns, so that one sends while one commits. */
export interface Lane {
  /** Writes and commits in one round trip. */
  write(batch: SealedBatch): Promise<void>
  /** Sends the rows, without committing. */
  stage(batch: SealedBatch): Promise<void>
  /** Moves the shard's number on and commits what was staged. */
  commit(batch: SealedBatch): Promise<void>
  /** Takes back what was staged. Never throws. */
  abandon(): Promise<void>
}

/** Where a shard's journal and accounts are kept. Postgres in production, a faulty stand-in in simulations. */
export interface ShardStore {
  readonly shard: number
  /** Takes the shard over: raises its epoch, so that whoever wrote before is fenced off. */
  acquire(): Promise<ShardHead>
  /** Takes it over again after a failure; `fenced` when somebody else did in between. */
  reacquire(epoch: number): Promise<ShardHead>
  /** Whether the shard is still ours, as `acquire` or `reacquire` left it. */
  isOurs(epoch: number): Promise<boolean>
  /** Two sessions, valid until the next `acquire` or `reacquire`. */
  readonly lanes: readonly Lane[]
  loadAccounts(numbers: readonly number[]): Promise<StoredAccount[]>
  /** As `loadAccounts`, but hands them over one by one as they come. */
  eachAccount(
    numbers: readonly number[],
    onAccount: (account: StoredAccount) => void,
  ): Promise<void>
  findByIds(ids: readonly TransferId[]): Promise<Transfer[]>
  findBySequences(sequences: readonly Sequence[]): Promise<Transfer[]>
  /** Transfers that point at one of these. */
  findByOrigins(origins: readonly Sequence[]): Promise<Transfer[]>
  /** Transfers from `from` on, in order, in pages. */
  readFrom(from: Sequence, limit: number): Promise<Transfer[]>
  history(number: number, from: Sequence, limit: number): Promise<Transfer[]>
  openHolds(): Promise<Sequence[]>
  saveAccounts(accounts: readonly AccountCheckpoint[]): Promise<void>
  /** Does nothing once another writer has taken the shard. */
  saveCheckpoint(sequence: Sequence, openHolds: readonly Sequence[]): Promise<void>
  /** Returns the accounts' numbers in the order of the specs. */
  openAccounts(specs: readonly AccountSpec[]): Promise<number[]>
  setLimits(number: number, limits: SpendingLimits | null): Promise<void>
  setOverdraft(number: number, overdraft: bigint | null): Promise<void>
  close(): Promise<void>
}
