import type { Factor } from '@jeon/billing'
import type { CareProof } from '@jeon/camara'
import type { Proof, ProofPurpose, ProofRefusal } from '../proofs/model.ts'
import { type Proofs, proofNeeds } from '../proofs/service.ts'
import { type Caller, type CareEndpoint, careEndpoint } from './endpoint.ts'
import { proofBegin, proofGiven } from './inputs.ts'
import type { CareProblemCode } from './problem-texts.ts'
import { type CareRefusal, refuse, refuseProof } from './problems.ts'
import { timeText } from './view.ts'

/** Refusals of an endpoint that takes a proof. */
export const proofErrors = [
  'proof_missing',
  'proof_not_found',
  'proof_incomplete',
] as const satisfies CareProblemCode[]

export function createProofEndpoints(proofs: Proofs): CareEndpoint[] {
  return [
    careEndpoint({
      method: 'POST',
      path: '/proofs',
      summary: 'Begin to prove who you are; sends the code by SMS where one is needed',
      body: proofBegin,
      reply: 'proof',
      status: 201,
      errors: ['codes_too_many'],
      async handle({ line, body }) {
        const begun = await proofs.begin(line, body.purpose)
        return begun.ok ? proofView(begun.proof) : refuse('codes_too_many')
      },
    }),
    careEndpoint({
      method: 'POST',
      path: '/proofs/{id}',
      summary: 'Give what the proof needs, all at once or piece by piece',
      body: proofGiven,
      reply: 'proof',
      errors: [
        'proof_not_found',
        'code_wrong',
        'code_expired',
        'password_wrong',
        'password_locked',
        'password_unset',
        'identity_wrong',
      ],
      async handle({ line, id, body }) {
        const { sms_code: smsCode, password, identity } = body
        const given = await proofs.give(line, id, {
          ...(smsCode === undefined ? {} : { smsCode }),
          ...(password === undefined ? {} : { password }),
          ...(identity === undefined ? {} : { identity }),
        })
        return given.ok ? proofView(given.proof) : refuse(refusals[given.code])
      },
    }),
  ]
}

/**
 * Uses a proof up for what is about to be done. Where the market asks for none, none is needed.
 *
 * @returns what it showed
 */
export async function spendProof(
  proofs: Proofs,
  { line, profile }: Caller,
  purpose: ProofPurpose,
  id: string | undefined,
): Promise<{ readonly factors: readonly Factor[] } | CareRefusal> {
  const needs = proofNeeds(profile, purpose)
  if (id === undefined) {
    return needs.length === 0 ? { factors: [] } : refuseProof('proof_missing', needs)
  }
  const consumed = await proofs.consume(line.id, id, purpose)
  if (consumed.ok) return { factors: consumed.factors }
  return consumed.code === 'proof_incomplete'
    ? refuseProof('proof_incomplete', needs)
    : refuse(refusals[consumed.code])
}

const refusals: Readonly<Record<ProofRefusal, CareProblemCode>> = {
  proof_unknown: 'proof_not_found',
  proof_expired: 'proof_not_found',
  code_wrong: 'code_wrong',
  code_used_up: 'code_expired',
  code_expired: 'code_expired',
  password_wrong: 'password_wrong',
  password_locked: 'password_locked',
  password_unset: 'password_unset',
  identity_wrong: 'identity_wrong',
}

function proofView({ id, purpose, needs, given, complete, expiresAtMs }: Proof): CareProof {
  return { id, purpose, needs, given, complete, expires_at: timeText(expiresAtMs) }
}
