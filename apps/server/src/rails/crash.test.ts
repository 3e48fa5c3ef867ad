import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Doom } from '../../test/doomed.ts'
import { FakeCarrier, type FaultyOperation } from '../../test/fake-carrier.ts'
import { freshKey, openTestSandbox, type TestSandbox } from '../../test/sandbox.ts'
import { Owners } from '../accounts.ts'
import { Seal } from '../carriers/seal.ts'
import { type OpenDatabase, openDatabase } from '../database.ts'
import { isRefusal } from '../errors.ts'
import { idOf } from '../ids.ts'
import { createLog } from '../log.ts'
import { Payments } from '../payments/service.ts'
import type { Wallet } from '../wallets/model.ts'
import { pocketIn } from '../wallets/service.ts'
import { createLineRail, type LineRail } from './setup.ts'

let sandbox: TestSandbox
let opened: OpenDatabase
let seal: Seal
let directory: string
let wallet: Wallet
let nowMs = Date.now()
const clock = { now: () => nowMs, machineNow: () => Date.now() }
const carrier = new FakeCarrier(() => nowMs)
const phone = '+821020000001'

beforeAll(async () => {
  sandbox = await openTestSandbox()
  opened = openDatabase(sandbox.databaseUrl)
  directory = await mkdtemp(join(tmpdir(), 'jeon-crash-test-'))
  seal = await Seal.open(join(directory, 'line-key'))
  const { app, keys } = sandbox.platform
  wallet = await app.wallets.create('KRW', keys.merchant.id)
  const pocket = pocketIn(wallet, 'KRW')
  if (pocket === undefined) throw new Error('no won')
  // More is bought here than a payer allows himself.
  await app.wallets.setLimits(pocket, { zone: 'Asia/Seoul', windows: [] })
  const healthy = await processOf()
  const linked = await healthy.line.links.begin(wallet.id, 'skt', phone)
  expect(linked).toMatchObject({ state: 'linked' })
  await healthy.end()
})

afterAll(async () => {
  await opened.close()
  await sandbox.close()
  await rm(directory, { recursive: true, force: true })
})

interface Process {
  readonly line: LineRail
  readonly payments: Payments
  end(): Promise<void>
}

/** A platform's process as far as lines go; a doomed one dies on its way. */
async function processOf(doom = new Doom(Number.POSITIVE_INFINITY)): Promise<Process> {
  const { app, ledger } = sandbox.platform
  const { merchants, offers, wallets } = app
  const own = doom.ledger(ledger)
  const line = createLineRail({
    ...{ ledger: own, database: opened.database.withPlugin(doom.plugin), clock, merchants },
    ...{ owners: new Owners(ledger), offers, wallets, log: createLog({ level: 'silent' }) },
    publicUrl: 'http://localhost:4242',
    settings: { configs: [carrier.config], seal, fetch: doom.fetch(carrier.fetch) },
  })
  await line.lines.open()
  const owners = new Owners(ledger)
  const payments = new Payments({ ledger: own, owners, merchants, offers, clock, line })
  return { line, payments, end: () => line.rails.close() }
}

async function balances() {
  const { ledger } = sandbox.platform
  const pocket = pocketIn(wallet, 'KRW')
  const view = await ledger.account(pocket?.account ?? 0)
  let booked = 0n
  for (const shard of ledger.shards) {
    const [rail = 0] = await ledger.openAccounts([
      { shard, reference: 'rail_skt:KRW', asset: 'KRW/3', kind: 'rail', overdraft: null },
    ])
    booked -= (await ledger.account(rail))?.balance ?? 0n
  }
  const { balance = 0n, debitsPending: held = 0n } = view ?? {}
  return { wallet: Number(balance) / 1_000, held, booked: Number(booked) / 1_000 }
}

/**
 * Does something in a process that dies at each of its contacts in turn, lets another process take everything up, and
 * does it once more as a caller would who never got an answer (Default), or who went away. Returns after the run in which nothing died.
 */
async function atEveryPoint(
  act: (process: Process, key: string) => Promise<unknown>,
  before: () => Promise<void>,
  check: (
    run: number,
    first: Awaited<ReturnType<typeof balances>>,
    charged: number,
  ) => Promise<void>,
  asksAgain = true,
): Promise<number> {
  for (let point = 1; ; point += 1) {
    await before()
    const [first, charged] = [await balances(), carrier.charged]
    const key = freshKey()
    const doom = new Doom(point)
    const doomed = await processOf(doom)
    doom.arm()
    await act(doomed, key).catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'Killed' })
    })
    await doomed.end()
    const next = await processOf()
    for (let round = 0; round < 2; round += 1) {
      nowMs += 60_000
      await next.line.rails.work(undefined)
      if (asksAgain) await act(next, key)
    }
    await next.line.rails.settled()
    await check(point, first, charged)
    await next.end()
    if (!doom.happened) return point
  }
}

