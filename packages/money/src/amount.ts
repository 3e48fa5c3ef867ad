import type { Asset } from './asset.ts'
import { type Failure, MoneyError } from './errors.ts'
import { isInt64 } from './int64.ts'

/**
 * An amount of money in the smallest unit of its asset: `300n` of `KRW/3` is ₩0.3. In memory a plain bigint; in
 * storage int8, see {@link isInt64}.
 */
export type Amount = bigint

/**
 * - `amount_not_string`: missing, or not a string; a JavaScript number is never money
 * - `amount_too_long`: more characters than {@link AMOUNT_TEXT_MAX}; refused unread
 * - `amount_malformed`: not a plain decimal: empty, white space, exponent, grouping, `.5`, `5.`, `007`, other digits
 *   than ASCII
 * - `amount_sign`: a leading `+`, a minus where amounts are unsigned, or minus zero
 * - `amount_too_many_places`: more decimal places than the asset's scale, zeros included
 * - `amount_out_of_range`: does not fit int8
 */
export type AmountCode =
  | 'amount_not_string'
  | 'amount_too_long'
  | 'amount_malformed'
  | 'amount_sign'
  | 'amount_too_many_places'
  | 'amount_out_of_range'

/** What {@link parseAmount} answers. */
export type AmountOutcome = { readonly ok: true; readonly amount: Amount } | Failure<AmountCode>

export interface ParseAmountOptions {
  /** Whether a leading minus is allowed. (Default: `'unsigned'`, so it is not.) */
  readonly sign?: 'unsigned' | 'signed'
}

/**
 * The longest text {@link parseAmount} looks into, in characters. The longest amount that can be valid has 21;
 * between the two a refusal still says exactly what is wrong.
 */
export const AMOUNT_TEXT_MAX = 64

/**
 * Reads an exact decimal string. Nothing is rounded, trimmed or guessed, and no input throws.
 *
 * The grammar is `-?(0|[1-9][0-9]*)(\.[0-9]+)?`. When several things are wrong the first code in the order of
 * {@link AmountCode} is reported.
 *
 * @param text - whatever came from outside
 * @param asset - decides how many places are allowed, and the unit of the outcome
 * @returns the amount in the asset's smallest unit, or a code
 * @example
 * ```ts
 * parseAmount('0.3', KRW) // { ok: true, amount: 300n }
 * parseAmount('0.0003', KRW) // { ok: false, code: 'amount_too_many_places' }
 * parseAmount('-1.25', USD, { sign: 'signed' }) // { ok: true, amount: -1250000n }
 * ```
 */
export function parseAmount(
  text: unknown,
  asset: Asset,
  options?: ParseAmountOptions,
): AmountOutcome {
  if (typeof text !== 'string') return refusals.notString
  if (text.length > AMOUNT_TEXT_MAX) return refusals.tooLong

  const lead = text.charCodeAt(0)
  const start = lead === minus || lead === plus ? 1 : 0
  const point = decimalPoint(text, start)
  if (point === malformed) return refusals.malformed
  if (lead === plus) return refusals.sign
  if (lead === minus && options?.sign !== 'signed') return refusals.sign

  const places = Math.max(text.length - point - 1, 0)
  const digits = places === 0 ? text : text.slice(0, point) + text.slice(point + 1)
  const amount = BigInt(places < asset.scale ? digits + '0'.repeat(asset.scale - places) : digits)
  if (lead === minus && amount === 0n) return refusals.sign
  if (places > asset.scale) return refusals.tooManyPlaces
  if (!isInt64(amount)) return refusals.outOfRange
  return { ok: true, amount }
}

/**
 * The amount of a literal written in code or in a test; a leading minus is allowed.
 *
 * @throws {@link MoneyError} with an {@link AmountCode} when the literal is wrong
 * @example
 * ```ts
 * const price = amountFrom('0.3', KRW) // 300n
 * ```
 */
export function amountFrom(text: string, asset: Asset): Amount {
  const outcome = parseAmount(text, asset, { sign: 'signed' })
  if (outcome.ok) return outcome.amount
  throw new MoneyError(
    outcome.code,
    `'${String(text).slice(0, 40)}' as ${asset.code}/${asset.scale}`,
  )
}

/**
 * The canonical, shortest decimal string: no exponent, no grouping, no trailing zeros, no minus zero. For amounts that
 * fit int8, {@link parseAmount} reads back exactly what was written. For people, see {@link displayAmount}.
 *
 * @param amount - in the asset's smallest unit
 * @example
 * ```ts
 * formatAmount(300n, KRW) // '0.3'
 * formatAmount(150_000n, KRW) // '150'
 * formatAmount(-1_250_000n, USD) // '-1.25'
 * ```
 */
export function formatAmount(amount: Amount, asset: Asset): string {
  if (asset.scale === 0) return amount.toString()
  const sign = amount < 0n ? '-' : ''
  const digits = (amount < 0n ? -amount : amount).toString().padStart(asset.scale + 1, '0')
  const point = digits.length - asset.scale
  let end = digits.length
  while (end > point && digits.charCodeAt(end - 1) === zero) end -= 1
  const whole = sign + digits.slice(0, point)
  return end === point ? whole : `${whole}.${digits.slice(point, end)}`
}

/** Where the decimal point is, the text's length when there is none, or {@link malformed}. */
function decimalPoint(text: string, start: number): number {
  let point = text.length
  for (let index = start; index < text.length; index += 1) {
    const character = text.charCodeAt(index)
    if (character >= zero && character <= nine) continue
    if (character !== dot || point < text.length) return malformed
    point = index
  }
  const wholeDigits = point - start
  if (wholeDigits === 0) return malformed
  if (wholeDigits > 1 && text.charCodeAt(start) === zero) return malformed
  if (point === text.length - 1) return malformed
  return point
}

const malformed = -1
const zero = 48
const nine = 57
const dot = 46
const minus = 45
const plus = 43

const refusals = {
  notString: refusal('amount_not_string'),
  tooLong: refusal('amount_too_long'),
  malformed: refusal('amount_malformed'),
  sign: refusal('amount_sign'),
  tooManyPlaces: refusal('amount_too_many_places'),
  outOfRange: refusal('amount_out_of_range'),
}

function refusal(code: AmountCode): Failure<AmountCode> {
  return Object.freeze({ ok: false, code })
}
