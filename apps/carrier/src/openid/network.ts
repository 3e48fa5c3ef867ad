import type { Clock } from '@jeon/clock'
import type { interactionPolicy, KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Clients } from '../clients/service.ts'
import type { Links } from '../consents/link.ts'
import { grantScopes } from './grants.ts'
import { lineOfHint } from './hints.ts'
import { openid } from './library.ts'
import { AMR_NETWORK, type IssuingCarrier, type LinePort } from './model.ts'

export interface NetworkParts {
  readonly issuing: IssuingCarrier
  readonly clients: Clients
  readonly lines: LinePort
  readonly links: Links
  readonly clock: Clock
  /** The provider that the policy belongs to, which is made with it. */
  provider(): Provider
}

/**
 * Who is asking, decided anew at every authorization request; no session is trusted, since a browser outlives the SIM
 * that was in its phone. The sandbox's network vouches for the line that `login_hint` names when that line's device is
 * on mobile data; a real carrier would read it from the connection. Otherwise the owner has to prove it on a page.
 */
export function networkPolicy(parts: NetworkParts): interactionPolicy.Prompt[] {
  const { Prompt, Check } = openid.interactionPolicy
  const vouched = new Check(
    'network',
    'the network cannot vouch for the device',
    'login_required',
    async (ctx) => !(isProved(ctx) || (await vouch(parts, ctx))),
  )
  return [
    new Prompt({ name: 'login', requestable: true }, vouched),
    new Prompt({ name: 'consent', requestable: true }),
  ]
}

/** The owner has just come from the page of this very request. */
function isProved({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.result?.login !== undefined && oidc.session?.accountId !== undefined
}

async function vouch(parts: NetworkParts, ctx: KoaContextWithOIDC): Promise<boolean> {
  const { issuing, clients, lines, clock } = parts
  const { session, client: asking, params } = ctx.oidc
  if (session === undefined || asking === undefined) return false
  const hint = params?.login_hint
  const hinted = await lineOfHint(
    issuing,
    lines,
    typeof hint === 'string' ? hint : undefined,
    clock.machineNow(),
  )
  const client = await clients.find(issuing.carrier.id, asking.clientId)
  if (hinted === undefined || client === undefined) return false
  const { line } = hinted
  if (hinted.amr.length === 0 && !line.onNetwork) return false
  const amr = hinted.amr.length === 0 ? [AMR_NETWORK] : [...hinted.amr]
  session.loginAccount({ accountId: line.id, amr, transient: true })
  const scopes = [...ctx.oidc.requestParamScopes]
  const { issuer } = issuing
  const granting = { provider: parts.provider(), issuer, links: parts.links }
  const grant = await grantScopes(granting, { client, line, scopes, amr })
  session.ensureClientContainer(client.id)
  session.grantIdFor(client.id, grant.jti)
  ctx.oidc.entity('Account', { accountId: line.id, claims: () => ({ sub: line.id }) })
  ctx.oidc.entity('Grant', grant)
  return true
}
