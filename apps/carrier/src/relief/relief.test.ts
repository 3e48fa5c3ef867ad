import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks, won1 } from '../bills/books.fixture.ts'
import type { Line } from '../model.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:00:00+09:00')
})
afterAll(() => books.close())

const at = (date: string) => `${date}T00:00:00+09:00`

/** A line that is suspended for 100,000 won and the surcharges on it. */
async function suspendedLine(from: string, until: string): Promise<Line> {
  const line = await books.openLine()
  await books.until(at(from))
  await books.buy(line, 100_000)
  await books.until(at(until))
  expect((await books.line(line)).stage).toBe('outgoing_suspended')
  return line
}

async function plan(line: Line) {
  const applied = await books.books.relief.apply(line.id, { cutPercent: '30', months: 10 })
  if (!applied.ok) throw new Error(applied.code)
  const granted = await books.books.relief.grant(applied.relief.id)
  if (!granted.ok) throw new Error(granted.code)
  return granted.relief
}

test('a plan stops dunning, cuts the debt, restores after three months and ends when it is paid', async () => {
  const line = await suspendedLine('2026-01-11', '2026-04-10')
  const relief = await plan(line)
  // 103,500 with both surcharges; 30 % less, each item rounded down.
  expect(relief.owed).toBe(won1(72_450))
  await books.check()
  expect((await books.books.bills.list(line.id))[0]?.state).toBe('relief')
  for (const month of ['05', '06', '07']) {
    await books.until(at(`2026-${month}-09`))
    await books.pay(line, 7_245)
    await books.until(at(`2026-${month}-12`))
  }
  expect(await books.line(line)).toMatchObject({ stage: 'active', inArrears: false })
  expect((await books.line(line)).blocks).toMatchObject([{ reason: 'after_suspension' }])
  expect(await books.standing(line)).toMatchObject({
    paused: 'relief',
    owed: won1(72_450 - 3 * 7_245),
  })
  await books.pay(line, 'all')
  await books.until(at('2026-07-14'))
  expect(await books.books.relief.find(relief.id)).toMatchObject({ state: 'completed' })
  expect(await books.standing(line)).toMatchObject({ paused: null, owed: 0n })
  await books.check()
})

test('a missed instalment breaks the plan: dunning goes on where it stood, with new notices', async () => {
  const line = await suspendedLine('2026-08-01', '2026-10-30')
  const relief = await plan(line)
  await books.until(at('2026-11-30'))
  expect(await books.books.relief.find(relief.id)).toMatchObject({ state: 'granted' })
  await books.until(at('2026-12-01'))
  expect(await books.books.relief.find(relief.id)).toMatchObject({ state: 'broken' })
  expect((await books.line(line)).stage).toBe('outgoing_suspended')
  await books.until(at('2027-01-20'))
  expect((await books.line(line)).stage).toBe('fully_suspended')
  await books.check()
})

test('an application is refused, or not taken', async () => {
  const line = await books.openLine()
  const terms = { cutPercent: '30', months: 10 }
  expect(await books.books.relief.apply(line.id, terms)).toEqual({
    ok: false,
    code: 'nothing_owed',
  })
  await books.buy(line, 1_000)
  await books.until(at('2027-02-06'))
  for (const bad of [
    { ...terms, cutPercent: '100.1' },
    { ...terms, cutPercent: 'x' },
    { ...terms, months: 0 },
  ]) {
    expect(await books.books.relief.apply(line.id, bad)).toEqual({
      ok: false,
      code: 'terms_invalid',
    })
  }
  const applied = await books.books.relief.apply(line.id, terms)
  if (!applied.ok) throw new Error(applied.code)
  expect(await books.books.relief.apply(line.id, terms)).toEqual({
    ok: false,
    code: 'already_running',
  })
  expect(await books.books.relief.refuse(applied.relief.id)).toMatchObject({
    relief: { state: 'refused' },
  })
  expect(await books.books.relief.grant(applied.relief.id)).toEqual({
    ok: false,
    code: 'wrong_state',
  })
  expect(await books.standing(line)).toMatchObject({ paused: null, owed: won1(1_000) })
})

test('an instalment is not the oldest month: a blocked line stays blocked, also after the plan broke', async () => {
  const line = await books.openLine()
  await books.buy(line, 60_000)
  await books.until(at('2027-04-05'))
  expect((await books.line(line)).inArrears).toBe(true)
  const relief = await plan(line)
  await books.pay(line, 1_000)
  expect((await books.line(line)).inArrears).toBe(true)
  await books.until(at('2027-05-07'))
  expect(await books.books.relief.find(relief.id)).toMatchObject({ state: 'broken' })
  await books.pay(line, 1_000)
  expect((await books.line(line)).inArrears).toBe(true)
  await books.pay(line, 'all')
  expect((await books.line(line)).inArrears).toBe(false)
  await books.check()
})
