import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate } from './allocate.ts'
import { INT64_MAX, INT64_MIN } from './int64.ts'

const amounts = fc.oneof(
  fc.bigInt({ min: INT64_MIN, max: INT64_MAX }),
  fc.bigInt({ min: -50n, max: 50n }),
)
const someWeights = fc
  .array(fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: INT64_MAX })), {
    minLength: 1,
    maxLength: 12,
  })
  .filter((weights) => weights.some((weight) => weight > 0n))

function sharesOf(amount: bigint, weights: readonly bigint[]): readonly bigint[] {
  const outcome = allocate(amount, weights)
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.shares
}

const total = (terms: readonly bigint[]) => terms.reduce((running, term) => running + term, 0n)
const size = (amount: bigint) => (amount < 0n ? -amount : amount)

test.each([
  [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
  [101n, [1n, 1n, 1n], [34n, 34n, 33n]],
  [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
  [5n, [3n, 7n], [2n, 3n]],
  [-5n, [3n, 7n], [-2n, -3n]],
  [10n, [1n, 5n, 6n], [1n, 4n, 5n]],
  [1n, [0n, 1n, 1n], [0n, 1n, 0n]],
  [2n, [1n, 1n, 1n], [1n, 1n, 0n]],
  [0n, [1n, 2n], [0n, 0n]],
  [7n, [4n], [7n]],
  [INT64_MAX, [1n, 1n], [4_611_686_018_427_387_904n, 4_611_686_018_427_387_903n]],
])('%d by %o gives %o', (amount, weights, shares) => {
  expect(allocate(amount, weights)).toEqual({ ok: true, shares })
})

test('refuses weights that share nothing', () => {
  expect(allocate(5n, [])).toEqual({ ok: false, code: 'weights_empty' })
  expect(allocate(5n, [0n, 0n])).toEqual({ ok: false, code: 'weights_all_zero' })
  expect(allocate(5n, [2n, -1n])).toEqual({ ok: false, code: 'weights_negative' })
  expect(allocate(5n, [-1n, 1n])).toEqual({ ok: false, code: 'weights_negative' })
})

test('shares add up, and each is within a unit of its exact proportion', () => {
  fc.assert(
    fc.property(amounts, someWeights, (amount, weights) => {
      const shares = sharesOf(amount, weights)
      const whole = total(weights)
      expect(total(shares)).toBe(amount)
      expect(shares).toHaveLength(weights.length)
      shares.forEach((share, index) => {
        const weight = weights[index] ?? -1n
        expect(size(share * whole - amount * weight) < whole).toBe(true)
        if (weight === 0n) expect(share).toBe(0n)
      })
    }),
    { numRuns: 1_000 },
  )
})

test('a unit left over goes to a larger remainder, and between equals to the earlier weight', () => {
  fc.assert(
    fc.property(amounts, someWeights, (amount, weights) => {
      const whole = total(weights)
      const rows = sharesOf(amount, weights).map((share, index) => {
        const exact = size(amount) * (weights[index] ?? -1n)
        return { lucky: size(share) > exact / whole, remainder: exact % whole, index }
      })
      for (const winner of rows.filter((row) => row.lucky)) {
        for (const loser of rows.filter((row) => !row.lucky)) {
          const deserved =
            winner.remainder > loser.remainder ||
            (winner.remainder === loser.remainder && winner.index < loser.index)
          expect(deserved).toBe(true)
        }
      }
    }),
    { numRuns: 1_000 },
  )
})

test('sign and common factors of the weights change nothing', () => {
  fc.assert(
    fc.property(
      amounts,
      someWeights,
      fc.bigInt({ min: 1n, max: 1_000n }),
      (amount, weights, by) => {
        const shares = sharesOf(amount, weights)
        expect(sharesOf(-amount, weights)).toEqual(shares.map((share) => -share))
        const scaled = weights.map((weight) => weight * by)
        expect(sharesOf(amount, scaled)).toEqual(shares)
      },
    ),
  )
})

test('the weights are left as they were', () => {
  const weights = Object.freeze([1n, 3n, 2n])
  expect(sharesOf(7n, weights)).toEqual([1n, 4n, 2n])
})
