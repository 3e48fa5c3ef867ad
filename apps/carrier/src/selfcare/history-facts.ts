import type pg from 'pg'

/** What bills and disputes know of a payment. */
export interface PaymentFacts {
  /** The cycle of the bill on which it stands; `null`: on none yet. */
  readonly billCycle: string | null
  /** The newest. */
  readonly dispute: {
    readonly id: string
    readonly state: string
    readonly answer_by: string
  } | null
}

interface Row {
  readonly payment_id: string
  readonly cycle: string | null
  readonly dispute_id: string | null
  readonly state: string | null
  readonly answer_by: Date | null
}

/** @param paymentIds - a page's; what is not known of is missing in the answer */
export async function paymentFacts(
  pool: pg.Pool,
  paymentIds: readonly string[],
): Promise<ReadonlyMap<string, PaymentFacts>> {
  if (paymentIds.length === 0) return new Map()
  const { rows } = await pool.query<Row>(
    `select p.id as payment_id, b.cycle, d.id as dispute_id, d.state, d.answer_by
     from unnest($1::uuid[]) as p (id)
     left join carrier.bill_item i on i.payment_id = p.id
     left join carrier.bill b on b.id = i.bill_id
     left join lateral (
       select id, state, answer_by from carrier.dispute
       where payment_id = p.id order by opened_at desc limit 1) d on true`,
    [paymentIds],
  )
  return new Map(rows.map((row) => [row.payment_id, factsOf(row)]))
}

function factsOf({ cycle, dispute_id: id, state, answer_by: answerBy }: Row): PaymentFacts {
  const dispute =
    id === null || state === null || answerBy === null
      ? null
      : { id, state, answer_by: answerBy.toISOString() }
  return { billCycle: cycle, dispute }
}
