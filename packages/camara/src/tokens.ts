/**
 * Access tokens for a carrier's CAMARA APIs, by the grants of CAMARA's security profile: client credentials
 * (two-legged: the client alone) and, bound to a line (three-legged), authorization code with PKCE, CIBA by polling,
 * JWT bearer and refresh. Every scope list gets the one purpose scope (`dpv:…`) that the profile asks for.
 */
import { base64url, type JWK, SignJWT } from 'jose'
import * as oidc from 'openid-client'
import { refusalOf, type TokenRefusal } from './token-refusals.ts'

/** A granted token. */
export interface Token {
  readonly accessToken: string
  /** Milliseconds since 1970; `undefined` when the server did not say. */
  readonly expiresAtMs: number | undefined
  readonly scope: string | undefined
  readonly refreshToken: string | undefined
  /** The `sub` of the ID token: not unique across carriers. */
  readonly subject: string | undefined
}

/** What every grant answers. */
export type TokenOutcome = { readonly ok: true; readonly token: Token } | TokenRefusal

/** What the client needs of {@link createTokens}. */
export interface TokenSource {
  /** A two-legged token with these scopes, from memory while it lasts. */
  clientCredentials(scopes: readonly string[]): Promise<TokenOutcome>
  /** Drops a token that the carrier refused. */
  forget(accessToken: string): void
}

export interface TokensOptions {
  /** The carrier's issuer; https, or http on this machine only. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** The purpose scope, such as `dpv:FraudPreventionAndDetection`. (Default: none is sent.) */
  readonly purpose?: `dpv:${string}`
  /** The client's private key for JWT bearer assertions. (Default: none, and that grant is not to be used.) */
  readonly assertionKey?: AssertionKey
  /** (Default: the runtime's.) */
  readonly fetch?: typeof globalThis.fetch
  /** (Default: 10,000.) */
  readonly timeoutMs?: number
  /** The machine's clock, in milliseconds since 1970: tokens run out in real time. */
  readonly now: () => number
  /** So many unguessable bytes. */
  readonly randomBytes: (length: number) => Uint8Array
}

/** A private key whose public half the carrier has. */
export interface AssertionKey {
  readonly key: CryptoKey | JWK
  /** Asymmetric, such as `ES256`. */
  readonly alg: string
  readonly kid?: string
}

