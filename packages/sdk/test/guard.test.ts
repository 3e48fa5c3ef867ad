import type { Server } from 'node:http'
import express from 'express'
import { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createJeon, type Jeon } from '../src/client.ts'
import { guard as expressGuard } from '../src/express.ts'
import { guard as honoGuard } from '../src/hono.ts'
import { type FakePlatform, startFakePlatform } from '../src/testing/fake-platform.ts'

const secret = 'the whole article'
type Visit = (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>

let platform: FakePlatform
let jeon: Jeon
let shop: Server
const visits: Record<string, Visit> = {}

const receiptFor = async (offer: string, changes?: Readonly<Record<string, unknown>>) =>
  platform.sign({
    iss: platform.url,
    sub: 'wal_1',
    aud: platform.merchant,
    pay: 'pay_1',
    offer,
    amount: '150',
    currency: 'KRW',
    iat: Math.floor(Date.now() / 1000),
    ...changes,
  })
const newClient = (key = 'sk_test_1') =>
  createJeon({ server: platform.url, key, merchant: platform.merchant, timeoutMs: 500 })

function honoShop(client: Jeon): Visit {
  const app = new Hono()
  const options = {
    offer: (c: { req: { param(name: string): string | undefined } }) => c.req.param('id'),
  }
  app.get('/articles/:id', honoGuard(client, options), (c) => c.text(secret))
  app.get('/direct/:id', honoGuard(client, { offer: (c) => c.req.param('id') }), (c) =>
    c.text(secret),
  )
  app.get(
    '/online/:id',
    honoGuard(client, { offer: (c) => c.req.param('id'), online: true }),
    (c) => c.text(secret),
  )
  app.get(
    '/throws',
    honoGuard(client, {
      offer: () => {
        throw new Error('bug of the shop')
      },
    }),
    (c) => c.text(secret),
  )
  app.get('/nothing', honoGuard(client, { offer: () => undefined }), (c) => c.text(secret))
  return async (path, headers) => app.request(path, { headers: { ...headers } })
}

function expressShop(client: Jeon): { server: Server; visit: Visit } {
  const app = express()
  app.get('/articles/:id', expressGuard(client, { offer: (req) => req.params.id }), (_req, res) => {
    res.send(secret)
  })
  app.get(
    '/online/:id',
    expressGuard(client, { offer: (req) => req.params.id, online: true }),
    (_req, res) => {
      res.send(secret)
    },
  )
  app.get(
    '/throws',
    expressGuard(client, {
      offer: () => {
        throw new Error('bug of the shop')
      },
    }),
    (_req, res) => {
      res.send(secret)
    },
  )
  app.get('/nothing', expressGuard(client, { offer: () => undefined }), (_req, res) => {
    res.send(secret)
  })
  const server = app.listen(0, '127.0.0.1')
  const visit: Visit = (path, headers) => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return fetch(`http://127.0.0.1:${address.port}${path}`, { headers: { ...headers } })
  }
  return { server, visit }
}

beforeAll(async () => {
  platform = await startFakePlatform()
  platform.offers.set('article-1', {
    id: 'article-1',
    title: '첫 기사',
    price: { amount: '150', currency: 'KRW' },
  })
  jeon = newClient()
  visits.hono = honoShop(jeon)
  const withExpress = expressShop(jeon)
  shop = withExpress.server
  visits.express = withExpress.visit
  await new Promise((resolve) => shop.once('listening', resolve))
})
afterAll(async () => {
  shop.closeAllConnections()
  shop.close()
  await platform.stop()
})
beforeEach(() => {
  platform.fault = () => undefined
})

