import { JeonProblem, JeonUnreachable } from './problem.ts'
import { type Fields, isFields } from './reader.ts'
import type { Transport } from './transport.ts'

/** Something that just happened to a wallet or a merchant. */
export interface LiveEvent {
  /** Where to resume. */
  readonly id: string | undefined
  /** `payment.accepted`, `payment.refunded`, `wallet.topped_up` … New types may be added. */
  readonly type: string
  readonly data: Fields
}

export interface LiveOptions {
  /** Ends the feed. (Default: it goes on until the loop is left.) */
  readonly signal?: AbortSignal
  /** The id of the last event that was seen. (Default: from now on.) */
  readonly after?: string
  /** Told of every connection: `live` when it stands, `reconnecting` when it was lost. */
  readonly onState?: (state: 'live' | 'reconnecting') => void
}

const pausesMs = [250, 500, 1000, 2000, 5000] as const

/**
 * A live feed over server-sent events. A lost connection is taken up where it broke; no event is handed out twice.
 *
 * @throws `JeonProblem` when the server refuses the feed
 */
export async function* follow(
  transport: Transport,
  path: string,
  options?: LiveOptions,
): AsyncGenerator<LiveEvent, void, void> {
  // Leaving the loop must also end the connection, which the caller's own signal does not.
  const leave = new AbortController()
  const signal =
    options?.signal === undefined ? leave.signal : AbortSignal.any([leave.signal, options.signal])
  let lastId = options?.after
  let failures = 0
  try {
    while (!signal.aborted) {
      try {
        const headers: Record<string, string> = { accept: 'text/event-stream' }
        if (lastId !== undefined) headers['last-event-id'] = lastId
        const response = await transport.open({ method: 'GET', path, headers, signal })
        options?.onState?.('live')
        failures = 0
        for await (const event of eventsIn(response.body)) {
          if (event.id !== undefined && event.id === lastId) continue
          lastId = event.id ?? lastId
          yield event
        }
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof JeonProblem && error.status < 500 && error.status !== 429) throw error
        if (!(error instanceof JeonProblem) && !isConnectionError(error)) throw error
      }
      options?.onState?.('reconnecting')
      await pause(pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 0, signal)
      failures += 1
    }
  } finally {
    leave.abort()
  }
}

/** fetch reports a broken connection as a TypeError, an aborted one as a DOMException. */
function isConnectionError(error: unknown): boolean {
  return (
    error instanceof JeonUnreachable || error instanceof TypeError || error instanceof DOMException
  )
}

/** The events of a stream, as the HTML standard parses them ("9.2.6 Interpreting an event stream"). */
export async function* eventsIn(
  body: ReadableStream<Uint8Array> | null,
): AsyncGenerator<LiveEvent, void, void> {
  if (body === null) return
  let id: string | undefined
  let type = ''
  let data: string[] = []
  for await (const line of linesIn(body)) {
    if (line === '') {
      const event = eventOf(id, type, data)
      if (event !== undefined) yield event
      type = ''
      data = []
      continue
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const content = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(content)
    else if (field === 'event') type = content
    else if (field === 'id' && !content.includes('\0')) id = content
  }
}

function eventOf(id: string | undefined, type: string, data: string[]): LiveEvent | undefined {
  if (data.length === 0) return undefined
  try {
    const json: unknown = JSON.parse(data.join('\n'))
    return isFields(json) ? { id, type: type === '' ? 'message' : type, data: json } : undefined
  } catch {
    return undefined
  }
}

/** The lines of a UTF-8 stream, without their ends; a last line without an end is dropped, as an event cut short is. */
export async function* linesIn(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += decoder.decode(value, { stream: true })
      // A lone \r at the end may be the first half of \r\n.
      const complete = rest.endsWith('\r') ? rest.length - 1 : rest.length
      const lines = rest.slice(0, complete).split(/\r\n|\n|\r/)
      rest = (lines.pop() ?? '') + rest.slice(complete)
      yield* lines
    }
  } finally {
    reader.releaseLock()
    await body.cancel().catch(() => undefined)
  }
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, delayMs)
    signal.addEventListener('abort', done)
  })
}
