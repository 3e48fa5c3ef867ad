import type pg from 'pg'

/** A rule that must hold for the tables at any moment between two pieces of work. The query finds what breaks it. */
export interface BookRule {
  readonly name: string
  readonly sql: string
}

/** How many offenders are shown of one rule. */
const shownMax = 5

/** Payments with what was cancelled of them in their own month: joined as `c`. */
const withCancelled = `left join (
    select payment_id, sum(amount) as amount from carrier.refund
     where mode = 'cancel' and status = 'succeeded' group by payment_id
  ) c on c.payment_id = p.id`

/** What a payment still costs after that. */
const remaining = 'p.amount - coalesce(c.amount, 0)'

/** The books, as SQL that a DBA could run. None of it uses the code that it judges. */
export const bookRules: readonly BookRule[] = [
  {
    name: 'every purchase of a closed month is on exactly one bill or cancelled',
    sql: `select p.id from carrier.payment p
            join carrier.close_run r on r.carrier = p.carrier and r.cycle = p.cycle
            left join carrier.bill_item i on i.payment_id = p.id
            ${withCancelled}
           where r.finished_at is not null and p.status = 'succeeded'
             and (i.payment_id is null) <> (${remaining} = 0)`,
  },
  {
    name: 'nothing is billed that was not bought, or for another sum',
    sql: `select i.bill_id || '/' || i.number as id from carrier.bill_item i
            join carrier.bill b on b.id = i.bill_id
            left join carrier.payment p on p.id = i.payment_id
            ${withCancelled}
           where i.kind = 'payment'
             and (p.id is null or p.status <> 'succeeded' or p.cycle > b.cycle
                  or p.line_id <> b.line_id or i.amount <> ${remaining})`,
  },
  {
    name: 'a bill is the sum of its items',
    sql: `select b.id from carrier.bill b
            left join carrier.bill_item i on i.bill_id = b.id
           group by b.id, b.total having b.total <> coalesce(sum(i.amount), 0)`,
  },
  {
    name: 'nothing is owed on a bill that is paid or charged off, and something on one that is open or overdue',
    sql: `select b.id from carrier.bill b join carrier.bill_item i on i.bill_id = b.id
           group by b.id, b.state
          having b.state <> 'relief' and (b.state in ('paid', 'charged_off'))
               <> (sum(i.amount - i.paid - i.credited - i.relieved - i.written_off) = 0)`,
  },
  {
    name: 'whatever is said of money is in the ledger as well',
    sql: `select id::text as id from carrier.posting where posted_at is null`,
  },
  {
    name: 'money received is allocated or a credit, to the last won',
    sql: `select r.id::text as id from carrier.receipt r
            left join carrier.allocation a on a.receipt_id = r.id
            left join carrier.credit c on c.receipt_id = r.id
           group by r.id, r.amount, r.rest, c.amount
          having r.amount <> coalesce(sum(a.amount), 0) + r.rest
              or r.rest <> coalesce(c.amount, 0)`,
  },
  {
    name: 'what an item counts as paid was allocated to it',
    sql: `select i.bill_id || '/' || i.number as id from carrier.bill_item i
            left join (
              select bill_id, number, amount from carrier.allocation where bill_id is not null
              union all
              select i.bill_id, i.number, a.amount from carrier.allocation a
                join carrier.bill_item i on i.payment_id = a.payment_id
            ) a on a.bill_id = i.bill_id and a.number = i.number
           group by i.bill_id, i.number, i.paid having i.paid <> coalesce(sum(a.amount), 0)`,
  },
  {
    name: 'what an item counts as credited came from credits',
    sql: `select i.bill_id || '/' || i.number as id from carrier.bill_item i
            left join carrier.credit_use u on u.bill_id = i.bill_id and u.number = i.number
           group by i.bill_id, i.number, i.credited having i.credited <> coalesce(sum(u.amount), 0)`,
  },
  {
    name: 'a credit is used for what its uses say',
    sql: `select c.id from carrier.credit c left join carrier.credit_use u on u.credit_id = c.id
           group by c.id, c.used having c.used <> coalesce(sum(u.amount), 0)`,
  },
  {
    name: 'no payment was given back twice',
    sql: `select p.id::text as id from carrier.payment p join carrier.refund r on r.payment_id = p.id
           where r.status = 'succeeded' group by p.id, p.refunded, p.amount
          having sum(r.amount) > p.amount or sum(r.amount) <> p.refunded`,
  },
  {
    name: 'a notice was sent the promised days before each step of dunning that is more than a notice',
    sql: `select s.bill_id || ' ' || s.stage as id from carrier.dunning_step s
           where s.done_at is not null and s.stage <> 'notice'
             and (s.noticed_at is null
                  or (s.done_at at time zone 'Asia/Seoul')::date
                     - (s.noticed_at at time zone 'Asia/Seoul')::date < $1)`,
  },
  {
    name: 'the notice of a step is a message that the owner got',
    sql: `select s.bill_id || ' ' || s.stage as id from carrier.dunning_step s
           where s.done_at is not null and not exists (
             select from carrier.message m where m.line_id = s.line_id
                and m.kind = 'dunning_notice' and m.created_at <= s.done_at)`,
  },
  {
    name: 'a suspended line took that step of dunning',
    sql: `select l.id from carrier.line l
           where l.stage in ('outgoing_suspended', 'fully_suspended', 'terminated') and not exists (
             select from carrier.dunning_step s where s.line_id = l.id and s.stage = l.stage
                and s.done_at is not null)`,
  },
  {
    name: 'every accepted purchase was told to the owner',
    sql: `select p.id::text as id from carrier.payment p
           where p.status = 'succeeded' and not exists (
             select from carrier.message m where m.line_id = p.line_id and m.kind = 'charge'
                and m.about = p.id::text)`,
  },
  {
    name: 'every bill was told to the owner',
    sql: `select b.id from carrier.bill b where not exists (
             select from carrier.message m where m.line_id = b.line_id and m.kind = 'bill'
                and m.about = b.id)`,
  },
]

