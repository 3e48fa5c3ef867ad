import { addDays, type CalendarDate, startOfDayMs } from '@jeon/billing'
import { createRandom, type Random } from '../../crash/random.ts'
import { atOnce } from '../at-once.ts'
import { type Company, openCompany } from '../company.ts'
import { watchAllowances } from './allowances.ts'
import { Chores } from './chores.ts'
import { Judge } from './judge.ts'
import { type Money, moneyOf } from './money.ts'
import { Refunds } from './refunding.ts'
import { buy, count, type Purchase, type Tally, wishOf } from './shopping.ts'
import { LimitWatch } from './watch.ts'
import { type Owner, openOwners } from './world.ts'

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
/** Some at a time, as many owners shop at one moment. */
const BUYERS_AT_ONCE = 250
const COMPLAINTS_MAX = 20

/** Lives months of thousands of lines, and judges the books at the end of every day. */
export async function simulateYear(options: YearOptions): Promise<YearResult> {
  const begun = performance.now()
  const random = createRandom(options.seed)
  const startMs = startOfDayMs(FIRST_DAY, 'Asia/Seoul')
  const company = await openCompany({ databaseUrl: options.databaseUrl, startMs })
  try {
    const watch = new LimitWatch(company.ledger, company.zone)
    const judge = await Judge.appoint({ ...company, leadDays: LEAD_DAYS })
    const owners = await openOwners(company, random, options.lines)
    const year = new Year({ company, random, owners, watch, judge })
    const lastDay = addDays(FIRST_DAY, Math.ceil(options.months * 30.5))
    let days = 0
    for (let day = addDays(FIRST_DAY, 1); day <= lastDay; day = addDays(day, 1)) {
      await year.live(day, day === lastDay)
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

interface YearParts {
  readonly company: Company
  readonly random: Random
  readonly owners: readonly Owner[]
  readonly watch: LimitWatch
  readonly judge: Judge
}

class Year {
  readonly tally: Tally = new Map()
  readonly complaints: string[] = []
  readonly #parts: YearParts
  readonly #chores: Chores
  readonly #refunds: Refunds
  #serial = 0

  constructor(parts: YearParts) {
    const { company, random, owners } = parts
    this.#parts = parts
    this.#chores = new Chores(company, random, owners, this.tally)
    this.#refunds = new Refunds(company, random, this.tally)
  }

  /** One day: shopping, chores, refunds; then the books, all of them at the end of a month and on the last day. */
  async live(day: CalendarDate, isLast: boolean): Promise<void> {
    const { company } = this.#parts
    const startMs = startOfDayMs(day, company.zone)
    const isLastOfMonth = addDays(day, 1).endsWith('-01')
    const moments = [
      ...(day.endsWith('-01') ? [0] : []),
      ...MOMENTS,
      ...(isLastOfMonth ? [LAST_MINUTE] : []),
    ]
    for (const moment of moments) {
      await company.advance(startMs + moment * 60_000)
      await this.#shop(moments.length)
      if (moment === MOMENTS[1]) {
        await this.#chores.run()
        await this.#refunds.run(day)
      }
    }
    await this.#judge(day, isLast || isLastOfMonth)
  }

  told(day: CalendarDate, ms: number): string {
    const of = (name: string) => (this.tally.get(name) ?? 0).toLocaleString('en-US')
    const seconds = (ms / 1_000).toFixed(0)
    return `${day}  ${of('succeeded')} bought, ${of('bills paid')} bills paid, ${seconds} s`
  }

  async #shop(moments: number): Promise<void> {
    const { company, random, owners, watch } = this.#parts
    const wishes: { readonly purchase: Purchase; readonly serial: number }[] = []
    const watched: string[] = []
    for (const owner of owners) {
      const buyers = owner.lineIds.filter(() => random.chance(owner.persona.buys / moments))
      if (buyers.length > 0) watched.push(...owner.lineIds)
      for (const lineId of buyers) {
        const line = await company.line(lineId)
        this.#serial += 1
        const purchase = wishOf(random, owner, line, this.#serial)
        wishes.push({ purchase, serial: this.#serial })
      }
    }
    await watchAllowances(company, watch, watched)
    await atOnce(wishes, BUYERS_AT_ONCE, async ({ purchase, serial }) => {
      const paymentId = await buy(company, purchase, this.tally)
      if (paymentId === undefined) return
      this.#refunds.consider({ paymentId, lineId: purchase.order.lineId, serial })
    })
  }

  async #judge(day: CalendarDate, whole: boolean): Promise<void> {
    const { watch, judge } = this.#parts
    const found = [...watch.complaints.splice(0), ...(await judge.judge({ whole }))]
    this.complaints.push(...found.map((text) => `${day}: ${text}`))
    count(this.tally, 'days judged')
  }
}

/** Days between notice and step at all three carriers. */
const LEAD_DAYS = 3

async function transfersOf({ pool }: Company): Promise<number> {
  const { rows } = await pool.query<{ count: string }>('select count(*) from ledger.transfer')
  return Number(rows[0]?.count ?? 0)
}
