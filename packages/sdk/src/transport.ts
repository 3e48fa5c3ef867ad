import type { Outcome } from './outcome.ts'
import { JeonProblem, JeonUnreachable, problemOf, type UnknownReason } from './problem.ts'
import { linesOf, optionalText, parseJson, WireError } from './reader.ts'

export interface TransportOptions {
  /** Where the platform is, without a trailing slash. */
  readonly server: string
  /** Sent as `Authorization: Bearer …`. (Default: none.) */
  readonly key?: string | undefined
  readonly fetch: typeof fetch
  /** For one attempt, body included. */
  readonly timeoutMs: number
  /** Pauses before each further attempt at something whose outcome is unknown. */
  readonly retryDelaysMs: readonly number[]
}

/** One request. Nothing here retries by itself. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON, unless it is text already. */
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** An answer that arrived whole. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface Transport {
  readonly server: string
  readonly retryDelaysMs: readonly number[]
  /**
   * For what does not move money.
   *
   * @throws {@link JeonProblem} when refused, {@link JeonUnreachable} when there is no answer that can be read
   */
  ask<Value>(call: Call, parse: (json: unknown) => Value): Promise<Value>
  /** For what moves money, under an idempotency key. Does not throw for anything the network or the server does. */
  move<Value>(call: Call, key: string, parse: (json: unknown) => Value): Promise<Outcome<Value>>
  /** {@link Transport.move} with an answer in NDJSON, line by line. */
  moveLines<Item>(
    call: Call,
    key: string,
    item: (json: unknown) => Item,
  ): Promise<Outcome<readonly Item[]>>
  /** An answer that is read as it comes; only the time to its first byte is limited. */
  open(call: Call): Promise<Response>
}

export function createTransport(options: TransportOptions): Transport {
  return new HttpTransport(options)
}

class HttpTransport implements Transport {
  readonly server: string
  readonly retryDelaysMs: readonly number[]
  readonly #options: TransportOptions

  constructor(options: TransportOptions) {
    this.server = options.server
    this.retryDelaysMs = options.retryDelaysMs
    this.#options = options
  }

  async ask<Value>(call: Call, parse: (json: unknown) => Value): Promise<Value> {
    const answer = await this.#exchange(call)
    if (!isSuccess(answer.status)) throw problemIn(answer)
    try {
      return parse(answer.text === '' ? undefined : parseJson(answer.text))
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      const message = `${call.path}: ${error.message}`
      throw new JeonUnreachable('malformed_reply', message, { cause: error })
    }
  }

  move<Value>(call: Call, key: string, parse: (json: unknown) => Value): Promise<Outcome<Value>> {
    return this.#move(call, key, (text) => parse(parseJson(text)))
  }

  moveLines<Item>(
    call: Call,
    key: string,
    item: (json: unknown) => Item,
  ): Promise<Outcome<readonly Item[]>> {
    return this.#move(call, key, (text) => linesOf(text, item))
  }

  async open(call: Call): Promise<Response> {
    const gate = new AbortController()
    const timer = setTimeout(() => {
      gate.abort(new DOMException('No answer in time', 'TimeoutError'))
    }, this.#options.timeoutMs)
    const signal =
      call.signal === undefined ? gate.signal : AbortSignal.any([gate.signal, call.signal])
    try {
      const response = await this.#send(call, signal)
      if (isSuccess(response.status)) return response
      const { status, headers } = response
      throw problemIn({ status, headers, text: await response.text() })
    } catch (error) {
      if (error instanceof JeonProblem) throw error
      throw unreachable(error, this.server, gate.signal)
    } finally {
      clearTimeout(timer)
    }
  }

  async #move<Value>(
    call: Call,
    key: string,
    read: (text: string) => Value,
  ): Promise<Outcome<Value>> {
    const headers = { ...call.headers, 'idempotency-key': key }
    try {
      return outcomeOf(await this.#exchange({ ...call, headers }), key, read)
    } catch (error) {
      if (!(error instanceof JeonUnreachable)) throw error
      return { status: 'unknown', id: key, reason: error.reason }
    }
  }

  async #exchange(call: Call): Promise<Answer> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs)
    const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal])
    try {
      const response = await this.#send(call, signal)
      return { status: response.status, headers: response.headers, text: await response.text() }
    } catch (error) {
      throw unreachable(error, this.server, timeout)
    }
  }

  #send(call: Call, signal: AbortSignal): Promise<Response> {
    const { fetch, key } = this.#options
    const headers = new Headers({ accept: 'application/json', ...call.headers })
    if (key !== undefined) headers.set('authorization', `Bearer ${key}`)
    const request: RequestInit = { method: call.method, headers, redirect: 'manual', signal }
    if (call.body !== undefined) {
      if (!headers.has('content-type')) headers.set('content-type', 'application/json')
      request.body = typeof call.body === 'string' ? call.body : JSON.stringify(call.body)
    }
    return fetch(this.server + call.path, request)
  }
}

