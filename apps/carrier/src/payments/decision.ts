import { bucketOf, type MarketProfile } from '@jeon/billing'
import { type Ledger, StoreError, type Transfer } from '@jeon/ledger'
import type { CarrierClock } from '../carrier-clock.ts'
import { dayAt } from '../days.ts'
import { createPaymentId, createToken, transferIdOf } from '../ids.ts'
import type { Readiness } from '../limits/readiness.ts'
import type { LineBook } from '../lines/service.ts'
import type { Line, Payment, PaymentOrder } from '../model.ts'
import type { Allowances } from '../proofs/allowance.ts'
import type { HouseAccounts } from './accounts.ts'
import { groupOutcome, hasPersonLeg, limitReached, orderLegs } from './legs.ts'
import type { KeptPayment } from './rows.ts'
import { type Need, needOf, type Reasoned, reasonAgainst, validationFor } from './rules.ts'

/** What was decided of a purchase. `unavailable`: certainly nothing; `unknown`: the ledger cannot say yet. */
export type Decision =
  | { readonly as: 'accepted'; readonly payment: KeptPayment; readonly atMs: number }
  | { readonly as: 'declined'; readonly why: Reasoned }
  | { readonly as: 'unavailable' }
  | { readonly as: 'unknown' }

export interface DeciderParts {
  readonly ledger: Ledger
  readonly lines: LineBook
  readonly readiness: Readiness
  readonly allowances: Allowances
  readonly accounts: HouseAccounts
  readonly time: CarrierClock
  readonly reservationMs: number
}

/** Decides purchases: first by the rules in memory, then by the windows in the ledger. */
export class Decider {
  readonly #parts: DeciderParts

  constructor(parts: DeciderParts) {
    this.#parts = parts
  }

  /** What the rules say before anything is written; with what is missing in one step. */
  reasonAgainst(
    profile: MarketProfile,
    line: Line,
    order: PaymentOrder,
    need = this.#need(profile, line, order),
  ): Reasoned | undefined {
    const reason = reasonAgainst(profile, line, order, this.#parts.time.now())
    if (reason !== undefined || order.steps === 2) return reason
    if (need.why !== undefined || !profile.identity.redirectRequired) return need.why
    return { reason: 'second_factor_missing', detail: {} }
  }

  #need(profile: MarketProfile, line: Line, order: PaymentOrder, paymentId?: string): Need {
    const { allowances, time } = this.#parts
    const left = allowances.left(order, paymentId)
    const unconfirmed = { left, resetsAtMs: allowances.resetsAt(order.carrier) }
    return needOf(profile, line, order, unconfirmed, time.now())
  }

  /** The payment of an order as it is before it is decided. */
  draft(
    profile: MarketProfile,
    line: Line,
    order: PaymentOrder,
    asynchronous: boolean,
  ): KeptPayment {
    const { time } = this.#parts
    const nowMs = time.now()
    const { missing } = this.#need(profile, line, order)
    const validation =
      order.steps === 1 ? 'none' : validationFor(profile, missing, order.validation)
    return {
      ...order,
      recurring: order.recurring === true,
      id: createPaymentId(time.machineNow()),
      status: 'processing',
      bucket: bucketOf(profile, order.category),
      profileVersion: profile.version,
      cycle: dayAt(nowMs, profile.zone).cycle,
      denialReason: null,
      validation,
      authorizationId: validation === 'none' ? null : createToken(),
      attempts: 0,
      expiresAtMs: null,
      refunded: 0n,
      cancelled: 0n,
      paidEarly: 0n,
      asynchronous,
      createdAtMs: nowMs,
      countedAtMs: null,
      paidAtMs: null,
    }
  }

  /** Moves or reserves the money of a payment whose row is there. Repeating it is safe. */
  async decide(payment: KeptPayment): Promise<Decision> {
    const { ledger, lines, readiness, allowances, accounts, time } = this.#parts
    const carrier = time.carrier(payment.carrier)
    const profile = carrier.profileOf(payment.profileVersion)
    const opening = [
      accounts.merchant(carrier.id, payment.clientId, payment.merchant.id),
      accounts.own(carrier.id, 'quota'),
    ] as const
    const merchant = typeof opening[0] === 'number' ? opening[0] : await opening[0]
    const quota = typeof opening[1] === 'number' ? opening[1] : await opening[1]
    let line = await lines.get(payment.lineId)
    for (;;) {
      const waiting = readiness.ready(line, payment.bucket, time.now())
      if (waiting === undefined) break
      await waiting
      line = await lines.get(payment.lineId)
    }
    // From here to the ledger nothing is waited for: what was changed before is seen.
    const need = this.#need(profile, line, payment, payment.id)
    const unproved = payment.authorizationId === null ? need.why : undefined
    const why = this.reasonAgainst(profile, line, payment, need) ?? unproved
    if (why !== undefined) return { as: 'declined', why }
    if (need.counts && payment.authorizationId === null) allowances.take(payment)
    const withPerson = hasPersonLeg(carrier, payment)
    const legs = orderLegs(payment, line, { merchant, quota }, withPerson)
    const outcome = groupOutcome(await ledger.submitLinked(legs))
    if (outcome.ok) {
      allowances.decided(payment.id, true)
      return this.accepted(payment, outcome.atMs)
    }
    if (outcome.refused.code === 'unknown_outcome') return { as: 'unknown' }
    allowances.decided(payment.id, false)
    const reached = limitReached(outcome.refused, outcome.leg, profile)
    if (reached !== undefined) return { as: 'declined', why: reached }
    const { code } = outcome.refused
    if (code === 'shard_unavailable' || code === 'overloaded') return { as: 'unavailable' }
    throw new Error(`the ledger refused a payment for ${code}`)
  }

  /** The payment as the ledger's first transfer makes it. */
  accepted(payment: KeptPayment, atMs: number): Decision & { as: 'accepted' } {
    const carrier = this.#parts.time.carrier(payment.carrier)
    const { zone } = carrier.profileOf(payment.profileVersion)
    const counted = { ...payment, countedAtMs: atMs, cycle: dayAt(atMs, zone).cycle }
    if (payment.steps === 1) {
      return { as: 'accepted', payment: { ...counted, status: 'succeeded', paidAtMs: atMs }, atMs }
    }
    const status = payment.validation === 'none' ? 'reserved' : 'pending_validation'
    const expiresAtMs = atMs + this.#parts.reservationMs
    return { as: 'accepted', payment: { ...counted, status, expiresAtMs }, atMs }
  }

  /** The payment's transfer, if the ledger has it; `unknown`: it cannot say yet. */
  async transferOf(
    payment: Payment,
    id = transferIdOf(payment.id),
  ): Promise<Transfer | 'none' | 'unknown'> {
    const { ledger, time } = this.#parts
    try {
      return (await ledger.find(id, time.carrier(payment.carrier).shard)) ?? 'none'
    } catch (error) {
      if (error instanceof StoreError) return 'unknown'
      throw error
    }
  }
}
