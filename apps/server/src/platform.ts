import type { Server } from 'node:http'
import { join } from 'node:path'
import { Ledger, migrateLedger } from '@jeon/ledger'
import { type App, createApp } from './app.ts'
import type { CarrierConfig } from './carriers/model.ts'
import { CarrierClocks } from './carriers/sandbox-clock.ts'
import { Seal } from './carriers/seal.ts'
import { openSandboxClock, type SandboxClock } from './clock/service.ts'
import { openDatabase } from './database.ts'
import { createListener, type ListenerOptions } from './listener.ts'
import { createLog, type Log } from './log.ts'
import { migratePlatform } from './migrate.ts'
import type { PageParts } from './pages.ts'
import type { CarrierSettings } from './rails/setup.ts'
import { ReceiptKeys } from './receipts/keys.ts'
import { type SandboxKeys, seedSandbox } from './sandbox/seed.ts'
import { type Limits, sandboxLimits } from './settings.ts'

export interface PlatformOptions {
  readonly databaseUrl: string
  /** Where keys are kept; has to exist. */
  readonly directory: string
  /** How pages and merchants reach it: `http://localhost:4242`. */
  readonly publicUrl: string
  /** (Default: [0, 1]) */
  readonly shards?: readonly number[]
  /** Pages of the sandbox's merchant. (Default: the newspaper's) */
  readonly merchantOrigins?: readonly string[]
  /** (Default: {@link sandboxLimits}) */
  readonly limits?: Limits
  /** (Default: neither the script nor the wallet page) */
  readonly pages?: PageParts
  /** (Default: lines of JSON on standard error) */
  readonly log?: Log
  readonly listener?: ListenerOptions
  readonly heartbeatMs?: number
  /** The phone companies whose lines can be linked. (Default: none) */
  readonly carriers?: readonly CarrierConfig[]
  /** How carriers are reached. (Default: the runtime's fetch) */
  readonly carrierFetch?: typeof globalThis.fetch
  /** Told before each step, for a progress display. */
  readonly onStep?: (step: 'migrate' | 'ledger' | 'seed') => void
  /** (Default: Date.now) */
  readonly machineMs?: () => number
}

/** A running platform. */
export interface Platform {
  readonly app: App
  readonly server: Server
  readonly keys: SandboxKeys
  readonly ledger: Ledger
  /** Listens; resolves with the port. */
  listen(port: number, host?: string): Promise<number>
  /** Takes nothing new, finishes what was begun, and lets everything go. */
  close(): Promise<void>
}

/** How long what was begun may take to finish, in milliseconds, before connections are cut. */
const farewellMs = 10_000

/** Opens the platform on a database: tables, ledger, keys, seed, server. */
export async function openPlatform(options: PlatformOptions): Promise<Platform> {
  const { databaseUrl, directory, publicUrl } = options
  const machineMs = options.machineMs ?? Date.now
  const log = options.log ?? createLog()
  options.onStep?.('migrate')
  await migrateLedger(databaseUrl)
  await migratePlatform(databaseUrl)
  const { database, close: closeDatabase } = openDatabase(databaseUrl)
  let opened: Ledger | undefined
  try {
    const clock = await openSandboxClock(database, machineMs)
    options.onStep?.('ledger')
    const ledger = await Ledger.open({
      databaseUrl,
      shards: options.shards ?? [0, 1],
      clock: () => clock.now(),
      wallClock: machineMs,
      log: ({ event, ...facts }) => log.info(event, facts),
    })
    opened = ledger
    const app = createApp({
      ledger,
      database,
      clock,
      receiptKeys: await ReceiptKeys.open(join(directory, 'receipt-keys.json')),
      settings: {
        publicUrl,
        ownOrigins: ownOriginsOf(publicUrl),
        limits: options.limits ?? sandboxLimits,
      },
      log,
      pages: options.pages ?? { elements: undefined, webDirectory: undefined },
      carriers: await carrierSettingsOf(options),
      ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
    })
    options.onStep?.('seed')
    const keysPath = join(directory, 'keys.json')
    const origins = options.merchantOrigins ?? newspaperOrigins
    const keys = await seedSandbox({ app, keysPath, origins, clock })
    await openLines(app, clock, log)
    const server = createListener(app, options.listener)
    const close = once(() => closeAll(app, server, ledger, closeDatabase, log))
    return { app, server, keys, ledger, close, listen: (port, host) => listen(server, port, host) }
  } catch (error) {
    await opened?.close()
    await closeDatabase()
    throw error
  }
}

/** Lines as they were left, at the time that their carriers have; then everything that was cut off. */
async function openLines({ line }: App, clock: SandboxClock, log: Log): Promise<void> {
  if (line === undefined) return
  const { carriers, fetch, lines, rails } = line
  const agreed = await new CarrierClocks({ clock, carriers, fetch }).agree()
  if (!agreed) log.warn('carriers.clock', { detail: 'a carrier does not keep the time' })
  await lines.open()
  rails.start()
}

async function carrierSettingsOf(options: PlatformOptions): Promise<CarrierSettings | undefined> {
  const { carriers, carrierFetch, directory } = options
  if (carriers === undefined || carriers.length === 0) return undefined
  const seal = await Seal.open(join(directory, 'line-key'))
  return { configs: carriers, seal, ...(carrierFetch === undefined ? {} : { fetch: carrierFetch }) }
}

/** Where the example newspaper is, by both names of the machine. */
export const newspaperOrigins = ['http://localhost:4300', 'http://127.0.0.1:4300'] as const

/** A browser that calls the machine by its other name is on the platform's own pages too. */
function ownOriginsOf(publicUrl: string): string[] {
  const { origin, hostname, protocol, port } = new URL(publicUrl)
  if (hostname !== 'localhost' && hostname !== '127.0.0.1') return [origin]
  const suffix = port === '' ? '' : `:${port}`
  return [`${protocol}//localhost${suffix}`, `${protocol}//127.0.0.1${suffix}`]
}

function listen(server: Server, port: number, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

async function closeAll(
  app: App,
  server: Server,
  ledger: Ledger,
  closeDatabase: () => Promise<void>,
  log: Log,
): Promise<void> {
  const drained = app.pipeline.drain()
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  app.hub.close()
  const tooLong = setTimeout(() => server.closeAllConnections(), farewellMs)
  await drained
  server.closeIdleConnections()
  // A connection between two requests is not idle for Node until its answer is flushed.
  const nudge = setInterval(() => server.closeIdleConnections(), 50)
  await closed
  clearInterval(nudge)
  clearTimeout(tooLong)
  await app.line?.rails.close()
  await ledger.close()
  await closeDatabase()
  log.info('server.closed')
  log.flush()
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= action()
    return done
  }
}
