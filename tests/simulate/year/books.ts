/** What a rule is about: the key of the rows whose verdict it gives. */
export type Subject = 'payment' | 'bill' | 'receipt' | 'credit' | 'line'

/** A condition that keeps a rule to the subjects that are looked at. `column` holds their keys. */
export type Only = (subject: Subject, column: string) => string

/** Looks at everything. */
export const everything: Only = () => 'true'

/** A rule that must hold for the tables at any moment between two pieces of work. The query finds what breaks it. */
export interface BookRule {
  readonly name: string
  /** It depends on nothing but rows that belong to its subject, and not on the time. */
  readonly sql: (only: Only) => string
}

/** Payments with what was cancelled of them in their own month: joined as `c`. */
const withCancelled = `left join (
    select payment_id, sum(amount) as amount from carrier.refund
     where mode = 'cancel' and status = 'succeeded' group by payment_id
  ) c on c.payment_id = p.id`

/** What a payment still costs after that. */
const remaining = 'p.amount - coalesce(c.amount, 0)'

/** Of a bill item `i`: what it was for was forgotten, its name with it. One that merely lacks its payment is a defect. */
const isForgotten = "(i.payment_id is null and i.label = '')"

/** The books, as SQL that a DBA could run. None of it uses the code that it judges. */
export const bookRules: readonly BookRule[] = [
  {
    name: 'every purchase of a closed month is on exactly one bill or cancelled',
    sql: (only) => `select p.id from carrier.payment p
            join carrier.close_run r on r.carrier = p.carrier and r.cycle = p.cycle
            left join carrier.bill_item i on i.payment_id = p.id
            ${withCancelled}
           where r.finished_at is not null and p.status = 'succeeded' and ${only('payment', 'p.id')}
             and (i.payment_id is null) <> (${remaining} = 0)`,
  },
  {
    name: 'nothing is billed that was not bought, or for another sum',
    sql: (only) => `select i.bill_id || '/' || i.number as id from carrier.bill_item i
            join carrier.bill b on b.id = i.bill_id
            left join carrier.payment p on p.id = i.payment_id
            ${withCancelled}
           where i.kind = 'payment' and ${only('bill', 'i.bill_id')}
             and not ${isForgotten}
             and (p.id is null or p.status <> 'succeeded' or p.cycle > b.cycle
                  or p.line_id <> b.line_id or i.amount <> ${remaining})`,
  },
  {
    name: 'a bill is the sum of its items',
    sql: (only) => `select b.id from carrier.bill b
            left join carrier.bill_item i on i.bill_id = b.id
           where ${only('bill', 'b.id')}
           group by b.id, b.total having b.total <> coalesce(sum(i.amount), 0)`,
  },
  {
    name: 'nothing is owed on a bill that is paid or charged off, and something on one that is open or overdue',
    sql: (only) => `select b.id from carrier.bill b join carrier.bill_item i on i.bill_id = b.id
           where ${only('bill', 'b.id')}
           group by b.id, b.state
          having b.state <> 'relief' and (b.state in ('paid', 'charged_off'))
               <> (sum(i.amount - i.paid - i.credited - i.relieved - i.written_off) = 0)`,
  },
  {
    name: 'whatever is said of money is in the ledger as well',
    sql: () => `select id::text as id from carrier.posting where posted_at is null`,
  },
  {
    name: 'money received is allocated or a credit, to the last won',
    sql: (only) => `select r.id::text as id from carrier.receipt r
            left join carrier.allocation a on a.receipt_id = r.id
            left join carrier.credit c on c.receipt_id = r.id
           where ${only('receipt', 'r.id')}
           group by r.id, r.amount, r.rest, c.amount
          having r.amount <> coalesce(sum(a.amount), 0) + r.rest
              or r.rest <> coalesce(c.amount, 0)`,
  },
  {
    name: 'what an item counts as paid was allocated to it, less what of that became a credit',
    sql: (only) => `select i.bill_id || '/' || i.number as id from carrier.bill_item i
            left join (
              select bill_id, number, amount from carrier.allocation
               where bill_id is not null and ${only('bill', 'bill_id')}
              union all
              select i.bill_id, i.number, a.amount from carrier.allocation a
                join carrier.bill_item i on i.payment_id = a.payment_id
               where ${only('bill', 'i.bill_id')}
              union all
              select i.bill_id, i.number, -c.amount from carrier.credit c
                join carrier.bill_item i on i.payment_id = c.payment_id
               where ${only('bill', 'i.bill_id')}
            ) a on a.bill_id = i.bill_id and a.number = i.number
           where ${only('bill', 'i.bill_id')}
           group by i.bill_id, i.number, i.paid having i.paid <> coalesce(sum(a.amount), 0)`,
  },
  {
    name: 'what an item counts as credited came from credits',
    sql: (only) => `select i.bill_id || '/' || i.number as id from carrier.bill_item i
            left join carrier.credit_use u on u.bill_id = i.bill_id and u.number = i.number
           where ${only('bill', 'i.bill_id')}
           group by i.bill_id, i.number, i.credited having i.credited <> coalesce(sum(u.amount), 0)`,
  },
  {
    name: 'a credit is used for what its uses say',
    sql: (
      only,
    ) => `select c.id from carrier.credit c left join carrier.credit_use u on u.credit_id = c.id
           where ${only('credit', 'c.id')}
           group by c.id, c.used having c.used <> coalesce(sum(u.amount), 0)`,
  },
  {
    name: 'what is written off was booked as a loss and not recovered, bucket by bucket',
    // Read whole, as postings are: there are few of either.
    sql: () => `select coalesce(lost.line_id, booked.line_id) as id from (
              select b.line_id, i.bucket, sum(i.written_off) as amount
                from carrier.bill b join carrier.bill_item i on i.bill_id = b.id
               where b.written_off > 0 group by b.line_id, i.bucket
            ) lost full join (
              select line_id, bucket, sum(case kind when 'write_off' then amount else -amount end) as amount
                from carrier.posting where kind in ('write_off', 'recovery') group by line_id, bucket
            ) booked using (line_id, bucket)
           where coalesce(lost.amount, 0) <> coalesce(booked.amount, 0)`,
  },
  {
    name: 'no payment was given back twice',
    sql: (
      only,
    ) => `select p.id::text as id from carrier.payment p join carrier.refund r on r.payment_id = p.id
           where r.status = 'succeeded' and ${only('payment', 'p.id')} group by p.id, p.refunded, p.amount
          having sum(r.amount) > p.amount or sum(r.amount) <> p.refunded`,
  },
  {
    name: 'a notice was sent the promised days before each step of dunning that is more than a notice',
    sql: (only) => `select s.bill_id || ' ' || s.stage as id from carrier.dunning_step s
           where s.done_at is not null and s.stage <> 'notice' and ${only('line', 's.line_id')}
             and (s.noticed_at is null
                  or (s.done_at at time zone $2)::date
                     - (s.noticed_at at time zone $2)::date < $1)`,
  },
  {
    name: 'the notice of a step is a message that the owner got',
    sql: (only) => `select s.bill_id || ' ' || s.stage as id from carrier.dunning_step s
           where s.done_at is not null and ${only('line', 's.line_id')} and not exists (
             select from carrier.message m where m.line_id = s.line_id
                and m.kind = 'dunning_notice' and m.created_at <= s.done_at)`,
  },
  {
    name: 'a suspended line took that step of dunning',
    sql: (only) => `select l.id from carrier.line l
           where l.stage in ('outgoing_suspended', 'fully_suspended', 'terminated')
             and ${only('line', 'l.id')} and not exists (
             select from carrier.dunning_step s where s.line_id = l.id and s.stage = l.stage
                and s.done_at is not null)`,
  },
  {
    name: 'every accepted purchase was told to the owner',
    sql: (only) => `select p.id::text as id from carrier.payment p
           where p.status = 'succeeded' and ${only('payment', 'p.id')} and not exists (
             select from carrier.message m where m.line_id = p.line_id and m.kind = 'charge'
                and m.about = p.id::text)`,
  },
  {
    name: 'every bill was told to the owner',
    sql: (only) => `select b.id from carrier.bill b where ${only('bill', 'b.id')} and not exists (
             select from carrier.message m where m.line_id = b.line_id and m.kind = 'bill'
                and m.about = b.id)`,
  },
]

