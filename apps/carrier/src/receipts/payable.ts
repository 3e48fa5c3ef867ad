import type { Bucket, Debt } from '@jeon/billing'

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

/** What a receipt or a credit pays of one thing. */
export interface Share {
  readonly of: Payable
  readonly amount: bigint
}

/** An item of a bill of which `open` is to be paid. */
export interface ItemRow {
  readonly bill_id: string
  readonly number: number
  readonly due_on: string
  readonly bucket: Bucket
  readonly open: string
}

export function payableOf(row: ItemRow, order: number, isLost: boolean): Payable {
  return {
    debt: { id: `${row.bill_id} ${row.number}`, dueOn: row.due_on, order, open: BigInt(row.open) },
    bucket: row.bucket,
    billId: row.bill_id,
    number: row.number,
    paymentId: null,
    isLost,
  }
}

/** How a receipt is booked: what it pays by bucket, and the rest on the general one. */
export function byBucket(
  shares: readonly Share[],
  rest: bigint,
): { readonly bucket: Bucket; readonly amount: bigint }[] {
  const sums = new Map<Bucket, bigint>()
  const add = (bucket: Bucket, amount: bigint) =>
    sums.set(bucket, (sums.get(bucket) ?? 0n) + amount)
  for (const { of, amount } of shares) add(of.bucket, amount)
  if (rest > 0n) add('general', rest)
  return Array.from(sums, ([bucket, amount]) => ({ bucket, amount }))
}
