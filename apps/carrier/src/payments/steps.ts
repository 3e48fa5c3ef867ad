import type { Ledger } from '@jeon/ledger'
import type { CarrierClock } from '../carrier-clock.ts'
import { sequelOf } from '../ids.ts'
import type { LineBook } from '../lines/service.ts'
import type { Log } from '../log.ts'
import type { DeclineReason, PaymentStatus } from '../model.ts'
import type { Turns } from '../turns.ts'
import type { Decider } from './decision.ts'
import { captureLegs, groupOutcome, hasPersonLeg, voidLegs } from './legs.ts'
import type { StepOutcome, StepRefusal, ValidationAnswer } from './model.ts'
import type { KeptPayment } from './rows.ts'
import { type Reasoned, reasonAgainstConfirmation } from './rules.ts'
import type { PaymentStore } from './store.ts'
import type { PaymentTelling } from './telling.ts'

export interface PaymentStepsParts {
  readonly ledger: Ledger
  readonly lines: LineBook
  readonly time: CarrierClock
  readonly log: Log
  readonly decider: Decider
  readonly store: PaymentStore
  readonly telling: PaymentTelling
  readonly turns: Turns
  /** What became of this payment is not known: look later. */
  doubt(paymentId: string): void
}

/** What happens to a payment after its order, one step at a time. */
export class PaymentSteps {
  readonly #parts: PaymentStepsParts

  constructor(parts: PaymentStepsParts) {
    this.#parts = parts
  }

