import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { newPaymentId, newRefundId } from '../ids.ts'
import { fieldsOf, optionalText, parseJson } from '../reader.ts'
import { FakeApi } from './fake-api.ts'
import type { FakeEntry, FakeEvent, FakeOffer, FakeWallet } from './state.ts'

/** What goes wrong with a request: before or after it took effect. */
export type Fault = 'drop_before' | 'drop_after' | 'hang_after' | 'error_before' | 'error_after'

/** A request as the fake sees it. */
export interface FakeRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
}

/** An answer: JSON, unless `text` is given. */
export interface FakeReply {
  readonly status: number
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

/** An in-memory stand-in for the platform, for the tests of whoever uses the SDK. Not a money store, not secure. */
export interface FakePlatform {
  readonly url: string
  readonly merchant: string
  readonly wallets: Map<string, FakeWallet>
  readonly offers: Map<string, FakeOffer>
  readonly history: FakeEntry[]
  readonly events: FakeEvent[]
  readonly requests: FakeRequest[]
  /** Consulted for every request. */
  fault: (request: FakeRequest) => Fault | undefined
  /** How far the test clock is ahead. */
  clockAheadMs: number
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>
  /** New signing key; the old one is no longer published. */
  rotateKeys(): Promise<void>
  emit(wallet: string, type: string, data: Readonly<Record<string, unknown>>): void
  /** Breaks every open connection, live feeds included. */
  dropConnections(): void
  stop(): Promise<void>
}

export interface FakePlatformOptions {
  /** (Default: any free one.) */
  readonly port?: number
  /** Answers what the fake does not know, such as pages. */
  readonly fallback?: (path: string) => FakeReply | undefined
}

/**
 * Starts the stand-in on a free local port.
 *
 * @example
 * ```ts
 * await using stack = new AsyncDisposableStack()
 * const platform = await startFakePlatform()
 * stack.defer(() => platform.stop())
 * ```
 */
export async function startFakePlatform(options?: FakePlatformOptions): Promise<FakePlatform> {
  let signing = await newSigningKey()
  const feeds = new Map<ServerResponse, string>()
  const platform: FakePlatform = {
    url: '',
    merchant: newPaymentId().replace('pay_', 'mer_'),
    wallets: new Map(),
    offers: new Map(),
    history: [],
    events: [],
    requests: [],
    fault: () => undefined,
    clockAheadMs: 0,
    sign: (claims) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid: signing.kid })
        .sign(signing.privateKey),
    async rotateKeys() {
      signing = await newSigningKey()
    },
    emit(wallet, type, data) {
      const event = { id: platform.events.length + 1, wallet, type, data }
      platform.events.push(event)
      for (const [feed, owner] of feeds) if (owner === wallet) writeEvent(feed, event)
    },
    dropConnections: () => server.closeAllConnections(),
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  const api = new FakeApi(platform, () => ({ keys: [signing.jwk] }))

  const openFeed = (request: FakeRequest, response: ServerResponse, wallet: string) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(': live\n\n')
    const after = Number(request.headers['last-event-id'] ?? platform.events.length)
    for (const event of platform.events) {
      if (event.wallet === wallet && event.id > after) writeEvent(response, event)
    }
    feeds.set(response, wallet)
    response.on('close', () => feeds.delete(response))
  }

  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(incoming)
    platform.requests.push(request)
    const fault = platform.fault(request)
    if (fault === 'drop_before') return void incoming.socket.destroy()
    if (fault === 'error_before') return void response.writeHead(502).end('bad gateway')
    const feedOf = api.feedOf(request)
    if (feedOf !== undefined) return openFeed(request, response, feedOf)
    const reply = (await api.reply(request)) ?? options?.fallback?.(request.path) ?? notFound
    if (fault === 'drop_after') return void incoming.socket.destroy()
    if (fault === 'hang_after') return
    if (fault === 'error_after') return void response.writeHead(502).end('bad gateway')
    writeReply(response, reply)
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      response.writeHead(500).end(`${error}`)
    })
  })
  await new Promise<void>((resolve) =>
    server.listen(options?.port ?? 0, '127.0.0.1', () => resolve()),
  )
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return Object.assign(platform, { url: `http://127.0.0.1:${address.port}` })
}

const notFound: FakeReply = {
  status: 404,
  json: { title: 'Nothing here', status: 404, code: 'not_found', retryable: false },
}

interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

async function newSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const kid = newRefundId().slice(-8)
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' } }
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  const url = new URL(incoming.url ?? '/', 'http://fake')
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) if (chunk instanceof Uint8Array) chunks.push(chunk)
  const headers = Object.entries(incoming.headers).map(([name, content]) => [
    name,
    Array.isArray(content) ? content.join(', ') : content,
  ])
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(headers),
    text: Buffer.concat(chunks).toString(),
  }
}

function writeReply(response: ServerResponse, reply: FakeReply): void {
  const isProblem = reply.status >= 400
  response.writeHead(reply.status, {
    ...(reply.text === undefined
      ? { 'content-type': isProblem ? 'application/problem+json' : 'application/json' }
      : {}),
    'jeon-request-id': 'req_fake',
    ...Object.fromEntries(
      Object.entries(reply.headers ?? {}).map(([name, content]) => [
        name,
        typeof content === 'string' ? content : [...content],
      ]),
    ),
  })
  response.end(reply.text ?? JSON.stringify(reply.json))
}

function writeEvent(feed: ServerResponse, event: FakeEvent): void {
  feed.write(`id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`)
}

/** The body's fields; an empty body has none. */
export function bodyFields(request: FakeRequest) {
  return request.text === '' ? {} : fieldsOf(parseJson(request.text), 'body')
}

/** The body's field as text. */
export function bodyText(request: FakeRequest, name: string): string | undefined {
  return optionalText(bodyFields(request), name)
}
