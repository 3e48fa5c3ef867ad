import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createKeySet } from '../src/keyset.ts'
import { type ReceiptVerdict, verifyReceipt } from '../src/receipts.ts'
import { type FakePlatform, startFakePlatform } from '../src/testing/fake-platform.ts'

let platform: FakePlatform
const nowS = () => Math.floor(Date.now() / 1000)
const claims = (changes?: Readonly<Record<string, unknown>>) => ({
  iss: platform.url,
  sub: 'wal_1',
  aud: platform.merchant,
  pay: 'pay_1',
  offer: 'article-1',
  amount: '150',
  currency: 'KRW',
  iat: nowS(),
  exp: nowS() + 60,
  jti: 'pay_1',
  ...changes,
})
const verify = (receipt: string | undefined) =>
  verifyReceipt(receipt, { server: platform.url, merchant: platform.merchant, offer: 'article-1' })
const reasonOf = (verdict: ReceiptVerdict) =>
  verdict.status === 'invalid' ? verdict.reason : verdict.status

beforeAll(async () => {
  platform = await startFakePlatform()
})
afterAll(() => platform.stop())
beforeEach(() => {
  platform.fault = () => undefined
})

test('a genuine receipt says who paid how much for what', async () => {
  const verdict = await verify(await platform.sign(claims()))
  expect(verdict).toMatchObject({
    status: 'valid',
    receipt: { wallet: 'wal_1', payment: 'pay_1', amount: { amount: '150', currency: 'KRW' } },
  })
})

describe('refused', () => {
  test.each([
    ['another merchant', { aud: 'mer_other' }, 'merchant'],
    ['several audiences', { aud: ['mer_other', 'mer_1'] }, 'merchant'],
    ['another offer', { offer: 'article-2' }, 'offer'],
    ['no offer', { offer: undefined }, 'offer'],
    ['another platform', { iss: 'https://evil.example' }, 'issuer'],
    ['from the future', { iat: nowS() + 3_600 }, 'not_yet_valid'],
    ['no issue time', { iat: undefined }, 'malformed'],
    ['expired', { exp: nowS() - 1 }, 'expired'],
    ['an expiry that is text', { exp: 'never' }, 'malformed'],
    ['no payment', { pay: undefined }, 'malformed'],
    ['an amount that is a number', { amount: 150 }, 'malformed'],
  ])('%s', async (_name, changes, reason) => {
    expect(reasonOf(await verify(await platform.sign(claims(changes))))).toBe(reason)
  })

  test('alg none', async () => {
    const unsecured = new UnsecuredJWT(claims()).encode()
    expect(reasonOf(await verify(unsecured))).toBe('algorithm')
  })

  test('HMAC with the public key as secret', async () => {
    const jwks = await (await fetch(`${platform.url}/.well-known/jwks.json`)).text()
    const { kid, x } = JSON.parse(jwks).keys[0]
    const forged = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', kid })
      .sign(Buffer.from(x, 'base64url'))
    expect(reasonOf(await verify(forged))).toBe('algorithm')
  })

  test('another key under the published id', async () => {
    const genuine = await platform.sign(claims())
    const { kid } = JSON.parse(Buffer.from(genuine.split('.')[0] ?? '', 'base64url').toString())
    const { privateKey } = await generateKeyPair('EdDSA')
    const forged = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .sign(privateKey)
    expect(reasonOf(await verify(forged))).toBe('signature')
  })

  test('a key of its own in the header', async () => {
    const { privateKey } = await generateKeyPair('EdDSA')
    const forged = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'EdDSA', kid: 'mine', jku: 'http://evil.example' })
      .sign(privateKey)
    expect(reasonOf(await verify(forged))).toBe('unknown_key')
    const nameless = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'EdDSA' })
      .sign(privateKey)
    expect(reasonOf(await verify(nameless))).toBe('unknown_key')
  })

  test('a changed payload, and a changed signature', async () => {
    const [header, , signature] = (await platform.sign(claims())).split('.')
    const payload = Buffer.from(JSON.stringify(claims({ offer: 'article-1', sub: 'wal_2' })))
    const changed = `${header}.${payload.toString('base64url')}.${signature}`
    expect(reasonOf(await verify(changed))).toBe('signature')
    const cut = (await platform.sign(claims())).slice(0, -4)
    expect(['signature', 'malformed']).toContain(reasonOf(await verify(cut)))
  })

  test.each([
    [undefined, 'missing'],
    ['', 'missing'],
    ['x', 'malformed'],
    ['..', 'malformed'],
    ['a.b.c', 'malformed'],
    ['영수증', 'malformed'],
    [`e30.${'A'.repeat(100_000)}.x`, 'too_large'],
  ])('%.20s', async (receipt, reason) => {
    expect(reasonOf(await verify(receipt))).toBe(reason)
  })
})

