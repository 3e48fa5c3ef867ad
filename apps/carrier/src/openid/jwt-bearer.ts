import type { Clock } from '@jeon/clock'
import { createLocalJWKSet, jwtVerify } from 'jose'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { z } from 'zod'
import type { Client } from '../clients/model.ts'
import type { Clients } from '../clients/service.ts'
import type { Links } from '../consents/link.ts'
import { JWT_BEARER } from './client-metadata.ts'
import { allowedScopes, grantScopes } from './grants.ts'
import { lineOfHint } from './hints.ts'
import { openid } from './library.ts'
import type { IssuingCarrier, LinePort } from './model.ts'
import { careScopes } from './scopes.ts'

export interface JwtBearerParts {
  readonly provider: Provider
  readonly links: Links
  readonly issuing: IssuingCarrier
  readonly clients: Clients
  readonly lines: LinePort
  readonly clock: Clock
  /** Notes how the line's owner was recognised, for the access token that is about to be made. */
  recognised(ctx: KoaContextWithOIDC, amr: readonly string[]): void
}

const assertionClaims = z.object({ sub: z.string(), jti: z.string().min(1), exp: z.number() })

/**
 * The JWT bearer grant (RFC 7523): a client asserts whom it asks for, signed with its own key. `sub` is `tel:+82…`,
 * which proves nobody, or `operatortoken:…`, which proves a SIM. Each assertion works once. No refresh token.
 */
export function registerJwtBearer(parts: JwtBearerParts): void {
  const { provider, issuing, lines, clock } = parts
  provider.registerGrantType<{ assertion?: string }>(
    JWT_BEARER,
    async (ctx) => {
      const client = await parts.clients.find(issuing.carrier.id, ctx.oidc.client.clientId)
      if (client === undefined) throw new openid.errors.InvalidClient('no such client')
      const { sub, jti, exp } = await checkAssertion(parts, client, ctx.oidc.params.assertion)
      const hinted = await lineOfHint(issuing, lines, sub, clock.machineNow())
      if (hinted === undefined)
        throw new openid.errors.InvalidGrant('sub names no line of this carrier')
      if (!(await provider.ReplayDetection.unique(client.id, jti, exp))) {
        throw new openid.errors.InvalidGrant('the assertion was used before')
      }
      const asked = (ctx.oidc.params.scope ?? '').split(' ').filter((scope) => scope !== '')
      const { line, amr } = hinted
      const scopes = unprovedScopes(allowedScopes(client, asked), amr)
      const { issuer } = issuing
      const grant = await grantScopes({ ...parts, issuer }, { client, line, scopes, amr })
      parts.recognised(ctx, amr)
      const token = new provider.AccessToken({
        accountId: line.id,
        client: ctx.oidc.client,
        grantId: grant.jti,
        gty: 'jwt_bearer',
        scope: scopes.join(' '),
      })
      token.resourceServer = new provider.ResourceServer(
        issuing.issuer.url,
        resourceServer(issuing, client, scopes),
      )
      ctx.oidc.entity('AccessToken', token)
      const value = await token.save()
      ctx.body = {
        access_token: value,
        expires_in: token.expiration,
        scope: scopes.join(' '),
        token_type: token.tokenType,
      }
    },
    ['assertion', 'scope'],
  )
}

/**
 * A client's own word for whose line it is opens what the client may do at CAMARA anyway. Self-care is the owner's, and
 * a link that lasts is given by him alone.
 */
function unprovedScopes(scopes: readonly string[], amr: readonly string[]): readonly string[] {
  if (amr.length > 0) return scopes
  const owners: readonly string[] = [...careScopes, 'openid', 'offline_access']
  return scopes.filter((scope) => !owners.includes(scope))
}

/** What the provider has to know about the one resource there is: the carrier's APIs. */
export function resourceServer(
  { issuer }: IssuingCarrier,
  client: Client,
  asked: Iterable<string>,
) {
  return {
    scope: [...new Set([...client.scopes, ...allowedScopes(client, asked)])].join(' '),
    audience: issuer.url,
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: issuer.key.alg, kid: issuer.key.kid } },
  }
}

async function checkAssertion(
  { issuing, clock }: JwtBearerParts,
  client: Client,
  assertion: string | undefined,
): Promise<z.infer<typeof assertionClaims>> {
  if (assertion === undefined) throw new openid.errors.InvalidRequest('assertion is missing')
  if (client.jwks === null) throw new openid.errors.InvalidGrant('the client has no keys here')
  try {
    const { payload } = await jwtVerify(assertion, createLocalJWKSet(publicKeys(client.jwks)), {
      issuer: client.id,
      audience: [issuing.issuer.url, `${issuing.issuer.url}/openid/token`],
      algorithms: ['ES256', 'EdDSA', 'Ed25519', 'PS256', 'RS256'],
      maxTokenAge: '10 minutes',
      clockTolerance: 60,
      currentDate: new Date(clock.machineNow()),
    })
    return assertionClaims.parse(payload)
  } catch {
    throw new openid.errors.InvalidGrant(
      'the assertion is not signed by the client for this issuer, or not fresh',
    )
  }
}

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

function publicKeys(jwks: NonNullable<Client['jwks']>) {
  return keySet.parse(jwks)
}
