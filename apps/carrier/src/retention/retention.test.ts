import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks, won1 } from '../bills/books.fixture.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:00:00+09:00')
})
afterAll(() => books.close())

const at = (date: string) => `${date}T00:00:00+09:00`

test('records go after a year, larger ones after five, and never what is still owed', async () => {
  const payer = await books.openLine()
  const debtor = await books.openLine()
  const small = await books.buy(payer, 10_000)
  const large = await books.buy(payer, 10_001)
  const owed = await books.buy(debtor, 500)
  await books.until(at('2026-02-06'))
  await books.pay(payer, 'all')
  const [bill] = await books.books.bills.list(payer.id)
  const left = async () => {
    const found = await Promise.all(
      [small, large, owed].map(({ id }) => books.core.payments.find(id)),
    )
    return found.map((payment) => payment !== undefined)
  }
  await books.jump(at('2027-01-10'))
  await books.books.retention.purge(books.clock.now())
  expect(await left()).toEqual([true, true, true])
  await books.jump(at('2027-01-11'))
  expect(await books.books.retention.purge(books.clock.now())).toMatchObject({ payments: 1 })
  expect(await left()).toEqual([false, true, true])
  expect(await books.texts(payer, 'charge')).toEqual([])
  // The sums stay, what they were for goes.
  const itemised = await books.books.bills.find(bill?.id ?? '')
  expect(itemised).toMatchObject({
    total: won1(20_001),
    items: [{ paymentId: null, label: '' }, {}],
  })
  await books.check()
  await books.jump(at('2031-01-11'))
  await books.books.retention.purge(books.clock.now())
  expect(await left()).toEqual([false, false, true])
  await books.check()
})
