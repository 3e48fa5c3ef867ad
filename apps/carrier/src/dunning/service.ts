import { type CalendarDate, dateOf, type MarketProfile, sendingAtMs } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import type { Bill } from '../bills/model.ts'
import type { Postings } from '../bills/postings.ts'
import { carrierOf } from '../bills/service.ts'
import { inTurn } from '../bills/turn.ts'
import type { Core } from '../core.ts'
import type { Changes } from '../live/model.ts'
import { missedText, noticeText, stepText } from '../messages/dunning.ts'
import type { Outbox } from '../messages/model.ts'
import { inHours } from '../messages/waiting.ts'
import type { Carrier, CarrierId, Line, NewMessage } from '../model.ts'
import { overdueLines, readFacts, restorableLines } from './facts.ts'
import { missDueDate } from './misses.ts'
import type { Rung, Standing } from './model.ts'
import { type DunningAction, planFor } from './plan.ts'
import type { Restorer } from './restore.ts'
import { readStanding } from './standing.ts'
import { chargeOff } from './write-off.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly core: Pick<Core, 'lines' | 'blocks'>
  readonly outbox: Outbox
  readonly changes: Changes
  readonly postings: Postings
  readonly restorer: Restorer
}

type StageAction = Extract<DunningAction, { readonly do: 'stage' }>

const LINES_AT_ONCE = 500

