/**
 * One HTTP call to a carrier: a token, one request, one answer read strictly. Nothing is sent twice here; a write
 * whose outcome is unknown is looked for by whoever sent it.
 */
import { z } from 'zod'
import { type Api, type Operation, operationUrl } from './operation.ts'
import type { NotSent, Outcome, Unknown } from './outcome.ts'
import type { TokenSource } from './tokens.ts'
import { CORRELATOR_PATTERN, errorInfo } from './wire.ts'

/** What a caller can say about one call. */
export interface CallOptions {
  /** A token bound to a line (three-legged). (Default: a two-legged token of the operation's scope.) */
  readonly accessToken?: string
  /** (Default: a new one.) */
  readonly correlator?: string
  /** Gives up waiting; what was already sent is `unknown`. */
  readonly signal?: AbortSignal
}

export interface CallerOptions {
  /** Where the base paths of the APIs are below, such as `https://api.carrier.example`. */
  readonly apiRoot: string
  readonly tokens: TokenSource
  readonly fetch: typeof globalThis.fetch
  readonly timeoutMs: number
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number
  readonly newCorrelator: () => string
  readonly plainSinks: PlainSinks
}

/** Whether a sink may be plain http on this machine, as sandboxes have it. The definition wants https alone. */
export type PlainSinks = 'refused' | 'on_this_machine'

/** What an operation is called with. */
export interface Request<Body> {
  readonly api: Api
  readonly operation: Operation
  /** Reads the answer: the operation's `response`, or {@link NOTHING}. */
  readonly read: z.ZodType<Body>
  readonly parameters?: Readonly<Record<string, string>>
  readonly search?: URLSearchParams
  readonly body?: unknown
  readonly options: CallOptions
}

/** Reads an answer that has no body. */
export const NOTHING = z.undefined()

/** The answer with the headers that a list needs. */
export interface Answer<Body> {
  readonly outcome: Outcome<Body>
  readonly headers: Headers
}

/** Makes the function that performs calls. */
export function createCaller(caller: CallerOptions) {
  return async function call<Body>(request: Request<Body>): Promise<Answer<Body>> {
    const { operation, options } = request
    const correlator = options.correlator ?? caller.newCorrelator()
    const refuse = (reason: NotSent['reason'], detail: string): Answer<never> =>
      bare({ outcome: 'not_sent', reason, detail, correlator })

    if (!CORRELATOR_PATTERN.test(correlator)) return refuse('invalid_request', 'x-correlator')
    const body = readBody(operation, request.body, caller.plainSinks)
    if (!body.ok) return refuse('invalid_request', body.detail)
    const url = operationUrl(caller.apiRoot, request.api, operation, request.parameters)
    if (url === undefined) return refuse('invalid_request', 'a path parameter')
    for (const [name, text] of request.search ?? []) url.searchParams.append(name, text)

    const token = await tokenFor(caller, operation, options)
    if (!token.ok) return refuse('no_token', token.detail)
    if (options.signal?.aborted === true) return refuse('aborted', 'before sending')

    const headers = new Headers({
      accept: 'application/json',
      authorization: `Bearer ${token.accessToken}`,
      'x-correlator': correlator,
    })
    if (body.text !== undefined) headers.set('content-type', 'application/json')
    const signals = [AbortSignal.timeout(caller.timeoutMs)]
    if (options.signal !== undefined) signals.push(options.signal)
    try {
      // A redirect would carry the token and perhaps the payment to somewhere else.
      const init: RequestInit = { method: operation.method, headers, redirect: 'manual' }
      if (body.text !== undefined) init.body = body.text
      const response = await caller.fetch(url, { ...init, signal: AbortSignal.any(signals) })
      const text = await response.text()
      if (response.status === 401) caller.tokens.forget(token.accessToken)
      const outcome = readAnswer(request, response, text, correlator, caller)
      return { outcome, headers: response.headers }
    } catch (error) {
      return bare(failureOf(error, correlator))
    }
  }
}

/** A function that performs calls; see {@link createCaller}. */
export type Caller = ReturnType<typeof createCaller>

const bare = (outcome: NotSent | Unknown): Answer<never> => ({ outcome, headers: new Headers() })

