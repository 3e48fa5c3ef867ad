import {
  addDays,
  type Factor,
  factorsFor,
  isOnStep,
  type MarketProfile,
  startOfDayMs,
} from '@jeon/billing'
import { dayAt } from '../days.ts'
import { blockOf, ineligibilityOf, wholeBlockOf } from '../lines/standing.ts'
import type { DeclineReason, Line, PaymentOrder } from '../model.ts'

export interface Reasoned {
  readonly reason: DeclineReason
  /** What replaces `{name}` in the texts. */
  readonly detail: Readonly<Record<string, string>>
}

const HOUR_MS = 3_600_000

/**
 * What speaks against a purchase before the ledger is asked, in the order in which it is told: the line and its owner,
 * blocks, a SIM or device that was changed just now, the step of amounts. Undefined: nothing.
 */
export function reasonAgainst(
  profile: MarketProfile,
  line: Line,
  order: Pick<PaymentOrder, 'category' | 'amount' | 'recurring'>,
  nowMs: number,
): Reasoned | undefined {
  const { category, amount } = order
  const ineligible = ineligibilityOf(profile, line, nowMs, category)
  if (ineligible !== undefined) {
    return { reason: ineligible, detail: detailOf(ineligible, profile, line) }
  }
  const blocked = blockAgainst(line, order, nowMs)
  if (blocked !== undefined) return blocked
  const swapped = swapAgainst(profile, line, nowMs)
  if (swapped !== undefined) return swapped
  if (!isOnStep(profile, amount)) {
    const detail = { step: profile.amountStep, currency: profile.currency }
    return { reason: 'amount_not_a_step', detail }
  }
  return undefined
}

function blockAgainst(
  line: Line,
  { category, recurring }: Pick<PaymentOrder, 'category' | 'recurring'>,
  nowMs: number,
): Reasoned | undefined {
  const whole = wholeBlockOf(line, nowMs)
  if (whole !== undefined) {
    const { reason, block } = whole
    const lifts = block.liftsAtMs === null ? {} : { lifts_at: timeText(block.liftsAtMs) }
    return { reason, detail: { since: timeText(block.setAtMs), ...lifts } }
  }
  const vouchers = category === 'voucher' ? blockOf(line, 'voucher', nowMs) : undefined
  if (vouchers !== undefined) {
    return { reason: 'vouchers_blocked', detail: { since: timeText(vouchers.setAtMs) } }
  }
  const auto = recurring === true ? blockOf(line, 'auto_pay', nowMs) : undefined
  if (auto === undefined) return undefined
  return { reason: 'auto_pay_blocked', detail: { since: timeText(auto.setAtMs) } }
}

/** A SIM or device that was changed within the market's hours refuses: whoever holds the phone may not be its owner. */
function swapAgainst(profile: MarketProfile, line: Line, nowMs: number): Reasoned | undefined {
  const changedMs = lastSwapMs(line)
  const untilMs = changedMs + profile.identity.swap.refuseHours * HOUR_MS
  if (nowMs >= untilMs) return undefined
  const detail = { since: timeText(changedMs), until: timeText(untilMs), zone: profile.zone }
  return { reason: 'sim_changed', detail }
}

function lastSwapMs(line: Line): number {
  return Math.max(line.simChangedAtMs, line.deviceChangedAtMs)
}

/**
 * Factors that the payer still has to show. For some days after a SIM or device was changed the password is asked for
 * whatever the amount.
 */
export function missingFactors(
  profile: MarketProfile,
  line: Line,
  order: Pick<PaymentOrder, 'category' | 'amount' | 'shown'>,
  nowMs: number,
): readonly Factor[] {
  const { date } = dayAt(nowMs, profile.zone)
  const needed = factorsFor(profile, order.category, order.amount, date)
  const stepUpUntilMs = lastSwapMs(line) + profile.identity.swap.stepUpHours * HOUR_MS
  const stepUp: readonly Factor[] = nowMs < stepUpUntilMs ? ['password'] : []
  const all = new Set([...needed, ...stepUp])
  return [...all].filter((factor) => !order.shown.includes(factor))
}

const STRICTNESS = { none: 0, code: 1, url: 2 } as const

/** How the payer confirms: by what is missing, or by what the client wants when that is stricter. */
export function validationFor(
  profile: MarketProfile,
  missing: readonly Factor[],
  wanted: PaymentOrder['validation'],
): PaymentOrder['validation'] {
  const isCodeEnough = missing.every((factor) => factor === 'sms_code')
  const byMissing = missing.length === 0 ? 'none' : isCodeEnough ? 'code' : 'url'
  const needed = profile.identity.redirectRequired ? 'url' : byMissing
  return STRICTNESS[needed] >= STRICTNESS[wanted] ? needed : wanted
}

/** What replaces `{name}` in the text of a reason why a line is not eligible. */
export function detailOf(
  reason: DeclineReason,
  profile: MarketProfile,
  line: Line,
): Readonly<Record<string, string>> {
  if (reason === 'joined_recently') {
    const from = addDays(line.openedOn, profile.eligibility.joinedDaysMin)
    const fromMs = startOfDayMs(from, profile.zone)
    return {
      days: String(profile.eligibility.joinedDaysMin),
      until: timeText(fromMs),
      zone: profile.zone,
    }
  }
  if (reason === 'too_young') return { age: String(profile.eligibility.minimumAge) }
  if (reason === 'guardian_consent_missing') return { age: String(profile.eligibility.adultAge) }
  if (reason === 'dormant') return { months: String(profile.eligibility.dormantMonths ?? '') }
  return {}
}

export function timeText(ms: number): string {
  return new Date(ms).toISOString()
}
