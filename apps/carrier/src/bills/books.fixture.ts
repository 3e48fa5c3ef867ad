import { type Bucket, type Cycle, cycleOf } from '@jeon/billing'
import { TestClock } from '@jeon/clock'
import { Ledger, migrateLedger } from '@jeon/ledger'
import { freshDatabase } from '@jeon/postgres'
import { expect } from 'vitest'
import { type BillParts, createBills, createCoreNeeds } from '../bills.ts'
import { createCarriers, KOREAN_CARRIERS } from '../carriers.ts'
import { type Core, createCore } from '../core.ts'
import { openDatabase } from '../database.ts'
import type { Language } from '../language.ts'
import { createLog } from '../log.ts'
import { migrateCarrier } from '../migrate.ts'
import type { Change, Line, Payment } from '../model.ts'

/** The books of carriers over a real database and ledger, with a clock that stands until a test moves it. */
export async function openBooks(startsAt: string, ids: readonly string[] = ['kt']) {
  const database = await freshDatabase()
  await migrateLedger(database.url)
  await migrateCarrier(database.url)
  const opened = openDatabase(database.url)
  const { pool } = opened
  const clock = new TestClock({
    machineMs: () => Date.now(),
    position: { offsetMs: 0, frozenAtMs: Date.parse(startsAt) },
    save: () => Promise.resolve(),
  })
  const settings = KOREAN_CARRIERS.filter(({ id }) => ids.includes(id))
  const carriers = createCarriers(settings)
  const ledger = await Ledger.open({
    ...{ databaseUrl: database.url, shards: settings.map(({ shard }) => shard) },
    clock: () => clock.now(),
    wallClock: () => clock.machineNow(),
  })
  const told: Change[] = []
  const changes = { tell: (change: Change) => void told.push(change) }
  const parts = { database: opened.database, pool, ledger, clock, carriers, changes }
  const needs = createCoreNeeds(parts)
  const core: Core = createCore({ ...parts, ...needs, log: createLog({ level: 'silent' }) })
  const books: BillParts = createBills({ ...parts, core }, needs)
  let numbers = 0

  const moveTo = (ms: number) => clock.move({ offsetMs: 0, frozenAtMs: ms })

  return {
    ...{ pool, ledger, clock, carriers, changes, core, books, told },

    /** An adult's line that may buy, at KT unless another carrier is named. */
    openLine(carrier = 'kt', language: Language = 'ko'): Promise<Line> {
      numbers += 1
      return core.lines.open({
        ...{ carrier, language },
        phoneNumber: `+82107${String(numbers).padStart(7, '0')}`,
        person: { name: `Payer ${numbers}`, birthdate: '1990-05-05' },
        ...{ kind: 'postpaid', openedOn: '2020-01-01', usedAtMs: clock.now() },
        consents: [{ kind: 'payments', wording: 'I agree.' }],
      })
    },

    /** Buys in won, and must succeed. */
    async buy(line: Line, won: number, bucket: Bucket = 'general'): Promise<Payment> {
      const outcome = await core.payments.create({
        ...{ carrier: line.carrier, clientId: 'shop', lineId: line.id, steps: 1 },
        ...{ clientCorrelator: null, referenceCode: crypto.randomUUID() },
        ...{ amount: won1(won), currency: 'KRW', description: `Gold ${won}`, isTaxIncluded: true },
        taxAmount: null,
        merchant: { id: 'm1', name: 'Hanbit Games', contact: '1588-0001' },
        category: bucket === 'content' ? 'content' : 'digital',
        ...{ product: '', metaData: null, items: [], boundToPhone: true },
        shown: ['network', 'sms_code', 'password'],
        ...{ sink: null, sinkToken: null, validation: 'none' },
      })
      if (!outcome.ok) throw new Error(`declined: ${JSON.stringify(outcome, jsonSafe)}`)
      return outcome.payment
    },

    /** Gives a payment back, in won or all of it. */
    async refund(payment: Payment, won?: number): Promise<string> {
      const outcome = await core.refunds.create({
        ...{ paymentId: payment.id, clientId: 'shop', clientCorrelator: null },
        referenceCode: crypto.randomUUID(),
        ...(won === undefined ? { type: 'total' } : { type: 'partial', amount: won1(won) }),
        ...{ reason: null, facts: {}, sink: null, sinkToken: null },
      })
      if (!outcome.ok) throw new Error(`not refunded: ${outcome.code}`)
      return outcome.refund.mode
    },

    /** Lets time pass up to an instant, with all that is due on the way. */
    until: (instant: string) => books.agenda.advance(Date.parse(instant), moveTo),
    /** Moves the clock and does nothing that is due on the way. */
    jump: (instant: string) => moveTo(Date.parse(instant)),

    async pay(line: Line, won: number | 'all' | 'oldest', early = false, key?: string) {
      const outcome = await books.receipts.pay(line.id, {
        amount: typeof won === 'number' ? won1(won) : won,
        ...{ early, key: key ?? crypto.randomUUID(), method: 'self_care' },
      })
      if (!outcome.ok) throw new Error(`not paid: ${outcome.code}`)
      return outcome.receipt
    },

    async standing(line: Line) {
      const standing = await books.dunning.standing(line.id)
      if (standing === undefined) throw new Error('the line has no standing')
      return standing
    },

    async line(line: Line): Promise<Line> {
      const found = await core.lines.byId(line.id)
      if (found === undefined) throw new Error('the line is gone')
      return found
    },

    /** The texts of a line's messages of a kind, oldest first. */
    async texts(line: Line, kind: string): Promise<string[]> {
      const { rows } = await pool.query<{ text: string }>(
        'select text from carrier.message where line_id = $1 and kind = $2 order by number',
        [line.id, kind],
      )
      return rows.map(({ text }) => text)
    },

    cycle: (): Cycle => cycleOf(clock.now(), 'Asia/Seoul'),

    /**
     * What must hold at any time when nothing is under way: what the ledger says a line owes is what the bills, the unbilled
     * payments, the credits and the early payments say; every sum is the sum of its parts. (Default: of all lines)
     */
    async check(line?: Line): Promise<void> {
      const { rows } = await pool.query<Sums>(SUMS_SQL, [line?.id ?? null])
      for (const row of rows) {
        const views = await Promise.all(
          [row.general_account, row.content_account].map((id) => ledger.account(Number(id))),
        )
        const balance = views.reduce((sum, view) => sum + (view?.balance ?? 0n), 0n)
        const owes =
          BigInt(row.unbilled) + BigInt(row.owed) - BigInt(row.credits) - BigInt(row.early)
        expect({ line: row.id, owes: -balance }).toEqual({ line: row.id, owes })
      }
      const broken = await pool.query(BROKEN_SQL, [line?.id ?? null])
      expect(broken.rows).toEqual([])
    },

    async close(): Promise<void> {
      await core.close()
      await ledger.close()
      await opened.close()
      await database.drop()
    },
  }
}

