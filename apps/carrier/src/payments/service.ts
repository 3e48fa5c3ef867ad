import type { CarrierClock } from '../carrier-clock.ts'
import type { LineBook } from '../lines/service.ts'
import type { Log } from '../log.ts'
import type { Attempt, DeclineReason, PaymentOrder } from '../model.ts'
import type { Decider } from './decision.ts'
import type {
  LinePage,
  OrderOutcome,
  OrderRefusal,
  PaymentFilter,
  PaymentHook,
  PaymentListener,
  PaymentPage,
  Payments,
  StepOutcome,
  ValidationAnswer,
} from './model.ts'
import type { Resolution } from './resolution.ts'
import type { KeptPayment } from './rows.ts'
import type { Reasoned } from './rules.ts'
import type { PaymentSteps } from './steps.ts'
import type { PaymentStore } from './store.ts'
import type { PaymentTelling } from './telling.ts'
import type { PaymentWriter } from './writer.ts'

export interface PaymentServiceParts {
  readonly lines: LineBook
  readonly time: CarrierClock
  readonly log: Log
  readonly decider: Decider
  readonly store: PaymentStore
  readonly writer: PaymentWriter
  readonly telling: PaymentTelling
  readonly steps: PaymentSteps
  readonly resolution: Resolution
}

/**
 * Purchases. Each is three commits that many share: the row with the intention, the ledger's transfers under the ids
 * that follow from the row's, and the row with the outcome. Whatever is lost between them, the next start finds.
 */
export class PaymentService implements Payments {
  readonly #parts: PaymentServiceParts

  constructor(parts: PaymentServiceParts) {
    this.#parts = parts
  }

  create(order: PaymentOrder): Promise<OrderOutcome> {
    return this.#order({ ...order, steps: 1 })
  }

  prepare(order: PaymentOrder): Promise<OrderOutcome> {
    return this.#order({ ...order, steps: 2 })
  }

  async accept(order: PaymentOrder): Promise<OrderOutcome> {
    const opened = await this.#open(order, true)
    if (!opened.ok) return opened
    this.#parts.resolution.end(opened.payment.id)
    this.#parts.telling.opened(opened.payment)
    return { ok: true, payment: opened.payment }
  }

  complete(paymentId: string): Promise<StepOutcome> {
    return this.#parts.steps.complete(paymentId)
  }

  validate(paymentId: string, answer: ValidationAnswer): Promise<StepOutcome> {
    return this.#parts.steps.validate(paymentId, answer)
  }

  validateByUrl(paymentId: string, accepted: boolean): Promise<StepOutcome> {
    return this.#parts.steps.validateByUrl(paymentId, accepted)
  }

  confirm(paymentId: string): Promise<StepOutcome> {
    return this.#parts.steps.confirm(paymentId)
  }

  cancel(paymentId: string): Promise<StepOutcome> {
    return this.#parts.steps.cancel(paymentId)
  }

  deny(paymentId: string, reason: DeclineReason): Promise<StepOutcome> {
    return this.#parts.steps.deny(paymentId, { reason, detail: {} })
  }

  find(paymentId: string): Promise<KeptPayment | undefined> {
    return this.#parts.store.find(paymentId)
  }

  list(filter: PaymentFilter): Promise<PaymentPage> {
    return this.#parts.store.list(filter)
  }

  ofLine(lineId: string, page: LinePage): Promise<readonly KeptPayment[]> {
    return this.#parts.store.ofLine(lineId, page)
  }

  attempts(lineId: string, page: LinePage): Promise<readonly Attempt[]> {
    return this.#parts.store.attempts(lineId, page)
  }

  expire(nowMs: number): Promise<number> {
    return this.#parts.resolution.expire(nowMs)
  }

  nextExpiryAt(): Promise<number | undefined> {
    return this.#parts.store.nextExpiryAt()
  }

  resolve(): Promise<number> {
    return this.#parts.resolution.resolve()
  }

  onChanged(listener: PaymentListener): () => void {
    return this.#parts.telling.listen(listener)
  }

  onChanging(hook: PaymentHook): void {
    this.#parts.writer.onEnding(hook)
  }

  /** Waits for commits that are under way. */
  async close(): Promise<void> {
    this.#parts.resolution.stop()
    await this.#parts.writer.idle()
  }

