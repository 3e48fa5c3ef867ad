import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Browser,
  freshKey,
  type Loose,
  openTestSandbox,
  shopOrigin,
  type TestSandbox,
} from '../../test/sandbox.ts'

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

function tap(browser: Browser, json: object) {
  const headers = { origin: shopOrigin }
  return browser.send('POST', '/v1/payments', {
    key: pk,
    idempotencyKey: freshKey(),
    json,
    headers,
  })
}

describe('a guest wallet', () => {
  test('starts with credit and limits in won and dollars', async () => {
    const browser = await sandbox.browser()
    const { json } = await browser.send('GET', '/v1/wallet')
    expect(json).toMatchObject({
      id: browser.walletId,
      pockets: [
        { currency: 'KRW', balance: '10000', available: '10000', held: '0', spent_today: '0' },
        { currency: 'USD', balance: '5', spent_this_month: '0' },
      ],
    })
    expect(json.pockets?.[0]?.limits).toMatchObject([
      { per: 'payment', scope: 'all', amount_max: '50000', resets_at: null },
      { per: 'day', scope: 'all', amount_max: '100000', amount_used: '0' },
      { per: 'month', scope: 'all', amount_max: '300000' },
    ])
  })

  test('is made once for a browser', async () => {
    const browser = await sandbox.browser()
    const again = await browser.send('POST', '/v1/wallets', { key: pk })
    expect(again.status).toBe(200)
    expect(again.json.id).toBe(browser.walletId)
    expect(again.headers.getSetCookie()).toEqual([])
  })

  test('sets cookies that no script reads', async () => {
    const made = await sandbox.send('POST', '/v1/wallets', { key: pk, json: {} })
    expect(made.status).toBe(201)
    const cookies = made.headers.getSetCookie()
    expect(cookies).toHaveLength(2)
    for (const line of cookies)
      expect(line).toMatch(/^jeon_\w+=\S+; Path=\/; HttpOnly; SameSite=Lax/)
    expect(cookies.join()).not.toContain('Secure')
  })

  test('keeps yen when asked to', async () => {
    const made = await sandbox.send('POST', '/v1/wallets', { key: sk, json: { currency: 'JPY' } })
    expect(made.json.pockets?.[0]).toMatchObject({ currency: 'JPY', balance: '1000' })
    expect(made.headers.getSetCookie()).toEqual([])
  })
})

describe('limits', () => {
  test('are replaced as a whole and hold at once', async () => {
    const browser = await sandbox.browser()
    const put = (limits: object[]) =>
      browser.send('PUT', '/v1/wallet/limits', { json: { currency: 'KRW', limits } })
    const changed = await put([
      { per: 'payment', scope: 'category', category: 'news', amount_max: '100' },
      { per: 'day', scope: 'merchant', count_max: 1 },
    ])
    expect(changed.json.pockets?.[0]?.limits).toHaveLength(2)
    expect((await tap(browser, { offer: 'article-1' })).json).toMatchObject({
      code: 'window_exceeded',
      limit: { scope: 'category', category: 'news' },
    })
    expect((await tap(browser, { offer: 'article-3' })).status).toBe(201)
    expect((await tap(browser, { offer: 'article-3' })).json).toMatchObject({
      limit: { per: 'day', scope: 'merchant', count_max: 1 },
      left: { amount: null, count: 0 },
    })
    await put([])
    expect((await tap(browser, { offer: 'article-1' })).status).toBe(201)
  })

  test.each([
    [[{ per: 'day', scope: 'all' }], 'limits_invalid'],
    [[{ per: 'payment', scope: 'all', count_max: 3 }], 'limits_invalid'],
    [[{ per: 'day', scope: 'category', amount_max: '1' }], 'limits_invalid'],
    [[{ per: 'day', scope: 'all', category: 'x', amount_max: '1' }], 'limits_invalid'],
    [[{ per: 'day', scope: 'all', amount_max: '1.0001' }], 'amount_too_many_places'],
    [[{ per: 'week', scope: 'all', amount_max: '1' }], 'field_invalid'],
    [
      Array.from({ length: 17 }, () => ({ per: 'day', scope: 'all', count_max: 1 })),
      'field_invalid',
    ],
    [
      [
        { per: 'day', scope: 'all', amount_max: '1' },
        { per: 'day', scope: 'all', count_max: 1 },
      ],
      'limits_invalid',
    ],
  ])('that make no sense are refused: %j', async (limits, code) => {
    const browser = await sandbox.browser()
    const json = { currency: 'KRW', limits }
    expect((await browser.send('PUT', '/v1/wallet/limits', { json })).json.code).toBe(code)
  })
})

