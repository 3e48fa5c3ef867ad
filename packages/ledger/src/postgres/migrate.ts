import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const DIRECTORY = fileURLToPath(new URL('../../sql/', import.meta.url))

/** Brings the ledger's tables up to date: every numbered file once, each in a transaction of its own. */
export async function migrateLedger(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  // A lost connection fails the query that waits, and must not end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await prepare(client)
    const names = (await readdir(DIRECTORY)).filter((name) => name.endsWith('.sql')).sort()
    for (const name of names) await apply(client, name)
  } finally {
    await client.end()
  }
}

/** What two programs that create the same thing at once may be told, `IF NOT EXISTS` or not. */
const CREATED_MEANWHILE = ['23505', '42P06', '42P07', '42710', 'XX000']
const ATTEMPTS_MAX = 20

async function prepare(client: pg.Client): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query('CREATE SCHEMA IF NOT EXISTS ledger')
      await client.query(
        'CREATE TABLE IF NOT EXISTS ledger.migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
      )
      return
    } catch (error) {
      const code = error instanceof pg.DatabaseError ? error.code : undefined
      if (attempt === ATTEMPTS_MAX || !CREATED_MEANWHILE.includes(code ?? '')) throw error
    }
  }
}

/** Two programs that start at once take turns at the lock on the table of migrations. */
async function apply(client: pg.Client, name: string): Promise<void> {
  const text = await readFile(`${DIRECTORY}${name}`, 'utf8')
  await client.query('BEGIN')
  try {
    await client.query('LOCK TABLE ledger.migration IN EXCLUSIVE MODE')
    const known = await client.query('SELECT FROM ledger.migration WHERE name = $1', [name])
    if (known.rowCount === 0) {
      await client.query(text)
      await client.query('INSERT INTO ledger.migration (name) VALUES ($1)', [name])
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}
