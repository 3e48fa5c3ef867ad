import type { CareConsent } from '@jeon/camara'
import type { Client } from '../clients/model.ts'
import type { Clients } from '../clients/service.ts'
import { linkWording } from '../consents/link.ts'
import type { ConsentEntry, Consents } from '../consents/model.ts'
import type { Language } from '../language.ts'
import type { Outbox } from '../messages/model.ts'
import type { Consent } from '../model.ts'
import type { Proofs } from '../proofs/service.ts'
import { type Caller, type CareEndpoint, careEndpoint } from './endpoint.ts'
import { consentGive } from './inputs.ts'
import { notify } from './notices.ts'
import { isRefusal, refuse } from './problems.ts'
import { proofErrors, spendProof } from './proofs.ts'
import { timeText } from './view.ts'
import { consentWords } from './words.ts'

export interface ConsentRouteParts {
  readonly consents: Consents
  readonly proofs: Proofs
  readonly clients: Clients
  readonly outbox: Pick<Outbox, 'save'>
}

/** What the owner agreed to, and takes back. */
export function createConsentEndpoints(parts: ConsentRouteParts): CareEndpoint[] {
  const { consents, proofs, clients, outbox } = parts
  return [
    careEndpoint({
      method: 'GET',
      path: '/consents',
      summary: 'What you agreed to, newest first, also what you withdrew',
      reply: 'consents',
      async handle(call) {
        const entries = await consents.history(call.line.id)
        const views = entries.map((entry) => consentView(clients, call, entry))
        return { consents: await Promise.all(views) }
      },
    }),
    careEndpoint({
      method: 'POST',
      path: '/consents',
      summary: 'Agree to payments on this line',
      body: consentGive,
      reply: 'consent',
      status: 201,
      errors: proofErrors,
      async handle(call) {
        const { line, body, language } = call
        const known = line.consents.find(({ kind }) => kind === body.kind)
        if (known !== undefined) return consentView(clients, call, known)
        const proof = await spendProof(proofs, call, 'consent', body.proof)
        if (isRefusal(proof)) return proof
        const wording = consentWords.payments[language]
        const given = await consents.give(line.id, { kind: body.kind, wording, ...proof })
        await notify(outbox, call, { kind: 'consent', isGiven: true }, given.id)
        return consentView(clients, call, given)
      },
    }),
    careEndpoint({
      method: 'DELETE',
      path: '/consents/{id}',
      summary: 'Withdraw a consent, at once; without the one for payments nothing can be bought',
      reply: 'consent',
      errors: ['not_found'],
      async handle(call) {
        const { line, id } = call
        const revoked = await consents.revoke(line.id, id)
        if (revoked === undefined) return refuse('not_found', { what: 'consent' })
        await notify(outbox, call, { kind: 'consent', isGiven: false }, id)
        return consentView(clients, call, revoked)
      },
    }),
  ]
}

async function consentView(
  clients: Clients,
  { line, language }: Caller,
  consent: Consent | ConsentEntry,
): Promise<CareConsent> {
  const { id, kind, clientId, wording, givenAtMs } = consent
  const client = clientId === null ? undefined : await clients.find(line.carrier, clientId)
  const revokedAtMs = 'revokedAtMs' in consent ? consent.revokedAtMs : null
  return {
    id,
    kind,
    client: client?.name ?? clientId,
    wording,
    translation: translationOf(wording, client, language),
    given_at: timeText(givenAtMs),
    revoked_at: revokedAtMs === null ? null : timeText(revokedAtMs),
  }
}

/** What was agreed to stays as it was said; who reads another language is told it in that one as well. */
function translationOf(
  wording: string,
  client: Client | undefined,
  language: Language,
): string | null {
  const ours = Object.values(consentWords)
  const links =
    client === undefined ? [] : [{ ko: linkWording(client, 'ko'), en: linkWording(client, 'en') }]
  const said: readonly Readonly<Record<Language, string>>[] = [...ours, ...links]
  const known = said.find(({ ko, en }) => wording === ko || wording === en)
  return known === undefined || known[language] === wording ? null : known[language]
}
