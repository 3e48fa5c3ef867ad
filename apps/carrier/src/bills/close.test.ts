import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks, won1 } from './books.fixture.ts'
import type { CloseProgress } from './model.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-12-20T12:00:00+09:00', ['kt', 'lgu'])
})
afterAll(() => books.close())

test('a year ends: what was bought a second before midnight is billed, a second after it is not', async () => {
  const line = await books.openLine()
  await books.until('2026-12-31T23:59:59+09:00')
  const old = await books.buy(line, 3_000)
  const cancelled = await books.buy(line, 4_000)
  expect(await books.refund(cancelled)).toBe('cancel')
  const partly = await books.buy(line, 9_000)
  expect(await books.refund(partly, 2_500)).toBe('cancel')
  await books.until('2027-01-01T00:00:01+09:00')
  const fresh = await books.buy(line, 5_000)
  expect((await books.books.bills.coming(line)).amount).toBe(won1(5_000))
  expect(await books.books.bills.coming(line, '2026-12')).toMatchObject({
    amount: won1(9_500),
    items: 2,
    ...{ billOn: '2027-01-05', dueOn: '2027-01-25' },
  })
  await books.until('2027-01-05T00:00:00+09:00')
  const [bill, ...others] = await books.books.bills.list(line.id)
  expect(others).toEqual([])
  expect(bill).toMatchObject({
    cycle: '2026-12',
    total: won1(9_500),
    owed: won1(9_500),
    state: 'open',
  })
  const itemised = await books.books.bills.find(bill?.id ?? '')
  expect(
    itemised?.items.map(({ paymentId, amount, merchant }) => ({ paymentId, amount, merchant })),
  ).toEqual([
    { paymentId: old.id, amount: won1(3_000), merchant: old.merchant },
    { paymentId: partly.id, amount: won1(6_500), merchant: old.merchant },
  ])
  expect(itemised?.items.some(({ paymentId }) => paymentId === fresh.id)).toBe(false)
  await books.check()
})

test('a bill made twice is made once, and a quiet line gets none', async () => {
  const line = await books.openLine()
  const quiet = await books.openLine()
  await books.buy(line, 1_000)
  await books.until('2027-02-05T00:00:00+09:00')
  const before = await books.books.bills.list(line.id)
  const texts = await books.texts(line, 'bill')
  expect(await books.books.bills.close('kt', '2027-01')).toBe(true)
  expect(await books.books.bills.list(line.id)).toEqual(before)
  expect(before).toHaveLength(1)
  expect(await books.texts(line, 'bill')).toEqual(texts)
  expect(texts).toHaveLength(1)
  expect(await books.books.bills.list(quiet.id)).toEqual([])
})

test('the notice of a bill holds time, merchant, contact, what for, amounts and how to object', async () => {
  const korean = await books.openLine()
  const english = await books.openLine('kt', 'en')
  await books.until('2027-02-10T09:05:00+09:00')
  for (const line of [korean, english]) {
    await books.buy(line, 12_345)
    await books.buy(line, 700)
  }
  await books.until('2027-03-05T00:00:00+09:00')
  expect(await books.texts(korean, 'bill')).toEqual([
    '[KT] 2027년 2월 소액결제 청구서\n청구 금액 13,045원, 납부 기한 2027년 3월 25일\n' +
      '02/10 09:05 Hanbit Games (1588-0001) Gold 12345 12,345원\n' +
      '02/10 09:05 Hanbit Games (1588-0001) Gold 700 700원\n이의 신청 100',
  ])
  expect(await books.texts(english, 'bill')).toEqual([
    '[KT] Bill for purchases in February 2027\nTotal ₩13,045, due 25 March 2027\n' +
      '02/10 09:05 Hanbit Games (1588-0001) Gold 12345 ₩12,345\n' +
      '02/10 09:05 Hanbit Games (1588-0001) Gold 700 ₩700\nTo object: 100',
  ])
  const [charge] = await books.texts(korean, 'charge')
  for (const fact of [
    '12,345원',
    '02/10 09:05',
    'Hanbit Games (1588-0001)',
    'Gold 12345',
    '이의 신청 100',
  ]) {
    expect(charge).toContain(fact)
  }
})

