import type { CareLifted, CareLine } from '@jeon/camara'
import type { LiftOutcome } from '../blocks/model.ts'
import type { Outbox } from '../messages/model.ts'
import type { Carrier } from '../model.ts'
import type { Proofs } from '../proofs/service.ts'
import { type Caller, type CareEndpoint, careEndpoint } from './endpoint.ts'
import { blockSet, lift, passwordChange } from './inputs.ts'
import { type LineViewParts, lineView } from './line.ts'
import { notify } from './notices.ts'
import { type CareRefusal, isRefusal, refuse, refuseProof } from './problems.ts'
import { proofErrors, spendProof } from './proofs.ts'
import { filledText, timeText } from './view.ts'
import { heldWords } from './words.ts'

export interface BlockRouteParts extends LineViewParts {
  readonly outbox: Pick<Outbox, 'save'>
  readonly proofs: Proofs
}

/** The line itself, and what its owner switches off and on. */
export function createLineEndpoints(parts: BlockRouteParts): CareEndpoint[] {
  const { core, proofs, outbox } = parts
  return [
    careEndpoint({
      method: 'GET',
      path: '/line',
      summary: 'The line, and whether payments on it work',
      reply: 'line',
      handle: (call) => lineView(parts, call),
    }),
    careEndpoint({
      method: 'POST',
      path: '/blocks',
      summary: 'Block payments, at once; needs no proof',
      body: blockSet,
      reply: 'line',
      async handle(call) {
        const block = await core.blocks.set(call.line.id, call.body.kind, 'owner')
        const notice = { kind: 'blocked', block: block.kind } as const
        await notify(outbox, call, notice, block.id)
        return lineView(parts, call)
      },
    }),
    careEndpoint({
      method: 'POST',
      path: '/blocks/{id}/lift',
      summary: 'Unblock: one proof lifts every block that is yours to lift, after the cooling-off',
      body: lift,
      reply: 'lifted',
      errors: [
        ...proofErrors,
        'not_found',
        'block_not_liftable',
        'unblocks_too_many',
        'unblock_pending',
      ],
      async handle(call): Promise<CareLifted | CareRefusal> {
        const { line, carrier, profile } = call
        const block = line.blocks.find(({ id }) => id === call.id)
        if (block === undefined) return refuse('not_found', { what: 'block' })
        if (block.liftsAtMs !== null) return refuse('unblock_pending')
        // Who cannot lift it is told so before a proof is used up for nothing.
        if (!core.blocks.isLiftable(block)) {
          return refuse('block_not_liftable', { contact: carrier.contact })
        }
        const proof = await spendProof(proofs, call, 'unblock', call.body.proof)
        if (isRefusal(proof)) return proof
        const outcome = await core.blocks.lift(line.id, block.id, proof)
        if (!outcome.ok) return refusalOf(outcome, carrier, profile.blocks.unblock.perDay)
        const notice = { kind: 'unblock_granted', unblock: outcome } as const
        await notify(outbox, call, notice, `${block.id} ${call.nowMs}`)
        return liftedView(outcome, call, await lineView(parts, call))
      },
    }),
    careEndpoint({
      method: 'PUT',
      path: '/password',
      summary: 'Set the payment password: six digits; also unlocks it',
      body: passwordChange,
      reply: 'line',
      errors: proofErrors,
      async handle(call) {
        const proof = await spendProof(proofs, call, 'password', call.body.proof)
        if (isRefusal(proof)) return proof
        await core.lines.setPassword(call.line.id, call.body.password)
        await notify(outbox, call, { kind: 'password_changed' }, call.body.proof)
        return lineView(parts, call)
      },
    }),
  ]
}

function liftedView(
  { lifted, remaining, liftsAtMs }: Extract<LiftOutcome, { ok: true }>,
  { carrier, language }: Caller,
  line: CareLine,
): CareLifted {
  const why = filledText(heldWords[language], { contact: carrier.contact })
  return {
    lifts_at: timeText(liftsAtMs),
    lifted: lifted.map((each) => {
      return { id: each.id, kind: each.kind, lifts_at: timeText(each.liftsAtMs) }
    }),
    remaining: remaining.map(({ id, kind }) => ({ id, kind, why })),
    line,
  }
}

function refusalOf(
  outcome: Extract<LiftOutcome, { ok: false }>,
  carrier: Carrier,
  perDay: number,
): CareRefusal {
  switch (outcome.code) {
    case 'not_found':
      return refuse('not_found', { what: 'block' })
    case 'not_liftable':
      return refuse('block_not_liftable', { contact: carrier.contact })
    case 'too_many_today':
      return refuse('unblocks_too_many', { most: String(perDay) })
    case 'factors_missing':
      return refuseProof('proof_incomplete', outcome.missing)
    case 'already_granted':
      return refuse('unblock_pending')
  }
}