test('unreachable keys are neither good nor bad', async () => {
  const receipt = await platform.sign(claims())
  platform.fault = () => 'drop_before'
  expect(reasonOf(await verify(receipt))).toBe('unavailable')
  platform.fault = () => 'error_before'
  expect(reasonOf(await verify(receipt))).toBe('unavailable')
})

test('given keys need an issuer and no network', async () => {
  const jwks: unknown = await (await fetch(`${platform.url}/.well-known/jwks.json`)).json()
  const receipt = await platform.sign(claims())
  const options = { jwks, merchant: platform.merchant, offer: 'article-1' }
  platform.fault = () => 'drop_before'
  expect((await verifyReceipt(receipt, { ...options, issuer: platform.url })).status).toBe('valid')
  const other = await verifyReceipt(receipt, { ...options, issuer: 'https://other.example' })
  expect(reasonOf(other)).toBe('issuer')
})

describe('kept keys', () => {
  let nowMs = 0
  const keySet = () =>
    createKeySet({
      url: `${platform.url}/.well-known/jwks.json`,
      fetch,
      timeoutMs: 1_000,
      monotonicMs: () => nowMs,
    })
  const kidOf = async () =>
    JSON.parse(Buffer.from((await platform.sign({})).split('.')[0] ?? '', 'base64url').toString())
      .kid
  const fetches = () =>
    platform.requests.filter(({ path }) => path === '/.well-known/jwks.json').length

  test('one fetch for many at once, and none for a second look', async () => {
    const keys = keySet()
    const kid = await kidOf()
    const before = fetches()
    await Promise.all([keys.find(kid), keys.find(kid), keys.find(kid)])
    expect((await keys.find(kid)).status).toBe('found')
    expect(fetches() - before).toBe(1)
  })

  test('a new key is fetched when it is met; made-up ids do not become a stream of requests', async () => {
    const keys = keySet()
    await keys.find(await kidOf())
    await platform.rotateKeys()
    const before = fetches()
    expect((await keys.find(await kidOf())).status).toBe('unknown_key')
    expect(fetches()).toBe(before)
    nowMs += 31_000
    expect((await keys.find(await kidOf())).status).toBe('found')
    for (let count = 0; count < 50; count += 1) await keys.find(`made-up-${count}`)
    expect(fetches() - before).toBe(1)
  })

  test('a withdrawn key stops working; kept keys outlast a short outage, not a long one', async () => {
    const keys = keySet()
    const old = await kidOf()
    expect((await keys.find(old)).status).toBe('found')
    platform.fault = () => 'drop_before'
    nowMs += 10 * 60_000
    expect((await keys.find(old)).status).toBe('found')
    nowMs += 60 * 60_000
    expect((await keys.find(old)).status).toBe('keys_unreachable')
    platform.fault = () => undefined
    await platform.rotateKeys()
    nowMs += 10_000
    expect((await keys.find(old)).status).toBe('unknown_key')
  })
})