test('a close that is stopped between chunks goes on there, and bills every payment once', async () => {
  const opened = await Promise.all(Array.from({ length: 7 }, () => books.openLine('lgu')))
  // A close goes by the ids of lines.
  const lines = opened.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  for (const [index, line] of lines.entries()) {
    for (let count = 0; count <= index % 3; count += 1) await books.buy(line, 1_000 + index)
  }
  // The agenda would close at the fifth by itself.
  await books.until('2027-04-04T23:59:59+09:00')
  await books.jump('2027-04-05T00:00:00+09:00')
  const seen: CloseProgress[] = []
  const controller = new AbortController()
  const stopped = await books.books.bills.close('lgu', '2027-03', {
    linesPerChunk: 2,
    signal: controller.signal,
    onProgress: (progress) => {
      seen.push(progress)
      controller.abort()
    },
  })
  expect(stopped).toBe(false)
  expect(seen).toMatchObject([{ lines: 2, items: 3 }])
  // A process that dies in a chunk leaves nothing of it.
  const dying = books.books.bills.close('lgu', '2027-03', {
    linesPerChunk: 2,
    onProgress: (progress) => {
      seen.push(progress)
      throw new Error('the machine goes off')
    },
  })
  await expect(dying).rejects.toThrow('the machine goes off')
  expect(
    await books.books.bills.close('lgu', '2027-03', {
      itemsPerChunk: 3,
      onProgress: (each) => seen.push(each),
    }),
  ).toBe(true)
  expect(seen.map(({ items }) => items)).toEqual(
    [...seen.map(({ items }) => items)].sort((a, b) => a - b),
  )
  expect(seen.at(-1)).toMatchObject({ lines: 7, items: 13 })
  const { rows } = await books.pool.query<{ bills: number; items: number }>(
    `select count(distinct b.id)::int as bills, count(*)::int as items
     from carrier.bill b join carrier.bill_item i on i.bill_id = b.id where b.carrier = 'lgu'`,
  )
  expect(rows).toEqual([{ bills: 7, items: 13 }])
  await books.check()
})

test('what succeeds late is on the next bill', async () => {
  const line = await books.openLine()
  await books.until('2027-05-20T00:00:00+09:00')
  const payment = await books.buy(line, 2_000)
  await books.pool.query(`update carrier.payment set status = 'processing' where id = $1`, [
    payment.id,
  ])
  await books.until('2027-06-06T00:00:00+09:00')
  expect(await books.books.bills.list(line.id)).toEqual([])
  await books.pool.query(`update carrier.payment set status = 'succeeded' where id = $1`, [
    payment.id,
  ])
  await books.until('2027-07-05T00:00:00+09:00')
  expect(await books.books.bills.list(line.id)).toMatchObject([
    { cycle: '2027-06', total: won1(2_000) },
  ])
  await books.check()
})

test('a payment whose cancellation is not decided on the day of the bill waits for the next', async () => {
  const line = await books.openLine()
  const [going, staying] = [await books.buy(line, 1_000), await books.buy(line, 2_000)]
  const accepted = await Promise.all(
    [going, staying].map((payment) =>
      books.core.refunds.accept({
        ...{ paymentId: payment.id, clientId: 'shop', clientCorrelator: null },
        ...{ referenceCode: payment.id, type: 'total', reason: null, facts: {} },
        ...{ sink: null, sinkToken: null },
      }),
    ),
  )
  const [cancelled, denied] = accepted.map((one) => (one.ok ? one.refund.id : one.code))
  await books.until('2027-08-06T00:00:00+09:00')
  expect(await books.books.bills.list(line.id)).toEqual([])
  await books.core.refunds.complete(cancelled ?? '')
  await books.core.refunds.deny(denied ?? '', 'no')
  await books.until('2027-09-06T00:00:00+09:00')
  const [bill] = await books.books.bills.list(line.id)
  expect((await books.books.bills.find(bill?.id ?? ''))?.items).toMatchObject([
    { paymentId: staying.id, amount: won1(2_000) },
  ])
  await books.check()
})
