/** Crashes, takeovers and lost sessions against a real Postgres. */
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  accepted,
  closed,
  codeOf,
  database,
  expectClean,
  freshShard,
  newId,
  openCast,
  openLedger,
  pay,
  sql,
  topup,
} from '../test/stage.ts'
import type { Ledger } from './ledger.ts'
import type { Command, Outcome, SpendingLimits, Transfer } from './model.ts'
import { PostgresStore } from './postgres/store.ts'
import type { WriterEvent } from './runtime.ts'
import { StoreError } from './store.ts'

describe('when it opens again', () => {
  test('it folds what came after the checkpoint, and fences off who wrote before', async () => {
    const shard = freshShard()
    const events: WriterEvent[] = []
    const first = await openLedger({ shards: [shard] })
    const cast = await openCast(first)
    await accepted(first.submit(topup(cast, 1_000n)))
    const held = await accepted(
      first.submit({ ...pay(cast.payer, cast.merchant, 40n), type: 'hold', ttlS: 900 }),
    )
    await first.checkpoint()
    const paid = await accepted(first.submit(pay(cast.payer, cast.merchant, 100n)))
    await accepted(
      first.submit({ type: 'capture', id: newId(), hold: held.id, shard, amount: 30n }),
    )
    await accepted(
      first.submit({ type: 'refund', id: newId(), payment: paid.id, shard, amount: 25n }),
    )
    const before = await first.account(cast.payer)

    const second = await openLedger({ shards: [shard], log: (event) => events.push(event) })
    expect(events).toMatchObject([{ event: 'shard.opened', folded: 3 }])
    expect(await second.account(cast.payer)).toEqual(before)
    const stale = pay(cast.payer, cast.merchant, 1n)
    expect(['unknown_outcome', 'shard_unavailable']).toContain(await codeOf(first.submit(stale)))
    expect(first.health()[0]?.state).toBe('fenced')
    expect(await codeOf(first.submit(stale))).toBe('shard_unavailable')
    // Its memory holds what never became durable: none of it may be written down.
    await first.checkpoint()
    expect(await second.find(stale.id)).toBeUndefined()
    await accepted(second.submit(pay(cast.payer, cast.merchant, 1n)))
    await first.checkpoint()
    closed.add(second)
    await second.close()
    const third = await openLedger({ shards: [shard], log: (event) => events.push(event) })
    expect(events.at(-1)).toMatchObject({ event: 'shard.opened', folded: 0 })
    expect((await third.account(cast.payer))?.balance).toBe(before!.balance - 1n)
    await expectClean()
  })

  test('every account has its own limits again, however many share them', async () => {
    const shard = freshShard()
    const first = await openLedger({ shards: [shard] })
    const categories = ['news', "o'clock", 'a\\b', '"said"', '소설', '$1']
    const limits = (at: number): { limits?: SpendingLimits } => {
      if (at % 8 === 0) return {}
      const category = categories[at % 8] ?? `only ${at}`
      const scope = { of: 'category', category } as const
      const window = { per: 'day', scope, amountMax: BigInt(at % 8), countMax: 7 } as const
      return { limits: { zone: 'Asia/Seoul', windows: [window] } }
    }
    const rest = { shard, asset: 'KRW/3' }
    const [rail, ...wallets] = await first.openAccounts([
      { ...rest, reference: 'rail', kind: 'rail', overdraft: null },
      ...Array.from(
        { length: 700 },
        (_, at) => ({ ...rest, reference: `w${at}`, kind: 'wallet', ...limits(at) }) as const,
      ),
    ])
    const topups = wallets.map((wallet) => ({ ...pay(rail!, wallet, 9n), kind: 'topup' }) as const)
    await first.submitAll(topups)
    const views = (ledger: Ledger) => Promise.all(wallets.map((wallet) => ledger.account(wallet)))
    const before = await views(first)
    expect(before.map((view) => view?.limits)).toEqual(
      wallets.map((_, at) => limits(at).limits ?? null),
    )

    const folded: number[] = []
    const second = await openLedger({
      shards: [shard],
      pageMax: 120,
      log: (event) => event.event === 'shard.opened' && folded.push(event.folded),
    })
    expect(folded).toEqual([700])
    expect(await views(second)).toEqual(before)
    await expectClean()
  })

  test('a checkpoint that comes late changes nothing under who opens now', async () => {
    const shard = freshShard()
    const pool = new pg.Pool({ connectionString: database.url })
    onTestFinished(() => pool.end())
    const store = () =>
      new PostgresStore({
        databaseUrl: database.url,
        shard,
        owner: 'same',
        commitTimeoutMs: 5_000,
        pool,
      })
    const [one, other] = [store(), store()]
    const ledger = await openLedger({ shards: [shard] })
    const cast = await openCast(ledger)
    await accepted(ledger.submit(topup(cast, 5n)))
    await one.acquire()
    await other.acquire()
    await one.saveCheckpoint(1, [])
    const { rows } = await sql.query('SELECT checkpoint_seq FROM ledger.shard WHERE shard = $1', [
      shard,
    ])
    expect(rows).toEqual([{ checkpoint_seq: '0' }])
    await expect(one.reacquire(1)).rejects.toThrow(StoreError)
    await one.close()
    await other.close()
  })

  test('a reacquire whose answer was lost does not fence its own writer off', async () => {
    const shard = freshShard()
    const pool = new pg.Pool({ connectionString: database.url })
    onTestFinished(() => pool.end())
    const store = new PostgresStore({
      databaseUrl: database.url,
      shard,
      owner: 'one',
      commitTimeoutMs: 5_000,
      pool,
    })
    const { epoch } = await store.acquire()
    await store.reacquire(epoch)
    expect((await store.reacquire(epoch)).epoch).toBe(epoch + 2)
    await store.close()
  })
})

