import type { Amount } from './amount.ts'
import type { Failure } from './errors.ts'

/** The largest amount storage can hold (int8): 9,223,372,036,854,775,807 smallest units. */
export const INT64_MAX = 9_223_372_036_854_775_807n
/** The smallest amount storage can hold (int8): -9,223,372,036,854,775,808 smallest units. */
export const INT64_MIN = -9_223_372_036_854_775_808n

/** What checked arithmetic answers: the exact amount, or `amount_out_of_range` when int8 cannot hold it. */
export type CheckedOutcome =
  | { readonly ok: true; readonly amount: Amount }
  | Failure<'amount_out_of_range'>

/** Whether a bigint fits int8, and so may be stored as an amount. */
export function isInt64(candidate: bigint): boolean {
  return candidate >= INT64_MIN && candidate <= INT64_MAX
}

/**
 * Adds two amounts of one asset.
 *
 * @example
 * ```ts
 * addChecked(300n, 150n) // { ok: true, amount: 450n }
 * addChecked(INT64_MAX, 1n) // { ok: false, code: 'amount_out_of_range' }
 * ```
 */
export function addChecked(one: Amount, other: Amount): CheckedOutcome {
  return checked(one + other)
}

/**
 * Takes one amount from another of the same asset. The outcome may be negative; what an account may hold is the
 * ledger's decision.
 *
 * @example
 * ```ts
 * subtractChecked(300n, 1_000n) // { ok: true, amount: -700n }
 * ```
 */
export function subtractChecked(from: Amount, taken: Amount): CheckedOutcome {
  return checked(from - taken)
}

/**
 * An amount times a whole quantity: a price per unit times the units.
 *
 * @example
 * ```ts
 * multiplyChecked(300n, 12n) // 12 seconds at ₩0.3: { ok: true, amount: 3600n }
 * ```
 */
export function multiplyChecked(amount: Amount, quantity: bigint): CheckedOutcome {
  return checked(amount * quantity)
}

/**
 * Adds any number of amounts of one asset; of none, zero. Only the total must fit, so the order never matters.
 *
 * @example
 * ```ts
 * addAllChecked([INT64_MAX, 1n, -1n]) // { ok: true, amount: INT64_MAX }
 * ```
 */
export function addAllChecked(amounts: Iterable<Amount>): CheckedOutcome {
  let total = 0n
  for (const amount of amounts) total += amount
  return checked(total)
}

function checked(amount: bigint): CheckedOutcome {
  return isInt64(amount) ? { ok: true, amount } : outOfRange
}

const outOfRange: Failure<'amount_out_of_range'> = Object.freeze({
  ok: false,
  code: 'amount_out_of_range',
})
