import { type Bucket, cycleOf, dateOf } from '@jeon/billing'
import type { SpendingWindow } from '@jeon/ledger'
import type pg from 'pg'

/** A payment that is reserved and not yet confirmed: it counts in the windows, and may still go away. */
export interface Reserved {
  readonly lineId: string
  readonly bucket: Bucket
  readonly category: string
  readonly product: string
  readonly merchantId: string
  /** Smallest units. */
  readonly amount: bigint
  readonly atMs: number
}

interface Row {
  readonly line_id: string
  readonly bucket: Bucket
  readonly category: string
  readonly product: string | null
  readonly merchant_id: string
  readonly amount: string
  readonly at: Date
}

/** What is reserved on all lines of a person. */
export async function reservedBy(pool: pg.Pool, personId: string): Promise<Reserved[]> {
  const { rows } = await pool.query<Row>(
    `select p.line_id, p.bucket, p.category, p.facts ->> 'product' as product, p.merchant_id,
            p.amount, coalesce(p.counted_at, p.created_at) as at
     from carrier.payment p join carrier.line l on l.id = p.line_id
     where l.person_id = $1 and p.status in ('pending_validation', 'reserved')`,
    [personId],
  )
  return rows.map((row) => ({
    lineId: row.line_id,
    bucket: row.bucket,
    category: row.category,
    product: row.product ?? '',
    merchantId: row.merchant_id,
    amount: BigInt(row.amount),
    atMs: row.at.getTime(),
  }))
}

/** How much of a window's use is only reserved. Merchants count apart: the one with the most is told, as for the use. */
export function reservedIn(
  reserved: readonly Reserved[],
  { per, scope }: SpendingWindow,
  zone: string,
  nowMs: number,
): bigint {
  if (per === 'payment') return 0n
  const period = per === 'day' ? dateOf : cycleOf
  const inPeriod = reserved.filter(({ atMs }) => period(atMs, zone) === period(nowMs, zone))
  switch (scope.of) {
    case 'all':
      return sumOf(inPeriod)
    case 'category':
      return sumOf(inPeriod.filter(({ category }) => category === scope.category))
    case 'offer':
      return sumOf(inPeriod.filter(({ product }) => product === scope.offer))
    case 'merchant':
      return mostOf([...Map.groupBy(inPeriod, ({ merchantId }) => merchantId).values()])
  }
}

function mostOf(groups: readonly (readonly Reserved[])[]): bigint {
  let most = 0n
  for (const group of groups) {
    const sum = sumOf(group)
    if (sum > most) most = sum
  }
  return most
}

function sumOf(reserved: readonly Reserved[]): bigint {
  return reserved.reduce((sum, { amount }) => sum + amount, 0n)
}
