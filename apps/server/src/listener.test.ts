import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshKey, openTestSandbox, type TestSandbox } from '../test/sandbox.ts'

let sandbox: TestSandbox
let url: string
let port: number
let wallet: string

beforeAll(async () => {
  sandbox = await openTestSandbox({ listener: { requestTimeoutMs: 400, headerBytesMax: 8_192 } })
  port = await sandbox.platform.listen(0)
  url = `http://127.0.0.1:${port}`
  wallet = (await sandbox.browser()).walletId
})
afterAll(() => sandbox.close())

/** Sends bytes as they are and reads until the server hangs up. */
async function raw(...pieces: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  socket.on('error', () => undefined)
  for (const piece of pieces) socket.write(piece)
  await once(socket, 'close')
  return text
}

function paying(): Record<string, string> {
  return {
    authorization: `Bearer ${sandbox.platform.keys.merchant.secret}`,
    'content-type': 'application/json',
    'idempotency-key': freshKey(),
  }
}

describe('the short way of the busiest endpoints', () => {
  const good = () => JSON.stringify({ wallet, amount: '1', currency: 'KRW' })
  const cases: [
    string,
    () => { body?: string; headers?: Record<string, string>; path?: string },
  ][] = [
    ['a payment', () => ({ body: good() })],
    ['a receipt on top', () => ({ body: good(), path: '/v1/payments?receipt=true' })],
    ['an unknown query', () => ({ body: good(), path: '/v1/payments?x=1' })],
    ['a query twice', () => ({ body: good(), path: '/v1/payments?receipt=true&receipt=true' })],
    ['broken JSON', () => ({ body: '{' })],
    ['no body', () => ({ body: '' })],
    ['a name twice', () => ({ body: '{"wallet":"a","wallet":"b"}' })],
    ['a number for an amount', () => ({ body: '{"amount":1}' })],
    ['a polluting name', () => ({ body: '{"__proto__":{"amount":"1"}}' })],
    ['too much', () => ({ body: `"${'x'.repeat(70_000)}"` })],
    ['another type', () => ({ body: 'a=b', headers: { 'content-type': 'text/plain' } })],
    ['no key', () => ({ body: good(), headers: { authorization: '' } })],
    ['no idempotency key', () => ({ body: good(), headers: { 'idempotency-key': '' } })],
    ['Korean', () => ({ body: '{', headers: { 'accept-language': 'ko' } })],
    ['a foreign page', () => ({ body: good(), headers: { origin: 'https://evil.example' } })],
    ['a registered page', () => ({ body: good(), headers: { origin: 'http://localhost:4300' } })],
    ['a batch', () => ({ body: '[]', path: '/v1/payments/batch' })],
    ['no batch', () => ({ body: '{}', path: '/v1/payments/batch' })],
  ]

  test.each(cases)('answers %s as Hono does', async (_name, make) => {
    const { body = '', headers = {}, path = '/v1/payments' } = make()
    const direct = await fetch(url + path, {
      method: 'POST',
      body,
      headers: { ...paying(), ...headers },
    })
    const init = { method: 'POST', body, headers: { ...paying(), ...headers } }
    const hono = await sandbox.platform.app.hono.request(path, init)
    expect(direct.status).toBe(hono.status)
    expect(comparable(await direct.json())).toEqual(comparable(await hono.json()))
    const names = (response: Response) =>
      new Set(
        [...response.headers.keys()].filter(
          (name) =>
            !['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'].includes(
              name,
            ),
        ),
      )
    expect(names(direct)).toEqual(names(hono))
  })

  function comparable(json: unknown): unknown {
    const varying = new Set(['id', 'request_id', 'created_at', 'sequence', 'receipt'])
    const fields = Object.entries(typeof json === 'object' && json !== null ? json : {})
    return Object.fromEntries(fields.filter(([name]) => !varying.has(name)))
  }
})

describe('what never becomes a request', () => {
  test('a body that does not come is given up', async () => {
    for (const path of ['/v1/payments', '/v1/offers']) {
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n`
      const { authorization } = paying()
      const text = await raw(
        `${head}Authorization: ${authorization}\r\nIdempotency-Key: a\r\n\r\n{"a`,
      )
      expect(text).toContain('HTTP/1.1 408')
      expect(text).toContain('"code":"body_timeout"')
    }
  })

  test('headers that are too long, and no HTTP at all', async () => {
    expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(9_000)}\r\n\r\n`)).toContain(
      'HTTP/1.1 431',
    )
    expect(await raw('hello\r\n\r\n')).toContain('"code":"request_malformed"')
  })

  test('a caller that goes away in the middle harms nobody', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write('POST /v1/payments HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{')
    await once(socket, 'connect')
    socket.destroy()
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })
})

test('stopping finishes what was accepted and refuses what comes later', async () => {
  const other = await openTestSandbox()
  const at = `http://127.0.0.1:${await other.platform.listen(0)}`
  const payer = (await other.browser()).walletId
  const authorization = `Bearer ${other.platform.keys.merchant.secret}`
  const live = await fetch(`${at}/v1/merchant/live`, { headers: { authorization } })
  const items = Array.from({ length: 5_000 }, () => ({
    key: freshKey(),
    wallet: payer,
    amount: '0.1',
    currency: 'KRW',
  }))
  const batch = fetch(`${at}/v1/payments/batch`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(items),
  })
  while (other.platform.app.pipeline.inFlight === 0) await new Promise(setImmediate)
  const closed = other.platform.close()
  const answer = await batch
  expect(await answer.json()).toMatchObject({ accepted: 5_000 })
  expect(await live.text()).toContain('retry:')
  const late = await other.platform.app.hono.request('/v1/merchant', { headers: { authorization } })
  expect(late.status).toBe(503)
  expect(late.headers.get('connection')).toBe('close')
  await closed
  await expect(fetch(`${at}/healthz`)).rejects.toThrow()
  await other.close()
})
