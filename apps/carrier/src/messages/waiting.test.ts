import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks } from '../bills/books.fixture.ts'
import type { Line } from '../model.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:00:00+09:00')
})
afterAll(() => books.close())

const at = (text: string) => `${text}+09:00`

/** What the phone of a line has received by now, newest first: its kind and when, in Seoul. */
async function received(line: Line) {
  const messages = await books.books.outbox.inbox(line.phoneNumber, 100)
  return messages.map(({ kind, sentAtMs }) => [kind, seoul(sentAtMs)])
}

function seoul(ms: number): string {
  return new Date(ms + 9 * 3_600_000).toISOString().slice(0, 16)
}

test('the bill of midnight and what dunning says come in the morning, on their own days', async () => {
  const line = await books.openLine()
  await books.buy(line, 10_000)
  expect(await received(line)).toEqual([['charge', '2026-01-10T12:00']])
  await books.until(at('2026-02-05T08:59:00'))
  expect((await books.books.bills.list(line.id))[0]?.madeOn).toBe('2026-02-05')
  expect((await received(line))[0]).toEqual(['charge', '2026-01-10T12:00'])
  expect(await books.books.agenda.nextAt()).toBe(Date.parse(at('2026-02-05T09:00:00')))
  books.told.splice(0)
  await books.until(at('2026-02-05T09:00:00'))
  expect((await received(line))[0]).toEqual(['bill', '2026-02-05T09:00'])
  expect(books.told.filter(({ what }) => what === 'message')).toMatchObject([{ lineId: line.id }])
  await books.until(at('2026-03-04T08:00:00'))
  // Blocked on its day, before the message that says so.
  expect((await books.line(line)).inArrears).toBe(true)
  await books.until(at('2026-03-04T12:00:00'))
  expect((await received(line)).slice(0, 4)).toEqual([
    ['dunning_step', '2026-03-04T09:00'],
    ['dunning_notice', '2026-03-01T09:00'],
    ['dunning_notice', '2026-02-26T09:00'],
    ['dunning_notice', '2026-02-26T09:00'],
  ])
  await books.check()
})

test('a notice that is written late in the evening counts from the day on which it is sent', async () => {
  const line = await books.openLine()
  await books.buy(line, 10_000)
  await books.until(at('2026-04-25T12:00:00'))
  // Nothing ran for a fortnight, and now it is night.
  await books.jump(at('2026-05-10T23:30:00'))
  await books.books.dunning.run('kt')
  const steps = await books.pool.query<{ stage: string; due_on: string; sent: string }>(
    `select stage, due_on, to_char(noticed_at at time zone 'Asia/Seoul', 'YYYY-MM-DD HH24') as sent
     from carrier.dunning_step where line_id = $1 order by stage`,
    [line.id],
  )
  expect(steps.rows).toEqual([
    { stage: 'blocked', due_on: '2026-05-14', sent: '2026-05-11 09' },
    { stage: 'notice', due_on: '2026-05-11', sent: '2026-05-11 09' },
  ])
  await books.until(at('2026-05-13T12:00:00'))
  expect((await books.line(line)).inArrears).toBe(false)
  await books.until(at('2026-05-14T00:00:00'))
  expect((await books.line(line)).inArrears).toBe(true)
  await books.check()
})

test('who pays in the night is not dunned in the morning', async () => {
  const line = await books.openLine()
  await books.buy(line, 10_000)
  await books.until(at('2026-06-26T02:00:00'))
  expect((await books.line(line)).stage).toBe('notice')
  await books.pay(line, 'all')
  await books.until(at('2026-06-26T12:00:00'))
  const kinds = (await received(line)).map(([kind]) => kind)
  expect(kinds.toSorted()).toEqual(['bill', 'charge', 'receipt', 'restored'])
  await books.check()
})
