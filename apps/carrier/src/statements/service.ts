import { addDays, type CalendarDate, compareDates, startOfDayMs } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import { carrierOf } from '../bills/service.ts'
import type { Core } from '../core.ts'
import { inTransaction } from '../database.ts'
import { createId } from '../ids.ts'
import type { Outbox } from '../messages/model.ts'
import { statementText } from '../messages/texts.ts'
import { inHours } from '../messages/waiting.ts'
import type { Carrier, CarrierId, NewMessage } from '../model.ts'
import type { Statement, StatementOutcome } from './model.ts'
import { writeStatement } from './text.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly core: Pick<Core, 'lines'>
  readonly outbox: Outbox
}

const ANSWER_MS = 14 * 86_400_000

/** Statements on request. */
export class Statements {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Asks for a statement of the days from `from` to `to`, both included. It is written in the next daily work. */
  async request(lineId: string, from: CalendarDate, to: CalendarDate): Promise<StatementOutcome> {
    const { core, pool, clock } = this.#parts
    if ((await core.lines.byId(lineId)) === undefined) return { ok: false, code: 'line_not_found' }
    if (!isPeriod(from, to)) return { ok: false, code: 'period_invalid' }
    const nowMs = clock.now()
    const { rows } = await pool.query<StatementRow>(
      `insert into carrier.statement_request (id, line_id, from_on, to_on, requested_at, answer_by)
       values ($1, $2, $3::date, $4::date, $5, $6) returning *`,
      [
        createId('statement', clock.machineNow()),
        ...[lineId, from, to, new Date(nowMs), new Date(nowMs + ANSWER_MS)],
      ],
    )
    const [row] = rows
    if (row === undefined) throw new Error('a statement request was not written')
    return { ok: true, statement: statementOf(row) }
  }

  async find(id: string): Promise<Statement | undefined> {
    const { rows } = await this.#parts.pool.query<StatementRow>(
      'select * from carrier.statement_request where id = $1',
      [id],
    )
    return rows[0] && statementOf(rows[0])
  }

  /** Newest first. */
  async list(lineId: string): Promise<Statement[]> {
    const { rows } = await this.#parts.pool.query<StatementRow>(
      'select * from carrier.statement_request where line_id = $1 order by requested_at desc, id desc',
      [lineId],
    )
    return rows.map(statementOf)
  }

  /** Writes what a carrier's lines have asked for. @returns how many */
  async run(carrierId: CarrierId): Promise<number> {
    const { rows } = await this.#parts.pool.query<StatementRow>(
      `select s.* from carrier.statement_request s join carrier.line l on l.id = s.line_id
       where s.ready_at is null and l.carrier = $1 order by s.requested_at, s.id`,
      [carrierId],
    )
    for (const row of rows) await this.#write(carrierOf(this.#parts, carrierId), statementOf(row))
    return rows.length
  }

  async #write(carrier: Carrier, statement: Statement): Promise<void> {
    const { pool, core, clock, outbox } = this.#parts
    const line = await core.lines.byId(statement.lineId)
    if (line === undefined) return
    const { from, to } = statement
    const profile = carrier.profileAt(clock.now())
    const text = await writeStatement(pool, { carrier, profile, line, from, to })
    const message: NewMessage = {
      ...{ lineId: line.id, carrier: line.carrier, phoneNumber: line.phoneNumber },
      kind: 'statement',
      text: statementText(from, to, line.language, carrier),
      about: statement.id,
      ...inHours(profile, clock.now()),
    }
    await inTransaction(pool, async (client) => {
      await client.query(
        'update carrier.statement_request set ready_at = $2, text = $3 where id = $1 and ready_at is null',
        [statement.id, new Date(clock.now()), text],
      )
      await outbox.saveIn(client, [message])
    })
    outbox.announce([message])
  }
}

function isPeriod(from: CalendarDate, to: CalendarDate): boolean {
  try {
    // Days that do not exist throw.
    const isWhole = addDays(from, 0) === from && addDays(to, 0) === to
    return isWhole && compareDates(from, to) <= 0 && startOfDayMs(from, 'UTC') > 0
  } catch {
    return false
  }
}

interface StatementRow {
  readonly id: string
  readonly line_id: string
  readonly from_on: string
  readonly to_on: string
  readonly requested_at: Date
  readonly answer_by: Date
  readonly ready_at: Date | null
  readonly text: string | null
}

function statementOf(row: StatementRow): Statement {
  return {
    id: row.id,
    lineId: row.line_id,
    from: row.from_on,
    to: row.to_on,
    requestedAtMs: row.requested_at.getTime(),
    answerByMs: row.answer_by.getTime(),
    readyAtMs: row.ready_at?.getTime() ?? null,
    text: row.text,
  }
}
