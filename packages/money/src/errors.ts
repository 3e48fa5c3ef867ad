import type { WeightsCode } from './allocate.ts'
import type { AmountCode } from './amount.ts'
import type { AssetCode } from './asset.ts'
import type { RoundingCode } from './rounding.ts'
import type { WireCode } from './wire.ts'

/**
 * Every stable code this package can report, in an outcome or on a {@link MoneyError}. Codes are never renamed; each
 * is described where it is declared.
 */
export type MoneyCode = AmountCode | AssetCode | RoundingCode | WeightsCode | WireCode

/** An expected refusal as a plain value: `ok` is the tag, `code` says why. */
export interface Failure<Code extends MoneyCode> {
  readonly ok: false
  readonly code: Code
}

/**
 * A mistake in the program, not in its input: a literal that does not parse, a rounding step of zero. Input from
 * outside is refused with an outcome instead, and never throws.
 *
 * @example
 * ```ts
 * try {
 *   amountFrom('0.0003', KRW)
 * } catch (error) {
 *   error instanceof MoneyError && error.code // 'amount_too_many_places'
 * }
 * ```
 */
export class MoneyError extends Error {
  override readonly name = 'MoneyError'
  readonly code: MoneyCode

  constructor(code: MoneyCode, detail: string) {
    super(`${code}: ${detail}`)
    this.code = code
  }
}
