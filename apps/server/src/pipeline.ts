import type { Clock } from '@jeon/clock'
import { accessProblem, type OriginFacts } from './auth/access.ts'
import type { Caller } from './auth/model.ts'
import type { Auth } from './auth/service.ts'
import { parseJson } from './body.ts'
import { isConnectionFailure } from './database.ts'
import type { Endpoint, EndpointBody, Reply } from './endpoint.ts'
import { errors, isRefusal, problemOf, type Refusal, refuse } from './errors.ts'
import type { RequestMetrics } from './health/metrics.ts'
import { createId } from './ids.ts'
import type { Log } from './log.ts'
import type { Merchants } from './merchants/service.ts'
import type { Rate, Rates } from './rates.ts'
import { languageOf, type RequestHead } from './request.ts'
import type { Settings } from './settings.ts'

/** A request that has arrived, with a way to read the rest of it. */
export interface Arrival {
  readonly head: RequestHead
  readonly params: unknown
  readonly query: unknown
  readonly signal: AbortSignal | undefined
  /** The whole body, or a refusal when it is longer than `bytesMax`. */
  readBody(bytesMax: number): Promise<Buffer | Refusal>
}

/** What goes back over the wire, whatever carries it. */
export interface Answer {
  readonly status: number
  readonly headers: Record<string, string | readonly string[]>
  readonly body: string | Uint8Array | AsyncIterable<string> | undefined
}

export interface PipelineParts {
  readonly auth: Auth
  readonly merchants: Merchants
  readonly rates: Rates
  readonly clock: Clock
  readonly settings: Settings
  readonly metrics: RequestMetrics
  readonly log: Log
}

/**
 * What happens to every request, in one place: limits, who is asking, may they, from which page, the body, the
 * endpoint, and how the answer is dressed. The Hono routes and the short way of the busiest endpoints both go through
 * here, so that they cannot differ.
 */
export class Pipeline {
  readonly #parts: PipelineParts
  readonly #ownOrigins: ReadonlySet<string>
  #inFlight = 0
  /** Those of them whose body is here: one that is awaited takes no work, and must not keep others out. */
  #atWork = 0
  #draining = false
  #whenIdle: (() => void) | undefined

  constructor(parts: PipelineParts) {
    this.#parts = parts
    this.#ownOrigins = new Set(parts.settings.ownOrigins)
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get draining(): boolean {
    return this.#draining
  }

  /** Refuses what comes from now on; done when everything begun has been answered. */
  drain(): Promise<void> {
    this.#draining = true
    if (this.#inFlight === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#whenIdle = resolve
    })
  }

  /** Answers a request to an endpoint. Never throws. */
  async respond(endpoint: Endpoint, arrival: Arrival): Promise<Answer> {
    const startedMs = performance.now()
    const requestId = createId('req', this.#parts.clock.machineNow())
    this.#inFlight += 1
    try {
      const answer = await this.#answerOf(endpoint, arrival, requestId)
      const tookMs = performance.now() - startedMs
      this.#parts.metrics.observe(endpoint, answer.status, tookMs)
      this.#parts.log.request(arrival.head, endpoint, answer.status, tookMs, requestId)
      return answer
    } finally {
      this.#inFlight -= 1
      if (this.#inFlight === 0) this.#whenIdle?.()
    }
  }

  /** The answer to a browser that asks whether a page may send a request. */
  async preflight(head: RequestHead): Promise<Answer> {
    const requestId = createId('req', this.#parts.clock.machineNow())
    const origin = await this.#originOf(head)
    if (!isKnown(origin))
      return this.refusal(refuse('origin_not_allowed', { param: 'Origin' }), head)
    return {
      status: 204,
      headers: {
        ...baseHeaders(requestId),
        ...corsHeaders(head, origin),
        'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
        'Access-Control-Allow-Headers':
          'Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Accept-Language',
        'Access-Control-Max-Age': '600',
      },
      body: undefined,
    }
  }

  /** A refusal outside of any endpoint: no such address, not HTTP. */
  refusal(refusal: Refusal, head: RequestHead): Answer {
    return this.#refused(refusal, head, createId('req', this.#parts.clock.machineNow()), {})
  }

  async #answerOf(endpoint: Endpoint, arrival: Arrival, requestId: string): Promise<Answer> {
    const { head } = arrival
    let cors: Record<string, string> = {}
    try {
      const early = this.#limit(head)
      const origin = await this.#originOf(head)
      cors = corsHeaders(head, origin)
      if (early !== undefined) return this.#refused(early, head, requestId, cors)
      const result = await this.#result(endpoint, arrival, origin)
      if (isRefusal(result)) return this.#refused(result, head, requestId, cors)
      return dressed(result, requestId, cors)
    } catch (error) {
      const code = isConnectionFailure(error) ? 'database_unavailable' : 'internal'
      this.#parts.log.failure(error, endpoint, requestId)
      return this.#refused(refuse(code, { retryAfterS: 1 }), head, requestId, cors)
    }
  }

  async #result(
    endpoint: Endpoint,
    arrival: Arrival,
    origin: OriginFacts,
  ): Promise<Reply | Refusal> {
    const { head } = arrival
    const caller = await this.#parts.auth.identify(head)
    if (isRefusal(caller)) return caller
    const refused =
      accessProblem(endpoint.ways, caller, head, origin) ??
      this.#limitCaller(caller) ??
      idempotencyProblem(endpoint, head)
    if (refused !== undefined) return refused
    const body = await bodyOf(endpoint.body, arrival)
    if (isRefusal(body)) return body
    if (this.#atWork >= this.#parts.settings.limits.concurrentMax) {
      return refuse('overloaded', { retryAfterS: 1 })
    }
    this.#atWork += 1
    try {
      return await endpoint.answer({
        head,
        caller,
        params: arrival.params,
        query: arrival.query,
        body: body.json,
        idempotencyKey: head.idempotencyKey ?? '',
        language: languageOf(head.acceptLanguage),
        pageOf: head.origin === undefined || origin.own ? undefined : origin.merchants,
        signal: arrival.signal,
      })
    } finally {
      this.#atWork -= 1
    }
  }

  #limit(head: RequestHead): Refusal | undefined {
    if (this.#draining) return refuse('shutting_down', { retryAfterS: 2 })
    const { limits } = this.#parts.settings
    return this.#take(`ip ${head.ip}`, limits.perAddress, 'address')
  }

  #limitCaller(caller: Caller): Refusal | undefined {
    const { limits } = this.#parts.settings
    switch (caller.as) {
      case 'merchant':
      case 'operator':
        return this.#take(caller.key.hash, limits.perKey, 'key')
      case 'wallet':
        return this.#take(caller.session.walletId, limits.perWallet, 'wallet')
      case 'page':
        return this.#take(caller.page.key.hash, limits.perKey, 'key')
      case 'anyone':
        return undefined
    }
  }

