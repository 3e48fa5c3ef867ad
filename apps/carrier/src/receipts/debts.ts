import type { Bucket, Debt } from '@jeon/billing'
import type pg from 'pg'
import { UNBILLED_SQL } from '../bills/service.ts'

/** Something that a receipt can pay: an item of a bill, or a payment that is not billed yet. */
export interface Payable {
  /** Oldest first, whatever it is. */
  readonly debt: Debt
  readonly bucket: Bucket
  readonly billId: string | null
  readonly number: number | null
  readonly paymentId: string | null
  /** It was written off: paying it recovers the loss. */
  readonly isLost: boolean
}

interface ItemRow {
  readonly bill_id: string
  readonly number: number
  readonly due_on: string
  readonly bucket: Bucket
  readonly open: string
}

/** What is owed on bills, in the order in which it is paid. */
export async function billedDebts(client: pg.PoolClient, lineId: string): Promise<Payable[]> {
  const { rows } = await client.query<ItemRow>(
    `select i.bill_id, i.number, b.due_on, i.bucket,
            i.amount - i.paid - i.credited - i.relieved - i.written_off as open
     from carrier.bill b join carrier.bill_item i on i.bill_id = b.id
     where b.line_id = $1 and b.settled < b.total
       and i.paid + i.credited + i.relieved + i.written_off < i.amount
     order by b.due_on, b.cycle, i.number`,
    [lineId],
  )
  return rows.map((row, order) => ofItem(row, order, false))
}

/** What was written off and nobody has paid since, oldest first. */
export async function lostDebts(client: pg.PoolClient, lineId: string): Promise<Payable[]> {
  const { rows } = await client.query<ItemRow>(
    `select i.bill_id, i.number, b.due_on, i.bucket, i.written_off as open
     from carrier.bill b join carrier.bill_item i on i.bill_id = b.id
     where b.line_id = $1 and b.written_off > 0 and i.written_off > 0
     order by b.due_on, b.cycle, i.number`,
    [lineId],
  )
  return rows.map((row, order) => ofItem(row, order, true))
}

function ofItem(row: ItemRow, order: number, isLost: boolean): Payable {
  return {
    debt: { id: `${row.bill_id} ${row.number}`, dueOn: row.due_on, order, open: BigInt(row.open) },
    bucket: row.bucket,
    billId: row.bill_id,
    number: row.number,
    paymentId: null,
    isLost,
  }
}

/** What was bought and is not billed yet, less what was paid of it already: first in, first out. */
export async function unbilledDebts(client: pg.PoolClient, lineId: string): Promise<Payable[]> {
  const { rows } = await client.query<{ id: string; cycle: string; bucket: Bucket; open: string }>(
    // What is being cancelled at this moment is not owed any more.
    `select id, cycle, bucket, open - paid_early - leaving as open from (${UNBILLED_SQL}) u
     cross join lateral (select coalesce(sum(r.amount), 0)::bigint as leaving from carrier.refund r
       where r.payment_id = u.id and r.status = 'processing' and r.mode = 'cancel') r
     where open > paid_early + leaving order by cycle, paid_at, id`,
    [lineId],
  )
  return rows.map((row, order) => ({
    debt: { id: row.id, dueOn: `${row.cycle}-01`, order, open: BigInt(row.open) },
    bucket: row.bucket,
    billId: null,
    number: null,
    paymentId: row.id,
    isLost: false,
  }))
}
