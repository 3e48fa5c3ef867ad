import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks } from '../bills/books.fixture.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-28T12:00:00+09:00')
})
afterAll(() => books?.close())

test('objecting again and again to one small payment does not keep dunning standing still', async () => {
  const line = await books.openLine()
  const small = await books.buy(line, 10)
  await books.buy(line, 200_000)
  const { disputes } = books.books
  const open = async () => {
    const opened = await disputes.open(line.id, small.id, 'no', { block: false })
    if (!opened.ok) throw new Error(opened.code)
    return opened.dispute.id
  }
  let id = await open()
  // The block would come on 4 March. The first objection is over before the bill is due; none after it stops the clock.
  await books.until('2026-02-10T12:00:00+09:00')
  await disputes.answer(id, 'rejected', 'it was you')
  for (const day of ['02-22', '03-04', '03-12']) {
    id = await open()
    expect(await books.standing(line)).toMatchObject({ paused: null })
    await books.until(`2026-${day}T12:00:00+09:00`)
    await disputes.answer(id, 'rejected', 'it was you')
  }
  expect(await books.line(line)).toMatchObject({ inArrears: true })
  await books.check()
})
