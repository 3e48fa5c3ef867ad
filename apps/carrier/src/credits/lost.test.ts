import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks, won1 } from '../bills/books.fixture.ts'
import type { Line, Payment } from '../model.ts'

/** What comes back of a purchase that was written off recovers the loss first: nobody gains what he never paid. */

let books: Books
let lines: Line[]
let bought: Map<string, Payment[]>
beforeAll(async () => {
  books = await openBooks('2026-01-30T12:00:00+09:00')
  lines = []
  bought = new Map()
  for (let count = 0; count < 6; count += 1) {
    const line = await books.openLine()
    lines.push(line)
    bought.set(line.id, [await books.buy(line, 10_000), await books.buy(line, 5_000, 'content')])
  }
  await books.until('2026-02-01T12:00:00+09:00')
  for (const line of lines.slice(0, 2)) await books.buy(line, 3_000)
  await books.until('2026-02-10T00:00:00+09:00')
  // One bill is paid in part: the first purchase whole, the second not at all.
  await books.pay(at(2), 10_000)
  // Another in part of its first purchase.
  await books.pay(at(3), 4_000)
  await books.until('2026-03-06T00:00:00+09:00')
  await books.pool.query(
    `update carrier.bill set due_on = '2025-08-25', missed = 2 where cycle = '2026-01'`,
  )
  await books.until('2026-03-08T00:00:00+09:00')
})
afterAll(() => books?.close())

/** What a line owes, what of it was written off, and its credit. */
async function said(line: Line): Promise<bigint[]> {
  const { owed, chargedOff, credit } = await books.standing(line)
  return [owed, chargedOff, credit]
}

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

function at(index: number): Line {
  const line = lines[index]
  if (line === undefined) throw new Error('no such line')
  return line
}

function purchase(line: Line, index: number): Payment {
  const payment = bought.get(line.id)?.[index]
  if (payment === undefined) throw new Error('no such purchase')
  return payment
}

test('its own loss comes before a newer bill, which nobody has paid by that', async () => {
  const line = at(0)
  const before = await loss()
  expect(await said(line)).toEqual([won1(3_000), won1(15_450), 0n])
  await books.refund(purchase(line, 0), 4_000)
  expect(await said(line)).toEqual([won1(3_000), won1(11_450), 0n])
  await books.refund(purchase(line, 0))
  expect(await said(line)).toEqual([won1(3_000), won1(5_450), 0n])
  expect(await books.line(line)).toMatchObject({ inArrears: true })
  expect((await loss()) - before).toBe(won1(10_000))
  await books.check()
})

test('an objection that is justified does the same, and what the owner paid meanwhile is his', async () => {
  const line = at(1)
  const { id } = purchase(line, 1)
  // What is owed, then all of the first purchase and 2,000 of the second.
  await books.pay(line, 15_000)
  expect(await said(line)).toEqual([0n, won1(3_450), 0n])
  const { disputes } = books.books
  const opened = await disputes.open(line.id, id, 'not me', { block: false })
  if (!opened.ok) throw new Error(opened.code)
  expect(await disputes.answer(opened.dispute.id, 'justified', null)).toMatchObject({ ok: true })
  // 3,000 of it was lost, 450 of surcharges still was; the rest he had paid.
  expect(await said(line)).toEqual([0n, 0n, won1(1_550)])
  expect(await books.line(line)).toMatchObject({ inArrears: false })
  await books.check()
})

test('of a purchase that was paid, it pays what else was written off, and the rest is a credit', async () => {
  const line = at(2)
  expect(await said(line)).toEqual([0n, won1(5_150), 0n])
  await books.refund(purchase(line, 0))
  expect(await said(line)).toEqual([0n, 0n, won1(4_850)])
  expect(await books.books.bills.list(line.id)).toMatchObject([{ state: 'paid' }])
  await books.check()
})

test('of a purchase that was paid in part, the part that was not comes first', async () => {
  const line = at(3)
  expect(await said(line)).toEqual([0n, won1(11_330), 0n])
  await books.refund(purchase(line, 0), 5_000)
  expect(await said(line)).toEqual([0n, won1(6_330), 0n])
  await books.refund(purchase(line, 0))
  expect(await said(line)).toEqual([0n, won1(1_330), 0n])
  await books.check()
})

test('refunds and a payment at one instant recover each loss once', async () => {
  const line = at(4)
  const before = await loss()
  await Promise.all([
    books.refund(purchase(line, 0)),
    books.pay(line, 15_450),
    books.refund(purchase(line, 1)),
  ])
  expect(await said(line)).toEqual([0n, 0n, won1(15_000)])
  expect((await loss()) - before).toBe(won1(15_450))
  await books.check()
})

test('added again after a crash, it is used once', async () => {
  const line = at(5)
  await books.refund(purchase(line, 1))
  const after = await said(line)
  const [refund] = await books.core.refunds.list(purchase(line, 1).id)
  await books.books.credits.add(line.id, refund?.id ?? '', won1(5_000))
  expect(await said(line)).toEqual(after)
  expect(after).toEqual([0n, won1(10_450), 0n])
  await books.check()
})
