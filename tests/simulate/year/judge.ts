import type { AccountId, Ledger } from '@jeon/ledger'
import type pg from 'pg'
import { bookRules, everything, type Only, owedParts } from './books.ts'
import { Traces, traced } from './traces.ts'

/** How many offenders are shown of one rule. */
const SHOWN_MAX = 5
const BALANCES_AT_ONCE = 2_000

/**
 * Judges the books of a company between two pieces of work. Each rule is asked of everything that changed since it was last
 * asked, and on request of everything there is.
 */
export class Judge {
  readonly #pool: pg.Pool
  readonly #ledger: Pick<Ledger, 'account'>
  readonly #traces: Traces
  readonly #leadDays: number
  readonly #zone: string
  #hasBegun = false

  private constructor(parts: JudgeParts, traces: Traces) {
    this.#pool = parts.pool
    this.#ledger = parts.ledger
    this.#leadDays = parts.leadDays
    this.#zone = parts.zone
    this.#traces = traces
  }

  static async appoint(parts: JudgeParts): Promise<Judge> {
    const traces = await Traces.lay(parts.pool)
    await parts.pool.query(
      `create unlogged table judge.part (
         kind text not null, key text not null, line_id text not null, amount bigint not null, primary key (kind, key))`,
    )
    return new Judge(parts, traces)
  }

  /** Each complaint names a rule and some of what breaks it. `whole`: also of what did not change. */
  async judge({ whole }: { readonly whole: boolean }): Promise<string[]> {
    await this.#traces.gather()
    // Of what was there before it was appointed it has seen no trace.
    const changed = this.#hasBegun ? traced : everything
    this.#hasBegun = true
    const owed = await this.#owedByLine(changed)
    const complaints = [
      ...(await this.#askRules(whole ? everything : changed)),
      ...(await this.#compareBalances(owed)),
    ]
    if (whole) complaints.push(...differences(owed, await owedByLine(this.#pool)))
    return complaints
  }

  async #askRules(only: Only): Promise<string[]> {
    const complaints: string[] = []
    for (const { name, sql } of bookRules) {
      const text = sql(only)
      const values = text.includes('$1') ? [this.#leadDays, this.#zone] : []
      // Found first and cut off then: a plan that counts on finding some soon is slow where there are none.
      const { rows } = await this.#pool.query<{ id: string }>(
        `with broken as materialized (${text}) select id from broken limit ${SHOWN_MAX}`,
        values,
      )
      if (rows.length === 0) continue
      complaints.push(`${name}: not true of ${rows.map(({ id }) => id).join(', ')}`)
    }
    return complaints
  }

  /** What each line owes by the tables: the parts that changed are worked out anew. */
  async #owedByLine(changed: Only): Promise<Map<string, bigint>> {
    for (const { kind, subject, sql } of owedParts) {
      await this.#pool.query(
        `delete from judge.part where kind = $1 and key in (select id::text from judge.${subject})`,
        [kind],
      )
      await this.#pool.query(
        `insert into judge.part select * from (${sql(changed)}) part where amount <> 0`,
      )
    }
    return sums(this.#pool, 'select line_id, sum(amount) as owed from judge.part group by line_id')
  }

  async #compareBalances(owed: ReadonlyMap<string, bigint>): Promise<string[]> {
    const { rows } = await this.#pool.query<LineRow>(
      'select id, general_account, content_account from carrier.line order by id',
    )
    const complaints: string[] = []
    for (let from = 0; from < rows.length; from += BALANCES_AT_ONCE) {
      await Promise.all(
        rows.slice(from, from + BALANCES_AT_ONCE).map(async (line) => {
          const accounts = [line.general_account, line.content_account].map(Number)
          const balance = await this.#balanceOf(accounts)
          const expected = owed.get(line.id) ?? 0n
          if (-balance === expected) return
          complaints.push(
            `line ${line.id} owes ${-balance} in the ledger and ${expected} in the books`,
          )
        }),
      )
    }
    return complaints
  }

  async #balanceOf(accounts: readonly AccountId[]): Promise<bigint> {
    const views = await Promise.all(accounts.map((id) => this.#ledger.account(id)))
    return views.reduce((sum, view) => sum + (view?.balance ?? 0n), 0n)
  }
}

export interface JudgeParts {
  readonly pool: pg.Pool
  readonly ledger: Pick<Ledger, 'account'>
  /** Days between a notice and its step. */
  readonly leadDays: number
  /** In which these are days. */
  readonly zone: string
}

interface LineRow {
  readonly id: string
  readonly general_account: string
  readonly content_account: string
}

/** What a line should owe in the ledger, in smallest units, from all of the tables. A line that owes nothing may be left out. */
export function owedByLine(pool: pg.Pool): Promise<Map<string, bigint>> {
  const parts = owedParts.map(({ sql }) => `(${sql(everything)})`).join(' union all ')
  return sums(pool, `select line_id, sum(amount) as owed from (${parts}) part group by line_id`)
}

async function sums(pool: pg.Pool, sql: string): Promise<Map<string, bigint>> {
  const { rows } = await pool.query<{ line_id: string; owed: string }>(sql)
  return new Map(rows.map(({ line_id, owed }) => [line_id, BigInt(owed)]))
}

/** The judge's own count held against the whole: a change without a trace would be a defect of the judge. */
function differences(
  kept: ReadonlyMap<string, bigint>,
  whole: ReadonlyMap<string, bigint>,
): string[] {
  return [...new Set([...kept.keys(), ...whole.keys()])]
    .filter((id) => (kept.get(id) ?? 0n) !== (whole.get(id) ?? 0n))
    .slice(0, SHOWN_MAX)
    .map((id) => `what line ${id} owes changed without a trace`)
}
