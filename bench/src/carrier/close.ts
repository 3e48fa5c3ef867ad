import { strictEqual } from 'node:assert/strict'
import type { Carriers } from '@jeon/carrier'
import pg from 'pg'
import { CARRIER } from './lines.ts'
import type { CarrierEvent, CarrierJob } from './stage.ts'

/** The month that is closed, in Korean time, and the day of its bills. */
export const MONTH = {
  cycle: '2026-10',
  beganAt: '2026-10-01T00:00:00+09:00',
  billedAtMs: Date.parse('2026-11-05T00:10:00+09:00'),
} as const

type Plan = Extract<CarrierJob, { readonly task: 'close' }>
type Closed = Omit<Extract<CarrierEvent, { readonly event: 'closed' }>, 'event'>

const LINES_AT_ONCE = 2_000
const SAMPLE_MS = 20
const MB = 2 ** 20
/** Far from what the ledger gives out. The close does not ask the ledger. */
const FIRST_ACCOUNT = 9_000_000_000

/**
 * A month of payments for many lines, and its close. Throws when the bills are not what was bought, to the last item
 * and won.
 */
export async function closeMonth(
  { bills, carriers }: Carriers,
  plan: Plan,
  tellProgress: (doing: string) => (share: number) => void,
): Promise<Closed> {
  const client = new pg.Client({ connectionString: plan.databaseUrl })
  await client.connect()
  try {
    const version = carriers.get(CARRIER)?.profileAt(Date.parse(MONTH.beganAt)).version ?? ''
    await fill(client, plan, version, tellProgress('buying for a month, by SQL'))
    const tellClosing = tellProgress('closing the month')
    const memory = watchMemory()
    let chunks = 0
    const begun = performance.now()
    await bills.bills.close(CARRIER, MONTH.cycle, {
      onProgress({ lines }) {
        chunks += 1
        memory.look()
        tellClosing(lines / plan.lines)
      },
    })
    const seconds = (performance.now() - begun) / 1_000
    const measured = { seconds, chunks, ...memory.end() }
    await prove(client, plan)
    return { ...measured, items: plan.lines * plan.itemsPerLine, lines: plan.lines }
  } finally {
    await client.end()
  }
}

function watchMemory() {
  const beforeMB = process.memoryUsage.rss() / MB
  let peakMB = beforeMB
  const look = () => {
    peakMB = Math.max(peakMB, process.memoryUsage.rss() / MB)
  }
  const timer = setInterval(look, SAMPLE_MS)
  return {
    look,
    end() {
      clearInterval(timer)
      look()
      return { beforeMB, peakMB }
    },
  }
}

const PERSONS = `
insert into carrier.person (id, carrier, name, birthdate, created_at)
select 'person_' || n, $1, 'Bench ' || n, '1990-05-05', $2 from generate_series($3::int, $4::int) as n`

const LINES = `
insert into carrier.line
  (id, carrier, phone_number, person_id, kind, opened_on, sim_changed_at, device_changed_at, personal,
   general_account, content_account, created_at)
select 'line_' || lpad(n::text, 10, '0'), $1, '+8210' || (70000000 + n), 'person_' || n, 'postpaid', '2022-03-02',
       $2, $2, '{}', ${FIRST_ACCOUNT} + 2 * n, ${FIRST_ACCOUNT} + 2 * n + 1, $2
from generate_series($3::int, $4::int) as n`

/** Bought minutes apart, from 10 to 9,990 won, by some of 1,000 merchants. */
const PAYMENTS = `
insert into carrier.payment
  (id, carrier, client_id, line_id, client_correlator, reference_code, steps, status, bucket, category, amount,
   currency, description, merchant_id, merchant_name, merchant_contact, facts, bound_to_phone, profile_version, cycle,
   asynchronous, created_at, counted_at, paid_at, updated_at)
select uuidv7(), $1, 'bench', 'line_' || lpad(n::text, 10, '0'), n || '-' || item, 'order-' || n || '-' || item, 1,
       'succeeded', 'general', 'digital', (1 + (n * 7 + item * 131) % 999) * 10000, 'KRW', 'Article ' || item,
       'press-' || m, 'Newspaper ' || m, '02-000-0000', '{"items": [], "isTaxIncluded": true}', false, $5, $6,
       false, at, at, at, at
from generate_series($3::int, $4::int) as n, generate_series(1, $7::int) as item,
     lateral (select (n * 31 + item) % 1000 as m,
                     $2::timestamptz + make_interval(mins => (n * 13 + item * 977) % 43200) as at) as rest`

async function fill(
  client: pg.Client,
  { lines, itemsPerLine }: Plan,
  version: string,
  onProgress: (share: number) => void,
): Promise<void> {
  for (let from = 1; from <= lines; from += LINES_AT_ONCE) {
    const range = [CARRIER, MONTH.beganAt, from, Math.min(lines, from + LINES_AT_ONCE - 1)]
    await client.query(PERSONS, range)
    await client.query(LINES, range)
    await client.query(PAYMENTS, [...range, version, MONTH.cycle, itemsPerLine])
    onProgress(Math.min(1, (from + LINES_AT_ONCE) / lines))
  }
  // What a database does by itself in a month.
  await client.query('vacuum (analyze) carrier.payment')
  await client.query('analyze carrier.line')
}

/** Every payment is on one bill, every line has one bill and one message, and the sums agree. */
async function prove(client: pg.Client, { lines, itemsPerLine }: Plan): Promise<void> {
  const { rows } = await client.query<Record<string, string>>(
    `select (select count(*) from carrier.bill where cycle = $1) as bills,
            (select sum(total) from carrier.bill where cycle = $1) as billed,
            (select count(distinct payment_id) from carrier.bill_item) as items,
            (select sum(amount) from carrier.payment) as bought,
            (select count(distinct line_id) from carrier.message where kind = 'bill') as messages`,
    [MONTH.cycle],
  )
  const [found] = rows
  strictEqual(Number(found?.bills), lines, 'a bill for every line')
  strictEqual(Number(found?.items), lines * itemsPerLine, 'every payment on one bill')
  strictEqual(Number(found?.messages), lines, 'a message for every bill')
  strictEqual(found?.billed, found?.bought, 'billed is what was bought')
}
