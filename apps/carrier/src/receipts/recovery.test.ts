import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks, won1 } from '../bills/books.fixture.ts'
import type { Line, Payment } from '../model.ts'

/** What was written off is still the owner's debt: it is seen, and paying it gives the loss back. */

let books: Books
let twoBuckets: Line
let twoBills: Line
let paidTwice: Line
let refunded: { readonly line: Line; readonly payments: readonly Payment[] }
beforeAll(async () => {
  books = await openBooks('2026-01-30T12:00:00+09:00')
  twoBuckets = await books.openLine()
  twoBills = await books.openLine()
  paidTwice = await books.openLine()
  const line = await books.openLine()
  refunded = {
    line,
    payments: [await books.buy(line, 4_000), await books.buy(line, 6_000, 'content')],
  }
  await books.buy(twoBuckets, 10_000)
  await books.buy(twoBuckets, 5_000, 'content')
  await books.buy(twoBills, 10_000)
  await books.buy(paidTwice, 1_000)
  await books.until('2026-02-01T12:00:00+09:00')
  await books.buy(twoBills, 3_000)
  await books.until('2026-03-06T00:00:00+09:00')
  // As if January's bills were half a year old: only these are given up.
  await books.pool.query(
    `update carrier.bill set due_on = '2025-08-25', missed = 2 where cycle = '2026-01'`,
  )
  await books.until('2026-03-08T00:00:00+09:00')
})
afterAll(() => books?.close())

/** Of `kt`: below zero while something is lost. */
async function loss(): Promise<bigint> {
  const carrier = books.carriers.get('kt')
  const [account] = await books.ledger.openAccounts([
    {
      ...{ shard: carrier?.shard ?? 0, reference: 'loss', asset: 'KRW/3' },
      ...{ kind: 'suspense', overdraft: null },
    },
  ])
  return (await books.ledger.account(account ?? 0))?.balance ?? 0n
}

/** Newest first. */
async function bills(line: Line) {
  const list = await books.books.bills.list(line.id)
  return list.map(({ state, owed, chargedOff }) => ({ state, owed, chargedOff }))
}

test('a debt that was written off is shown, and paid part by part', async () => {
  // With a surcharge of 3 % on each item.
  const lost = won1(15_450)
  expect(await bills(twoBuckets)).toEqual([{ state: 'charged_off', owed: 0n, chargedOff: lost }])
  expect(await books.standing(twoBuckets)).toMatchObject({ owed: 0n, chargedOff: lost })
  const before = await loss()

  const some = await books.pay(twoBuckets, 11_000)
  expect(some).toMatchObject({ rest: 0n })
  expect(some.parts.map(({ amount }) => amount)).toEqual([won1(10_000), won1(1_000)])
  expect(await books.standing(twoBuckets)).toMatchObject({ chargedOff: won1(4_450), credit: 0n })
  expect(await loss()).toBe(before + won1(11_000))
  expect(await bills(twoBuckets)).toMatchObject([{ state: 'charged_off' }])
  await books.check()

  const rest = await books.pay(twoBuckets, 'all')
  expect(rest.amount).toBe(won1(4_450))
  expect(await bills(twoBuckets)).toEqual([{ state: 'paid', owed: 0n, chargedOff: 0n }])
  expect(await loss()).toBe(before + lost)
  await books.check()
  const more = { amount: 'all', early: false, key: 'again', method: 'self_care' } as const
  expect(await books.books.receipts.pay(twoBuckets.id, more)).toEqual({
    ok: false,
    code: 'nothing_owed',
  })
})

test('what has consequences is paid first, and only when all is paid the line comes back', async () => {
  expect(await bills(twoBills)).toEqual([
    { state: 'open', owed: won1(3_000), chargedOff: 0n },
    { state: 'charged_off', owed: 0n, chargedOff: won1(10_300) },
  ])
  expect(await books.line(twoBills)).toMatchObject({ inArrears: true })
  expect((await books.standing(twoBills)).restore).toMatchObject({
    toPay: won1(13_300),
    rule: 'full_balance',
  })
  const first = await books.pay(twoBills, 4_000)
  expect(first.parts.map(({ cycle, amount }) => [cycle, amount])).toEqual([
    ['2026-02', won1(3_000)],
    ['2026-01', won1(1_000)],
  ])
  expect(await books.line(twoBills)).toMatchObject({ inArrears: true })
  const last = await books.pay(twoBills, 'oldest')
  expect(last).toMatchObject({ amount: won1(9_300), rest: 0n })
  expect(await books.line(twoBills)).toMatchObject({ inArrears: false, stage: 'active' })
  await books.check()
})

test('paid twice at once with two keys, a lost debt is paid once and the rest is a credit', async () => {
  const before = await loss()
  const lost = won1(1_030)
  expect((await books.standing(paidTwice)).chargedOff).toBe(lost)
  await Promise.all([books.pay(paidTwice, 1_030), books.pay(paidTwice, 1_030)])
  expect(await books.standing(paidTwice)).toMatchObject({ chargedOff: 0n, credit: lost })
  expect((await loss()) - before).toBe(lost)
  await books.check()
})

test('a purchase that was written off and is refunded gives the loss back, and no money that nobody paid', async () => {
  const { line, payments } = refunded
  const [small, large] = payments
  if (small === undefined || large === undefined) throw new Error('two were bought')
  const before = await loss()
  expect((await books.standing(line)).chargedOff).toBe(won1(10_300))
  expect(await books.refund(large, 5_000)).toBe('bill_credit')
  expect(await books.standing(line)).toMatchObject({ chargedOff: won1(5_300), credit: 0n })
  expect((await loss()) - before).toBe(won1(5_000))
  await books.check()
  expect(await bills(line)).toEqual([{ state: 'charged_off', owed: 0n, chargedOff: won1(5_300) }])
  await books.pay(line, 4_300)
  await books.refund(large)
  expect(await books.standing(line)).toMatchObject({ chargedOff: 0n, credit: 0n })
  expect(await bills(line)).toEqual([{ state: 'paid', owed: 0n, chargedOff: 0n }])
  expect(await books.line(line)).toMatchObject({ inArrears: false })
  await books.check()
  // All is settled: what comes back now is the owner's.
  await books.refund(small)
  expect((await books.standing(line)).credit).toBe(won1(4_000))
  expect((await loss()) - before).toBe(won1(10_300))
  await books.check()
})
