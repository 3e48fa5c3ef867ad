import { createHash, randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  createLineWorld,
  type LineWorld,
  type Listening,
  listen,
  PASSWORD,
} from '../../test/outside.ts'
import { CarrierClock } from '../carrier-clock.ts'
import { Clients } from '../clients/service.ts'
import { Codes } from '../codes/service.ts'
import { Links } from '../consents/link.ts'
import { ConsentService } from '../consents/service.ts'
import { approvalRoutes } from './approvals.ts'
import { CIBA, JWT_BEARER } from './client-metadata.ts'
import { issuerKey } from './keys.ts'
import { loginRoutes } from './login.ts'
import { createProvider } from './provider.ts'
import { type Issuer, operatorToken, Tokens } from './tokens.ts'

const ON_NETWORK = '+821020000001'
const WIFI = '+821020000017'
const SECRET = 'a secret of the test'
const REDIRECT = 'https://platform.example/back'
const SCOPE = 'carrier-billing:payments:create'

let world: LineWorld
let listening: Listening
let issuer: Issuer
let tokens: Tokens
let codes: Codes
let clientKey: CryptoKey
let consents: ConsentService

beforeAll(async () => {
  world = await createLineWorld()
  listening = await listen()
  const { pool, clock, carriers, lines, inbox } = world
  await world.open(ON_NETWORK, true)
  await world.open(WIFI, false)
  const carrier = carriers.get('skt')
  if (carrier === undefined) throw new Error('no skt')
  const clients = new Clients({ pool, clock })
  const pair = await generateKeyPair('ES256')
  clientKey = pair.privateKey
  await clients.save({
    id: 'platform',
    carrier: 'skt',
    name: 'Platform',
    contact: '02-000-0000',
    secret: SECRET,
    redirectUris: [REDIRECT],
    jwks: { keys: [{ ...(await exportJWK(pair.publicKey)) }] },
  })
  issuer = { carrier: 'skt', url: `${listening.url}/skt`, key: await issuerKey(pool, 'skt', clock) }
  tokens = new Tokens([issuer], clock, lines)
  codes = new Codes({ pool, clock, carriers, outbox: inbox })
  const { database } = world
  const time = new CarrierClock(clock, carriers)
  consents = new ConsentService({ database, lines, time })
  const issuing = { carrier, issuer }
  const links = new Links({ consents, outbox: world.inbox, carriers: world.carriers })
  const provider = createProvider({ pool, clock, issuing, clients, lines, codes, links })
  const machineNow = () => clock.machineNow()
  const open = { issuing, provider, clients, lines, codes, links, machineNow }
  const hono = new Hono()
    .route('/skt/openid/login', loginRoutes(open))
    .route('/skt/openid/approvals', approvalRoutes(open))
  const callback = provider.callback()
  listening.serve({
    hono,
    handleOpenid(req, res) {
      const rest = (req.url ?? '').slice('/skt'.length)
      if (/^\/openid\/(login|approvals)/.test(rest)) return false
      req.url = rest
      Object.assign(req, { originalUrl: `/skt${rest}` })
      void callback(req, res)
      return true
    },
  })
})
afterAll(async () => {
  await listening?.close()
  await world?.close()
})

const answer = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number(),
  refresh_token: z.string().optional(),
})

async function post(path: string, form: Record<string, string>): Promise<Response> {
  return fetch(`${issuer.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`platform:${encodeURIComponent(SECRET)}`)}` },
    body: new URLSearchParams(form),
  })
}

async function tokenOf(response: Response) {
  const json: unknown = await response.json()
  const read = answer.safeParse(json)
  if (!read.success) throw new Error(JSON.stringify(json))
  const token = await tokens.verify(read.data.access_token)
  if (token === undefined) throw new Error('the token is not valid')
  return { ...read.data, token }
}

