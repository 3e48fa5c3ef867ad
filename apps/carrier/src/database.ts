import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

export interface OpenDatabase {
  readonly database: Database
  /** The same sessions, for statements over arrays and for transactions that several parts write in. */
  readonly pool: pg.Pool
  close(): Promise<void>
}

const DATE_OID = 1082

/** Opens a pool of sessions on the carrier's own database; nothing is sent before the first query. */
export function openDatabase(databaseUrl: string, sessions = 12): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: sessions,
    application_name: 'jeon-carrier',
    connectionTimeoutMillis: 5_000,
    types: {
      // A day is text: the driver would make it midnight in the zone of this machine.
      getTypeParser: (oid, format) =>
        oid === DATE_OID ? (text: string) => text : pg.types.getTypeParser(oid, format),
    },
  })
  // Without a listener the loss of an idle session would end the process; the next query opens another.
  pool.on('error', () => undefined)
  // The pool listens to idle sessions alone; one in use that is lost between two statements would end it as well.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return { database, pool, close: () => database.destroy() }
}

/** Runs `work` in one transaction on one session. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((lost: Error) => {
      broken = lost
    })
    throw error
  } finally {
    client.release(broken)
  }
}
