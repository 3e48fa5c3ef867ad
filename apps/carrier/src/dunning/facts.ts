import type { CalendarDate } from '@jeon/billing'
import type pg from 'pg'
import type { Bill } from '../bills/model.ts'
import { type BillRow, billOf } from '../bills/rows.ts'
import type { LineStage } from '../model.ts'
import type { DunningFacts, DunningStep, Rung } from './model.ts'

type Client = pg.Pool | pg.PoolClient

/** What dunning has to know of some lines, in four queries however many they are. */
export async function readFacts(
  client: Client,
  lineIds: readonly string[],
  zone: string,
): Promise<DunningFacts[]> {
  const lines = await client.query<LineRow>(
    'select id, carrier, stage, in_arrears from carrier.line where id = any($1::text[]) order by id',
    [lineIds],
  )
  const bills = await client.query<BillRow>(
    `select * from carrier.bill
     where line_id = any($1::text[]) and settled < total and state <> 'relief' order by due_on, cycle`,
    [lineIds],
  )
  const steps = await client.query<StepRow>(
    `select line_id, bill_id, stage, due_on, (noticed_at at time zone $2)::date as noticed_on,
            done_at is not null as is_done
     from carrier.dunning_step where line_id = any($1::text[]) and ended_at is null`,
    [lineIds, zone],
  )
  const pauses = await client.query<PauseRow>(
    'select line_id, from_on, until_on from carrier.pause where line_id = any($1::text[])',
    [lineIds],
  )
  const billsOf = Map.groupBy(bills.rows.map(billOf), ({ lineId }: Bill) => lineId)
  const stepsOf = Map.groupBy(steps.rows, ({ line_id }) => line_id)
  const pausesOf = Map.groupBy(pauses.rows, ({ line_id }) => line_id)
  return lines.rows.map((line) => ({
    lineId: line.id,
    carrier: line.carrier,
    stage: line.stage,
    inArrears: line.in_arrears,
    bills: billsOf.get(line.id) ?? [],
    steps: (stepsOf.get(line.id) ?? []).map(stepOf),
    pauses: (pausesOf.get(line.id) ?? []).map(({ from_on, until_on }) => ({
      from: from_on,
      until: until_on,
    })),
  }))
}

/** Lines of a carrier with something overdue, after `afterLine`, by id. */
export async function overdueLines(
  client: Client,
  carrier: string,
  today: CalendarDate,
  afterLine: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await client.query<{ line_id: string }>(
    `select distinct line_id from carrier.bill
     where carrier = $1 and settled < total and due_on < $2::date and state <> 'relief' and line_id > $3
     order by line_id limit $4`,
    [carrier, today, afterLine, limit],
  )
  return rows.map(({ line_id }) => line_id)
}

/** Lines that dunning holds although nothing that led to it is owed any more. */
export async function restorableLines(client: Client, carrier: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select l.id from carrier.line l
     where l.carrier = $1
       and (l.in_arrears or l.stage in ('notice', 'outgoing_suspended', 'fully_suspended'))
       and exists (select from carrier.bill b where b.line_id = l.id)
       and not exists (select from carrier.bill b
         where b.line_id = l.id and (b.settled < b.total or b.state = 'charged_off'))
     union
     select s.line_id from carrier.dunning_step s join carrier.bill b on b.id = s.bill_id
     where b.carrier = $1 and s.ended_at is null and b.settled = b.total and b.state <> 'charged_off'`,
    [carrier],
  )
  return rows.map(({ id }) => id)
}

interface LineRow {
  readonly id: string
  readonly carrier: string
  readonly stage: LineStage
  readonly in_arrears: boolean
}

interface StepRow {
  readonly line_id: string
  readonly bill_id: string
  readonly stage: Rung
  readonly due_on: string
  readonly noticed_on: string
  readonly is_done: boolean
}

interface PauseRow {
  readonly line_id: string
  readonly from_on: string
  readonly until_on: string | null
}

function stepOf(row: StepRow): DunningStep {
  return {
    billId: row.bill_id,
    stage: row.stage,
    noticedOn: row.noticed_on,
    dueOn: row.due_on,
    isDone: row.is_done,
  }
}
