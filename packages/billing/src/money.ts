/** A profile's amounts as bigints, in smallest units of its currency's asset (`KRW/3`: thousandths of a won). */
import { type Asset, amountFrom, divide, findAsset } from '@jeon/money'
import { invariant } from './invariant.ts'
import type { Ceiling, DecimalText, MarketProfile, PercentText, SurchargeRules } from './model.ts'

/** A {@link Ceiling} in smallest units. A missing number does not limit. */
export interface MinorCeiling {
  readonly transaction?: bigint
  readonly day?: bigint
  readonly month?: bigint
}

/** What a percentage is rounded to: down favours who pays, `half_up` nobody. */
export type PercentRounding = SurchargeRules['rounding']

type InCurrency = Pick<MarketProfile, 'currency'>
type InSteps = Pick<MarketProfile, 'currency' | 'amountStep'>

/** The asset of a currency in which a market may bill, or undefined. */
export function findCurrency(code: string): Asset | undefined {
  return findAsset(code)
}

/** The asset in which a market bills. Throws RangeError for a currency that has no asset. */
export function assetOfProfile(profile: InCurrency): Asset {
  const asset = findCurrency(profile.currency)
  if (asset === undefined) throw new RangeError(`no asset for the currency ${profile.currency}`)
  return asset
}

/** An amount of the profile, such as `'300000'`. Throws MoneyError for text that is no amount of the currency. */
export function minorOf(profile: InCurrency, text: DecimalText): bigint {
  return amountFrom(text, assetOfProfile(profile))
}

/** A ceiling of the profile in smallest units. */
export function ceilingOf(profile: InCurrency, ceiling: Ceiling): MinorCeiling {
  const { transaction, day, month } = ceiling
  return {
    ...(transaction === undefined ? {} : { transaction: minorOf(profile, transaction) }),
    ...(day === undefined ? {} : { day: minorOf(profile, day) }),
    ...(month === undefined ? {} : { month: minorOf(profile, month) }),
  }
}

/** The least of each number: what all ceilings together allow. Without ceilings nothing is limited. */
export function minCeiling(...ceilings: readonly MinorCeiling[]): MinorCeiling {
  const transaction = least(ceilings.map((ceiling) => ceiling.transaction))
  const day = least(ceilings.map((ceiling) => ceiling.day))
  const month = least(ceilings.map((ceiling) => ceiling.month))
  return {
    ...(transaction === undefined ? {} : { transaction }),
    ...(day === undefined ? {} : { day }),
    ...(month === undefined ? {} : { month }),
  }
}

/** The lesser of two amounts. */
export function lesser(one: bigint, other: bigint): bigint {
  if (one < other) return one
  return other
}

/**
 * A percentage of an amount, rounded to the smallest unit. Throws RangeError for text that is no percentage.
 *
 * @example
 * ```ts
 * percentOf(10_000n, '3.0', 'down') // 300n
 * ```
 */
export function percentOf(amount: bigint, percent: PercentText, rounding: PercentRounding): bigint {
  return percentInSteps(amount, percent, rounding, 1n)
}

/** A percentage of an amount, rounded once, to the step in which the market charges. */
export function percentOnStep(
  profile: InSteps,
  amount: bigint,
  percent: PercentText,
  rounding: PercentRounding,
): bigint {
  return percentInSteps(amount, percent, rounding, minorOf(profile, profile.amountStep))
}

/** Whether a carrier of the market can charge exactly this amount. */
export function isOnStep(profile: InSteps, amount: bigint): boolean {
  return amount % minorOf(profile, profile.amountStep) === 0n
}

/** Percent in units of 0.0001 %, exact: `'3.0'` is 30000n. Throws RangeError for text that is no percentage. */
export function percentUnits(percent: PercentText): bigint {
  const [, whole, places = ''] = PERCENT.exec(percent) ?? []
  if (whole === undefined) throw new RangeError(`no percentage: ${percent.slice(0, 20)}`)
  return BigInt(whole + places.padEnd(PERCENT_PLACES, '0'))
}

const PERCENT_PLACES = 4
const PERCENT = /^(0|[1-9][0-9]{0,2})(?:\.([0-9]{1,4}))?$/
const UNITS_IN_WHOLE = 100n * 10n ** BigInt(PERCENT_PLACES)

function percentInSteps(
  amount: bigint,
  percent: PercentText,
  rounding: PercentRounding,
  step: bigint,
): bigint {
  invariant(amount >= 0n, 'a percentage is taken of something')
  const mode = rounding === 'down' ? 'down' : 'half-up'
  return divide(amount * percentUnits(percent), UNITS_IN_WHOLE * step, mode).value * step
}

function least(amounts: readonly (bigint | undefined)[]): bigint | undefined {
  return amounts.reduce((best, amount) => {
    if (best === undefined || amount === undefined) return best ?? amount
    return lesser(amount, best)
  }, undefined)
}
