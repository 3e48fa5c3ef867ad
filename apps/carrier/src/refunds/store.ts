import type { ReversalRules } from '@jeon/billing'
import { type Selectable, sql } from 'kysely'
import type pg from 'pg'
import { z } from 'zod'
import { holdOffClose, takeTurn } from '../bills/turn.ts'
import type { Database } from '../database.ts'
import { inTransaction } from '../database.ts'
import type { Refund } from '../model.ts'
import type { LinePage } from '../payments/model.ts'
import { plain, storable } from '../payments/rows.ts'
import type { RefundTable } from '../tables.ts'
import type { RefundHook } from './model.ts'

/** A refund with what only this folder needs to know of it. */
export interface KeptRefund extends Refund {
  /** `refund` gives limits back while their period runs; `movement` leaves them as they are. */
  readonly ledgerKind: 'refund' | 'movement'
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const factsSchema = z.record(z.string(), z.unknown())

/** Reads and writes refunds; the payment's row says how much of it is taken. */
export class RefundStore {
  readonly #database: Database
  readonly #pool: pg.Pool
  readonly #hooks: RefundHook[] = []

  constructor(database: Database, pool: pg.Pool) {
    this.#database = database
    this.#pool = pool
  }

  onChanging(hook: RefundHook): void {
    this.#hooks.push(hook)
  }

  async find(refundId: string): Promise<KeptRefund | undefined> {
    if (!UUID.test(refundId)) return undefined
    const row = await this.#database
      .selectFrom('carrier.refund')
      .selectAll()
      .where('id', '=', refundId)
      .executeTakeFirst()
    return row === undefined ? undefined : refundFrom(row)
  }

  async byCorrelator(
    carrier: string,
    clientId: string,
    correlator: string,
  ): Promise<KeptRefund | undefined> {
    const row = await this.#database
      .selectFrom('carrier.refund')
      .selectAll()
      .where('carrier', '=', carrier)
      .where('client_id', '=', clientId)
      .where('client_correlator', '=', correlator)
      .executeTakeFirst()
    return row === undefined ? undefined : refundFrom(row)
  }

  /** Oldest first. */
  async ofPayment(paymentId: string): Promise<KeptRefund[]> {
    if (!UUID.test(paymentId)) return []
    const rows = await this.#database
      .selectFrom('carrier.refund')
      .selectAll()
      .where('payment_id', '=', paymentId)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(refundFrom)
  }

  /** Newest first. */
  async ofLine(lineId: string, { beforeMs, limit }: LinePage): Promise<KeptRefund[]> {
    let query = this.#database
      .selectFrom('carrier.refund')
      .selectAll()
      .where('line_id', '=', lineId)
    if (beforeMs !== undefined) query = query.where('created_at', '<', new Date(beforeMs))
    const rows = await query
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map(refundFrom)
  }

  async unresolved(): Promise<KeptRefund[]> {
    const rows = await this.#database
      .selectFrom('carrier.refund')
      .selectAll()
      .where('status', '=', 'processing')
      .orderBy('created_at')
      .execute()
    return rows.map(refundFrom)
  }

  async isBilled(paymentId: string): Promise<boolean> {
    const row = await this.#database
      .selectFrom('carrier.bill_item')
      .select('bill_id')
      .where('payment_id', '=', paymentId)
      .executeTakeFirst()
    return row !== undefined
  }

  /** Whether its owner has paid all of it, on a bill or early. */
  async isPaid(paymentId: string): Promise<boolean> {
    const { rows } = await sql<{ is_paid: boolean }>`
      select coalesce(i.paid + i.credited = i.amount, p.paid_early = p.amount - p.cancelled) as is_paid
      from carrier.payment p left join carrier.bill_item i on i.payment_id = p.id
      where p.id = ${paymentId}`.execute(this.#database)
    return rows[0]?.is_paid === true
  }

  /**
   * Keeps the intention and takes the amount from what is left of the payment. `nothing_left`: so much is not left.
   * `billed`: it is on a bill by now, or paid early where that ends it, so it can no longer be cancelled; the close waits
   * until this is settled.
   */
  async begin(
    refund: KeptRefund,
    { cancelAfterEarlyPayment }: Pick<ReversalRules, 'cancelAfterEarlyPayment'>,
  ): Promise<'begun' | 'nothing_left' | 'billed'> {
    let isBilled = false
    const isBegun = await this.#changing([refund], async (client) => {
      if (refund.mode === 'cancel') {
        await holdOffClose(client, refund.carrier)
        // An early payment takes the same turn: whoever is second sees the first.
        await takeTurn(client, refund.lineId)
        const item = `select from carrier.bill_item where payment_id = $1
                      union all select from carrier.payment where id = $1 and paid_early > 0 and not $2::boolean`
        isBilled =
          (await client.query(item, [refund.paymentId, cancelAfterEarlyPayment])).rowCount !== 0
        if (isBilled) return false
      }
      const { rowCount } = await client.query(
        `update carrier.payment set refunded = refunded + $2
         where id = $1 and status = 'succeeded' and refunded + $2 <= amount`,
        [refund.paymentId, String(refund.amount)],
      )
      if (rowCount !== 1) return false
      await client.query(INSERT, insertValues(refund))
      return true
    })
    if (isBegun) return 'begun'
    return isBilled ? 'billed' : 'nothing_left'
  }

