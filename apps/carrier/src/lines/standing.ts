import { dateOf, eligibilityOf, type MarketProfile, type PurchaseCategory } from '@jeon/billing'
import { dayAt } from '../days.ts'
import type { Block, BlockKind, DeclineReason, Line } from '../model.ts'
import type { ServiceState, ServiceStateName } from './model.ts'

interface Judged {
  readonly version: string
  readonly date: string
  readonly reason: DeclineReason | undefined
}

/** A picture of a line is judged once a day: nothing that eligibility looks at changes in between. */
const judged = new WeakMap<Line, Judged>()

/** Why a line may not pay at all, or not for this category; undefined: it may. */
export function ineligibilityOf(
  profile: MarketProfile,
  line: Line,
  atMs: number,
  category?: PurchaseCategory,
): DeclineReason | undefined {
  const { date } = dayAt(atMs, profile.zone)
  const known = judged.get(line)
  const isKnown = known?.version === profile.version && known.date === date
  const reason = isKnown ? known.reason : judge(profile, line, date)
  if (!isKnown) judged.set(line, { version: profile.version, date, reason })
  if (reason !== undefined || category === undefined) return reason
  return profile.eligibility.categories.includes(category) ? undefined : 'category_not_allowed'
}

function judge(profile: MarketProfile, line: Line, today: string): DeclineReason | undefined {
  const eligibility = eligibilityOf(profile, {
    kind: line.kind,
    birthdate: line.person.birthdate,
    openedOn: line.openedOn,
    today,
    paused: line.paused,
    consent: hasConsent(line, 'payments'),
    guardianConsent: hasConsent(line, 'guardian'),
    inArrears: line.inArrears,
    stage: line.stage === 'active' ? null : line.stage,
    lastUsedOn: lastAllowedOn(line, profile.zone),
  })
  return eligibility.ok ? undefined : eligibility.reason
}

export function hasConsent(line: Line, kind: Line['consents'][number]['kind']): boolean {
  return line.consents.some((consent) => consent.kind === kind)
}

/** The last payment, or when the owner last allowed payments; the later of both counts for dormancy. */
function lastAllowedOn(line: Line, zone: string): string | null {
  const consent = line.consents.findLast(({ kind }) => kind === 'payments')
  const lastMs = Math.max(line.usedAtMs ?? 0, consent?.givenAtMs ?? 0)
  return lastMs === 0 ? null : dateOf(lastMs, zone)
}

/** Whether a block holds: one that was granted an unblock holds until that takes effect. */
export function holds(block: Block, atMs: number): boolean {
  return block.liftsAtMs === null || block.liftsAtMs > atMs
}

/** The block of a kind that holds now. */
export function blockOf(line: Line, kind: BlockKind, atMs: number): Block | undefined {
  return line.blocks.find((block) => block.kind === kind && holds(block, atMs))
}

/** Blocks that stop every payment, in the order in which they are told. */
const WHOLE_BLOCKS: readonly {
  readonly kind: BlockKind
  readonly reason: DeclineReason
  readonly state: ServiceStateName
}[] = [
  { kind: 'fraud', reason: 'fraud_hold', state: 'fraud_hold' },
  { kind: 'operator', reason: 'blocked_by_operator', state: 'operator_blocked' },
  { kind: 'permanent', reason: 'blocked_permanently', state: 'hard_blocked' },
  { kind: 'payer', reason: 'blocked_by_payer', state: 'user_blocked' },
  { kind: 'dormant', reason: 'dormant', state: 'dormant_blocked' },
]

/** The block that stops every payment on the line, with its reason. */
export function wholeBlockOf(
  line: Line,
  atMs: number,
):
  | { readonly block: Block; readonly reason: DeclineReason; readonly state: ServiceStateName }
  | undefined {
  if (line.blocks.length === 0) return undefined
  for (const { kind, reason, state } of WHOLE_BLOCKS) {
    const block = blockOf(line, kind, atMs)
    if (block !== undefined) return { block, reason, state }
  }
  return undefined
}

/** Whether payments on the line are possible, the limit apart. */
export function serviceStateOf(profile: MarketProfile, line: Line, atMs: number): ServiceState {
  const reason = ineligibilityOf(profile, line, atMs)
  if (reason !== undefined) return { state: STATES[reason] ?? 'not_eligible', reason }
  const blocked = wholeBlockOf(line, atMs)
  if (blocked !== undefined) return { state: blocked.state, reason: blocked.reason }
  return { state: 'enabled', reason: null }
}

/** Reasons that have a state of their own; every other one is `not_eligible`. */
const STATES: Readonly<Partial<Record<DeclineReason, ServiceStateName>>> = {
  line_terminated: 'terminated',
  line_suspended: 'suspended',
  in_arrears: 'arrears_blocked',
  no_consent: 'no_consent',
  dormant: 'dormant_blocked',
}
