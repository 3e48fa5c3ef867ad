import {
  addDays,
  cycleOf,
  dateOf,
  endOfCycleMs,
  isOnStep,
  nextCycle,
  previousCycle,
  startOfDayMs,
  wayFor,
} from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type { Ledger, Transfer } from '@jeon/ledger'
import type { Asset } from '@jeon/money'
import type { Carrier, Carriers } from '../carriers/carriers.ts'
import type { Lines } from '../carriers/lines.ts'
import { type Database, isConnectionFailure } from '../database.ts'
import type { Log } from '../log.ts'
import type { Offer } from '../offers/model.ts'
import type { PayWay } from '../payments/model.ts'
import type { Charges } from './charges.ts'
import type { Collections } from './collections.ts'
import { type Moment, momentOf, passedMs } from './moment.ts'
import type { Reconciler } from './reconcile.ts'
import type { RailRefunds } from './refunds.ts'
import { purchaseCategoryOf } from './request.ts'
import { abreast, type Turns, workAtOnce } from './turns.ts'

export interface RailsParts {
  readonly charges: Charges
  readonly collections: Collections
  readonly refunds: RailRefunds
  readonly reconciler: Reconciler
  readonly lines: Lines
  readonly carriers: Carriers
  readonly ledger: Ledger
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly turns: Turns
}

/** What is owed is collected so long before a cycle ends, so that it is on that cycle's bill. In milliseconds. */
const sweepLeadMs = 10 * 60_000
/** A day is compared so long after it has ended: what came at midnight has come through by then. In milliseconds. */
const reconcileLagMs = 30 * 60_000
/** A comparison that failed is tried again after so long, in milliseconds. */
const retryFailedMs = 15 * 60_000
/** Days that are compared in arrears, at most. */
const daysMost = 31
const tickMs = 1_000
const dayMs = 86_400_000

/** What has not ended, which is taken up each second; and what days and cycles bring. */
const openJobs = ['charges', 'refunds', 'collections'] as const
type Job = (typeof openJobs)[number] | 'days'
const keyOf = (job: Job) => `job ${job}`

/** Watches, takes up and does what is due: the platform's side of phone bills, all of it that nobody waits for. */
export class Rails {
  readonly #parts: RailsParts
  readonly #watched = new Set<string>()
  readonly #credited = new Set<string>()
  readonly #failedAt = new Map<string, Moment>()
  readonly #stopListening: () => void
  #ticker: NodeJS.Timeout | undefined
  #watching: Promise<void> = Promise.resolve()
  #isCaughtUp = false
  #isClosed = false

  constructor(parts: RailsParts) {
    this.#parts = parts
    this.#stopListening = parts.ledger.onCommitted((transfers) => this.#hear(transfers))
  }

