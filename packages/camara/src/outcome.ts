/** What a call to a carrier can come to. Whoever moves money decides on these four, never on an exception. */

/** The carrier answered yes. */
export interface Settled<Body> {
  readonly outcome: 'settled'
  readonly status: number
  readonly body: Body
  /** Sent as `x-correlator`; for the carrier's support, not a payment key. */
  readonly correlator: string
  /** Whether the carrier sent the correlator back, as Commonalities 0.6 demands and the definitions do not. */
  readonly echoed: boolean
}

/** The carrier answered no, in CAMARA's words: nothing was done. */
export interface Declined {
  readonly outcome: 'declined'
  readonly status: number
  /** A code of the API's table of statuses, or one that the carrier added. */
  readonly code: string
  readonly message: string
  readonly correlator: string
  /** True for 401 (with a new token) and 429 (later): the same request may well succeed. */
  readonly retryable: boolean
  /** What a 429 asked to wait, in milliseconds, when it said so. */
  readonly retryAfterMs: number | undefined
}

/**
 * The request may or may not have been carried out. Never send it again under another key: look for it.
 *
 * - `timeout`, `connection`: no answer after the request began to leave
 * - `server_error`: 5xx
 * - `unexpected_status`: neither yes nor a refusal of CAMARA's (a redirect, a proxy's page, 408)
 * - `malformed_body`: a yes or a no that does not fit the definition
 * - `other_correlator`: the answer to another request
 * - `broken_paging`: the pages of a list do not add up
 */
export interface Unknown {
  readonly outcome: 'unknown'
  readonly reason:
    | 'timeout'
    | 'connection'
    | 'server_error'
    | 'unexpected_status'
    | 'malformed_body'
    | 'other_correlator'
    | 'broken_paging'
  /** For the log of an operator. */
  readonly detail: string
  readonly correlator: string
}

/**
 * Certainly nothing reached the carrier, so nothing was done.
 *
 * - `invalid_request`: the body or query does not fit the definition
 * - `no_token`: the authorization server refused or could not be reached; `code` has its word
 * - `unreachable`: no connection came about
 * - `aborted`: the caller's signal was raised before
 */
export interface NotSent {
  readonly outcome: 'not_sent'
  readonly reason: 'invalid_request' | 'no_token' | 'unreachable' | 'aborted'
  readonly detail: string
  readonly correlator: string
}

/** What every call of the client answers. */
export type Outcome<Body> = Settled<Body> | Declined | Unknown | NotSent

/** The same outcome with another body. */
export function mapSettled<Body, Other>(
  outcome: Outcome<Body>,
  change: (body: Body) => Other,
): Outcome<Other> {
  return outcome.outcome === 'settled' ? { ...outcome, body: change(outcome.body) } : outcome
}
