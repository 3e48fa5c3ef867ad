import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { FakeCarrier } from '../../test/fake-carrier.ts'
import { type LineSandbox, openLineSandbox } from '../../test/line-sandbox.ts'
import { freshKey, openTestSandbox, type TestSandbox } from '../../test/sandbox.ts'
import { Owners } from '../accounts.ts'
import { Seal } from '../carriers/seal.ts'
import { type OpenDatabase, openDatabase } from '../database.ts'
import { isRefusal } from '../errors.ts'
import { idOf } from '../ids.ts'
import { createLog } from '../log.ts'
import { Payments } from '../payments/service.ts'
import type { Wallet } from '../wallets/model.ts'
import { createLineRail, type LineRail } from './setup.ts'
import { safeMs } from './verdict.ts'

/** The sandbox's time stands still, long after the machine's, which goes on. */
const frozenMs = Date.now() + 40 * 86_400_000
let machineMs = Date.now()
const clock = { now: () => frozenMs, machineNow: () => machineMs }
const timeoutMs = 1_000

let sandbox: TestSandbox
let opened: OpenDatabase
let directory: string
let seal: Seal
let wallet: Wallet
let carrier: FakeCarrier
let line: LineRail
let payments: Payments

beforeAll(async () => {
  sandbox = await openTestSandbox()
  opened = openDatabase(sandbox.databaseUrl)
  directory = await mkdtemp(join(tmpdir(), 'jeon-frozen-test-'))
  seal = await Seal.open(join(directory, 'line-key'))
})
afterAll(async () => {
  await opened.close()
  await sandbox.close()
  await rm(directory, { recursive: true, force: true })
})

/** The machine's time passes, and the worker has its turn. */
async function pass(byMs: number): Promise<void> {
  machineMs += byMs
  vi.advanceTimersByTime(1_000)
  await line.rails.settled()
}

async function orderOf(amount: string, category = 'voucher') {
  const wish = { amount, currency: 'KRW', category }
  const order = await payments.order(wallet, sandbox.platform.keys.merchant.id, wish, '')
  if (isRefusal(order)) throw new Error(order.refused)
  return order
}

async function buy() {
  const id = idOf('pay', wallet.id, freshKey())
  const bought = await line.charges.pay(await orderOf('3000'), id)
  if (isRefusal(bought)) throw new Error(bought.refused)
  return bought.charge
}

const stateOf = async (id: string) => (await line.charges.find(id))?.state
const keysAsked = (operation: string) =>
  carrier.asked.flatMap((each) => (each.operation === operation ? [each.correlator] : []))

