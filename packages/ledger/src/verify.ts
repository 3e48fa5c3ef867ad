import { createHash } from 'node:crypto'
import pg from 'pg'
import { NO_HASH } from './batch.ts'
import { decodeTransfer } from './decode.ts'
import { CopyOut } from './postgres/copy.ts'
import {
  type AccountRowRead,
  rowToAccount,
  rowToTransfer,
  type TransferRow,
} from './postgres/rows.ts'
import { journalCopy } from './postgres/store.ts'
import { ShardProof } from './proof.ts'

export interface VerifyProgress {
  readonly shard: number
  readonly transfers: number
  readonly of: number
}

export interface VerifyReport {
  readonly ok: boolean
  readonly shards: number
  readonly transfers: number
  readonly batches: number
  readonly accounts: number
  readonly openHolds: number
  /** Σ of all balances an asset: 0 when debits equal credits. */
  readonly sums: Readonly<Record<string, bigint>>
  /** What is wrong, at most the first hundred. */
  readonly problems: readonly string[]
}

interface BatchRow {
  readonly first_seq: string
  readonly transfers: number
  readonly at_ms: string
  readonly previous_hash: Buffer
  readonly hash: Buffer
}

interface ShardRow {
  readonly shard: number
  readonly next_seq: string
  readonly checkpoint_seq: string
}

const PAGE = 50_000
const BATCH_PAGE = 2_000

/**
 * Reads the journal from SQL alone and proves it: no gap in the numbers, no broken hash, every
 * history chain whole, holds resolved once and for no more than was held, refunds within what was
 * paid, no account below its limit, stored states equal to the fold, debits equal to credits. Runs
 * in one snapshot, beside a writer that goes on.
 */
export async function verifyJournal(
  databaseUrl: string,
  onProgress: (progress: VerifyProgress) => void = () => undefined,
): Promise<VerifyReport> {
  const client = new pg.Client({ connectionString: databaseUrl })
  // A lost connection fails the query that waits, and must not end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await client.query<ShardRow>(
      'SELECT shard, next_seq, checkpoint_seq FROM ledger.shard ORDER BY shard',
    )
    const proofs: ShardProof[] = []
    let batches = 0
    for (const row of rows) {
      const proof = new ShardProof(row.shard)
      await loadAccounts(client, proof)
      batches += await readShard(client, row, proof, onProgress)
      await checkHolds(client, proof, Number(row.checkpoint_seq))
      await checkRefunds(client, proof)
      proof.finish(Number(row.next_seq) - 1)
      proofs.push(proof)
    }
    return report(proofs, batches)
  } finally {
    await client.end()
  }
}

function report(proofs: readonly ShardProof[], batches: number): VerifyReport {
  const sums: Record<string, bigint> = {}
  const problems: string[] = []
  for (const proof of proofs) {
    for (const [asset, sum] of proof.sums()) sums[asset] = (sums[asset] ?? 0n) + sum
    problems.push(...proof.problems)
  }
  for (const [asset, sum] of Object.entries(sums)) {
    if (sum !== 0n) problems.push(`balances of ${asset} sum to ${sum}, not to 0`)
  }
  return {
    ok: problems.length === 0,
    shards: proofs.length,
    transfers: proofs.reduce((count, proof) => count + proof.transfers, 0),
    batches,
    accounts: proofs.reduce((count, proof) => count + proof.accounts, 0),
    openHolds: proofs.reduce((count, proof) => count + proof.openHolds, 0),
    sums,
    problems: problems.slice(0, 100),
  }
}

async function loadAccounts(client: pg.Client, proof: ShardProof): Promise<void> {
  for (let after = 0; ; ) {
    const { rows } = await client.query<AccountRowRead & { overdraft_widest: string | null }>(
      'SELECT * FROM ledger.account WHERE shard = $1 AND account > $2 ORDER BY account LIMIT $3',
      [proof.shard, after, PAGE],
    )
    for (const row of rows) {
      const widest = row.overdraft_widest === null ? null : BigInt(row.overdraft_widest)
      proof.account(rowToAccount(row), widest)
    }
    if (rows.length < PAGE) return
    after = rows.at(-1)?.account ?? 0
  }
}

