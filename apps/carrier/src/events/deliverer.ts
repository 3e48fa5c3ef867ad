import { randomUUID } from 'node:crypto'
import { CLOUD_EVENT_TYPE } from '@jeon/camara'
import type pg from 'pg'
import type { Log } from '../log.ts'
import { RETRY_MS } from './model.ts'

export interface DelivererParts {
  readonly pool: pg.Pool
  readonly log: Log
  readonly fetch: typeof fetch
}

const BATCH = 64
/** Of one sink in a batch: who does not answer keeps nobody else's events waiting. */
const PER_SINK = 8
/** After a batch that took so long the next run begins with what is due by then, in milliseconds. */
const SLOW_MS = 1_000
const TIMEOUT_MS = 5_000

interface Due {
  readonly id: string
  readonly about: string
  readonly sink: string
  readonly token: string | null
  readonly body: unknown
  readonly attempts: number
}

type Result =
  | { readonly outcome: 'delivered' }
  /** 410: the client wants no more about this payment. */
  | { readonly outcome: 'stopped' }
  | { readonly outcome: 'failed'; readonly error: string }

/**
 * Brings events to their sinks, at least once and in no promised order. What fails is tried again with growing waits that
 * are kept in SQL, so that a restart forgets nothing.
 */
export class Deliverer {
  readonly #parts: DelivererParts
  #running: Promise<void> | undefined

  constructor(parts: DelivererParts) {
    this.#parts = parts
  }

  /** Delivers all that is due. Called while it runs, it joins that run. */
  runDue(nowMs: number): Promise<void> {
    this.#running ??= this.#run(nowMs).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** When the next delivery is due, Unix milliseconds. */
  async nextAt(): Promise<number | undefined> {
    const { rows } = await this.#parts.pool.query<{ due_at: Date | null }>(
      `select min(due_at) as due_at from carrier.delivery
       where delivered_at is null and given_up_at is null`,
    )
    return rows[0]?.due_at?.getTime()
  }

  async #run(nowMs: number): Promise<void> {
    for (;;) {
      const beganMs = performance.now()
      const due = await this.#due(nowMs)
      if (due.length === 0) return
      // Events of one payment go one after the other, of different payments side by side.
      await Promise.all(
        [...Map.groupBy(due, ({ about }) => about).values()].map((ofOne) =>
          this.#inTurn(ofOne, nowMs),
        ),
      )
      if (performance.now() - beganMs > SLOW_MS) return
    }
  }

  async #due(nowMs: number): Promise<readonly Due[]> {
    const { rows } = await this.#parts.pool.query<Due>(
      `select id, about, sink, token, body, attempts from carrier.delivery
       where id in (
         select id from (
           select id, due_at, created_at, row_number() over (partition by sink order by due_at, created_at, id) as place
           from carrier.delivery
           where delivered_at is null and given_up_at is null and due_at <= $1) waiting
         where place <= ${PER_SINK}
         order by due_at, created_at, id limit ${BATCH})
       order by due_at, created_at, id`,
      [new Date(nowMs)],
    )
    return rows
  }

  async #inTurn(ofOne: readonly Due[], nowMs: number): Promise<void> {
    for (const due of ofOne) {
      const result = await this.#send(due)
      await this.#note(due, result, nowMs)
      if (result.outcome === 'stopped') return
    }
  }

  async #send({ sink, token, body }: Due): Promise<Result> {
    try {
      const response = await this.#parts.fetch(sink, {
        method: 'POST',
        headers: {
          'content-type': CLOUD_EVENT_TYPE,
          'x-correlator': randomUUID(),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
        // A redirect could lead anywhere; a sink is where it was said to be.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await response.body?.cancel()
      if (response.ok) return { outcome: 'delivered' }
      if (response.status === 410) return { outcome: 'stopped' }
      return { outcome: 'failed', error: `status ${response.status}` }
    } catch (error) {
      return { outcome: 'failed', error: error instanceof Error ? error.message : 'no answer' }
    }
  }

  async #note(due: Due, result: Result, nowMs: number): Promise<void> {
    const { pool, log } = this.#parts
    const now = new Date(nowMs)
    if (result.outcome === 'delivered') {
      await pool.query(
        'update carrier.delivery set delivered_at = $2, attempts = attempts + 1, last_error = null where id = $1',
        [due.id, now],
      )
      return
    }
    if (result.outcome === 'stopped') {
      await pool.query(
        `update carrier.delivery set given_up_at = $2, last_error = 'status 410'
         where about = $1 and delivered_at is null and given_up_at is null`,
        [due.about, now],
      )
      return
    }
    const wait = RETRY_MS[due.attempts]
    if (wait === undefined) log.warn('event.given_up', { delivery: due.id, error: result.error })
    await pool.query(
      `update carrier.delivery
       set attempts = attempts + 1, last_error = $2, due_at = $3, given_up_at = $4 where id = $1`,
      [due.id, result.error, new Date(nowMs + (wait ?? 0)), wait === undefined ? now : null],
    )
  }
}
