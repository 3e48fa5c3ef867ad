/** The tables that a shard keeps in memory: accounts, holds, ids, limits, the queue. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AccountRow, AccountTable } from './accounts.ts'
import { OpenHolds } from './holds.ts'
import { isAccountId, isTransferId, readId } from './ids.ts'
import { LimitBook, limitsFromStored, limitsToJson } from './limits.ts'
import type { SpendingLimits, Transfer } from './model.ts'
import { Entry, EntryQueue, Job } from './queue.ts'
import { RecentIds } from './recent-ids.ts'
import { UndoLog } from './undo.ts'

const ZERO = {
  asOf: 0,
  lastSequence: 0,
  debitsPosted: 0n,
  creditsPosted: 0n,
  debitsPending: 0n,
  creditsPending: 0n,
  dayKey: 0,
  dayAmount: 0n,
  dayCount: 0,
  monthKey: 0,
  monthAmount: 0n,
  monthCount: 0,
}

function row(number: number): AccountRow {
  const overdraft = number % 3 === 0 ? null : BigInt(number)
  const asset = number % 2 === 0 ? 'KRW/3' : 'USD/6'
  return {
    number,
    reference: `r${number}`,
    asset,
    kind: 'wallet',
    overdraft,
    limitsIndex: number % 5,
    state: ZERO,
  }
}

describe('accounts', () => {
  test('grow, are forgotten and found again, each with what is its own', () => {
    const table = new AccountTable(2)
    for (let number = 1; number <= 40; number++) table.add(row(number))
    for (let number = 1; number <= 40; number++) {
      const slot = table.slotOf(number)!
      table.addCreditsPosted(slot, BigInt(number) * 1_000n)
      table.setLastSequence(slot, number)
      table.setSavedSequence(slot, number > 30 ? 0 : number)
    }
    table.addDebitsPending(table.slotOf(5)!, 1n)
    const forgotten: number[] = []
    // Not 5, which has something held; not those above 20, which are not committed or not saved.
    expect(table.evict(100, 20, (number) => forgotten.push(number))).toBe(19)
    expect(forgotten.toSorted((a, b) => a - b)).toEqual([
      1,
      2,
      3,
      4,
      ...Array.from({ length: 15 }, (_, at) => at + 6),
    ])
    for (let number = 41; number <= 50; number++) table.add(row(number))
    table.add(row(1))
    expect(table.stateAt(table.slotOf(1)!, 0).creditsPosted).toBe(0n)
    for (let number = 21; number <= 40; number++) {
      const slot = table.slotOf(number)!
      expect(table.stateAt(slot, 0).creditsPosted).toBe(BigInt(number) * 1_000n)
      expect(table.overdraftAt(slot)).toBe(row(number).overdraft)
      expect([table.referenceAt(slot), table.assetAt(slot)]).toEqual([
        `r${number}`,
        row(number).asset,
      ])
    }
    expect([...table.unsaved()].map((slot) => table.numberAt(slot))).toEqual(
      Array.from({ length: 10 }, (_, at) => at + 31),
    )
  })

  test('go back to any mark, whatever was done since', () => {
    const change = fc.record({
      number: fc.integer({ min: 1, max: 5 }),
      amount: fc.bigInt({ min: 1n, max: 99n }),
      what: fc.nat(4),
    })
    fc.assert(
      fc.property(fc.array(change), fc.array(change, { minLength: 1 }), (before, after) => {
        const table = new AccountTable(1)
        for (let number = 1; number <= 5; number++) table.add(row(number))
        const undo = new UndoLog()
        const picture = () =>
          [1, 2, 3, 4, 5].map((number) => table.stateAt(table.slotOf(number)!, 0))
        const run = (list: typeof before) => {
          for (const { number, amount, what } of list) {
            const slot = table.slotOf(number)!
            undo.keep(table, slot)
            if (what === 0) table.addDebitsPosted(slot, amount)
            else if (what === 1) table.addCreditsPending(slot, amount)
            else if (what === 2) table.use(slot, 20261122 + Number(amount % 3n), 202611, amount, 1)
            else if (what === 3) table.addDebitsPending(slot, amount)
            else table.setLastSequence(slot, Number(amount))
          }
        }
        const empty = picture()
        run(before)
        const [mark, half] = [undo.mark(), picture()]
        run(after)
        undo.rollback(table, mark)
        expect(picture()).toEqual(half)
        undo.rollback(table)
        expect(picture()).toEqual(empty)
      }),
    )
  })

  test('use begins at zero in a new period and never falls below it', () => {
    const table = new AccountTable()
    const slot = table.add(row(1))
    table.use(slot, 20261122, 202611, 50n, 1)
    table.use(slot, 20261123, 202611, 20n, 1)
    expect([table.dayAmountAt(slot, 20261123), table.dayCountAt(slot, 20261123)]).toEqual([20n, 1])
    expect([table.monthAmountAt(slot, 202611), table.monthCountAt(slot, 202611)]).toEqual([70n, 2])
    expect(table.dayAmountAt(slot, 20261122)).toBe(0n)
    table.unuse(slot, 20261122, 202611, 50n, 1)
    expect([table.dayAmountAt(slot, 20261123), table.monthAmountAt(slot, 202611)]).toEqual([
      20n,
      20n,
    ])
    table.unuse(slot, 20261123, 202611, 90n, 3)
    expect([table.dayAmountAt(slot, 20261123), table.monthCountAt(slot, 202611)]).toEqual([0n, 0])
  })
})

function hold(sequence: number, atMs: number, ttlS: number, id = `id ${sequence}`): Transfer {
  const facts = { category: '', offer: '', reference: '', device: '' }
  const place = { shard: 0, previousDebit: 0, previousCredit: 0, origin: 0 }
  return {
    ...facts,
    ...place,
    kind: 'hold',
    debit: 1,
    credit: 2,
    amount: 1n,
    sequence,
    atMs,
    ttlS,
    id,
  }
}

describe('holds', () => {
  test('come due in order, whatever was resolved before', () => {
    const drawn = fc.array(
      fc.record({ atMs: fc.nat(5_000), ttlS: fc.nat(9), isResolved: fc.boolean() }),
    )
    fc.assert(
      fc.property(drawn, fc.nat(15_000), (list, nowMs) => {
        const holds = new OpenHolds()
        const all = list.map(({ atMs, ttlS }, at) => hold(at + 1, atMs, ttlS))
        for (const one of all) holds.add(one)
        for (const [at, { isResolved }] of list.entries()) if (isResolved) holds.remove(all[at]!)
        const due: number[] = []
        for (let next = holds.nextDue(nowMs); next !== undefined; next = holds.nextDue(nowMs)) {
          due.push(next.atMs + next.ttlS * 1_000)
          holds.remove(next)
        }
        const open = all.filter((_, at) => !list[at]!.isResolved)
        const expected = open
          .map(({ atMs, ttlS }) => atMs + ttlS * 1_000)
          .filter((ms) => ms <= nowMs)
        expect(due).toEqual(expected.sort((a, b) => a - b))
        expect(holds.size).toBe(open.length - due.length)
      }),
    )
  })

  test('one that was decided again under its id, and taken back, does not take the first along', () => {
    const holds = new OpenHolds()
    const [first, again] = [hold(1, 0, 9, 'same'), hold(7, 5, 9, 'same')]
    holds.add(first)
    holds.add(again)
    holds.remove(again)
    expect(holds.get('same')).toBe(first)
    expect([...holds.all()]).toEqual([first])
    expect(holds.size).toBe(1)
  })
})

test('the same limits are kept once, and stored limits are what they were', () => {
  const book = new LimitBook()
  const make = (amountMax: bigint): SpendingLimits => ({
    zone: 'Asia/Seoul',
    windows: [
      { per: 'day', scope: { of: 'merchant' }, amountMax, countMax: 3 },
      { per: 'month', scope: { of: 'category', category: '게임' } },
      { per: 'day', scope: { of: 'offer', offer: '검' }, countMax: 2 },
    ],
  })
  expect(book.intern(null)).toBe(0)
  expect(book.intern(make(5n))).toBe(book.intern(make(5n)))
  expect(book.intern(make(6n))).not.toBe(book.intern(make(5n)))
  expect(book.at(book.intern(make(2n ** 62n)))?.source).toEqual(make(2n ** 62n))
  expect(limitsFromStored(JSON.parse(limitsToJson(make(7n))))).toEqual(make(7n))
  expect(() => book.intern({ zone: 'No/Where', windows: [] })).toThrow(RangeError)
  const negative = { per: 'day', scope: { of: 'all' }, amountMax: -1n } as const
  expect(() => book.intern({ zone: 'UTC', windows: [negative] })).toThrow(RangeError)
  const halves = { per: 'day', scope: { of: 'all' }, countMax: 0.5 } as const
  expect(() => book.intern({ zone: 'UTC', windows: [halves] })).toThrow(RangeError)
})

test('the queue gives first what came first, and before that what came back', () => {
  const job = new Job(1, () => undefined)
  const entry = (account: number) => new Entry({ type: 'read', account }, job, 0, 0)
  const queue = new EntryQueue()
  const model: Entry[] = []
  for (let at = 0; at < 30_000; at++) {
    const one = entry(at)
    queue.push(one)
    model.push(one)
    if (at % 5 === 0) {
      const back = [entry(at), entry(at)]
      queue.unshift(back)
      model.unshift(...back)
    }
    if (at % 3 !== 0 && queue.shift() !== model.shift()) expect.fail(`wrong order at ${at}`)
    if (queue.length !== model.length) expect.fail(`wrong length at ${at}`)
    if (model.length > 40)
      while (model.length > 3) if (queue.shift() !== model.shift()) expect.fail(`${at}`)
  }
  expect([...queue]).toEqual(model)
})

test('ids are 32 digits, and accounts have a shard and a number', () => {
  expect(readId('0123456789abcdef0123456789abcdef')).toEqual(
    new Uint32Array([0x01234567, 0x89abcdef, 0x01234567, 0x89abcdef]),
  )
  for (const bad of [
    '',
    'g'.repeat(32),
    'A'.repeat(32),
    '0'.repeat(31),
    '0'.repeat(33),
    `${'0'.repeat(31)}é`,
  ]) {
    expect(isTransferId(bad)).toBe(false)
  }
  for (const bad of [0, -1, 1.5, Number.NaN, 2 ** 32, 2 ** 31, 2 ** 47 + 1, 2 ** 60])
    expect(isAccountId(bad)).toBe(false)
  expect(isAccountId(2 ** 32 + 1)).toBe(true)
})

test('an id does not make its neighbour look familiar: the legs of a group would be looked up in SQL', () => {
  const recent = new RecentIds(0, 8)
  const legs = ['0199a1b2c3d47e5f8a9b0c1d2e3f4a5', '0199a1b2c3d47e5f8a9b0c1d00000000'.slice(0, 31)]
  for (const leg of legs) {
    const even = readId(`${leg}0`)?.slice()
    const odd = readId(`${leg}1`)?.slice()
    if (even === undefined || odd === undefined) throw new Error(leg)
    recent.add(even, 1)
    expect([recent.has(even), recent.has(odd)]).toEqual([true, leg.endsWith('0000000')])
    recent.add(odd, 1)
    expect([recent.has(even), recent.has(odd)]).toEqual([true, true])
  }
})
