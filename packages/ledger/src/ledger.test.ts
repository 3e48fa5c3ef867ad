/** The whole ledger against a real Postgres. */
import { freshDatabase } from '@jeon/postgres'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import {
  accepted,
  codeOf,
  expectClean,
  freshShard,
  newId,
  openCast,
  openLedger,
  pay,
  random,
  topup,
} from '../test/stage.ts'
import { previousOf } from './ledger.ts'
import type { Command, SpendingLimits, Transfer } from './model.ts'
import { migrateLedger } from './postgres/migrate.ts'

test('programs that start at once bring the tables up once', async () => {
  const own = await freshDatabase()
  onTestFinished(() => own.drop())
  await Promise.all(Array.from({ length: 6 }, () => migrateLedger(own.url)))
  const client = new pg.Client({ connectionString: own.url })
  await client.connect()
  const { rows } = await client.query('SELECT name FROM ledger.migration')
  await client.end()
  expect(rows).toEqual([{ name: '000001_ledger.sql' }])
})

test('refuses with a stable code, changes nothing, and leaves the key free', async () => {
  const ledger = await openLedger({ clock: () => Date.now() })
  const [shard = 0] = ledger.shards
  const limits: SpendingLimits = {
    zone: 'Asia/Seoul',
    windows: [{ per: 'payment', scope: { of: 'all' }, amountMax: 100n }],
  }
  const cast = await openCast(ledger, limits)
  const { payer, merchant, dollars, rail } = cast
  await accepted(ledger.submit(topup(cast, 90n)))
  const paid = await accepted(ledger.submit(pay(payer, merchant, 30n)))
  const held = await accepted(
    ledger.submit({ ...pay(payer, merchant, 20n), type: 'hold', ttlS: 60 }),
  )
  const voided = await accepted(
    ledger.submit({ ...pay(payer, merchant, 1n), type: 'hold', ttlS: 60 }),
  )
  await accepted(ledger.submit({ type: 'void', id: newId(), hold: voided.id, shard }))
  const before = (await ledger.health())[0]?.lastSequence
  const one = () => ({ id: newId(), shard })
  const refusals: [string, Command][] = [
    ['account_not_found', pay(payer, merchant + 1_000, 1n)],
    ['account_not_found', pay(payer + 0.5, merchant, 1n)],
    ['account_not_found', pay(2 ** 47, merchant, 1n)],
    ['same_account', pay(payer, payer, 1n)],
    ['asset_mismatch', pay(payer, dollars, 1n)],
    ['amount_not_positive', pay(payer, merchant, 0n)],
    ['amount_not_positive', pay(payer, merchant, -1n)],
    ['amount_out_of_range', pay(payer, merchant, 2n ** 63n)],
    ['balance_overflow', { ...pay(rail, payer, 2n ** 63n - 1n), kind: 'topup' }],
    ['id_malformed', { ...pay(payer, merchant, 1n), id: 'no' }],
    ['id_malformed', { ...pay(payer, merchant, 1n), id: newId().toUpperCase().replace(/^./, 'A') }],
    ['facts_malformed', { ...pay(payer, merchant, 1n), offer: 'x'.repeat(201) }],
    ['facts_malformed', { ...pay(payer, merchant, 1n), device: 'a\0b' }],
    ['hold_ttl_out_of_range', { ...pay(payer, merchant, 1n), type: 'hold', ttlS: 0 }],
    ['hold_ttl_out_of_range', { ...pay(payer, merchant, 1n), type: 'hold', ttlS: 1.5 }],
    ['hold_ttl_out_of_range', { ...pay(payer, merchant, 1n), type: 'hold', ttlS: 604_801 }],
    ['insufficient_funds', pay(payer, merchant, 41n)],
    ['insufficient_funds', { ...pay(payer, merchant, 41n), type: 'hold', ttlS: 1 }],
    ['window_exceeded', pay(payer, merchant, 101n)],
    ['key_reused', { ...pay(payer, merchant, 31n), id: paid.id }],
    ['key_reused', { type: 'void', ...one(), id: paid.id, hold: held.id }],
    ['hold_not_found', { type: 'capture', ...one(), hold: newId() }],
    ['hold_not_found', { type: 'void', ...one(), hold: paid.id }],
    ['hold_resolved', { type: 'capture', ...one(), hold: voided.id }],
    ['capture_exceeds_hold', { type: 'capture', ...one(), hold: held.id, amount: 21n }],
    ['payment_not_found', { type: 'refund', ...one(), payment: newId() }],
    ['not_refundable', { type: 'refund', ...one(), payment: held.id }],
    ['refund_exceeds_payment', { type: 'refund', ...one(), payment: paid.id, amount: 31n }],
  ]
  for (const [code, command] of refusals) {
    expect([code, await codeOf(ledger.submit(command))]).toEqual([code, code])
  }
  expect(await ledger.submit(refusals.at(-1)![1])).toMatchObject({ left: 30n })
  expect((await ledger.health())[0]?.lastSequence).toBe(before)
  expect(await ledger.account(payer)).toMatchObject({
    balance: 60n,
    debitsPending: 20n,
    available: 40n,
  })
  const again = { ...pay(payer, merchant, 41n) }
  expect(await codeOf(ledger.submit(again))).toBe('insufficient_funds')
  expect(await codeOf(ledger.submit({ ...again, amount: 40n }))).toBe('accepted')
  const other = pay(2 ** 32 * 30_000 + 1, merchant, 1n)
  expect(await codeOf(ledger.submit(other))).toBe('account_not_found')
  await expectClean()
})

