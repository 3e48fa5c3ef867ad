/**
 * Databases inside a running server: make one, drop one, or lend one to a function.
 */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { codeOf } from './start-failure.ts'

/** How long one CREATE or DROP DATABASE may take before it is given up. */
const STATEMENT_TIMEOUT_MS = 60_000
const CONNECT_TIMEOUT_MS = 15_000
/** Names that read the same in SQL, in a URL and in a log; also PostgreSQL's limit of 63 bytes. */
const NAME = /^[a-z][a-z0-9_]{0,62}$/

export interface CreateDatabaseOptions {
  /** The database to copy; nobody may be connected to it. (Default: `template1`, an empty database) */
  readonly template?: string
}

/**
 * Creates the database `name` on the server behind `url` and returns its URL.
 *
 * @example
 * const url = await createDatabase(server.url, 'shop')
 */
export async function createDatabase(
  url: string,
  name: string,
  options: CreateDatabaseOptions = {},
): Promise<string> {
  const template = options.template ?? 'template1'
  await execute(url, `CREATE DATABASE ${checked(name)} TEMPLATE ${checked(template)}`)
  return databaseUrl(url, name)
}

/** The URL of the database `name` on the server behind `url`; an empty one is made when there is none. */
export async function ensureDatabase(url: string, name: string): Promise<string> {
  try {
    return await createDatabase(url, name)
  } catch (error) {
    // 42P04 duplicate_database
    if (codeOf(error) === '42P04') return databaseUrl(url, name)
    throw error
  }
}

/** Drops the database `name` and ends whatever is still connected to it; absent is fine. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await execute(url, `DROP DATABASE IF EXISTS ${checked(name)} WITH (FORCE)`)
}

/** A database of one's own and the way to give it back. */
export interface FreshDatabase {
  readonly url: string
  readonly name: string
  /** Drops the database; calling it twice is harmless. */
  drop(): Promise<void>
}

/** Creates a database with a name that nobody else has. */
export async function createFreshDatabase(
  url: string,
  options: CreateDatabaseOptions = {},
): Promise<FreshDatabase> {
  const name = `fresh_${randomBytes(8).toString('hex')}`
  const own = await createDatabase(url, name, options)
  return { url: own, name, drop: () => dropDatabase(url, name) }
}

/**
 * Lends a fresh database to `use` and drops it afterwards, also when `use` throws.
 *
 * @example
 * await withFreshDatabase(server.url, async (url) => migrate(url))
 */
export async function withFreshDatabase<Result>(
  url: string,
  use: (url: string) => Promise<Result>,
  options: CreateDatabaseOptions = {},
): Promise<Result> {
  const database = await createFreshDatabase(url, options)
  try {
    return await use(database.url)
  } finally {
    await database.drop()
  }
}

/** The same server and credentials, another database. */
export function databaseUrl(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${checked(name)}`
  return address.href
}

function checked(name: string): string {
  if (!NAME.test(name)) {
    throw new TypeError(
      `"${name}" cannot name a database here: use a letter, then letters, digits or _`,
    )
  }
  return name
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
  })
  // A server that goes away between two statements must reject the call, not end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
