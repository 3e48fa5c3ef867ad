import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  freshKey,
  openTestSandbox,
  ownOrigin,
  shopOrigin,
  type TestSandbox,
} from '../../test/sandbox.ts'
import { createToken, hashToken, prefixOfToken } from './tokens.ts'

let sandbox: TestSandbox
let pk: string
let sk: string
let op: string

beforeAll(async () => {
  sandbox = await openTestSandbox()
  pk = sandbox.platform.keys.merchant.page
  sk = sandbox.platform.keys.merchant.secret
  op = sandbox.platform.keys.operator
})
afterAll(() => sandbox.close())

describe('tokens', () => {
  test('carry 256 bits and a checksum that finds slips', () => {
    const token = createToken('sk_test')
    expect(token).toMatch(/^sk_test_[0-9A-Za-z]{49}$/)
    expect(prefixOfToken(token)).toBe('sk_test')
    expect(createToken('sk_test')).not.toBe(token)
    fc.assert(
      fc.property(fc.nat(48), fc.constantFrom(...'0Az'), (place, other) => {
        const at = 8 + place
        fc.pre(token[at] !== other)
        expect(prefixOfToken(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined()
      }),
    )
  })

  test('are nowhere in the database, only their hashes', async () => {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: sandbox.databaseUrl })
    await client.connect()
    const { rows } = await client.query<{ row: string }>(
      'select k::text as row from jeon.api_key k',
    )
    await client.end()
    const text = rows.map(({ row }) => row).join()
    for (const token of [pk, sk, op]) {
      expect(text).not.toContain(token.slice(8))
      expect(text).toContain(hashToken(token))
    }
  })
})

describe('keys', () => {
  test('are asked for, checked and told apart', async () => {
    const none = await sandbox.send('GET', '/v1/merchant')
    expect(none).toMatchObject({ status: 401, json: { code: 'key_missing', retryable: false } })
    expect(none.headers.get('www-authenticate')).toContain('Bearer')
    for (const key of ['nonsense', `${sk}x`, createToken('sk_test'), 'ws_test_x']) {
      expect((await sandbox.send('GET', '/v1/merchant', { key })).json.code).toBe('key_invalid')
    }
    const basic = { headers: { authorization: 'Basic abc' } }
    expect((await sandbox.send('GET', '/v1/merchant', basic)).json.code).toBe('key_invalid')
    expect((await sandbox.send('GET', '/v1/merchant', { key: pk })).status).toBe(401)
    expect((await sandbox.send('GET', '/v1/merchant', { key: op })).status).toBe(401)
    expect((await sandbox.send('POST', '/v1/operator/verify', { key: sk })).status).toBe(401)
    const language = { key: 'x', headers: { 'Accept-Language': 'ko-KR,en;q=0.5' } }
    expect((await sandbox.send('GET', '/v1/merchant', language)).json.title).toBe(
      '키가 올바르지 않습니다',
    )
  })

  test('do what their scopes say, until they are revoked', async () => {
    const { auth } = sandbox.platform.app
    const key = await auth.issueKey('sk', sandbox.platform.keys.merchant.id, ['offers:read'])
    expect((await sandbox.send('GET', '/v1/offers', { key })).status).toBe(200)
    const json = { title: 'x', price: { amount: '1', currency: 'KRW' } }
    const refused = await sandbox.send('POST', '/v1/offers', { key, json })
    expect(refused).toMatchObject({ status: 403, json: { code: 'scope_missing' } })
    expect(refused.json.detail).toContain('offers:write')
    await auth.revokeKey(key)
    expect((await sandbox.send('GET', '/v1/offers', { key })).json.code).toBe('key_invalid')
  })

  test('of a new merchant work at once, for that merchant alone', async () => {
    const json = { name: 'Shop', origins: ['https://shop.example'] }
    const made = await sandbox.send('POST', '/v1/merchants', { key: op, json })
    expect(made.status).toBe(201)
    const key = String(made.json.keys?.secret)
    expect((await sandbox.send('GET', '/v1/merchant', { key })).json).toMatchObject({
      id: made.json.id,
      origins: ['https://shop.example'],
      balances: [],
    })
    const offer = await sandbox.send('GET', '/v1/offers/article-1', { key })
    expect(offer.json.code).toBe('offer_not_found')
    for (const origin of ['https://shop.example/path', 'ftp://x', '*', 'HTTPS://SHOP']) {
      const bad = { key: op, json: { name: 'x', origins: [origin] } }
      expect((await sandbox.send('POST', '/v1/merchants', bad)).json.code).toBe('field_invalid')
    }
  })
})

