import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { App } from './app.ts'
import type { Endpoint } from './endpoint.ts'
import { type ErrorCode, type Refusal, refuse } from './errors.ts'
import type { Answer, Pipeline } from './pipeline.ts'
import type { RequestHead } from './request.ts'
import { queryOf } from './web.ts'

export interface ListenerOptions {
  /** A request has to be here whole within this time. (Default: 10,000) */
  readonly requestTimeoutMs?: number
  /** (Default: 16,384) */
  readonly headerBytesMax?: number
}

/**
 * The platform's HTTP server, not listening yet. The busiest endpoints are answered straight from Node's request: a
 * payment takes a third of the time that way. They go through the same pipeline as all others.
 */
export function createListener(app: App, options: ListenerOptions = {}): Server {
  const viaHono = getRequestListener(app.hono.fetch, {
    overrideGlobalObjects: false,
    // A host or target that makes no address never becomes a request for Hono.
    errorHandler: () => malformed(app.pipeline),
  })
  const requestTimeout = options.requestTimeoutMs ?? 10_000
  const server = createServer(
    {
      requestTimeout,
      headersTimeout: Math.min(requestTimeout, 5_000),
      connectionsCheckingInterval: Math.min(1_000, requestTimeout / 2),
      keepAliveTimeout: 65_000,
      maxHeaderSize: options.headerBytesMax ?? 16_384,
      // Node would answer a request without a host by itself, without a problem.
      requireHostHeader: false,
    },
    (request, response) => {
      const url = request.url ?? '/'
      const mark = url.indexOf('?')
      const path = mark < 0 ? url : url.slice(0, mark)
      const endpoint =
        request.headers.host === undefined
          ? undefined
          : app.busiest.get(`${request.method} ${path}`)
      if (endpoint === undefined) void viaHono(request, response)
      else
        void answerDirectly(app.pipeline, endpoint, request, response, path, url.slice(path.length))
    },
  )
  server.on('clientError', (error, socket) => refuseConnection(app.pipeline, error, socket))
  // Node closes a tunnel without a word, and answers what it is not to expect without a problem.
  server.on('connect', (_request, socket) =>
    refuseConnection(app.pipeline, new Error('no tunnels'), socket),
  )
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  return server
}

async function answerDirectly(
  pipeline: Pipeline,
  endpoint: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  search: string,
): Promise<void> {
  const answer = await pipeline.respond(endpoint, {
    head: headOf(request, path),
    params: noFields,
    query: search.length > 1 ? queryOf(new URLSearchParams(search)) : noFields,
    signal: undefined,
    readBody: (bytesMax) => readBody(request, bytesMax),
  })
  // An answer that breaks off in the middle ends its connection: half of it must not look like all of it.
  await send(response, answer).catch(() => response.destroy())
}

const noFields = {}

/** Node joins or drops headers that come twice; the first one of ours counts, as in Hono. */
function headOf(request: IncomingMessage, path: string): RequestHead {
  const { headers } = request
  return {
    method: request.method ?? '',
    path,
    authorization: headers.authorization,
    cookie: headers.cookie,
    origin: headers.origin,
    fetchSite: single(headers['sec-fetch-site']),
    idempotencyKey: single(headers['idempotency-key']),
    contentType: headers['content-type'],
    acceptLanguage: headers['accept-language'],
    lastEventId: single(headers['last-event-id']),
    ip: request.socket.remoteAddress ?? '',
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.join(', ')
}

function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | Refusal> {
  const tooLarge = refuse('body_too_large', { values: { most: String(bytesMax) } })
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return Promise.resolve(tooLarge)
  return new Promise((resolve) => {
    let only: Buffer | undefined
    let chunks: Buffer[] | undefined
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > bytesMax) {
        chunks = undefined
        only = undefined
        resolve(tooLarge)
        request.removeAllListeners('data')
        request.resume()
      } else if (only === undefined) only = chunk
      else if (chunks === undefined) chunks = [only, chunk]
      else chunks.push(chunk)
    })
    request.on('end', () =>
      resolve(chunks === undefined ? (only ?? noBytes) : Buffer.concat(chunks)),
    )
    // The caller went away, or was too slow and has its answer already: nobody reads this one.
    request.on('error', () => resolve(refuse('body_timeout')))
    request.on('close', () => resolve(refuse('body_timeout')))
  })
}

const noBytes = Buffer.alloc(0)

async function send(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  if (typeof body === 'string') headers['Content-Length'] = String(Buffer.byteLength(body))
  response.writeHead(status, outgoing(headers))
  if (typeof body === 'string') {
    response.end(body)
    return
  }
  if (body === undefined || body instanceof Uint8Array) {
    response.end(body)
    return
  }
  for await (const piece of body) {
    if (response.destroyed) break
    if (!response.write(piece)) await drained(response)
  }
  response.end()
}

/** Node takes lists that it may change. */
function outgoing(headers: Answer['headers']): Record<string, string | string[]> {
  const taken: Record<string, string | string[]> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) taken[name] = typeof value === 'string' ? value : [...value]
  }
  return taken
}

/** Until a slow reader has taken what is waiting for it, or has gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}

function malformed(pipeline: Pipeline): Response {
  const { status, headers, body } = pipeline.refusal(refuse('request_malformed'), nobody)
  const text = typeof body === 'string' ? body : ''
  return new Response(text, {
    status,
    headers: new Headers(
      Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ),
  })
}

/** What never became a request still gets a problem, and then the end of its connection. */
function refuseConnection(pipeline: Pipeline, error: Error, socket: Duplex): void {
  if (!socket.writable || socket.destroyed) {
    socket.destroy()
    return
  }
  const code = 'code' in error ? error.code : undefined
  const answer = pipeline.refusal(refuse(codeOf(code)), nobody)
  const body = typeof answer.body === 'string' ? answer.body : ''
  const lines = [
    `HTTP/1.1 ${answer.status} Refused`,
    ...Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

function codeOf(code: unknown): ErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'body_timeout'
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large'
  return 'request_malformed'
}

const nobody: RequestHead = {
  method: '',
  path: '',
  authorization: undefined,
  cookie: undefined,
  origin: undefined,
  fetchSite: undefined,
  idempotencyKey: undefined,
  contentType: undefined,
  acceptLanguage: undefined,
  lastEventId: undefined,
  ip: '',
}