async function readShard(
  client: pg.Client,
  row: ShardRow,
  proof: ShardProof,
  onProgress: (progress: VerifyProgress) => void,
): Promise<number> {
  const of = Number(row.next_seq) - 1
  const chain = new HashChain(client, proof)
  for (let from = 1; from <= of; from += PAGE) {
    const rows: Buffer[] = []
    const copy = new CopyOut(journalCopy(row.shard, from, PAGE), (bytes) => {
      // The driver uses its buffer again.
      rows.push(Buffer.from(bytes))
    })
    client.query(copy)
    await copy.done
    for (const bytes of rows) {
      const transfer = decodeTransfer(bytes)
      proof.transfer(transfer)
      await chain.add(transfer.sequence, transfer.atMs, bytes)
    }
    onProgress({ shard: row.shard, transfers: Math.min(proof.transfers, of), of })
    if (rows.length === 0) break
  }
  return chain.finish()
}

/** Follows the batches beside the rows and checks every hash. */
class HashChain {
  readonly #client: pg.Client
  readonly #proof: ShardProof
  #page: BatchRow[] = []
  #at = 0
  #after = 0
  #hash = createHash('sha256')
  #left = 0
  #previous: Buffer = NO_HASH
  #count = 0

  constructor(client: pg.Client, proof: ShardProof) {
    this.#client = client
    this.#proof = proof
  }

  async add(sequence: number, atMs: number, bytes: Buffer): Promise<void> {
    if (this.#left === 0) {
      if (!(await this.#open(sequence))) return
    }
    const batch = this.#page[this.#at]
    if (batch === undefined) return
    if (Number(batch.at_ms) !== atMs)
      this.#proof.problem(`${sequence}: time differs from its batch`)
    this.#hash.update(bytes)
    this.#left -= 1
    if (this.#left === 0) this.#close(batch)
  }

  async #open(sequence: number): Promise<boolean> {
    if (this.#count > 0) this.#at += 1
    if (this.#at >= this.#page.length) await this.#turn()
    const batch = this.#page[this.#at]
    if (batch === undefined || Number(batch.first_seq) !== sequence) {
      this.#proof.problem(`${sequence}: no batch begins here`)
      return false
    }
    if (!batch.previous_hash.equals(this.#previous)) {
      this.#proof.problem(`batch ${sequence}: does not follow the hash before it`)
    }
    this.#count += 1
    this.#left = batch.transfers
    this.#hash = createHash('sha256').update(batch.previous_hash)
    return true
  }

  #close(batch: BatchRow): void {
    if (!this.#hash.digest().equals(batch.hash)) {
      this.#proof.problem(`batch ${batch.first_seq}: its rows do not have its hash`)
    }
    this.#previous = batch.hash
  }

  async #turn(): Promise<void> {
    const { rows } = await this.#client.query<BatchRow>(
      `SELECT first_seq, transfers, at_ms, previous_hash, hash FROM ledger.batch
       WHERE shard = $1 AND first_seq > $2 ORDER BY first_seq LIMIT $3`,
      [this.#proof.shard, this.#after, BATCH_PAGE],
    )
    this.#page = rows
    this.#at = 0
    this.#after = Number(rows.at(-1)?.first_seq ?? this.#after)
  }

  async finish(): Promise<number> {
    if (this.#left > 0) this.#proof.problem('the last batch says more transfers than there are')
    const { rows } = await this.#client.query<{ batches: string }>(
      'SELECT count(*) AS batches FROM ledger.batch WHERE shard = $1',
      [this.#proof.shard],
    )
    if (Number(rows[0]?.batches) !== this.#count) {
      this.#proof.problem(`${rows[0]?.batches} batches are stored, ${this.#count} have transfers`)
    }
    return this.#count
  }
}

async function checkRefunds(client: pg.Client, proof: ShardProof): Promise<void> {
  const sequences = proof.refundedPayments()
  for (let at = 0; at < sequences.length; at += PAGE) {
    const { rows } = await client.query<TransferRow>(
      'SELECT * FROM ledger.transfer WHERE shard = $1 AND seq = ANY($2::int8[])',
      [proof.shard, sequences.slice(at, at + PAGE)],
    )
    for (const row of rows) proof.refunded(rowToTransfer(row))
  }
}

async function checkHolds(client: pg.Client, proof: ShardProof, checkpoint: number): Promise<void> {
  const { rows } = await client.query<{ seq: string }>(
    'SELECT seq FROM ledger.open_hold WHERE shard = $1',
    [proof.shard],
  )
  for (const { seq } of rows) {
    if (!proof.wasOpenAt(Number(seq), checkpoint)) {
      proof.problem(`hold ${seq} is stored as open at ${checkpoint} and was not`)
    }
  }
  const open = proof.openHoldsAt(checkpoint)
  if (rows.length !== open) {
    proof.problem(`${rows.length} holds are stored as open at ${checkpoint}, ${open} were`)
  }
}
