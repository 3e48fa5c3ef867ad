import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks, won1 } from '../bills/books.fixture.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:00:00+09:00')
})
afterAll(() => books.close())

const at = (date: string) => `${date}T00:00:00+09:00`

test('what was written off is kept for as long as its owner can pay it, with all of its bill', async () => {
  const [given, paid] = [await books.openLine(), await books.openLine()]
  const payments = [
    ...[await books.buy(given, 1_000), await books.buy(given, 2_000)],
    await books.buy(paid, 1_000),
  ]
  const kept = async (day: string) => {
    await books.books.retention.purge(Date.parse(at(day)))
    const left = await Promise.all(payments.map(({ id }) => books.core.payments.find(id)))
    return left.map((payment) => payment !== undefined)
  }
  await books.until(at('2026-02-06'))
  await books.pay(given, 1_000)
  await books.pool.query(
    `update carrier.bill set due_on = '2025-07-25', missed = 2 where line_id = any($1)`,
    [[given.id, paid.id]],
  )
  await books.books.dunning.run('kt')
  await books.pay(paid, 'all')
  expect(await books.standing(given)).toMatchObject({ owed: 0n, chargedOff: won1(2_000) })
  expect(await kept('2027-01-10')).toEqual([true, true, true])
  // Once it is paid its age decides, and it is old enough at once.
  expect(await kept('2027-01-11')).toEqual([true, true, false])
  // Older than the oldest record that has to be kept, and still to be paid: so is what it was for.
  expect(await kept('2040-01-01')).toEqual([true, true, false])
  await books.pay(given, 1_500)
  expect(await kept('2040-01-01')).toEqual([true, true, false])
  await books.pay(given, 'all')
  expect(await kept('2027-01-11')).toEqual([false, false, false])
  await books.check()
})
