import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client'

/**
 * Why there is no token.
 *
 * - `pending`, `slow_down`: CIBA; poll again, after `slow_down` five seconds later than before
 * - `denied`: the payer or the carrier said no (`access_denied`)
 * - `expired`: the CIBA request is too old (`expired_token`): begin again
 * - `invalid`: the code, assertion, refresh token or request is not good or no longer so (`invalid_grant`): begin again
 * - `login_required`: the carrier cannot vouch silently; ask the payer
 * - `refused`: any other refusal of the authorization server (`invalid_client`, `invalid_scope`), in `detail`
 * - `unreachable`: no answer in time, or a 5xx
 * - `malformed`: an answer that is no answer, or fails a check of OpenID Connect
 */
export type TokenRefusalCode =
  | 'pending'
  | 'slow_down'
  | 'denied'
  | 'expired'
  | 'invalid'
  | 'login_required'
  | 'refused'
  | 'unreachable'
  | 'malformed'

/** No token, and why. */
export interface TokenRefusal {
  readonly ok: false
  readonly code: TokenRefusalCode
  /** OAuth's own code and description. */
  readonly detail: string
}

const BY_OAUTH_CODE: ReadonlyMap<string, TokenRefusalCode> = new Map([
  ['authorization_pending', 'pending'],
  ['slow_down', 'slow_down'],
  ['access_denied', 'denied'],
  ['expired_token', 'expired'],
  ['invalid_grant', 'invalid'],
  ['login_required', 'login_required'],
  ['interaction_required', 'login_required'],
  ['consent_required', 'login_required'],
])

/** What an error of the OpenID library means; programming errors are thrown again. */
export function refusalOf(error: unknown): TokenRefusal {
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError) {
    const code = BY_OAUTH_CODE.get(error.error) ?? 'refused'
    return { ok: false, code, detail: `${error.error}: ${error.error_description ?? ''}` }
  }
  // How a server says `invalid_client` to credentials in a header.
  if (error instanceof WWWAuthenticateChallengeError) {
    return { ok: false, code: 'refused', detail: `${error.status} ${error.message}` }
  }
  if (!(error instanceof Error)) throw error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const detail = `${code} ${error.message}`.trim()
  const cause = error instanceof ClientError ? error.cause : error
  const outOfOrder = cause instanceof Response && cause.status >= 500
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT' || outOfOrder || isFetchFailure(cause)) {
    return { ok: false, code: 'unreachable', detail }
  }
  if (error instanceof ClientError) return { ok: false, code: 'malformed', detail }
  throw error
}

/** `fetch` says so little when it cannot connect. */
function isFetchFailure(cause: unknown): boolean {
  return cause instanceof TypeError && cause.message === 'fetch failed'
}
