import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import type { Postings } from '../bills/postings.ts'
import { inTurn } from '../bills/turn.ts'
import { createId } from '../ids.ts'
import type { Changes } from '../live/model.ts'
import { byBucket } from '../receipts/payable.ts'
import { applyCredits, recoverByCredits } from './apply.ts'
import type { Credit, Credits } from './model.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly changes: Changes
  readonly postings: Pick<Postings, 'insertIn' | 'book'>
}

/** The credits of lines. Needs nothing of the core, which needs it. */
export class CreditBook implements Credits {
  readonly #parts: Parts
  #onApplied: (lineId: string) => Promise<void> = () => Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Who looks at a line after a credit has paid something of its debt. */
  onApplied(listener: (lineId: string) => Promise<void>): void {
    this.#onApplied = listener
  }

  async add(lineId: string, refundId: string, amount: bigint): Promise<void> {
    const { pool, clock, changes, postings } = this.#parts
    if (amount <= 0n) throw new RangeError('a credit is positive')
    const at = new Date(clock.now())
    const line = await pool.query<{ carrier: string }>(
      'select carrier from carrier.line where id = $1',
      [lineId],
    )
    const carrier = line.rows[0]?.carrier
    if (carrier === undefined) throw new RangeError(`there is no line ${lineId}`)
    const isApplied = await inTurn(pool, { id: lineId, carrier }, async (client) => {
      await client.query(
        `insert into carrier.credit (id, line_id, refund_id, amount, created_at)
         values ($1, $2, $3, $4, $5) on conflict (refund_id) do nothing`,
        [createId('credit', clock.machineNow()), lineId, refundId, amount, at],
      )
      const own = await recoverByCredits(client, lineId, at, refundId)
      const applied = await applyCredits(client, [lineId], at)
      const recovered = [...own, ...(await recoverByCredits(client, lineId, at))]
      const about = { carrier, lineId, about: refundId, kind: 'recovery' as const }
      await postings.insertIn(
        client,
        byBucket(recovered, 0n).map((part) => ({ ...part, ...about })),
      )
      return applied.length > 0 || recovered.length > 0
    })
    // Also what a crash left after the commit, when this is repeated.
    await postings.book(lineId)
    changes.tell({ lineId, what: 'standing', id: refundId, atMs: clock.now() })
    if (isApplied) await this.#onApplied(lineId)
  }

  /** What is left for later bills, in smallest units. */
  async left(lineId: string): Promise<bigint> {
    const { rows } = await this.#parts.pool.query<{ left: string }>(
      `select coalesce(sum(amount - used), 0)::bigint as left
       from carrier.credit where line_id = $1 and used < amount`,
      [lineId],
    )
    return BigInt(rows[0]?.left ?? 0)
  }

  /** Oldest first. */
  async list(lineId: string): Promise<Credit[]> {
    const { rows } = await this.#parts.pool.query<CreditRow>(
      'select * from carrier.credit where line_id = $1 order by created_at, id',
      [lineId],
    )
    return rows.map((row) => ({
      id: row.id,
      lineId: row.line_id,
      amount: BigInt(row.amount),
      used: BigInt(row.used),
      from: creditSource(row),
      createdAtMs: row.created_at.getTime(),
    }))
  }
}

interface CreditRow {
  readonly id: string
  readonly line_id: string
  readonly refund_id: string | null
  readonly receipt_id: string | null
  readonly amount: string
  readonly used: string
  readonly created_at: Date
}

/** Where a credit came from. */
export function creditSource(row: {
  readonly refund_id: string | null
  readonly receipt_id: string | null
}): Credit['from'] {
  if (row.refund_id !== null) return 'refund'
  return row.receipt_id === null ? 'early' : 'receipt'
}
