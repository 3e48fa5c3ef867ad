import { type ClockPosition, TestClock } from '@jeon/clock'
import type pg from 'pg'

/** Opens the sandbox's clock where it was left; from then on each move is kept before it holds. */
export async function openClock(pool: pg.Pool, machineMs: () => number): Promise<TestClock> {
  const { rows } = await pool.query<{ offset_ms: string; frozen_at_ms: string | null }>(
    'select offset_ms, frozen_at_ms from carrier.sandbox_clock',
  )
  const [row] = rows
  const frozen = row?.frozen_at_ms ?? null
  return new TestClock({
    machineMs,
    position: {
      offsetMs: Number(row?.offset_ms ?? 0),
      frozenAtMs: frozen === null ? null : Number(frozen),
    },
    save: (position) => save(pool, position),
  })
}

async function save(pool: pg.Pool, { offsetMs, frozenAtMs }: ClockPosition): Promise<void> {
  await pool.query(
    `insert into carrier.sandbox_clock (only_row, offset_ms, frozen_at_ms) values (true, $1, $2)
     on conflict (only_row) do update set offset_ms = $1, frozen_at_ms = $2`,
    [offsetMs, frozenAtMs],
  )
}
