import type pg from 'pg'

/** Where every won that was billed went. In won, as text. */
export interface Money {
  readonly billed: string
  readonly paid: string
  readonly credited: string
  readonly relieved: string
  readonly writtenOff: string
  readonly owed: string
  readonly surcharges: string
  readonly received: string
}

/** Adds up the books: billed = paid + credited + relieved + written off + owed. */
export async function moneyOf(pool: pg.Pool): Promise<Money> {
  const { rows } = await pool.query<Money>(`
    select trim_scale((billed) / 1000.0)::text as billed, trim_scale((paid) / 1000.0)::text as paid, trim_scale((credited) / 1000.0)::text as credited,
           trim_scale((relieved) / 1000.0)::text as relieved, trim_scale((written_off) / 1000.0)::text as "writtenOff",
           trim_scale((billed - paid - credited - relieved - written_off) / 1000.0)::text as owed,
           trim_scale((surcharges) / 1000.0)::text as surcharges, trim_scale((received) / 1000.0)::text as received
      from (select coalesce(sum(amount), 0) as billed, coalesce(sum(paid), 0) as paid,
                   coalesce(sum(credited), 0) as credited, coalesce(sum(relieved), 0) as relieved,
                   coalesce(sum(written_off), 0) as written_off,
                   coalesce(sum(amount) filter (where kind = 'surcharge'), 0) as surcharges
              from carrier.bill_item) items,
           (select coalesce(sum(amount), 0) as received from carrier.receipt) receipts`)
  const [money] = rows
  if (money === undefined) throw new Error('sums come in one row')
  return money
}
