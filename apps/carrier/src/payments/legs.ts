import { assetOfProfile, type MarketProfile, personLimits } from '@jeon/billing'
import type {
  AccountId,
  Capture,
  Command,
  Outcome,
  Refused,
  SpendingWindow,
  TransferFacts,
  Unknown,
  Void,
} from '@jeon/ledger'
import { formatAmount } from '@jeon/money'
import { otherLegOf, sequelOf, transferIdOf } from '../ids.ts'
import type { Carrier, DeclineReason, Line, Payment } from '../model.ts'
import { type Reasoned, timeText } from './rules.ts'

/**
 * How long the ledger keeps what a payment reserved, in seconds. Longer than any reservation, so that it is this
 * program that ends one, with its row and its event; the ledger's own expiry only sees to it that nothing is held for
 * ever. Part of what makes a retry the same command: never change it for payments that are under way.
 */
export const HOLD_TTL_S = 2 * 60 * 60

const FACT_MAX = 200

export interface LegAccounts {
  readonly merchant: AccountId
  /** Where the person's legs go. */
  readonly quota: AccountId
}

/** Whether purchases count across a person's lines, by the rules that the payment was made under. */
export function hasPersonLeg(
  carrier: Carrier,
  payment: Pick<Payment, 'profileVersion' | 'bucket'>,
): boolean {
  return personLimits(carrier.profileOf(payment.profileVersion), payment.bucket) !== null
}

/** The purchase in the ledger: one leg moves the money, the other counts it against the person. */
export function orderLegs(
  payment: Payment,
  line: Line,
  accounts: LegAccounts,
  withPerson: boolean,
): Command[] {
  const { bucket, amount } = payment
  const facts: TransferFacts = {
    category: payment.category,
    offer: factOf(payment.product),
    reference: factOf(payment.referenceCode),
  }
  const id = transferIdOf(payment.id)
  const leg = (legId: string, debit: AccountId, credit: AccountId): Command =>
    payment.steps === 1
      ? { type: 'pay', id: legId, debit, credit, amount, ...facts }
      : { type: 'hold', id: legId, debit, credit, amount, ttlS: HOLD_TTL_S, ...facts }
  const own = leg(id, line.accounts[bucket], accounts.merchant)
  if (!withPerson) return [own]
  return [own, leg(otherLegOf(id), line.person.accounts[bucket], accounts.quota)]
}

export function captureLegs(payment: Payment, shard: number, withPerson: boolean): Capture[] {
  return sequelLegs(payment, 'capture', withPerson).map((leg) => {
    return { type: 'capture', shard, ...leg }
  })
}

export function voidLegs(
  payment: Payment,
  shard: number,
  withPerson: boolean,
  why: 'void' | 'denial',
): Void[] {
  return sequelLegs(payment, why, withPerson).map((leg) => ({ type: 'void', shard, ...leg }))
}

function sequelLegs(payment: Payment, sequel: 'capture' | 'void' | 'denial', withPerson: boolean) {
  const hold = transferIdOf(payment.id)
  const id = sequelOf(payment.id, sequel)
  const own = { id, hold }
  return withPerson ? [own, { id: otherLegOf(id), hold: otherLegOf(hold) }] : [own]
}

/** What a linked group came to: the time of its first transfer, the refusal that counts, or that nobody knows. */
export type GroupOutcome =
  | { readonly ok: true; readonly atMs: number }
  | { readonly ok: false; readonly refused: Refused; readonly leg: number }
  | { readonly ok: false; readonly refused: Unknown; readonly leg: number }

export function groupOutcome(outcomes: readonly Outcome[]): GroupOutcome {
  const [first] = outcomes
  if (first?.ok === true) return { ok: true, atMs: first.transfer.atMs }
  for (const [leg, outcome] of outcomes.entries()) {
    if (outcome.ok || outcome.code === 'linked_failed') continue
    return outcome.code === 'unknown_outcome'
      ? { ok: false, refused: outcome, leg }
      : { ok: false, refused: outcome, leg }
  }
  throw new Error('a group that failed has a member that did')
}

/** Which rule a window that refused stands for; undefined: it was not for a window. */
export function limitReached(
  refused: Refused,
  leg: number,
  profile: MarketProfile,
): Reasoned | undefined {
  if (refused.code !== 'window_exceeded' || refused.window === undefined) return undefined
  const { window, amountLeft, resetsAtMs } = refused.window
  const asset = assetOfProfile(profile)
  const { earlyPaymentFrees: frees } = profile.limits
  const reason = leg === 0 ? limitReason(window) : 'person_limit'
  const detail = {
    currency: asset.code,
    zone: profile.zone,
    ...(reason === 'month_limit' && frees !== null ? { frees } : {}),
    ...(window.amountMax === undefined ? {} : { limit: formatAmount(window.amountMax, asset) }),
    ...(amountLeft === null ? {} : { left: formatAmount(amountLeft, asset) }),
    ...(resetsAtMs === null ? {} : { resets_at: timeText(resetsAtMs) }),
  }
  return { reason, detail }
}

function limitReason({ scope, per }: SpendingWindow): DeclineReason {
  switch (scope.of) {
    case 'all':
      return per === 'payment' ? 'transaction_limit' : per === 'day' ? 'day_limit' : 'month_limit'
    case 'category':
      return 'category_limit'
    case 'merchant':
      return 'merchant_limit'
    case 'offer':
      return 'product_limit'
  }
}

/** As the ledger takes it: short, and nothing in it that a database does not store. */
export function factOf(text: string): string {
  return text.replaceAll('\0', '').toWellFormed().slice(0, FACT_MAX).toWellFormed()
}
