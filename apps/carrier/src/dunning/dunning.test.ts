import { addDays, dateOf } from '@jeon/billing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks, won1 } from '../bills/books.fixture.ts'
import type { Line } from '../model.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:00:00+09:00')
})
afterAll(() => books.close())

const at = (date: string) => `${date}T00:00:00+09:00`

/** The steps of a line's ladders: what, when announced, when done. */
async function steps(line: Line) {
  const { rows } = await books.pool.query<{
    stage: string
    noticed_at: Date
    done_at: Date | null
  }>(
    `select stage, noticed_at, done_at from carrier.dunning_step where line_id = $1 order by done_at, noticed_at`,
    [line.id],
  )
  const day = (instant: Date) => dateOf(instant.getTime(), 'Asia/Seoul')
  return rows.map(({ stage, noticed_at, done_at }) => [
    stage,
    day(noticed_at),
    done_at && day(done_at),
  ])
}

test('nobody pays: the whole ladder on its days, each step announced, and in the end the debt is given up', async () => {
  const line = await books.openLine()
  await books.buy(line, 10_000)
  await books.until(at('2026-02-25'))
  expect(await books.standing(line)).toMatchObject({
    ...{ owed: won1(10_000), overdue: 0n, stage: 'current', ladder: [], restore: null },
  })
  // Forty days in one go, then the rest of the year.
  await books.until(at('2026-04-06'))
  expect(await steps(line)).toEqual([
    ['notice', '2026-02-26', '2026-02-26'],
    ['blocked', '2026-03-01', '2026-03-04'],
    ['outgoing_suspended', '2026-03-24', '2026-03-27'],
  ])
  expect(await books.line(line)).toMatchObject({ stage: 'outgoing_suspended', inArrears: true })
  const [bill] = await books.books.bills.list(line.id)
  expect(bill).toMatchObject({ state: 'overdue_2', total: won1(10_350), owed: won1(10_350) })
  expect(await books.standing(line)).toMatchObject({
    stage: 'outgoing_suspended',
    restore: { toPay: won1(10_350), rule: 'full_balance', enablesPayments: false },
  })
  await books.check()
  await books.until(at('2026-09-01'))
  expect((await steps(line)).slice(3)).toEqual([
    ['fully_suspended', '2026-04-23', '2026-04-26'],
    ['terminated', '2026-05-23', '2026-05-26'],
  ])
  const [end] = await books.books.bills.list(line.id)
  const itemised = await books.books.bills.find(end?.id ?? '')
  expect(itemised).toMatchObject({ state: 'charged_off', owed: 0n })
  expect(itemised?.items.map(({ kind, amount, writtenOff }) => [kind, amount, writtenOff])).toEqual(
    [
      ['payment', won1(10_000), won1(10_000)],
      ['surcharge', won1(300), won1(300)],
      ['surcharge', won1(50), won1(50)],
    ],
  )
  expect((await books.line(line)).stage).toBe('terminated')
  const notices = await books.texts(line, 'dunning_notice')
  expect(notices.filter((text) => text.includes('예고'))).toHaveLength(4)
  expect(notices.find((text) => text.includes('2026년 3월 4일'))).toContain('소액결제가 차단됩니다')
  // With the surcharge from the first one on, and with the second from its day on.
  const sums = notices.map((text) => /(1\d,\d{3})원/.exec(text.replace(/가산금 \S+이/, ''))?.[1])
  expect(sums).toEqual([...Array<string>(4).fill('10,300'), ...Array<string>(3).fill('10,350')])
  await books.check()
})

test('before suspension the oldest month is enough, and payments work again', async () => {
  const line = await books.openLine()
  await books.buy(line, 10_000)
  await books.until(at('2026-10-06'))
  await books.buy(line, 2_000)
  await books.until(at('2026-11-05'))
  const standing = await books.standing(line)
  expect(standing).toMatchObject({ stage: 'blocked', owed: won1(12_300), overdue: won1(10_300) })
  expect(standing.restore).toEqual({
    toPay: won1(10_300),
    rule: 'oldest_month',
    enablesPayments: true,
  })
  await expect(books.buy(line, 1_000)).rejects.toThrow('in_arrears')
  await books.pay(line, 10_299)
  expect((await books.line(line)).inArrears).toBe(true)
  await books.pay(line, 1)
  expect(await books.line(line)).toMatchObject({ stage: 'active', inArrears: false })
  expect((await books.buy(line, 1_000)).status).toBe('succeeded')
  expect(await books.texts(line, 'restored')).toHaveLength(1)
  await books.pay(line, 'all')
  await books.check()
})

test('after suspension the full balance is needed, and the owner has to allow payments anew', async () => {
  const line = await books.openLine()
  await books.buy(line, 10_000)
  await books.until(at('2026-12-05'))
  await books.until(at('2027-01-26'))
  expect((await books.line(line)).stage).toBe('outgoing_suspended')
  await books.pay(line, 10_000)
  expect((await books.line(line)).stage).toBe('outgoing_suspended')
  const { restore } = await books.standing(line)
  expect(restore).toMatchObject({ rule: 'full_balance', enablesPayments: false })
  await books.pay(line, Number((restore?.toPay ?? 0n) / 1_000n))
  const restored = await books.line(line)
  expect(restored).toMatchObject({ stage: 'active', inArrears: false })
  expect(restored.blocks).toMatchObject([{ kind: 'operator', reason: 'after_suspension' }])
  await expect(books.buy(line, 1_000)).rejects.toThrow('blocked_by_operator')
  const [text] = await books.texts(line, 'restored')
  expect(text).toContain('직접 차단을 해제')
  await books.check()
})

test('the daily work done twice, or by a clock that jumped over it, does nothing more and nothing too soon', async () => {
  const line = await books.openLine()
  await books.buy(line, 10_000)
  await books.until(at('2027-02-25'))
  await books.jump(at('2027-04-10'))
  await books.books.dunning.run('kt')
  await books.books.dunning.run('kt')
  const today = '2027-04-10'
  const lead = addDays(today, 3)
  expect((await steps(line)).map(([stage, noticed, done]) => [stage, noticed, done])).toEqual([
    ['notice', today, today],
    ['blocked', today, null],
    ['outgoing_suspended', today, null],
  ])
  expect(await books.line(line)).toMatchObject({ stage: 'notice', inArrears: false })
  const [bill] = await books.books.bills.list(line.id)
  expect(bill?.total).toBe(won1(10_350))
  await books.check()
  await books.until(at(lead))
  expect(await books.line(line)).toMatchObject({ stage: 'outgoing_suspended', inArrears: true })
  await books.check()
})
