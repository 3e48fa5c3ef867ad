import type { Factor } from '@jeon/billing'
import type { Consent } from '../model.ts'

export interface NewConsent {
  readonly kind: Consent['kind']
  /** The platform that it is for; `null`: for the carrier. */
  readonly clientId?: string | null
  /** With what the owner showed who is asking. */
  readonly factors: readonly Factor[]
  /** The words that were agreed to. */
  readonly wording: string
}

export interface ConsentEntry extends Consent {
  readonly factors: readonly Factor[]
  readonly revokedAtMs: number | null
}

/** The ledger of consents: what was agreed to, when, in which words, and until when. */
export interface Consents {
  /** One of the same kind and client that holds already is answered as it is. */
  give(lineId: string, consent: NewConsent): Promise<Consent>
  /** From the next decision on. Undefined: there is no such consent, or it was revoked. */
  revoke(lineId: string, consentId: string): Promise<ConsentEntry | undefined>
  /** Newest first, also those that were revoked. */
  history(lineId: string): Promise<readonly ConsentEntry[]>
}
