import type pg from 'pg'
import type { AllowanceStore } from './allowance.ts'

/**
 * A payment that waits for its validation is neither: nobody has confirmed it yet, and it is not bought without that. A
 * confirmed one counts from when the ledger counted it, which may be a little before its owner confirmed it. One that was
 * acknowledged and waits to be decided counts when it is.
 */
const SPENT_SQL = `
  with today as (
    select line_id, amount, coalesce(counted_at, created_at) as at,
           validation->>'authorizationId' is not null
             or facts->'shown' ?| array['sms_code', 'password', 'biometric', 'identity'] as confirmed
    from carrier.payment
    where carrier = $1
      and (status in ('reserved', 'succeeded') or status = 'processing' and not asynchronous)
      and created_at >= $2::timestamptz - interval '1 day' and coalesce(counted_at, created_at) >= $2
  ), since as (
    select line_id, max(at) as at from today where confirmed group by line_id
  )
  select t.line_id, sum(t.amount) as spent, coalesce(max(s.at), $2::timestamptz) as since
  from today t left join since s using (line_id)
  where not t.confirmed and (s.at is null or t.at >= s.at)
  group by t.line_id`

export function createAllowanceStore(pool: pg.Pool): AllowanceStore {
  return {
    async spentSince(carrier, sinceMs) {
      const { rows } = await pool.query<{ line_id: string; spent: string; since: Date }>(
        SPENT_SQL,
        [carrier, new Date(sinceMs)],
      )
      return rows.map(({ line_id: lineId, spent, since }) => {
        return { lineId, spent: BigInt(spent), sinceMs: since.getTime() }
      })
    },
  }
}