describe.each(['hono', 'express'])('%s', (framework) => {
  const visit: Visit = (path, headers) => {
    const go = visits[framework]
    if (go === undefined) throw new Error('no shop')
    return go(path, headers)
  }
  const closed = async (response: Response, status: number, code: string) => {
    const text = await response.text()
    expect(text).not.toContain(secret)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('cache-control')).toContain('no-store')
    expect(JSON.parse(text)).toMatchObject({ code, status })
    return JSON.parse(text)
  }

  test('opens for a valid receipt in either header', async () => {
    const receipt = await receiptFor('article-1')
    const own = await visit('/articles/article-1', { 'jeon-receipt': receipt })
    expect(await own.text()).toBe(secret)
    expect(own.headers.get('cache-control')).toContain('no-store')
    const standard = await visit('/articles/article-1', { authorization: `Receipt ${receipt}` })
    expect(await standard.text()).toBe(secret)
  })

  test('asks to pay, with the price, when there is none', async () => {
    const response = await visit('/articles/article-1')
    expect(response.headers.get('jeon-offer')).toBe(
      `id="article-1", merchant="${platform.merchant}", server="${platform.url}", amount="150", currency="KRW"`,
    )
    const problem = await closed(response, 402, 'payment_required')
    expect(problem.price).toEqual({ amount: '150', currency: 'KRW' })
    expect(problem.hint).toMatch(/^jeon pay http/)
  })

  test.each([
    ['of another offer', 'article-2', {}],
    ['of another merchant', 'article-1', { aud: 'mer_other' }],
    ['that has expired', 'article-1', { exp: 1 }],
  ])('asks to pay for a receipt %s', async (_name, offer, changes) => {
    const receipt = await receiptFor(offer, changes)
    await closed(
      await visit('/articles/article-1', { 'jeon-receipt': receipt }),
      402,
      'payment_required',
    )
  })

  test('asks to pay for nonsense, two receipts in one, and a huge one', async () => {
    const receipt = await receiptFor('article-1')
    for (const header of ['x', `${receipt}, ${receipt}`, 'A'.repeat(9_000)]) {
      await closed(
        await visit('/articles/article-1', { 'jeon-receipt': header }),
        402,
        'payment_required',
      )
    }
  })

  test('stays closed when the shop throws or names no offer', async () => {
    const receipt = await receiptFor('article-1')
    await closed(await visit('/throws', { 'jeon-receipt': receipt }), 503, 'guard_failed')
    await closed(await visit('/nothing', { 'jeon-receipt': receipt }), 404, 'offer_not_found')
    await closed(await visit('/articles/no-such-offer'), 404, 'offer_not_found')
  })

  test('online: a refunded payment no longer opens', async () => {
    const receipt = await receiptFor('article-1')
    await closed(
      await visit('/online/article-1', { 'jeon-receipt': receipt }),
      402,
      'payment_required',
    )
    platform.fault = ({ path }) => (path === '/v1/entitlements' ? 'drop_before' : undefined)
    const headers = { 'jeon-receipt': receipt }
    await closed(await visit('/online/article-1', headers), 503, 'receipt_unverifiable')
  })
})

test('keys that cannot be fetched: 503, never through', async () => {
  platform.fault = () => 'drop_before'
  const visit = honoShop(newClient())
  const response = await visit('/articles/article-1', {
    'jeon-receipt': await receiptFor('article-1'),
  })
  expect(response.status).toBe(503)
  expect(await response.text()).not.toContain(secret)
})

test('what can never work does not start', () => {
  const offer = () => 'article-1'
  const stranger = createJeon({ server: platform.url, key: 'sk_test_1' })
  expect(() => honoGuard(stranger, { offer })).toThrow(/merchant/)
  expect(() => expressGuard(stranger, { offer })).toThrow(/merchant/)
  expect(() => honoGuard(newClient('pk_test_1'), { offer, online: true })).toThrow(/sk_/)
  // @ts-expect-error: JavaScript callers can leave it out
  expect(() => honoGuard(jeon, {})).toThrow(/offer/)
  expect(() => createJeon({ server: platform.url, key: undefined })).toThrow(/environment/)
  expect(() => createJeon({ server: platform.url, merchant: undefined })).toThrow(/environment/)
  expect(() => createJeon({ server: 'localhost:4242' })).toThrow(/address/)
})