test('answers a retry with the first answer, with and without a time in its id, also after a restart', async () => {
  const shard = freshShard()
  const first = await openLedger({ shards: [shard] })
  const cast = await openCast(first)
  await accepted(first.submit(topup(cast, 1_000n)))
  const commands = [true, false, true, false].map((hasTime) => ({
    ...pay(cast.payer, cast.merchant, 5n),
    id: newId(hasTime),
    reference: '주문 번호 ✓',
  }))
  const ahead = (Date.now() + 900).toString(16).padStart(12, '0')
  const early = { ...pay(cast.payer, cast.merchant, 6n), id: `${ahead}7${random.hex(19)}` }
  const held: Command = {
    ...pay(cast.payer, cast.merchant, 7n),
    id: `${ahead}7${random.hex(19)}`,
    type: 'hold',
    ttlS: 600,
  }
  const all = [...commands, early, held]
  const told = await Promise.all(all.map((command) => accepted(first.submit(command))))
  for (const restart of [false, true]) {
    const ledger = restart ? await openLedger({ shards: [shard] }) : first
    for (const [index, command] of all.entries()) {
      const replayed = { ok: true, replayed: true, transfer: told[index] }
      expect(await ledger.submit({ ...command, device: 'another' })).toEqual(replayed)
    }
    const reused = all.map((command) => ({ ...command, amount: 8n }) as Command)
    const refused = (await ledger.submitAll(reused)).map((outcome) => !outcome.ok && outcome.code)
    expect(refused).toEqual(all.map(() => 'key_reused'))
  }
  // The retry that was decided twice must not have taken the hold along when it was taken back.
  const ledger = await openLedger({ shards: [shard] })
  const capture: Command = { type: 'capture', id: newId(), hold: held.id, shard, amount: 3n }
  expect(await ledger.submit(capture)).toMatchObject({ ok: true, transfer: { amount: 3n } })
  expect(await ledger.account(cast.payer)).toMatchObject({ balance: 971n, debitsPending: 0n })
  await expectClean()
})

test.each([true, false])(
  'two of the same at once are one (ids with a time: %s)',
  async (hasTime) => {
    const ledger = await openLedger()
    const cast = await openCast(ledger)
    await accepted(ledger.submit(topup(cast, 100n)))
    const command = { ...pay(cast.payer, cast.merchant, 9n), id: newId(hasTime) }
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => ledger.submit(command)))
    expect(outcomes.filter((outcome) => outcome.ok && !outcome.replayed)).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome.ok && outcome.replayed)).toHaveLength(19)
    expect(await ledger.account(cast.payer)).toMatchObject({ balance: 91n })
  },
)

