import { assetOfProfile, type MarketProfile, type MinorCeiling } from '@jeon/billing'
import type { CareCeiling, CareLimits, CareLimitsChanged } from '@jeon/camara'
import { parseAmount } from '@jeon/money'
import type { z } from 'zod'
import type { Limits, LimitsChanged, LimitsView, LimitWish } from '../limits/model.ts'
import type { Outbox } from '../messages/model.ts'
import type { Proofs } from '../proofs/service.ts'
import { type Caller, type CareEndpoint, careEndpoint } from './endpoint.ts'
import { limitsChange } from './inputs.ts'
import { notify } from './notices.ts'
import { faultWords } from './problem-texts.ts'
import { type CareRefusal, isRefusal, refuse, refuseProof } from './problems.ts'
import { proofErrors, spendProof } from './proofs.ts'
import { amountText, moneyText, timeText } from './view.ts'
import { consentWords } from './words.ts'

export interface LimitRouteParts {
  readonly limits: Limits
  readonly proofs: Proofs
  readonly outbox: Pick<Outbox, 'save'>
}

/** The owner's own limits. */
export function createLimitEndpoints({ limits, proofs, outbox }: LimitRouteParts): CareEndpoint[] {
  return [
    careEndpoint({
      method: 'GET',
      path: '/limits',
      summary: 'Your limits, and how high they may be',
      reply: 'limits',
      handle: async ({ line, profile }) => limitsView(profile, await limits.view(line)),
    }),
    careEndpoint({
      method: 'PUT',
      path: '/limits',
      summary: 'Change your limits: down at once, up with consent and a proof',
      body: limitsChange,
      reply: 'limitsChanged',
      errors: [
        ...proofErrors,
        'above_ceiling',
        'not_a_step',
        'changes_too_many',
        'in_arrears',
        'consent_missing',
      ],
      async handle(call) {
        const wish = wishOf(call, call.body)
        if (isRefusal(wish)) return wish
        const { line, profile } = call
        let changed = await limits.change(line.id, wish)
        // Only a raise asks for factors: whoever lowers keeps the proof.
        if (!changed.ok && changed.code === 'factors_missing' && call.body.proof !== undefined) {
          const proof = await spendProof(proofs, call, 'raise', call.body.proof)
          if (isRefusal(proof)) return proof
          changed = await limits.change(line.id, { ...wish, factors: proof.factors })
        }
        if (!changed.ok) return refusalOf(call, changed)
        const { effectiveAtMs: atMs } = changed
        const notice = { kind: 'limit_changed', chosen: wish.wanted, atMs } as const
        await notify(outbox, call, notice, `${line.id} ${atMs}`)
        return changedView(profile, changed)
      },
    }),
  ]
}

function wishOf(
  { profile, language }: Caller,
  body: z.output<typeof limitsChange>,
): LimitWish | CareRefusal {
  const wanted: Record<string, bigint | null> = {}
  for (const part of ['transaction', 'day', 'month'] as const) {
    const text = body[part]
    if (text === undefined) continue
    const parsed = text === null ? undefined : parseAmount(text, assetOfProfile(profile))
    if (parsed?.ok === false) {
      return refuse('field_invalid', { field: part, reason: faultWords.finer[language] })
    }
    wanted[part] = parsed?.amount ?? null
  }
  const consent = body.consent === true ? consentWords.limit_raise[language] : null
  return { bucket: body.bucket, wanted, consent, factors: [] }
}

function changedView(
  profile: MarketProfile,
  { raises, effectiveAtMs, limits }: Extract<LimitsChanged, { ok: true }>,
): CareLimitsChanged {
  return { effective_at: timeText(effectiveAtMs), raises, limits: limitsView(profile, limits) }
}

function limitsView(profile: MarketProfile, view: LimitsView): CareLimits {
  return {
    currency: profile.currency,
    step: profile.limits.step,
    buckets: view.buckets.map(({ bucket, personal, ceiling, pending }) => ({
      bucket,
      personal: ceilingView(profile, personal),
      ceiling: ceilingView(profile, ceiling),
      pending:
        pending === null
          ? null
          : {
              after: ceilingView(profile, pending.after),
              effective_at: timeText(pending.effectiveAtMs),
            },
    })),
    changes_left_today: view.changesLeftToday,
  }
}

function ceilingView(profile: MarketProfile, ceiling: MinorCeiling): CareCeiling {
  const text = (amount: bigint | undefined) =>
    amount === undefined ? null : amountText(profile, amount)
  const { transaction, day, month } = ceiling
  return { transaction: text(transaction), day: text(day), month: text(month) }
}

function refusalOf(
  { profile, language }: Caller,
  refusal: Extract<LimitsChanged, { ok: false }>,
): CareRefusal {
  switch (refusal.code) {
    case 'above_ceiling':
      return refuse('above_ceiling', { most: moneyText(profile, refusal.max, language) })
    case 'not_a_step':
      return refuse('not_a_step', { step: moneyText(profile, refusal.step, language) })
    case 'too_many_changes':
      return refuse('changes_too_many', { most: String(refusal.perDay) })
    case 'in_arrears':
      return refuse('in_arrears')
    case 'consent_missing':
      return refuse('consent_missing')
    case 'factors_missing':
      return refuseProof('proof_missing', refusal.missing)
    case 'no_such_bucket':
      return refuse('field_invalid', {
        field: 'bucket',
        reason: faultWords.no_such_bucket[language],
      })
  }
}
