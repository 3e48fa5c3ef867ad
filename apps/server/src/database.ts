import { StoreError } from '@jeon/ledger'
import { type ColumnType, type Generated, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { AttemptRow, LinkRow } from './carriers/rows.ts'
import type { Int8 } from './int8.ts'
import type {
  BreakRow,
  ChargeRow,
  CollectionRow,
  ReconciliationRow,
  RefundRow,
} from './rails/rows.ts'

export interface Tables {
  'jeon.merchant': { id: string; name: string; created_at: Date }
  'jeon.merchant_origin': { merchant_id: string; origin: string }
  'jeon.api_key': {
    hash: string
    kind: 'sk' | 'pk' | 'op'
    merchant_id: string | null
    scopes: string[]
    created_at: Date
    revoked_at: ColumnType<Date | null, Date | undefined, Date>
  }
  'jeon.wallet': { id: string; shard: number; merchant_id: string | null; created_at: Date }
  'jeon.pocket': { wallet_id: string; currency: string; account_id: Int8 }
  'jeon.session': {
    hash: string
    wallet_id: string
    kind: 'cookie' | 'token'
    device_hash: string | null
    created_at: Date
    expires_at: Date
    revoked_at: ColumnType<Date | null, Date | undefined, Date>
  }
  'jeon.offer': {
    merchant_id: string
    id: string
    title: string
    amount: ColumnType<string | null, bigint | null, bigint | null>
    currency: string
    category: string
    unlocks: string | null
    active: boolean
    charge: ColumnType<'each' | 'collected' | 'auto'>
    created_at: Date
    updated_at: Date
  }
  'jeon.entitlement': {
    shard: number
    sequence: Int8
    payment_id: string
    wallet_id: string
    merchant_id: string
    offer: string
    unlocks: string
    amount: Int8
    refunded: Int8
    created_at: Date
  }
  'jeon.line_link': LinkRow
  'jeon.link_attempt': AttemptRow
  'jeon.line_audit': {
    id: Generated<string>
    wallet_id: string
    carrier: string
    phone_number: string
    action: string
    detail: string
    at: Date
  }
  'jeon.rail_charge': ChargeRow
  'jeon.collection': CollectionRow
  'jeon.rail_refund': RefundRow
  'jeon.rail_event': { carrier: string; source: string; id: string; about: string; heard_at: Date }
  'jeon.rail_task': { name: string; done_to: string }
  'jeon.reconciliation': ReconciliationRow
  'jeon.reconciliation_break': BreakRow
  'jeon.sandbox_clock': { only_row: boolean; offset_ms: Int8; frozen_at_ms: Int8 | null }
}

/** The platform's own tables. */
export type Database = Kysely<Tables>

export interface OpenDatabase {
  readonly database: Database
  close(): Promise<void>
}

/** Opens a pool of connections; nothing is sent before the first query. */
export function openDatabase(databaseUrl: string): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 8,
    application_name: 'jeon-server',
    connectionTimeoutMillis: 5_000,
  })
  // Without a listener the loss of an idle connection would end the process; the next query opens another.
  pool.on('error', () => undefined)
  // The pool listens to idle connections alone; one in use that is lost between two statements would end it as well.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return { database, close: () => database.destroy() }
}

/** Whether an error says that the database cannot be reached, is stopping, or does not answer. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // The ledger's own: it wraps what the driver throws, and says so when a shard does not answer.
  if (error instanceof StoreError) return true
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return (
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|57P0[1-3]|08...|53300)$/.test(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      error.message,
    )
  )
}