test('holds are captured in part, voided and expired, and refunds stop at what was paid', async () => {
  let nowMs = Date.UTC(2026, 0, 31, 12)
  const ledger = await openLedger({ clock: () => nowMs })
  const [shard = 0] = ledger.shards
  const cast = await openCast(ledger, {
    zone: 'UTC',
    windows: [{ per: 'day', scope: { of: 'all' }, amountMax: 100n }],
  })
  const { payer, merchant } = cast
  await accepted(ledger.submit(topup(cast, 500n)))
  const hold = (amount: bigint, ttlS: number): Command => ({
    ...pay(payer, merchant, amount),
    type: 'hold',
    ttlS,
  })
  const late = await accepted(ledger.submit(hold(60n, 200_000)))
  const soon = await accepted(ledger.submit(hold(10n, 60)))
  expect(await ledger.account(payer)).toMatchObject({ available: 430n, spentToday: 70n })
  nowMs += 59_999
  await ledger.tick()
  expect(await ledger.sequels(soon)).toEqual([])
  nowMs += 1
  await ledger.tick()
  expect(await ledger.sequels(soon)).toMatchObject([{ kind: 'expire', amount: 10n }])
  expect(await ledger.account(payer)).toMatchObject({ available: 440n, spentToday: 60n })

  nowMs += 86_400_000
  await accepted(ledger.submit(pay(payer, merchant, 90n)))
  const capture: Command = { type: 'capture', id: newId(), hold: late.id, shard, amount: 50n }
  const captured = await accepted(ledger.submit(capture))
  const refund = (amount?: bigint): Command => ({
    type: 'refund',
    id: newId(),
    payment: captured.id,
    shard,
    ...(amount === undefined ? {} : { amount }),
  })
  await accepted(ledger.submit(refund(20n)))
  expect(await codeOf(ledger.submit(refund(31n)))).toBe('refund_exceeds_payment')
  expect((await accepted(ledger.submit(refund()))).amount).toBe(30n)
  expect(await codeOf(ledger.submit(refund()))).toBe('refund_exceeds_payment')
  expect(await ledger.refundedOf(captured)).toBe(50n)
  // The hold was counted yesterday, so its refund gives nothing back today.
  expect(await ledger.account(payer)).toMatchObject({ balance: 410n, spentToday: 90n })
  expect(await codeOf(ledger.submit(pay(payer, merchant, 11n)))).toBe('window_exceeded')
  await expectClean()
})

test('expires more than fits into a batch in one tick', async () => {
  let nowMs = Date.now()
  const ledger = await openLedger({ clock: () => nowMs, batchMax: 3 })
  const cast = await openCast(ledger)
  await accepted(ledger.submit(topup(cast, 100n)))
  const holds = Array.from({ length: 10 }, (): Command => {
    return { ...pay(cast.payer, cast.merchant, 2n), type: 'hold', ttlS: 1 }
  })
  await ledger.submitAll(holds)
  nowMs += 1_000
  await ledger.tick()
  expect(await ledger.account(cast.payer)).toMatchObject({ debitsPending: 0n, available: 100n })
})

test('linked commands succeed or fail together', async () => {
  const ledger = await openLedger({ shards: [freshShard(), freshShard()] })
  const cast = await openCast(ledger)
  const { payer, merchant, rail } = cast
  await accepted(ledger.submit(topup(cast, 100n)))
  const group = [pay(payer, merchant, 60n), pay(payer, merchant, 41n)]
  expect(await ledger.submitLinked(group)).toMatchObject([
    { ok: false, code: 'linked_failed', detail: '1:insufficient_funds' },
    { ok: false, code: 'insufficient_funds', left: 40n },
  ])
  expect(await ledger.account(payer)).toMatchObject({ balance: 100n })
  const fits = [{ ...group[0]!, amount: 59n }, group[1]!]
  expect(await ledger.submitLinked(fits)).toMatchObject([{ ok: true }, { ok: true }])
  expect(await ledger.submitLinked(fits)).toMatchObject([{ replayed: true }, { replayed: true }])
  const mixed = await ledger.submitLinked([fits[0]!, pay(rail, payer, 1n)])
  expect(mixed.every(({ ok }) => !ok)).toBe(true)
  const [first = 0, second = 0] = ledger.shards
  const across = [
    pay(payer, merchant, 1n),
    { type: 'void', id: newId(), hold: newId(), shard: second } as const,
  ]
  expect(first).not.toBe(second)
  expect(await ledger.submitLinked(across)).toMatchObject([
    { code: 'linked_across_shards' },
    { code: 'linked_across_shards' },
  ])
  await expectClean()
})

test('two shards in one process keep their own journals', async () => {
  const ledger = await openLedger({ shards: [freshShard(), freshShard()] })
  const ids = await ledger.openAccounts(
    ledger.shards.flatMap((shard) => [
      { shard, reference: 'rail', asset: 'KRW/3', kind: 'rail' as const, overdraft: null },
      { shard, reference: 'payer', asset: 'KRW/3', kind: 'wallet' as const },
    ]),
  )
  const again = ledger.shards.map((shard) => ({
    shard,
    reference: 'payer',
    asset: 'KRW/3',
    kind: 'wallet' as const,
  }))
  expect(await ledger.openAccounts(again)).toEqual([ids[1], ids[3]])
  const commands = [0, 2, 0, 2, 2]
    .map((at) => pay(ids[at]!, ids[at + 1]!, 7n))
    .map((one) => ({ ...one, kind: 'topup' as const }))
  const outcomes = await ledger.submitAll(commands)
  expect(outcomes.map((outcome) => outcome.ok && outcome.transfer.id)).toEqual(
    commands.map(({ id }) => id),
  )
  expect(ledger.health().map(({ lastSequence }) => lastSequence)).toEqual([2, 3])
  expect(await codeOf(ledger.submit(pay(ids[0]!, ids[3]!, 1n)))).toBe('account_not_found')
  const other = [
    { shard: ledger.shards[0]!, reference: 'payer', asset: 'USD/6', kind: 'wallet' as const },
  ]
  await expect(ledger.openAccounts(other)).rejects.toThrow(/exists with another/)
})

