import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshKey, openTestSandbox, type TestSandbox } from '../../test/sandbox.ts'

let sandbox: TestSandbox
let key: string
let wallet: string

beforeAll(async () => {
  sandbox = await openTestSandbox()
  key = sandbox.platform.keys.merchant.secret
  wallet = (await sandbox.browser()).walletId
})
afterAll(() => sandbox.close())

const path = '/v1/payments/batch'
const ndjson = { 'Content-Type': 'application/x-ndjson' }

function item(more: object = {}) {
  return { key: freshKey(), wallet, amount: '0.3', currency: 'KRW', ...more }
}

test('a JSON array has an outcome per item, in order', async () => {
  const items = [
    item(),
    item({ offer: 'article-4', amount: undefined, currency: undefined }),
    item({ amount: '1e9' }),
    item({ wallet: wallet.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }),
    item({ amount: '999999' }),
    'not an object',
    { ...item(), surprise: true },
  ]
  const { json, status } = await sandbox.send('POST', path, { key, json: items })
  expect(status).toBe(200)
  expect(json).toMatchObject({ accepted: 2, refused: 5 })
  expect(json.data).toMatchObject([
    { status: 'accepted' },
    { status: 'accepted' },
    { status: 'refused', code: 'amount_malformed' },
    { status: 'refused', code: 'wallet_not_found' },
    { status: 'refused', code: 'window_exceeded' },
    { key: null, status: 'refused', code: 'field_invalid' },
    { status: 'refused', code: 'field_unknown', param: 'surprise' },
  ])
})

test('NDJSON in gives NDJSON out, and a broken line spoils only itself', async () => {
  const good = [item(), item()]
  const body = `${JSON.stringify(good[0])}\n{broken\r\n\n${JSON.stringify(good[1])}`
  const answer = await sandbox.send('POST', path, { key, body, headers: ndjson })
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
  const lines = answer.text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(lines).toMatchObject([
    { key: good[0]?.key, status: 'accepted' },
    { key: null, status: 'refused', code: 'body_malformed' },
    { key: good[1]?.key, status: 'accepted' },
  ])
})

test('a repeated batch moves nothing twice', async () => {
  const browser = await sandbox.browser()
  const items = Array.from({ length: 2_500 }, () => item({ wallet: browser.walletId }))
  const first = await sandbox.send('POST', path, { key, json: items })
  const again = await sandbox.send('POST', path, { key, json: [...items].reverse() })
  expect(first.json).toMatchObject({ accepted: 2_500, refused: 0 })
  expect(again.json.data?.[0]).toMatchObject({ status: 'accepted', replayed: true })
  const { json } = await browser.send('GET', '/v1/wallet')
  expect(json.pockets?.[0]?.balance).toBe('9250')
})

test('a key that a batch used is the same key for a single payment', async () => {
  const one = item({ reference: 'r' })
  const batch = await sandbox.send('POST', path, { key, json: [one] })
  const { key: idempotencyKey, ...json } = one
  const single = await sandbox.send('POST', '/v1/payments', { key, idempotencyKey, json })
  expect(single.json.id).toEqual(batch.json.data?.[0]?.id)
  expect(single.headers.get('idempotent-replayed')).toBe('true')
})

test.each([
  ['{"a":1}', {}, 400, 'field_invalid'],
  ['[', {}, 400, 'body_malformed'],
  [new Uint8Array([0x5b, 0xff, 0x5d]), {}, 400, 'body_not_utf8'],
  ['[]', { 'Content-Type': 'text/csv' }, 415, 'content_type_unsupported'],
  [`[${'{},'.repeat(10_000)}{}]`, {}, 413, 'batch_too_long'],
  ['1\n'.repeat(10_001), ndjson, 413, 'batch_too_long'],
  ['x'.repeat(8_000_001), {}, 413, 'body_too_large'],
])('a batch that is none is refused as a whole: %.20s', async (body, headers, status, code) => {
  const answer = await sandbox.send('POST', path, { key, body, headers })
  expect(answer.status).toBe(status)
  expect(answer.json.code).toBe(code)
})

test('an empty batch is an answer too', async () => {
  const { json } = await sandbox.send('POST', path, { key, json: [] })
  expect(json).toEqual({ data: [], accepted: 0, refused: 0 })
})