/**
 * Sends, and while the outcome is unknown looks it up, and sends again under the same key. It is never sent under another
 * key, so it happens once at most however often this is called.
 *
 * @param lookUp - asks for the object by its id; undefined when the server does not know it (yet)
 */
export async function moveUntilKnown<Value>(
  transport: Transport,
  send: () => Promise<Outcome<Value>>,
  lookUp: (() => Promise<Value | undefined>) | undefined,
): Promise<Outcome<Value>> {
  let outcome = await send()
  for (const delayMs of transport.retryDelaysMs) {
    if (outcome.status !== 'unknown') return outcome
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    const found = await foundOrNothing(lookUp)
    outcome =
      found === undefined ? await send() : { status: 'accepted', value: found, replayed: true }
  }
  return outcome
}

async function foundOrNothing<Value>(
  lookUp: (() => Promise<Value | undefined>) | undefined,
): Promise<Value | undefined> {
  try {
    return await lookUp?.()
  } catch (error) {
    // A failed look-up says nothing either way; sending again under the same key still can.
    if (error instanceof JeonUnreachable || error instanceof JeonProblem) return undefined
    throw error
  }
}

function outcomeOf<Value>(
  answer: Answer,
  key: string,
  read: (text: string) => Value,
): Outcome<Value> {
  if (isSuccess(answer.status)) {
    try {
      const replayed = answer.headers.get('idempotent-replayed') === 'true'
      return { status: 'accepted', value: read(answer.text), replayed }
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      return { status: 'unknown', id: key, reason: 'malformed_reply' }
    }
  }
  const problem = problemIn(answer)
  if (isAmbiguous(problem)) return { status: 'unknown', id: key, reason: 'server_error' }
  return { status: 'refused', problem }
}

/** Whether a refusal leaves open what happened: every 5xx, and the request that is still being worked on. */
function isAmbiguous(problem: JeonProblem): boolean {
  if (problem.status >= 500 || problem.status === 408) return true
  return problem.code === 'unknown_outcome' || (problem.status === 409 && problem.retryable)
}

function problemIn(answer: Answer): JeonProblem {
  const requestId = answer.headers.get('jeon-request-id')
  if (answer.status < 400) {
    return problemOf(answer.status, {
      title: 'The server redirected instead of answering.',
      code: 'redirected',
      hint: 'Check the address given as `server`.',
    })
  }
  try {
    return problemOf(answer.status, parseJson(answer.text), requestId)
  } catch {
    return problemOf(answer.status, undefined, requestId)
  }
}

function unreachable(error: unknown, server: string, timeout: AbortSignal): JeonUnreachable {
  const reason: UnknownReason = timeout.aborted ? 'timeout' : 'connection_lost'
  const why = reason === 'timeout' ? 'did not answer in time' : `cannot be reached${causeOf(error)}`
  return new JeonUnreachable(reason, `${server} ${why}`, { cause: error })
}

/** Node hides the reason of a failed fetch two levels down. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return ''
  const code = optionalText({ code: cause.code }, 'code')
  return code === undefined ? '' : ` (${code})`
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}