describe('history', () => {
  test('walks back through everything once, page by page', async () => {
    const browser = await sandbox.browser()
    for (const offer of ['article-1', 'article-7', 'article-3', 'article-7', 'article-4']) {
      expect((await tap(browser, { offer })).status).toBe(201)
    }
    const all = await browser.send('GET', '/v1/wallet/payments?limit=100')
    expect(all.json.next_cursor).toBeNull()
    const kinds = listOf(all.json.data).map((entry) => String(entry.object))
    expect(kinds.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'payment'))
    expect(kinds.slice(5)).toEqual(['topup', 'topup'])
    expect(all.json.data?.[0]).toMatchObject({
      offer: 'article-4',
      merchant_name: 'The Daily Jeon',
      refunded: { amount: '0' },
    })
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await browser.send('GET', `/v1/wallet/payments?limit=2${cursor}`)
      seen.push(...listOf(page.json.data).map((entry) => String(entry.id)))
      cursor = page.json.next_cursor === null ? '' : `&cursor=${String(page.json.next_cursor)}`
    } while (cursor !== '')
    expect(seen).toEqual(listOf(all.json.data).map((entry) => String(entry.id)))
  })

  test('shows a refund with its payment', async () => {
    const browser = await sandbox.browser()
    const paid = await tap(browser, { offer: 'article-1' })
    const path = `/v1/payments/${String(paid.json.id)}/refund`
    await sandbox.send('POST', path, {
      key: sk,
      idempotencyKey: freshKey(),
      json: { amount: '50' },
    })
    const { json } = await browser.send('GET', '/v1/wallet/payments?limit=2')
    expect(json.data).toMatchObject([
      { object: 'refund', payment: paid.json.id, amount: { amount: '50' } },
      { object: 'payment', id: paid.json.id, refunded: { amount: '50' } },
    ])
  })

  test('of a merchant merges its shards by time', async () => {
    const made = await sandbox.send('POST', '/v1/merchants', { key: op, json: { name: 'Busy' } })
    const [key, page] = [String(made.json.keys?.secret), String(made.json.keys?.page)]
    const sent: string[] = []
    const shards = new Set<number>()
    for (let count = 0; count < 8; count += 1) {
      const { walletId: wallet } = await sandbox.browser({ key: page })
      const json = { wallet, amount: '1', currency: count % 2 === 0 ? 'KRW' : 'USD' }
      const paid = await sandbox.send('POST', '/v1/payments', {
        key,
        idempotencyKey: freshKey(),
        json,
      })
      sent.unshift(String(paid.json.id))
      shards.add(Number(paid.json.shard))
    }
    expect(shards.size).toBe(2)
    const seen: string[] = []
    let cursor = ''
    do {
      const { json } = await sandbox.send('GET', `/v1/merchant/payments?limit=3${cursor}`, { key })
      seen.push(...listOf(json.data).map((entry) => String(entry.id)))
      cursor = json.next_cursor === null ? '' : `&cursor=${String(json.next_cursor)}`
    } while (cursor !== '')
    expect(new Set(seen)).toEqual(new Set(sent))
    expect(seen).toHaveLength(8)
    const merchant = await sandbox.send('GET', '/v1/merchant', { key })
    expect(merchant.json.balances).toEqual([
      { amount: '4', currency: 'KRW' },
      { amount: '4', currency: 'USD' },
    ])
  })

  test('refuses cursors that are none, and shows nobody else’s with a forged one', async () => {
    const [one, other] = [await sandbox.browser(), await sandbox.browser()]
    await tap(one, { offer: 'article-1' })
    for (const cursor of ['x', 'W10K', Buffer.from('[[1,-1]]').toString('base64url')]) {
      const { json } = await one.send('GET', `/v1/wallet/payments?cursor=${cursor}`)
      expect(json.code ?? 'none').toMatch(/^(cursor_invalid|none)$/)
    }
    const forged = Buffer.from(
      JSON.stringify(Array.from({ length: 40 }, (_, account) => [account, 1_000])),
    ).toString('base64url')
    const { json } = await other.send('GET', `/v1/wallet/payments?cursor=${forged}`)
    for (const entry of listOf(json.data)) expect(entry.wallet).toBe(other.walletId)
    expect((await one.send('GET', '/v1/wallet/payments?limit=0')).json.code).toBe('field_invalid')
    expect((await one.send('GET', '/v1/wallet/payments?limit=5&limit=6')).json.code).toBe(
      'field_invalid',
    )
  })
})

test('a token opens the wallet from a terminal until it is ended', async () => {
  const browser = await sandbox.browser()
  const made = await browser.send('POST', '/v1/wallet/token')
  const key = String(made.json.token)
  expect(key).toMatch(/^ws_test_[0-9A-Za-z]{49}$/)
  expect((await sandbox.send('GET', '/v1/wallet', { key })).json.id).toBe(browser.walletId)
  const merchant = sandbox.platform.keys.merchant.id
  const json = { offer: 'article-1', merchant }
  const paid = await sandbox.send('POST', '/v1/payments', { key, idempotencyKey: freshKey(), json })
  expect(paid.status).toBe(201)
  expect((await sandbox.send('DELETE', '/v1/wallet/session', { key })).status).toBe(204)
  expect((await sandbox.send('GET', '/v1/wallet', { key })).json.code).toBe('session_invalid')
})

function listOf(data: Loose | undefined): Loose[] {
  return data === undefined ? [] : Object.values(data)
}