export type Books = Awaited<ReturnType<typeof openBooks>>

/** Won in smallest units. */
export function won1(won: number): bigint {
  return BigInt(won) * 1_000n
}

function jsonSafe(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

interface Sums {
  readonly id: string
  readonly general_account: string
  readonly content_account: string
  readonly unbilled: string
  readonly early: string
  readonly owed: string
  readonly credits: string
}

const SUMS_SQL = `
select l.id, l.general_account, l.content_account,
  (select coalesce(sum(p.amount - p.cancelled), 0) from carrier.payment p where p.line_id = l.id
    and p.status = 'succeeded' and not exists (
      select from carrier.bill_item i where i.payment_id = p.id)) as unbilled,
  (select coalesce(sum(p.paid_early), 0) from carrier.payment p where p.line_id = l.id
    and not exists (select from carrier.bill_item i where i.payment_id = p.id)) as early,
  (select coalesce(sum(b.total - b.settled), 0) from carrier.bill b where b.line_id = l.id) as owed,
  (select coalesce(sum(c.amount - c.used), 0) from carrier.credit c where c.line_id = l.id) as credits
from carrier.line l where $1::text is null or l.id = $1`

const BROKEN_SQL = `
select 'bill' as what, b.id from carrier.bill b join carrier.bill_item i on i.bill_id = b.id
where $1::text is null or b.line_id = $1
group by b.id having b.total <> sum(i.amount)
  or b.settled <> sum(i.paid + i.credited + i.relieved + i.written_off)
  or b.written_off <> sum(i.written_off)
union all
select 'receipt', r.id::text from carrier.receipt r left join carrier.allocation a on a.receipt_id = r.id
where $1::text is null or r.line_id = $1
group by r.id having r.amount <> coalesce(sum(a.amount), 0) + r.rest
union all
select 'credit', c.id from carrier.credit c left join carrier.credit_use u on u.credit_id = c.id
where $1::text is null or c.line_id = $1
group by c.id having c.used <> coalesce(sum(u.amount), 0)
union all
select 'item', i.bill_id || ' ' || i.number from carrier.bill b join carrier.bill_item i on i.bill_id = b.id
  left join carrier.credit_use u on u.bill_id = i.bill_id and u.number = i.number
where $1::text is null or b.line_id = $1
group by i.bill_id, i.number having i.credited <> coalesce(sum(u.amount), 0)
union all
select 'step', s.bill_id || ' ' || s.stage from carrier.dunning_step s
where ($1::text is null or s.line_id = $1)
  and s.done_at is not null and s.stage <> 'notice'
  and (s.done_at at time zone 'Asia/Seoul')::date - (s.noticed_at at time zone 'Asia/Seoul')::date < 3
union all
select 'lost', coalesce(l.line_id, p.line_id) from (
  select b.line_id, i.bucket, sum(i.written_off) as amount
  from carrier.bill b join carrier.bill_item i on i.bill_id = b.id where i.written_off > 0 group by 1, 2
) l full join (
  select line_id, bucket, sum(case kind when 'write_off' then amount else -amount end) as amount
  from carrier.posting where kind in ('write_off', 'recovery') group by 1, 2
) p using (line_id, bucket)
where coalesce(l.amount, 0) <> coalesce(p.amount, 0)
  and ($1::text is null or coalesce(l.line_id, p.line_id) = $1)
union all
select 'posting', p.id::text from carrier.posting p
where p.posted_at is null and ($1::text is null or p.line_id = $1)`
