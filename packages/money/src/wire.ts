import {
  type Amount,
  type AmountCode,
  formatAmount,
  type ParseAmountOptions,
  parseAmount,
} from './amount.ts'
import { type Asset, findAsset } from './asset.ts'
import type { Failure } from './errors.ts'

/** An amount together with the asset it is counted in. */
export interface Money {
  /** In the asset's smallest unit. */
  readonly amount: Amount
  readonly asset: Asset
}

/** The JSON form: a decimal string in whole units, and the asset's code. */
export interface MoneyJson {
  readonly amount: string
  readonly currency: string
}

/**
 * - `money_not_object`: not a JSON object
 * - `currency_not_string`: `currency` is missing or not a string
 * - `currency_unknown`: neither a built-in code nor one of the credits that were passed in
 */
export type WireCode = 'money_not_object' | 'currency_not_string' | 'currency_unknown'

/** What {@link moneyFromJson} answers. */
export type MoneyOutcome =
  | { readonly ok: true; readonly money: Money }
  | Failure<AmountCode | WireCode>

export interface MoneyFromJsonOptions extends ParseAmountOptions {
  /** Credits that are known besides the built-in assets, by code. (Default: none.) */
  readonly credits?: ReadonlyMap<string, Asset>
}

/**
 * Writes money the way it goes over the wire.
 *
 * @example
 * ```ts
 * moneyToJson({ amount: 300n, asset: KRW }) // { amount: '0.3', currency: 'KRW' }
 * ```
 */
export function moneyToJson(money: Money): MoneyJson {
  return { amount: formatAmount(money.amount, money.asset), currency: money.asset.code }
}

/**
 * Reads money off a parsed JSON body. Other fields are left alone, so it may be a larger body.
 *
 * @param json - whatever came from outside; nothing throws
 * @returns the money, or a code: `money_…` for the whole, `currency_…` for that field, else an {@link AmountCode}
 * @example
 * ```ts
 * moneyFromJson({ amount: '0.3', currency: 'KRW' }) // { ok: true, money: { amount: 300n, asset: KRW } }
 * moneyFromJson({ amount: 0.3, currency: 'KRW' }) // { ok: false, code: 'amount_not_string' }
 * ```
 */
export function moneyFromJson(json: unknown, options?: MoneyFromJsonOptions): MoneyOutcome {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { ok: false, code: 'money_not_object' }
  }
  const currency = 'currency' in json ? json.currency : undefined
  if (typeof currency !== 'string') return { ok: false, code: 'currency_not_string' }
  const asset = findAsset(currency, options?.credits)
  if (asset === undefined) return { ok: false, code: 'currency_unknown' }
  const parsed = parseAmount('amount' in json ? json.amount : undefined, asset, options)
  return parsed.ok ? { ok: true, money: { amount: parsed.amount, asset } } : parsed
}
