import { type MarketProfile, sendingAtMs } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import type { Changes } from '../live/model.ts'
import type { NewMessage } from '../model.ts'

/**
 * For a message that can wait for the market's hours: bills, dunning, and whatever else the calendar writes. What warns
 * of a charge, or answers what the owner does, does not wait.
 */
export function inHours(profile: MarketProfile, nowMs: number): Pick<NewMessage, 'sendAtMs'> {
  const sendAtMs = sendingAtMs(profile, nowMs)
  return sendAtMs === nowMs ? {} : { sendAtMs }
}

interface Parts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly changes: Changes
}

const TOLD_AT_ONCE = 2_000

/** Messages that wait for their hour. They are sent by the clock alone: here the live feed is told when. */
export class WaitingMessages {
  readonly #parts: Parts
  /** Whoever listens was told of all that went out up to here; before the start nobody listened. */
  #toldToMs: number | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** When the next one goes out, Unix milliseconds. */
  async nextAt(): Promise<number | undefined> {
    const { rows } = await this.#parts.pool.query<{ at: Date | null }>(
      'select min(send_at) as at from carrier.message where send_at > $1',
      [new Date(this.#toldTo())],
    )
    return rows[0]?.at?.getTime()
  }

  /** Tells of those that have gone out by now. */
  async tellSent(nowMs: number): Promise<void> {
    const { pool, changes } = this.#parts
    const from = new Date(this.#toldTo())
    for (let after = ''; ; ) {
      const { rows } = await pool.query<{ id: string; line_id: string; send_at: Date }>(
        `select id, line_id, send_at from carrier.message
         where send_at > $1 and send_at <= $2 and id > $3 order by id limit $4`,
        [from, new Date(nowMs), after, TOLD_AT_ONCE],
      )
      for (const { id, line_id: lineId, send_at: sentAt } of rows) {
        changes.tell({ lineId, what: 'message', id, atMs: sentAt.getTime() })
      }
      const last = rows.at(-1)
      if (last === undefined) break
      after = last.id
    }
    this.#toldToMs = nowMs
  }

  #toldTo(): number {
    this.#toldToMs ??= this.#parts.clock.now()
    return this.#toldToMs
  }
}
