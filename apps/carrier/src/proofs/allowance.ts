import { exemptPerDay, type Factor } from '@jeon/billing'
import type { CarrierClock } from '../carrier-clock.ts'
import { dayAt } from '../days.ts'
import type { CarrierId, Payment, PaymentOrder } from '../model.ts'

export interface AllowanceParts {
  readonly time: CarrierClock
  readonly store: AllowanceStore
}

/** What was bought unconfirmed and is not given back, since a line's last confirmed purchase; see `allowance-store.ts`. */
export interface AllowanceStore {
  /** Of every line with any, since an instant. Smallest units. */
  spentSince(
    carrier: CarrierId,
    sinceMs: number,
  ): Promise<
    readonly { readonly lineId: string; readonly spent: bigint; readonly sinceMs: number }[]
  >
}

/** What a line has spent unconfirmed since an instant. */
interface Spent {
  amount: bigint
  readonly sinceMs: number
}

interface Today {
  readonly fromMs: number
  readonly untilMs: number
  readonly lines: Map<string, Spent>
}

/** Whether the owner has shown a factor. That the network knows the phone is none: whoever holds it may press a button. */
export function isShown({ shown }: Pick<PaymentOrder, 'shown'>): boolean {
  return shown.some((factor: Factor) => factor !== 'network')
}

/**
 * How much may still be bought on a line without its owner being asked: a sum per day of the market, over all clients,
 * which a confirmed purchase begins anew. A cancelled purchase gives its part back; a refund does not, since money has
 * moved. This process is the only one that decides purchases, so the sums are in memory, taken and compared without waiting
 * in between, and read from the payments at the start.
 */
export class Allowances {
  readonly #parts: AllowanceParts
  readonly #days = new Map<CarrierId, Today>()
  /** Purchases that are being decided, or of which nobody knows yet, with the sum that they were taken from. */
  readonly #open = new Map<string, { readonly spent: Spent; readonly amount: bigint }>()

  constructor(parts: AllowanceParts) {
    this.#parts = parts
  }

  /** Reads what was spent today. Run at start, before the first decision and after what a crash left open was resolved. */
  async load(): Promise<void> {
    const { time, store } = this.#parts
    for (const { id } of time.carriers) {
      if (exemptPerDay(time.profile(id)) === null) continue
      const today = this.#today(id)
      today.lines.clear()
      for (const { lineId, spent, sinceMs } of await store.spentSince(id, today.fromMs)) {
        today.lines.set(lineId, { amount: spent, sinceMs })
      }
    }
  }

  /** What may be bought unconfirmed. `null`: the market has no sum, or the purchase has been taken from it already. */
  left({ carrier, lineId }: PaymentOrder, paymentId?: string): bigint | null {
    const most = exemptPerDay(this.#parts.time.profile(carrier))
    if (most === null || (paymentId !== undefined && this.#open.has(paymentId))) return null
    const left = most - (this.#today(carrier).lines.get(lineId)?.amount ?? 0n)
    return left > 0n ? left : 0n
  }

  /** When the sum begins anew by itself, Unix milliseconds. */
  resetsAt(carrier: CarrierId): number {
    return this.#today(carrier).untilMs
  }

  /** Takes a purchase from the sum, right before the ledger is asked. Once, however often it is decided. */
  take({ id, carrier, lineId, amount }: Payment): void {
    if (exemptPerDay(this.#parts.time.profile(carrier)) === null || this.#open.has(id)) return
    const { lines, fromMs } = this.#today(carrier)
    const spent = lines.get(lineId) ?? { amount: 0n, sinceMs: fromMs }
    spent.amount += amount
    lines.set(lineId, spent)
    this.#open.set(id, { spent, amount })
  }

  /** It was certainly decided: what was refused is given back. */
  decided(paymentId: string, accepted: boolean): void {
    const taken = this.#open.get(paymentId)
    if (taken !== undefined && !accepted) taken.spent.amount -= taken.amount
    this.#open.delete(paymentId)
  }

  /** A new state of a payment: confirmed ones begin the sum anew, what is cancelled or denied is given back. */
  heard(payment: Payment): void {
    const { id, status, steps, carrier, lineId } = payment
    if (status === 'processing') return
    this.#open.delete(id)
    const { lines } = this.#today(carrier)
    const isNew = status === 'reserved' || (status === 'succeeded' && steps === 1)
    if (isConfirmed(payment)) {
      if (isNew) lines.set(lineId, { amount: 0n, sinceMs: this.#parts.time.now() })
    } else if (status === 'cancelled' || status === 'denied') {
      giveBack(lines.get(lineId), payment)
    }
  }

  #today(carrier: CarrierId): Today {
    const { time } = this.#parts
    const nowMs = time.now()
    const known = this.#days.get(carrier)
    if (known !== undefined && nowMs >= known.fromMs && nowMs < known.untilMs) return known
    const { fromMs, untilMs } = dayAt(nowMs, time.profile(carrier).zone)
    const today = { fromMs, untilMs, lines: new Map<string, Spent>() }
    this.#days.set(carrier, today)
    return today
  }
}

/** Its owner has shown a factor, or was asked for one: in a state after that, has answered. */
function isConfirmed(payment: Pick<Payment, 'shown' | 'authorizationId'>): boolean {
  return payment.authorizationId !== null || isShown(payment)
}

/** What was counted before the sum began anew is not in it. */
function giveBack(spent: Spent | undefined, { countedAtMs, amount }: Payment): void {
  if (spent === undefined || countedAtMs === null || countedAtMs < spent.sinceMs) return
  spent.amount -= spent.amount < amount ? spent.amount : amount
}
