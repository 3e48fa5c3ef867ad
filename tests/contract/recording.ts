/** A `fetch` that holds every CAMARA exchange that goes through it against the official definitions. */
import type { RequestMessage, ResponseMessage, Validator } from './validator.ts'

/** What went through. */
export interface Exchange {
  readonly operationId: string
  readonly request: RequestMessage
  readonly response: ResponseMessage
}

export interface Recording {
  /** Use it wherever `fetch` goes; throws {@link ContractViolation} on any difference. */
  readonly fetch: typeof globalThis.fetch
  readonly exchanges: readonly Exchange[]
  /** Every complaint so far; a client that turns exceptions into outcomes hides a throw, so look here at the end. */
  readonly violations: readonly string[]
}

export interface RecordingOptions {
  /** Who answers. (Default: the runtime's.) */
  readonly fetch?: typeof globalThis.fetch
  /** What is checked; a test that sends nonsense on purpose checks responses alone. (Default: both.) */
  readonly sides?: readonly ('request' | 'response')[]
}

/** A message that is not as the definition has it. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation'

  constructor(complaints: readonly string[], request: RequestMessage, response?: ResponseMessage) {
    const answer = response === undefined ? '' : `\n→ ${response.status} ${response.text}`
    const asked = `${request.method} ${request.url.href} ${request.text}`
    super(`${complaints.join('\n')}\n${asked}${answer}`)
  }
}

/** Wraps a fetch. What goes to no CAMARA path (tokens, for one) passes unchecked and unrecorded. */
export function createRecordingFetch(
  validator: Validator,
  { fetch = globalThis.fetch, sides = ['request', 'response'] }: RecordingOptions = {},
): Recording {
  const exchanges: Exchange[] = []
  const violations: string[] = []

  function report(
    complaints: readonly string[],
    request: RequestMessage,
    response?: ResponseMessage,
  ): void {
    if (complaints.length === 0) return
    violations.push(...complaints)
    throw new ContractViolation(complaints, request, response)
  }

  async function recording(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const asked = new Request(input, init)
    const url = new URL(asked.url)
    const match = validator.match(asked.method, url)
    if (match.kind === 'elsewhere') return fetch(input, init)
    const request: RequestMessage = {
      method: asked.method,
      url,
      headers: asked.headers,
      text: await asked.text(),
    }
    if (sides.includes('request')) report(validator.checkRequest(request), request)
    const answer = await fetch(input, init)
    const { status, headers } = answer
    const response: ResponseMessage = { status, headers, text: await answer.clone().text() }
    const operationId = match.kind === 'operation' ? match.operation.id : 'unheard'
    exchanges.push({ operationId, request, response })
    if (sides.includes('response') && match.kind === 'operation') {
      report(validator.checkResponse(request, response), request, response)
    }
    return answer
  }

  return { fetch: recording, exchanges, violations }
}
