import {
  addDays,
  addMonths,
  type CalendarDate,
  dateOf,
  type MarketProfile,
  minorOf,
  type PercentText,
  percentOf,
} from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import type { Postings } from '../bills/postings.ts'
import { carrierOf } from '../bills/service.ts'
import { inTurn } from '../bills/turn.ts'
import type { Core } from '../core.ts'
import { positionOf } from '../dunning/model.ts'
import { beginPause, endPause } from '../dunning/pauses.ts'
import type { Restorer } from '../dunning/restore.ts'
import { createId } from '../ids.ts'
import type { Changes } from '../live/model.ts'
import type { Outbox } from '../messages/model.ts'
import { type ReliefEvent, reliefText } from '../messages/texts.ts'
import { inHours } from '../messages/waiting.ts'
import { amountText } from '../messages/words.ts'
import type { Carrier, CarrierId, Line } from '../model.ts'
import { billedDebts } from '../receipts/debts.ts'
import { cutDebt } from './cut.ts'
import type { Relief, ReliefOutcome } from './model.ts'
import {
  findRelief,
  insertRelief,
  owedInPlan,
  reliefsOf,
  runningPlans,
  updateRelief,
} from './store.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly core: Pick<Core, 'lines'>
  readonly outbox: Outbox
  readonly changes: Changes
  readonly postings: Postings
  readonly restorer: Restorer
}

const MONTHS_MAX = 120
/** Large enough that no percentage is rounded. */
const WHOLE = 1_000_000n

