import type { Factor } from '@jeon/billing'

/** What a proof of the owner allows; each for once. */
export type ProofPurpose = 'unblock' | 'raise' | 'password' | 'consent'

export interface Proof {
  readonly id: string
  readonly lineId: string
  readonly purpose: ProofPurpose
  readonly needs: readonly Factor[]
  readonly given: readonly Factor[]
  readonly complete: boolean
  readonly expiresAtMs: number
}

/** What the owner gives; each is checked that is there. */
export interface ProofGiven {
  readonly smsCode?: string
  readonly password?: string
  readonly identity?: { readonly name: string; readonly birthdate: string }
}

export type ProofRefusal =
  | 'proof_unknown'
  | 'proof_expired'
  | 'code_wrong'
  | 'code_used_up'
  | 'code_expired'
  | 'password_wrong'
  | 'password_locked'
  | 'password_unset'
  | 'identity_wrong'

export type ProofOutcome =
  | { readonly ok: true; readonly proof: Proof }
  | { readonly ok: false; readonly code: ProofRefusal }

export type ProofBegun =
  | { readonly ok: true; readonly proof: Proof }
  | { readonly ok: false; readonly code: 'too_many_codes'; readonly againAtMs: number }

export type ProofConsumed =
  | { readonly ok: true; readonly factors: readonly Factor[] }
  /** Unknown, of another line or purpose, incomplete, expired or used. */
  | { readonly ok: false; readonly code: 'proof_unknown' | 'proof_incomplete' | 'proof_expired' }
