import type { Transfer } from '@jeon/ledger'
import { freshDatabase } from '@jeon/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Company, openCompany } from '../company.ts'
import { bookRules } from './books.ts'
import { Judge } from './judge.ts'
import { LimitWatch } from './watch.ts'
import { simulateYear, type YearResult } from './year.ts'

type Fresh = Awaited<ReturnType<typeof freshDatabase>>

const lived: { readonly database: Fresh; readonly result: YearResult }[] = []
let company: Company
let judge: Judge

async function live(): Promise<void> {
  const database = await freshDatabase()
  const options = { lines: 24, seed: 7, months: 2, say: () => undefined }
  lived.push({ database, result: await simulateYear({ ...options, databaseUrl: database.url }) })
}

beforeAll(async () => {
  await Promise.all([live(), live()])
  const [first] = lived
  if (first === undefined) throw new Error('nothing was lived')
  const startMs = Date.parse('2026-03-03T00:00:00+09:00')
  company = await openCompany({ databaseUrl: first.database.url, startMs })
  judge = await Judge.appoint({ ...company, leadDays: 3 })
  expect(await judge.judge({ whole: false })).toEqual([])
}, 180_000)

afterAll(async () => {
  await company?.close()
  for (const { database } of lived) await database.drop()
})

test('two months are lived, every day is judged, and the seed means the same again', () => {
  const [first, second] = lived.map(({ result }) => ({ ...result, tookS: 0 }))
  expect(first).toMatchObject({ days: 61, complaints: [], tally: { 'days judged': 61 } })
  for (const name of ['succeeded', 'bills paid', 'declined: month_limit', 'refunds by cancel']) {
    expect(first?.tally[name], name).toBeGreaterThan(0)
  }
  expect(second).toEqual(first)
})

/** One bill, one of its items, and what led to them. */
const PICK = `create table if not exists judge.pick as
  select b.id as bill, i.number, i.payment_id as payment, b.line_id as line, a.receipt_id as receipt
    from carrier.bill b join carrier.bill_item i on i.bill_id = b.id
    join carrier.allocation a on a.bill_id = b.id and a.number = i.number
   where b.state = 'paid' and i.kind = 'payment' and i.paid > 1 order by b.id, i.number limit 1`
const item = '(bill_id, number) = (select bill, number from judge.pick)'
const bill = 'id = (select bill from judge.pick)'
const payment = 'id = (select payment from judge.pick)'
const step = (stage: string, notice: string, done: string) =>
  `insert into carrier.dunning_step (line_id, bill_id, stage, notice_on, due_on, noticed_at, done_at)
   select line, bill, '${stage}', '2026-01-01', '2026-01-01', '${notice}', '${done}' from judge.pick`
const noStep = 'delete from carrier.dunning_step where bill_id = (select bill from judge.pick)'

/** In the order of the rules: what breaks each, and what mends it. */
const tamperings: readonly (readonly [what: string, breaks: string, mends: string])[] = [
  [
    'an item without its payment',
    `update carrier.bill_item set payment_id = null where ${item}`,
    `update carrier.bill_item set payment_id = (select payment from judge.pick) where ${item}`,
  ],
  [
    'a payment that is denied',
    `update carrier.payment set status = 'denied' where ${payment}`,
    `update carrier.payment set status = 'succeeded' where ${payment}`,
  ],
  [
    'a bill with another total',
    `update carrier.bill set total = total + 1 where ${bill}`,
    `update carrier.bill set total = total - 1 where ${bill}`,
  ],
  [
    'a paid bill that is open',
    `update carrier.bill set state = 'open' where ${bill}`,
    `update carrier.bill set state = 'paid' where ${bill}`,
  ],
  [
    'a posting that was not booked',
    `update carrier.posting set posted_at = null where about = (select receipt::text from judge.pick)`,
    `update carrier.posting set posted_at = created_at where posted_at is null`,
  ],
  [
    'a receipt with a rest',
    `update carrier.receipt set rest = rest + 1 where id = (select receipt from judge.pick)`,
    `update carrier.receipt set rest = rest - 1 where id = (select receipt from judge.pick)`,
  ],
  [
    'an item that counts more as paid',
    `update carrier.allocation set amount = amount - 1
      where receipt_id = (select receipt from judge.pick) and ${item}`,
    `update carrier.allocation set amount = amount + 1
      where receipt_id = (select receipt from judge.pick) and ${item}`,
  ],
  [
    'an item that counts something as credited',
    `update carrier.bill_item set paid = paid - 1, credited = credited + 1 where ${item}`,
    `update carrier.bill_item set paid = paid + 1, credited = credited - 1 where ${item}`,
  ],
  [
    'a credit that was used for nothing',
    `insert into carrier.credit (id, line_id, amount, used, created_at)
     select 'credit_none', line, 1, 1, now() from judge.pick`,
    `delete from carrier.credit where id = 'credit_none'`,
  ],
  [
    'a recovery of what was never written off',
    `insert into carrier.posting (id, carrier, line_id, kind, bucket, amount, about, created_at, posted_at)
     select gen_random_uuid(), carrier, id, 'recovery', 'general', 1, 'nothing', now(), now()
       from carrier.line where id = (select line from judge.pick)`,
    `delete from carrier.posting where about = 'nothing'`,
  ],
  [
    'a refund of less than was given back',
    `update carrier.refund set amount = amount - 1 where id in (
       select id from carrier.refund where status = 'succeeded' order by id limit 1)`,
    `update carrier.refund set amount = amount + 1 where id in (
       select id from carrier.refund where status = 'succeeded' order by id limit 1)`,
  ],
  ['a step on the day of its notice', step('blocked', '2026-03-01', '2026-03-01'), noStep],
  ['a step without a message', step('notice', '2026-01-01', '2026-01-01'), noStep],
  [
    'a line that is suspended for nothing',
    `update carrier.line set stage = 'fully_suspended' where id = (select line from judge.pick)`,
    `update carrier.line set stage = 'active' where id = (select line from judge.pick)`,
  ],
  [
    'a purchase that nobody was told of',
    `update carrier.message set about = 'no ' || about
      where kind = 'charge' and about = (select payment::text from judge.pick)`,
    `update carrier.message set about = substr(about, 4) where about like 'no %'`,
  ],
  [
    'a bill that nobody was told of',
    `update carrier.message set about = 'no ' || about
      where kind = 'bill' and about = (select bill from judge.pick)`,
    `update carrier.message set about = substr(about, 4) where about like 'no %'`,
  ],
]

