import type pg from 'pg'
import { lostDebts, recoverShares } from '../receipts/lost.ts'
import type { Share } from '../receipts/payable.ts'

/**
 * Uses up the credits of lines on what these lines owe: oldest credit first, on the oldest bill first. Both are laid end
 * to end as ranges of money; where the ranges meet, credit pays item. Each line's turn must be held.
 *
 * @returns the lines whose debt became smaller
 */
export async function applyCredits(
  client: pg.PoolClient,
  lineIds: readonly string[],
  at: Date,
): Promise<string[]> {
  const { rows } = await client.query<{ line_id: string }>(
    `with left_over as (
       select id, line_id,
              sum(amount - used) over w - (amount - used) as begins,
              sum(amount - used) over w as ends
       from carrier.credit
       where line_id = any($1::text[]) and used < amount
       window w as (partition by line_id order by created_at, id)
     ), open_item as (
       select i.bill_id, i.number, b.line_id,
              sum(o.open) over w - o.open as begins,
              sum(o.open) over w as ends
       from carrier.bill b
       join carrier.bill_item i on i.bill_id = b.id
       cross join lateral (
         select i.amount - i.paid - i.credited - i.relieved - i.written_off as open) o
       where b.line_id in (select line_id from left_over) and b.settled < b.total and o.open > 0
       window w as (partition by b.line_id order by b.due_on, b.cycle, i.number)
     ), meeting as (
       select c.id as credit_id, i.bill_id, i.number, c.line_id,
              (least(c.ends, i.ends) - greatest(c.begins, i.begins))::bigint as amount
       from left_over c join open_item i using (line_id)
       where c.begins < i.ends and i.begins < c.ends
     ), kept as (
       insert into carrier.credit_use (credit_id, bill_id, number, amount, at)
       select credit_id, bill_id, number, amount, $2 from meeting
       on conflict (credit_id, bill_id, number)
         do update set amount = credit_use.amount + excluded.amount
     ), spent as (
       update carrier.credit c set used = c.used + m.amount
       from (select credit_id, sum(amount)::bigint as amount from meeting group by 1) m
       where c.id = m.credit_id
     ), paid as (
       update carrier.bill_item i set credited = i.credited + m.amount
       from (select bill_id, number, sum(amount)::bigint as amount from meeting group by 1, 2) m
       where i.bill_id = m.bill_id and i.number = m.number
     ), settled as (
       update carrier.bill b
       set settled = b.settled + m.amount,
           state = case when b.settled + m.amount = b.total and b.state <> 'relief' then 'paid' else b.state end
       from (select bill_id, sum(amount)::bigint as amount from meeting group by 1) m
       where b.id = m.bill_id
     )
     select distinct line_id from meeting`,
    [lineIds, at],
  )
  return rows.map(({ line_id }) => line_id)
}

/**
 * Uses up what credits have left on what was written off of a line, oldest first: who gets a purchase back that he never
 * paid for is given no money, the carrier has its loss back. The line's turn must be held.
 *
 * `refundId`: the credit of this refund alone, on what was written off of its own purchase. It comes before anything that
 * is owed, since nobody has paid this money: used on another debt, it would end a dunning for nothing.
 *
 * @returns what was recovered of each item, to be booked
 */
export async function recoverByCredits(
  client: pg.PoolClient,
  lineId: string,
  at: Date,
  refundId?: string,
): Promise<readonly Share[]> {
  const lost = await lostDebts(client, lineId, refundId)
  if (lost.length === 0) return []
  const { rows } = await client.query<{ id: string; left: string }>(
    `select id, amount - used as left from carrier.credit
     where line_id = $1 and used < amount and ($2::uuid is null or refund_id = $2)
     order by created_at, id`,
    [lineId, refundId ?? null],
  )
  const uses: (Share & { readonly creditId: string })[] = []
  const open = lost.map((of) => ({ of, left: of.debt.open }))
  for (const credit of rows) {
    let left = BigInt(credit.left)
    for (const item of open) {
      const amount = item.left < left ? item.left : left
      if (amount === 0n) continue
      uses.push({ creditId: credit.id, of: item.of, amount })
      item.left -= amount
      left -= amount
    }
  }
  const recovered = open.flatMap(({ of, left }) => {
    const amount = of.debt.open - left
    return amount === 0n ? [] : [{ of, amount }]
  })
  await recoverShares(client, recovered, 'credited')
  await client.query(
    `with use as (
       select * from unnest($1::text[], $2::text[], $3::integer[], $4::bigint[])
         as u (credit_id, bill_id, number, amount)
     ), spent as (
       update carrier.credit c set used = c.used + u.amount
       from (select credit_id, sum(amount)::bigint as amount from use group by 1) u
       where c.id = u.credit_id
     )
     insert into carrier.credit_use (credit_id, bill_id, number, amount, at)
     select credit_id, bill_id, number, amount, $5 from use
     on conflict (credit_id, bill_id, number)
       do update set amount = credit_use.amount + excluded.amount`,
    [
      uses.map(({ creditId }) => creditId),
      uses.map(({ of }) => of.billId),
      uses.map(({ of }) => of.number),
      uses.map(({ amount }) => amount),
      at,
    ],
  )
  return recovered
}
