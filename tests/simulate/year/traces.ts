import type pg from 'pg'
import type { Only, Subject } from './books.ts'

/** Which subjects of the books a row belongs to: an expression over the row `t` gives their key; null: none. */
interface Trace {
  readonly table: string
  readonly leadsTo: readonly (readonly [subject: Subject | 'close', key: string])[]
}

const about = (kind: string) => `case when t.kind = '${kind}' then t.about end`

/** Every table that a rule of the books reads, but for `posting`, `line` and `person`, which are read whole. */
const traces: readonly Trace[] = [
  { table: 'payment', leadsTo: [['payment', 't.id::text']] },
  { table: 'refund', leadsTo: [['payment', 't.payment_id::text']] },
  { table: 'close_run', leadsTo: [['close', "t.carrier || '/' || t.cycle"]] },
  { table: 'bill', leadsTo: [['bill', 't.id']] },
  {
    table: 'bill_item',
    leadsTo: [
      ['bill', 't.bill_id'],
      ['payment', 't.payment_id::text'],
    ],
  },
  { table: 'receipt', leadsTo: [['receipt', 't.id::text']] },
  {
    table: 'allocation',
    leadsTo: [
      ['receipt', 't.receipt_id::text'],
      ['bill', 't.bill_id'],
      ['payment', 't.payment_id::text'],
    ],
  },
  {
    table: 'credit',
    leadsTo: [
      ['credit', 't.id'],
      ['receipt', 't.receipt_id::text'],
      ['payment', 't.payment_id::text'],
    ],
  },
  {
    table: 'credit_use',
    leadsTo: [
      ['credit', 't.credit_id'],
      ['bill', 't.bill_id'],
    ],
  },
  { table: 'dunning_step', leadsTo: [['line', 't.line_id']] },
  { table: 'line', leadsTo: [['line', 't.id']] },
  {
    table: 'message',
    leadsTo: [
      ['payment', about('charge')],
      ['bill', about('bill')],
      ['line', "case when t.kind = 'dunning_notice' then t.line_id end"],
    ],
  },
]

const keyTypes: Readonly<Record<Subject, 'uuid' | 'text'>> = {
  ...{ payment: 'uuid', receipt: 'uuid' },
  ...{ bill: 'text', credit: 'text', line: 'text' },
}
const subjects: readonly Subject[] = ['payment', 'bill', 'receipt', 'credit', 'line']

/** Looks at what has left a trace since the one before the last {@link Traces.gather}. */
export const traced: Only = (subject, column) => `${column} in (select id from judge.${subject})`

/** For the judge alone: the carrier itself never looks a message up by what it is about, and so on. */
const INDEXES = `
create index on carrier.message (about);
create index on carrier.message (line_id, created_at) where kind = 'dunning_notice';
create index on carrier.payment (line_id, cycle) where paid_early > 0;
create index on carrier.allocation (bill_id, number);
create index on carrier.credit_use (bill_id, number);
create index on carrier.dunning_step (line_id);`

/** A row that cannot be a key of this subject is nobody's. */
const UUID = "'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'"

/**
 * Which subjects of the books may have another verdict than when they were last judged: triggers note the keys of each row
 * that is inserted, updated (before and after) or deleted, whoever does it. A subject without a trace has the same rows as
 * before, and so the same verdict.
 */
export class Traces {
  readonly #pool: pg.Pool

  private constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /** What happened before left none: where that was anything, everything has to be judged once. */
  static async lay(pool: pg.Pool): Promise<Traces> {
    await pool.query('drop schema if exists judge cascade')
    await pool.query('create schema judge')
    await pool.query('create unlogged table judge.trace (subject text not null, key text not null)')
    for (const subject of subjects) {
      const type = keyTypes[subject]
      await pool.query(`create unlogged table judge.${subject} (id ${type} primary key)`)
    }
    await pool.query(`create function judge.no_truncate() returns trigger language plpgsql as $$
      begin raise exception 'a truncation leaves no trace'; end $$`)
    for (const trace of traces) await pool.query(triggersOf(trace))
    await pool.query(INDEXES)
    return new Traces(pool)
  }

  /** From now on {@link traced} means what left a trace since this was last called. */
  async gather(): Promise<void> {
    for (const subject of subjects) {
      const isUuid = keyTypes[subject] === 'uuid'
      // A few thousand rows: that costs less than the files of a truncation.
      await this.#pool.query(`delete from judge.${subject}`)
      await this.#pool.query(
        `insert into judge.${subject}
         select distinct key${isUuid ? '::uuid' : ''} from judge.trace
          where subject = $1 ${isUuid ? `and key ~ ${UUID}` : ''}`,
        [subject],
      )
    }
    // A closed month changes the verdict on all of its payments; a receipt that on what it paid early; a payment that on
    // the bill that it is on.
    await this.#pool.query(
      `insert into judge.payment
       select p.id from carrier.payment p where (p.carrier, p.cycle) in (
         select split_part(key, '/', 1), split_part(key, '/', 2) from judge.trace where subject = 'close')
       union
       select a.payment_id from carrier.allocation a join judge.receipt r on r.id = a.receipt_id
        where a.payment_id is not null
       on conflict do nothing`,
    )
    await this.#pool.query(
      `insert into judge.bill
       select distinct i.bill_id from carrier.bill_item i join judge.payment p on p.id = i.payment_id
       on conflict do nothing`,
    )
    await this.#pool.query('truncate judge.trace')
    await this.#pool.query(`analyze ${subjects.map((subject) => `judge.${subject}`).join(', ')}`)
  }
}

function triggersOf({ table, leadsTo }: Trace): string {
  const values = leadsTo.map(([subject, key]) => `('${subject}', ${key})`).join(', ')
  const trigger = (name: string, event: string, which: 'old' | 'new') =>
    `create trigger judge_${name} after ${event} on carrier.${table}
       referencing ${which} table as changed for each statement execute function judge.note_${table}();`
  return `
    create function judge.note_${table}() returns trigger language plpgsql as $$
    begin
      insert into judge.trace
      select distinct v.subject, v.key from changed t cross join lateral (values ${values}) as v (subject, key)
       where v.key is not null;
      return null;
    end $$;
    ${trigger('inserted', 'insert', 'new')}
    ${trigger('updated_from', 'update', 'old')}
    ${trigger('updated_to', 'update', 'new')}
    ${trigger('deleted', 'delete', 'old')}
    create trigger judge_truncated before truncate on carrier.${table}
      for each statement execute function judge.no_truncate();`
}
