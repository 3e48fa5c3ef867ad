import type pg from 'pg'
import type { Receipt } from './model.ts'
import type { Share } from './payable.ts'

export interface NewReceipt {
  readonly id: string
  readonly carrier: string
  readonly lineId: string
  readonly key: string
  readonly asked: string
  readonly amount: bigint
  readonly early: boolean
  readonly method: string
  readonly rest: bigint
  readonly at: Date
}

export async function insertReceipt(
  client: pg.PoolClient,
  receipt: NewReceipt,
  shares: readonly Share[],
): Promise<void> {
  const { id, carrier, lineId, key, asked, amount, early, method, rest, at } = receipt
  await client.query(
    `insert into carrier.receipt (id, carrier, line_id, key, asked, amount, early, method, rest, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [id, carrier, lineId, key, asked, amount, early, method, rest, at],
  )
  await client.query(
    `insert into carrier.allocation (receipt_id, part, bill_id, number, payment_id, amount)
     select $1, part, bill_id, number, payment_id, amount
     from unnest($2::text[], $3::integer[], $4::uuid[], $5::bigint[])
       with ordinality as s (bill_id, number, payment_id, amount, part)`,
    [
      id,
      shares.map(({ of }) => of.billId),
      shares.map(({ of }) => of.number),
      shares.map(({ of }) => of.paymentId),
      shares.map((share) => share.amount),
    ],
  )
}

/** The items and bills, or the unbilled payments, that the shares pay. */
export async function settleShares(client: pg.PoolClient, shares: readonly Share[]): Promise<void> {
  const billed = shares.filter(({ of }) => of.billId !== null)
  const early = shares.filter(({ of }) => of.paymentId !== null)
  await client.query(
    `with share as (
       select * from unnest($1::text[], $2::integer[], $3::bigint[]) as s (bill_id, number, amount)
     ), item as (
       update carrier.bill_item i set paid = i.paid + s.amount from share s
       where i.bill_id = s.bill_id and i.number = s.number
     )
     update carrier.bill b
     set settled = b.settled + s.amount,
         state = case when b.settled + s.amount = b.total and b.state <> 'relief' then 'paid' else b.state end
     from (select bill_id, sum(amount)::bigint as amount from share group by 1) s
     where b.id = s.bill_id`,
    [
      billed.map(({ of }) => of.billId),
      billed.map(({ of }) => of.number),
      billed.map(({ amount }) => amount),
    ],
  )
  await client.query(
    `update carrier.payment p set paid_early = p.paid_early + s.amount
     from unnest($1::uuid[], $2::bigint[]) as s (id, amount) where p.id = s.id`,
    [early.map(({ of }) => of.paymentId), early.map(({ amount }) => amount)],
  )
}

/** A receipt with the request that made it. */
export interface KeptReceipt {
  readonly receipt: Receipt
  readonly asked: string
}

export async function readReceipts(
  client: pg.Pool | pg.PoolClient,
  by: { readonly lineId: string; readonly key?: string },
): Promise<KeptReceipt[]> {
  const { rows } = await client.query<ReceiptRow>(
    `select r.*, coalesce(json_agg(json_build_object(
       'amount', a.amount::text, 'bill_id', a.bill_id, 'number', a.number, 'payment_id', a.payment_id,
       'label', coalesce(u.label, i.label, p.description, ''), 'missed', i.missed, 'cycle', coalesce(b.cycle, p.cycle, '')
     ) order by a.part) filter (where a.part is not null), '[]') as parts
     from carrier.receipt r
     left join carrier.allocation a on a.receipt_id = r.id
     left join carrier.bill b on b.id = a.bill_id
     left join carrier.bill_item i on i.bill_id = a.bill_id and i.number = a.number
     left join carrier.bill_item u on u.bill_id = i.bill_id and u.number = i.about
     left join carrier.payment p on p.id = a.payment_id
     where r.line_id = $1 and ($2::text is null or r.key = $2)
     group by r.id order by r.at desc, r.id desc`,
    [by.lineId, by.key ?? null],
  )
  return rows.map((row) => ({ receipt: receiptOf(row), asked: row.asked }))
}

interface ReceiptRow {
  readonly id: string
  readonly line_id: string
  readonly asked: string
  readonly amount: string
  readonly early: boolean
  readonly method: string
  readonly rest: string
  readonly at: Date
  readonly parts: readonly {
    readonly amount: string
    readonly bill_id: string | null
    readonly number: number | null
    readonly payment_id: string | null
    readonly label: string
    readonly missed: number | null
    readonly cycle: string
  }[]
}

function receiptOf(row: ReceiptRow): Receipt {
  return {
    id: row.id,
    lineId: row.line_id,
    amount: BigInt(row.amount),
    early: row.early,
    method: row.method,
    parts: row.parts.map((part) => ({
      amount: BigInt(part.amount),
      label: part.label,
      missed: part.missed,
      cycle: part.cycle,
      billId: part.bill_id,
      number: part.number,
      paymentId: part.payment_id,
    })),
    rest: BigInt(row.rest),
    atMs: row.at.getTime(),
  }
}
