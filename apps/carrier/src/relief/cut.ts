import { type Bucket, type MarketProfile, minorOf, percentOf } from '@jeon/billing'
import type pg from 'pg'
import type { NewPosting, Postings } from '../bills/postings.ts'
import { billedDebts } from '../receipts/debts.ts'
import type { Relief } from './model.ts'

/**
 * Takes everything that a line owes on bills into the plan and gives up the agreed part of each item, rounded down to
 * the market's step. In the line's turn. @returns what is still owed, in smallest units
 */
export async function cutDebt(
  client: pg.PoolClient,
  postings: Postings,
  { relief, carrier, profile, at }: Cut,
): Promise<bigint> {
  const step = minorOf(profile, profile.amountStep)
  const debts = await billedDebts(client, relief.lineId)
  const cuts = debts.map(({ debt, bucket, billId, number }) => {
    const part = percentOf(debt.open, relief.cutPercent, 'down')
    return { bucket, billId, number, amount: part - (part % step) }
  })
  await client.query(
    `with cut as (
       select * from unnest($1::text[], $2::integer[], $3::bigint[]) as c (bill_id, number, amount)
     ), item as (
       update carrier.bill_item i set relieved = i.relieved + c.amount from cut c
       where i.bill_id = c.bill_id and i.number = c.number
     )
     update carrier.bill b set settled = b.settled + c.amount, state = 'relief'
     from (select bill_id, sum(amount)::bigint as amount from cut group by 1) c where b.id = c.bill_id`,
    [
      cuts.map(({ billId }) => billId),
      cuts.map(({ number }) => number),
      cuts.map(({ amount }) => amount),
    ],
  )
  // The ladder that led here is over: a plan that breaks begins a new one, with notices of its own.
  await client.query(
    'update carrier.dunning_step set ended_at = $2 where line_id = $1 and ended_at is null',
    [relief.lineId, at],
  )
  const byBucket = new Map<Bucket, bigint>()
  for (const { bucket, amount } of cuts) {
    if (amount > 0n) byBucket.set(bucket, (byBucket.get(bucket) ?? 0n) + amount)
  }
  await postings.insertIn(
    client,
    Array.from(
      byBucket,
      ([bucket, amount]): NewPosting => ({
        ...{ carrier, lineId: relief.lineId, kind: 'relief', bucket, amount, about: relief.id },
      }),
    ),
  )
  const open = debts.reduce((sum, { debt }) => sum + debt.open, 0n)
  return cuts.reduce((sum, { amount }) => sum - amount, open)
}

export interface Cut {
  readonly relief: Relief
  readonly carrier: string
  readonly profile: MarketProfile
  readonly at: Date
}