async function buy({ line, payments }: Process, key: string) {
  const { merchant } = sandbox.platform.keys
  const wish = { amount: '3000', currency: 'KRW', category: 'voucher' }
  const order = await payments.order(wallet, merchant.id, wish, '')
  if (isRefusal(order)) throw new Error(order.refused)
  expect(order.way).toBe('each')
  return line.charges.pay(order, idOf('pay', wallet.id, key))
}

const faults: readonly (readonly FaultyOperation[])[] = [[], ['preparePayment', 'confirmPayment']]

test.each(faults.map((each) => [each]))(
  'a purchase is paid once, wherever the process dies; without an answer to %j',
  async (lost) => {
    let key = ''
    const points = await atEveryPoint(
      async (process, given) => {
        key = given
        return buy(process, given)
      },
      async () => {
        for (const operation of lost) carrier.fail(operation, 'lose_answer')
      },
      async (point, first, charged) => {
        const where = `killed at ${point}`
        const after = await balances()
        expect(carrier.charged - charged, where).toBe(3_000)
        expect(after, where).toEqual({ ...first, booked: first.booked + 3_000 })
        expect(after.booked, where).toBe(carrier.charged)
        const id = idOf('pay', wallet.id, key)
        const paid = await sandbox.platform.ledger.find(id, wallet.shard)
        expect(paid?.kind, where).toBe('capture')
      },
    )
    expect(points).toBeGreaterThan(10)
  },
)

test('a payer who never asks again is charged wholly or not at all', async () => {
  const points = await atEveryPoint(
    buy,
    () => Promise.resolve(),
    async (point, first, charged) => {
      const where = `killed at ${point}`
      const after = await balances()
      const taken = carrier.charged - charged
      expect([0, 3_000], where).toContain(taken)
      expect(after, where).toEqual({ ...first, booked: first.booked + taken })
      expect(after.booked, where).toBe(carrier.charged)
    },
    false,
  )
  expect(points).toBeGreaterThan(10)
})

test.each([[false], [true]])(
  'what is owed is collected once, wherever the process dies; without an answer: %j',
  async (isLost) => {
    const points = await atEveryPoint(
      async ({ line }) => line.collections.collect(wallet.id, 'payer'),
      async () => {
        if (isLost) carrier.fail('createPayment', 'lose_answer')
        const healthy = await processOf()
        const { balance } = await sandbox.platform.app.wallets.view(
          await healthy.line.lines.pocketOf({ walletId: wallet.id, carrier: 'skt' }),
        )
        const amount = String(Number(balance) / 1_000 + 1_000)
        const { merchant } = sandbox.platform.keys
        const wish = { amount, currency: 'KRW' }
        const order = await healthy.payments.order(wallet, merchant.id, wish, '')
        if (isRefusal(order)) throw new Error(order.refused)
        // Out of the wallet whatever the sum.
        const paid = await healthy.payments.pay({ ...order, way: 'wallet' }, freshKey())
        expect(isRefusal(paid)).toBe(false)
        await healthy.line.rails.settled()
        await healthy.end()
      },
      async (point, first, charged) => {
        const where = `killed at ${point}`
        const after = await balances()
        expect(first.wallet, where).toBe(-1_000)
        expect(carrier.charged - charged, where).toBe(1_000)
        expect(after, where).toEqual({ wallet: 0, held: 0n, booked: first.booked + 1_000 })
        expect(after.booked, where).toBe(carrier.charged)
      },
    )
    expect(points).toBeGreaterThan(10)
  },
)

test.each([[false], [true]])(
  'a refund goes back once, wherever the process dies; without an answer: %j',
  async (isLost) => {
    let paymentKey = ''
    const points = await atEveryPoint(
      async ({ payments }, key) => {
        const transfer = await sandbox.platform.ledger.find(
          idOf('pay', wallet.id, paymentKey),
          wallet.shard,
        )
        if (transfer === undefined) throw new Error('not paid')
        return payments.refund(await payments.withParties(transfer), key, {})
      },
      async () => {
        const healthy = await processOf()
        paymentKey = freshKey()
        expect(await buy(healthy, paymentKey)).toMatchObject({ charge: { state: 'settled' } })
        await healthy.end()
        if (isLost) carrier.fail('createRefund', 'lose_answer')
      },
      async (point, first, charged) => {
        const where = `killed at ${point}`
        const after = await balances()
        expect(carrier.charged - charged, where).toBe(-3_000)
        expect(after, where).toEqual({ ...first, booked: first.booked - 3_000 })
        expect(after.booked, where).toBe(carrier.charged)
      },
    )
    expect(points).toBeGreaterThan(10)
  },
)

test('the ledger is whole after all of that', async () => {
  expect(await sandbox.platform.ledger.verify()).toMatchObject({ ok: true, problems: [] })
})
