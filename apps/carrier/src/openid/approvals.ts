import { Hono } from 'hono'
import type { BackchannelAuthenticationRequest, Provider } from 'oidc-provider'
import { z } from 'zod'
import type { Clients } from '../clients/service.ts'
import type { Codes } from '../codes/service.ts'
import type { Links } from '../consents/link.ts'
import type { Line } from '../model.ts'
import { grantScopes } from './grants.ts'
import { AMR_CODE, AMR_PASSWORD, type IssuingCarrier, type LinePort } from './model.ts'

export interface ApprovalParts {
  readonly issuing: IssuingCarrier
  readonly provider: Provider
  readonly clients: Clients
  readonly lines: LinePort
  readonly codes: Codes
  readonly links: Links
}

const approvalBody = z.object({ sms_code: z.string().max(20), password: z.string().max(100) })

const refusals = {
  not_found: [404, 'no request waits under this id'],
  invalid_body: [400, 'sms_code and password are needed'],
  password_wrong: [422, 'not the payment password of the line'],
  password_locked: [422, 'the payment password is locked; its owner sets it anew in self-care'],
  password_unset: [422, 'the line has no payment password'],
  code_wrong: [422, 'not the code'],
  code_used_up: [422, 'too many wrong codes; ask for another'],
  code_expired: [422, 'the code is over; ask for another'],
  too_many_codes: [429, 'more codes within an hour than the market allows'],
} as const
type Refusal = keyof typeof refusals

/**
 * How the owner approves a backchannel request (CIBA) that the network could not vouch for; below
 * `/openid/approvals`. Who knows the request's id may pass on what the owner typed; the code and the password prove him.
 *
 * - `GET /{id}` → `{state: 'pending' | 'approved', needs: ['sms_code', 'password'] | []}`
 * - `POST /{id}` `{sms_code, password}` → the same, `approved`
 * - `POST /{id}/code` sends another code → the same
 *
 * Refusals are `{status, code, message}`.
 */
export function approvalRoutes(parts: ApprovalParts): Hono {
  const routes = new Hono()

  routes.get('/:id', async (c) => {
    const waiting = await find(parts, c.req.param('id'))
    return waiting === undefined ? refuse('not_found') : c.json(stateOf(waiting.request))
  })

  routes.post('/:id/code', async (c) => {
    const waiting = await find(parts, c.req.param('id'))
    if (waiting === undefined) return refuse('not_found')
    const { request, line } = waiting
    if (request.grantId !== undefined) return c.json(stateOf(request))
    const holder = request.jti
    const sent = await parts.codes.send(line, 'login', { holder, ...clientOf(request) })
    return sent.ok ? c.json(stateOf(request)) : refuse('too_many_codes')
  })

  routes.post('/:id', async (c) => {
    const waiting = await find(parts, c.req.param('id'))
    if (waiting === undefined) return refuse('not_found')
    const { request } = waiting
    if (request.grantId !== undefined) return c.json(stateOf(request))
    const body = approvalBody.safeParse(await c.req.json().catch(() => undefined))
    if (!body.success) return refuse('invalid_body')
    const refusal = await approve(parts, waiting, body.data)
    return refusal === undefined ? c.json({ state: 'approved', needs: [] }) : refuse(refusal)
  })
  return routes
}

interface Waiting {
  readonly request: BackchannelAuthenticationRequest
  readonly line: Line
}

async function find({ provider, lines }: ApprovalParts, id: string): Promise<Waiting | undefined> {
  const request = await provider.BackchannelAuthenticationRequest.find(id)
  if (request?.accountId === undefined) return undefined
  const line = await lines.byId(request.accountId)
  return line === undefined ? undefined : { request, line }
}

/** The code first: who does not read the line's messages must not be able to lock its password. */
async function approve(
  parts: ApprovalParts,
  { request, line }: Waiting,
  given: z.infer<typeof approvalBody>,
): Promise<Refusal | undefined> {
  const { provider, issuing, clients, lines, codes } = parts
  const code = await codes.prove(request.jti, given.sms_code.trim())
  if (code !== 'ok') return code === 'unknown' ? 'code_expired' : `code_${code}`
  const password = await lines.checkPassword(line.id, given.password)
  if (password !== 'ok') return `password_${password}`
  const client = await clients.find(issuing.carrier.id, request.clientId ?? '')
  if (client === undefined) return 'not_found'
  const scopes = (request.scope ?? '').split(' ')
  const amr = [AMR_CODE, AMR_PASSWORD]
  const { issuer } = issuing
  const grant = await grantScopes({ ...parts, issuer }, { client, line, scopes, amr })
  await provider.backchannelResult(request, grant, { amr })
  return undefined
}

function clientOf({ clientId }: BackchannelAuthenticationRequest) {
  return clientId === undefined ? {} : { clientId }
}

function stateOf(request: BackchannelAuthenticationRequest) {
  return request.grantId === undefined
    ? { state: 'pending', needs: ['sms_code', 'password'] }
    : { state: 'approved', needs: [] }
}

function refuse(code: Refusal): Response {
  const [status, message] = refusals[code]
  return Response.json({ status, code, message }, { status })
}
