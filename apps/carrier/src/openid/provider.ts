import { createHash } from 'node:crypto'
import type { Clock } from '@jeon/clock'
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider'
import type pg from 'pg'
import { type Clients, isSecretOf } from '../clients/service.ts'
import type { Codes } from '../codes/service.ts'
import { isLink, isLinked, type Links } from '../consents/link.ts'
import { openidAdapter } from './adapter.ts'
import { cibaFeature } from './ciba.ts'
import { registerJwtBearer, resourceServer } from './jwt-bearer.ts'
import { SIGNING_ALGORITHM } from './keys.ts'
import { openid } from './library.ts'
import {
  ACCESS_TOKEN_TTL,
  CLIENT_TOKEN_TTL,
  type IssuingCarrier,
  type LinePort,
  REFRESH_TOKEN_TTL,
} from './model.ts'
import { networkPolicy } from './network.ts'
import { everyScope } from './scopes.ts'

export interface ProviderParts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly issuing: IssuingCarrier
  readonly clients: Clients
  readonly lines: LinePort
  readonly links: Links
  readonly codes: Codes
}

/** Paths of the provider below the carrier's URL; the discovery document lists them. */
const routes = {
  authorization: '/openid/auth',
  backchannel_authentication: '/openid/backchannel',
  jwks: '/openid/jwks',
  pushed_authorization_request: '/openid/request',
  revocation: '/openid/revocation',
  token: '/openid/token',
} as const

/** The OpenID provider of one carrier. Only clients from the table, only the flows that CAMARA's profile names. */
export function createProvider(parts: ProviderParts): Provider {
  const { issuing, clients, lines, clock } = parts
  const recognised = new WeakMap<KoaContextWithOIDC, readonly string[]>()
  const made: { provider?: Provider } = {}
  const self = () => {
    if (made.provider === undefined) throw new Error('the provider is not made yet')
    return made.provider
  }
  const provider = new openid.Provider(issuing.issuer.url, configuration(parts, self, recognised))
  made.provider = provider
  provider.Client.prototype.compareClientSecret = function compare(secret) {
    return isSecretOf(this.clientSecret ?? '', secret)
  }
  // No authorization leaves a session behind: the next one is decided anew.
  provider.on('authorization.success', (ctx) => {
    if (ctx.oidc.session !== undefined) Object.assign(ctx.oidc.session, { destroyed: true })
  })
  // A client that gives its lasting access back has unlinked the line.
  provider.use(async (ctx, next) => {
    await next()
    const token = ctx.oidc?.route === 'revocation' ? ctx.oidc.entities.RefreshToken : undefined
    if (token?.accountId === undefined || token.clientId !== ctx.oidc.client?.clientId) return
    const line = await lines.byId(token.accountId)
    if (line !== undefined) await parts.links.end(line, token.clientId)
  })
  registerJwtBearer({
    ...{ provider, issuing, clients, lines, clock, links: parts.links },
    recognised: (ctx, amr) => recognised.set(ctx, amr),
  })
  return provider
}

function configuration(
  parts: ProviderParts,
  provider: () => Provider,
  recognised: WeakMap<KoaContextWithOIDC, readonly string[]>,
): Configuration {
  const { issuing, clients, lines, codes, links, clock, pool } = parts
  const { carrier, issuer } = issuing
  return {
    adapter: (model) =>
      openidAdapter({ pool, clock, clients, carrier: carrier.id, issuer: issuer.url }, model),
    jwks: { keys: [issuer.key] },
    enabledJWA: { idTokenSigningAlgValues: [SIGNING_ALGORITHM] },
    clientDefaults: { id_token_signed_response_alg: SIGNING_ALGORITHM },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    responseTypes: ['code'],
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub'] },
    routes,
    pkce: { required: () => true },
    cookies: {
      keys: [createHash('sha256').update(`cookies:${issuer.key.d}`).digest('hex')],
      short: { httpOnly: true, sameSite: 'lax' },
    },
    ttl: {
      AccessToken: ACCESS_TOKEN_TTL,
      ClientCredentials: CLIENT_TOKEN_TTL,
      AuthorizationCode: 60,
      BackchannelAuthenticationRequest: 600,
      IdToken: ACCESS_TOKEN_TTL,
      RefreshToken: REFRESH_TOKEN_TTL,
      Grant: REFRESH_TOKEN_TTL,
      Interaction: 600,
      Session: 600,
    },
    discovery: { scopes_supported: ['openid', 'offline_access', ...everyScope] },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      // Its own tokens alone.
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      ciba: cibaFeature({ issuing, clients, lines, codes, links, clock, provider }),
      resourceIndicators: {
        enabled: true,
        defaultResource: () => issuer.url,
        useGrantedResource: () => true,
        async getResourceServerInfo(ctx, resource, asking) {
          const client = await clients.find(carrier.id, asking.clientId)
          if (resource !== issuer.url || client === undefined)
            throw new openid.errors.InvalidTarget()
          const granted = ctx.oidc.entities.Grant?.getResourceScope(resource).split(' ') ?? []
          return resourceServer(issuing, client, [...ctx.oidc.requestParamScopes, ...granted])
        },
      },
    },
    extraTokenClaims: async (ctx, token) => {
      if (token.kind === 'ClientCredentials') return undefined
      const line = await lines.byId(token.accountId)
      const clientId = token.clientId ?? ''
      const link = line?.consents.find((consent) => isLink(consent, clientId))?.id ?? null
      return { phone_number: line?.phoneNumber, link, amr: recognised.get(ctx) ?? amrOf(ctx) }
    },
    findAccount: async (_ctx, sub, token) => {
      const line = await lines.byId(sub)
      if (line === undefined || line.stage === 'terminated') return undefined
      // What lasts ends with the owner's link, which he can revoke in self-care.
      if (token?.kind === 'RefreshToken' && !isLinked(line, token.clientId ?? '')) return undefined
      return { accountId: sub, claims: () => ({ sub }) }
    },
    expiresWithSession: () => false,
    interactions: {
      policy: networkPolicy({ issuing, clients, lines, links, clock, provider }),
      url: (_ctx, interaction) => `${issuer.url}/openid/login/${interaction.uid}`,
    },
    renderError: (ctx, out) => {
      ctx.type = 'application/json'
      ctx.body = out
    },
  }
}

/** How the owner was recognised when the code or request was made. What is refreshed proves nobody's presence. */
function amrOf({ oidc: { entities } }: KoaContextWithOIDC): readonly string[] {
  if (entities.RefreshToken !== undefined) return []
  return entities.AuthorizationCode?.amr ?? entities.BackchannelAuthenticationRequest?.amr ?? []
}