/** Judges the books; each complaint names a rule and some of what breaks it. */
export async function judgeBooks(pool: pg.Pool, leadDays: number): Promise<string[]> {
  const complaints: string[] = []
  for (const { name, sql } of bookRules) {
    const values = sql.includes('$1') ? [leadDays] : []
    const { rows } = await pool.query<{ id: string }>(`${sql} limit ${shownMax}`, values)
    if (rows.length === 0) continue
    complaints.push(`${name}: not true of ${rows.map(({ id }) => id).join(', ')}`)
  }
  return complaints
}

/** What a line should owe in the ledger, in smallest units, from the tables alone. */
export async function owedByLine(pool: pg.Pool): Promise<Map<string, bigint>> {
  const { rows } = await pool.query<{ id: string; owed: string }>(`
    select l.id, coalesce(unbilled.sum, 0) + coalesce(billed.sum, 0)
               - coalesce(credit.sum, 0) - coalesce(early.sum, 0) as owed
      from carrier.line l
      left join (
        select p.line_id, sum(${remaining}) as sum from carrier.payment p
          ${withCancelled}
          left join carrier.bill_item i on i.payment_id = p.id
         where p.status = 'succeeded' and i.payment_id is null group by p.line_id
      ) unbilled on unbilled.line_id = l.id
      left join (
        select b.line_id, sum(i.amount - i.paid - i.credited - i.relieved - i.written_off) as sum
          from carrier.bill b join carrier.bill_item i on i.bill_id = b.id group by b.line_id
      ) billed on billed.line_id = l.id
      left join (
        select line_id, sum(amount - used) as sum from carrier.credit group by line_id
      ) credit on credit.line_id = l.id
      left join (
        select r.line_id, sum(a.amount) as sum from carrier.allocation a
          join carrier.receipt r on r.id = a.receipt_id
          left join carrier.bill_item i on i.payment_id = a.payment_id
         where a.payment_id is not null and i.payment_id is null group by r.line_id
      ) early on early.line_id = l.id`)
  return new Map(rows.map(({ id, owed }) => [id, BigInt(owed)]))
}
