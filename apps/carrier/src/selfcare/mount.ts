import type { Clock } from '@jeon/clock'
import { Hono } from 'hono'
import { isKeepable, unkeepableAt } from '../keepable.ts'
import type { Language } from '../language.ts'
import type { Log } from '../log.ts'
import { languageOfMarket } from '../markets/language.ts'
import type { Carrier, CarrierId, Line } from '../model.ts'
import type { Token } from '../openid/tokens.ts'
import type { Caller, CareAnswer, CareEndpoint } from './endpoint.ts'
import { idempotencyKey } from './inputs.ts'
import { careDocument } from './openapi.ts'
import { type CareRefusal, isRefusal, languageOf, problemResponse, refuse } from './problems.ts'

export interface MountParts {
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly endpoints: readonly CareEndpoint[]
  readonly clock: Clock
  readonly log: Log
  readonly publicUrl: string
  /** @returns undefined for a token that is worth nothing */
  verifyToken(bearer: string): Promise<Token | undefined>
  lineOf(carrier: CarrierId, phoneNumber: string): Promise<Line | undefined>
}

/** The longest body, in bytes. */
const bodyBytesMax = 16 * 1024

/** Everything below `/{carrier}/selfcare/v1`. */
export function mountSelfcare(parts: MountParts): Hono {
  const hono = new Hono()
  const base = '/:carrier/selfcare/v1'
  hono.get(`${base}/openapi.json`, (context) => {
    const carrier = parts.carriers.get(context.req.param('carrier'))
    if (carrier === undefined) return refused(context.req.raw, refuse('route_not_found'))
    return context.json(careDocument(parts.endpoints, `${parts.publicUrl}/${carrier.id}`))
  })
  for (const endpoint of parts.endpoints) {
    const path = base + endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1')
    hono.on(endpoint.method, path, (context) => {
      const carrier = context.req.param('carrier') ?? ''
      const id = context.req.param('id') ?? ''
      return respond(parts, endpoint, { carrier, id, request: context.req.raw })
    })
  }
  hono.all(`${base}/*`, (context) => refused(context.req.raw, refuse('route_not_found')))
  return hono
}

interface Arrival {
  readonly carrier: string
  readonly id: string
  readonly request: Request
}

async function respond(
  parts: MountParts,
  endpoint: CareEndpoint,
  arrival: Arrival,
): Promise<Response> {
  const { request } = arrival
  const language = languageOf(
    request.headers.get('accept-language') ?? undefined,
    ownLanguageOf(parts, arrival),
  )
  try {
    const caller = await callerOf(parts, endpoint, arrival, language)
    if (isRefusal(caller)) return problemResponse(caller, language)
    const read = endpoint.body === undefined ? { body: {} } : await bodyOf(request)
    if (isRefusal(read)) return problemResponse(read, language)
    const query = queryOf(new URL(request.url).searchParams)
    if (isRefusal(query)) return problemResponse(query, language)
    const answer = await endpoint.answer(caller, {
      id: arrival.id,
      query: query.query,
      body: read.body,
    })
    return isRefusal(answer) ? problemResponse(answer, language) : responseOf(answer, language)
  } catch (error) {
    parts.log.failure('selfcare.failed', error, { route: `${endpoint.method} ${endpoint.path}` })
    return problemResponse(refuse('internal'), language)
  }
}

async function callerOf(
  parts: MountParts,
  endpoint: CareEndpoint,
  { carrier: carrierId, request }: Arrival,
  language: Language,
): Promise<Caller | CareRefusal> {
  const carrier = parts.carriers.get(carrierId)
  if (carrier === undefined) return refuse('route_not_found')
  const bearer = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const token = bearer === undefined ? undefined : await parts.verifyToken(bearer)
  if (token === undefined || token.carrier !== carrierId) return refuse('unauthenticated')
  const scope = endpoint.method === 'GET' ? 'line-care:read' : 'line-care:write'
  if (!token.scopes.has(scope)) return refuse('permission_denied', { scope })
  if (token.phoneNumber === null) return refuse('not_bound')
  const line = await parts.lineOf(carrierId, token.phoneNumber)
  if (line === undefined) return refuse('not_bound')
  const key = request.headers.get('idempotency-key')
  if (endpoint.idempotency && !idempotencyKey.safeParse(key).success) return refuse('key_missing')
  const nowMs = parts.clock.now()
  const profile = carrier.profileAt(nowMs)
  const { signal } = request
  return { carrier, line, profile, language, nowMs, signal, idempotencyKey: key ?? '' }
}

async function bodyOf(request: Request): Promise<{ readonly body: unknown } | CareRefusal> {
  const tooLarge = refuse('body_too_large', { most: String(bodyBytesMax) })
  if (Number(request.headers.get('content-length') ?? 0) > bodyBytesMax) return tooLarge
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > bodyBytesMax) return tooLarge
    chunks.push(chunk)
  }
  if (length === 0) return { body: {} }
  const text = Buffer.concat(chunks).toString()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return refuse('body_malformed')
  }
  const at = unkeepableAt(text, body)
  return at === undefined ? { body } : refuse('text_invalid', { field: fieldOf(at) })
}

/** As it is shown: names come from outside too. */
function fieldOf(path: string): string {
  return path === '' ? 'body' : path.slice(0, 100).toWellFormed()
}

/** A parameter that comes twice is a list, which no schema takes: what it means is not clear. */
function queryOf(
  search: URLSearchParams,
): { readonly query: Record<string, string | string[]> } | CareRefusal {
  const names = [...new Set(search.keys())]
  const unkeepable = names.find((name) => ![name, ...search.getAll(name)].every(isKeepable))
  if (unkeepable !== undefined) {
    const name = isKeepable(unkeepable) ? fieldOf(unkeepable) : 'query'
    return refuse('text_invalid', { field: name })
  }
  const fields = names.map((name) => {
    const values = search.getAll(name)
    return [name, values.length === 1 ? (values[0] ?? '') : values] as const
  })
  return { query: Object.fromEntries(fields) }
}

function responseOf(answer: CareAnswer, language: Language): Response {
  if ('stream' in answer) {
    return new Response(answer.stream, {
      headers: {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      },
    })
  }
  return new Response(JSON.stringify(answer.json), {
    status: answer.status,
    headers: {
      'Content-Type': 'application/json',
      'Content-Language': language,
      'Cache-Control': 'no-store',
    },
  })
}

function ownLanguageOf(
  { carriers, clock }: MountParts,
  { carrier }: Arrival,
): Language | undefined {
  const profile = carriers.get(carrier)?.profileAt(clock.now())
  return profile === undefined ? undefined : languageOfMarket(profile)
}

function refused(request: Request, refusal: CareRefusal): Response {
  return problemResponse(refusal, languageOf(request.headers.get('accept-language') ?? undefined))
}
