import { type Fields, isFields, optionalText } from './reader.ts'

/**
 * A refusal of the server, RFC 9457: what was wrong, whether trying again can help, and what to do.
 *
 * Calls that move money hand it back as a value (`{ status: 'refused', problem }`); all others throw it.
 */
export class JeonProblem extends Error {
  override readonly name = 'JeonProblem'
  /** A page that describes this kind of problem. */
  readonly type: string
  /** One sentence for people. */
  readonly title: string
  /** The HTTP status. */
  readonly status: number
  /** Stable; switch on this. */
  readonly code: string
  readonly detail: string | undefined
  /** The field of the request that is to blame. */
  readonly param: string | undefined
  /** Whether the same request can succeed later. */
  readonly retryable: boolean
  /** What to do about it. */
  readonly hint: string | undefined
  readonly docUrl: string | undefined
  readonly requestId: string | undefined
  /** Everything that the server said, extras such as `price` included. */
  readonly fields: Fields

  constructor(status: number, fields: Fields) {
    const title = optionalText(fields, 'title') ?? `The server answered ${status}.`
    super(optionalText(fields, 'detail') ?? title)
    this.type = optionalText(fields, 'type') ?? 'about:blank'
    this.title = title
    this.status = status
    this.code = optionalText(fields, 'code') ?? `http_${status}`
    this.detail = optionalText(fields, 'detail')
    this.param = optionalText(fields, 'param')
    this.retryable = fields.retryable === true
    this.hint = optionalText(fields, 'hint')
    this.docUrl = optionalText(fields, 'doc_url')
    this.requestId = optionalText(fields, 'request_id')
    this.fields = fields
  }

  toJSON(): Fields {
    return { ...this.fields, status: this.status, code: this.code, title: this.title }
  }
}

/** The problem in a reply's body; a body of any other kind still gives one, with the code `http_<status>`. */
export function problemOf(status: number, body: unknown, requestId?: string | null): JeonProblem {
  const fields = isFields(body) ? body : {}
  const id = optionalText(fields, 'request_id') ?? requestId
  return new JeonProblem(
    status,
    id === null || id === undefined ? fields : { ...fields, request_id: id },
  )
}

/**
 * The server could not be asked, or its answer did not arrive: nothing is known about what it did.
 * Thrown by calls that only read; calls that move money answer `unknown` instead.
 */
export class JeonUnreachable extends Error {
  override readonly name = 'JeonUnreachable'
  readonly reason: UnknownReason

  constructor(reason: UnknownReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/**
 * - `timeout`: no answer in time
 * - `connection_lost`: the connection failed or broke; the request may have arrived
 * - `server_error`: an answer of the 5xx kind that does not say what happened
 * - `malformed_reply`: an answer that could not be read
 * - `not_seen`: the server has not seen it, or not yet
 */
export type UnknownReason =
  | 'timeout'
  | 'connection_lost'
  | 'server_error'
  | 'malformed_reply'
  | 'not_seen'
