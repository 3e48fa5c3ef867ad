import { type ClockPosition, TestClock } from '@jeon/clock'
import type { Database } from '../database.ts'

/** The sandbox's test clock, opened where it was left. */
export type SandboxClock = TestClock

/** Opens the clock; from then on each move is kept before it holds. */
export async function openSandboxClock(
  database: Database,
  machineMs: () => number,
): Promise<SandboxClock> {
  const row = await database.selectFrom('jeon.sandbox_clock').selectAll().executeTakeFirst()
  const frozen = row?.frozen_at_ms ?? null
  return new TestClock({
    machineMs,
    position: {
      offsetMs: Number(row?.offset_ms ?? 0),
      frozenAtMs: frozen === null ? null : Number(frozen),
    },
    save: (position) => save(database, position),
  })
}

async function save(database: Database, position: ClockPosition): Promise<void> {
  const values = { offset_ms: position.offsetMs, frozen_at_ms: position.frozenAtMs }
  await database
    .insertInto('jeon.sandbox_clock')
    .values({ only_row: true, ...values })
    .onConflict((conflict) => conflict.column('only_row').doUpdateSet(values))
    .execute()
}
