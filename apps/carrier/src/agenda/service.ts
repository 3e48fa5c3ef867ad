import {
  addDays,
  billDateOf,
  type CalendarDate,
  cycleOfDate,
  dateOf,
  previousCycle,
  startOfDayMs,
} from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type { Ledger } from '@jeon/ledger'
import type pg from 'pg'
import type { Bills } from '../bills/service.ts'
import { carrierOf } from '../bills/service.ts'
import type { Core } from '../core.ts'
import type { Disputes } from '../disputes/service.ts'
import type { Dunning } from '../dunning/service.ts'
import { unblockedText } from '../messages/blocks.ts'
import type { Outbox } from '../messages/model.ts'
import { inHours, type WaitingMessages } from '../messages/waiting.ts'
import type { Carrier, CarrierId, NewMessage } from '../model.ts'
import type { Reliefs } from '../relief/service.ts'
import type { Retention } from '../retention/service.ts'
import type { Statements } from '../statements/service.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly ledger: Ledger
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly core: Pick<Core, 'lines' | 'payments' | 'limits' | 'blocks'>
  readonly outbox: Outbox
  readonly bills: Bills
  readonly dunning: Dunning
  readonly disputes: Disputes
  readonly relief: Reliefs
  readonly statements: Statements
  readonly retention: Retention
  readonly waiting: WaitingMessages
}

const MINUTE_MS = 60_000

/** What is due next: something of its own time, or else the work of a day. */
interface Due {
  readonly atMs: number
  readonly isTimed: boolean
}

/**
 * What the calendar asks of the carriers, in order of time.
 *
 * To the minute: reservations that expire. To the millisecond: limit changes that take effect, granted unblocks, answers
 * to disputes, messages that waited for their hour. At the start of each day in a carrier's zone, after what is due at
 * that instant, in this order: the close of the last month if it is the day of its bill; relief plans; dunning;
 * statements; on the first of a month, records that need no longer be kept; and when that is done for all carriers whose
 * day it is, dormant lines. A day is marked as done at its end, and all of it may be repeated.
 *
 * Days that were missed are made up for one after the other, but what depends on today uses the clock's today.
 */
