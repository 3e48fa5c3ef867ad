import type { Amount } from './amount.ts'
import type { Failure } from './errors.ts'
import { invariant } from './invariant.ts'

/**
 * - `weights_empty`: nobody to give to
 * - `weights_negative`: a weight below zero
 * - `weights_all_zero`: weights, but none above zero
 */
export type WeightsCode = 'weights_empty' | 'weights_negative' | 'weights_all_zero'

/** What {@link allocate} answers: one share a weight, in the same order. */
export type AllocateOutcome =
  | { readonly ok: true; readonly shares: readonly Amount[] }
  | Failure<WeightsCode>

/**
 * Splits an amount in proportion to weights without losing or making a unit (largest remainder method, Hamilton
 * 1792). Every share is within one smallest unit of its exact proportion; units left over go to the largest
 * remainders, and between equal remainders to the earlier weight. A weight of zero gets nothing. A negative amount is
 * split like the positive one, with the sign turned.
 *
 * @param amount - what is split, in smallest units, of either sign
 * @param weights - proportions, none negative, at least one above zero
 * @returns shares that add up to `amount` exactly, or a code
 * @example
 * ```ts
 * allocate(100n, [1n, 1n, 1n]) // { ok: true, shares: [34n, 33n, 33n] }
 * allocate(-5n, [3n, 7n]) // { ok: true, shares: [-2n, -3n] }
 * ```
 */
export function allocate(amount: Amount, weights: readonly bigint[]): AllocateOutcome {
  if (weights.length === 0) return { ok: false, code: 'weights_empty' }
  if (weights.some((weight) => weight < 0n)) return { ok: false, code: 'weights_negative' }
  const whole = total(weights)
  if (whole === 0n) return { ok: false, code: 'weights_all_zero' }

  const size = amount < 0n ? -amount : amount
  const parts: Part[] = weights.map((weight, index) => ({
    index,
    remainder: (size * weight) % whole,
    share: (size * weight) / whole,
  }))
  const left = size - total(parts.map((part) => part.share))
  invariant(left >= 0n && left < BigInt(parts.length), 'fewer units left over than weights')
  const luckiest = parts.toSorted(byRemainderThenIndex).slice(0, Number(left))
  for (const part of luckiest) part.share += 1n

  const shares = parts.map((part) => (amount < 0n ? -part.share : part.share))
  invariant(total(shares) === amount, 'shares add up to the amount')
  return { ok: true, shares }
}

interface Part {
  readonly index: number
  readonly remainder: bigint
  share: Amount
}

function byRemainderThenIndex(one: Part, other: Part): number {
  if (one.remainder === other.remainder) return one.index - other.index
  return one.remainder > other.remainder ? -1 : 1
}

function total(terms: readonly bigint[]): bigint {
  return terms.reduce((running, term) => running + term, 0n)
}
