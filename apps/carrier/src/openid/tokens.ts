import type { Clock } from '@jeon/clock'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Lines } from '../lines/model.ts'
import type { CarrierId } from '../model.ts'
import { type IssuerKey, SIGNING_ALGORITHM } from './keys.ts'

/** What an access token says. */
export interface Token {
  /** The carrier that issued it: it is worth nothing at another. */
  readonly carrier: CarrierId
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  /** The line it is bound to (three-legged); `null`: to none (two-legged). */
  readonly phoneNumber: string | null
  /** How the owner of the line was recognised (RFC 8176): `nba` or `sim` the network, `sms` a code, `pwd` the payment password. */
  readonly amr: readonly string[]
}

export interface Issuer {
  readonly carrier: CarrierId
  /** As in `iss`; also the audience of its access tokens. */
  readonly url: string
  readonly key: IssuerKey
}

const KEPT_MAX = 10_000

const claims = z.object({
  client_id: z.string(),
  scope: z.string().default(''),
  phone_number: z.string().nullable().default(null),
  amr: z.array(z.string()).default([]),
  link: z.string().nullable().default(null),
  exp: z.number(),
})

interface Checked {
  readonly token: Token
  /** The consent that linked the line to the client when the token was issued; `null`: it was not linked. */
  readonly link: string | null
  readonly expiresAtMs: number
}

/**
 * Checks access tokens where they were issued, without asking anybody. A token that was checked once is remembered
 * until it expires. Expiry goes by the machine's clock, since who holds a token knows no other. When the owner of a line
 * ends its link with a client, the client's tokens of that link end at once, with what he had shown for them.
 */
export class Tokens {
  readonly #clock: Clock
  readonly #lines: Pick<Lines, 'byNumber'>
  readonly #issuers = new Map<string, { issuer: Issuer; keys: ReturnType<typeof keysOf> }>()
  readonly #kept = new Map<string, Checked>()

  constructor(issuers: readonly Issuer[], clock: Clock, lines: Pick<Lines, 'byNumber'>) {
    this.#clock = clock
    this.#lines = lines
    for (const issuer of issuers) this.#issuers.set(issuer.url, { issuer, keys: keysOf(issuer) })
  }

  /** @returns undefined: malformed, forged, expired, of a link that ended, or no access token of these carriers */
  async verify(bearer: string): Promise<Token | undefined> {
    const known = this.#kept.get(bearer)
    if (known !== undefined) {
      if (known.expiresAtMs <= this.#clock.machineNow()) return undefined
      return (await this.#isLinkThere(known)) ? known.token : undefined
    }
    const checked = await this.#check(bearer)
    if (checked === undefined || !(await this.#isLinkThere(checked))) return undefined
    this.#keep(bearer, checked)
    return checked.token
  }

  async #isLinkThere({ link, token }: Checked): Promise<boolean> {
    if (link === null || token.phoneNumber === null) return true
    const line = await this.#lines.byNumber(token.carrier, token.phoneNumber)
    return line?.consents.some(({ id }) => id === link) === true
  }

  async #check(bearer: string): Promise<Checked | undefined> {
    const found = this.#issuers.get(issuerIn(bearer) ?? '')
    if (found === undefined) return undefined
    const { issuer, keys } = found
    try {
      const { payload } = await jwtVerify(bearer, keys, {
        issuer: issuer.url,
        audience: issuer.url,
        algorithms: [SIGNING_ALGORITHM],
        typ: 'at+jwt',
        currentDate: new Date(this.#clock.machineNow()),
      })
      const {
        client_id: clientId,
        scope,
        phone_number: phoneNumber,
        amr,
        link,
        exp,
      } = claims.parse(payload)
      const scopes = new Set(scope.split(' ').filter((each) => each !== ''))
      const token = { carrier: issuer.carrier, clientId, scopes, phoneNumber, amr }
      return { token, link, expiresAtMs: exp * 1_000 }
    } catch {
      return undefined
    }
  }

  /** The oldest half goes when there are too many. */
  #keep(bearer: string, checked: Checked): void {
    if (this.#kept.size >= KEPT_MAX) {
      for (const old of [...this.#kept.keys()].slice(0, KEPT_MAX / 2)) this.#kept.delete(old)
    }
    this.#kept.set(bearer, checked)
  }
}

const OPERATOR_TOKEN_TYPE = 'operator+jwt'

/**
 * The token that a phone gets from its carrier over TS.43 and an application hands to a client: it proves the SIM, also
 * over Wi-Fi. The sandbox issues it in the entitlement server's place.
 */
export async function operatorToken(issuer: Issuer, phoneNumber: string, nowMs: number) {
  return new SignJWT({ phone_number: phoneNumber })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: OPERATOR_TOKEN_TYPE, kid: issuer.key.kid })
    .setIssuer(issuer.url)
    .setIssuedAt(Math.floor(nowMs / 1_000))
    .setExpirationTime(Math.floor(nowMs / 1_000) + 300)
    .sign(issuer.key)
}

/** The phone number that an operator token proves. @returns undefined: it proves none */
export async function phoneNumberOfOperatorToken(
  issuer: Issuer,
  text: string,
  nowMs: number,
): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(text, keysOf(issuer), {
      issuer: issuer.url,
      algorithms: [SIGNING_ALGORITHM],
      typ: OPERATOR_TOKEN_TYPE,
      currentDate: new Date(nowMs),
    })
    return z.string().parse(payload.phone_number)
  } catch {
    return undefined
  }
}

function keysOf({ key }: Issuer) {
  const { d: _, ...publicJwk } = key
  const set: JSONWebKeySet = { keys: [publicJwk] }
  return createLocalJWKSet(set)
}

/** Whose key to try, before anything is believed. */
function issuerIn(bearer: string): string | undefined {
  const [, payload = ''] = bearer.split('.')
  try {
    const json: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return z.object({ iss: z.string() }).safeParse(json).data?.iss
  } catch {
    return undefined
  }
}
