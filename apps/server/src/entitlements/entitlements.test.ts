import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Browser,
  freshKey,
  openTestSandbox,
  shopOrigin,
  type TestSandbox,
} from '../../test/sandbox.ts'

let sandbox: TestSandbox
let pk: string
let sk: string

beforeAll(async () => {
  sandbox = await openTestSandbox()
  pk = sandbox.platform.keys.merchant.page
  sk = sandbox.platform.keys.merchant.secret
})
afterAll(() => sandbox.close())

const headers = { origin: shopOrigin }

function tap(browser: Browser, offer: string) {
  const json = { offer }
  return browser.send('POST', '/v1/payments', {
    key: pk,
    idempotencyKey: freshKey(),
    json,
    headers,
  })
}

function ask(browser: Browser, offer: string) {
  return browser.send('GET', `/v1/entitlements?offer=${offer}`, { key: pk, headers })
}

function refund(payment: unknown, json: object) {
  const path = `/v1/payments/${String(payment)}/refund`
  return sandbox.send('POST', path, { key: sk, idempotencyKey: freshKey(), json })
}

test('what was paid for may be used at once, and until it is wholly given back', async () => {
  const browser = await sandbox.browser()
  expect((await ask(browser, 'article-1')).json).toEqual({ entitled: false })
  for (let round = 0; round < 5; round += 1) {
    const paid = await tap(browser, 'article-1')
    const entitled = await ask(browser, 'article-1')
    expect(entitled.json).toMatchObject({ entitled: true, payment: paid.json.id })
    expect(String(entitled.json.receipt).split('.')).toHaveLength(3)
    expect((await ask(browser, 'article-2')).json.entitled).toBe(false)
    await refund(paid.json.id, { amount: '100' })
    expect((await ask(browser, 'article-1')).json.entitled).toBe(true)
    await refund(paid.json.id, {})
    expect((await ask(browser, 'article-1')).json).toEqual({ entitled: false })
  }
})

test('a merchant asks about any payer of its own', async () => {
  const browser = await sandbox.browser()
  await tap(browser, 'article-3')
  const path = `/v1/entitlements?offer=article-3&wallet=${browser.walletId}`
  expect((await sandbox.send('GET', path, { key: sk })).json.entitled).toBe(true)
  const missing = await sandbox.send('GET', '/v1/entitlements?offer=article-3', { key: sk })
  expect(missing.json.code).toBe('wallet_required')
})

test('a captured hold entitles too; what unlocks nothing does not', async () => {
  const browser = await sandbox.browser()
  const json = { wallet: browser.walletId, offer: 'article-4', ttl_s: 60 }
  const hold = await sandbox.send('POST', '/v1/holds', {
    key: sk,
    idempotencyKey: freshKey(),
    json,
  })
  expect((await ask(browser, 'article-4')).json.entitled).toBe(false)
  const path = `/v1/holds/${String(hold.json.id)}/capture`
  await sandbox.send('POST', path, { key: sk, idempotencyKey: freshKey() })
  expect((await ask(browser, 'article-4')).json.entitled).toBe(true)
  const plain = { id: 'plain', title: 'x', price: { amount: '1', currency: 'KRW' } }
  await sandbox.send('POST', '/v1/offers', { key: sk, json: plain })
  expect((await tap(browser, 'plain')).json).not.toHaveProperty('receipt')
  expect((await ask(browser, 'plain')).json).toEqual({ entitled: false })
})

test('questions that make no sense are refused', async () => {
  const browser = await sandbox.browser()
  expect((await ask(browser, 'no-such')).json.code).toBe('offer_not_found')
  expect((await browser.send('GET', '/v1/entitlements')).json.code).toBe('field_invalid')
  const own = await browser.send('GET', '/v1/entitlements?offer=article-1')
  expect(own.json.code).toBe('merchant_required')
})
