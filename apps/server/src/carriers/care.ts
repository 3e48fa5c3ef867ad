import { z } from 'zod'
import { type Call, type Endpoint, type EndpointBody, endpoint, type Reply } from '../endpoint.ts'
import { type Refusal, refuse } from '../errors.ts'
import type { Carrier } from './carriers.ts'
import type { Lines } from './lines.ts'

export interface CareParts {
  readonly lines: Lines
  readonly fetch: typeof globalThis.fetch
}

const nameSchema = z.string().regex(/^[a-z-]{1,40}$/)
const idSchema = z.string().regex(/^[\w-]{1,100}$/)

const paths = [
  { path: '/v1/line/care/{noun}', methods: ['GET', 'POST', 'PUT'] },
  { path: '/v1/line/care/{noun}/{id}', methods: ['GET', 'POST', 'DELETE'] },
  { path: '/v1/line/care/{noun}/{id}/{verb}', methods: ['POST'] },
] as const

const schemas = {
  '/v1/line/care/{noun}': z.strictObject({ noun: nameSchema }),
  '/v1/line/care/{noun}/{id}': z.strictObject({ noun: nameSchema, id: idSchema }),
  '/v1/line/care/{noun}/{id}/{verb}': z.strictObject({
    noun: nameSchema,
    id: idSchema,
    verb: nameSchema,
  }),
} as const

const body: EndpointBody = {
  schema: z.looseObject({}),
  as: 'raw',
  contentTypes: ['application/json'],
  bytesMax: 16 * 1024,
  optional: true,
}

/**
 * The line's self-care as its carrier gives it, passed through: the carrier decides, in its own words and statuses. The
 * token that opens it never leaves the platform.
 */
export function createCareEndpoints(parts: CareParts): Endpoint[] {
  return paths.flatMap(({ path, methods }) =>
    methods.map((method): Endpoint => {
      const described = endpoint({
        method,
        path,
        tag: 'Line',
        summary: "The line's self-care, as its carrier answers",
        description:
          'Usage, history, limits, blocks, bills, disputes: the same JSON as at the carrier, under ' +
          '/selfcare/v1. Refusals are the carrier’s own problems.',
        ways: [{ by: 'wallet', from: 'own' }],
        params: schemas[path],
        replies: { 200: { description: "The carrier's answer" } },
        errors: ['line_not_linked', 'line_link_expired', 'carrier_unavailable'],
        handle: () => refuse('internal'),
      })
      return {
        ...described,
        body: method === 'POST' || method === 'PUT' ? body : undefined,
        async answer(call) {
          const params = schemas[path].safeParse(call.params)
          if (!params.success) return refuse('route_not_found')
          return passOn(parts, call, Object.values(params.data))
        },
      }
    }),
  )
}

async function passOn(
  parts: CareParts,
  call: Call<unknown, unknown, unknown>,
  names: readonly string[],
): Promise<Reply | Refusal> {
  const { lines } = parts
  const { caller, head } = call
  const link = caller.as === 'wallet' ? lines.of(caller.session.walletId) : undefined
  if (link === undefined) return refuse('line_not_linked')
  let token = await lines.token(link)
  if (typeof token !== 'string') return token
  try {
    let response = await ask(parts, lines.carrierOf(link), token, call, names)
    if (response.status === 401) {
      // The owner may have ended the link at the carrier, which ends its tokens.
      token = await lines.token(link, token)
      if (typeof token !== 'string') return token
      response = await ask(parts, lines.carrierOf(link), token, call, names)
    }
    const reply = await replyOf(response)
    if (response.ok && head.method !== 'GET' && names[0] !== 'proofs') {
      await recheckAfter(lines, link.walletId)
    }
    return reply
  } catch {
    return refuse('carrier_unavailable', { retryAfterS: 2 })
  }
}

function ask(
  { fetch }: CareParts,
  carrier: Carrier,
  token: string,
  call: Call<unknown, unknown, unknown>,
  names: readonly string[],
): Promise<Response> {
  const { head, signal } = call
  const url = new URL(`${carrier.apiRoot}/selfcare/v1/${names.map(encodeURIComponent).join('/')}`)
  const query = z.record(z.string(), z.string()).safeParse(call.query ?? {})
  for (const [name, value] of Object.entries(query.data ?? {})) url.searchParams.set(name, value)
  const headers = new Headers({
    authorization: `Bearer ${token}`,
    accept: 'application/json, text/event-stream',
    'accept-language': call.language,
  })
  if (head.idempotencyKey !== undefined) headers.set('idempotency-key', head.idempotencyKey)
  if (head.lastEventId !== undefined) headers.set('last-event-id', head.lastEventId)
  const sent = Buffer.isBuffer(call.body) && call.body.length > 0 ? call.body : undefined
  if (sent !== undefined) headers.set('content-type', 'application/json')
  // A live feed goes on for as long as somebody reads it; everything else has the time of one call.
  const isLive = names[0] === 'live'
  const signals = [...(signal === undefined ? [] : [signal])]
  if (!isLive) signals.push(AbortSignal.timeout(carrier.timeoutMs))
  return fetch(url, {
    method: head.method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.any(signals),
    ...(sent === undefined ? {} : { body: sent.toString('utf8') }),
  })
}

/** A block, a consent or a bill that was paid may change whether the line may pay. What was done is done all the same. */
async function recheckAfter(lines: Lines, walletId: string): Promise<void> {
  await lines.recheck(walletId).catch(() => undefined)
}

async function replyOf(response: Response): Promise<Reply | Refusal> {
  const type = response.headers.get('content-type') ?? ''
  const language = response.headers.get('content-language')
  const headers = {
    'Content-Type': type,
    ...(language === null ? {} : { 'Content-Language': language }),
  }
  const { status } = response
  if (status === 204) return { status }
  if (status === 200 && type.startsWith('text/event-stream') && response.body !== null) {
    const stream = textOf(response.body)
    return { status, headers: { ...headers, 'X-Accel-Buffering': 'no' }, stream }
  }
  // The platform's own token was refused: nothing that the payer did wrong.
  if (status === 401) return refuse('line_link_expired')
  if (!/^application\/(problem\+)?json\b/.test(type) || status >= 500) {
    return refuse('carrier_unavailable', { retryAfterS: 2 })
  }
  return { status, headers, text: await response.text() }
}

/** The pieces of a live feed; the carrier's connection ends with the reader's. */
async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield decoder.decode(value, { stream: true })
    }
  } catch {
    // The carrier went away: the reader comes back by itself.
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** The messages of the sandbox's phone. @returns undefined: no answer, or another one */
export async function inboxOf(
  fetch: typeof globalThis.fetch,
  root: string,
  phoneNumber: string,
  timeoutMs: number,
): Promise<readonly unknown[] | undefined> {
  const url = new URL('/sandbox/inbox', root)
  url.searchParams.set('phone_number', phoneNumber)
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    const json = z.looseObject({ messages: z.array(z.unknown()) }).safeParse(await response.json())
    return response.ok && json.success ? json.data.messages : undefined
  } catch {
    return undefined
  }
}