/**
 * What a line should owe in the ledger, from the tables alone, in parts: a query of `kind`, `key`, `line_id`, `amount` in
 * smallest units. The key of a part is its subject's; parts that are zero need not be there.
 */
export const owedParts: readonly {
  readonly kind: string
  readonly subject: Subject
  readonly sql: (only: Only) => string
}[] = [
  {
    kind: 'unbilled',
    subject: 'payment',
    sql: (only) => `select 'unbilled' as kind, p.id::text as key, p.line_id, ${remaining} as amount
            from carrier.payment p
            ${withCancelled}
            left join carrier.bill_item i on i.payment_id = p.id
           where p.status = 'succeeded' and i.payment_id is null and ${only('payment', 'p.id')}`,
  },
  {
    kind: 'billed',
    subject: 'bill',
    sql: (only) => `select 'billed' as kind, b.id as key, b.line_id,
                 sum(i.amount - i.paid - i.credited - i.relieved - i.written_off) as amount
            from carrier.bill b join carrier.bill_item i on i.bill_id = b.id
           where ${only('bill', 'b.id')} group by b.id, b.line_id`,
  },
  {
    kind: 'credit',
    subject: 'credit',
    sql: (only) => `select 'credit' as kind, c.id as key, c.line_id, c.used - c.amount as amount
            from carrier.credit c where ${only('credit', 'c.id')}`,
  },
  {
    kind: 'early',
    subject: 'payment',
    sql: (only) => `select 'early' as kind, a.payment_id::text as key, r.line_id,
                 coalesce(max(c.amount), 0) - sum(a.amount) as amount
            from carrier.allocation a join carrier.receipt r on r.id = a.receipt_id
            join carrier.payment p on p.id = a.payment_id
            left join carrier.bill_item i on i.payment_id = a.payment_id
            left join carrier.credit c on c.payment_id = a.payment_id
           where a.payment_id is not null and i.payment_id is null and ${only('payment', 'a.payment_id')}
           group by a.payment_id, r.line_id`,
  },
]