  /** See `Payments.complete`. */
  complete(paymentId: string): Promise<StepOutcome> {
    return this.#step(paymentId, async (payment) => {
      const { decider, telling } = this.#parts
      if (payment.status !== 'processing') return { ok: true, payment }
      const decision = await decider.decide(payment)
      switch (decision.as) {
        case 'accepted':
          return { ok: true, payment: await telling.became(decision.payment) }
        case 'declined':
          return { ok: true, payment: await this.#denied(payment, decision.why) }
        case 'unavailable':
          return { ok: false, code: 'unavailable' }
        case 'unknown':
          this.#parts.doubt(paymentId)
          return { ok: false, code: 'unknown_outcome' }
      }
    })
  }

  /** See `Payments.validate`. */
  validate(paymentId: string, answer: ValidationAnswer): Promise<StepOutcome> {
    return this.#pending(paymentId, async (payment) => {
      const isOurs = answer.authorizationId === payment.authorizationId
      if (!isOurs || payment.validation !== 'code') {
        return { ok: false, code: 'wrong_authorization', payment }
      }
      if (answer.accepted) return this.#reserve(payment)
      const { time, telling } = this.#parts
      const profile = time.carrier(payment.carrier).profileOf(payment.profileVersion)
      const attempts = payment.attempts + 1
      const attemptsLeft = profile.identity.code.attempts - attempts
      if (attemptsLeft <= 0) return this.#failValidation({ ...payment, attempts })
      const kept = await telling.became({ ...payment, attempts })
      return { ok: false, code: 'not_accepted', payment: kept, attemptsLeft }
    })
  }

  /** See `Payments.validateByUrl`. */
  validateByUrl(paymentId: string, accepted: boolean): Promise<StepOutcome> {
    return this.#pending(paymentId, async (payment) => {
      if (payment.validation !== 'url') return { ok: false, code: 'wrong_authorization', payment }
      return accepted ? this.#reserve(payment) : this.#failValidation(payment, 'refused_by_payer')
    })
  }

  /** See `Payments.confirm`. */
  confirm(paymentId: string): Promise<StepOutcome> {
    return this.#step(paymentId, async (payment) => {
      if (payment.status !== 'reserved') return { ok: false, code: 'wrong_status', payment }
      const { lines, time } = this.#parts
      if (this.#isExpired(payment)) return this.#expired(payment)
      const line = await lines.get(payment.lineId)
      const profile = time.profile(payment.carrier)
      const why = reasonAgainstConfirmation(profile, line, payment, time.now())
      return why === undefined ? this.#capture(payment) : this.#refuse(payment, why)
    })
  }

  /** See `Payments.cancel`. */
  cancel(paymentId: string): Promise<StepOutcome> {
    return this.#step(paymentId, (payment) => {
      const isOpen = payment.status === 'reserved' || payment.status === 'pending_validation'
      if (!isOpen) return Promise.resolve({ ok: false, code: 'wrong_status', payment })
      return this.#release(payment, 'cancelled', null)
    })
  }

  /** See `Payments.deny`. */
  deny(paymentId: string, why: Reasoned): Promise<StepOutcome> {
    return this.#step(paymentId, async (payment) => {
      switch (payment.status) {
        case 'pending_validation':
        case 'reserved': {
          const outcome = await this.#refuse(payment, why)
          return outcome.ok || outcome.code !== 'declined'
            ? outcome
            : { ok: true, payment: outcome.payment }
        }
        case 'processing': {
          const transfer = await this.#parts.decider.transferOf(payment)
          if (transfer === 'unknown') return { ok: false, code: 'unknown_outcome' }
          if (transfer !== 'none') return { ok: false, code: 'wrong_status', payment }
          return { ok: true, payment: await this.#denied(payment, why) }
        }
        default:
          return { ok: false, code: 'wrong_status', payment }
      }
    })
  }

  /** Cancels a payment whose time is over; `wrong_status` when it is not. */
  expire(paymentId: string): Promise<StepOutcome> {
    return this.#step(paymentId, async (payment) =>
      this.#isExpired(payment)
        ? this.#expired(payment)
        : { ok: false, code: 'wrong_status', payment },
    )
  }

  /** One step of a payment at a time; a database that is away makes `unavailable`, and the step can be repeated. */
  #step(
    paymentId: string,
    step: (payment: KeptPayment) => Promise<StepOutcome>,
  ): Promise<StepOutcome> {
    const { turns, store, log } = this.#parts
    return turns.take(paymentId, async () => {
      const payment = await store.find(paymentId)
      if (payment === undefined) return { ok: false, code: 'not_found' }
      try {
        return await step(payment)
      } catch (error) {
        log.failure('payment.step_failed', error, { payment: paymentId })
        this.#parts.doubt(paymentId)
        return { ok: false, code: 'unknown_outcome' }
      }
    })
  }

  #pending(
    paymentId: string,
    step: (payment: KeptPayment) => Promise<StepOutcome>,
  ): Promise<StepOutcome> {
    return this.#step(paymentId, async (payment) => {
      if (payment.status !== 'pending_validation') {
        return { ok: false, code: 'wrong_status', payment }
      }
      return this.#isExpired(payment) ? this.#expired(payment) : step(payment)
    })
  }

  #isExpired({ status, expiresAtMs }: KeptPayment): boolean {
    const isOpen = status === 'reserved' || status === 'pending_validation'
    return isOpen && expiresAtMs !== null && expiresAtMs <= this.#parts.time.now()
  }

  async #expired(payment: KeptPayment): Promise<StepOutcome> {
    const reason = payment.status === 'reserved' ? 'reservation_expired' : 'validation_expired'
    const outcome = await this.#release(payment, 'cancelled', reason)
    return outcome.ok ? { ok: false, code: 'expired', payment: outcome.payment } : outcome
  }

  async #reserve(payment: KeptPayment): Promise<StepOutcome> {
    const reserved = await this.#parts.telling.became({ ...payment, status: 'reserved' })
    return { ok: true, payment: reserved }
  }

  async #failValidation(
    payment: KeptPayment,
    reason: Extract<DeclineReason, 'validation_failed' | 'refused_by_payer'> = 'validation_failed',
  ): Promise<StepOutcome> {
    const outcome = await this.#refuse(payment, { reason, detail: {} })
    return !outcome.ok && outcome.code === 'declined'
      ? { ok: false, code: 'validation_failed', payment: outcome.payment }
      : outcome
  }

  async #capture(payment: KeptPayment): Promise<StepOutcome> {
    const { ledger, time, telling } = this.#parts
    const carrier = time.carrier(payment.carrier)
    const legs = captureLegs(payment, carrier.shard, hasPersonLeg(carrier, payment))
    const outcome = groupOutcome(await ledger.submitLinked(legs))
    if (outcome.ok) {
      const { atMs } = outcome
      const paid = await telling.became({ ...payment, status: 'succeeded', paidAtMs: atMs })
      return { ok: true, payment: paid }
    }
    switch (outcome.refused.code) {
      case 'unknown_outcome':
        this.#parts.doubt(payment.id)
        return { ok: false, code: 'unknown_outcome' }
      case 'hold_resolved':
      case 'hold_not_found':
        // The ledger's own expiry, an hour after ours was due, or an end whose row was lost.
        return this.#expired(payment)
      default:
        return { ok: false, code: 'unavailable' }
    }
  }

  async #refuse(payment: KeptPayment, why: Reasoned): Promise<StepOutcome> {
    const outcome = await this.#release(payment, 'denied', why.reason, why)
    if (!outcome.ok) return outcome
    return { ok: false, code: 'declined', payment: outcome.payment, ...why }
  }

  /** Frees what was reserved, then says so. A payment that turns out to be captured is succeeded instead. */
  async #release(
    payment: KeptPayment,
    status: Extract<PaymentStatus, 'cancelled' | 'denied'>,
    reason: DeclineReason | null,
    why?: Reasoned,
  ): Promise<StepOutcome> {
    const { ledger, time, telling } = this.#parts
    const carrier = time.carrier(payment.carrier)
    const how = status === 'denied' ? 'denial' : 'void'
    const legs = voidLegs(payment, carrier.shard, hasPersonLeg(carrier, payment), how)
    const outcome = groupOutcome(await ledger.submitLinked(legs))
    if (!outcome.ok) {
      const { code } = outcome.refused
      if (code === 'unknown_outcome') {
        this.#parts.doubt(payment.id)
        return { ok: false, code }
      }
      if (code !== 'hold_resolved' && code !== 'hold_not_found') {
        return { ok: false, code: 'unavailable' }
      }
      const captured = await this.#captured(payment)
      if (captured !== undefined) return captured
    }
    const attempt = why === undefined ? undefined : telling.attemptOf(payment, why)
    const ended = await telling.became({ ...payment, status, denialReason: reason }, attempt)
    return { ok: true, payment: ended }
  }

  /** A confirmation that reached the ledger and lost its answer. */
  async #captured(payment: KeptPayment): Promise<StepRefusal | undefined> {
    const { decider, telling } = this.#parts
    const capture = await decider.transferOf(payment, sequelOf(payment.id, 'capture'))
    if (capture === 'none') return undefined
    if (capture === 'unknown') return { ok: false, code: 'unknown_outcome' }
    const { atMs } = capture
    const paid = await telling.became({ ...payment, status: 'succeeded', paidAtMs: atMs })
    return { ok: false, code: 'wrong_status', payment: paid }
  }

  #denied(payment: KeptPayment, why: Reasoned): Promise<KeptPayment> {
    const { telling } = this.#parts
    const denied: KeptPayment = { ...payment, status: 'denied', denialReason: why.reason }
    return telling.became(denied, telling.attemptOf(payment, why))
  }
}
