import {
  addDays,
  assetOfProfile,
  type Factor,
  factorsFor,
  isExempt,
  isOnStep,
  type MarketProfile,
  startOfDayMs,
} from '@jeon/billing'
import { formatAmount } from '@jeon/money'
import { isLinked } from '../consents/link.ts'
import { dayAt } from '../days.ts'
import { blockOf, ineligibilityOf, wholeBlockOf } from '../lines/standing.ts'
import type { DeclineReason, Line, Payment, PaymentOrder } from '../model.ts'
import { isShown } from '../proofs/allowance.ts'

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
  const blocked = blockAgainst(profile, line, order, nowMs)
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
  { zone }: MarketProfile,
  line: Line,
  { category, recurring }: Pick<PaymentOrder, 'category' | 'recurring'>,
  nowMs: number,
): Reasoned | undefined {
  const whole = wholeBlockOf(line, nowMs)
  if (whole !== undefined) {
    const { reason, block } = whole
    const lifts = block.liftsAtMs === null ? {} : { lifts_at: timeText(block.liftsAtMs) }
    return { reason, detail: { zone, since: timeText(block.setAtMs), ...lifts } }
  }
  const vouchers = category === 'voucher' ? blockOf(line, 'voucher', nowMs) : undefined
  if (vouchers !== undefined) {
    return { reason: 'vouchers_blocked', detail: { zone, since: timeText(vouchers.setAtMs) } }
  }
  const auto = recurring === true ? blockOf(line, 'auto_pay', nowMs) : undefined
  if (auto === undefined) return undefined
  return { reason: 'auto_pay_blocked', detail: { zone, since: timeText(auto.setAtMs) } }
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

/** What the payer still has to show, and whether the purchase is one that is only so small that nobody is asked. */
export interface Need {
  readonly missing: readonly Factor[]
  /** It counts in the sum of purchases that nobody confirms. */
  readonly counts: boolean
  /** Why it cannot go through without it; undefined: nothing is missing. */
  readonly why: Reasoned | undefined
}

/** What may still be bought on the line without its owner being asked. */
export interface Unconfirmed {
  /** Smallest units; `null`: there is no such sum here. */
  readonly left: bigint | null
  readonly resetsAtMs: number
}

type Asked = Pick<PaymentOrder, 'category' | 'amount' | 'shown' | 'clientId'>

/**
 * What a purchase still needs. Who may charge without asking the owner: only a client that the owner has linked the line
 * to, and only where the market exempts small amounts, up to its sum. Whoever else names a phone number needs its owner to show
 * what linking asks for at least. For some days after a SIM or device was changed the password is asked for whatever the
 * amount.
 */
export function needOf(
  profile: MarketProfile,
  line: Line,
  order: Asked,
  unconfirmed: Unconfirmed,
  nowMs: number,
): Need {
  const { category, amount, clientId } = order
  const { date } = dayAt(nowMs, profile.zone)
  const isThere = isShown(order)
  const isKnown = isThere || isLinked(line, clientId)
  const isUsedUp = !isThere && unconfirmed.left !== null && amount > unconfirmed.left
  const isSmall = isExempt(profile, category, amount, date)
  const asked = factorsFor(profile, category, amount, date, isKnown && !isUsedUp)
  const needed = asked.length === 0 && !isKnown ? profile.identity.linking : asked
  const stepUpUntilMs = lastSwapMs(line) + profile.identity.swap.stepUpHours * HOUR_MS
  const stepUp: readonly Factor[] = nowMs < stepUpUntilMs ? ['password'] : []
  const missing = [...new Set([...needed, ...stepUp])].filter(
    (factor) => !order.shown.includes(factor),
  )
  if (missing.length === 0) return { missing, counts: isSmall && !isThere, why: undefined }
  const why =
    isSmall && isKnown && isUsedUp && stepUp.length === 0
      ? usedUp(profile, unconfirmed)
      : missingWhy(missing)
  return { missing, counts: false, why }
}

function missingWhy(missing: readonly Factor[]): Reasoned {
  return { reason: 'second_factor_missing', detail: { missing: missing.join(',') } }
}

function usedUp(profile: MarketProfile, { left, resetsAtMs }: Unconfirmed): Reasoned {
  const asset = assetOfProfile(profile)
  const { exemptPerDay: limit } = profile.identity.secondFactor
  return {
    reason: 'unconfirmed_limit',
    detail: {
      currency: profile.currency,
      zone: profile.zone,
      resets_at: timeText(resetsAtMs),
      ...(limit === null ? {} : { limit }),
      ...(left === null ? {} : { left: formatAmount(left, asset) }),
    },
  }
}

/**
 * What speaks against carrying out a reservation: as before it was made, and that nobody confirmed it and the owner has
 * ended the link through which it was allowed.
 */
export function reasonAgainstConfirmation(
  profile: MarketProfile,
  line: Line,
  payment: Payment,
  nowMs: number,
): Reasoned | undefined {
  const why = reasonAgainst(profile, line, payment, nowMs)
  if (why !== undefined || payment.authorizationId !== null) return why
  // Its part of the sum was taken when it was reserved.
  return needOf(profile, line, payment, { left: null, resetsAtMs: nowMs }, nowMs).why
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