  /** Takes up everything that was cut off, and from then on whatever is due, each second. */
  start(): void {
    void this.work(undefined).then(() => {
      this.#isCaughtUp = true
    })
    for (const { walletId } of this.#parts.lines.all()) this.#watched.add(walletId)
    this.#watch()
    this.#ticker = setInterval(() => this.#tick(), tickMs)
    this.#ticker.unref()
  }

  /** Which way an order goes. Sync: asked for every payment. */
  wayOf(
    walletId: string,
    offer: Offer | undefined,
    purchase: { readonly category: string; readonly amount: bigint; readonly asset: Asset },
  ): PayWay {
    const charge = offer?.charge ?? 'auto'
    if (charge !== 'auto') return charge === 'each' ? 'each' : 'wallet'
    const link = this.#parts.lines.of(walletId)
    if (link === undefined) return 'wallet'
    const carrier = this.#parts.lines.carrierOf(link)
    if (carrier.asset.code !== purchase.asset.code) return 'wallet'
    const profile = carrier.profileAt(this.#parts.clock.now())
    if (!isOnStep(profile, purchase.amount)) return 'wallet'
    const way = wayFor(profile, purchaseCategoryOf(purchase.category), purchase.amount)
    return way === 'each' ? 'each' : 'wallet'
  }

  /**
   * Does what is due: open charges, collections and refunds, and then the work of days and cycles. One run of each at a
   * time.
   *
   * @param dueMs - the machine's time; undefined: everything that has not ended, whenever it is due
   */
  async work(dueMs: number | undefined): Promise<void> {
    await Promise.all(openJobs.map((job) => this.#run(job, dueMs)))
    await this.#run('days', dueMs)
  }

  /** The time by which it works. */
  nowMs(): number {
    return this.#parts.clock.now()
  }

  /** When the work of days and cycles is next due after a moment: a test clock stops there. */
  nextAt(afterMs: number): number | undefined {
    const times = [...this.#parts.carriers.values()].flatMap((carrier) => {
      const { zone } = carrier.profileAt(afterMs)
      const today = dateOf(afterMs, zone)
      const cycle = cycleOf(afterMs, zone)
      return [
        ...[today, addDays(today, 1)].map((day) => startOfDayMs(day, zone) + reconcileLagMs),
        ...[cycle, nextCycle(cycle)].map((each) => endOfCycleMs(each, zone) - sweepLeadMs),
      ]
    })
    const later = times.filter((atMs) => atMs > afterMs)
    return later.length === 0 ? undefined : Math.min(...later)
  }

  /** Done when what was begun has ended: collections that purchases set off, and what the worker took up. */
  async settled(): Promise<void> {
    await this.#watching
    await this.#parts.turns.idle()
  }

  /** Begins nothing more, and finishes what was begun. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopListening()
    clearInterval(this.#ticker)
    await this.settled()
  }

  #hear(transfers: readonly Transfer[]): void {
    const { lines } = this.#parts
    for (const { kind, debit, credit } of transfers) {
      const payer = kind === 'hold' ? undefined : lines.walletOf(debit)
      if (payer !== undefined) this.#watched.add(payer)
      const credited = lines.walletOf(credit)
      if (credited !== undefined && lines.of(credited)?.blocked) this.#credited.add(credited)
    }
    this.#watch()
  }

  /** Looks at wallets that paid, or got something back while blocked. */
  #watch(): void {
    if (this.#isClosed || this.#watched.size + this.#credited.size === 0) return
    const [paid, credited] = [[...this.#watched], [...this.#credited]]
    this.#watched.clear()
    this.#credited.clear()
    const { collections, lines, turns } = this.#parts
    const looks = [
      ...paid.map((id) => this.#attempt('collection', () => collections.collectWhenDue(id))),
      this.#attempt('standing', () => abreast(workAtOnce, paid, (id) => this.#look(id))),
      ...credited.map((id) =>
        this.#attempt('credit', () =>
          // In the wallet's turn, or credit that a collection has just given again would be taken away.
          turns.take(id, async () => {
            const link = lines.of(id)
            if (link !== undefined && link.blocked !== null) await lines.stopCredit(link)
          }),
        ),
      ),
    ]
    this.#watching = Promise.all([this.#watching, ...looks]).then(() => undefined)
  }

  /** Who buys on credit has the carrier asked once a day whether the line may still pay. */
  async #look(walletId: string): Promise<void> {
    const { lines } = this.#parts
    const link = lines.of(walletId)
    if (link === undefined || (await lines.owedOf(link)) === 0n) return
    await lines.recheckAfter(walletId, dayMs)
  }

  /** A job that takes long keeps no other from its turn, and is not followed by all the turns that it missed. */
  #tick(): void {
    const { turns, clock } = this.#parts
    const jobs: readonly Job[] = this.#isCaughtUp ? [...openJobs, 'days'] : openJobs
    for (const job of jobs) {
      if (!turns.isTaken(keyOf(job))) void this.#run(job, clock.machineNow())
    }
  }

  #run(job: Job, dueMs: number | undefined): Promise<void> {
    return this.#parts.turns.take(keyOf(job), async () => {
      if (this.#isClosed) return
      const { charges, collections, refunds } = this.#parts
      switch (job) {
        case 'charges':
          return this.#attempt(job, () => charges.work(dueMs))
        case 'refunds':
          return this.#attempt(job, () => refunds.work(dueMs))
        case 'collections':
          return this.#attempt(job, () => collections.work(dueMs))
        case 'days':
          return this.#workDays()
      }
    })
  }

  async #workDays(): Promise<void> {
    await this.#attempt('retries', () => this.#retry())
    for (const carrier of this.#parts.carriers.values()) {
      await this.#attempt('sweep', () => this.#sweep(carrier))
      await this.#attempt('reconciliation', () => this.#reconcile(carrier))
    }
  }

