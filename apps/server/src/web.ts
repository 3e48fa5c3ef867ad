import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import type { Endpoint } from './endpoint.ts'
import { type Refusal, refuse } from './errors.ts'
import type { Answer, Pipeline } from './pipeline.ts'
import type { RequestHead } from './request.ts'

/** Gives every endpoint its Hono route, and everything else a problem. */
export function mountEndpoints(
  hono: Hono,
  endpoints: readonly Endpoint[],
  pipeline: Pipeline,
): Hono {
  hono.options('/v1/*', async (context) => responseOf(await pipeline.preflight(headOf(context))))
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1')
    hono.on(endpoint.method, path, async (context) =>
      responseOf(await pipeline.respond(endpoint, arrivalOf(context))),
    )
  }
  hono.get('/', (context) => context.redirect('/docs'))
  hono.get('/wallet/', (context) => context.redirect('/wallet'))
  hono.get('/line/', (context) => context.redirect('/line'))
  hono.notFound((context) => {
    const methods = endpoints
      .filter(({ path }) => matches(path, context.req.path))
      .map(({ method }) => method)
    const refusal =
      methods.length === 0
        ? refuse('route_not_found')
        : refuse('method_not_allowed', { values: { methods: methods.join(', ') } })
    const answer = pipeline.refusal(refusal, headOf(context))
    if (methods.length > 0) answer.headers.Allow = methods.join(', ')
    return responseOf(answer)
  })
  hono.onError((_error, context) =>
    responseOf(pipeline.refusal(refuse('internal'), headOf(context))),
  )
  return hono
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith('{') || part === given[index])
  )
}

function headOf(context: Context): RequestHead {
  const { req } = context
  return {
    method: req.method,
    path: req.path,
    authorization: req.header('authorization'),
    cookie: req.header('cookie'),
    origin: req.header('origin'),
    fetchSite: req.header('sec-fetch-site'),
    idempotencyKey: req.header('idempotency-key'),
    contentType: req.header('content-type'),
    acceptLanguage: req.header('accept-language'),
    lastEventId: req.header('last-event-id'),
    ip: addressOf(context.env),
  }
}

/** Node's request is there when a socket is; in tests there is none. */
function addressOf(env: Partial<HttpBindings> | undefined): string {
  return env?.incoming?.socket.remoteAddress ?? 'local'
}

function arrivalOf(context: Context) {
  const { raw } = context.req
  return {
    head: headOf(context),
    params: context.req.param(),
    query: queryOf(new URL(raw.url).searchParams),
    signal: raw.signal,
    readBody: (bytesMax: number) => readBody(raw, bytesMax),
  }
}

/** A parameter that comes twice is a list, which no schema takes: what it means is not clear. */
export function queryOf(search: URLSearchParams): Record<string, string | string[]> {
  const query: [string, string | string[]][] = []
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name)
    query.push([name, values.length === 1 ? (values[0] ?? '') : values])
  }
  return Object.fromEntries(query)
}

async function readBody(request: Request, bytesMax: number): Promise<Buffer | Refusal> {
  const tooLarge = refuse('body_too_large', { values: { most: String(bytesMax) } })
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) return tooLarge
  if (request.body === null) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body) {
      length += chunk.length
      if (length > bytesMax) return tooLarge
      chunks.push(chunk)
    }
  } catch {
    // The caller went away, or was too slow and has its answer already: nobody reads this one.
    return refuse('body_timeout')
  }
  return Buffer.concat(chunks, length)
}

function responseOf({ status, headers, body }: Answer): Response {
  const sent = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') sent.set(name, value)
    else for (const each of value) sent.append(name, each)
  }
  return new Response(bodyOf(body), { status, headers: sent })
}

function bodyOf(body: Answer['body']): BodyInit | null {
  if (body === undefined) return null
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return new Blob([new Uint8Array(body)]).stream()
  return streamOf(body)
}

/** Pulls the next piece only when the reader has room: nothing is made that nobody reads. */
function streamOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}
