import type pg from 'pg'
import type { Relief, ReliefState } from './model.ts'

type Client = pg.Pool | pg.PoolClient

interface ReliefRow {
  readonly id: string
  readonly line_id: string
  readonly state: ReliefState
  readonly cut_percent: string
  readonly months: number
  readonly paid_months: number
  readonly owed: string
  readonly granted_on: string | null
  readonly applied_at: Date
  readonly decided_at: Date | null
}

function reliefOf(row: ReliefRow): Relief {
  return {
    id: row.id,
    lineId: row.line_id,
    state: row.state,
    cutPercent: row.cut_percent,
    months: row.months,
    paidMonths: row.paid_months,
    owed: BigInt(row.owed),
    grantedOn: row.granted_on,
    appliedAtMs: row.applied_at.getTime(),
    decidedAtMs: row.decided_at?.getTime() ?? null,
  }
}

export async function findRelief(client: Client, id: string): Promise<Relief | undefined> {
  const { rows } = await client.query<ReliefRow>('select * from carrier.relief where id = $1', [id])
  return rows[0] && reliefOf(rows[0])
}

/** Newest first. */
export async function reliefsOf(client: Client, lineId: string): Promise<Relief[]> {
  const { rows } = await client.query<ReliefRow>(
    'select * from carrier.relief where line_id = $1 order by applied_at desc, id desc',
    [lineId],
  )
  return rows.map(reliefOf)
}

/** Plans that run, of a carrier's lines. */
export async function runningPlans(client: Client, carrier: string): Promise<Relief[]> {
  const { rows } = await client.query<ReliefRow>(
    `select r.* from carrier.relief r join carrier.line l on l.id = r.line_id
     where r.state = 'granted' and l.carrier = $1 order by r.id`,
    [carrier],
  )
  return rows.map(reliefOf)
}

/** A new application; undefined when one is running. */
export async function insertRelief(
  client: Client,
  relief: Pick<Relief, 'id' | 'lineId' | 'cutPercent' | 'months' | 'appliedAtMs'>,
): Promise<Relief | undefined> {
  const { rows } = await client.query<ReliefRow>(
    `insert into carrier.relief (id, line_id, state, cut_percent, months, applied_at)
     values ($1, $2, 'applied', $3, $4, $5)
     on conflict (line_id) where state in ('applied', 'granted') do nothing returning *`,
    [relief.id, relief.lineId, relief.cutPercent, relief.months, new Date(relief.appliedAtMs)],
  )
  return rows[0] && reliefOf(rows[0])
}

/** Writes what changed; undefined when it is not in the state that the change starts from. */
export async function updateRelief(
  client: Client,
  relief: Relief,
  from: ReliefState,
): Promise<Relief | undefined> {
  const { rows } = await client.query<ReliefRow>(
    `update carrier.relief
     set state = $3, paid_months = $4, owed = $5, granted_on = $6::date, decided_at = $7
     where id = $1 and state = $2 returning *`,
    [
      relief.id,
      from,
      relief.state,
      relief.paidMonths,
      relief.owed,
      relief.grantedOn,
      relief.decidedAtMs === null ? null : new Date(relief.decidedAtMs),
    ],
  )
  return rows[0] && reliefOf(rows[0])
}

/** What is owed of the bills in a line's plan, smallest units. */
export async function owedInPlan(client: Client, lineId: string): Promise<bigint> {
  const { rows } = await client.query<{ owed: string }>(
    `select coalesce(sum(total - settled), 0)::bigint as owed from carrier.bill
     where line_id = $1 and state = 'relief'`,
    [lineId],
  )
  return BigInt(rows[0]?.owed ?? 0)
}
