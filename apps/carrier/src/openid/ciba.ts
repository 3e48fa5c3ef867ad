import type { Clock } from '@jeon/clock'
import {
  type CIBAEnabledConfiguration,
  errors,
  type KoaContextWithOIDC,
  type Provider,
} from 'oidc-provider'
import type { Clients } from '../clients/service.ts'
import type { Codes } from '../codes/service.ts'
import type { Links } from '../consents/link.ts'
import { grantScopes } from './grants.ts'
import { lineOfHint } from './hints.ts'
import { AMR_NETWORK, type IssuingCarrier, type LinePort } from './model.ts'

export interface CibaParts {
  readonly issuing: IssuingCarrier
  readonly clients: Clients
  readonly lines: LinePort
  readonly codes: Codes
  readonly links: Links
  readonly clock: Clock
  provider(): Provider
}

/**
 * Asking the owner on another channel (CIBA, poll). Where the network can vouch, or an operator token proves the SIM,
 * the request is approved at once: the sandbox's stand-in for the silent check on the phone. Otherwise a code goes out by
 * SMS and the request waits for it and the payment password (`approvals.ts`).
 */
export function cibaFeature(parts: CibaParts): CIBAEnabledConfiguration {
  const proved = new WeakMap<KoaContextWithOIDC, readonly string[]>()
  const { issuing, lines, clock } = parts
  return {
    enabled: true,
    deliveryModes: ['poll'],
    async processLoginHint(ctx, loginHint) {
      const hinted = await lineOfHint(issuing, lines, loginHint, clock.machineNow())
      if (hinted === undefined) return undefined
      proved.set(ctx, hinted.amr)
      return hinted.line.id
    },
    processLoginHintToken: () => undefined,
    validateRequestContext: (_ctx, context) => {
      if (context !== undefined) throw new errors.InvalidRequest('request_context is not supported')
    },
    validateBindingMessage: (_ctx, message) => {
      if (message !== undefined && !/^[\p{L}\p{N} ._-]{1,40}$/u.test(message)) {
        throw new errors.InvalidBindingMessage('at most 40 letters, digits, blanks, dots, dashes')
      }
    },
    verifyUserCode: (_ctx, _account, code) => {
      if (code !== undefined) throw new errors.InvalidUserCode('there are no user codes here')
    },
    async triggerAuthenticationDevice(ctx, request, account, asking) {
      const line = await lines.byId(account.accountId)
      const client = await parts.clients.find(issuing.carrier.id, asking.clientId)
      if (line === undefined || client === undefined) return
      const provedBySim = proved.get(ctx) ?? []
      if (provedBySim.length === 0 && !line.onNetwork) {
        await parts.codes.send(line, 'login', { holder: request.jti, clientId: client.id })
        return
      }
      const scopes = [...ctx.oidc.requestParamScopes]
      const amr = provedBySim.length === 0 ? [AMR_NETWORK] : [...provedBySim]
      const provider = parts.provider()
      const granting = { provider, issuer: issuing.issuer, links: parts.links }
      const grant = await grantScopes(granting, { client, line, scopes, amr })
      await provider.backchannelResult(request, grant, { amr })
    },
  }
}
