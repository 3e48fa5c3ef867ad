import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import { createId } from '../ids.ts'
import type { Line } from '../model.ts'

/** What a client learned about a line, for the owner's eyes. */
export interface Inquiry {
  readonly id: string
  readonly clientId: string
  /** The API, such as `sim-swap`. */
  readonly api: string
  /** What was answered, in a few words: `swapped: false`. */
  readonly answer: string
  readonly atMs: number
}

/** Notes who looked at a line's SIM, device, age, tenure or status. */
export class Inquiries {
  readonly #pool: pg.Pool
  readonly #clock: Clock

  constructor(pool: pg.Pool, clock: Clock) {
    this.#pool = pool
    this.#clock = clock
  }

  async note(line: Line, clientId: string, api: string, answer: string): Promise<void> {
    await this.#pool.query(
      `insert into carrier.inquiry (id, line_id, client_id, api, answer, at)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        ...[createId('inquiry', this.#clock.machineNow()), line.id, clientId, api, answer],
        new Date(this.#clock.now()),
      ],
    )
  }

  /** Newest first. */
  async ofLine(lineId: string, limit: number): Promise<readonly Inquiry[]> {
    const { rows } = await this.#pool.query<{
      id: string
      client_id: string
      api: string
      answer: string
      at: Date
    }>(
      `select id, client_id, api, answer, at from carrier.inquiry
       where line_id = $1 order by at desc, id desc limit $2`,
      [lineId, limit],
    )
    return rows.map(({ id, client_id: clientId, api, answer, at }) => ({
      ...{ id, clientId, api, answer },
      atMs: at.getTime(),
    }))
  }
}
