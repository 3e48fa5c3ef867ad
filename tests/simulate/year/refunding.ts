import { addDays, type CalendarDate } from '@jeon/billing'
import type { Random } from '../../crash/random.ts'
import type { Company } from '../company.ts'
import { count, type Tally } from './shopping.ts'

/** How many of a hundred purchases are given back, at once or weeks later, in whole or in part. */
const PERCENT = 3
const DAYS_MAX = 50

/** Merchants that give money back: in the same month and after, so that both ways are walked. */
export class Refunds {
  readonly #company: Company
  readonly #random: Random
  readonly #tally: Tally
  readonly #planned = new Map<CalendarDate, string[]>()
  readonly #fresh: { readonly paymentId: string; readonly serial: number }[] = []
  #serial = 0

  constructor(company: Company, random: Random, tally: Tally) {
    this.#company = company
    this.#random = random
    this.#tally = tally
  }

  /** A purchase that may be given back one day. `serial`: its number among all that were tried. */
  consider(paymentId: string, serial: number): void {
    this.#fresh.push({ paymentId, serial })
  }

  async run(today: CalendarDate): Promise<void> {
    // Sorted: what was bought at one moment arrives in no certain order, and the seed has to mean the same again.
    const fresh = this.#fresh.splice(0).sort((a, b) => a.serial - b.serial)
    for (const { paymentId } of fresh) {
      if (!this.#random.chance(PERCENT / 100)) continue
      const on = addDays(today, this.#random.integer(0, DAYS_MAX))
      this.#planned.set(on, [...(this.#planned.get(on) ?? []), paymentId])
    }
    for (const paymentId of this.#planned.get(today) ?? []) await this.#giveBack(paymentId)
    this.#planned.delete(today)
  }

  async #giveBack(paymentId: string): Promise<void> {
    const { core } = this.#company
    const left = (await core.refunds.remaining(paymentId)) ?? 0n
    const isPartial = this.#random.chance(0.4) && left > 2_000n
    this.#serial += 1
    const outcome = await core.refunds.create({
      paymentId,
      clientId: 'simulation',
      clientCorrelator: `refund-${this.#serial}`,
      referenceCode: `refund-${this.#serial}`,
      type: isPartial ? 'partial' : 'total',
      ...(isPartial ? { amount: (left / 2_000n) * 1_000n } : {}),
      reason: 'given back',
      facts: {},
      sink: null,
      sinkToken: null,
    })
    count(
      this.#tally,
      outcome.ok ? `refunds by ${outcome.refund.mode}` : `no refund: ${outcome.code}`,
    )
  }
}
