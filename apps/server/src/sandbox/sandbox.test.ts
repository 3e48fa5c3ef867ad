import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MigrationChanged } from '@jeon/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshKey, openTestSandbox, type TestSandbox } from '../../test/sandbox.ts'
import { createLog, openPlatform } from '../index.ts'
import { migratePlatform } from '../migrate.ts'
import { ReceiptKeys } from '../receipts/keys.ts'

let sandbox: TestSandbox
let op: string

beforeAll(async () => {
  sandbox = await openTestSandbox()
  op = sandbox.platform.keys.operator
})
afterAll(() => sandbox.close())

describe('the test clock', () => {
  const move = (json: object) => sandbox.send('POST', '/v1/sandbox/clock', { key: op, json })

  test('moves forward, stops and runs on', async () => {
    const before = Date.now()
    const moved = await move({ advance: '1d2h' })
    expect(Date.parse(String(moved.json.now)) - before).toBeGreaterThanOrEqual(26 * 3_600_000)
    const frozen = await move({ freeze: true })
    const again = await sandbox.send('GET', '/v1/sandbox/clock', { key: op })
    expect(again.json).toMatchObject({ now: frozen.json.now, frozen: true })
    const later = await move({ advance: '1h' })
    expect(Date.parse(String(later.json.now)) - Date.parse(String(frozen.json.now))).toBe(3_600_000)
    expect((await move({ freeze: false })).json.frozen).toBe(false)
  })

  test('begins a new day for what may be spent', async () => {
    const browser = await sandbox.browser()
    const limits = [{ per: 'day', scope: 'all', count_max: 1 }]
    await browser.send('PUT', '/v1/wallet/limits', { json: { currency: 'KRW', limits } })
    const key = sandbox.platform.keys.merchant.secret
    const pay = () => {
      const json = { wallet: browser.walletId, amount: '1', currency: 'KRW' }
      return sandbox.send('POST', '/v1/payments', { key, idempotencyKey: freshKey(), json })
    }
    expect((await pay()).status).toBe(201)
    expect((await pay()).json.code).toBe('window_exceeded')
    await move({ advance: '1d' })
    expect((await pay()).status).toBe(201)
    const { json } = await browser.send('GET', '/v1/wallet')
    expect(json.pockets?.[0]).toMatchObject({ spent_today: '1', balance: '9998' })
  })

  test.each([{ advance: '0d' }, { advance: '-1d' }, { advance: '9999d' }, { advance: 'soon' }, {}])(
    'does not move for %j',
    async (json) => {
      expect((await move(json)).json.code).toBe('field_invalid')
    },
  )
})

test('credit is given once per key, also in a new currency', async () => {
  const browser = await sandbox.browser()
  const credit = (json: object, idempotencyKey = freshKey()) =>
    sandbox.send('POST', '/v1/sandbox/credit', { key: op, idempotencyKey, json })
  const json = { wallet: browser.walletId, amount: '50', currency: 'EUR' }
  const key = freshKey()
  expect((await credit(json, key)).json.balance).toEqual({ amount: '50', currency: 'EUR' })
  expect((await credit(json, key)).json.balance).toEqual({ amount: '50', currency: 'EUR' })
  expect((await credit({ ...json, amount: '51' }, key)).json.code).toBe('key_reused')
  expect((await credit({ ...json, amount: '0' })).json.code).toBe('amount_not_positive')
  const { json: wallet } = await browser.send('GET', '/v1/wallet')
  expect(wallet.pockets?.[2]).toMatchObject({ currency: 'EUR', balance: '50' })
})

test('a second start keeps keys, money, changed offers and the clock', async () => {
  const own = await openTestSandbox()
  const { keys } = own.platform
  const browser = await own.browser()
  const key = keys.merchant.secret
  const json = { wallet: browser.walletId, amount: '1', currency: 'KRW' }
  const paid = await own.send('POST', '/v1/payments', { key, idempotencyKey: 'a', json })
  await own.send('PATCH', '/v1/offers/article-1', { key, json: { title: 'Changed' } })
  await own.send('POST', '/v1/sandbox/clock', { key: keys.operator, json: { advance: '40d' } })
  await own.platform.close()
  const { databaseUrl, directory } = own
  const log = createLog({ level: 'silent' })
  const again = await openPlatform({
    databaseUrl,
    directory,
    publicUrl: 'http://localhost:4242',
    log,
  })
  expect(again.keys).toEqual(keys)
  const ask = async (path: string, cookie = '') => {
    const headers = cookie === '' ? { authorization: `Bearer ${key}` } : { cookie }
    const answer: unknown = await (await again.app.hono.request(path, { headers })).json()
    return answer
  }
  expect(await ask(`/v1/payments/${String(paid.json.id)}`)).toMatchObject({ id: paid.json.id })
  expect(await ask('/v1/offers/article-1')).toMatchObject({ title: 'Changed' })
  expect(await ask('/v1/wallet', browser.cookie)).toMatchObject({ id: browser.walletId })
  const clock = await again.app.hono.request('/v1/sandbox/clock', {
    headers: { authorization: `Bearer ${keys.operator}` },
  })
  expect(Date.parse(JSON.parse(await clock.text()).now)).toBeGreaterThan(
    Date.now() + 39 * 86_400_000,
  )
  await again.close()
  await own.close()
})

test('keys are for their owner’s eyes', async () => {
  for (const name of ['keys.json', 'receipt-keys.json']) {
    const { mode } = await stat(join(sandbox.directory, name))
    expect(mode & 0o777, name).toBe(0o600)
  }
  const keys: unknown = JSON.parse(await readFile(join(sandbox.directory, 'keys.json'), 'utf8'))
  expect(keys).toMatchObject({ operator: op, merchant: { id: expect.stringMatching(/^mer_/) } })
})

test('receipt keys can be rotated; the old ones stay published', async () => {
  const path = join(sandbox.directory, 'rotating.json')
  const keys = await ReceiptKeys.open(path)
  const [first] = keys.published
  await keys.rotate()
  const header = JSON.parse(Buffer.from(keys.sign({}).split('.')[0] ?? '', 'base64url').toString())
  expect(header.kid).not.toBe(first?.kid)
  const reopened = await ReceiptKeys.open(path)
  expect(reopened.published).toEqual(keys.published)
  expect(reopened.published).toContainEqual(first)
})

test('a file of keys that is none is named, and nothing stays open', async () => {
  const own = await openTestSandbox()
  await own.platform.close()
  const { databaseUrl, directory } = own
  const log = createLog({ level: 'silent' })
  const open = () =>
    openPlatform({ databaseUrl, directory, publicUrl: 'http://localhost:4242', log })
  for (const name of ['keys.json', 'receipt-keys.json']) {
    await writeFile(join(directory, name), '{}')
    await expect(open()).rejects.toThrow(join(directory, name))
    await rm(join(directory, name))
  }
  await (await open()).close()
  await own.close()
})

test('migrations are applied once, and one that was changed is noticed', async () => {
  expect(await migratePlatform(sandbox.databaseUrl)).toEqual([])
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: sandbox.databaseUrl })
  await client.connect()
  await client.query("update jeon.migration set hash = 'x' where name like '0001%'")
  await client.end()
  await expect(migratePlatform(sandbox.databaseUrl)).rejects.toThrow(MigrationChanged)
})
