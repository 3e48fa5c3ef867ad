import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshDatabase } from '@jeon/postgres'
import { createLog, openPlatform, type Platform, type PlatformOptions } from '../src/index.ts'

/** A sandbox of its own for a test file: a real platform on a real database, without a socket. */
export interface TestSandbox {
  readonly platform: Platform
  readonly databaseUrl: string
  readonly directory: string
  /** Sends a request through the app. `json` becomes the body. */
  send(method: string, path: string, options?: Send): Promise<Answered>
  /** A payer's browser with a new wallet. */
  browser(options?: { readonly key?: string }): Promise<Browser>
  close(): Promise<void>
}

export interface Send {
  readonly key?: string
  readonly idempotencyKey?: string
  readonly json?: unknown
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer, with its JSON read loosely: tests look into it by name. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly json: Loose
  readonly text: string
}

/** JSON as tests read it. */
export interface Loose {
  readonly [name: string]: Loose
}

export interface Browser {
  readonly walletId: string
  readonly cookie: string
  send(method: string, path: string, options?: Send): Promise<Answered>
}

export const ownOrigin = 'http://localhost:4242'
export const shopOrigin = 'http://localhost:4300'

let counter = 0

/** A key that was not used before. */
export function freshKey(): string {
  counter += 1
  return `test-key-${process.pid}-${counter}`
}

export async function openTestSandbox(
  options: Partial<PlatformOptions> = {},
): Promise<TestSandbox> {
  const database = await freshDatabase()
  const directory = await mkdtemp(join(tmpdir(), 'jeon-server-test-'))
  const platform = await openPlatform({
    databaseUrl: database.url,
    directory,
    publicUrl: ownOrigin,
    log: createLog({ level: 'silent' }),
    ...options,
  })
  const send = async (method: string, path: string, how: Send = {}): Promise<Answered> => {
    const headers = new Headers(how.headers)
    if (how.key !== undefined) headers.set('Authorization', `Bearer ${how.key}`)
    if (how.idempotencyKey !== undefined) headers.set('Idempotency-Key', how.idempotencyKey)
    const body = how.body ?? (how.json === undefined ? undefined : JSON.stringify(how.json))
    if (body !== undefined && !headers.has('Content-Type')) {
      headers.set('Content-Type', 'application/json')
    }
    const init = body === undefined ? { method, headers } : { method, headers, body }
    return answeredOf(await platform.app.hono.request(path, init))
  }
  return {
    platform,
    databaseUrl: database.url,
    directory,
    send,
    async browser({ key = platform.keys.merchant.page } = {}) {
      const made = await send('POST', '/v1/wallets', { key, json: { currency: 'KRW' } })
      const cookie = made.headers
        .getSetCookie()
        .map((line) => line.slice(0, line.indexOf(';')))
        .join('; ')
      return {
        walletId: String(made.json.id),
        cookie,
        send: (method, path, how = {}) =>
          send(method, path, { ...how, headers: { cookie, origin: ownOrigin, ...how.headers } }),
      }
    },
    async close() {
      await platform.close()
      await database.drop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function answeredOf(response: Response): Promise<Answered> {
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  const json: unknown = /\/(problem\+)?json$/.test(type) && text !== '' ? JSON.parse(text) : {}
  if (!isLoose(json)) throw new Error(`no JSON object: ${text.slice(0, 200)}`)
  return { status: response.status, headers: response.headers, json, text }
}

function isLoose(json: unknown): json is Loose {
  return typeof json === 'object' && json !== null
}
