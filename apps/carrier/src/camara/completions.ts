import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import type { Codes } from '../codes/service.ts'
import type { Core } from '../core.ts'
import type { Faults } from '../faults/service.ts'
import type { Log } from '../log.ts'
import type { Carrier, CarrierId, Payment, Refund } from '../model.ts'
import { sendPaymentCode } from './validation-code.ts'

export interface CompletionParts {
  readonly pool: pg.Pool
  readonly core: Pick<Core, 'payments' | 'refunds' | 'lines'>
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly codes: Codes
  readonly faults: Faults
  readonly clock: Clock
  readonly log: Log
}

interface Waiting {
  readonly what: 'payment' | 'refund'
  /** By the machine's clock. */
  readonly dueAtMs: number
}

/** How long an asynchronous payment stays `processing`, by the machine's clock: it is not a rule of the market. */
export const PROCESSING_MS = 1_000

/** Payments and refunds that were accepted and are decided a moment later. What is waiting can be found again in SQL. */
export class Completions {
  readonly #parts: CompletionParts
  readonly #waiting = new Map<string, Waiting>()

  constructor(parts: CompletionParts) {
    this.#parts = parts
  }

  later(id: string, what: Waiting['what']): void {
    this.#waiting.set(id, { what, dueAtMs: this.#parts.clock.machineNow() + PROCESSING_MS })
  }

  /** At start: what a crash left waiting. */
  async recover(): Promise<void> {
    for (const what of ['payment', 'refund'] as const) {
      const { rows } = await this.#parts.pool.query<{ id: string }>(
        `select id from carrier.${what} where status = 'processing'`,
      )
      for (const { id } of rows) this.later(id, what)
    }
  }

  /** Decides everything that waited long enough. One that cannot be decided now is tried again. */
  async runDue(): Promise<void> {
    const nowMs = this.#parts.clock.machineNow()
    const due = [...this.#waiting].filter(([, { dueAtMs }]) => dueAtMs <= nowMs)
    for (const [id, { what }] of due) {
      try {
        const isDone = await (what === 'payment'
          ? this.#completePayment(id)
          : this.#completeRefund(id))
        if (isDone) this.#waiting.delete(id)
        else this.later(id, what)
      } catch (error) {
        this.#parts.log.failure('completion.failed', error, { [what]: id })
        this.later(id, what)
      }
    }
  }

  /** @returns whether it is decided */
  async #completePayment(id: string): Promise<boolean> {
    const { core, faults } = this.#parts
    const payment = await core.payments.find(id)
    const line = payment === undefined ? undefined : await core.lines.byId(payment.lineId)
    if (payment === undefined || line === undefined || payment.status !== 'processing') return true
    const isDenied = faults.of(line) === 'asynchronous_denied'
    const outcome = isDenied
      ? await core.payments.deny(id, 'blocked_by_operator')
      : await core.payments.complete(id)
    if (outcome.ok) await this.#askForCode(outcome.payment)
    return outcome.ok || !isPassing(outcome.code)
  }

  /** @returns whether it is done */
  async #completeRefund(id: string): Promise<boolean> {
    const { core } = this.#parts
    const refund = await core.refunds.find(id)
    if (refund === undefined || refund.status !== 'processing') return true
    if (await this.#isDenied(refund)) {
      await core.refunds.deny(id, 'blocked_by_operator')
      return true
    }
    const outcome = await core.refunds.complete(id)
    return outcome === undefined || outcome.ok || !isPassing(outcome.code)
  }

  async #isDenied({ paymentId }: Refund): Promise<boolean> {
    const { core, faults } = this.#parts
    const payment = await core.payments.find(paymentId)
    const line = payment === undefined ? undefined : await core.lines.byId(payment.lineId)
    return line !== undefined && faults.of(line) === 'asynchronous_denied'
  }

  async #askForCode(payment: Payment): Promise<void> {
    if (payment.status !== 'pending_validation' || payment.validation !== 'code') return
    const { core, codes, carriers } = this.#parts
    const line = await core.lines.byId(payment.lineId)
    const carrier = carriers.get(payment.carrier)
    if (line === undefined || carrier === undefined) return
    const sent = await sendPaymentCode({ codes, carrier }, payment, line)
    if (!sent.ok) await core.payments.deny(payment.id, 'validation_failed')
  }
}

/** What another try may mend. */
function isPassing(code: string): boolean {
  return code === 'unavailable' || code === 'unknown_outcome'
}
