import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ErrorTable, judge, readErrorTable } from './judge.ts'
import { openTarget, type Target } from './target.ts'
import { exchange, parse, type Received } from './wire.ts'

/** How long a request may take to arrive. */
const requestTimeoutMs = 1_500

let target: Target
let errors: ErrorTable

beforeAll(async () => {
  target = await openTarget(requestTimeoutMs)
  errors = readErrorTable(await target.read('/v1/errors'))
})
afterAll(() => target.close())

type Pieces = AsyncIterable<Buffer> | Iterable<Buffer>

/** Sends bytes and judges the first answer like that of any request. */
async function send(pieces: Pieces, method = 'POST') {
  const from = target.committed.length
  const received = await exchange(target.port, pieces)
  const committed = target.committed.slice(from)
  const { secrets } = target
  const problems = judge({ method, operation: undefined, received, committed, errors, secrets })
  return { received, problems, committed: committed.map(({ kind }) => kind) }
}

function statusOf(received: Received): number {
  return received.is === 'answer' ? received.status : 0
}

let keys = 0

/** A payment that would be accepted, with other lines where its length would be announced. */
function payment(lines: readonly string[] = [], body?: string): Buffer {
  const json = JSON.stringify({ wallet: target.pools.wallet[0], offer: 'article-2' })
  const sent = body ?? json
  keys += 1
  const [authorization = ['', '']] = target.senders.get('merchant') ?? []
  const length = lines.length > 0 ? lines : [`Content-Length: ${Buffer.byteLength(sent)}`]
  const head = [
    'POST /v1/payments HTTP/1.1',
    'Host: localhost',
    authorization.join(': '),
    `Idempotency-Key: wire-${keys}`,
    'Content-Type: application/json',
    ...length,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${sent}`)
}

const closing = Buffer.from('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')

/** One byte after the other, with a rest between them. */
async function* trickle(bytes: Buffer, restMs: number): AsyncGenerator<Buffer> {
  for (const byte of bytes) {
    yield Buffer.of(byte)
    await sleep(restMs)
  }
}

async function* startThenTrickle(bytes: Buffer, whole: number, restMs: number) {
  yield bytes.subarray(0, whole)
  yield* trickle(bytes.subarray(whole), restMs)
}

describe('slow senders', () => {
  test('a body that does not come to its end is given up, and pays nothing', async () => {
    const bytes = payment()
    const { received, problems, committed } = await send(
      startThenTrickle(bytes, bytes.indexOf('\r\n\r\n') + 4, 200),
    )
    expect(problems).toEqual([])
    expect(statusOf(received)).toBe(408)
    expect(committed).toEqual([])
  })

  test('so are headers', async () => {
    const { received, problems, committed } = await send(trickle(payment(), 200))
    expect(problems).toEqual([])
    expect(statusOf(received)).toBe(408)
    expect(committed).toEqual([])
  })

  test('a body in small pieces that comes in time is paid', async () => {
    const bytes = Buffer.concat([payment(), closing])
    const { received } = await send(startThenTrickle(bytes, bytes.indexOf('\r\n\r\n') + 4, 0))
    expect(statusOf(received)).toBe(201)
  })

  test('a body that breaks off pays nothing', async () => {
    const from = target.committed.length
    await exchange(target.port, [payment().subarray(0, -5)])
    const alive = await exchange(target.port, [closing])
    expect(statusOf(alive)).toBe(200)
    expect(target.committed.slice(from)).toEqual([])
  })
})

describe('requests whose end is not clear', () => {
  const smuggled = 'GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n'
  test.each([
    ['length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['chunks and length', ['Transfer-Encoding: chunked', 'Content-Length: 5']],
    ['two lengths', ['Content-Length: 5', 'Content-Length: 50']],
    ['a list of lengths', ['Content-Length: 5, 50']],
    ['a negative length', ['Content-Length: -1']],
    ['a length in hexadecimal', ['Content-Length: 0x10']],
    ['an endless length', ['Content-Length: 99999999999999999999999']],
    ['an unknown coding', ['Transfer-Encoding: xchunked']],
    ['chunks twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity']],
    ['a length with a space before its colon', ['Content-Length : 5']],
  ])('%s', async (_name, lines) => {
    const { received, problems, committed } = await send([payment(lines, `0\r\n\r\n${smuggled}`)])
    expect(problems).toEqual([])
    expect(statusOf(received)).toBe(400)
    // Nothing behind it is read: who knows where that would begin.
    expect(received.is === 'answer' && received.rest.length).toBe(0)
    expect(committed).toEqual([])
  })

  test.each([
    'zz\r\n{}\r\n0\r\n\r\n',
    '-1\r\n{}\r\n',
    '5\r\n{}\r\n0\r\n\r\n',
    'ffffffffffffffffff\r\n{}',
  ])('chunks %j', async (chunks) => {
    const { received, problems, committed } = await send([
      payment(['Transfer-Encoding: chunked'], chunks),
    ])
    expect(problems).toEqual([])
    expect([400, 408]).toContain(statusOf(received))
    expect(committed).toEqual([])
  })
})

test('requests that come at once are answered in their order', async () => {
  const wrong = payment(undefined, '{"wallet":1}')
  const pieces = [Buffer.concat([payment(), wrong, payment(), closing])]
  const from = target.committed.length
  const first = await exchange(target.port, pieces)
  const statuses: number[] = []
  for (let next = first; next.is === 'answer'; next = parse(next.rest, 'the end')) {
    statuses.push(next.status)
    if (next.rest.length === 0) break
  }
  expect(statuses).toEqual([201, 400, 201, 200])
  expect(target.committed.slice(from).map(({ kind }) => kind)).toEqual(['payment', 'payment'])
})

describe('what is hardly HTTP', () => {
  const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
  test.each([
    ['nothing but noise', '\u0000\u0001\u0002\r\n\r\n'],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/0.9', 'GET /v1/wallet\r\n\r\n'],
    ['no host', head('GET /v1/wallet HTTP/1.1', 'Connection: close')],
    ['two hosts', head('GET /v1/wallet HTTP/1.1', 'Host: a', 'Host: b', 'Connection: close')],
    ['a host that is none', head('GET /v1/wallet HTTP/1.1', 'Host: a b[', 'Connection: close')],
    ['an unknown method', head('STEAL /v1/wallet HTTP/1.1', 'Host: a', 'Connection: close')],
    ['a tunnel', head('CONNECT evil.example:443 HTTP/1.1', 'Host: a', 'Connection: close')],
    ['an echo', head('TRACE /v1/wallet HTTP/1.1', 'Host: a', 'Connection: close')],
    ['a star', head('OPTIONS * HTTP/1.1', 'Host: a', 'Connection: close')],
    ['a proxy', head('GET http://evil.example/v1/wallet HTTP/1.1', 'Host: a', 'Connection: close')],
    ['a target that is no address', head('GET http:// HTTP/1.1', 'Host: a', 'Connection: close')],
    ['a target with a space', head('GET /v1/wallet x HTTP/1.1', 'Host: a', 'Connection: close')],
    ['a target in Latin-1', head('GET /v1/wall\u00ebt HTTP/1.1', 'Host: a', 'Connection: close')],
    ['two slashes', head('GET //evil.example/v1/wallet HTTP/1.1', 'Host: a', 'Connection: close')],
    ['a null in a header', head('GET /v1/wallet HTTP/1.1', 'Host: a', 'X: a\u0000b')],
    [
      'a folded header',
      head('GET /v1/wallet HTTP/1.1', 'Host: a', 'X: a', ' b', 'Connection: close'),
    ],
    ['a header without a name', head('GET /v1/wallet HTTP/1.1', 'Host: a', ': b')],
    ['huge headers', head('GET /v1/wallet HTTP/1.1', 'Host: a', `X: ${'x'.repeat(100_000)}`)],
    ['a huge target', head(`GET /v1/${'x'.repeat(100_000)} HTTP/1.1`, 'Host: a')],
    [
      'an odd expectation',
      head('GET /v1/wallet HTTP/1.1', 'Host: a', 'Expect: much', 'Connection: close'),
    ],
  ])('%s is refused with a problem', async (_name, text) => {
    const { received, problems } = await send([Buffer.from(text, 'latin1')], 'GET')
    expect(problems).toEqual([])
    expect(statusOf(received)).toBeGreaterThanOrEqual(400)
  })

  test('a body that is far too long is refused while it is still coming', async () => {
    const body = `{"reference":"${'x'.repeat(3_000_000)}"}`
    const lines = [`Content-Length: ${body.length}`, 'Connection: close']
    const { received, problems, committed } = await send([payment(lines, body)])
    expect(problems).toEqual([])
    expect(statusOf(received)).toBe(413)
    expect(committed).toEqual([])
  })

  test('a sender that waits to be told to go on is told so', async () => {
    const json = JSON.stringify({ wallet: target.pools.wallet[0], offer: 'article-2' })
    const lines = [`Content-Length: ${json.length}`, 'Expect: 100-continue', 'Connection: close']
    const { received } = await send([payment(lines, json)])
    expect(statusOf(received)).toBe(201)
  })
})

test('after all of that the ledger proves itself', async () => {
  expect((await target.platform.ledger.verify()).problems).toEqual([])
  expect(target.logLines.filter((line) => line.includes('request.failed'))).toEqual([])
})
