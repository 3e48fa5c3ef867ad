import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '@jeon/postgres'
import { heapOptions } from '../machine.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 15_000

/** The platform as `npm start` runs it, as a process of its own on a database of its own. */
export interface Platform {
  readonly port: number
  readonly url: string
  readonly operatorKey: string
  readonly secretKey: string
  readonly pageKey: string
  stop(): Promise<void>
}

export async function startPlatform(databaseUrl: string, directory: string): Promise<Platform> {
  const port = await findFreePort()
  const dataDirectory = join(directory, 'platform')
  // The leash ends it when this process is gone, however that came about.
  const leash = join(ROOT, 'scripts', 'leash.mjs')
  const main = join(ROOT, 'apps', 'server', 'src', 'main.ts')
  const flags = ['--no-examples', '--port', String(port), '--data-dir', dataDirectory]
  const child = spawn(process.execPath, [...heapOptions(), '--import', leash, main, ...flags], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      JEON_LEASH: '3',
      JEON_RATE_KEY: '10000000',
      JEON_RATE_ADDRESS: '10000000',
    },
  })
  const url = `http://127.0.0.1:${port}`
  try {
    await untilReady(child, `${url}/readyz`)
    const keys: unknown = JSON.parse(await readFile(join(dataDirectory, 'keys.json'), 'utf8'))
    const merchant = at(keys, 'merchant')
    return {
      port,
      url,
      operatorKey: text(at(keys, 'operator')),
      secretKey: text(at(merchant, 'secret')),
      pageKey: text(at(merchant, 'page')),
      stop: () => end(child),
    }
  } catch (error) {
    await end(child)
    throw error
  }
}

/** Resolves with the port of the echo. */
export async function startEcho(
  replyBytes: number,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const entry = fileURLToPath(new URL('./echo.ts', import.meta.url))
  const child = spawn(process.execPath, [entry, String(replyBytes)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())))
    child.once('exit', () => reject(new Error('the echo did not start')))
  })
  return { port, stop: () => end(child) }
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000)
    })
  }
  const deadline = performance.now() + START_TIMEOUT_MS
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error(`the platform ended at its start:\n${said}`)
    const reply = await fetch(url).catch(() => undefined)
    if (reply?.ok === true) return
    await sleep(100)
  }
  throw new Error(`the platform was not ready in time:\n${said}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const tooLong = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await ended
  clearTimeout(tooLong)
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function at(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) throw new Error(`no ${name} in the keys`)
  return Reflect.get(value, name)
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('a key of the platform is no text')
  return value
}