describe('while the sandbox’s clock stands still', () => {
  let count = 1_000

  /** A platform's side of phone bills, whose worker goes when the test says so. */
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    carrier = new FakeCarrier(() => frozenMs)
    const { app, keys, ledger } = sandbox.platform
    const { merchants, offers, wallets } = app
    const owners = new Owners(ledger)
    line = createLineRail({
      ...{ ledger, database: opened.database, clock, merchants, owners, offers, wallets },
      ...{ log: createLog({ level: 'silent' }), publicUrl: 'http://localhost:4242' },
      settings: { configs: [{ ...carrier.config, timeoutMs }], seal, fetch: carrier.fetch },
    })
    await line.lines.open()
    payments = new Payments({ ledger, owners, merchants, offers, clock, line })
    wallet = await wallets.create('KRW', keys.merchant.id)
    count += 1
    const phone = `+82102000${count}`
    carrier.line(phone)
    expect(await line.links.begin(wallet.id, 'skt', phone)).toMatchObject({ state: 'linked' })
    line.rails.start()
    await line.rails.work(undefined)
  })
  afterEach(async () => {
    await line.rails.close()
    vi.useRealTimers()
  })

  test('a purchase without an answer is looked for', async () => {
    carrier.fail('preparePayment', 'lose_answer')
    const { id } = await buy()
    expect(await stateOf(id)).toBe('sent')
    await pass(500)
    expect(await stateOf(id)).toBe('sent')
    await pass(600)
    expect(await stateOf(id)).toBe('settled')
    expect(keysAsked('preparePayment')).toEqual([id])
    expect(carrier.charged).toBe(3_000)
  })

  test('a purchase that never arrived is sent again when it cannot be on its way, under its key', async () => {
    carrier.fail('preparePayment', 'lose_request')
    const { id } = await buy()
    await pass(safeMs(timeoutMs) - 1)
    expect(keysAsked('preparePayment')).toEqual([id])
    await pass(5_000)
    expect(keysAsked('preparePayment')).toEqual([id, id])
    expect(await stateOf(id)).toBe('settled')
    expect(carrier.charged).toBe(3_000)
  })

  test('a collection that could not be sent is sent again, and one without an answer is looked for', async () => {
    await owe('12000')
    carrier.isDown = true
    await line.collections.collect(wallet.id, 'payer')
    carrier.isDown = false
    carrier.fail('createPayment', 'lose_answer')
    await pass(safeMs(timeoutMs))
    await pass(5_000)
    await pass(10_000)
    expect(await line.collections.lastOf(wallet.id)).toMatchObject({ state: 'settled' })
    expect(new Set(keysAsked('createPayment')).size).toBe(1)
    expect(carrier.charged).toBe(2_000)
  })

  test('a refund that could not be sent is sent again', async () => {
    const charge = await buy()
    const transfer = await sandbox.platform.ledger.find(charge.id, wallet.shard)
    if (transfer === undefined) throw new Error('not paid')
    const payment = await payments.withParties(transfer)
    carrier.isDown = true
    await line.refunds.refund(payment, charge, freshKey(), {})
    carrier.isDown = false
    expect(carrier.charged).toBe(3_000)
    await pass(safeMs(timeoutMs))
    await pass(5_000)
    expect(carrier.charged).toBe(0)
  })

  test('a day that could not be compared is compared a quarter of an hour later', async () => {
    const done = () => opened.database.selectFrom('jeon.rail_task').selectAll().execute()
    await opened.database.deleteFrom('jeon.rail_task').execute()
    carrier.isDown = true
    await pass(1_000)
    carrier.isDown = false
    await pass(10 * 60_000)
    expect((await done()).map(({ name }) => name)).not.toContain('reconcile:skt')
    await pass(6 * 60_000)
    expect((await done()).map(({ name }) => name)).toContain('reconcile:skt')
  })
})

/** Buys out of the wallet, so that it owes what it did not have. */
async function owe(amount: string): Promise<void> {
  const order = await orderOf(amount, 'digital')
  const paid = await payments.pay({ ...order, way: 'wallet' }, freshKey())
  expect(isRefusal(paid)).toBe(false)
}

describe('a sandbox whose clock was stopped', () => {
  let lines: LineSandbox
  beforeAll(async () => {
    lines = await openLineSandbox()
    await lines.operator('POST', '/v1/sandbox/clock', { freeze: true })
  })
  afterAll(() => lines.sandbox.close())

  test.each(['lose_answer', 'lose_request'] as const)(
    'finds out what became of a purchase (%s) when it is moved on',
    async (fault) => {
      const payer = await lines.linked()
      const [before, asked] = [lines.carrier.charged, lines.carrier.asked.length]
      lines.carrier.fail('preparePayment', fault)
      const { json } = await payer.buy({ offer: 'line-coins-3000' })
      expect(json.code).toBe('unknown_outcome')
      const { json: moved } = await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
      expect(moved.frozen).toBe(true)
      expect(lines.carrier.charged - before).toBe(3_000)
      const sent = lines.carrier.asked.slice(asked)
      const keys = sent.flatMap((each) =>
        each.operation === 'preparePayment' ? [each.correlator] : [],
      )
      expect([keys.length, new Set(keys).size]).toEqual([fault === 'lose_answer' ? 1 : 2, 1])
      expect(await lines.booked()).toBe(lines.carrier.charged)
    },
  )
})
