import type { Bucket } from '@jeon/billing'
import type pg from 'pg'
import type { Bill } from '../bills/model.ts'
import type { NewPosting, Postings } from '../bills/postings.ts'

/**
 * Gives up what is owed of a bill: the loss is the carrier's, and the account says so. Once per bill, in the line's turn.
 *
 * @returns what was given up, in smallest units
 */
export async function chargeOff(
  client: pg.PoolClient,
  postings: Postings,
  bill: Bill,
): Promise<bigint> {
  const { rows } = await client.query<{ bucket: Bucket; open: string }>(
    `with open_item as (
       select number, bucket, amount - paid - credited - relieved - written_off as open
       from carrier.bill_item where bill_id = $1
     ), written as (
       update carrier.bill_item i set written_off = i.written_off + o.open
       from open_item o where i.bill_id = $1 and i.number = o.number and o.open > 0
     ), closed as (
       update carrier.bill set settled = total, written_off = written_off + total - settled, state = 'charged_off'
       where id = $1 and settled < total
     )
     select bucket, sum(open)::bigint as open from open_item where open > 0 group by bucket`,
    [bill.id],
  )
  const given = rows.map(
    ({ bucket, open }): NewPosting => ({
      ...{ carrier: bill.carrier, lineId: bill.lineId, kind: 'write_off', bucket, about: bill.id },
      amount: BigInt(open),
    }),
  )
  await postings.insertIn(client, given)
  return given.reduce((sum, { amount }) => sum + amount, 0n)
}
