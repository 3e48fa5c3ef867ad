import { addDays, type CalendarDate, startOfDayMs } from '@jeon/billing'
import { createRandom, type Random } from '../../crash/random.ts'
import { type Company, openCompany } from '../company.ts'
import { judgeBooks, owedByLine } from './books.ts'
import { Chores } from './chores.ts'
import { type Money, moneyOf } from './money.ts'
import { Refunds } from './refunding.ts'
import { buy, count, type Purchase, type Tally, wishOf } from './shopping.ts'
import { LimitWatch } from './watch.ts'
import { type Owner, openOwners, watchOwner } from './world.ts'

export interface YearOptions {
  readonly databaseUrl: string
  readonly lines: number
  readonly seed: number
  readonly months: number
  /** Told about each month, and at the end. */
  readonly say: (text: string) => void
}

/** What a simulated year came to. */
export interface YearResult {
  readonly seed: number
  readonly lines: number
  readonly days: number
  readonly tookS: number
  /** Purchases and holds that were compared with their limits at the instant of their decision. */
  readonly limitsChecked: number
  readonly tally: Readonly<Record<string, number>>
  /** In won. */
  readonly money: Money
  readonly transfers: number
  /** What did not hold; empty when all is well. */
  readonly complaints: readonly string[]
}

/** When the simulated time begins: lines are opened on the last day of a year. */
const FIRST_DAY: CalendarDate = '2025-12-31'
/** Moments of a day at which owners shop, in minutes; and the last minute of a month as well. */
const MOMENTS = [9 * 60, 13 * 60 + 7, 20 * 60 + 31] as const
const LAST_MINUTE = 24 * 60 - 1
const AT_ONCE = 250
const COMPLAINTS_MAX = 20

/** Lives months of thousands of lines, and judges the books at the end of every day. */
export async function simulateYear(options: YearOptions): Promise<YearResult> {
  const begun = performance.now()
  const random = createRandom(options.seed)
  const startMs = startOfDayMs(FIRST_DAY, 'Asia/Seoul')
  const company = await openCompany({ databaseUrl: options.databaseUrl, startMs })
  try {
    const watch = new LimitWatch(company.ledger, company.zone)
    const owners = await openOwners(company, random, options.lines)
    const year = new Year(company, random, owners, watch)
    const lastDay = addDays(FIRST_DAY, Math.ceil(options.months * 30.5))
    let days = 0
    for (let day = addDays(FIRST_DAY, 1); day <= lastDay; day = addDays(day, 1)) {
      await year.live(day)
      days += 1
      if (year.complaints.length > 0) break
      // As a database does by itself when it is given the time.
      if (day.endsWith('-02') || day.endsWith('-12')) await company.pool.query('analyze')
      if (day.endsWith('-01')) options.say(year.told(day, performance.now() - begun))
    }
    const report = await company.ledger.verify()
    const complaints = [...year.complaints]
    if (!report.ok) complaints.push(`the ledger does not verify: ${JSON.stringify(report)}`)
    return {
      seed: options.seed,
      lines: options.lines,
      days,
      tookS: Math.round((performance.now() - begun) / 1_000),
      limitsChecked: watch.checked,
      tally: Object.fromEntries([...year.tally].sort(([a], [b]) => (a < b ? -1 : 1))),
      money: await moneyOf(company.pool),
      transfers: await transfersOf(company),
      complaints: complaints.slice(0, COMPLAINTS_MAX),
    }
  } finally {
    await company.close()
  }
}

class Year {
  readonly tally: Tally = new Map()
  readonly complaints: string[] = []
  readonly #company: Company
  readonly #random: Random
  readonly #owners: readonly Owner[]
  readonly #watch: LimitWatch
  readonly #chores: Chores
  readonly #refunds: Refunds
  #serial = 0

  constructor(company: Company, random: Random, owners: readonly Owner[], watch: LimitWatch) {
    this.#company = company
    this.#random = random
    this.#owners = owners
    this.#watch = watch
    this.#chores = new Chores(company, random, owners, this.tally)
    this.#refunds = new Refunds(company, random, this.tally)
  }

  /** One day: shopping, chores, refunds; then the books. */
  async live(day: CalendarDate): Promise<void> {
    const startMs = startOfDayMs(day, this.#company.zone)
    const isLastOfMonth = addDays(day, 1).endsWith('-01')
    const moments = [
      ...(day.endsWith('-01') ? [0] : []),
      ...MOMENTS,
      ...(isLastOfMonth ? [LAST_MINUTE] : []),
    ]
    for (const moment of moments) {
      await this.#company.advance(startMs + moment * 60_000)
      await this.#shop(moments.length)
      if (moment === MOMENTS[1]) {
        await this.#chores.run()
        await this.#refunds.run(day)
      }
    }
    await this.#judge(day)
  }

  told(day: CalendarDate, ms: number): string {
    const of = (name: string) => (this.tally.get(name) ?? 0).toLocaleString('en-US')
    const seconds = (ms / 1_000).toFixed(0)
    return `${day}  ${of('succeeded')} bought, ${of('bills paid')} bills paid, ${seconds} s`
  }

  async #shop(moments: number): Promise<void> {
    const wishes: { readonly purchase: Purchase; readonly serial: number }[] = []
    const owners: Owner[] = []
    for (const owner of this.#owners) {
      const buyers = owner.lineIds.filter(() => this.#random.chance(owner.persona.buys / moments))
      if (buyers.length > 0) owners.push(owner)
      for (const lineId of buyers) {
        const line = await this.#company.line(lineId)
        this.#serial += 1
        const purchase = wishOf(this.#random, owner, line, this.#serial)
        wishes.push({ purchase, serial: this.#serial })
      }
    }
    await atOnce(owners, (owner) => watchOwner(this.#company, this.#watch, owner))
    await atOnce(wishes, async ({ purchase, serial }) => {
      const bought = await buy(this.#company, purchase, this.tally)
      if (bought !== undefined) this.#refunds.consider(bought, serial)
    })
  }

  async #judge(day: CalendarDate): Promise<void> {
    const { pool, ledger, core } = this.#company
    const found = [...this.#watch.complaints.splice(0), ...(await judgeBooks(pool, LEAD_DAYS))]
    const owed = await owedByLine(pool)
    for (const carrier of this.#company.carriers.keys()) {
      for await (const line of core.lines.all(carrier)) {
        const accounts = await Promise.all(
          [line.accounts.general, line.accounts.content].map((id) => ledger.account(id)),
        )
        const balance = accounts.reduce((sum, view) => sum + (view?.balance ?? 0n), 0n)
        const expected = owed.get(line.id) ?? 0n
        if (-balance !== expected) {
          found.push(`line ${line.id} owes ${-balance} in the ledger and ${expected} in the books`)
        }
      }
    }
    this.complaints.push(...found.map((text) => `${day}: ${text}`))
    count(this.tally, 'days judged')
  }
}

/** Some at a time, as many owners shop at one moment. */
async function atOnce<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < list.length; from += AT_ONCE) {
    await Promise.all(list.slice(from, from + AT_ONCE).map(work))
  }
}

/** Days between notice and step at all three carriers. */
const LEAD_DAYS = 3

async function transfersOf({ pool }: Company): Promise<number> {
  const { rows } = await pool.query<{ count: string }>('select count(*) from ledger.transfer')
  return Number(rows[0]?.count ?? 0)
}