describe('wallet sessions', () => {
  const payment = { json: { offer: 'article-1' } }

  test('belong to their device', async () => {
    const [one, other] = [await sandbox.browser(), await sandbox.browser()]
    const sessionOf = (cookie: string) =>
      cookie.split('; ').find((each) => each.includes('session'))
    const deviceOf = (cookie: string) => cookie.split('; ').find((each) => each.includes('device'))
    for (const cookie of [
      sessionOf(one.cookie) ?? '',
      `${sessionOf(one.cookie)}; ${deviceOf(other.cookie)}`,
    ]) {
      const stolen = await sandbox.send('GET', '/v1/wallet', { headers: { cookie } })
      expect(stolen).toMatchObject({ status: 401, json: { code: 'session_device_mismatch' } })
    }
    const token = sessionOf(one.cookie)?.slice('jeon_session='.length) ?? ''
    expect((await sandbox.send('GET', '/v1/wallet', { key: token })).json.code).toBe(
      'session_invalid',
    )
  })

  test('are missed in a way that a page can act upon', async () => {
    const pay = (headers: Record<string, string>) =>
      sandbox.send('POST', '/v1/payments', {
        key: pk,
        idempotencyKey: freshKey(),
        headers,
        ...payment,
      })
    expect((await pay({ origin: shopOrigin })).json.code).toBe('session_missing')
    const cookie = `jeon_session=${createToken('ws_test')}; jeon_device=x`
    expect((await pay({ origin: shopOrigin, cookie })).json.code).toBe('session_missing')
  })

  test('are ended by their payer, and by time', async () => {
    const [one, other] = [await sandbox.browser(), await sandbox.browser()]
    const ended = await one.send('DELETE', '/v1/wallet/session')
    expect(ended.status).toBe(204)
    expect(ended.headers.getSetCookie().join()).toContain('Max-Age=0')
    expect((await one.send('GET', '/v1/wallet')).json.code).toBe('session_missing')
    expect((await other.send('GET', '/v1/wallet')).status).toBe(200)
    await sandbox.send('POST', '/v1/sandbox/clock', { key: op, json: { advance: '401d' } })
    expect((await other.send('GET', '/v1/wallet')).json.code).toBe('session_missing')
  })

  test.each([
    ['a foreign page', 'https://evil.example', 403],
    ['no page at all', undefined, 403],
    ['a registered page', shopOrigin, 201],
    ['the platform’s own page', ownOrigin, 201],
    ['a sandboxed frame', 'null', 403],
  ])('let %s pay or not', async (_name, origin, status) => {
    const browser = await sandbox.browser()
    const headers = { cookie: browser.cookie, ...(origin === undefined ? {} : { origin }) }
    const options = { key: pk, idempotencyKey: freshKey(), headers, ...payment }
    const answer = await sandbox.send('POST', '/v1/payments', options)
    expect(answer.status).toBe(status)
    if (status === 403) expect(answer.json.code).toBe('origin_not_allowed')
    const allowed = answer.headers.get('access-control-allow-origin')
    expect(allowed).toBe(status === 201 ? origin : null)
  })

  test('let a merchant’s page pay that merchant alone, and change nothing of the wallet', async () => {
    const browser = await sandbox.browser()
    const made = await sandbox.send('POST', '/v1/merchants', { key: op, json: { name: 'Other' } })
    const merchant = String(made.json.id)
    const headers = { origin: shopOrigin }
    const idempotencyKey = freshKey()
    const json = { offer: 'article-1', merchant }
    const paid = await browser.send('POST', '/v1/payments', { idempotencyKey, headers, json })
    expect(paid.json.code).toBe('origin_not_allowed')
    for (const [method, path] of [
      ['POST', '/v1/wallet/token'],
      ['PUT', '/v1/wallet/limits'],
      ['GET', '/v1/wallet/payments'],
      ['GET', '/v1/wallet/live'],
      ['DELETE', '/v1/wallet/session'],
    ] as const) {
      const json = { currency: 'KRW', limits: [] }
      const options = method === 'PUT' ? { headers, json } : { headers }
      const refused = await browser.send(method, path, options)
      expect(refused.json.code, `${method} ${path}`).toBe('origin_not_allowed')
    }
    expect((await browser.send('GET', '/v1/wallet', { headers })).status).toBe(200)
  })

  test('cannot be replaced by a foreign page', async () => {
    const headers = { origin: 'https://evil.example' }
    const made = await sandbox.send('POST', '/v1/wallets', { headers, json: {} })
    expect(made).toMatchObject({ status: 403, json: { code: 'origin_not_allowed' } })
    expect(made.headers.getSetCookie()).toEqual([])
  })
})

describe('preflights', () => {
  const ask = (origin: string) =>
    sandbox.send('OPTIONS', '/v1/payments', {
      headers: { origin, 'Access-Control-Request-Method': 'POST' },
    })

  test('are answered for registered pages alone', async () => {
    const allowed = await ask(shopOrigin)
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(shopOrigin)
    expect(allowed.headers.get('access-control-allow-credentials')).toBe('true')
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Idempotency-Key')
    const refused = await ask('https://evil.example')
    expect(refused.status).toBe(403)
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
  })
})
