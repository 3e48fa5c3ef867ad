import type { Lines } from '../lines/model.ts'
import type { Carrier } from '../model.ts'
import type { Issuer } from './tokens.ts'

/** What the OpenID side asks of the lines. */
export type LinePort = Pick<Lines, 'byNumber' | 'byId' | 'checkPassword'>

/** One carrier with its issuer, as all of this folder needs it. */
export interface IssuingCarrier {
  readonly carrier: Carrier
  readonly issuer: Issuer
}

/** The mobile network itself recognised the device. */
export const AMR_NETWORK = 'nba'
/** The SIM did, through the carrier's entitlement server. */
export const AMR_SIM = 'sim'
export const AMR_CODE = 'sms'
export const AMR_PASSWORD = 'pwd'

/** Seconds. Short, because an access token that is not of a link cannot be taken back. */
export const ACCESS_TOKEN_TTL = 10 * 60
export const CLIENT_TOKEN_TTL = 30 * 60
/** Seconds. A linked line that nobody used for so long has to be linked anew. */
export const REFRESH_TOKEN_TTL = 180 * 86_400
