import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Browser,
  freshKey,
  openTestSandbox,
  ownOrigin,
  type TestSandbox,
} from '../../test/sandbox.ts'
import { sandboxLimits } from '../settings.ts'

let sandbox: TestSandbox
let sk: string

beforeAll(async () => {
  const limits = { ...sandboxLimits, feedsPerOwnerMax: 2 }
  sandbox = await openTestSandbox({ limits, heartbeatMs: 100 })
  sk = sandbox.platform.keys.merchant.secret
})
afterAll(() => sandbox.close())

interface Event {
  readonly id: string
  readonly event: string
  readonly data: {
    readonly payment: { readonly id: string; readonly amount: { readonly amount: string } }
    readonly balance?: { readonly amount: string }
  }
}

/** Reads a feed as an EventSource would. */
async function listen(path: string, headers: Record<string, string>) {
  const response = await sandbox.platform.app.hono.request(path, { headers })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const next = async (): Promise<Event | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        const fields = Object.fromEntries(
          block
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        )
        const { id, event, data } = fields
        if (id !== undefined && event !== undefined && data !== undefined) {
          return { id, event, data: JSON.parse(data) }
        }
        continue
      }
      const piece = await reader?.read()
      if (piece === undefined || piece.done) return undefined
      text += piece.value
    }
  }
  return { status: response.status, response, next, stop: () => reader?.cancel(), seen: () => text }
}

function walletFeed(browser: Browser, more: Record<string, string> = {}) {
  return listen('/v1/wallet/live', { cookie: browser.cookie, origin: ownOrigin, ...more })
}

async function charge(wallet: string, amount: string) {
  const json = { wallet, amount, currency: 'KRW' }
  const paid = await sandbox.send('POST', '/v1/payments', {
    key: sk,
    idempotencyKey: freshKey(),
    json,
  })
  return String(paid.json.id)
}

test('a payer sees what happens, with the balance, while it happens', async () => {
  const browser = await sandbox.browser()
  const feed = await walletFeed(browser)
  expect(feed.response.headers.get('content-type')).toBe('text/event-stream')
  const first = feed.next()
  const id = await charge(browser.walletId, '10')
  expect(await first).toMatchObject({
    event: 'payment.accepted',
    data: { payment: { id }, balance: { amount: '9990', currency: 'KRW' } },
  })
  await sandbox.send('POST', `/v1/payments/${id}/refund`, { key: sk, idempotencyKey: freshKey() })
  expect(await feed.next()).toMatchObject({
    event: 'payment.refunded',
    data: { payment: { object: 'refund', payment: id } },
  })
  const credit = { wallet: browser.walletId, amount: '5', currency: 'KRW' }
  const key = sandbox.platform.keys.operator
  await sandbox.send('POST', '/v1/sandbox/credit', {
    key,
    idempotencyKey: freshKey(),
    json: credit,
  })
  expect(await feed.next()).toMatchObject({ event: 'wallet.topped_up' })
  await feed.stop()
})

test('who was away is told what happened, once and in order', async () => {
  const browser = await sandbox.browser()
  const feed = await walletFeed(browser)
  const first = feed.next()
  await charge(browser.walletId, '1')
  const seen = await first
  await feed.stop()
  const missed = [await charge(browser.walletId, '2'), await charge(browser.walletId, '3')]
  const again = await walletFeed(browser, { 'Last-Event-ID': seen?.id ?? '' })
  const told = [await again.next(), await again.next()]
  expect(told.map((event) => event?.data.payment.id)).toEqual(missed)
  const live = again.next()
  const last = await charge(browser.walletId, '4')
  expect((await live)?.data.payment.id).toBe(last)
  await again.stop()
})

test('a merchant sees the payments of every shard, and nobody else’s', async () => {
  const feed = await listen('/v1/merchant/live', { authorization: `Bearer ${sk}` })
  const sent: string[] = []
  const got: string[] = []
  for (let count = 0; count < 6; count += 1) {
    const next = feed.next()
    sent.push(await charge((await sandbox.browser()).walletId, '1'))
    got.push((await next)?.data.payment.id ?? '')
  }
  expect(got).toEqual(sent)
  await feed.stop()
})

test('feeds are limited, and a closed one makes room', async () => {
  const browser = await sandbox.browser()
  const feeds = [await walletFeed(browser), await walletFeed(browser)]
  const refused = await walletFeed(browser)
  expect(refused.status).toBe(429)
  expect(refused.response.headers.get('retry-after')).toBe('5')
  for (const feed of feeds) await feed.stop()
  const again = await walletFeed(browser)
  expect(again.status).toBe(200)
  await again.stop()
  expect(sandbox.platform.app.hub.count).toBe(0)
})

test('a reader that does not read is dropped', async () => {
  const browser = await sandbox.browser()
  const feed = await walletFeed(browser)
  const items = Array.from({ length: 1_500 }, () => ({
    key: freshKey(),
    wallet: browser.walletId,
    amount: '0.001',
    currency: 'KRW',
  }))
  await sandbox.send('POST', '/v1/payments/batch', { key: sk, json: items })
  expect(sandbox.platform.app.hub.count).toBe(0)
  await feed.stop()
})
