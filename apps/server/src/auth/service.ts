import type { Clock } from '@jeon/clock'
import { Cache } from '../cache.ts'
import { type Refusal, refuse } from '../errors.ts'
import { createId } from '../ids.ts'
import { eventTokenPrefix } from '../rails/event-token.ts'
import type { RequestHead } from '../request.ts'
import type {
  ApiKey,
  Caller,
  KeyKind,
  PageKey,
  Scope,
  SessionProblem,
  WalletSession,
} from './model.ts'
import { usualScopes } from './model.ts'
import type { AuthStore } from './store.ts'
import { createToken, hashToken, prefixOfToken } from './tokens.ts'

/** The cookies of a wallet session. */
export const sessionCookie = 'jeon_session'
export const deviceCookie = 'jeon_device'

/** Sessions end after this long: the longest that browsers keep a cookie. */
export const sessionSeconds = 400 * 24 * 3600

/** How long another process's revocation may go unnoticed, in milliseconds. */
const believedForMs = 30_000

export interface NewSession {
  readonly token: string
  readonly device: string
}

/** Tells who is asking. Keys and sessions are read once and then believed for a short while. */
export class Auth {
  readonly #store: AuthStore
  readonly #clock: Clock
  readonly #keys = new Cache<string, ApiKey>({ entriesMax: 20_000, ttlMs: believedForMs })
  readonly #sessions = new Cache<string, WalletSession>({
    entriesMax: 200_000,
    ttlMs: believedForMs,
  })
  /** Counts revocations, so that what was read before one is not kept after it. */
  #revocations = 0

  constructor(store: AuthStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Who sent this request; a refusal when it shows a key that is wrong. */
  async identify(head: RequestHead): Promise<Caller | Refusal> {
    if (head.authorization === undefined) return this.#withCookies(head, undefined)
    const token = bearerOf(head.authorization)
    // A carrier that tells something is nobody whom this platform knows: its endpoint looks at what it shows.
    if (token?.startsWith(eventTokenPrefix) === true) return strangers
    const prefix = token === undefined ? undefined : prefixOfToken(token)
    if (token === undefined || prefix === undefined) return refuse('key_invalid', inAuthorization)
    const hash = hashToken(token)
    if (prefix === 'ws_test') return this.#withToken(hash)
    const key = await this.#keyOf(hash)
    if (key === undefined) return refuse('key_invalid', inAuthorization)
    const { merchantId } = key
    if (merchantId === null) return { as: 'operator', key }
    if (key.kind === 'sk') return { as: 'merchant', key, merchantId }
    return this.#withCookies(head, { key, merchantId })
  }

  /** Makes a key. The text is returned once and not kept. */
  async issueKey(
    kind: KeyKind,
    merchantId: string | null,
    only: readonly Scope[] = usualScopes[kind],
  ): Promise<string> {
    const token = createToken(`${kind}_test`)
    await this.keepKey(token, kind, merchantId, only)
    return token
  }

  /** Makes a key valid whose text is known already: the sandbox's keys survive a new database. */
  async keepKey(
    token: string,
    kind: KeyKind,
    merchantId: string | null,
    only: readonly Scope[] = usualScopes[kind],
  ): Promise<void> {
    const key = { hash: hashToken(token), kind, merchantId, scopes: new Set(only) }
    await this.#store.saveKey(key, new Date(this.#clock.now()))
    this.#keys.forget(key.hash)
  }

  async revokeKey(token: string): Promise<void> {
    const hash = hashToken(token)
    await this.#store.revokeKey(hash, new Date(this.#clock.now()))
    this.#revocations += 1
    this.#keys.forget(hash)
  }

  /** A session for a browser, bound to its device. */
  async issueSession(walletId: string): Promise<NewSession> {
    const nowMs = this.#clock.now()
    const token = createToken('ws_test')
    const device = createId('dev', nowMs) + createToken('ws_test').slice(8)
    await this.#saveSession(token, walletId, 'cookie', hashToken(device))
    return { token, device }
  }

  /** A token for machines, not bound to a device. */
  async issueToken(walletId: string): Promise<string> {
    const token = createToken('ws_test')
    await this.#saveSession(token, walletId, 'token', null)
    return token
  }

  async endSession(session: WalletSession): Promise<void> {
    await this.#store.revokeSession(session.hash, new Date(this.#clock.now()))
    this.#revocations += 1
    this.#sessions.forget(session.hash)
  }

  async #saveSession(
    token: string,
    walletId: string,
    kind: WalletSession['kind'],
    deviceHash: string | null,
  ): Promise<void> {
    const nowMs = this.#clock.now()
    const expiresAtMs = nowMs + sessionSeconds * 1000
    const session = { hash: hashToken(token), walletId, kind, deviceHash, expiresAtMs }
    await this.#store.saveSession(session, new Date(nowMs))
    this.#sessions.set(session.hash, session)
  }

  async #withToken(hash: string): Promise<Caller | Refusal> {
    const session = await this.#sessionOf(hash)
    // A cookie's secret works as a cookie only: its device has to come along.
    if (session?.kind !== 'token') return refuse('session_invalid', inAuthorization)
    return { as: 'wallet', session, page: undefined }
  }

  async #withCookies(head: RequestHead, page: PageKey | undefined): Promise<Caller> {
    const session = await this.#sessionInCookies(head.cookie)
    if (typeof session !== 'string') return { as: 'wallet', session, page }
    if (page !== undefined) return { as: 'page', page, sessionProblem: session }
    return { as: 'anyone', sessionProblem: session }
  }

  async #sessionInCookies(cookie: string | undefined): Promise<WalletSession | SessionProblem> {
    if (cookie === undefined) return 'session_missing'
    const token = cookieValue(cookie, sessionCookie)
    if (token === undefined || prefixOfToken(token) !== 'ws_test') return 'session_missing'
    const session = await this.#sessionOf(hashToken(token))
    if (session === undefined) return 'session_missing'
    const device = cookieValue(cookie, deviceCookie)
    if (device === undefined || session.deviceHash !== hashToken(device)) {
      return 'session_device_mismatch'
    }
    return session
  }

  async #keyOf(hash: string): Promise<ApiKey | undefined> {
    const known = this.#keys.get(hash)
    if (known !== undefined) return known
    const revocations = this.#revocations
    const key = await this.#store.findKey(hash)
    if (key !== undefined && revocations === this.#revocations) this.#keys.set(hash, key)
    return key
  }

  async #sessionOf(hash: string): Promise<WalletSession | undefined> {
    let session = this.#sessions.get(hash)
    if (session === undefined) {
      const revocations = this.#revocations
      session = await this.#store.findSession(hash)
      if (session === undefined) return undefined
      if (revocations === this.#revocations) this.#sessions.set(hash, session)
    }
    return session.expiresAtMs > this.#clock.now() ? session : undefined
  }
}

const strangers: Caller = { as: 'anyone', sessionProblem: 'session_missing' }
const inAuthorization = { param: 'Authorization' }

function bearerOf(authorization: string): string | undefined {
  if (authorization.length < 8 || authorization.slice(0, 7).toLowerCase() !== 'bearer ') {
    return undefined
  }
  return authorization.slice(7).trim()
}

/** The value of the first cookie of that name. */
export function cookieValue(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim()
  }
  return undefined
}
