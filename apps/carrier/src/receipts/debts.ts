import type { Bucket } from '@jeon/billing'
import type pg from 'pg'
import { UNBILLED_SQL } from '../bills/service.ts'
import { type ItemRow, type Payable, payableOf } from './payable.ts'

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
  return rows.map((row, order) => payableOf(row, order, false))
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
