/** The carrier's outside: CAMARA, OpenID, the pages for owners, and the events that go out. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { carrierBillingApi, otpSmsApi, refundApi } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import { Hono } from 'hono'
import type { Provider } from 'oidc-provider'
import type pg from 'pg'
import { type CallParts, respondRefusal } from './camara/call.ts'
import { Completions } from './camara/completions.ts'
import { identityRoutes } from './camara/identity.ts'
import { Inquiries } from './camara/inquiries.ts'
import { otpRoutes } from './camara/otp.ts'
import { paymentRoutes } from './camara/payments.ts'
import { refundRoutes } from './camara/refunds.ts'
import { refusal } from './camara/statuses.ts'
import { validationRoutes, validationToken } from './camara/validation-page.ts'
import { Clients } from './clients/service.ts'
import { purgeAccess } from './codes/purge.ts'
import { Codes } from './codes/service.ts'
import { Links } from './consents/link.ts'
import type { Core } from './core.ts'
import { Deliverer } from './events/deliverer.ts'
import { noteEvents, recoverEvents } from './events/outbox.ts'
import type { FaultOf } from './faults/model.ts'
import { Faults } from './faults/service.ts'
import type { Log } from './log.ts'
import type { Outbox } from './messages/model.ts'
import type { Carrier, CarrierId } from './model.ts'
import { purgeOpenid } from './openid/adapter.ts'
import { approvalRoutes } from './openid/approvals.ts'
import { issuerKey } from './openid/keys.ts'
import { loginRoutes } from './openid/login.ts'
import { createProvider } from './openid/provider.ts'
import { type Issuer, operatorToken, type Token, Tokens } from './openid/tokens.ts'
import { Proofs } from './proofs/service.ts'
import { Quotas } from './quotas/service.ts'
import { magicOf } from './sandbox/magic.ts'

export interface OutsideParts {
  readonly pool: pg.Pool
  readonly core: Core
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly outbox: Outbox
  readonly log: Log
  /** Where the program is reached, such as `http://localhost:4250`. */
  readonly publicUrl: string
  /** (Default: the table of magic numbers.) */
  readonly faultOf?: FaultOf
  /** How events are sent. (Default: the platform's own.) */
  readonly fetch?: typeof fetch
}

const DELIVERY_WAIT_MS = 500

export interface Outside {
  /** CAMARA below `/{carrier}/…/v…`, the owners' pages, `/{carrier}/openid/approvals`. */
  readonly hono: Hono
  /** Takes a request that is for an OpenID provider. @returns false: it is not, and nothing was done */
  handleOpenid(req: IncomingMessage, res: ServerResponse): boolean
  verifyToken(bearer: string): Promise<Token | undefined>
  /** What a phone would get over TS.43, for `login_hint=operatortoken:…`. Undefined: no such carrier. */
  operatorToken(carrier: CarrierId, phoneNumber: string): Promise<string | undefined>
  readonly clients: Clients
  readonly codes: Codes
  readonly proofs: Proofs
  readonly inquiries: Inquiries
  readonly deliverer: Deliverer
  /** What is due now: asynchronous payments, then events. Cheap when nothing is; for a ticker. */
  runDue(): Promise<void>
  /** Removes what expired. For once a day. */
  purge(): Promise<void>
  close(): Promise<void>
}

