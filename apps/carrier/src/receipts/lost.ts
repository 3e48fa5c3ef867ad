import type pg from 'pg'
import { type ItemRow, type Payable, payableOf, type Share } from './payable.ts'

/** What was written off and nobody has paid since, oldest first. `refundId`: only of the purchase that it gives back. */
export async function lostDebts(
  client: pg.PoolClient,
  lineId: string,
  refundId?: string,
): Promise<Payable[]> {
  const { rows } = await client.query<ItemRow>(
    `select i.bill_id, i.number, b.due_on, i.bucket, i.written_off as open
     from carrier.bill b join carrier.bill_item i on i.bill_id = b.id
     where b.line_id = $1 and b.written_off > 0 and i.written_off > 0
       and ($2::uuid is null or i.payment_id = (select payment_id from carrier.refund where id = $2))
     order by b.due_on, b.cycle, i.number`,
    [lineId, refundId ?? null],
  )
  return rows.map((row, order) => payableOf(row, order, true))
}

/** What was written off and is settled after all, by money or by credit: a bill of which nothing is lost any more is paid. */
export async function recoverShares(
  client: pg.PoolClient,
  shares: readonly Share[],
  by: 'paid' | 'credited',
): Promise<void> {
  if (shares.length === 0) return
  await client.query(
    `with share as (
       select * from unnest($1::text[], $2::integer[], $3::bigint[]) as s (bill_id, number, amount)
     ), item as (
       update carrier.bill_item i set ${by} = i.${by} + s.amount, written_off = i.written_off - s.amount
       from share s where i.bill_id = s.bill_id and i.number = s.number
     )
     update carrier.bill b
     set written_off = b.written_off - s.amount,
         state = case when b.written_off = s.amount then 'paid' else b.state end
     from (select bill_id, sum(amount)::bigint as amount from share group by 1) s
     where b.id = s.bill_id`,
    [
      shares.map(({ of }) => of.billId),
      shares.map(({ of }) => of.number),
      shares.map(({ amount }) => amount),
    ],
  )
}
