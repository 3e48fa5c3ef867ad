import type { Amount } from './amount.ts'
import { MoneyError } from './errors.ts'
import { invariant } from './invariant.ts'

/**
 * The named ways to round. There is no default: whoever rounds says how.
 *
 * | mode | to | 2.5 | -2.5 | 1.1 | -1.1 |
 * |---|---|---|---|---|---|
 * | `up` | away from zero | 3 | -3 | 2 | -2 |
 * | `down` | towards zero | 2 | -2 | 1 | -1 |
 * | `ceiling` | the greater | 3 | -2 | 2 | -1 |
 * | `floor` | the lesser | 2 | -3 | 1 | -2 |
 * | `half-up` | the nearest, halves away from zero | 3 | -3 | 1 | -1 |
 * | `half-down` | the nearest, halves towards zero | 2 | -2 | 1 | -1 |
 * | `half-even` | the nearest, halves to the even neighbour | 2 | -2 | 1 | -1 |
 */
export type RoundingMode = (typeof roundingModes)[number]

/** All {@link RoundingMode}s, for schemas and forms. */
export const roundingModes = [
  'up',
  'down',
  'ceiling',
  'floor',
  'half-up',
  'half-down',
  'half-even',
] as const

/**
 * - `rounding_step_not_positive`: a step of zero or less
 * - `rounding_denominator_not_positive`: a denominator of zero or less
 * - `rounding_mode_unknown`: not one of {@link roundingModes}; only reachable from code the compiler did not check
 */
export type RoundingCode =
  | 'rounding_step_not_positive'
  | 'rounding_denominator_not_positive'
  | 'rounding_mode_unknown'

/** An amount on a step, and what rounding took away: `value + remainder` is the amount that was given. */
export interface Rounded {
  readonly value: Amount
  /** In smallest units; negative where the value is above the amount. */
  readonly remainder: Amount
}

/** A whole quotient and what is left: `value * denominator + remainder` is the numerator that was given. */
export interface Divided {
  readonly value: bigint
  /** In units of the numerator; negative where the value is above the exact quotient. */
  readonly remainder: bigint
}

/** An exact ratio: 3.3 % is `{ numerator: 33n, denominator: 1_000n }`. */
export interface Rate {
  readonly numerator: bigint
  /** Above zero. */
  readonly denominator: bigint
}

/**
 * Rounds an amount to a multiple of a step. The remainder is the caller's to keep: nothing is lost.
 *
 * @param amount - in smallest units
 * @param toStep - in smallest units, above zero: `10_000n` of `KRW/3` is ten won
 * @param mode - how
 * @returns a value that is a multiple of `toStep`. It may leave int8 where the amount is within one step of its end;
 *   storage refuses it then
 * @throws {@link MoneyError} `rounding_step_not_positive`, `rounding_mode_unknown`
 * @example
 * ```ts
 * round(1_234_567n, 10_000n, 'down') // ₩1,234.567 to ten won: { value: 1230000n, remainder: 4567n }
 * round(-25n, 10n, 'half-even') // { value: -20n, remainder: -5n }
 * ```
 */
export function round(amount: Amount, toStep: bigint, mode: RoundingMode): Rounded {
  if (toStep <= 0n) throw new MoneyError('rounding_step_not_positive', `step ${toStep}`)
  const { value: steps, remainder } = divide(amount, toStep, mode)
  return { value: steps * toStep, remainder }
}

/**
 * Divides to a whole quotient.
 *
 * @param denominator - above zero
 * @returns quotient and remainder; the remainder is always smaller than the denominator
 * @throws {@link MoneyError} `rounding_denominator_not_positive`, `rounding_mode_unknown`
 * @example
 * ```ts
 * divide(7n, 2n, 'half-even') // { value: 4n, remainder: -1n }
 * ```
 */
export function divide(numerator: bigint, denominator: bigint, mode: RoundingMode): Divided {
  if (denominator <= 0n) {
    throw new MoneyError('rounding_denominator_not_positive', `denominator ${denominator}`)
  }
  const truncated = numerator / denominator
  const rest = numerator % denominator
  const away = rest < 0n ? -1n : 1n
  const value = movesAway(truncated, rest, denominator, mode) ? truncated + away : truncated
  const remainder = numerator - value * denominator
  invariant(remainder < denominator && -remainder < denominator, 'the remainder is under one step')
  return { value, remainder }
}

/**
 * A share of an amount, such as a fee, rounded to a whole smallest unit.
 *
 * @param amount - in smallest units
 * @param rate - any exact ratio; a negative one is a rebate
 * @param mode - how
 * @returns the fee as `value`, in smallest units; `remainder` is what rounding took from it, in smallest units divided
 *   by `rate.denominator`, so that `value * denominator + remainder` is `amount * numerator`
 * @throws {@link MoneyError} `rounding_denominator_not_positive`, `rounding_mode_unknown`
 * @example
 * ```ts
 * // 3.3 % of ₩0.3 is ₩0.0099, which is 9.9 thousandths of a won
 * applyRate(300n, { numerator: 33n, denominator: 1_000n }, 'half-up') // { value: 10n, remainder: -100n }
 * ```
 */
export function applyRate(amount: Amount, rate: Rate, mode: RoundingMode): Divided {
  return divide(amount * rate.numerator, rate.denominator, mode)
}

/** Whether a quotient that was cut towards zero has to move one away from zero. */
function movesAway(
  truncated: bigint,
  rest: bigint,
  denominator: bigint,
  mode: RoundingMode,
): boolean {
  const twice = 2n * (rest < 0n ? -rest : rest)
  switch (mode) {
    case 'up':
      return rest !== 0n
    case 'down':
      return false
    case 'ceiling':
      return rest > 0n
    case 'floor':
      return rest < 0n
    case 'half-up':
      return twice >= denominator
    case 'half-down':
      return twice > denominator
    case 'half-even':
      return twice > denominator || (twice === denominator && truncated % 2n !== 0n)
    default:
      return unknownMode(mode)
  }
}

function unknownMode(mode: never): never {
  throw new MoneyError('rounding_mode_unknown', String(mode))
}
