/**
 * A real PostgreSQL 18 as part of a Node program: started with it, stopped with it, and never left
 * behind by it. For the sandbox, the tests and the benchmarks; a production system brings its own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Binaries, openBinaries } from './binaries.ts'
import { LOGIN, openCluster } from './cluster.ts'
import { EmbeddedPostgresError } from './errors.ts'
import { findHome, type Home, openHome, removeHome } from './home.ts'
import { launchOptions } from './identity.ts'
import { explainEnd, openLog, type ServerLog } from './log.ts'
import { findFreePort } from './ports.ts'
import { describeOwner, settlePrevious } from './previous.ts'
import { killTree } from './processes.ts'
import { waitUntilReady } from './readiness.ts'
import { checkDurability, chooseSettings, type Settings } from './settings.ts'
import { stopByPid } from './stop.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

export interface EmbeddedPostgresOptions {
  /** Where the database lives: a directory of its own, made on first use. */
  readonly directory: string
  /** PostgreSQL settings on top of ours, such as `{ shared_buffers: '1GB' }`. (Default: none) */
  readonly settings?: Settings
  /** The port on 127.0.0.1; 0 takes a free one. (Default: 0) */
  readonly port?: number
  /** Told in short sentences what takes time. (Default: nobody) */
  readonly log?: (message: string) => void
  /** How long the start may take, crash recovery included. (Default: 180,000) */
  readonly startTimeoutMs?: number
  /** How long an orderly stop may take before it becomes an immediate one. (Default: 20,000) */
  readonly stopTimeoutMs?: number
}

export interface EmbeddedPostgres {
  /** With login, password and the database `postgres`. */
  readonly url: string
  readonly port: number
  /** Of the postmaster. */
  readonly pid: number
  /** Where PostgreSQL writes what it has to say. */
  readonly logFile: string
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** Ends all connections, writes a checkpoint, stops. Harmless when it has ended already. */
  stop(): Promise<void>
  /** SIGKILL to the server and all its processes, as a power cut would; for crash tests. */
  killHard(): Promise<void>
}

const ATTEMPTS = 20
const RETRY_MS = 500

/**
 * Starts the PostgreSQL in `directory` and creates it on first use. It ends with this process, also
 * when that is killed. Run as root, it becomes an unprivileged user (see home.ts).
 *
 * @throws {@link EmbeddedPostgresError}, whose message says what to do
 * @example
 * const server = await startEmbeddedPostgres({ directory: '.jeon/postgres' })
 * const pool = new Pool({ connectionString: server.url })
 * // …
 * await server.stop()
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  checkDurability(options.settings ?? {})
  const log = options.log ?? (() => {})
  const deadline = performance.now() + (options.startTimeoutMs ?? 180_000)
  const home = await openHome(resolve(options.directory), log)
  const binaries = await openBinaries(home.identity, log)
  await settlePrevious(home, log)
  const password = await openCluster(home, binaries, log)
  const settings = await chooseSettings(options.settings ?? {}, binaries, home)

  for (let attempt = 1; ; attempt += 1) {
    const port = options.port || (await findFreePort())
    try {
      const url = `postgres://${LOGIN}:${password}@127.0.0.1:${port}/postgres`
      const server = await launch(home, binaries, { ...settings, port: String(port) })
      await waitUntilReady({ ...server, url, home, deadline, log })
      return handle(server, { url, port, logFile: home.logFile }, options.stopTimeoutMs ?? 20_000)
    } catch (error) {
      if (!(error instanceof EmbeddedPostgresError) || !mayPass(error, options, attempt))
        throw error
      await sleep(RETRY_MS)
    }
  }
}

/** Is this failure one that another attempt may not meet? */
function mayPass(
  { code }: EmbeddedPostgresError,
  options: EmbeddedPostgresOptions,
  attempt: number,
): boolean {
  // Between finding a free port and using it, another program may have taken it.
  if (code === 'port_taken') return !options.port && attempt < ATTEMPTS
  // A killed server's processes notice its death within moments.
  return code === 'lingering' && attempt < ATTEMPTS
}

/**
 * Removes the database in `directory`, wherever it is kept. A server that a killed process left
 * behind is stopped; one that is in use is an error.
 */
export async function eraseEmbeddedPostgres(
  directory: string,
  log: (message: string) => void = () => {},
): Promise<void> {
  const home = await findHome(resolve(directory))
  if (home !== undefined) await settlePrevious(home, log)
  await removeHome(resolve(directory))
}

/** A server on its way up. */
export interface Launched {
  readonly child: ChildProcess
  readonly pid: number
  readonly ended: Promise<void>
  readonly watchdog: Watchdog
  readonly serverLog: ServerLog
}

async function launch(home: Home, binaries: Binaries, settings: Settings): Promise<Launched> {
  const all = { ...settings, 'jeon.owner': await describeOwner() }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const serverLog = await openLog(home)
  const watchdog = startWatchdog(home.data, home.identity)
  const child = spawn(binaries.postgres, ['-D', home.data, ...flags], {
    ...launchOptions(home.identity),
    stdio: ['ignore', 'ignore', serverLog.descriptor],
    // Out of reach of Ctrl-C, which is for us to translate into an orderly stop.
    detached: true,
  })
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done())
    child.once('error', () => done())
  }).then(() => watchdog.dismiss())
  if (child.pid !== undefined) watchdog.guard(child.pid)
  await serverLog.release()
  if (child.pid === undefined) throw await explainEnd(home, serverLog)
  return { child, pid: child.pid, ended, watchdog, serverLog }
}

function handle(
  { child, pid, ended }: Launched,
  facts: { url: string; port: number; logFile: string },
  stopTimeoutMs: number,
): EmbeddedPostgres {
  let stopping: Promise<void> | undefined
  return {
    ...facts,
    pid,
    ended,
    stop() {
      if (!hasEnded(child)) stopping ??= stopByPid(pid, stopTimeoutMs).then(() => ended)
      return stopping ?? ended
    },
    async killHard() {
      if (hasEnded(child)) return
      await killTree(pid)
      await ended
    },
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
