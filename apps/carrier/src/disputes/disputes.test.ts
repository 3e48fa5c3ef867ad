import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks } from '../bills/books.fixture.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:00:00+09:00')
})
afterAll(() => books.close())

const at = (date: string) => `${date}T00:00:00+09:00`

test('a dispute holds the payout, blocks, stops dunning, and is answered once', async () => {
  const line = await books.openLine()
  const payment = await books.buy(line, 10_000)
  await books.until(at('2026-03-01'))
  const opened = await books.books.disputes.open(line.id, payment.id, 'not me', { block: true })
  if (!opened.ok) throw new Error(opened.code)
  const { dispute } = opened
  expect(dispute).toMatchObject({ state: 'open', payoutHeld: true })
  expect(dispute.answerByMs).toBe(Date.parse(at('2026-03-15')))
  expect((await books.line(line)).blocks).toMatchObject([{ kind: 'payer' }])
  expect(await books.standing(line)).toMatchObject({ paused: 'dispute' })
  const again = await books.books.disputes.open(line.id, payment.id, 'really', { block: false })
  expect(again).toMatchObject({ ok: true, dispute: { id: dispute.id } })
  await books.until(at('2026-03-11'))
  // The block would have come on 4 March.
  expect(await books.line(line)).toMatchObject({ stage: 'notice', inArrears: false })
  const answer = await books.books.disputes.answer(dispute.id, 'rejected', 'The code was entered.')
  expect(answer).toMatchObject({ ok: true, dispute: { state: 'rejected', payoutHeld: false } })
  expect(await books.books.disputes.answer(dispute.id, 'justified', null)).toEqual({
    ok: false,
    code: 'not_open',
  })
  // Ten days stood still; the new day was announced on the 12th, the first run after the answer, for three days later.
  await books.until(at('2026-03-14'))
  expect((await books.line(line)).inArrears).toBe(false)
  await books.until(at('2026-03-15'))
  expect((await books.line(line)).inArrears).toBe(true)
  expect((await books.texts(line, 'dunning_notice')).join()).toContain('2026년 3월 15일')
  await books.check()
})

test('justified after the month: the money is a credit that pays the bill, once', async () => {
  const line = await books.openLine()
  await books.until(at('2026-04-10'))
  const payment = await books.buy(line, 10_000)
  await books.until(at('2026-05-10'))
  const opened = await books.books.disputes.open(line.id, payment.id, 'not me', { block: false })
  if (!opened.ok) throw new Error(opened.code)
  const answers = await Promise.all(
    ['one', 'two'].map(() => books.books.disputes.answer(opened.dispute.id, 'justified', null)),
  )
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await books.standing(line)).toMatchObject({ owed: 0n, credit: 0n })
  expect(await books.core.refunds.list(payment.id)).toMatchObject([{ mode: 'bill_credit' }])
  await books.check()
})

test('justified within the month: it is cancelled and on no bill', async () => {
  const line = await books.openLine()
  await books.until(at('2026-06-10'))
  const payment = await books.buy(line, 10_000)
  const opened = await books.books.disputes.open(line.id, payment.id, 'not me', { block: false })
  if (!opened.ok) throw new Error(opened.code)
  await books.books.disputes.answer(opened.dispute.id, 'justified', null)
  expect((await books.books.bills.coming(line)).amount).toBe(0n)
  await books.until(at('2026-07-06'))
  expect(await books.books.bills.list(line.id)).toEqual([])
  await books.check()
})

test('nobody answers in two weeks: the owner is believed', async () => {
  const line = await books.openLine()
  const payment = await books.buy(line, 10_000)
  const opened = await books.books.disputes.open(line.id, payment.id, 'not me', { block: false })
  if (!opened.ok) throw new Error(opened.code)
  await books.until(at('2026-07-25'))
  expect(await books.books.disputes.find(opened.dispute.id)).toMatchObject({ state: 'justified' })
  await books.check()
})

test('only an own payment that succeeded can be disputed, and an objection can be taken back', async () => {
  const line = await books.openLine()
  const other = await books.openLine()
  const payment = await books.buy(line, 1_000)
  const open = (lineId: string) =>
    books.books.disputes.open(lineId, payment.id, 'not me', { block: false })
  expect(await open(other.id)).toEqual({ ok: false, code: 'payment_not_found' })
  const opened = await open(line.id)
  if (!opened.ok) throw new Error(opened.code)
  expect(await books.books.disputes.withdraw(opened.dispute.id)).toMatchObject({
    dispute: { state: 'withdrawn' },
  })
  expect(await books.standing(line)).toMatchObject({ paused: null })
  await books.refund(payment)
  expect(await open(line.id)).toEqual({ ok: false, code: 'not_disputable' })
})
