import type pg from 'pg'

const DAY_MS = 86_400_000

/**
 * Forgets codes and proofs a month after they ended, events three months after they were brought or given up, and what
 * clients asked for three months ago.
 */
export async function purgeAccess(pool: pg.Pool, nowMs: number): Promise<void> {
  const month = new Date(nowMs - 30 * DAY_MS)
  await pool.query('delete from carrier.code where expires_at < $1', [month])
  await pool.query('delete from carrier.proof where expires_at < $1', [month])
  await pool.query('delete from carrier.delivery where coalesce(delivered_at, given_up_at) < $1', [
    new Date(nowMs - 90 * DAY_MS),
  ])
  await pool.query('delete from carrier.client_usage where day < $1::date', [
    new Date(nowMs - 90 * DAY_MS),
  ])
}
