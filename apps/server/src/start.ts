import { access, constants, mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { EmbeddedPostgresError, eraseEmbeddedPostgres, startEmbeddedPostgres } from '@jeon/postgres'
import pg from 'pg'
import { type Config, databaseDirectory, StartFailure } from './config.ts'
import { createLog } from './log.ts'
import type { PageParts } from './pages.ts'
import { openPlatform, type Platform } from './platform.ts'
import type { Progress } from './progress.ts'
import { startCarriers } from './start-carriers.ts'

/** What is running, and the way to stop it. */
export interface Running {
  readonly platform: Platform
  readonly url: string
  /** Undefined with `--no-examples`. */
  readonly newspaperUrl: string | undefined
  /** Undefined with `--no-carriers`. */
  readonly carriersUrl: string | undefined
  /** Stops everything in the opposite order, the database last. */
  stop(): Promise<void>
}

/**
 * Starts everything, telling each step.
 *
 * @throws {@link StartFailure} when something can be put right by the person who started it
 */
export async function start(config: Config, progress: Progress): Promise<Running> {
  await checkPort(config.port, config.host, '--port')
  if (config.examples) await checkPort(config.newspaperPort, config.host, '--newspaper-port')
  if (config.carriers) await checkPort(config.carrierPort, config.host, '--carrier-port')
  await prepareDirectory(config)
  const stops: (() => Promise<void>)[] = []
  const stop = once(async () => {
    for (const each of stops.reverse()) await each()
  })
  try {
    const database = await openDatabaseFor(config, progress)
    stops.push(database.stop)
    const pages = await progress.step('pages', () => buildPages())
    const carriers = config.carriers
      ? await progress.step('carriers', (say) => startCarriers(config, database.url, say))
      : undefined
    if (carriers !== undefined) stops.push(carriers.stop)
    const platform = await progress.step('platform', () =>
      openPlatform({
        databaseUrl: database.url,
        carriers: carriers?.configs ?? [],
        directory: config.directory,
        publicUrl: config.publicUrl,
        shards: config.shards,
        limits: config.limits,
        merchantOrigins: ['localhost', '127.0.0.1'].map(
          (name) => `http://${name}:${config.newspaperPort}`,
        ),
        pages: pages.parts,
        log: createLog({ level: config.logLevel }),
      }),
    )
    stops.push(() => platform.close())
    await listen(platform, config)
    const newspaperUrl = config.examples
      ? await progress.step('newspaper', () => openNewspaper(config, platform, stops))
      : undefined
    return { platform, url: config.publicUrl, newspaperUrl, carriersUrl: carriers?.url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function listen(platform: Platform, config: Config): Promise<void> {
  try {
    await platform.listen(config.port, config.host)
  } catch (error) {
    throw portFailure(error, config.port, '--port')
  }
}

async function openDatabaseFor(config: Config, progress: Progress) {
  const { databaseUrl } = config
  if (databaseUrl !== undefined) {
    await progress.step('database', () => checkDatabase(databaseUrl))
    return { url: databaseUrl, stop: async () => undefined }
  }
  return progress.step('database', async (say) => {
    try {
      return await startEmbeddedPostgres({ directory: databaseDirectory(config), log: say })
    } catch (error) {
      throw error instanceof EmbeddedPostgresError ? new StartFailure(error.message) : error
    }
  })
}

/** Says what is wrong with a database of the person's own before anything is written to it. */
async function checkDatabase(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 })
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
      return 'that database does not exist; make it with createdb'
    default: {
      const message = error instanceof Error ? error.message : String(error)
      return `${message.split('\n')[0] ?? 'it cannot be reached'}; check host, port, name and password`
    }
  }
}

async function prepareDirectory(config: Config): Promise<void> {
  const { directory, reset, databaseUrl } = config
  if (reset && databaseUrl !== undefined) {
    throw new StartFailure(
      '--reset erases the embedded database only: in your own, run "drop schema if exists jeon, ledger cascade" and "drop database if exists jeon_carrier" first.',
    )
  }
  try {
    if (reset) {
      await eraseEmbeddedPostgres(databaseDirectory(config))
      for (const name of ['keys.json', 'receipt-keys.json', 'line-key']) {
        await rm(join(directory, name), { force: true })
      }
    }
    await mkdir(directory, { recursive: true })
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw new StartFailure(error.message)
    throw new StartFailure(
      `The data directory ${directory} cannot be used (${codeOf(error) ?? 'unknown reason'}): give it to this user, or name another one with --data-dir.`,
    )
  }
}

/** Asks for the port before anything slow is begun. Port 0 takes any. */
function checkPort(port: number, host: string | undefined, flag: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(portFailure(error, port, flag)))
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

function portFailure(error: unknown, port: number, flag: string): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new StartFailure(
        `Port ${port} is taken: stop what listens there, or choose another with npm start -- ${flag} ${port + 1}.`,
      )
    case 'EACCES':
      return new StartFailure(
        `Port ${port} needs special rights: choose one above 1023 with npm start -- ${flag} ${port + 4000}.`,
      )
    case 'EADDRNOTAVAIL':
      return new StartFailure('This machine does not have the address that --host names.')
    default:
      return error
  }
}

/** The script for merchants' pages and the wallet page. Without one of them the API works all the same. */
async function buildPages(): Promise<{ readonly parts: PageParts }> {
  const elements = import('@jeon/elements/build')
    .then(({ buildElements }) => buildElements())
    .then(({ code }) => code)
  const web = import('@jeon/web').then(({ buildWeb }) => buildWeb()).then(({ folder }) => folder)
  const [code, folder] = await Promise.allSettled([elements, web])
  for (const outcome of [code, folder]) {
    if (outcome.status === 'rejected') {
      throw new StartFailure(
        `The pages could not be built: ${firstLine(outcome.reason)}; run npm ci and start again.`,
      )
    }
  }
  return {
    parts: {
      elements: code.status === 'fulfilled' ? code.value : undefined,
      webDirectory: folder.status === 'fulfilled' ? folder.value : undefined,
    },
  }
}

async function openNewspaper(
  config: Config,
  { keys }: Platform,
  stops: (() => Promise<void>)[],
): Promise<string> {
  const { startNewspaper } = await import('@jeon/example-newspaper')
  try {
    const newspaper = await startNewspaper({
      port: config.newspaperPort,
      host: config.host,
      server: config.publicUrl,
      merchant: keys.merchant.id,
      secretKey: keys.merchant.secret,
      pageKey: keys.merchant.page,
    })
    stops.push(() => newspaper.stop())
    return newspaper.url
  } catch (error) {
    throw portFailure(error, config.newspaperPort, '--newspaper-port')
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n')[0] ?? ''
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= action()
    return done
  }
}
