import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks, won1 } from '../bills/books.fixture.ts'
import { createBills } from '../bills.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:34:56.789+09:00', ['skt', 'kt'])
})
afterAll(() => books.close())

const at = (text: string) => Date.parse(`${text}+09:00`)

test('the next work is the next midnight in the zone of the carriers', async () => {
  expect(await books.books.agenda.nextAt()).toBe(at('2026-01-11T00:00:00'))
})

test('a reservation expires on the minute, a granted unblock on its millisecond, in order of time', async () => {
  const { core, clock } = books
  const line = await books.openLine('skt')
  const prepared = await core.payments.prepare({
    ...{ carrier: 'skt', clientId: 'shop', lineId: line.id, steps: 2, clientCorrelator: null },
    ...{ referenceCode: 'r', amount: won1(1_000), currency: 'KRW', description: 'Gold' },
    ...{ isTaxIncluded: true, taxAmount: null, category: 'digital', product: '', metaData: null },
    merchant: { id: 'm', name: 'M', contact: '1' },
    ...{ items: [], boundToPhone: true, shown: ['network', 'sms_code', 'password'] },
    ...{ sink: null, sinkToken: null, validation: 'none' },
  })
  if (!prepared.ok) throw new Error(prepared.code)
  expect(await books.books.agenda.nextAt()).toBe(at('2026-01-10T12:45:00'))
  const block = await core.blocks.set(line.id, 'payer', 'wanted')
  const lifted = await core.blocks.lift(line.id, block.id, { factors: ['identity', 'password'] })
  expect(lifted).toMatchObject({ ok: true, liftsAtMs: clock.now() + 24 * 3_600_000 })
  const moves: string[] = []
  await books.books.agenda.advance(at('2026-01-11T13:00:00'), async (ms) => {
    moves.push(new Date(ms + 9 * 3_600_000).toISOString())
    await clock.move({ offsetMs: 0, frozenAtMs: ms })
  })
  expect(moves).toEqual([
    '2026-01-10T12:45:00.000Z',
    '2026-01-11T00:00:00.000Z',
    '2026-01-11T12:34:56.789Z',
    '2026-01-11T13:00:00.000Z',
  ])
  expect((await core.payments.find(prepared.payment.id))?.status).toBe('cancelled')
  expect((await books.line(line)).blocks).toEqual([])
})

test('a program that starts again goes on with the day after the last one done, and makes up for those it missed', async () => {
  const line = await books.openLine()
  await books.buy(line, 2_000)
  // Down over the turn of the month and the day of the bill.
  await books.jump('2026-02-07T09:00:00+09:00')
  const again = createBills(books, books.books)
  expect(await again.agenda.nextAt()).toBe(at('2026-01-12T00:00:00'))
  await Promise.all([
    again.agenda.runUntil(books.clock.now()),
    again.agenda.runUntil(books.clock.now()),
  ])
  expect(await again.bills.list(line.id)).toMatchObject([
    { cycle: '2026-01', madeOn: '2026-02-05', dueOn: '2026-02-25', owed: won1(2_000) },
  ])
  expect(await again.agenda.nextAt()).toBe(at('2026-02-08T00:00:00'))
  await books.check()
})