function authorization(extra: Record<string, string>) {
  const verifier = randomBytes(32).toString('base64url')
  const url = new URL(`${issuer.url}/openid/auth`)
  url.search = new URLSearchParams({
    client_id: 'platform',
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: `openid ${SCOPE} dpv:FraudPreventionAndDetection`,
    state: 'the state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  }).toString()
  return { url, verifier }
}

test('says where everything is', async () => {
  const response = await fetch(`${issuer.url}/.well-known/openid-configuration`)
  const json = z.record(z.string(), z.unknown()).parse(await response.json())
  expect(json).toMatchObject({
    issuer: issuer.url,
    authorization_endpoint: `${issuer.url}/openid/auth`,
    token_endpoint: `${issuer.url}/openid/token`,
    backchannel_authentication_endpoint: `${issuer.url}/openid/backchannel`,
    jwks_uri: `${issuer.url}/openid/jwks`,
    grant_types_supported: expect.arrayContaining(['client_credentials', CIBA, JWT_BEARER]),
  })
  const keys: unknown = await (await fetch(`${issuer.url}/openid/jwks`)).json()
  expect(JSON.stringify(keys)).not.toContain('"d"')
})

describe('client credentials', () => {
  test('give a token that is bound to no line', async () => {
    const { token, expires_in } = await tokenOf(
      await post('/openid/token', { grant_type: 'client_credentials', scope: `${SCOPE} made:up` }),
    )
    expect(token).toEqual({
      carrier: 'skt',
      clientId: 'platform',
      scopes: new Set([SCOPE]),
      phoneNumber: null,
      amr: [],
    })
    expect(expires_in).toBe(1_800)
  })

  test('need the secret', async () => {
    const response = await fetch(`${issuer.url}/openid/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('platform:wrong')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    expect(response.status).toBe(401)
  })
})

describe('access tokens', () => {
  test('end by the machine’s clock and are not believed when touched', async () => {
    const { access_token: text } = await tokenOf(
      await post('/openid/token', { grant_type: 'client_credentials', scope: SCOPE }),
    )
    const [head, payload = '', signature] = text.split('.')
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const changed = JSON.stringify({ ...Object(claims), scope: 'line-care:write' })
    const forged = [head, Buffer.from(changed).toString('base64url'), signature].join('.')
    expect(await tokens.verify(forged)).toBeUndefined()
    expect(await tokens.verify('nonsense')).toBeUndefined()
    world.clock.machineMs += 1_900_000
    expect(await tokens.verify(text)).toBeUndefined()
    expect(await new Tokens([issuer], world.clock, world.lines).verify(text)).toBeUndefined()
    world.clock.machineMs -= 1_900_000
  })
})

describe('the authorization code flow', () => {
  test('is silent where the network vouches for the line', async () => {
    const { url, verifier } = authorization({ login_hint: `tel:${ON_NETWORK}`, prompt: 'none' })
    const redirect = await fetch(url, { redirect: 'manual' })
    const back = new URL(redirect.headers.get('location') ?? '')
    expect(back.searchParams.get('state')).toBe('the state')
    const code = back.searchParams.get('code') ?? ''
    const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT }
    const stolen = await post('/openid/token', { ...form, code_verifier: 'x'.repeat(43) })
    expect(stolen.status).toBe(400)
    const { token, refresh_token } = await tokenOf(
      await post('/openid/token', { ...form, code_verifier: verifier }),
    )
    expect(token).toMatchObject({ phoneNumber: ON_NETWORK, amr: ['nba'] })
    expect([...token.scopes]).toEqual([SCOPE, 'dpv:FraudPreventionAndDetection'])
    expect(refresh_token).toBeUndefined()
    const again = await post('/openid/token', { ...form, code_verifier: verifier })
    expect(again.status).toBe(400)
  })

  test('is refused silently where the network cannot vouch, or for a number that is no line', async () => {
    for (const number of [WIFI, '+821099999999']) {
      const { url } = authorization({ login_hint: `tel:${number}`, prompt: 'none' })
      const redirect = await fetch(url, { redirect: 'manual' })
      const back = new URL(redirect.headers.get('location') ?? '')
      expect(back.searchParams.get('error')).toBe('login_required')
    }
  })

  test('asks the owner on a page for a code and the password, in the same browser only', async () => {
    const browser = createBrowser()
    const { url, verifier } = authorization({ login_hint: `tel:${WIFI}` })
    const page = await browser.get(url)
    const login = new URL(page.headers.get('location') ?? '')
    expect((await fetch(login)).status).toBe(404)
    const first = await browser.get(login)
    expect(first.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await first.text()).toContain(WIFI)
    await browser.post(`${login.href}/code`, { phone_number: WIFI })
    const code = world.inbox.code(WIFI)
    const wrong = await browser.post(login.href, { phone_number: WIFI, code, password: '000000' })
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).toContain('aria-invalid')
    const done = await browser.post(login.href, { phone_number: WIFI, code, password: PASSWORD })
    expect(done.status).toBe(303)
    const back = await browser.get(new URL(done.headers.get('location') ?? ''))
    const { searchParams } = new URL(back.headers.get('location') ?? '')
    const { token } = await tokenOf(
      await post('/openid/token', {
        grant_type: 'authorization_code',
        code: searchParams.get('code') ?? '',
        redirect_uri: REDIRECT,
        code_verifier: verifier,
      }),
    )
    expect(token).toMatchObject({ phoneNumber: WIFI, amr: ['sms', 'pwd'] })
  })

  test('tells nobody who is a customer, and can be cancelled', async () => {
    const browser = createBrowser()
    const page = await browser.get(authorization({}).url)
    const login = page.headers.get('location') ?? ''
    const before = world.inbox.messages.length
    const unknown = await browser.post(`${login}/code`, { phone_number: '010-9999-9999' })
    expect(unknown.status).toBe(200)
    expect(world.inbox.messages).toHaveLength(before)
    const cancelled = await browser.post(`${login}/cancel`, {})
    const back = await browser.get(new URL(cancelled.headers.get('location') ?? ''))
    expect(back.headers.get('location')).toContain('error=access_denied')
  })
})

describe('CIBA', () => {
  const scope = `openid offline_access ${SCOPE} line-care:read`
  const started = z.object({ auth_req_id: z.string(), expires_in: z.number() })

  async function start(hint: string) {
    const response = await post('/openid/backchannel', { scope, login_hint: hint })
    return started.parse(await response.json()).auth_req_id
  }

  test('is approved at once where the network vouches, and can be refreshed', async () => {
    const id = await start(`tel:${ON_NETWORK}`)
    const { token, refresh_token = '' } = await tokenOf(
      await post('/openid/token', { grant_type: CIBA, auth_req_id: id }),
    )
    expect(token).toMatchObject({ phoneNumber: ON_NETWORK, amr: ['nba'] })
    const refreshed = await tokenOf(
      await post('/openid/token', { grant_type: 'refresh_token', refresh_token }),
    )
    expect(refreshed.token).toMatchObject({ phoneNumber: ON_NETWORK, amr: [] })
    expect(refreshed.token.scopes.has('line-care:read')).toBe(true)
    const line = await world.lines.byNumber('skt', ON_NETWORK)
    const link = line?.consents.find(({ kind }) => kind === 'platform')
    expect(link?.wording).toContain('Platform')
    const told = () =>
      world.inbox.messages.filter(({ kind, about }) => kind === 'linked' && about === link?.id)
    expect(told()).toMatchObject([{ phoneNumber: ON_NETWORK }])
    expect(told()[0]?.text).toContain('Platform')
    const again = await start(`tel:${ON_NETWORK}`)
    await tokenOf(await post('/openid/token', { grant_type: CIBA, auth_req_id: again }))
    expect(told()).toHaveLength(1)
    expect(await tokens.verify(refreshed.access_token)).toBeDefined()
    await consents.revoke(line?.id ?? '', link?.id ?? '')
    expect(await tokens.verify(refreshed.access_token)).toBeUndefined()
    const after = await post('/openid/token', {
      grant_type: 'refresh_token',
      refresh_token: refreshed.refresh_token ?? refresh_token,
    })
    expect(await after.json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('given back by the client, the link is over', async () => {
    const id = await start(`tel:${ON_NETWORK}`)
    const { refresh_token = '' } = await tokenOf(
      await post('/openid/token', { grant_type: CIBA, auth_req_id: id }),
    )
    const isLinkedNow = async () =>
      (await world.lines.byNumber('skt', ON_NETWORK))?.consents.some(
        ({ kind, clientId }) => kind === 'platform' && clientId === 'platform',
      )
    expect(await isLinkedNow()).toBe(true)
    expect((await post('/openid/revocation', { token: refresh_token })).status).toBe(200)
    expect(await isLinkedNow()).toBe(false)
    const after = await post('/openid/token', { grant_type: 'refresh_token', refresh_token })
    expect(await after.json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('a token of a link that ended is worth nothing, whatever its owner had shown', async () => {
    const { phoneNumber: phone, id: lineId } = await world.open('+821020000025', false)
    const linkedToken = async () => {
      const id = await start(`tel:${phone}`)
      const form = { sms_code: world.inbox.code(phone), password: PASSWORD }
      const url = `${issuer.url}/openid/approvals/${id}`
      await fetch(url, { method: 'POST', body: JSON.stringify(form) })
      const asked = await post('/openid/token', { grant_type: CIBA, auth_req_id: id })
      return (await tokenOf(asked)).access_token
    }
    const before = await linkedToken()
    const line = await world.lines.byNumber('skt', phone)
    const link = line?.consents.find(({ kind }) => kind === 'platform')
    await consents.revoke(lineId, link?.id ?? '')
    expect(await tokens.verify(before)).toBeUndefined()
    const after = await linkedToken()
    expect(await tokens.verify(after)).toMatchObject({ amr: ['sms', 'pwd'] })
    expect(await tokens.verify(before)).toBeUndefined()
    const anew = new Tokens([issuer], world.clock, world.lines)
    expect(await anew.verify(before)).toBeUndefined()
    expect(await anew.verify(after)).toBeDefined()
  })

  test('waits for the code and the password elsewhere', async () => {
    const id = await start(`tel:${WIFI}`)
    const poll = () => post('/openid/token', { grant_type: CIBA, auth_req_id: id })
    expect(await (await poll()).json()).toMatchObject({ error: 'authorization_pending' })
    const url = `${issuer.url}/openid/approvals/${id}`
    expect(await (await fetch(url)).json()).toEqual({
      state: 'pending',
      needs: ['sms_code', 'password'],
    })
    const approve = (sms_code: string, password: string) =>
      fetch(url, { method: 'POST', body: JSON.stringify({ sms_code, password }) })
    const code = world.inbox.code(WIFI)
    expect((await approve('nope', PASSWORD)).status).toBe(422)
    expect(await (await approve(code, '000000')).json()).toMatchObject({ code: 'password_wrong' })
    expect(await (await approve(code, PASSWORD)).json()).toEqual({ state: 'approved', needs: [] })
    const { token } = await tokenOf(await poll())
    expect(token).toMatchObject({ phoneNumber: WIFI, amr: ['sms', 'pwd'] })
  })

  test('takes an operator token as proof of the SIM, also over Wi-Fi', async () => {
    const text = await operatorToken(issuer, WIFI, world.clock.machineNow())
    const id = await start(`operatortoken:${text}`)
    const { token } = await tokenOf(
      await post('/openid/token', { grant_type: CIBA, auth_req_id: id }),
    )
    expect(token).toMatchObject({ phoneNumber: WIFI, amr: ['sim'] })
  })

  test('knows no others', async () => {
    const response = await post('/openid/backchannel', { scope, login_hint: 'tel:+821099999999' })
    expect(await response.json()).toMatchObject({ error: 'unknown_user_id' })
  })
})

describe('the JWT bearer grant', () => {
  async function assertion(sub: string, key = clientKey) {
    const nowS = Math.floor(Date.now() / 1_000)
    return new SignJWT({ sub, jti: randomBytes(8).toString('hex') })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer('platform')
      .setAudience(issuer.url)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + 60)
      .sign(key)
  }
  const ask = (text: string) =>
    post('/openid/token', { grant_type: JWT_BEARER, assertion: text, scope: SCOPE })

  test('binds a token to the line without proving anybody, once', async () => {
    const text = await assertion(`tel:${WIFI}`)
    const { token } = await tokenOf(await ask(text))
    expect(token).toMatchObject({ phoneNumber: WIFI, amr: [] })
    expect(await (await ask(text)).json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('opens no self-care and links nothing by the client’s own word', async () => {
    const { phoneNumber: phone } = await world.open('+821020000024', false)
    const scope = `openid offline_access line-care:read line-care:write ${SCOPE}`
    const asked = { grant_type: JWT_BEARER, assertion: await assertion(`tel:${phone}`), scope }
    const { token, refresh_token } = await tokenOf(await post('/openid/token', asked))
    expect([...token.scopes]).toEqual([SCOPE])
    expect(refresh_token).toBeUndefined()
    const line = await world.lines.byNumber('skt', phone)
    expect(line?.consents.filter(({ kind }) => kind === 'platform')).toEqual([])
    const proof = await operatorToken(issuer, phone, world.clock.machineNow())
    const proved = { ...asked, assertion: await assertion(`operatortoken:${proof}`) }
    const { token: owned } = await tokenOf(await post('/openid/token', proved))
    expect(owned.scopes.has('line-care:read')).toBe(true)
  })

  test('takes operator tokens, and only the client’s own signature', async () => {
    const proof = await operatorToken(issuer, WIFI, world.clock.machineNow())
    const { token } = await tokenOf(await ask(await assertion(`operatortoken:${proof}`)))
    expect(token.amr).toEqual(['sim'])
    const other = await generateKeyPair('ES256')
    const forged = await ask(await assertion(`tel:${WIFI}`, other.privateKey))
    expect(await forged.json()).toMatchObject({ error: 'invalid_grant' })
  })
})

/** Keeps cookies by path, follows nothing. */
function createBrowser() {
  const jar = new Map<string, { value: string; path: string }>()
  const send = async (url: string | URL, init: RequestInit = {}) => {
    const { pathname } = new URL(url)
    const cookie = [...jar]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      const path = /path=([^;]+)/i.exec(line)?.[1] ?? '/'
      if (value === '') jar.delete(name)
      else jar.set(name, { value, path })
    }
    return response
  }
  return {
    get: (url: URL | string) => send(url),
    post: (url: string, form: Record<string, string>) =>
      send(url, { method: 'POST', body: new URLSearchParams(form) }),
  }
}