function readBody(
  operation: Operation,
  body: unknown,
  plainSinks: PlainSinks,
): { ok: true; text: string | undefined } | { ok: false; detail: string } {
  if (operation.body === undefined) return { ok: true, text: undefined }
  const plain = plainSinks === 'refused' ? undefined : withPlainSink.safeParse(body).data
  const { sink, ...rest } = plain ?? {}
  const parsed = operation.body.safeParse(plain === undefined ? body : rest)
  if (!parsed.success) return { ok: false, detail: detailOf(parsed.error) }
  return { ok: true, text: JSON.stringify(plain === undefined ? parsed.data : { ...rest, sink }) }
}

async function tokenFor(
  caller: CallerOptions,
  operation: Operation,
  options: CallOptions,
): Promise<{ ok: true; accessToken: string } | { ok: false; detail: string }> {
  if (options.accessToken !== undefined) return { ok: true, accessToken: options.accessToken }
  const granted = await caller.tokens.clientCredentials([operation.scopes[0]])
  if (granted.ok) return { ok: true, accessToken: granted.token.accessToken }
  return { ok: false, detail: `${granted.code}: ${granted.detail}` }
}

function readAnswer<Body>(
  { operation, read }: Request<Body>,
  response: Response,
  text: string,
  correlator: string,
  { now, plainSinks }: CallerOptions,
): Outcome<Body> {
  const { status } = response
  const unknown = (reason: Unknown['reason'], detail: string): Unknown => ({
    outcome: 'unknown',
    reason,
    detail: `${operation.id} ${status}: ${detail}`,
    correlator,
  })
  const echo = response.headers.get('x-correlator')
  if (echo !== null && echo !== correlator) return unknown('other_correlator', `echoed ${echo}`)
  if (status >= 500) return unknown('server_error', text.slice(0, EXCERPT_CHARACTERS))
  if (status >= 400 && status !== REQUEST_TIMEOUT) {
    const refusal = errorInfo.safeParse(readJson(text))
    if (!refusal.success) return unknown('malformed_body', detailOf(refusal.error))
    const { code, message } = refusal.data
    const retryable = status === 401 || status === 429
    const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), now())
    return { outcome: 'declined', status, code, message, correlator, retryable, retryAfterMs }
  }
  if (status < 200 || status >= 300) return unknown('unexpected_status', response.statusText)
  const json = operation.response === undefined ? undefined : readJson(text, plainSinks)
  const body = read.safeParse(json)
  if (!body.success) return unknown('malformed_body', detailOf(body.error))
  return { outcome: 'settled', status, body: body.data, correlator, echoed: echo !== null }
}

const REQUEST_TIMEOUT = 408
const EXCERPT_CHARACTERS = 200

function readJson(text: string, plainSinks: PlainSinks = 'refused'): unknown {
  try {
    if (plainSinks === 'refused') return JSON.parse(text)
    return JSON.parse(text, (name, found: unknown) =>
      name === 'sink' && plainSink.safeParse(found).success ? undefined : found,
    )
  } catch {
    return undefined
  }
}

const plainSink = z.url({ protocol: /^http$/, hostname: /^(localhost|127\.0\.0\.1|\[::1\])$/ })
const withPlainSink = z.looseObject({ sink: plainSink })

/** RFC 9110 10.2.3: seconds, or a date. */
function readRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000
  const atMs = Date.parse(header)
  return Number.isNaN(atMs) ? undefined : Math.max(atMs - nowMs, 0)
}

/** No connection, so nothing was sent; whatever else went wrong may have come after the carrier had read all. */
function failureOf(error: unknown, correlator: string): NotSent | Unknown {
  const detail = error instanceof Error ? describe(error) : String(error)
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { outcome: 'unknown', reason: 'timeout', detail, correlator }
  }
  const code = codeOf(error)
  if (code !== undefined && NEVER_CONNECTED.includes(code)) {
    return { outcome: 'not_sent', reason: 'unreachable', detail, correlator }
  }
  return { outcome: 'unknown', reason: 'connection', detail, correlator }
}

const NEVER_CONNECTED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]

/** The system's word for a failed fetch, which is in its cause, or in the causes of that. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return codeOf(error.cause)
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.name}: ${error.message}${cause}`
}

function detailOf(error: z.ZodError): string {
  return z.prettifyError(error).slice(0, DETAIL_CHARACTERS)
}

const DETAIL_CHARACTERS = 500