describe('what changed since the last judgement is judged by every rule', () => {
  test.each(
    tamperings.map((tampering, index) => [...tampering, bookRules[index]?.name ?? ''] as const),
  )('%s', async (_what, breaks, mends, rule) => {
    const { pool } = company
    await pool.query(PICK)
    expect((await pool.query(breaks)).rowCount).toBeGreaterThan(0)
    expect((await judge.judge({ whole: false })).join('\n')).toContain(`${rule}: not true of`)
    expect((await pool.query(mends)).rowCount).toBeGreaterThan(0)
    expect(await judge.judge({ whole: false })).toEqual([])
    expect(await judge.judge({ whole: true })).toEqual([])
  })

  test('and so is what a line owes, of each of its parts', async () => {
    const { pool } = company
    expect(tamperings).toHaveLength(bookRules.length)
    const parts = [
      ['carrier.payment', 'amount = amount + 1', 'amount = amount - 1', "status = 'succeeded'"],
      ['carrier.bill_item', 'paid = paid - 1', 'paid = paid + 1', 'paid > 1'],
      ['carrier.credit', 'amount = amount + 1', 'amount = amount - 1', 'true'],
      ['carrier.allocation', 'amount = amount + 1', 'amount = amount - 1', 'true'],
    ] as const
    for (const [table, breaks, mends, where] of parts) {
      await pool.query(`update ${table} set ${breaks} where ${where}`)
      const found = await judge.judge({ whole: true })
      expect(
        found.filter((text) => / in the ledger and .* in the books$/.test(text)),
        table,
      ).not.toEqual([])
      expect(found.filter((text) => text.includes('without a trace'))).toEqual([])
      await pool.query(`update ${table} set ${mends} where ${where}`)
      expect(await judge.judge({ whole: false })).toEqual([])
    }
  })

  test('and a truncation, which leaves no trace, is refused', async () => {
    await expect(company.pool.query('truncate carrier.credit_use')).rejects.toThrow('no trace')
  })
})

describe('the watch', () => {
  const ACCOUNT = 7
  const limits = {
    zone: 'Asia/Seoul',
    windows: [
      { per: 'day', scope: { of: 'all' }, amountMax: 10n },
      { per: 'month', scope: { of: 'all' }, amountMax: 15n },
    ],
  } as const

  type Entry = readonly [kind: Transfer['kind'], amount: bigint, origin: number, at?: string]

  /** Feeds a journal: what an entry gives no time has that of the one before. */
  function watched(...journal: readonly Entry[]): readonly string[] {
    const watch = new LimitWatch({ onCommitted: () => () => undefined }, 'Asia/Seoul')
    watch.limit(ACCOUNT, limits)
    let atMs = 0
    for (const [index, [kind, amount, origin, at]] of journal.entries()) {
      if (at !== undefined) atMs = Date.parse(`${at}+09:00`)
      watch.see({
        ...{ kind, amount, origin, atMs, sequence: index + 1, id: `t${index + 1}`, shard: 0 },
        ...{
          debit: ACCOUNT,
          credit: 8,
          ttlS: 0,
          category: '',
          offer: '',
          reference: '',
          device: '',
        },
        ...{ previousDebit: 0, previousCredit: 0 },
      })
    }
    return watch.complaints
  }

  test('sees what is too much in a day and in a month, and what gives room again', () => {
    const morning = '2026-01-30T09:00'
    expect(watched(['payment', 10n, 0, morning])).toEqual([])
    expect(watched(['payment', 10n, 0, morning], ['payment', 1n, 0])).toHaveLength(1)
    expect(watched(['hold', 10n, 0, morning], ['capture', 9n, 1], ['payment', 1n, 0])).toEqual([])
    expect(watched(['hold', 10n, 0, morning], ['void', 0n, 1], ['payment', 10n, 0])).toEqual([])
    expect(
      watched(['payment', 10n, 0, morning], ['refund', 4n, 1], ['payment', 5n, 0]),
    ).toHaveLength(1)
    const nextDay = '2026-01-31T09:00'
    expect(watched(['payment', 10n, 0, morning], ['payment', 5n, 0, nextDay])).toEqual([])
    expect(watched(['payment', 10n, 0, morning], ['payment', 6n, 0, nextDay])).toHaveLength(1)
  })

  test('forgets a month that is over, whatever still comes of it', () => {
    const late = '2026-01-31T23:59'
    const next = '2026-02-01T00:01'
    const held: readonly Entry[] = [
      ['hold', 10n, 0, late],
      ['capture', 4n, 1, next],
      ['refund', 4n, 2],
    ]
    expect(watched(...held, ['payment', 10n, 0])).toEqual([])
    expect(watched(...held, ['payment', 11n, 0])).toHaveLength(1)
    expect(() =>
      watched(['payment', 1n, 0, late], ['payment', 1n, 0, next], ['void', 0n, 9]),
    ).toThrow('not seen')
  })
})