/** Debt relief of lines. */
export class Reliefs {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Applies for relief: from tomorrow dunning stands still until it is refused, paid off or broken. */
  async apply(
    lineId: string,
    terms: { readonly cutPercent: PercentText; readonly months: number },
  ): Promise<ReliefOutcome> {
    const line = await this.#parts.core.lines.byId(lineId)
    if (line === undefined) return { ok: false, code: 'line_not_found' }
    if (!areTerms(terms)) return { ok: false, code: 'terms_invalid' }
    const { pool, clock } = this.#parts
    const nowMs = clock.now()
    const outcome = await inTurn(pool, line, async (client): Promise<ReliefOutcome> => {
      if ((await billedDebts(client, lineId)).length === 0) {
        return { ok: false, code: 'nothing_owed' }
      }
      const relief = await insertRelief(client, {
        ...{ id: createId('relief', clock.machineNow()), lineId, appliedAtMs: nowMs },
        ...terms,
      })
      if (relief === undefined) return { ok: false, code: 'already_running' }
      await beginPause(client, {
        id: createId('pause', clock.machineNow()),
        ...{ lineId, cause: 'relief', about: relief.id },
        from: addDays(dateOf(nowMs, this.#profileOf(line).zone), 1),
      })
      return { ok: true, relief }
    })
    if (outcome.ok) await this.#say('applied', outcome.relief, line)
    return outcome
  }

  /** Grants an application: the debt is cut now, the rest is paid in equal months from today. */
  grant(id: string): Promise<ReliefOutcome> {
    return this.#decide(id, async (client, relief, line) => {
      const at = new Date(this.#parts.clock.now())
      const profile = this.#profileOf(line)
      const cut = { relief, carrier: line.carrier, profile, at }
      return {
        ...relief,
        state: 'granted',
        owed: await cutDebt(client, this.#parts.postings, cut),
        grantedOn: dateOf(at.getTime(), profile.zone),
      }
    })
  }

  refuse(id: string): Promise<ReliefOutcome> {
    return this.#decide(id, async (client, relief, line) => {
      await endPause(client, 'relief', relief.id, this.#today(line))
      return { ...relief, state: 'refused' }
    })
  }

  /** Newest first. */
  list(lineId: string): Promise<Relief[]> {
    return reliefsOf(this.#parts.pool, lineId)
  }

  find(id: string): Promise<Relief | undefined> {
    return findRelief(this.#parts.pool, id)
  }

  /**
   * A carrier's daily look at its plans: what is paid off is complete, a missed instalment breaks the plan, and after the
   * market's number of months the line works again. Running it twice does nothing more.
   */
  async run(carrier: CarrierId): Promise<void> {
    for (const relief of await runningPlans(this.#parts.pool, carrier)) {
      const line = await this.#parts.core.lines.byId(relief.lineId)
      if (line !== undefined) await this.#follow(relief, line)
    }
  }

  async #follow(relief: Relief, line: Line): Promise<void> {
    const { pool, restorer } = this.#parts
    const next = await inTurn(pool, line, async (client) => {
      const changed = this.#judged(relief, await owedInPlan(client, line.id), line)
      if (changed === undefined) return undefined
      if (changed.state !== 'granted') {
        await endPause(client, 'relief', relief.id, this.#today(line))
      }
      if (changed.state === 'broken') await backToDunning(client, line)
      return updateRelief(client, changed, 'granted')
    })
    if (next === undefined) return
    if (next.state === 'completed' || next.state === 'broken')
      await this.#say(next.state, next, line)
    if (next.state === 'completed') await restorer.look(line.id)
    const { reliefRestoreMonths } = this.#profileOf(line).dunning
    if (next.state === 'granted' && next.paidMonths >= reliefRestoreMonths) {
      await restorer.restore(line.id)
    }
  }

  /** What has become of a plan by today; undefined: nothing new. */
  #judged(relief: Relief, owedNow: bigint, line: Line): Relief | undefined {
    const { grantedOn, months } = relief
    if (grantedOn === null) return undefined
    if (owedNow === 0n) return { ...relief, state: 'completed' }
    const today = this.#today(line)
    let passed = relief.paidMonths
    while (passed < months && addMonths(grantedOn, passed + 1) < today) passed += 1
    if (passed === relief.paidMonths) return undefined
    const paid = relief.owed - owedNow
    const isKept = paid >= dueAfter(relief, passed, this.#profileOf(line))
    return isKept ? { ...relief, paidMonths: passed } : { ...relief, state: 'broken' }
  }

  async #decide(
    id: string,
    decision: (client: pg.PoolClient, relief: Relief, line: Line) => Promise<Relief>,
  ): Promise<ReliefOutcome> {
    const { pool, core, postings, clock } = this.#parts
    const relief = await findRelief(pool, id)
    const line = relief && (await core.lines.byId(relief.lineId))
    if (relief === undefined || line === undefined) return { ok: false, code: 'relief_not_found' }
    const decided = await inTurn(pool, line, async (client) => {
      const fresh = await findRelief(client, id)
      if (fresh?.state !== 'applied') return undefined
      const next = await decision(client, fresh, line)
      return updateRelief(client, { ...next, decidedAtMs: clock.now() }, 'applied')
    })
    if (decided === undefined) return { ok: false, code: 'wrong_state' }
    await postings.book(line.id)
    if (decided.state !== 'applied') await this.#say(decided.state, decided, line)
    return { ok: true, relief: decided }
  }

  async #say(event: ReliefEvent, relief: Relief, line: Line): Promise<void> {
    const { outbox, changes, clock } = this.#parts
    const profile = this.#profileOf(line)
    const detail = {
      instalment: amountText(profile, dueAfter(relief, 1, profile), line.language),
      months: relief.months,
    }
    const carrier = carrierOf(this.#parts, line.carrier)
    await outbox.save([
      {
        ...{ lineId: line.id, carrier: line.carrier, phoneNumber: line.phoneNumber },
        kind: 'relief',
        text: reliefText(event, detail, line.language, carrier),
        about: relief.id,
        // Of these the calendar decides, at midnight; the others answer somebody.
        ...(event === 'completed' || event === 'broken' ? inHours(profile, clock.now()) : {}),
      },
    ])
    changes.tell({ lineId: line.id, what: 'standing', id: relief.id, atMs: clock.now() })
  }

  #today(line: Line): CalendarDate {
    return dateOf(this.#parts.clock.now(), this.#profileOf(line).zone)
  }

  #profileOf(line: Line): MarketProfile {
    return carrierOf(this.#parts, line.carrier).profileAt(this.#parts.clock.now())
  }
}

/** What of a plan has to be paid after so many months, in smallest units: whole steps, all of it at the end. */
function dueAfter({ owed, months }: Relief, passed: number, profile: MarketProfile): bigint {
  if (passed >= months) return owed
  const share = (owed * BigInt(passed)) / BigInt(months)
  return share - (share % minorOf(profile, profile.amountStep))
}

function areTerms(terms: { readonly cutPercent: PercentText; readonly months: number }): boolean {
  const { cutPercent, months } = terms
  if (!Number.isInteger(months) || months < 1 || months > MONTHS_MAX) return false
  try {
    return percentOf(WHOLE, cutPercent, 'down') <= WHOLE
  } catch {
    return false
  }
}

/** The steps that still hold the line are again those of its bills; a line that was restored meanwhile begins anew. */
async function backToDunning(client: pg.PoolClient, line: Line): Promise<void> {
  if (positionOf(line) !== 'due') {
    await client.query(
      `update carrier.dunning_step s set ended_at = null from carrier.bill b
       where b.line_id = $1 and b.state = 'relief' and b.settled < b.total
         and s.bill_id = b.id and s.done_at is not null`,
      [line.id],
    )
  }
  await client.query(
    `update carrier.bill set state = case
       when settled = total then 'paid' when missed = 0 then 'open'
       when missed = 1 then 'overdue_1' else 'overdue_2' end
     where line_id = $1 and state = 'relief'`,
    [line.id],
  )
}