/** Builds the outside and takes up what a crash left. Run `core.resolve` before. */
export async function createOutside(parts: OutsideParts): Promise<Outside> {
  const { pool, core, clock, carriers, log, outbox } = parts
  const publicUrl = parts.publicUrl.replace(/\/+$/, '')
  const clients = new Clients({ pool, clock })
  const quotas = new Quotas({ pool, clock })
  const codes = new Codes({ pool, clock, carriers, outbox })
  const proofs = new Proofs({ pool, clock, carriers, codes, lines: core.lines })
  const faults = new Faults(parts.faultOf ?? ((number) => magicOf(number)?.fault ?? null))
  const inquiries = new Inquiries(pool, clock)
  const completions = new Completions({ pool, core, carriers, codes, faults, clock, log })
  const deliverer = new Deliverer({ pool, log, fetch: parts.fetch ?? fetch })
  const events = { core, faults, clock, sourceOf: (id: CarrierId) => `${publicUrl}/${id}` }
  noteEvents(events)

  const links = new Links({ consents: core.consents, outbox, carriers })
  const issuers = await issuersOf(parts, publicUrl)
  const tokens = new Tokens([...issuers.values()], clock, core.lines)
  const providers = new Map<CarrierId, NodeHandler>()
  const hono = new Hono()
  for (const carrier of carriers.values()) {
    const issuer = issuers.get(carrier.id)
    if (issuer === undefined) continue
    const { lines } = core
    const issuing = { carrier, issuer }
    const provider = createProvider({ pool, clock, issuing, clients, lines, codes, links })
    // Behind something that ends TLS, addresses begin as the issuer does.
    provider.proxy = publicUrl.startsWith('https:')
    providers.set(carrier.id, provider.callback())
    const machineNow = () => clock.machineNow()
    const open = { issuing, provider, clients, lines, codes, links, machineNow }
    const call = { carrier, clients, lines, tokens, quotas, faults, clock, log }
    const own = new Hono()
      .route('/openid/login', loginRoutes(open))
      .route('/openid/approvals', approvalRoutes(open))
      .route('/validate', validationRoutes({ carrier, core, codes, clock }))
    mountApis(own, { ...call, core, codes, completions, inquiries, carrierUrl: issuer.url })
    hono.route(`/${carrier.id}`, own)
  }
  await completions.recover()
  await recoverEvents(events, pool)
  let delivering: Promise<void> | undefined

  return {
    hono,
    handleOpenid: (req, res) => handleOpenid(providers, req, res),
    verifyToken: (bearer) => tokens.verify(bearer),
    async operatorToken(carrier, phoneNumber) {
      const issuer = issuers.get(carrier)
      if (issuer === undefined) return undefined
      return operatorToken(issuer, phoneNumber, clock.machineNow())
    },
    ...{ clients, codes, proofs, inquiries, deliverer },
    async runDue() {
      await completions.runDue()
      await quotas.save()
      // Whoever moves the clock waits a moment for events, and never for a sink that does not answer.
      delivering ??= deliverer
        .runDue(clock.now())
        .catch((error: unknown) => log.failure('event.delivery_failed', error))
        .finally(() => {
          delivering = undefined
        })
      await Promise.race([delivering, setTimeout(DELIVERY_WAIT_MS, undefined, { ref: false })])
    },
    async purge() {
      await purgeOpenid(pool, clock.machineNow())
      await purgeAccess(pool, clock.now())
    },
    async close() {
      faults.close()
      await delivering
      await quotas.save()
    },
  }
}

async function issuersOf(
  { carriers, pool, clock }: OutsideParts,
  publicUrl: string,
): Promise<ReadonlyMap<CarrierId, Issuer>> {
  const issuers = await Promise.all(
    [...carriers.keys()].map(async (carrier) => {
      const key = await issuerKey(pool, carrier, clock)
      return { carrier, url: `${publicUrl}/${carrier}`, key }
    }),
  )
  return new Map(issuers.map((issuer) => [issuer.carrier, issuer]))
}

type NodeHandler = ReturnType<Provider['callback']>

interface ApiParts extends CallParts {
  readonly core: Core
  readonly codes: Codes
  readonly completions: Completions
  readonly inquiries: Inquiries
  readonly carrierUrl: string
}

function mountApis(own: Hono, parts: ApiParts): void {
  const validationUrl = (payment: Parameters<typeof validationToken>[0]) =>
    `${parts.carrierUrl}/validate/${validationToken(payment)}`
  own.route(carrierBillingApi.basePath, paymentRoutes({ ...parts, validationUrl }))
  own.route(refundApi.basePath, refundRoutes(parts))
  own.route(otpSmsApi.basePath, otpRoutes(parts))
  own.route('/', identityRoutes(parts))
  for (const { basePath } of [carrierBillingApi, refundApi, otpSmsApi]) {
    own.all(`${basePath}/*`, (c) =>
      respondRefusal(
        refusal('NOT_FOUND', 'There is no such operation'),
        c.req.header('x-correlator'),
      ),
    )
  }
}

/** Everything of an OpenID provider: its own routes, not the pages and approvals that lie beside them. */
function handleOpenid(
  providers: ReadonlyMap<CarrierId, NodeHandler>,
  req: IncomingMessage,
  res: ServerResponse,
): boolean {
  const [, id = '', rest = ''] = /^\/([^/?]+)(\/.*)$/.exec(req.url ?? '') ?? []
  const provider = providers.get(id)
  if (provider === undefined || !isOpenidPath(rest)) return false
  req.url = rest
  Object.assign(req, { originalUrl: `/${id}${rest}` })
  void provider(req, res)
  return true
}

function isOpenidPath(path: string): boolean {
  if (/^\/openid\/(?:login|approvals)(?:\/|$)/.test(path)) return false
  return path.startsWith('/openid/') || path.startsWith('/.well-known/')
}
