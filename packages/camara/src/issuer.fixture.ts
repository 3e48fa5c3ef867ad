/** An authorization server on this machine for the tests of tokens: oidc-provider, with one client and one line. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, jwtVerify } from 'jose'
import Provider, { errors } from 'oidc-provider'

export const PHONE = 'tel:+821020000001'
export const REDIRECT_URI = 'https://platform.example/callback'
const SCOPES = ['sim-swap:check', 'number-verification:verify', 'dpv:FraudPreventionAndDetection']

export interface TestIssuer {
  readonly url: string
  readonly privateKey: CryptoKey
  /** How often each endpoint was asked. */
  readonly asked: Map<string, number>
  /** The scopes of the last token request. */
  lastScope: string | undefined
  /** What the line's owner says to the next CIBA request; `silent`: nothing. */
  approval: 'approve' | 'deny' | 'silent'
  close(): void
}

/** Starts it on a free port. */
export async function startIssuer(): Promise<TestIssuer> {
  const assertions = await generateKeyPair('ES256', { extractable: true })
  const signing = await generateKeyPair('RS256', { extractable: true })
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = urlOf(server)
  const issuer: TestIssuer = {
    url,
    privateKey: assertions.privateKey,
    asked: new Map(),
    lastScope: undefined,
    approval: 'approve',
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  const jwk = { ...(await exportJWK(signing.privateKey)), kid: 'signing', use: 'sig' }
  const provider = createProvider(issuer, jwk)
  registerJwtBearer(provider, url, assertions.publicKey)
  const answer = provider.callback()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '', url)
    issuer.asked.set(pathname, (issuer.asked.get(pathname) ?? 0) + 1)
    const done = pathname.startsWith('/approve') ? approve(provider, request, response) : undefined
    if (done === undefined) void answer(request, response)
  })
  return issuer
}

function createProvider(issuer: TestIssuer, jwk: Record<string, unknown>): Provider {
  const provider: Provider = new Provider(issuer.url, {
    clients: [
      {
        client_id: 'platform',
        client_secret: 'secret-of-the-platform',
        redirect_uris: [REDIRECT_URI],
        grant_types: [
          'authorization_code',
          'refresh_token',
          'client_credentials',
          CIBA,
          JWT_BEARER,
        ],
        backchannel_token_delivery_mode: 'poll',
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: ['a key for this test alone'] },
    scopes: ['openid', 'offline_access', ...SCOPES],
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      BackchannelAuthenticationRequest: 60,
      ClientCredentials: 60,
      Grant: 60,
      IdToken: 60,
      Interaction: 60,
      RefreshToken: 60,
      Session: 60,
    },
    issueRefreshToken: () => true,
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_, { uid }) => `/approve/${uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      ciba: {
        enabled: true,
        deliveryModes: ['poll'],
        processLoginHint: (_, hint) => (hint === PHONE ? PHONE : undefined),
        validateBindingMessage: () => undefined,
        validateRequestContext: () => undefined,
        verifyUserCode: () => undefined,
        triggerAuthenticationDevice: async (_, request) => {
          if (issuer.approval === 'silent') return
          const refused = new errors.AccessDenied('the owner said no')
          const approved = issuer.approval === 'approve'
          const result = approved ? await grantAll(provider) : refused
          await provider.backchannelResult(request, result)
        },
      },
    },
  })
  provider.on('grant.success', ({ oidc: { params } }) => {
    issuer.lastScope = typeof params?.scope === 'string' ? params.scope : undefined
  })
  return provider
}

const CIBA = 'urn:openid:params:grant-type:ciba'
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

async function grantAll(provider: Provider): Promise<string> {
  const grant = new provider.Grant({ accountId: PHONE, clientId: 'platform' })
  grant.addOIDCScope(['openid', 'offline_access', ...SCOPES].join(' '))
  return grant.save()
}

/** The page where the line's owner would agree: agrees at once. */
async function approve(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const grantId = await grantAll(provider)
  const result = { login: { accountId: PHONE }, consent: { grantId } }
  await provider.interactionFinished(request, response, result)
}

function registerJwtBearer(provider: Provider, url: string, publicKey: CryptoKey): void {
  provider.registerGrantType<{ assertion?: string; scope?: string }>(
    JWT_BEARER,
    async (ctx) => {
      const { assertion = '', scope = '' } = ctx.oidc.params
      const checks = { issuer: 'platform', audience: url, maxTokenAge: 60 }
      const { payload } = await jwtVerify(assertion, publicKey, checks).catch(() => {
        throw new errors.InvalidGrant('the assertion is no good')
      })
      if (payload.sub !== PHONE) throw new errors.InvalidGrant('no such line')
      ctx.body = { access_token: `for ${payload.jti}`, token_type: 'Bearer', expires_in: 60, scope }
    },
    ['assertion', 'scope'],
  )
}

function urlOf(server: Server): string {
  const address = server.address()
  if (typeof address === 'string' || address === null) throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}
