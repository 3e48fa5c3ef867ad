import type { CarrierClock } from '../carrier-clock.ts'
import { createId } from '../ids.ts'
import type { LineBook } from '../lines/service.ts'
import type { Changes } from '../live/model.ts'
import type { Log } from '../log.ts'
import type { Outbox } from '../messages/model.ts'
import type { Attempt, PaymentOrder } from '../model.ts'
import type { PaymentListener } from './model.ts'
import type { KeptPayment } from './rows.ts'
import type { Reasoned } from './rules.ts'
import type { Ending, PaymentWriter } from './writer.ts'

export interface TellingParts {
  readonly writer: PaymentWriter
  readonly lines: LineBook
  readonly time: CarrierClock
  readonly outbox: Outbox
  readonly changes: Changes
  readonly log: Log
}

/** A line counts as used again after so long, which is exact enough for months of disuse. */
const USED_AGAIN_MS = 24 * 60 * 60_000

/** Writes what became of payments, and tells whoever listens afterwards. */
export class PaymentTelling {
  readonly #parts: TellingParts
  readonly #listeners = new Set<PaymentListener>()

  constructor(parts: TellingParts) {
    this.#parts = parts
  }

  listen(listener: PaymentListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A new state. Throws when it could not be written. */
  async became(payment: KeptPayment, attempt?: Attempt): Promise<KeptPayment> {
    const { writer, lines, changes, time } = this.#parts
    const ending = await this.#endingOf(payment, attempt)
    await writer.end(ending)
    if (ending.used !== undefined) lines.used(ending.used.lineId, ending.used.atMs)
    this.opened(payment)
    changes.tell({ lineId: payment.lineId, what: 'payment', id: payment.id, atMs: time.now() })
    return payment
  }

  /** Tells the listeners of a state that is durable already. */
  opened(payment: KeptPayment): void {
    for (const listener of this.#listeners) {
      try {
        listener(payment)
      } catch (error) {
        this.#parts.log.failure('payment.listener_failed', error, { payment: payment.id })
      }
    }
  }

  /** A refusal that leaves no payment. `paymentId`: the row that goes. */
  async declined(order: PaymentOrder, why: Reasoned, paymentId?: string): Promise<void> {
    const { writer, changes } = this.#parts
    const attempt = this.attemptOf(order, why)
    await writer.end({
      payment: undefined,
      paymentId,
      attempt: { ...attempt, carrier: order.carrier },
    })
    const { lineId, id, atMs } = attempt
    changes.tell({ lineId, what: 'declined', id, atMs })
  }

  attemptOf(order: PaymentOrder, { reason, detail }: Reasoned): Attempt {
    const { time } = this.#parts
    const { lineId, clientId, amount, currency, description, merchant, category } = order
    const id = createId('attempt', time.machineNow())
    const atMs = time.now()
    return {
      id,
      lineId,
      clientId,
      amount,
      currency,
      description,
      merchant,
      category,
      reason,
      detail,
      atMs,
    }
  }

  async #endingOf(payment: KeptPayment, attempt: Attempt | undefined): Promise<Ending> {
    const { lines, outbox, time } = this.#parts
    const told = attempt === undefined ? {} : { attempt: { ...attempt, carrier: payment.carrier } }
    const ending = { payment, paymentId: payment.id, ...told }
    if (payment.status !== 'succeeded' || payment.paidAtMs === null) return ending
    const line = lines.peek(payment.lineId) ?? (await lines.get(payment.lineId))
    const { notices } = time.carrier(payment.carrier).profileOf(payment.profileVersion)
    const isUsedAgain = line.usedAtMs === null || payment.paidAtMs - line.usedAtMs >= USED_AGAIN_MS
    return {
      ...ending,
      ...(notices.atCharge ? { message: outbox.chargeMessage(payment, line) } : {}),
      ...(isUsedAgain ? { used: { lineId: line.id, atMs: payment.paidAtMs } } : {}),
    }
  }
}
