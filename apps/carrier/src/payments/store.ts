import { type SelectQueryBuilder, sql } from 'kysely'
import type { Database } from '../database.ts'
import type { Attempt, PaymentStatus } from '../model.ts'
import type { Tables } from '../tables.ts'
import type { LinePage, PaymentFilter, PaymentPage } from './model.ts'
import { attemptFrom, type KeptPayment, paymentFrom } from './rows.ts'

type Query = SelectQueryBuilder<Tables, 'carrier.payment', object>

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Reads payments and attempts. */
export class PaymentStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async find(paymentId: string): Promise<KeptPayment | undefined> {
    if (!UUID.test(paymentId)) return undefined
    const row = await this.#database
      .selectFrom('carrier.payment')
      .selectAll()
      .where('id', '=', paymentId)
      .executeTakeFirst()
    return row === undefined ? undefined : paymentFrom(row)
  }

  async byCorrelator(
    carrier: string,
    clientId: string,
    correlator: string,
  ): Promise<KeptPayment | undefined> {
    const row = await this.#database
      .selectFrom('carrier.payment')
      .selectAll()
      .where('carrier', '=', carrier)
      .where('client_id', '=', clientId)
      .where('client_correlator', '=', correlator)
      .executeTakeFirst()
    return row === undefined ? undefined : paymentFrom(row)
  }

  async isReferenceUsed(carrier: string, clientId: string, reference: string): Promise<boolean> {
    const row = await this.#database
      .selectFrom('carrier.payment')
      .select('id')
      .where('carrier', '=', carrier)
      .where('client_id', '=', clientId)
      .where('reference_code', '=', reference)
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }

  async list(filter: PaymentFilter): Promise<PaymentPage> {
    const { order, page, perPage } = filter
    const all = narrowed(this.#database.selectFrom('carrier.payment'), filter)
    const [rows, { total }] = await Promise.all([
      all
        .selectAll()
        .orderBy('created_at', order)
        .orderBy('id', order)
        .limit(perPage)
        .offset((page - 1) * perPage)
        .execute(),
      all.select((eb) => eb.fn.countAll<string>().as('total')).executeTakeFirstOrThrow(),
    ])
    return { payments: rows.map(paymentFrom), total: Number(total) }
  }

  async ofLine(lineId: string, { cycle, beforeMs, limit }: LinePage): Promise<KeptPayment[]> {
    let query = this.#database
      .selectFrom('carrier.payment')
      .selectAll()
      .where('line_id', '=', lineId)
    if (cycle !== undefined) query = query.where('cycle', '=', cycle)
    if (beforeMs !== undefined) query = query.where('created_at', '<', new Date(beforeMs))
    const rows = await query
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map(paymentFrom)
  }

  async attempts(lineId: string, { beforeMs, limit }: LinePage): Promise<Attempt[]> {
    let query = this.#database
      .selectFrom('carrier.attempt')
      .selectAll()
      .where('line_id', '=', lineId)
    if (beforeMs !== undefined) query = query.where('at', '<', new Date(beforeMs))
    const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
    return rows.map(attemptFrom)
  }

  /** Those in one of the statuses, oldest first. */
  async unresolved(
    statuses: readonly PaymentStatus[],
    expiredAtMs?: number,
  ): Promise<KeptPayment[]> {
    let query = this.#database
      .selectFrom('carrier.payment')
      .selectAll()
      .where('status', 'in', ['processing', 'pending_validation', 'reserved'])
      .where('status', 'in', [...statuses])
    if (expiredAtMs !== undefined) query = query.where('expires_at', '<=', new Date(expiredAtMs))
    const rows = await query.orderBy('created_at').limit(UNRESOLVED_AT_ONCE).execute()
    return rows.map(paymentFrom)
  }

  async nextExpiryAt(): Promise<number | undefined> {
    const row = await this.#database
      .selectFrom('carrier.payment')
      .select((eb) => eb.fn.min('expires_at').as('at'))
      .where('status', 'in', ['processing', 'pending_validation', 'reserved'])
      .where('status', 'in', ['pending_validation', 'reserved'])
      .executeTakeFirst()
    return row?.at?.getTime()
  }
}

export const UNRESOLVED_AT_ONCE = 1_000

function narrowed(query: Query, filter: PaymentFilter): Query {
  const { lineId, fromMs, toMs, status, merchantId } = filter
  let narrow = query.where('carrier', '=', filter.carrier).where('client_id', '=', filter.clientId)
  if (lineId !== undefined) narrow = narrow.where('line_id', '=', lineId)
  if (fromMs !== undefined) narrow = narrow.where('created_at', '>=', new Date(fromMs))
  if (toMs !== undefined) narrow = narrow.where('created_at', '<=', new Date(toMs))
  if (merchantId !== undefined) narrow = narrow.where('merchant_id', '=', merchantId)
  if (status !== undefined) {
    narrow = narrow.where('status', '=', sql<PaymentStatus>`any(${[...status]}::text[])`)
  }
  return narrow
}
