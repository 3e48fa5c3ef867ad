import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshKey, openTestSandbox, type TestSandbox } from '../../test/sandbox.ts'
import { createId, derivedUuid, typeIdOf, uuidOf } from '../ids.ts'

let sandbox: TestSandbox
let sk: string

beforeAll(async () => {
  sandbox = await openTestSandbox()
  sk = sandbox.platform.keys.merchant.secret
})
afterAll(() => sandbox.close())

function post(path: string, json?: object, idempotencyKey = freshKey()) {
  return sandbox.send('POST', path, { key: sk, idempotencyKey, ...(json ? { json } : {}) })
}

async function held(amount = '100', ttl = 3600) {
  const browser = await sandbox.browser()
  const json = { wallet: browser.walletId, amount, currency: 'KRW', ttl_s: ttl }
  const hold = await post('/v1/holds', json, createId('hold', Date.now()))
  expect(hold.status).toBe(201)
  return { browser, id: String(hold.json.id), json: hold.json }
}

async function pocket(browser: Awaited<ReturnType<typeof held>>['browser']) {
  return (await browser.send('GET', '/v1/wallet')).json.pockets?.[0]
}

test('a hold reserves, and a part of it becomes a payment that can be refunded', async () => {
  const { browser, id, json } = await held()
  expect(json).toMatchObject({ status: 'held', amount: { amount: '100' } })
  expect(await pocket(browser)).toMatchObject({ balance: '10000', available: '9900', held: '100' })
  const key = createId('pay', Date.now())
  const captured = await post(`/v1/holds/${id}/capture`, { amount: '30' }, key)
  expect(captured.json).toMatchObject({ id: key, object: 'payment', hold: id })
  expect(await pocket(browser)).toMatchObject({ balance: '9970', available: '9970', held: '0' })
  const again = await post(`/v1/holds/${id}/capture`, { amount: '30' }, key)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  const read = await browser.send('GET', `/v1/holds/${id}`)
  expect(read.json).toMatchObject({ status: 'captured', captured: { amount: '30' }, payment: key })
  expect((await post(`/v1/payments/${key}/refund`)).json.amount).toMatchObject({ amount: '30' })
})

test('a hold is not shown to the page of another merchant', async () => {
  const { browser, id } = await held()
  const origin = 'https://other.example'
  const key = sandbox.platform.keys.operator
  await sandbox.send('POST', '/v1/merchants', { key, json: { name: 'x', origins: [origin] } })
  const foreign = await browser.send('GET', `/v1/holds/${id}`, { headers: { origin } })
  expect(foreign.json.code).toBe('hold_not_found')
  expect((await browser.send('GET', `/v1/holds/${id}`)).status).toBe(200)
})

test('a payer cannot take the id that a capture’s key stands for', async () => {
  const { browser, id } = await held()
  const capture = derivedUuid('pay', uuidOf('hold', id) ?? '', 'capture-1')
  const merchant = sandbox.platform.keys.merchant.id
  const json = { offer: 'article-2', merchant }
  const idempotencyKey = typeIdOf('pay', capture)
  const squat = await browser.send('POST', '/v1/payments', { idempotencyKey, json })
  expect(squat.json.id).not.toBe(idempotencyKey)
  expect((await post(`/v1/holds/${id}/capture`, {}, 'capture-1')).status).toBe(201)
})

test('a hold ends once', async () => {
  const { id } = await held()
  expect((await post(`/v1/holds/${id}/capture`, { amount: '100.001' })).json).toMatchObject({
    code: 'capture_exceeds_hold',
    left: { amount: '100' },
  })
  expect((await post(`/v1/holds/${id}/void`)).json.status).toBe('voided')
  expect((await post(`/v1/holds/${id}/capture`)).json).toMatchObject({
    status: 409,
    code: 'hold_resolved',
  })
})

test('a hold expires by the test clock', async () => {
  const { browser, id } = await held('40', 60)
  const key = sandbox.platform.keys.operator
  await sandbox.send('POST', '/v1/sandbox/clock', { key, json: { advance: '2m' } })
  expect((await browser.send('GET', `/v1/holds/${id}`)).json.status).toBe('expired')
  expect(await pocket(browser)).toMatchObject({ available: '10000' })
})

test('a hold is nobody else’s business', async () => {
  const { id } = await held()
  const other = await sandbox.browser()
  expect((await other.send('GET', `/v1/holds/${id}`)).json.code).toBe('hold_not_found')
  expect((await post(`/v1/holds/${createId('hold', 1)}/void`)).json.code).toBe('hold_not_found')
  const json = { wallet: other.walletId, amount: '1', currency: 'KRW', ttl_s: 604_801 }
  expect((await post('/v1/holds', json)).json.code).toBe('field_invalid')
})
