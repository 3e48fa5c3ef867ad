/** `verify` believes nobody: whatever is changed behind the writer's back is reported. */
import { freshDatabase } from '@jeon/postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from '../test/random.ts'
import { Ledger } from './ledger.ts'
import type { AccountId, Command } from './model.ts'
import { migrateLedger } from './postgres/migrate.ts'
import { verifyJournal } from './verify.ts'

const TABLES = ['shard', 'account', 'transfer', 'batch', 'open_hold']

let database: Awaited<ReturnType<typeof freshDatabase>>
let sql: pg.Client
const random = new Random(7)

beforeAll(async () => {
  database = await freshDatabase()
  await migrateLedger(database.url)
  sql = new pg.Client({ connectionString: database.url })
  await sql.connect()
  await fill()
  for (const table of TABLES) await sql.query(`CREATE TABLE kept_${table} AS TABLE ledger.${table}`)
})

afterAll(async () => {
  await sql?.end()
  await database?.drop()
})

/** A journal of every kind of transfer, in more than one batch, with a checkpoint at its end. */
async function fill(): Promise<void> {
  const ledger = await Ledger.open({ databaseUrl: database.url, clock: Date.now, batchMax: 4 })
  const [rail = 0, payer = 0, merchant = 0] = await ledger.openAccounts([
    { shard: 0, reference: 'rail', asset: 'KRW/3', kind: 'rail', overdraft: null },
    { shard: 0, reference: 'payer', asset: 'KRW/3', kind: 'wallet' },
    { shard: 0, reference: 'merchant', asset: 'KRW/3', kind: 'merchant' },
  ])
  const id = () => random.hex(32)
  const move = (debit: AccountId, credit: AccountId, amount: bigint) => {
    return { type: 'pay', id: id(), debit, credit, amount } as const
  }
  const paid = move(payer, merchant, 50n)
  const held = { ...move(payer, merchant, 20n), type: 'hold', ttlS: 600 } as const
  const open = { ...move(payer, merchant, 7n), type: 'hold', ttlS: 600 } as const
  const commands: Command[] = [
    { ...move(rail, payer, 1_000n), kind: 'topup' },
    paid,
    held,
    open,
    { type: 'capture', id: id(), hold: held.id, shard: 0, amount: 15n },
    { type: 'refund', id: id(), payment: paid.id, shard: 0, amount: 30n },
    ...Array.from({ length: 9 }, () => move(payer, merchant, 3n)),
  ]
  for (const command of commands) expect((await ledger.submit(command)).ok).toBe(true)
  await ledger.close()
}

async function restore(): Promise<void> {
  for (const table of TABLES) {
    await sql.query(`DELETE FROM ledger.${table}`)
    await sql.query(`INSERT INTO ledger.${table} TABLE kept_${table}`)
  }
}

test('finds nothing wrong with a journal that nobody touched', async () => {
  const report = await verifyJournal(database.url)
  expect(report).toMatchObject({ ok: true, problems: [], transfers: 15, openHolds: 1 })
  expect(report.sums).toEqual({ 'KRW/3': 0n })
})

test.each([
  ['an amount', 'UPDATE ledger.transfer SET amount = amount + 1 WHERE seq = 9'],
  ['a fact', "UPDATE ledger.transfer SET reference = 'x' WHERE seq = 9"],
  ['a time', 'UPDATE ledger.transfer SET at_ms = at_ms + 1 WHERE seq = 15'],
  ['who was paid', 'UPDATE ledger.transfer SET credit = 1 WHERE seq = 10'],
  ['a deleted row', 'DELETE FROM ledger.transfer WHERE seq = 8'],
  ['the last row deleted', 'DELETE FROM ledger.transfer WHERE seq = 15'],
  [
    'the last row, its batch and the number',
    `WITH t AS (DELETE FROM ledger.transfer WHERE seq = 15),
     b AS (DELETE FROM ledger.batch WHERE first_seq = 15)
     UPDATE ledger.shard SET next_seq = 15, checkpoint_seq = 14`,
  ],
  [
    'a row more',
    `INSERT INTO ledger.transfer SELECT shard, kind, ttl_s, 16, amount, at_ms,
     15, 15, origin, debit, credit, gen_random_uuid(), category, offer, reference, device
     FROM ledger.transfer WHERE seq = 15`,
  ],
  [
    'two rows swapped',
    `UPDATE ledger.transfer a SET id = b.id, amount = b.amount, kind = b.kind
     FROM (SELECT seq, kind, amount, overlay(id::text placing 'ffffffff' from 1)::uuid AS id
       FROM ledger.transfer) b
     WHERE (a.seq, b.seq) IN ((1, 2), (2, 1))`,
  ],
  [
    'two like rows swapped',
    `UPDATE ledger.transfer SET id = CASE seq
       WHEN 9 THEN '00000000-0000-0000-0000-000000000009'::uuid
       ELSE '00000000-0000-0000-0000-000000000010'::uuid END WHERE seq IN (9, 10)`,
  ],
  ['a hash', "UPDATE ledger.batch SET hash = sha256('x') WHERE first_seq = 9"],
  ['the last hash', "UPDATE ledger.batch SET hash = sha256('x') WHERE first_seq = 15"],
  ['a hash before', "UPDATE ledger.batch SET previous_hash = sha256('x') WHERE first_seq = 9"],
  ['a batch deleted', 'DELETE FROM ledger.batch WHERE first_seq = 9'],
  ['a balance', 'UPDATE ledger.account SET credits_posted = credits_posted + 1 WHERE account = 2'],
  ['what is held', 'UPDATE ledger.account SET debits_pending = 0 WHERE account = 2'],
  ['a last transfer', 'UPDATE ledger.account SET last_seq = last_seq - 1 WHERE account = 3'],
  ['an asset', "UPDATE ledger.account SET asset = 'USD/6' WHERE account = 3"],
  ['an account gone', 'DELETE FROM ledger.account WHERE account = 3'],
  ['a hold that was taken', 'INSERT INTO ledger.open_hold VALUES (0, 3)'],
  ['an open hold forgotten', 'DELETE FROM ledger.open_hold'],
])('reports %s', async (_, tamper) => {
  try {
    await sql.query(tamper)
    const report = await verifyJournal(database.url)
    expect(report.ok).toBe(false)
    expect(report.problems.length).toBeGreaterThan(0)
  } finally {
    await restore()
  }
})
