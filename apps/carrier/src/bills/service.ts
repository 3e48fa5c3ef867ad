import { billDateOf, type Cycle, cycleOf, dueDateOf } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import { creditSource } from '../credits/service.ts'
import type { Changes } from '../live/model.ts'
import type { Carrier, CarrierId, Line } from '../model.ts'
import { type CloseOptions, closeCycle } from './close.ts'
import type { Bill, ComingBill, ItemisedBill } from './model.ts'
import { type BillRow, billOf, type ItemRow, itemOf } from './rows.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly changes: Changes
}

/** The bills of lines. */
export class Bills {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Makes the bills of a carrier's cycle, or what is left to make of them. Repeating it is safe.
   *
   * @returns whether it came to the end; false only when it was stopped
   */
  async close(carrier: CarrierId, cycle: Cycle, options: CloseOptions = {}): Promise<boolean> {
    const isDone = await closeCycle(this.#parts, carrierOf(this.#parts, carrier), cycle, options)
    await this.#tell(carrier, cycle)
    return isDone
  }

  /**
   * What a cycle will cost as of now. In the days between the end of a month and its bill, the month before is still
   * coming too: ask for it by name. (Default: the current cycle)
   */
  async coming(line: Line, cycle?: Cycle): Promise<ComingBill> {
    const { pool, clock } = this.#parts
    const profile = carrierOf(this.#parts, line.carrier).profileAt(clock.now())
    const of = cycle ?? cycleOf(clock.now(), profile.zone)
    const { rows } = await pool.query<{ amount: string; items: number; early: string }>(
      `select coalesce(sum(open), 0)::bigint as amount, count(*)::int as items,
              coalesce(sum(least(paid_early, open)), 0)::bigint as early
       from (${UNBILLED_SQL}) u where cycle = $2 and open > 0`,
      [line.id, of],
    )
    return {
      cycle: of,
      amount: BigInt(rows[0]?.amount ?? 0),
      items: rows[0]?.items ?? 0,
      paidEarly: BigInt(rows[0]?.early ?? 0),
      billOn: billDateOf(profile, of),
      dueOn: dueDateOf(profile, of),
    }
  }

  /** Newest first. */
  async list(lineId: string): Promise<Bill[]> {
    const { rows } = await this.#parts.pool.query<BillRow>(
      'select * from carrier.bill where line_id = $1 order by cycle desc',
      [lineId],
    )
    return rows.map(billOf)
  }

  async find(billId: string): Promise<ItemisedBill | undefined> {
    const { pool } = this.#parts
    const bill = await pool.query<BillRow>('select * from carrier.bill where id = $1', [billId])
    const [row] = bill.rows
    if (row === undefined) return undefined
    const [items, credits] = await Promise.all([
      pool.query<ItemRow>(
        `select i.*, p.merchant_id, p.merchant_name, p.merchant_contact
         from carrier.bill_item i left join carrier.payment p on p.id = i.payment_id
         where i.bill_id = $1 order by i.number`,
        [billId],
      ),
      pool.query<UseRow>(
        `select u.credit_id, sum(u.amount)::bigint as amount, min(u.at) as at, c.refund_id, c.receipt_id
         from carrier.credit_use u join carrier.credit c on c.id = u.credit_id
         where u.bill_id = $1 group by u.credit_id, c.refund_id, c.receipt_id order by min(u.at), u.credit_id`,
        [billId],
      ),
    ])
    return {
      ...billOf(row),
      items: items.rows.map(itemOf),
      credits: credits.rows.map((use) => ({
        creditId: use.credit_id,
        amount: BigInt(use.amount),
        from: creditSource(use),
        atMs: use.at.getTime(),
      })),
    }
  }

  /** Feeds are few and lines may be millions: only a close that made few bills is told line by line. */
  async #tell(carrier: CarrierId, cycle: Cycle): Promise<void> {
    const { rows } = await this.#parts.pool.query<{ id: string; line_id: string }>(
      'select id, line_id from carrier.bill where carrier = $1 and cycle = $2 limit $3',
      [carrier, cycle, TOLD_MAX + 1],
    )
    if (rows.length > TOLD_MAX) return
    const atMs = this.#parts.clock.now()
    for (const { id, line_id: lineId } of rows) {
      this.#parts.changes.tell({ lineId, what: 'bill', id, atMs })
      this.#parts.changes.tell({ lineId, what: 'message', id: `message_${id}`, atMs })
    }
  }
}

const TOLD_MAX = 10_000

/** Payments of the line `$1` that are on no bill, with what is left of them after cancellations. */
export const UNBILLED_SQL = `
  select p.id, p.cycle, p.bucket, p.paid_early, p.paid_at, p.description, p.amount - p.cancelled as open
  from carrier.payment p
  where p.line_id = $1 and p.status = 'succeeded'
    and not exists (select from carrier.bill_item i where i.payment_id = p.id)`

interface UseRow {
  readonly credit_id: string
  readonly amount: string
  readonly at: Date
  readonly refund_id: string | null
  readonly receipt_id: string | null
}

/** Throws when the carrier is not hosted here: ids of carriers come from our own rows. */
export function carrierOf(
  { carriers }: { readonly carriers: ReadonlyMap<CarrierId, Carrier> },
  id: CarrierId,
): Carrier {
  const carrier = carriers.get(id)
  if (carrier === undefined) throw new Error(`no carrier ${id} is hosted here`)
  return carrier
}
