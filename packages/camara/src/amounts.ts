import {
  type Amount,
  type AmountOutcome,
  type Asset,
  formatAmount,
  MoneyError,
  parseAmount,
} from '@jeon/money'
import { z } from 'zod'

/** CAMARA amounts are JSON numbers in steps of 0.001 of the currency (`multipleOf: 0.001`). */
export const WIRE_PLACES = 3

/**
 * The largest amount that a JSON number carries exactly with three decimal places: fifteen significant digits survive
 * an IEEE 754 double, sixteen do not always.
 */
export const WIRE_AMOUNT_MAX = 999_999_999_999.999

/**
 * An amount as CAMARA writes it, into the asset's smallest unit. Decided on the shortest decimal text of the number,
 * so 0.35 has two places and not the sixteen of its binary fraction.
 *
 * @param wire - what JSON gave
 * @returns the amount, or `amount_malformed` (not a finite number), `amount_sign` (below zero),
 *   `amount_too_many_places` (finer than 0.001, or than the asset), `amount_out_of_range` (above
 *   {@link WIRE_AMOUNT_MAX})
 * @example
 * ```ts
 * amountFromWire(0.35, KRW) // { ok: true, amount: 350n }
 * amountFromWire(0.0005, USD) // { ok: false, code: 'amount_too_many_places' }
 * ```
 */
export function amountFromWire(wire: number, asset: Asset): AmountOutcome {
  if (!Number.isFinite(wire)) return { ok: false, code: 'amount_malformed' }
  if (Math.abs(wire) > WIRE_AMOUNT_MAX) return { ok: false, code: 'amount_out_of_range' }
  if (!hasPlaces(wire, WIRE_PLACES)) return { ok: false, code: 'amount_too_many_places' }
  return parseAmount(String(wire), asset)
}

/**
 * An amount as CAMARA writes it: exact, or not at all.
 *
 * @param amount - in the asset's smallest unit, not negative
 * @throws MoneyError `amount_sign`, `amount_too_many_places` (finer than 0.001), `amount_out_of_range`; check with
 *   {@link isWireAmount} where an amount may be finer
 * @example
 * ```ts
 * amountToWire(300n, KRW) // 0.3
 * ```
 */
export function amountToWire(amount: Amount, asset: Asset): number {
  const refusal = wireRefusal(amount, asset)
  if (refusal === undefined) return Number(formatAmount(amount, asset))
  throw new MoneyError(refusal, `${formatAmount(amount, asset)} ${asset.code} as a CAMARA number`)
}

/** Whether {@link amountToWire} can write this amount exactly. */
export function isWireAmount(amount: Amount, asset: Asset): boolean {
  return wireRefusal(amount, asset) === undefined
}

/** An amount to be charged: a JSON number, at least 0.001, in steps of 0.001. */
export const wireAmount = z
  .number()
  .min(0.001)
  .max(WIRE_AMOUNT_MAX)
  .refine((wire) => hasPlaces(wire, WIRE_PLACES), 'at most 3 decimal places')

/** An amount that may be nothing: tax, or what is left to refund. */
export const wireAmountOrZero = z
  .number()
  .min(0)
  .max(WIRE_AMOUNT_MAX)
  .refine((wire) => hasPlaces(wire, WIRE_PLACES), 'at most 3 decimal places')

/** A percentage in steps of 0.01. */
export const wirePercent = z.number().refine((wire) => hasPlaces(wire, 2), 'at most 2 places')

/** Whether the shortest decimal text of a number has at most so many places; no float division is asked. */
function hasPlaces(wire: number, places: number): boolean {
  const [, fraction = '', exponent] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(wire)) ?? []
  if (exponent === undefined) return fraction.length <= places
  // From 1e21 on JavaScript writes exponents, and then there are no places; below 1e-6 there are at least seven.
  return exponent.startsWith('+')
}

type Refusal = 'amount_sign' | 'amount_too_many_places' | 'amount_out_of_range'

function wireRefusal(amount: Amount, asset: Asset): Refusal | undefined {
  if (amount < 0n) return 'amount_sign'
  const step = 10n ** BigInt(Math.max(asset.scale - WIRE_PLACES, 0))
  if (amount % step !== 0n) return 'amount_too_many_places'
  const max = BigInt(Math.round(WIRE_AMOUNT_MAX * 1_000))
  const thousandths = (amount * 10n ** BigInt(WIRE_PLACES)) / 10n ** BigInt(asset.scale)
  return thousandths > max ? 'amount_out_of_range' : undefined
}
