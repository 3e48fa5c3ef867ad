import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'

/** A migration that was applied before has been changed since: nobody knows what the tables look like then. */
export class MigrationChanged extends Error {
  override readonly name = 'MigrationChanged'
}

export interface Migrations {
  readonly databaseUrl: string
  /** Lower-case letters; made when it is missing. The record is kept in its table `migration`. */
  readonly schema: string
  /** Holds files such as `0001_platform.sql`; ends with a slash. */
  readonly directory: URL
}

/**
 * Brings a schema up to date: each numbered file once, in order, in its own transaction, recorded with its hash. Two
 * processes that start at once wait for each other.
 *
 * @returns the names of the files that were applied now
 * @throws {@link MigrationChanged}
 */
export async function migrateSchema({
  databaseUrl,
  schema,
  directory,
}: Migrations): Promise<string[]> {
  if (!/^[a-z]{1,40}$/.test(schema)) throw new RangeError(`"${schema}" cannot name a schema here`)
  const client = new pg.Client({ connectionString: databaseUrl })
  // A lost connection fails the query that waits, and must not end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(`create schema if not exists ${schema}`).catch(ignoreRace)
    await client
      .query(
        `create table if not exists ${schema}.migration (
           name text primary key, hash text not null, applied_at timestamptz not null default now())`,
      )
      .catch(ignoreRace)
    const applied: string[] = []
    for (const name of await namesIn(directory)) {
      const sql = await readFile(new URL(name, directory), 'utf8')
      if (await applyOnce(client, schema, name, sql)) applied.push(name)
    }
    return applied
  } finally {
    await client.end()
  }
}

async function namesIn(directory: URL): Promise<string[]> {
  const names = await readdir(directory)
  return names.filter((name) => /^\d{4}_[a-z_]+\.sql$/.test(name)).sort()
}

async function applyOnce(
  client: pg.Client,
  schema: string,
  name: string,
  sql: string,
): Promise<boolean> {
  const hash = createHash('sha256').update(sql).digest('hex')
  await client.query('begin')
  try {
    await client.query(`lock table ${schema}.migration in exclusive mode`)
    const known = await client.query<{ hash: string }>(
      `select hash from ${schema}.migration where name = $1`,
      [name],
    )
    const before = known.rows[0]?.hash
    if (before !== undefined && before !== hash) {
      throw new MigrationChanged(`${name} was changed after it had been applied`)
    }
    if (before === undefined) {
      await client.query(sql)
      await client.query(`insert into ${schema}.migration (name, hash) values ($1, $2)`, [
        name,
        hash,
      ])
    }
    await client.query('commit')
    return before === undefined
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/** `if not exists` can still meet itself in another transaction; then it exists. */
function ignoreRace(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== '23505' && code !== '42P06' && code !== '42P07') throw error
}
