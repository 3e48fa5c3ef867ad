import { sequelOf } from '../ids.ts'
import type { Log } from '../log.ts'
import type { Allowances } from '../proofs/allowance.ts'
import type { Turns } from '../turns.ts'
import type { Decider } from './decision.ts'
import type { KeptPayment } from './rows.ts'
import type { PaymentSteps } from './steps.ts'
import { type PaymentStore, UNRESOLVED_AT_ONCE } from './store.ts'
import type { PaymentTelling } from './telling.ts'
import type { PaymentWriter } from './writer.ts'

export interface ResolutionParts {
  readonly store: PaymentStore
  readonly writer: PaymentWriter
  readonly decider: Decider
  readonly telling: PaymentTelling
  readonly steps: PaymentSteps
  readonly turns: Turns
  readonly log: Log
  readonly allowances: Pick<Allowances, 'decided'>
}

/** While the database is away it is asked again so often, in milliseconds. */
const AGAIN_MS = 500
const AT_ONCE = 20

/**
 * Finds out what became of payments whose outcome was lost: by a crash, or while the database said nothing. It asks
 * the ledger for the transfers whose ids follow from the payment's; nothing is ever sent again under another id.
 */
export class Resolution {
  readonly #parts: ResolutionParts
  readonly #underWay = new Set<string>()
  readonly #doubtful = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(parts: ResolutionParts) {
    this.#parts = parts
  }

  /** An order that is being decided is nobody else's to resolve. */
  begin(paymentId: string): void {
    this.#underWay.add(paymentId)
  }

  end(paymentId: string): void {
    this.#underWay.delete(paymentId)
  }

  /** Resolves this payment as soon as the database answers. */
  doubt(paymentId: string): void {
    this.#doubtful.add(paymentId)
    this.#plan()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  /** Everything that is open, at the start. @returns how many payments have a new state, or are gone */
  async resolve(): Promise<number> {
    const { store, steps } = this.#parts
    let resolved = 0
    for (;;) {
      const open = await store.unresolved(['processing'])
      const mine = open.filter(({ id }) => !this.#underWay.has(id))
      let progress = 0
      for (const { id, asynchronous } of mine) {
        const outcome = await this.#resolveOne(id)
        if (outcome === 'resolved') progress += 1
        else if (outcome === 'unknown') this.doubt(id)
        else if (asynchronous && (await steps.complete(id)).ok) progress += 1
      }
      resolved += progress
      if (open.length < UNRESOLVED_AT_ONCE || progress === 0) break
    }
    for (const { id } of await store.unresolved(['pending_validation', 'reserved'])) {
      const outcome = await this.#resolveOne(id)
      if (outcome === 'resolved') resolved += 1
      else if (outcome === 'unknown') this.doubt(id)
    }
    return resolved
  }

  /** See `Payments.expire`. */
  async expire(nowMs: number): Promise<number> {
    const { store, steps } = this.#parts
    let expired = 0
    for (;;) {
      const due = await store.unresolved(['pending_validation', 'reserved'], nowMs)
      let progress = 0
      for (let from = 0; from < due.length; from += AT_ONCE) {
        const outcomes = await Promise.all(
          due.slice(from, from + AT_ONCE).map(({ id }) => steps.expire(id)),
        )
        progress += outcomes.filter((outcome) => !outcome.ok && outcome.code === 'expired').length
      }
      expired += progress
      if (due.length < UNRESOLVED_AT_ONCE || progress === 0) return expired
    }
  }

  #plan(): void {
    if (this.#timer !== undefined || this.#isStopped) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#resolveDoubtful()
    }, AGAIN_MS)
    this.#timer.unref()
  }

  async #resolveDoubtful(): Promise<void> {
    for (const id of [...this.#doubtful]) {
      if (this.#underWay.has(id) || this.#isStopped) continue
      try {
        if ((await this.#resolveOne(id)) !== 'unknown') this.#doubtful.delete(id)
      } catch (error) {
        this.#parts.log.failure('payment.unresolved', error, { payment: id })
      }
    }
    if (this.#doubtful.size > 0) this.#plan()
  }

  #resolveOne(paymentId: string): Promise<'resolved' | 'nothing' | 'unknown'> {
    const { store, turns } = this.#parts
    return turns.take(paymentId, async () => {
      const payment = await store.find(paymentId)
      switch (payment?.status) {
        case 'processing':
          return this.#resolveOrder(payment)
        case 'pending_validation':
        case 'reserved':
          return this.#resolveStep(payment)
        default:
          return 'nothing'
      }
    })
  }

  async #resolveOrder(payment: KeptPayment): Promise<'resolved' | 'nothing' | 'unknown'> {
    const { decider, telling, writer, log } = this.#parts
    const transfer = await decider.transferOf(payment)
    if (transfer === 'unknown') return 'unknown'
    if (transfer !== 'none') {
      await telling.became(decider.accepted(payment, transfer.atMs).payment)
      log.info('payment.resolved', { payment: payment.id })
      return 'resolved'
    }
    // One that was acknowledged is decided later; any other never happened, and its correlator is free again.
    if (payment.asynchronous) return 'nothing'
    await writer.end({ payment: undefined, paymentId: payment.id })
    this.#parts.allowances.decided(payment.id, false)
    return 'resolved'
  }

  async #resolveStep(payment: KeptPayment): Promise<'resolved' | 'nothing' | 'unknown'> {
    const { decider, telling } = this.#parts
    for (const sequel of ['capture', 'void', 'denial'] as const) {
      const transfer = await decider.transferOf(payment, sequelOf(payment.id, sequel))
      if (transfer === 'unknown') return 'unknown'
      if (transfer === 'none') continue
      if (sequel === 'capture') {
        await telling.became({ ...payment, status: 'succeeded', paidAtMs: transfer.atMs })
      } else if (sequel === 'void') {
        await telling.became({ ...payment, status: 'cancelled' })
      } else {
        // Why is lost with the crash; that it was refused is not.
        await telling.became({ ...payment, status: 'denied', denialReason: 'confirm_refused' })
      }
      return 'resolved'
    }
    return 'nothing'
  }
}
