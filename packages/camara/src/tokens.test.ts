import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PHONE, REDIRECT_URI, startIssuer, type TestIssuer } from './issuer.fixture.ts'
import { createTokens, type Token, type TokenOutcome, type TokensOptions } from './tokens.ts'

let issuer: TestIssuer
let nowMs: number
beforeAll(async () => {
  issuer = await startIssuer()
})
beforeEach(() => {
  nowMs = Date.now()
  issuer.approval = 'approve'
  issuer.asked.clear()
})
afterAll(() => issuer.close())

function tokensOf(options: Partial<TokensOptions> = {}) {
  return createTokens({
    issuer: issuer.url,
    clientId: 'platform',
    clientSecret: 'secret-of-the-platform',
    purpose: 'dpv:FraudPreventionAndDetection',
    assertionKey: { key: issuer.privateKey, alg: 'ES256' },
    now: () => nowMs,
    randomBytes: (length) => randomBytes(length),
    ...options,
  })
}

function tokenOf(outcome: TokenOutcome): Token {
  if (outcome.ok) return outcome.token
  throw new Error(`${outcome.code}: ${outcome.detail}`)
}

describe('client credentials', () => {
  test('a token with the purpose and the scope, asked for once while it lasts', async () => {
    const tokens = tokensOf()
    const both = await Promise.all([
      tokens.clientCredentials(['sim-swap:check']),
      tokens.clientCredentials(['sim-swap:check']),
    ])
    const [one, other] = both.map(tokenOf)
    expect(one).toEqual(other)
    expect(one?.expiresAtMs).toBe(nowMs + 60_000)
    expect(issuer.lastScope).toBe('dpv:FraudPreventionAndDetection sim-swap:check')
    nowMs += 29_000
    expect(tokenOf(await tokens.clientCredentials(['sim-swap:check']))).toEqual(one)
    expect(issuer.asked.get('/token')).toBe(1)
    expect(issuer.asked.get('/.well-known/openid-configuration')).toBe(1)
  })

  test('a new one before it runs out, for other scopes, and after it was refused', async () => {
    const tokens = tokensOf()
    const first = tokenOf(await tokens.clientCredentials(['sim-swap:check']))
    nowMs += 30_000
    const second = tokenOf(await tokens.clientCredentials(['sim-swap:check']))
    expect(second.accessToken).not.toBe(first.accessToken)
    await tokens.clientCredentials(['number-verification:verify'])
    tokens.forget(first.accessToken)
    expect(tokenOf(await tokens.clientCredentials(['sim-swap:check']))).toEqual(second)
    tokens.forget(second.accessToken)
    await tokens.clientCredentials(['sim-swap:check'])
    expect(issuer.asked.get('/token')).toBe(4)
  })

  test('a refusal is an outcome, and so is a server out of order', async () => {
    const wrong = tokensOf({ clientSecret: 'a guess' })
    expect(await wrong.clientCredentials([])).toMatchObject({ ok: false, code: 'refused' })
    const down = tokensOf({ fetch: () => Promise.resolve(new Response('', { status: 503 })) })
    expect(await down.clientCredentials([])).toMatchObject({ ok: false, code: 'unreachable' })
  })

  test('no server is an outcome, and once it is there it is found', async () => {
    let up = false
    const tokens = tokensOf({
      fetch: (input, init) =>
        up ? fetch(input, init) : Promise.reject(new TypeError('fetch failed')),
    })
    expect(await tokens.clientCredentials([])).toMatchObject({ ok: false, code: 'unreachable' })
    up = true
    expect(await tokens.clientCredentials([])).toMatchObject({ ok: true })
  })

  test('a server that says nothing in time, or nonsense', async () => {
    const silent = (_: RequestInfo | URL, init?: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    const late = tokensOf({ fetch: silent, timeoutMs: 50 })
    expect(await late.clientCredentials([])).toMatchObject({ ok: false, code: 'unreachable' })
    const page = tokensOf({ fetch: () => Promise.resolve(new Response('<html>')) })
    expect(await page.clientCredentials([])).toMatchObject({ ok: false, code: 'malformed' })
  })

  test('plain http leaves this machine for nobody', () => {
    expect(() => tokensOf({ issuer: 'http://carrier.example' })).toThrow(TypeError)
    expect(() => tokensOf({ issuer: 'http://localhost.example' })).toThrow(TypeError)
    expect(() => tokensOf({ issuer: 'http://skt.localhost:4250/skt' })).not.toThrow()
    expect(() => tokensOf({ issuer: 'http://[::1]:4250' })).not.toThrow()
  })
})

describe('JWT bearer', () => {
  test('a token for the line, by an assertion that is used once', async () => {
    const tokens = tokensOf()
    const one = tokenOf(await tokens.jwtBearer(PHONE, ['number-verification:verify']))
    const other = tokenOf(await tokens.jwtBearer(PHONE, ['number-verification:verify']))
    expect(one.accessToken).not.toBe(other.accessToken)
    expect(one.scope).toBe('dpv:FraudPreventionAndDetection number-verification:verify')
  })

  test('a line that is not known', async () => {
    const outcome = await tokensOf().jwtBearer('tel:+821099999999', [])
    expect(outcome).toMatchObject({ ok: false, code: 'invalid' })
  })

  test('without a key is a mistake of the program', async () => {
    const options = {
      issuer: issuer.url,
      clientId: 'platform',
      clientSecret: 'secret-of-the-platform',
      now: () => nowMs,
      randomBytes: (length: number) => randomBytes(length),
    }
    await expect(createTokens(options).jwtBearer(PHONE, [])).rejects.toThrow(TypeError)
  })
})

describe('CIBA', () => {
  test('approved: a token for the line, which can be refreshed', async () => {
    const tokens = tokensOf()
    const started = await tokens.startBackchannel(PHONE, ['sim-swap:check'])
    if (!started.ok) throw new Error(started.detail)
    expect(started.backchannel.expiresAtMs).toBe(nowMs + 60_000)
    expect(started.backchannel.intervalMs).toBe(5_000)
    const token = tokenOf(await tokens.pollBackchannel(started.backchannel.authReqId))
    expect(token.subject).toBe(PHONE)
    const refreshed = tokenOf(await tokens.refresh(token.refreshToken ?? ''))
    expect(refreshed.accessToken).not.toBe(token.accessToken)
    expect(refreshed.refreshToken).toEqual(expect.any(String))
  })

  test.each([
    ['silent', 'pending'],
    ['deny', 'denied'],
  ] as const)('%s: %s', async (approval, code) => {
    issuer.approval = approval
    const tokens = tokensOf()
    const started = await tokens.startBackchannel(PHONE, ['sim-swap:check'])
    if (!started.ok) throw new Error(started.detail)
    const { authReqId } = started.backchannel
    expect(await tokens.pollBackchannel(authReqId)).toMatchObject({ ok: false, code })
  })

  test('a line that is not known, and a request that is not', async () => {
    const tokens = tokensOf()
    expect(await tokens.startBackchannel('tel:+821099999999', [])).toMatchObject({ ok: false })
    expect(await tokens.pollBackchannel('never')).toMatchObject({ ok: false, code: 'invalid' })
  })
})

describe('authorization code', () => {
  const request = {
    scopes: ['number-verification:verify'],
    redirectUri: REDIRECT_URI,
    loginHint: PHONE,
  }

  /** Follows the redirects as a browser would, as far as the platform's callback. */
  async function browse(url: string): Promise<string> {
    const cookies = new Map<string, string>()
    let at = url
    for (let hops = 0; hops < 8 && !at.startsWith(REDIRECT_URI); hops += 1) {
      const cookie = [...cookies].map(([name, text]) => `${name}=${text}`).join('; ')
      const response = await fetch(at, { redirect: 'manual', headers: { cookie } })
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', text = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
        cookies.set(name, text)
      }
      at = new URL(response.headers.get('location') ?? '', at).href
    }
    return at
  }

  async function begin(prompt?: 'none') {
    const tokens = tokensOf()
    const begun = await tokens.authorizationUrl(
      prompt === undefined ? request : { ...request, prompt },
    )
    if (!begun.ok) throw new Error(begun.detail)
    return { tokens, authorization: begun.authorization }
  }

  test('a token for the line that agreed', async () => {
    const { tokens, authorization } = await begin()
    const { searchParams } = new URL(authorization.url)
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    expect(searchParams.get('login_hint')).toBe(PHONE)
    expect(searchParams.get('scope')).toBe(
      'dpv:FraudPreventionAndDetection openid number-verification:verify',
    )
    const callback = await browse(authorization.url)
    const token = tokenOf(await tokens.exchangeCode(callback, authorization))
    expect(token.subject).toBe(PHONE)
    const again = await tokens.exchangeCode(callback, authorization)
    expect(again).toMatchObject({ ok: false, code: 'invalid' })
  })

  test('nothing for another state, another verifier or another nonce', async () => {
    for (const change of [
      { state: 'another' },
      { codeVerifier: 'a'.repeat(43) },
      { nonce: 'another' },
    ]) {
      const { tokens, authorization } = await begin()
      const callback = await browse(authorization.url)
      const outcome = await tokens.exchangeCode(callback, { ...authorization, ...change })
      expect(outcome).toMatchObject({ ok: false })
    }
  })

  test('silently or not at all', async () => {
    const { tokens, authorization } = await begin('none')
    const callback = await browse(authorization.url)
    const outcome = await tokens.exchangeCode(callback, authorization)
    expect(outcome).toMatchObject({ ok: false, code: 'login_required' })
  })
})