export class Agenda {
  readonly #parts: Parts
  /** The last day that was done, by carrier. */
  readonly #doneTo = new Map<CarrierId, CalendarDate>()
  #running: Promise<void> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** When the next work is due, Unix milliseconds; it may be past. Undefined: no carrier is hosted. */
  async nextAt(): Promise<number | undefined> {
    return (await this.#next())?.atMs
  }

  /** Does everything that is due up to an instant, at which the clock stands or which it has passed. */
  runUntil(ms: number): Promise<void> {
    return this.#inTurn(async () => {
      for (const standstill = new Standstill(); ; ) {
        const due = await this.#next()
        if (due === undefined || due.atMs > ms) return
        standstill.check(due.atMs)
        await this.#run(due)
      }
    })
  }

  /**
   * Lets time pass: moves the clock from one due instant to the next and does what is due there, so that months pass in
   * their order, and ends at `toMs`.
   */
  advance(toMs: number, moveTo: (ms: number) => Promise<void>): Promise<void> {
    const { clock, ledger } = this.#parts
    return this.#inTurn(async () => {
      for (const standstill = new Standstill(); ; ) {
        const due = await this.#next()
        if (due === undefined || due.atMs > toMs) break
        standstill.check(due.atMs)
        if (due.atMs > clock.now()) await moveTo(due.atMs)
        await ledger.tick()
        await this.#run(due)
      }
      if (toMs > clock.now()) await moveTo(toMs)
      await ledger.tick()
    })
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const run = this.#running.then(work)
    this.#running = run.catch(() => undefined)
    return run
  }

  async #next(): Promise<Due | undefined> {
    await this.#load()
    const timed = await this.#nextTimed()
    const atMs = earliest([timed, this.#nextDayAt()])
    return atMs === undefined ? undefined : { atMs, isTimed: timed === atMs }
  }

  async #run({ atMs, isTimed }: Due): Promise<void> {
    const { carriers, core, clock } = this.#parts
    if (isTimed) await this.#runTimed(atMs)
    const days = [...carriers.values()].filter((carrier) => this.#nextDayMs(carrier) <= atMs)
    for (const carrier of days) await this.#runDay(carrier)
    if (days.length > 0) await core.blocks.blockDormant(clock.now())
  }

  #nextDayAt(): number | undefined {
    const { carriers } = this.#parts
    return earliest(Array.from(carriers.values(), (carrier) => this.#nextDayMs(carrier)))
  }

  async #nextTimed(): Promise<number | undefined> {
    const { core, disputes, waiting } = this.#parts
    const [expiry, ...others] = await Promise.all([
      core.payments.nextExpiryAt(),
      core.limits.nextDueAt(),
      core.blocks.nextDueAt(),
      disputes.nextDueAt(),
      waiting.nextAt(),
    ])
    return earliest([expiry && Math.ceil(expiry / MINUTE_MS) * MINUTE_MS, ...others])
  }

  async #runTimed(atMs: number): Promise<void> {
    const { core, carriers, disputes, waiting } = this.#parts
    await waiting.tellSent(atMs)
    await core.payments.expire(atMs)
    await core.limits.applyDue(atMs)
    await this.#tellUnblocked(await core.blocks.applyDue(atMs))
    for (const id of carriers.keys()) await disputes.applyDue(id, atMs)
  }

  /** One message a line, however many of its blocks are gone. */
  async #tellUnblocked(gone: Awaited<ReturnType<Core['blocks']['applyDue']>>): Promise<void> {
    const { core, outbox, clock } = this.#parts
    const nowMs = clock.now()
    for (const [lineId, ended] of Map.groupBy(gone, (each) => each.lineId)) {
      const line = await core.lines.byId(lineId)
      if (line === undefined) continue
      const carrier = carrierOf(this.#parts, line.carrier)
      const kinds = ended.map(({ block }) => block.kind)
      const rest = line.blocks.map(({ kind }) => kind)
      const message: NewMessage = {
        ...{ lineId, carrier: carrier.id, phoneNumber: line.phoneNumber, kind: 'unblocked' },
        text: `[${carrier.name}] ${unblockedText(kinds, rest, line.language)}`,
        about: ended.map(({ block }) => block.id).join(' '),
        ...inHours(carrier.profileAt(nowMs), nowMs),
      }
      await outbox.save([message])
    }
  }

  async #runDay(carrier: Carrier): Promise<void> {
    const { bills, relief, dunning, statements, retention, clock } = this.#parts
    const day = this.#nextDay(carrier)
    const profile = carrier.profileAt(this.#nextDayMs(carrier))
    const cycle = previousCycle(cycleOfDate(day))
    if (billDateOf(profile, cycle) === day) await bills.close(carrier.id, cycle)
    await relief.run(carrier.id)
    await dunning.run(carrier.id)
    await statements.run(carrier.id)
    if (day.endsWith('-01')) await retention.purgeCarrier(carrier.id, clock.now())
    await this.#parts.pool.query(
      `insert into carrier.agenda (carrier, task, done_to) values ($1, 'day', $2)
       on conflict (carrier, task) do update set done_to = excluded.done_to`,
      [carrier.id, new Date(startOfDayMs(day, profile.zone))],
    )
    this.#doneTo.set(carrier.id, day)
  }

  /** On the very first start the day counts as done: there was nothing before it. */
  async #load(): Promise<void> {
    const { pool, carriers, clock } = this.#parts
    if (this.#doneTo.size === carriers.size) return
    for (const carrier of carriers.values()) {
      const { zone } = carrier.profileAt(clock.now())
      const today = dateOf(clock.now(), zone)
      const { rows } = await pool.query<{ done_to: Date }>(
        `insert into carrier.agenda (carrier, task, done_to) values ($1, 'day', $2)
         on conflict (carrier, task) do update set done_to = agenda.done_to returning done_to`,
        [carrier.id, new Date(startOfDayMs(today, zone))],
      )
      const [row] = rows
      if (row !== undefined) this.#doneTo.set(carrier.id, dateOf(row.done_to.getTime(), zone))
    }
  }

  #nextDay(carrier: Carrier): CalendarDate {
    const done = this.#doneTo.get(carrierOf(this.#parts, carrier.id).id)
    if (done === undefined) throw new Error('the agenda was not read')
    return addDays(done, 1)
  }

  #nextDayMs(carrier: Carrier): number {
    const { zone } = carrier.profileAt(this.#parts.clock.now())
    return startOfDayMs(this.#nextDay(carrier), zone)
  }
}

function earliest(instants: readonly (number | undefined)[]): number | undefined {
  return instants.reduce((best, at) => {
    if (best === undefined || at === undefined) return best ?? at
    return Math.min(best, at)
  }, undefined)
}

/** Work that is due again as soon as it was done, many times in a row, does not get done: better to say so than to spin. */
class Standstill {
  #atMs = Number.NaN
  #times = 0

  check(atMs: number): void {
    this.#times = atMs === this.#atMs ? this.#times + 1 : 0
    this.#atMs = atMs
    if (this.#times > 20) throw new Error('the work of the agenda does not get done')
  }
}