/** The ladder from a missed due date to the end of a line, and back. */
export class Dunning {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * A carrier's daily work: surcharges for due dates that have passed, notices, stages whose day has come, charge-offs.
   * Running it twice on a day does nothing more; a day left out is made up for, but no stage comes before its own
   * notice is as old as the market asks.
   */
  async run(carrierId: CarrierId): Promise<void> {
    const { pool, clock, restorer, postings } = this.#parts
    const carrier = carrierOf(this.#parts, carrierId)
    const { zone } = carrier.profileAt(clock.now())
    const today = dateOf(clock.now(), zone)
    for (const lineId of await restorableLines(pool, carrierId)) await restorer.look(lineId)
    let after = ''
    for (;;) {
      const lineIds = await overdueLines(pool, carrierId, today, after, LINES_AT_ONCE)
      const last = lineIds.at(-1)
      if (last === undefined) break
      for (const facts of await readFacts(pool, lineIds, zone)) {
        const actions = planFor(facts, today, (version) => carrier.profileOf(version))
        if (actions.length > 0) await this.#dun(carrier, facts.lineId, today)
      }
      after = last
    }
    await postings.book()
  }

  /** What a line owes, what follows, and what restores it. Undefined: there is no such line. */
  async standing(lineId: string): Promise<Standing | undefined> {
    const line = await this.#parts.core.lines.byId(lineId)
    if (line === undefined) return undefined
    const carrier = carrierOf(this.#parts, line.carrier)
    return readStanding(this.#parts.pool, carrier, line, this.#parts.clock.now())
  }

  /** Does what the plan says for a line. The plan is made again in the line's turn: a receipt may have come in. */
  async #dun(carrier: Carrier, lineId: string, today: CalendarDate): Promise<void> {
    const { pool, core, outbox, changes, clock } = this.#parts
    const line = await core.lines.byId(lineId)
    if (line === undefined) return
    const { zone } = carrier.profileAt(clock.now())
    const messages: NewMessage[] = []
    const stages = await inTurn(pool, line, async (client) => {
      const [facts] = await readFacts(client, [lineId], zone)
      if (facts === undefined) return []
      const profileOf = (version: string) => carrier.profileOf(version)
      // A surcharge that is added now is owed in every sentence after it.
      const grown = new Map<string, Bill>()
      const actions = planFor(facts, today, profileOf, this.#sendingOf(carrier).on)
      const stages: StageAction[] = []
      for (const planned of actions) {
        const action = { ...planned, bill: grown.get(planned.bill.id) ?? planned.bill }
        const { bill, told } = await this.#write(client, carrier, line, action)
        grown.set(bill.id, bill)
        messages.push(...told)
        if (action.do === 'stage') stages.push(action)
      }
      await outbox.saveIn(client, messages)
      return stages
    })
    outbox.announce(messages)
    for (const { bill, stage } of stages) await this.#take(carrier, line, bill, stage)
    changes.tell({ lineId, what: 'standing', id: lineId, atMs: clock.now() })
  }

  /** What of an action is said in SQL. @returns what to tell the owner, and the bill as it is then */
  async #write(
    client: pg.PoolClient,
    carrier: Carrier,
    line: Line,
    action: DunningAction,
  ): Promise<{ readonly bill: Bill; readonly told: readonly NewMessage[] }> {
    const { bill } = action
    const profile = carrier.profileOf(bill.profileVersion)
    const at = new Date(this.#parts.clock.now())
    const { postings } = this.#parts
    const sending = this.#sendingOf(carrier)
    switch (action.do) {
      case 'miss': {
        const miss = { bill, missed: action.missed, profile, at }
        const added = await missDueDate(client, postings, miss)
        const text = missedText({ carrier, profile, bill, added, language: line.language })
        const about = `${bill.id} missed ${action.missed}`
        const told = [messageTo(line, 'dunning_notice', { text, about, ...sending.waits })]
        return { bill: { ...bill, total: bill.total + added, owed: bill.owed + added }, told }
      }
      case 'notice': {
        await client.query(
          `insert into carrier.dunning_step (line_id, bill_id, stage, notice_on, due_on, noticed_at)
           values ($1, $2, $3, $4::date, $5::date, $6)
           on conflict (bill_id, stage) do update
             set notice_on = excluded.notice_on, due_on = excluded.due_on, noticed_at = excluded.noticed_at,
                 done_at = null, ended_at = null`,
          [line.id, bill.id, action.stage, sending.on, action.on, sending.at],
        )
        const { stage, on } = action
        const text = noticeText({ carrier, profile, bill, stage, on, language: line.language })
        const about = `${bill.id} ${stage}`
        const told = [messageTo(line, 'dunning_notice', { text, about, ...sending.waits })]
        return { bill, told }
      }
      case 'charge_off': {
        await chargeOff(client, postings, bill)
        return { bill, told: [] }
      }
      case 'stage':
        return { bill, told: [] }
    }
  }

  /** Takes a step. The line first and the record after it: what is repeated after a crash changes nothing. */
  async #take(carrier: Carrier, line: Line, bill: Bill, stage: Rung): Promise<void> {
    const { core, pool, outbox, clock } = this.#parts
    if (stage === 'blocked') await core.lines.setArrears(line.id, true)
    else await core.lines.setStage(line.id, stage)
    const profile: MarketProfile = carrier.profileOf(bill.profileVersion)
    const sending = this.#sendingOf(carrier)
    // The stage `notice` has no notice of its own: it is one, and comes when it is sent.
    const isNotice = stage === 'notice'
    const at = isNotice ? sending.at : new Date(clock.now())
    const on = dateOf(at.getTime(), profile.zone)
    const text = stepText({ carrier, profile, bill, stage, on, language: line.language })
    const about = `${bill.id} ${stage} done`
    const kind = isNotice ? 'dunning_notice' : 'dunning_step'
    const message = messageTo(line, kind, { text, about, ...sending.waits })
    await inTurn(pool, line, async (client) => {
      await client.query(
        `insert into carrier.dunning_step (line_id, bill_id, stage, notice_on, due_on, noticed_at, done_at)
         values ($1, $2, $3, $4::date, $4::date, $5, $5)
         on conflict (bill_id, stage) do update set done_at = excluded.done_at, ended_at = null`,
        [line.id, bill.id, stage, on, at],
      )
      await outbox.saveIn(client, [message])
    })
    outbox.announce([message])
  }

  /** When what is written now goes out: that, not the writing, is when the owner was told. */
  #sendingOf(carrier: Carrier): {
    readonly at: Date
    readonly on: CalendarDate
    readonly waits: Pick<NewMessage, 'sendAtMs'>
  } {
    const nowMs = this.#parts.clock.now()
    const profile = carrier.profileAt(nowMs)
    const atMs = sendingAtMs(profile, nowMs)
    return {
      at: new Date(atMs),
      on: dateOf(atMs, profile.zone),
      waits: inHours(profile, nowMs),
    }
  }
}

function messageTo(
  line: Line,
  kind: NewMessage['kind'],
  message: Pick<NewMessage, 'text' | 'about' | 'sendAtMs'>,
): NewMessage {
  const { id: lineId, carrier, phoneNumber } = line
  return { lineId, carrier, phoneNumber, kind, ...message }
}
