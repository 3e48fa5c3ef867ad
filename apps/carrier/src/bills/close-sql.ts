/** The statements of the monthly close. Each handles one chunk of lines as a whole. */

/**
 * The next lines of the carrier, in order of id, that together have no more than `$5` items: at most `$4` lines, and at
 * least one. A late payment of the cycle before is billed with this one.
 *
 * $1 carrier, $2 cycles, $3 the line after which to go on, $4 lines, $5 items
 */
export const CHUNK_SQL = `
with candidate as (
  select id from carrier.line where carrier = $1 and id > $3 order by id limit $4
), counted as (
  select c.id, n.items, sum(n.items) over (order by c.id) as items_so_far
  from candidate c cross join lateral (
    select count(*) as items from carrier.payment p
    where p.line_id = c.id and p.cycle = any($2::text[]) and p.status = 'succeeded') n
)
select id from counted where items_so_far <= $5 or items_so_far = items order by id`

/**
 * Bills for what the lines bought and that is on no bill yet, less what was cancelled in time. What was paid early is
 * paid; where more was paid early than is left after a cancellation, the difference becomes a credit. A payment whose
 * cancellation is not decided waits for the next bill.
 *
 * $1 lines, $2 cycles, $3 cycle, $4 carrier, $5 made on, $6 due on, $7 profile version, $8 now
 */
export const BILL_SQL = `
with charge as (
  select p.id, p.line_id, p.bucket, p.description, p.paid_early, p.paid_at, p.created_at,
         p.amount - p.cancelled as amount
  from carrier.payment p
  where p.line_id = any($1::text[]) and p.cycle = any($2::text[]) and p.status = 'succeeded'
    and not exists (select from carrier.bill_item i where i.payment_id = p.id)
    and (p.refunded = p.cancelled or not exists (
      select from carrier.refund r
      where r.payment_id = p.id and r.status = 'processing' and r.mode = 'cancel'))
), item as (
  select id, line_id, bucket, description, amount, least(paid_early, amount) as early,
         coalesce(paid_at, created_at) as at,
         'bill_' || substr(line_id, 6) || '_' || replace($3, '-', '') as bill_id,
         row_number() over (partition by line_id order by coalesce(paid_at, created_at), id) as number
  from charge where amount > 0
), new_bill as (
  insert into carrier.bill
    (id, carrier, line_id, cycle, made_on, due_on, profile_version, state, total, settled, made_at)
  select bill_id, $4, line_id, $3, $5::date, $6::date, $7,
         case when sum(early) = sum(amount) then 'paid' else 'open' end, sum(amount), sum(early), $8
  from item group by bill_id, line_id
), new_item as (
  insert into carrier.bill_item (bill_id, number, kind, payment_id, bucket, label, amount, paid, at)
  select bill_id, number, 'payment', id, bucket, description, amount, early, at from item
), excess as (
  select id, line_id, amount, paid_early - amount as over from charge where paid_early > amount
), new_credit as (
  insert into carrier.credit (id, line_id, payment_id, amount, created_at)
  select 'credit_' || replace(id::text, '-', ''), line_id, id, over, $8 from excess
), trimmed as (
  update carrier.payment p set paid_early = e.amount from excess e where p.id = e.id
)
select count(distinct bill_id) as lines, count(*) as items, coalesce(sum(amount), 0)::bigint as amount from item`

/**
 * The notice of each new bill: for each item the time, merchant and contact, what for and how much, and how to object.
 *
 * $1 lines, $2 cycle, $3 zone, $4 words by language, $5 smallest units in a whole, $6 number format, $7 now, $8 when it is sent; null: at once
 */
export const MESSAGE_SQL = `
with words as (
  select * from json_to_recordset($4::json)
    as w (language text, head text, foot text, credit text, amount text)
), listed as (
  select i.bill_id, w.language,
         string_agg(
           to_char(i.at at time zone $3, 'MM/DD HH24:MI') || ' '
             || left(regexp_replace(p.merchant_name, '[[:cntrl:][:space:]]+', ' ', 'g'), 40)
             || ' (' || p.merchant_contact || ') '
             || left(regexp_replace(i.label, '[[:cntrl:][:space:]]+', ' ', 'g'), 120) || ' '
             || format(w.amount, rtrim(to_char(i.amount / $5::numeric, $6), '.')),
           E'\\n' order by i.number) as items
  from carrier.bill b
  join carrier.line l on l.id = b.line_id
  join words w on w.language = l.language
  join carrier.bill_item i on i.bill_id = b.id
  join carrier.payment p on p.id = i.payment_id
  where b.line_id = any($1::text[]) and b.cycle = $2
  group by i.bill_id, w.language
)
insert into carrier.message (id, carrier, line_id, phone_number, kind, text, about, created_at, send_at)
select 'message_' || b.id, b.carrier, b.line_id, l.phone_number, 'bill',
       format(w.head, format(w.amount, rtrim(to_char(b.total / $5::numeric, $6), '.')))
         || case when b.settled = 0 then '' else
              format(w.credit, format(w.amount, rtrim(to_char(b.settled / $5::numeric, $6), '.')),
                               format(w.amount, rtrim(to_char((b.total - b.settled) / $5::numeric, $6), '.'))) end
         || listed.items || w.foot,
       b.id, $7, $8::timestamptz
from listed
join carrier.bill b on b.id = listed.bill_id
join carrier.line l on l.id = b.line_id
join words w on w.language = listed.language
order by b.line_id
on conflict (id) do nothing`
