import type { Provider } from 'oidc-provider'
import type { Client } from '../clients/model.ts'
import type { Links } from '../consents/link.ts'
import type { Line } from '../model.ts'
import { factorsShown } from './factors.ts'
import { isPurpose } from './scopes.ts'
import type { Issuer } from './tokens.ts'

/** What of the scopes that were asked for a client gets: those it is registered for, and purposes. */
export function allowedScopes(client: Client, asked: Iterable<string>): string[] {
  return [...asked].filter((scope) => client.scopes.includes(scope) || isPurpose(scope))
}

export interface GrantParts {
  readonly provider: Provider
  readonly issuer: Issuer
  readonly links: Pick<Links, 'begin'>
}

export interface Asked {
  readonly client: Client
  readonly line: Line
  readonly scopes: readonly string[]
  /** How the owner was recognised. */
  readonly amr: readonly string[]
}

/**
 * Grants a client what it asked for on a line. The carrier's contract with the client and the owner's consent to
 * payments decide about scopes; no page asks the owner for each. Access that lasts is a link between the line and the
 * client: it stands among the owner's consents, and ends when the owner revokes it there.
 */
export async function grantScopes({ provider, issuer, links }: GrantParts, asked: Asked) {
  const { client, line, scopes, amr } = asked
  const grant = new provider.Grant({ accountId: line.id, clientId: client.id })
  const own = scopes.filter((scope) => scope === 'openid' || scope === 'offline_access')
  if (own.length > 0) grant.addOIDCScope(own)
  const others = allowedScopes(client, scopes)
  if (others.length > 0) grant.addResourceScope(issuer.url, others)
  await grant.save()
  if (own.includes('offline_access')) {
    await links.begin(line, client, factorsShown(amr))
  }
  return grant
}
