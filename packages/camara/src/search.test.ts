import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPaymentsQuery, readRefundsQuery, searchOf } from './search.ts'

test('what one side writes the other reads', () => {
  const time = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
  const queries = fc.record(
    {
      page: fc.integer(),
      perPage: fc.integer(),
      'paymentCreationDate.gte': time.map((date) => date.toISOString()),
      'paymentCreationDate.lte': fc.constant('2026-11-22T09:00:00+09:00'),
      order: fc.constantFrom('asc', 'desc'),
      paymentStatus: fc.array(fc.constantFrom('denied', 'succeeded'), { minLength: 1 }),
      merchantIdentifier: fc.string(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(queries, (query) => {
      const search = new URLSearchParams(searchOf(query).toString())
      expect(readPaymentsQuery(search)).toEqual({ success: true, data: query })
    }),
  )
})

test.each([
  'page=1.5',
  'page=1&page=2',
  'perPage=ten',
  'page=99999999999999999999',
  'order=newest',
  'order=asc&order=desc',
  'paymentStatus=paid',
  'paymentStatus=denied&paymentStatus=',
  'paymentCreationDate.gte=2026-11-22',
  'paymentCreationDate.lte=2026-11-22T00:00:00 09:00',
])('refuses ?%s', (search) => {
  expect(readPaymentsQuery(new URLSearchParams(search)).success).toBe(false)
})

test('drops what it does not know, and reads refunds alike', () => {
  expect(readPaymentsQuery(new URLSearchParams('x=1')).data).toEqual({})
  const search = new URLSearchParams('refundStatus=denied&page=-1&refundStatus=succeeded')
  expect(readRefundsQuery(search).data).toEqual({ page: -1, refundStatus: ['denied', 'succeeded'] })
})
