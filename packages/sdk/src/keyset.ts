import { importJWK } from 'jose'
import { fieldsOf, isFields, listOf, optionalText, parseJson } from './reader.ts'

/** A published key, or why there is none. */
export type KeyLookup =
  | { readonly status: 'found'; readonly key: CryptoKey }
  | { readonly status: 'unknown_key' }
  | { readonly status: 'keys_unreachable'; readonly detail: string }

/** The operator's published signing keys. */
export interface KeySet {
  find(kid: string): Promise<KeyLookup>
}

export interface KeySetOptions {
  readonly url: string
  readonly fetch: typeof fetch
  readonly timeoutMs: number
  /** Milliseconds that only go forward. (Default: `performance.now`.) */
  readonly monotonicMs?: () => number
}

/** Keys are fetched again after this long, so that a new one is known before it is met. */
const freshMs = 5 * 60_000
/** Keys older than this are not relied on, so that a withdrawn one stops working even when the server is silent. */
const usableMs = 60 * 60_000
/** Made-up key ids must not turn into a stream of requests. */
const unknownKeyPauseMs = 30_000
/** After a failed fetch the server is left alone this long. */
const failurePauseMs = 1_000

/** Fetches the keys when first needed, keeps them, and fetches again for an unknown key id, at most twice a minute. */
export function createKeySet(options: KeySetOptions): KeySet {
  const nowMs = options.monotonicMs ?? (() => performance.now())
  let keys: ReadonlyMap<string, CryptoKey> = new Map()
  let fetchedAtMs = Number.NEGATIVE_INFINITY
  let failedAtMs = Number.NEGATIVE_INFINITY
  let failure = ''
  let refreshing: Promise<void> | undefined

  const refresh = async (): Promise<void> => {
    if (nowMs() - failedAtMs < failurePauseMs) return
    refreshing ??= fetchKeys(options)
      .then(
        (fetched) => {
          keys = fetched
          fetchedAtMs = nowMs()
        },
        (error: unknown) => {
          failedAtMs = nowMs()
          failure = error instanceof Error ? error.message : 'unknown failure'
        },
      )
      .finally(() => {
        refreshing = undefined
      })
    await refreshing
  }

  return {
    async find(kid) {
      if (nowMs() - fetchedAtMs > freshMs) await refresh()
      if (!keys.has(kid) && nowMs() - fetchedAtMs > unknownKeyPauseMs) await refresh()
      if (nowMs() - fetchedAtMs > usableMs) return { status: 'keys_unreachable', detail: failure }
      const key = keys.get(kid)
      return key === undefined ? { status: 'unknown_key' } : { status: 'found', key }
    },
  }
}

/** Keys that are given rather than fetched: `{ keys: [ … ] }` as published at `/.well-known/jwks.json`. */
export function keySetOf(jwks: unknown): KeySet {
  const keys = importKeys(jwks)
  return {
    async find(kid) {
      const key = (await keys).get(kid)
      return key === undefined ? { status: 'unknown_key' } : { status: 'found', key }
    },
  }
}

async function fetchKeys(options: KeySetOptions): Promise<ReadonlyMap<string, CryptoKey>> {
  const response = await options.fetch(options.url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(options.timeoutMs),
  })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${options.url} answered ${response.status}`)
  const keys = await importKeys(parseJson(text))
  if (keys.size === 0) throw new Error(`${options.url} publishes no Ed25519 key`)
  return keys
}

async function importKeys(jwks: unknown): Promise<ReadonlyMap<string, CryptoKey>> {
  const keys = new Map<string, CryptoKey>()
  for (const jwk of listOf(fieldsOf(jwks, 'key set'), 'keys', (json) => json)) {
    // Whatever else the operator publishes is not for receipts: only Ed25519 signs them.
    if (!isFields(jwk) || jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519') continue
    const kid = optionalText(jwk, 'kid')
    const x = optionalText(jwk, 'x')
    if (kid === undefined || x === undefined) continue
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA')
    if (!(key instanceof Uint8Array)) keys.set(kid, key)
  }
  return keys
}