  #take(sender: string, rate: Rate, who: string): Refusal | undefined {
    const waitS = this.#parts.rates.take(sender, rate)
    if (waitS === 0) return undefined
    return refuse('rate_limited', { values: { who }, retryAfterS: waitS })
  }

  async #originOf(head: RequestHead): Promise<OriginFacts> {
    if (head.origin === undefined) return noOrigin
    if (this.#ownOrigins.has(head.origin)) return ownOrigin
    const merchants = await this.#parts.merchants.ofOrigin(head.origin)
    return { own: false, merchants }
  }

  #refused(
    refusal: Refusal,
    head: RequestHead,
    requestId: string,
    cors: Record<string, string>,
  ): Answer {
    const language = languageOf(head.acceptLanguage)
    const { publicUrl } = this.#parts.settings
    const problem = problemOf(refusal, { language, requestId, publicUrl })
    return {
      status: errors[refusal.refused].status,
      headers: {
        ...baseHeaders(requestId),
        ...cors,
        'Content-Type': 'application/problem+json',
        'Content-Language': language,
        ...(refusal.retryAfterS === undefined
          ? {}
          : { 'Retry-After': String(refusal.retryAfterS) }),
        ...(refusal.refused === 'shutting_down' ? { Connection: 'close' } : {}),
        ...(problem.status === 401 ? { 'WWW-Authenticate': 'Bearer realm="jeon"' } : {}),
      },
      body: JSON.stringify(problem),
    }
  }
}

const noOrigin: OriginFacts = { own: false, merchants: new Set() }
const ownOrigin: OriginFacts = { own: true, merchants: new Set() }

function isKnown(origin: OriginFacts): boolean {
  return origin.own || origin.merchants.size > 0
}

function corsHeaders(head: RequestHead, origin: OriginFacts): Record<string, string> {
  if (head.origin === undefined) return {}
  if (!isKnown(origin)) return { Vary: 'Origin' }
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': head.origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers':
      'Jeon-Request-Id, Idempotent-Replayed, Retry-After, WWW-Authenticate',
  }
}

function baseHeaders(requestId: string): Record<string, string> {
  return {
    'Jeon-Request-Id': requestId,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  }
}

function dressed(reply: Reply, requestId: string, cors: Record<string, string>): Answer {
  const headers: Answer['headers'] = { ...baseHeaders(requestId), ...cors }
  if (reply.json !== undefined) headers['Content-Type'] = 'application/json'
  if (reply.headers !== undefined) Object.assign(headers, reply.headers)
  const body = reply.json === undefined ? (reply.text ?? reply.stream) : JSON.stringify(reply.json)
  return { status: reply.status, headers, body }
}

function idempotencyProblem(endpoint: Endpoint, head: RequestHead): Refusal | undefined {
  if (endpoint.idempotency === 'none') return undefined
  const param = 'Idempotency-Key'
  const key = head.idempotencyKey
  if (key === undefined || key === '') return refuse('idempotency_key_missing', { param })
  return visibleAscii.test(key) ? undefined : refuse('idempotency_key_malformed', { param })
}

const visibleAscii = /^[\x21-\x7e]{1,255}$/

async function bodyOf(
  body: EndpointBody | undefined,
  arrival: Arrival,
): Promise<{ readonly json: unknown } | Refusal> {
  if (body === undefined) return { json: undefined }
  const bytes = await arrival.readBody(body.bytesMax)
  if (isRefusal(bytes)) return bytes
  if (bytes.length === 0 && body.optional === true) return { json: {} }
  const type = arrival.head.contentType
  if (type !== undefined && !body.contentTypes.some((accepted) => type.startsWith(accepted))) {
    const types = body.contentTypes.join(', ')
    return refuse('content_type_unsupported', { param: 'Content-Type', values: { types } })
  }
  return body.as === 'raw' ? { json: bytes } : parseJson(bytes)
}
