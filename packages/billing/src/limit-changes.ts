/** Changes of personal limits by the owner of a line: down at once, up with consent, factors and a pause. */
import type { Bucket, Factor, MarketProfile } from './model.ts'
import { type MinorCeiling, minorOf } from './money.ts'

/** A wish to change the personal limits of one bucket. */
export interface LimitChange {
  readonly bucket: Bucket
  readonly current: MinorCeiling
  readonly wanted: MinorCeiling
  /** What the rules allow, from `lineCeiling`. */
  readonly ceiling: MinorCeiling
  /** Changes of this bucket already made on this day. */
  readonly changesToday: number
  readonly inArrears: boolean
  /** The owner agreed to this very raise (Network Act art. 58(5)). */
  readonly consent: boolean
  /** With what the owner has just shown who is asking. */
  readonly factors: readonly Factor[]
  readonly nowMs: number
}

/** Which number of a ceiling. */
export type CeilingPart = keyof MinorCeiling

/** What {@link checkLimitChange} answers. Amounts in smallest units. */
export type LimitChangeOutcome =
  | { readonly ok: true; readonly raises: boolean; readonly effectiveAtMs: number }
  | {
      readonly ok: false
      readonly code: 'above_ceiling'
      readonly part: CeilingPart
      readonly max: bigint
    }
  | {
      readonly ok: false
      readonly code: 'not_a_step'
      readonly part: CeilingPart
      readonly step: bigint
    }
  | { readonly ok: false; readonly code: 'too_many_changes'; readonly perDay: number }
  | { readonly ok: false; readonly code: 'in_arrears' }
  | { readonly ok: false; readonly code: 'consent_missing' }
  | { readonly ok: false; readonly code: 'factors_missing'; readonly missing: readonly Factor[] }

/**
 * Whether the owner may change the limits so, and from when. Lowering takes effect at once, needs neither consent nor
 * factors and is never refused for having been done before: an owner who wants to spend less is not kept waiting. It
 * counts as the change of the day all the same, so that nothing is raised again on that day. Taking a number away means
 * no limit of one's own, which raises it; the ceiling holds all the same.
 */
export function checkLimitChange(profile: MarketProfile, change: LimitChange): LimitChangeOutcome {
  const { current, wanted, ceiling } = change
  const { step, changesPerDay, raise } = profile.limits
  const stepMinor = minorOf(profile, step)
  for (const part of PARTS) {
    const amount = wanted[part]
    const max = ceiling[part]
    if (amount === undefined) continue
    if (max !== undefined && amount > max) return { ok: false, code: 'above_ceiling', part, max }
    if (amount < 0n || amount % stepMinor !== 0n) {
      return { ok: false, code: 'not_a_step', part, step: stepMinor }
    }
  }
  const raises = PARTS.some((part) => isAbove(wanted[part], current[part]))
  if (!raises) return { ok: true, raises, effectiveAtMs: change.nowMs }
  if (change.changesToday >= changesPerDay) {
    return { ok: false, code: 'too_many_changes', perDay: changesPerDay }
  }
  if (change.inArrears && !raise.inArrears) return { ok: false, code: 'in_arrears' }
  if (raise.consent && !change.consent) return { ok: false, code: 'consent_missing' }
  const missing = raise.factors.filter((factor) => !change.factors.includes(factor))
  if (missing.length > 0) return { ok: false, code: 'factors_missing', missing }
  return { ok: true, raises, effectiveAtMs: change.nowMs + raise.coolingOffHours * HOUR_MS }
}

const HOUR_MS = 3_600_000
const PARTS: readonly CeilingPart[] = ['transaction', 'day', 'month']

function isAbove(wanted: bigint | undefined, current: bigint | undefined): boolean {
  if (current === undefined) return false
  return wanted === undefined || wanted > current
}