test('sessions that are terminated in the middle of commits lose and double nothing', async () => {
  const ledger = await openLedger({ pipelineFrom: 4, batchMax: 64, checkpointEvery: 50 })
  const cast = await openCast(ledger)
  await accepted(ledger.submit(topup(cast, 10_000_000n)))
  const commands: Command[] = []
  const outcomes: Outcome[] = []
  let isOver = false
  const pump = async () => {
    while (!isOver) {
      const part = Array.from({ length: 16 }, () => pay(cast.payer, cast.merchant, 1n))
      commands.push(...part)
      outcomes.push(...(await Promise.all(part.map((command) => ledger.submit(command)))))
    }
  }
  const pumps = [pump(), pump(), pump()]
  let killed = 0
  for (let kills = 0; kills < 20; kills++) {
    const { lastSequence } = ledger.health()[0]!
    const { rowCount } = await sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'jeon ledger' AND datname = current_database()`,
    )
    killed += rowCount ?? 0
    await expect
      .poll(() => ledger.health()[0]!.lastSequence, { interval: 5, timeout: 15_000 })
      .toBeGreaterThan(lastSequence)
  }
  isOver = true
  await Promise.all(pumps)
  expect(killed).toBeGreaterThanOrEqual(20)
  expect(ledger.health()[0]?.state).toBe('open')
  const found = await Promise.all(
    outcomes.map((outcome) => ('id' in outcome ? ledger.find(outcome.id) : outcome.ok)),
  )
  const done = found.filter((one) => one !== undefined && one !== false).length
  expect(await ledger.account(cast.merchant)).toMatchObject({ balance: BigInt(done) })
  expect(outcomes.every((outcome) => outcome.ok || 'id' in outcome)).toBe(true)
  await expectClean()
})

test('a follower handles everything exactly once, also when its handler crashes', async () => {
  await sql.query('CREATE TABLE handled (shard int, seq bigint, PRIMARY KEY (shard, seq))')
  const shards = [freshShard(), freshShard()]
  const ledger = await openLedger({ shards })
  const cast = await openCast(ledger)
  let calls = 0
  const handler = async (transfers: readonly Transfer[], client: pg.ClientBase) => {
    const rows = [transfers.map(({ shard }) => shard), transfers.map(({ sequence }) => sequence)]
    await client.query('INSERT INTO handled SELECT * FROM unnest($1::int[], $2::bigint[])', rows)
    calls += 1
    if (calls % 3 === 2) throw new Error('the handler crashed after it wrote')
  }
  const follower = ledger.follow('test', handler)
  await accepted(ledger.submit(topup(cast, 500n)))
  for (let round = 0; round < 5; round++) {
    await ledger.submitAll(Array.from({ length: 20 }, () => pay(cast.payer, cast.merchant, 1n)))
  }
  const { lastSequence } = ledger.health()[0]!
  await follower.caughtUp(shards[0]!, lastSequence)
  await follower.stop()
  await ledger.submitAll([pay(cast.payer, cast.merchant, 1n), pay(cast.payer, cast.merchant, 1n)])
  const again = ledger.follow('test', handler)
  await again.caughtUp(shards[0]!, lastSequence + 2)
  expect(calls).toBeGreaterThan(2)
  const { rows } = await sql.query('SELECT count(*)::int, max(seq)::int FROM handled')
  expect(rows).toEqual([{ count: lastSequence + 2, max: lastSequence + 2 }])
})