  /** Lines that refused are asked once more on the next day. */
  async #retry(): Promise<void> {
    const { lines, collections, clock } = this.#parts
    const nowMs = clock.now()
    for (const { walletId, blocked } of lines.all()) {
      if (blocked === null || blocked.retryAtMs > nowMs) continue
      // One that is under way is looked at in its own time.
      const last = await collections.lastOf(walletId)
      if (last?.endedAtMs === null) continue
      const tried = await collections.collect(walletId, 'retry')
      // Somebody paid by other means, or the line could not pay when it was linked: nothing is owed, so it is asked anew.
      if (tried === undefined) await lines.recheck(walletId)
    }
  }

  /** Before a cycle ends everything that is owed is collected, however little it is. */
  async #sweep(carrier: Carrier): Promise<void> {
    const { lines, collections, clock } = this.#parts
    const nowMs = clock.now()
    const { zone } = carrier.profileAt(nowMs)
    const cycle = cycleOf(nowMs, zone)
    const isNow = nowMs >= endOfCycleMs(cycle, zone) - sweepLeadMs
    const due = isNow ? cycle : previousCycle(cycle)
    const name = `sweep:${carrier.id}`
    const done = await this.#doneTo(name)
    if (done !== undefined && done >= due) return
    for (const link of lines.all()) {
      if (link.carrier !== carrier.id || link.blocked !== null) continue
      await this.#attempt('collection', () => collections.collect(link.walletId, 'cycle'))
    }
    await this.#setDoneTo(name, due)
  }

  async #reconcile(carrier: Carrier): Promise<void> {
    const { reconciler, clock } = this.#parts
    const nowMs = clock.now()
    const name = `reconcile:${carrier.id}`
    const failedAt = this.#failedAt.get(name)
    if (failedAt !== undefined && passedMs(failedAt, momentOf(clock)) < retryFailedMs) return
    const { zone } = carrier.profileAt(nowMs)
    const due = addDays(dateOf(nowMs - reconcileLagMs, zone), -1)
    const done = await this.#doneTo(name)
    if (done !== undefined && done >= due) return
    const earliest = addDays(due, 1 - daysMost)
    const next = done === undefined ? due : addDays(done, 1)
    const isLongAgo = next < earliest
    for (let day = isLongAgo ? earliest : next; day <= due; day = addDays(day, 1)) {
      const { state, breaks } = await reconciler.run(carrier, day)
      if (state === 'failed') {
        this.#failedAt.set(name, momentOf(clock))
        return
      }
      if (breaks > 0) this.#parts.log.warn('rails.breaks', { carrier: carrier.id, day, breaks })
      await this.#setDoneTo(name, day)
    }
  }

  async #doneTo(name: string): Promise<string | undefined> {
    const row = await this.#parts.database
      .selectFrom('jeon.rail_task')
      .select('done_to')
      .where('name', '=', name)
      .executeTakeFirst()
    return row?.done_to
  }

  async #setDoneTo(name: string, done: string): Promise<void> {
    await this.#parts.database
      .insertInto('jeon.rail_task')
      .values({ name, done_to: done })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ done_to: done }))
      .execute()
  }

  /** One thing that fails must not keep the others from being done; it is taken up again at its time. */
  async #attempt(what: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action()
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const passing = isConnectionFailure(error)
      this.#parts.log.warn('rails.failed', { what, passing, message: message.slice(0, 300) })
    }
  }
}
