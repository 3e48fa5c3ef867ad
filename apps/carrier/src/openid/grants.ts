import type { Factor } from '@jeon/billing'
import type { Provider } from 'oidc-provider'
import type { Client } from '../clients/model.ts'
import { isLink } from '../consents/link.ts'
import type { Consents } from '../consents/model.ts'
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
  readonly consents: Pick<Consents, 'give' | 'revoke'>
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
export async function grantScopes({ provider, issuer, consents }: GrantParts, asked: Asked) {
  const { client, line, scopes, amr } = asked
  const grant = new provider.Grant({ accountId: line.id, clientId: client.id })
  const own = scopes.filter((scope) => scope === 'openid' || scope === 'offline_access')
  if (own.length > 0) grant.addOIDCScope(own)
  const others = allowedScopes(client, scopes)
  if (others.length > 0) grant.addResourceScope(issuer.url, others)
  await grant.save()
  if (own.includes('offline_access')) {
    const wording = linkWording(client, line.language)
    const factors: readonly Factor[] = factorsShown(amr)
    await consents.give(line.id, { kind: 'platform', clientId: client.id, factors, wording })
  }
  return grant
}

/** Ends the link of a line with a client, if there is one. */
export async function endLink(
  consents: GrantParts['consents'],
  line: Line,
  clientId: string,
): Promise<void> {
  for (const link of line.consents.filter((each) => isLink(each, clientId))) {
    await consents.revoke(line.id, link.id)
  }
}

function linkWording({ name, contact }: Client, language: 'ko' | 'en'): string {
  return language === 'ko'
    ? `${name}(${contact})에 회선을 연결하고, 이 회선의 결제와 한도, 청구를 그곳에서 보고 바꾸는 데 동의합니다.`
    : `I link my line with ${name} (${contact}) and agree that its payments, limits and bills are seen and changed there.`
}