  async #order(order: PaymentOrder): Promise<OrderOutcome> {
    const opened = await this.#open(order, false)
    if (!opened.ok) return opened
    const { payment } = opened
    const { resolution, log } = this.#parts
    try {
      return await this.#decide(order, payment)
    } catch (error) {
      log.failure('payment.outcome_lost', error, { payment: payment.id })
      resolution.doubt(payment.id)
      return { ok: false, code: 'unknown_outcome', paymentId: payment.id }
    } finally {
      resolution.end(payment.id)
    }
  }

  /** Nobody else knows this payment's id yet, so no turn is needed. */
  async #decide(order: PaymentOrder, payment: KeptPayment): Promise<OrderOutcome> {
    const { decider, resolution, telling } = this.#parts
    const decision = await decider.decide(payment)
    switch (decision.as) {
      case 'accepted':
        return { ok: true, payment: await telling.became(decision.payment) }
      case 'declined':
        return this.#declined(order, decision.why, payment)
      case 'unavailable':
        resolution.doubt(payment.id)
        return { ok: false, code: 'unavailable' }
      case 'unknown':
        resolution.doubt(payment.id)
        return { ok: false, code: 'unknown_outcome', paymentId: payment.id }
    }
  }

  async #declined(order: PaymentOrder, why: Reasoned, payment: KeptPayment): Promise<OrderRefusal> {
    const { telling, resolution, log } = this.#parts
    try {
      await telling.declined(order, why, payment.id)
    } catch (error) {
      // It is certain that nothing was charged; the row goes later.
      log.failure('payment.drop_failed', error, { payment: payment.id })
      resolution.doubt(payment.id)
    }
    return { ok: false, code: 'declined', ...why }
  }

  /** The rules, then the row. */
  async #open(
    order: PaymentOrder,
    asynchronous: boolean,
  ): Promise<{ ok: true; payment: KeptPayment } | OrderRefusal> {
    const { lines, time, decider, telling } = this.#parts
    const line = lines.peek(order.lineId) ?? (await lines.byId(order.lineId))
    if (line === undefined || line.carrier !== order.carrier) {
      return { ok: false, code: 'line_not_found' }
    }
    const profile = time.profile(order.carrier)
    if (order.currency !== profile.currency) {
      return { ok: false, code: 'currency_mismatch', currency: profile.currency }
    }
    const why = decider.reasonAgainst(profile, line, order)
    if (why !== undefined && !asynchronous) {
      // Who sends a correlator again wants to know what became of it, not whether it would be possible now.
      const used = await this.#used(order)
      if (used !== undefined) return used
      await telling.declined(order, why)
      return { ok: false, code: 'declined', ...why }
    }
    return this.#write(decider.draft(profile, line, order, asynchronous))
  }

  /** On success the payment is under way: whoever asked for it says when that ends. */
  async #write(payment: KeptPayment): Promise<{ ok: true; payment: KeptPayment } | OrderRefusal> {
    const { writer, resolution, log } = this.#parts
    resolution.begin(payment.id)
    try {
      for (let tries = 0; tries < WRITES_MAX; tries++) {
        if ((await writer.open(payment)) === 'opened') return { ok: true, payment }
        const used = await this.#used(payment)
        if (used !== undefined) {
          resolution.end(payment.id)
          return used
        }
        // What had the correlator was declined meanwhile and is gone.
      }
    } catch (error) {
      log.failure('payment.open_failed', error, { payment: payment.id })
      resolution.doubt(payment.id)
    }
    resolution.end(payment.id)
    return { ok: false, code: 'unavailable' }
  }

  async #used(order: PaymentOrder): Promise<OrderRefusal | undefined> {
    const { store } = this.#parts
    const { carrier, clientId, clientCorrelator, referenceCode } = order
    if (clientCorrelator === null) {
      const isUsed = await store.isReferenceUsed(carrier, clientId, referenceCode)
      return isUsed ? { ok: false, code: 'reference_used' } : undefined
    }
    const payment = await store.byCorrelator(carrier, clientId, clientCorrelator)
    return payment === undefined ? undefined : { ok: false, code: 'correlator_used', payment }
  }
}

/** A row that stands in the way and is gone when looked at: tried again so often. */
const WRITES_MAX = 5
