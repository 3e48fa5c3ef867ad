/** A fresh database with the ledger's tables for the test file that imports this, and a cast to play on it. */
import { freshDatabase } from '@jeon/postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { Ledger, type LedgerOptions } from '../src/ledger.ts'
import type { AccountId, Command, Outcome, SpendingLimits, Transfer } from '../src/model.ts'
import { migrateLedger } from '../src/postgres/migrate.ts'
import { Random } from './random.ts'

export let database: Awaited<ReturnType<typeof freshDatabase>>
export let sql: pg.Client
let nextShard = 0

/** A shard that no other test uses. */
export function freshShard(): number {
  nextShard += 1
  return nextShard - 1
}

/** Ledgers that their test has closed by itself. */
export const closed = new Set<Ledger>()
export const random = new Random(Date.now())

beforeAll(async () => {
  database = await freshDatabase()
  await migrateLedger(database.url)
  sql = new pg.Client({ connectionString: database.url })
  await sql.connect()
})

afterAll(async () => {
  await sql?.end()
  await database?.drop()
})

/** A UUIDv7 of now, or without a time. */
export function newId(hasTime = true): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return hasTime ? `${time}7${random.hex(19)}` : `${random.hex(12)}4${random.hex(19)}`
}

/** A ledger on shards of its own, closed when the test is over. */
export async function openLedger(options: Partial<LedgerOptions> = {}): Promise<Ledger> {
  const shards = options.shards ?? [freshShard()]
  const clock = options.clock ?? Date.now
  const all = { databaseUrl: database.url, clock, wallClock: Date.now, ...options, shards }
  const ledger = await Ledger.open(all)
  onTestFinished(() => (closed.has(ledger) ? undefined : ledger.close()))
  return ledger
}

export interface Cast {
  readonly rail: AccountId
  readonly payer: AccountId
  readonly merchant: AccountId
  readonly dollars: AccountId
}

export async function openCast(ledger: Ledger, limits?: SpendingLimits): Promise<Cast> {
  const [shard = 0] = ledger.shards
  const asset = 'KRW/3'
  const [rail, payer, merchant, dollars] = await ledger.openAccounts([
    { shard, reference: 'rail', asset, kind: 'rail', overdraft: null },
    { shard, reference: 'payer', asset, kind: 'wallet', ...(limits ? { limits } : {}) },
    { shard, reference: 'merchant', asset, kind: 'merchant' },
    { shard, reference: 'dollars', asset: 'USD/6', kind: 'merchant' },
  ])
  return { rail: rail!, payer: payer!, merchant: merchant!, dollars: dollars! }
}

export function pay(
  debit: AccountId,
  credit: AccountId,
  amount: bigint,
): Extract<Command, { type: 'pay' }> {
  return { type: 'pay', id: newId(), debit, credit, amount }
}

export function topup({ rail, payer }: Cast, amount: bigint): Command {
  return { ...pay(rail, payer, amount), kind: 'topup' }
}

export async function accepted(outcome: Promise<Outcome>): Promise<Transfer> {
  const settled = await outcome
  if (!settled.ok) throw new Error(`refused: ${settled.code}`)
  return settled.transfer
}

export async function codeOf(outcome: Promise<Outcome>): Promise<string> {
  const settled = await outcome
  return settled.ok ? 'accepted' : settled.code
}

export async function expectClean(): Promise<void> {
  const report = await Ledger.prototype.verify.call(await openLedger())
  expect(report.problems).toEqual([])
  expect(report.ok).toBe(true)
}
