import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import {
  createDatabase,
  databaseUrl,
  EmbeddedPostgresError,
  eraseEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@jeon/postgres'
import pg from 'pg'
import { type Config, databaseDirectory, StartFailure } from './config.ts'
import { createLog } from './log.ts'
import { type Carriers, openCarriers } from './program.ts'
import { clientSecretIn } from './secret.ts'

/** What is running, and the way to stop it. */
export interface Running {
  readonly carriers: Carriers
  readonly url: string
  readonly clientSecret: string
  /** Stops everything in the opposite order, the database last. */
  stop(): Promise<void>
}

/** The name of the carriers' own database in a PostgreSQL that is shared. */
export const carrierDatabase = 'jeon_carrier'

/**
 * Starts the carriers by themselves, telling each step.
 *
 * @throws {@link StartFailure} when something can be put right by the person who started it
 */
export async function start(config: Config, say: (step: string) => void): Promise<Running> {
  await checkPort(config)
  await prepareDirectory(config)
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each()
  }
  try {
    say('database')
    const database = await openDatabaseFor(config, say)
    stops.push(database.stop)
    say('carriers')
    const clientSecret = await clientSecretIn(config.directory)
    const carriers = await openCarriers({
      databaseUrl: database.url,
      publicUrl: config.publicUrl,
      clientSecret,
      log: createLog({ level: config.logLevel }),
      onStep: say,
    })
    stops.push(() => carriers.close())
    await carriers.listen(config.port, config.host).catch((error: unknown) => {
      throw portFailure(error, config.port)
    })
    return { carriers, url: config.publicUrl, clientSecret, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * The carriers' own database on a server that others use too, made when it is not there.
 *
 * @param serverUrl - of any database of that server
 */
export async function carrierDatabaseOn(serverUrl: string): Promise<string> {
  try {
    return await createDatabase(serverUrl, carrierDatabase)
  } catch (error) {
    // 42P04 duplicate_database
    if (codeOf(error) === '42P04') return databaseUrl(serverUrl, carrierDatabase)
    throw error
  }
}

async function openDatabaseFor(config: Config, say: (step: string) => void) {
  if (config.databaseUrl !== undefined) {
    await checkDatabase(config.databaseUrl)
    return { url: config.databaseUrl, stop: async () => undefined }
  }
  try {
    const server = await startEmbeddedPostgres({ directory: databaseDirectory(config), log: say })
    return { url: await carrierDatabaseOn(server.url), stop: () => server.stop() }
  } catch (error) {
    throw error instanceof EmbeddedPostgresError ? new StartFailure(error.message) : error
  }
}

async function checkDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
  } catch (error) {
    throw new StartFailure(`DATABASE_URL does not work: ${reasonOf(error)}.`)
  } finally {
    await client.end().catch(() => undefined)
  }
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return 'nothing listens there; start that PostgreSQL or leave DATABASE_URL away to use the embedded one'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its host name is not known; check the spelling'
    case '28P01':
    case '28000':
      return 'name or password is wrong; check both in the URL'
    case '3D000':
      return `that database does not exist; make it with createdb ${carrierDatabase}`
    default:
      return 'it cannot be reached; check host, port, name and password'
  }
}

async function prepareDirectory(config: Config): Promise<void> {
  if (config.reset && config.databaseUrl !== undefined) {
    throw new StartFailure(
      '--reset erases the embedded database only: in your own, run "drop schema if exists carrier, ledger cascade" first.',
    )
  }
  try {
    if (config.reset) await eraseEmbeddedPostgres(databaseDirectory(config))
    await mkdir(config.directory, { recursive: true })
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw new StartFailure(error.message)
    throw new StartFailure(
      `The data directory ${config.directory} cannot be used (${codeOf(error) ?? 'unknown reason'}): give it to this user, or name another one with --data-dir.`,
    )
  }
}

/** Asks for the port before anything slow is begun. Port 0 takes any. */
function checkPort({ port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(portFailure(error, port)))
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

function portFailure(error: unknown, port: number): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new StartFailure(
        `Port ${port} is taken: stop what listens there, or choose another with npm run carrier -- --port ${port + 1}.`,
      )
    case 'EACCES':
      return new StartFailure(
        `Port ${port} needs special rights: choose one above 1023 with --port.`,
      )
    case 'EADDRNOTAVAIL':
      return new StartFailure('This machine does not have the address that --host names.')
    default:
      return error
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
