import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addAllChecked,
  addChecked,
  INT64_MAX,
  INT64_MIN,
  isInt64,
  multiplyChecked,
  subtractChecked,
} from './int64.ts'

const int64 = fc.bigInt({ min: INT64_MIN, max: INT64_MAX })
const outOfRange = { ok: false, code: 'amount_out_of_range' }

/** Int8 by the machine's own wrapping. */
const book = (exact: bigint) =>
  BigInt.asIntN(64, exact) === exact ? { ok: true, amount: exact } : outOfRange

test('the ends of int8', () => {
  expect(INT64_MAX).toBe(2n ** 63n - 1n)
  expect(INT64_MIN).toBe(-(2n ** 63n))
  expect([INT64_MIN - 1n, INT64_MIN, 0n, INT64_MAX, INT64_MAX + 1n].map(isInt64)).toEqual([
    false,
    true,
    true,
    true,
    false,
  ])
})

test('arithmetic is exact or refused', () => {
  fc.assert(
    fc.property(int64, int64, fc.bigInt({ min: -8n, max: 8n }), (one, other, quantity) => {
      expect(addChecked(one, other)).toEqual(book(one + other))
      expect(subtractChecked(one, other)).toEqual(book(one - other))
      expect(multiplyChecked(one, quantity)).toEqual(book(one * quantity))
    }),
    { numRuns: 1_000 },
  )
})

test('arithmetic at the very ends', () => {
  expect(addChecked(INT64_MAX, 0n)).toEqual({ ok: true, amount: INT64_MAX })
  expect(addChecked(INT64_MAX, 1n)).toEqual(outOfRange)
  expect(subtractChecked(INT64_MIN, 1n)).toEqual(outOfRange)
  expect(subtractChecked(0n, INT64_MIN)).toEqual(outOfRange)
  expect(multiplyChecked(INT64_MIN, -1n)).toEqual(outOfRange)
})

test('of many amounts only the total has to fit', () => {
  expect(addAllChecked([])).toEqual({ ok: true, amount: 0n })
  expect(addAllChecked([INT64_MAX, 1n, -1n])).toEqual({ ok: true, amount: INT64_MAX })
  expect(addAllChecked([INT64_MAX, 1n])).toEqual(outOfRange)
  expect(addAllChecked(new Set([1n, 2n]))).toEqual({ ok: true, amount: 3n })
})
