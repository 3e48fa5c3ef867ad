import type { CalendarDate } from '@jeon/billing'
import type pg from 'pg'

/** Stops the clock of a line's ladder from a day on. Once per cause. */
export async function beginPause(
  client: pg.PoolClient,
  pause: {
    readonly id: string
    readonly lineId: string
    readonly cause: 'dispute' | 'relief'
    readonly about: string
    readonly from: CalendarDate
  },
): Promise<void> {
  await client.query(
    `insert into carrier.pause (id, line_id, cause, about, from_on) values ($1, $2, $3, $4, $5::date)
     on conflict (cause, about) do nothing`,
    [pause.id, pause.lineId, pause.cause, pause.about, pause.from],
  )
}

/** Lets the clock run on from a day on: that day counts again. */
export async function endPause(
  client: pg.PoolClient,
  cause: 'dispute' | 'relief',
  about: string,
  until: CalendarDate,
): Promise<void> {
  await client.query(
    `update carrier.pause set until_on = greatest(from_on, $3::date)
     where cause = $1 and about = $2 and until_on is null`,
    [cause, about, until],
  )
}