/** An authorization request under way; keep it beside the payer's session until the callback. */
export interface Authorization {
  /** Where the payer's browser goes. */
  readonly url: string
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

export interface AuthorizationOptions {
  readonly scopes: readonly string[]
  readonly redirectUri: string
  /** `tel:+82…`, for a carrier that may know the line by it. */
  readonly loginHint?: string
  /** `none`: silently or not at all, as Number Verification wants it. (Default: not sent.) */
  readonly prompt?: 'none' | 'login' | 'consent'
}

/** A CIBA request under way. */
export interface Backchannel {
  readonly authReqId: string
  readonly expiresAtMs: number
  /** The least time between two polls; five seconds more after each `slow_down`. */
  readonly intervalMs: number
}

/** Makes the grants for one client of one carrier. */
export function createTokens(options: TokensOptions) {
  const issuer = new URL(options.issuer)
  if (issuer.protocol !== 'https:' && !isLoopback(issuer)) {
    throw new TypeError(`${options.issuer}: plain http is for this machine alone`)
  }
  const configured = createConfigured(options, issuer)
  const scopeOf = (scopes: readonly string[]) =>
    [...(options.purpose === undefined ? [] : [options.purpose]), ...scopes].join(' ')
  const grant = (ask: (config: oidc.Configuration) => Promise<Grant>) =>
    granted(options.now, async () => ask(await configured()))

  const cached = createCache(options.now, (scope) =>
    grant((config) => oidc.clientCredentialsGrant(config, { scope })),
  )

  return {
    clientCredentials: (scopes: readonly string[]) => cached.get(scopeOf(scopes)),
    forget: cached.forget,

    /**
     * A token for a line that the client vouches for by a signed assertion.
     *
     * @param subject - `tel:+82…`, or `operatortoken:…` from the phone (TS.43)
     * @throws TypeError without an `assertionKey`
     */
    jwtBearer: async (subject: string, scopes: readonly string[]): Promise<TokenOutcome> => {
      const { assertionKey } = options
      if (assertionKey === undefined) throw new TypeError('jwtBearer needs an assertionKey')
      return grant(async (config) => {
        const scope = scopeOf(scopes)
        const assertion = await signAssertion(options, assertionKey, config, subject)
        return oidc.genericGrantRequest(config, JWT_BEARER, { assertion, scope })
      })
    },

    /** Asks the carrier to authenticate the line itself; then {@link Backchannel} is polled. */
    startBackchannel: (loginHint: string, scopes: readonly string[]) =>
      attempt(async (): Promise<{ readonly ok: true; readonly backchannel: Backchannel }> => {
        const scope = scopeOf(['openid', ...scopes])
        const parameters = { scope, login_hint: loginHint }
        const started = await oidc.initiateBackchannelAuthentication(await configured(), parameters)
        const backchannel = {
          authReqId: started.auth_req_id,
          expiresAtMs: options.now() + started.expires_in * 1_000,
          intervalMs: (started.interval ?? CIBA_INTERVAL_DEFAULT_SECONDS) * 1_000,
        }
        return { ok: true, backchannel }
      }),

    /** Polls once: a token, or `pending`, `slow_down` (poll less often), or a final refusal. */
    pollBackchannel: (authReqId: string): Promise<TokenOutcome> =>
      grant((config) => oidc.genericGrantRequest(config, CIBA, { auth_req_id: authReqId })),

    /** Where to send the payer's browser, and what to keep until it comes back. */
    authorizationUrl: (request: AuthorizationOptions) =>
      attempt(async (): Promise<{ readonly ok: true; readonly authorization: Authorization }> => {
        const [state, nonce, codeVerifier] = [secret(options), secret(options), secret(options)]
        const parameters: Record<string, string> = {
          scope: scopeOf(['openid', ...request.scopes]),
          redirect_uri: request.redirectUri,
          state,
          nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        }
        if (request.loginHint !== undefined) parameters.login_hint = request.loginHint
        if (request.prompt !== undefined) parameters.prompt = request.prompt
        const url = oidc.buildAuthorizationUrl(await configured(), parameters).href
        return { ok: true, authorization: { url, state, nonce, codeVerifier } }
      }),

    /** The token for the code that came to the redirect URI, all checks made. */
    exchangeCode: (
      callbackUrl: string,
      authorization: Omit<Authorization, 'url'>,
    ): Promise<TokenOutcome> =>
      grant((config) =>
        oidc.authorizationCodeGrant(config, new URL(callbackUrl), {
          expectedState: authorization.state,
          expectedNonce: authorization.nonce,
          pkceCodeVerifier: authorization.codeVerifier,
        }),
      ),

    /** A new token for an old one's refresh token; the server may have replaced that, so keep the answer's. */
    refresh: async (refreshToken: string): Promise<TokenOutcome> => {
      const outcome = await grant((config) => oidc.refreshTokenGrant(config, refreshToken))
      if (!outcome.ok || outcome.token.refreshToken !== undefined) return outcome
      return { ok: true, token: { ...outcome.token, refreshToken } }
    },

    /** Gives a refresh token back, and with it everything that was granted with it (RFC 7009). */
    revoke: (refreshToken: string) =>
      attempt(async (): Promise<{ readonly ok: true } | TokenRefusal> => {
        const config = await configured()
        if (config.serverMetadata().revocation_endpoint === undefined) {
          return { ok: false, code: 'refused', detail: 'the carrier takes no tokens back' }
        }
        const hint = { token_type_hint: 'refresh_token' }
        await oidc.tokenRevocation(config, refreshToken, hint)
        return { ok: true }
      }),
  }
}

/** All grants; see {@link createTokens}. */
export type Tokens = ReturnType<typeof createTokens>

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const CIBA = 'urn:openid:params:grant-type:ciba'
const CIBA_INTERVAL_DEFAULT_SECONDS = 5
const TIMEOUT_DEFAULT_MS = 10_000

type Grant = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers

/** RFC 6761 and RFC 3330: names and addresses that never leave the machine. */
function isLoopback({ protocol, hostname }: URL): boolean {
  if (protocol !== 'http:') return false
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}

/** The server's metadata, asked once; after a failure asked again. */
function createConfigured(options: TokensOptions, issuer: URL): () => Promise<oidc.Configuration> {
  let known: Promise<oidc.Configuration> | undefined
  return () => {
    known ??= discover(options, issuer).catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
}

function discover(options: TokensOptions, issuer: URL): Promise<oidc.Configuration> {
  const ask = options.fetch
  return oidc.discovery(
    issuer,
    options.clientId,
    undefined,
    oidc.ClientSecretBasic(options.clientSecret),
    {
      timeout: (options.timeoutMs ?? TIMEOUT_DEFAULT_MS) / 1_000,
      execute: isLoopback(issuer) ? [oidc.allowInsecureRequests] : [],
      ...(ask === undefined
        ? {}
        : { [oidc.customFetch]: (url, init) => ask(url, toRequestInit(init)) }),
    },
  )
}

function toRequestInit({ body, signal, ...init }: oidc.CustomFetchOptions): RequestInit {
  const request: RequestInit = init
  if (body instanceof URLSearchParams || typeof body === 'string') request.body = body
  if (signal !== undefined) request.signal = signal
  return request
}

async function granted(now: () => number, ask: () => Promise<Grant>): Promise<TokenOutcome> {
  return attempt(async () => {
    const answer = await ask()
    const token: Token = {
      accessToken: answer.access_token,
      expiresAtMs: answer.expires_in === undefined ? undefined : now() + answer.expires_in * 1_000,
      scope: answer.scope,
      refreshToken: answer.refresh_token,
      subject: answer.claims()?.sub,
    }
    return { ok: true, token }
  })
}

async function attempt<Granted extends { readonly ok: true }>(
  ask: () => Promise<Granted | TokenRefusal>,
): Promise<Granted | TokenRefusal> {
  try {
    return await ask()
  } catch (error) {
    return refusalOf(error)
  }
}

/** 32 random bytes as 43 characters: a PKCE verifier (RFC 7636 4.1), a state or a nonce. */
function secret({ randomBytes }: TokensOptions): string {
  return base64url.encode(randomBytes(32))
}

/** RFC 7523 2.1, as the security profile narrows it: short-lived, for this server, used once. */
async function signAssertion(
  options: TokensOptions,
  { key, alg, kid }: AssertionKey,
  config: oidc.Configuration,
  subject: string,
): Promise<string> {
  const seconds = Math.floor(options.now() / 1_000)
  return new SignJWT()
    .setProtectedHeader(kid === undefined ? { alg } : { alg, kid })
    .setIssuer(options.clientId)
    .setSubject(subject)
    .setAudience(config.serverMetadata().issuer)
    .setJti(secret(options))
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + ASSERTION_SECONDS)
    .sign(key)
}

const ASSERTION_SECONDS = 60

/** Tokens by scope: one request at a time for each, and a new one before the old has run out. */
function createCache(now: () => number, ask: (scope: string) => Promise<TokenOutcome>) {
  const held = new Map<string, { readonly token: Token; readonly untilMs: number }>()
  const asking = new Map<string, Promise<TokenOutcome>>()

  async function renew(scope: string): Promise<TokenOutcome> {
    try {
      const startMs = now()
      const outcome = await ask(scope)
      const expiresAtMs = outcome.ok ? outcome.token.expiresAtMs : undefined
      if (outcome.ok && expiresAtMs !== undefined) {
        const spareMs = Math.min((expiresAtMs - startMs) / 2, SPARE_MAX_MS)
        held.set(scope, { token: outcome.token, untilMs: expiresAtMs - spareMs })
      }
      return outcome
    } finally {
      asking.delete(scope)
    }
  }

  return {
    get(scope: string): Promise<TokenOutcome> {
      const known = held.get(scope)
      if (known !== undefined && now() < known.untilMs) {
        return Promise.resolve({ ok: true, token: known.token })
      }
      const running = asking.get(scope) ?? renew(scope)
      asking.set(scope, running)
      return running
    },
    forget(accessToken: string): void {
      for (const [scope, { token }] of held) {
        if (token.accessToken === accessToken) held.delete(scope)
      }
    },
  }
}

const SPARE_MAX_MS = 30_000