  /** The money is back. What was cancelled is never billed. `tell` writes what its owner is told, in the same transaction. */
  async succeed(refund: KeptRefund, tell: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    await this.#changing([refund], async (client) => {
      const { rowCount } = await client.query(
        `update carrier.refund set status = 'succeeded', refunded_at = $2
         where id = $1 and status = 'processing'`,
        [refund.id, timeOf(refund.refundedAtMs)],
      )
      if (rowCount !== 1) return
      await tell(client)
      if (refund.mode !== 'cancel') return
      await client.query('update carrier.payment set cancelled = cancelled + $2 where id = $1', [
        refund.paymentId,
        String(refund.amount),
      ])
    })
  }

  /** Nothing came back: the amount is left of the payment again. */
  async deny(refund: KeptRefund): Promise<void> {
    await this.#changing([refund], async (client) => {
      const { rowCount } = await client.query(
        `update carrier.refund set status = 'denied', denial_reason = $2
         where id = $1 and status = 'processing'`,
        [refund.id, refund.denialReason],
      )
      if (rowCount !== 1) return
      await client.query('update carrier.payment set refunded = refunded - $2 where id = $1', [
        refund.paymentId,
        String(refund.amount),
      ])
    })
  }

  async isReferenceUsed(carrier: string, clientId: string, reference: string): Promise<boolean> {
    const { rows } = await sql<{ id: string }>`
      select id from carrier.refund
      where carrier = ${carrier} and client_id = ${clientId} and reference_code = ${plain(reference)}
      limit 1`.execute(this.#database)
    return rows.length > 0
  }

  #changing<T>(
    refunds: readonly KeptRefund[],
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    return inTransaction(this.#pool, async (client) => {
      const result = await work(client)
      if (result !== false) for (const hook of this.#hooks) await hook(client, refunds)
      return result
    })
  }
}

const INSERT = `
  insert into carrier.refund (id, carrier, client_id, payment_id, client_correlator, reference_code, line_id, bucket,
                              type, ledger_kind, mode, status, amount, reason, facts, sink, sink_token, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'processing', $12, $13, $14, $15, $16, $17)`

function insertValues(refund: KeptRefund): (string | null)[] {
  return [
    refund.id,
    refund.carrier,
    refund.clientId,
    refund.paymentId,
    refund.clientCorrelator,
    plain(refund.referenceCode),
    refund.lineId,
    refund.bucket,
    refund.type,
    refund.ledgerKind,
    refund.mode,
    String(refund.amount),
    refund.reason === null ? null : plain(refund.reason),
    storable(refund.facts),
    refund.sink,
    refund.sinkToken,
    timeOf(refund.createdAtMs),
  ]
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

function refundFrom(row: Selectable<RefundTable>): KeptRefund {
  return {
    id: row.id,
    carrier: row.carrier,
    clientId: row.client_id,
    paymentId: row.payment_id,
    lineId: row.line_id,
    bucket: row.bucket,
    clientCorrelator: row.client_correlator,
    referenceCode: row.reference_code,
    type: row.type,
    ledgerKind: row.ledger_kind,
    mode: row.mode,
    status: row.status,
    amount: BigInt(row.amount),
    reason: row.reason,
    facts: factsSchema.parse(row.facts),
    sink: row.sink,
    sinkToken: row.sink_token,
    denialReason: row.denial_reason,
    createdAtMs: row.created_at.getTime(),
    refundedAtMs: row.refunded_at?.getTime() ?? null,
  }
}
