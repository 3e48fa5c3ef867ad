import { count, Misread, orNull, record, type Shape, text } from './shapes.ts'

/** A refusal, in the server's words. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly hint: string
  /** What a proof must show, where one is needed. */
  readonly title: string

  constructor(status: number, problem: ReturnType<typeof problemShape>) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`)
    this.status = status
    this.code = problem.code ?? ''
    this.title = problem.title ?? ''
    this.hint = problem.hint ?? ''
  }
}

/** No answer came: whether the server acted is not known. */
export class Unanswered extends Error {}

const problemShape = record({
  status: orNull(count),
  code: orNull(text),
  title: orNull(text),
  detail: orNull(text),
  hint: orNull(text),
})

const noProblem = { status: null, code: null, title: null, detail: null, hint: null }

export interface Ask<T> {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Behind the origin: `/v1/line`. */
  readonly path: string
  readonly body?: object
  readonly shape: Shape<T>
  /** Repeating an act with its key repeats only the answer. */
  readonly key?: string
}

/** Longer than any carrier takes: a refusal that comes late is better than a guess. */
const timeoutMs = 30_000

/**
 * Asks the platform, which passes on what is the carrier's to answer. Answers come in the page's language.
 *
 * @throws Refused, Unanswered
 */
export async function ask<T>(
  language: string,
  { method, path, body, shape, key }: Ask<T>,
): Promise<T> {
  const headers = new Headers({ accept: 'application/json', 'accept-language': language })
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (key !== undefined) headers.set('idempotency-key', key)
  const response = await fetch(path, {
    method: method ?? 'GET',
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw new Unanswered(`${path} was not answered`, { cause: error })
  })
  const json: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw refusalOf(response.status, json)
  try {
    return shape(json, path)
  } catch (error) {
    if (!(error instanceof Misread)) throw error
    throw new Unanswered(error.message, { cause: error })
  }
}

/** A new key for one act. Also where pages are not secure contexts, as on a phone in the same network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What stands between the page and the platform may answer 502: then nobody knows what happened. */
function refusalOf(status: number, json: unknown): Error {
  const isProblem = typeof json === 'object' && json !== null && 'code' in json
  if (!isProblem && status >= 500) return new Unanswered(`HTTP ${status}`)
  try {
    return new Refused(status, problemShape(json ?? {}, 'problem'))
  } catch {
    return new Refused(status, noProblem)
  }
}