test('takes no overdraft below zero, which would stand for none at all', async () => {
  const ledger = await openLedger()
  const [shard = 0] = ledger.shards
  const spec = { shard, reference: 'a', asset: 'KRW/3', kind: 'wallet', overdraft: -1n } as const
  await expect(ledger.openAccounts([spec])).rejects.toThrow(RangeError)
  const { payer } = await openCast(ledger)
  await expect(ledger.setOverdraft(payer, -1n)).rejects.toThrow(RangeError)
})

test('history walks back page by page for payer and merchant', async () => {
  const ledger = await openLedger()
  const cast = await openCast(ledger)
  const { payer, merchant } = cast
  await accepted(ledger.submit(topup(cast, 1_000n)))
  await ledger.submitAll(Array.from({ length: 25 }, () => pay(payer, merchant, 2n)))
  for (const [account, all] of [
    [payer, 26],
    [merchant, 25],
  ] as const) {
    const walked: Transfer[] = []
    for (let before: number | undefined; before !== 0; ) {
      const page = await ledger.history(account, {
        limit: 7,
        ...(before === undefined ? {} : { before }),
      })
      walked.push(...page)
      before = page.length === 0 ? 0 : previousOf(page.at(-1)!, account)
    }
    expect(walked).toHaveLength(all)
    const sequences = walked.map(({ sequence }) => sequence)
    expect(sequences).toEqual(sequences.toSorted((a, b) => b - a))
  }
})

test('of 1,000 payments at once a limit for 37 lets exactly 37 through', async () => {
  const ledger = await openLedger()
  const cast = await openCast(ledger, {
    zone: 'Asia/Seoul',
    windows: [{ per: 'day', scope: { of: 'merchant' }, amountMax: 37n * 3n + 2n }],
  })
  await accepted(ledger.submit(topup(cast, 100_000n)))
  const outcomes = await Promise.all(
    Array.from({ length: 1_000 }, () => ledger.submit(pay(cast.payer, cast.merchant, 3n))),
  )
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(37)
  const codes = new Set(outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.code])))
  expect([...codes]).toEqual(['window_exceeded'])
  expect(await ledger.account(cast.merchant)).toMatchObject({ balance: 111n })
})

test('a window of one offer counts that offer alone, also after the shard was opened again', async () => {
  const ledger = await openLedger()
  const cast = await openCast(ledger, {
    zone: 'Asia/Seoul',
    windows: [{ per: 'month', scope: { of: 'offer', offer: 'pass' }, amountMax: 100n }],
  })
  const [shard = 0] = ledger.shards
  await accepted(ledger.submit(topup(cast, 1_000n)))
  const buy = (amount: bigint, offer: string) => ({
    ...pay(cast.payer, cast.merchant, amount),
    offer,
  })
  const pass = await accepted(ledger.submit(buy(90n, 'pass')))
  await accepted(ledger.submit(buy(500n, 'song')))
  await ledger.close()
  const again = await openLedger({ shards: [shard] })
  expect(await codeOf(again.submit(buy(11n, 'pass')))).toBe('window_exceeded')
  const usage = (await again.account(cast.payer))?.usage
  expect(usage?.map(({ amountUsed }) => amountUsed)).toEqual([90n])
  const refund = { type: 'refund', id: newId(), shard, payment: pass.id, amount: 1n } as const
  await accepted(again.submit(refund))
  await accepted(again.submit(buy(11n, 'pass')))
})

test('a small memory forgets accounts and finds them again', async () => {
  const ledger = await openLedger({ accountsMax: 3, checkpointEvery: 1 })
  const cast = await openCast(ledger)
  const [shard = 0] = ledger.shards
  const specs = Array.from({ length: 12 }, (_, at) => {
    return { shard, reference: `w${at}`, asset: 'KRW/3', kind: 'wallet' as const }
  })
  const wallets = await ledger.openAccounts(specs)
  for (const wallet of wallets) {
    await accepted(ledger.submit({ ...pay(cast.rail, wallet, 10n), kind: 'topup' }))
    await accepted(ledger.submit(pay(wallet, cast.merchant, 4n)))
    await ledger.checkpoint()
  }
  expect(ledger.health()[0]?.accountsInMemory).toBeLessThan(12)
  for (const wallet of wallets) expect((await ledger.account(wallet))?.balance).toBe(6n)
})
