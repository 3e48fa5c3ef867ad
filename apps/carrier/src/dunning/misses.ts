import { type MarketProfile, surchargeFor } from '@jeon/billing'
import type pg from 'pg'
import type { Bill, BillItem } from '../bills/model.ts'
import type { NewPosting, Postings } from '../bills/postings.ts'
import { type ItemRow, itemOf } from '../bills/rows.ts'

interface Surcharge {
  readonly about: BillItem
  readonly amount: bigint
}

/**
 * Marks that a bill's n-th due date was missed, and adds the surcharge for it: an item of its own for each unpaid payment,
 * never above the market's cap. Once per bill and due date, in the line's turn.
 *
 * @returns what was added, in smallest units
 */
export async function missDueDate(
  client: pg.PoolClient,
  postings: Postings,
  { bill, missed, profile, at }: Miss,
): Promise<bigint> {
  const marked = await client.query(
    `update carrier.bill set missed = $2, state = $3
     where id = $1 and missed = $2 - 1 and settled < total`,
    [bill.id, missed, missed === 1 ? 'overdue_1' : 'overdue_2'],
  )
  if (marked.rowCount === 0) return 0n
  const { rows } = await client.query<ItemRow>(
    'select * from carrier.bill_item where bill_id = $1 order by number',
    [bill.id],
  )
  const items = rows.map(itemOf)
  const surcharges = surchargesOf(items, profile, missed)
  const sum = surcharges.reduce((total, { amount }) => total + amount, 0n)
  if (sum === 0n) return 0n
  await insertSurcharges(client, { bill, missed, at }, items.length, surcharges)
  await client.query('update carrier.bill set total = total + $2 where id = $1', [bill.id, sum])
  const byBucket = Map.groupBy(surcharges, ({ about }) => about.bucket)
  await postings.insertIn(
    client,
    Array.from(
      byBucket,
      ([bucket, parts]): NewPosting => ({
        ...{
          carrier: bill.carrier,
          lineId: bill.lineId,
          kind: 'surcharge',
          bucket,
          about: bill.id,
        },
        amount: parts.reduce((total, { amount }) => total + amount, 0n),
      }),
    ),
  )
  return sum
}

export interface Miss {
  readonly bill: Bill
  readonly missed: number
  readonly profile: MarketProfile
  readonly at: Date
}

function surchargesOf(
  items: readonly BillItem[],
  profile: MarketProfile,
  missed: number,
): Surcharge[] {
  return items.flatMap((item) => {
    if (item.kind !== 'payment' || item.owed === 0n) return []
    const surchargedAlready = items
      .filter(({ kind, about }) => kind === 'surcharge' && about === item.number)
      .reduce((sum, { amount }) => sum + amount, 0n)
    const amount = surchargeFor(profile, {
      principal: item.amount,
      principalUnpaid: item.owed,
      surchargedAlready,
      missed,
    })
    return amount === 0n ? [] : [{ about: item, amount }]
  })
}

async function insertSurcharges(
  client: pg.PoolClient,
  { bill, missed, at }: Omit<Miss, 'profile'>,
  itemsBefore: number,
  surcharges: readonly Surcharge[],
): Promise<void> {
  await client.query(
    `insert into carrier.bill_item (bill_id, number, kind, about, missed, bucket, label, amount, at)
     select $1, $2 + place, 'surcharge', about, $3, bucket, '', amount, $4
     from unnest($5::integer[], $6::text[], $7::bigint[])
       with ordinality as s (about, bucket, amount, place)`,
    [
      bill.id,
      itemsBefore,
      missed,
      at,
      surcharges.map(({ about }) => about.number),
      surcharges.map(({ about }) => about.bucket),
      surcharges.map(({ amount }) => amount),
    ],
  )
}
