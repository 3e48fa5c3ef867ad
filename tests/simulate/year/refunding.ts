import { addDays, type CalendarDate } from '@jeon/billing'
import type { Random } from '../../crash/random.ts'
import { atOnce } from '../at-once.ts'
import type { Company } from '../company.ts'
import { count, type Tally } from './shopping.ts'

/** How many of a hundred purchases are given back, at once or weeks later, in whole or in part. */
const PERCENT = 3
const DAYS_MAX = 50

/** As many lines at the same time; less than the carrier has sessions. */
const LINES_AT_ONCE = 8

/** A purchase that may be given back one day. */
export interface Bought {
  readonly paymentId: string
  readonly lineId: string
  /** Its number among all that were tried. */
  readonly serial: number
}

/** Merchants that give money back: in the same month and after, so that both ways are walked. */
export class Refunds {
  readonly #company: Company
  readonly #random: Random
  readonly #tally: Tally
  readonly #planned = new Map<CalendarDate, Bought[]>()
  readonly #fresh: Bought[] = []
  #serial = 0

  constructor(company: Company, random: Random, tally: Tally) {
    this.#company = company
    this.#random = random
    this.#tally = tally
  }

  consider(bought: Bought): void {
    this.#fresh.push(bought)
  }

  async run(today: CalendarDate): Promise<void> {
    // Sorted: what was bought at one moment arrives in no certain order, and the seed has to mean the same again.
    const fresh = this.#fresh.splice(0).sort((a, b) => a.serial - b.serial)
    for (const bought of fresh) {
      if (!this.#random.chance(PERCENT / 100)) continue
      const on = addDays(today, this.#random.integer(0, DAYS_MAX))
      this.#planned.set(on, [...(this.#planned.get(on) ?? []), bought])
    }
    // All numbers first, then many lines at once; what happens to one line happens in its order.
    const due = (this.#planned.get(today) ?? []).map((bought) => {
      this.#serial += 1
      return { ...bought, serial: this.#serial, mayBePartial: this.#random.chance(0.4) }
    })
    this.#planned.delete(today)
    const byLine = Map.groupBy(due, ({ lineId }) => lineId)
    await atOnce([...byLine.values()], LINES_AT_ONCE, async (ofLine) => {
      for (const one of ofLine) await this.#giveBack(one)
    })
  }

  async #giveBack({ paymentId, serial, mayBePartial }: Due): Promise<void> {
    const { core } = this.#company
    const left = (await core.refunds.remaining(paymentId)) ?? 0n
    const isPartial = mayBePartial && left > 2_000n
    const outcome = await core.refunds.create({
      paymentId,
      clientId: 'simulation',
      clientCorrelator: `refund-${serial}`,
      referenceCode: `refund-${serial}`,
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

interface Due extends Bought {
  readonly mayBePartial: boolean
}
