import { type Failure, MoneyError } from './errors.ts'

/**
 * A currency or credit with its scale: how many decimal places one whole unit divides into. `KRW/3` counts
 * thousandths of a won, so ₩1 is `1000n`. Plain frozen data; compare with {@link sameAsset}.
 */
export interface Asset {
  /** 3 to 12 upper-case ASCII letters and digits, a letter first. */
  readonly code: string
  /** Decimal places, 0 to 9. */
  readonly scale: number
}

/** The codes of the assets that are built in and that no credit may take. */
export type BuiltInCode = 'KRW' | 'JPY' | 'USD' | 'EUR' | 'GBP'

/**
 * - `asset_not_string`: not a string at all
 * - `asset_malformed`: not of the form `KRW/3`
 * - `asset_code_malformed`: a code outside the grammar of {@link Asset}
 * - `asset_code_reserved`: a built-in code with a scale that is not its own, or taken for a credit
 * - `asset_scale_out_of_range`: a scale that is not a whole number from 0 to 9
 */
export type AssetCode =
  | 'asset_not_string'
  | 'asset_malformed'
  | 'asset_code_malformed'
  | 'asset_code_reserved'
  | 'asset_scale_out_of_range'

/** What {@link parseAsset} answers. */
export type AssetOutcome = { readonly ok: true; readonly asset: Asset } | Failure<AssetCode>

/** Korean won in thousandths: ₩0.001 is `1n`. */
export const KRW: Asset = Object.freeze({ code: 'KRW', scale: 3 })
/** Japanese yen in thousandths: ¥0.001 is `1n`. */
export const JPY: Asset = Object.freeze({ code: 'JPY', scale: 3 })
/** US dollar in millionths: $0.000001 is `1n`. */
export const USD: Asset = Object.freeze({ code: 'USD', scale: 6 })
/** Euro in millionths: €0.000001 is `1n`. */
export const EUR: Asset = Object.freeze({ code: 'EUR', scale: 6 })
/** Pound sterling in millionths: £0.000001 is `1n`. */
export const GBP: Asset = Object.freeze({ code: 'GBP', scale: 6 })

/**
 * The built-in asset of a code that is known when the program is written. For a code from outside, see
 * {@link findAsset}.
 *
 * @example
 * ```ts
 * assetOf('KRW') // { code: 'KRW', scale: 3 }
 * ```
 */
export function assetOf(code: BuiltInCode): Asset {
  return builtInAssets[code]
}

/**
 * The asset of a code that comes from outside: a built-in one, else one of the credits passed in, else undefined. A
 * credit never stands in for a built-in asset.
 *
 * @param credits - the operator's credits, by code. (Default: none.)
 * @example
 * ```ts
 * findAsset('KRW') // { code: 'KRW', scale: 3 }
 * findAsset('GEM') // undefined
 * findAsset('GEM', new Map([['GEM', defineCredit('GEM', 0)]])) // { code: 'GEM', scale: 0 }
 * ```
 */
export function findAsset(code: string, credits?: ReadonlyMap<string, Asset>): Asset | undefined {
  return builtInsByCode.get(code) ?? credits?.get(code)
}

/**
 * Defines a credit of the operator's own: game gems, points, stars.
 *
 * @param code - 3 to 12 upper-case letters and digits, a letter first, not a built-in code
 * @param scale - decimal places, 0 to 9
 * @throws {@link MoneyError} `asset_code_malformed`, `asset_code_reserved`, `asset_scale_out_of_range`; text from
 *   outside goes through {@link parseAsset}, which does not throw
 * @example
 * ```ts
 * const GEM = defineCredit('GEM', 0)
 * formatAsset(GEM) // 'GEM/0'
 * ```
 */
export function defineCredit(code: string, scale: number): Asset {
  if (typeof code !== 'string' || !codeGrammar.test(code)) {
    throw new MoneyError('asset_code_malformed', '3 to 12 of A-Z and 0-9, a letter first')
  }
  if (builtInsByCode.has(code)) throw new MoneyError('asset_code_reserved', `${code} is built in`)
  if (!Number.isInteger(scale) || scale < 0 || scale > scaleMax) {
    throw new MoneyError('asset_scale_out_of_range', `${code} needs a scale from 0 to ${scaleMax}`)
  }
  return Object.freeze({ code, scale })
}

/**
 * Reads an asset's text form. A built-in code must carry its own scale; any other code is a credit.
 *
 * @returns the asset (for a built-in, always the same object), or `asset_not_string`, `asset_malformed`,
 *   `asset_code_reserved`
 * @example
 * ```ts
 * parseAsset('KRW/3') // { ok: true, asset: KRW }
 * parseAsset('KRW/2') // { ok: false, code: 'asset_code_reserved' }
 * ```
 */
export function parseAsset(text: unknown): AssetOutcome {
  if (typeof text !== 'string') return { ok: false, code: 'asset_not_string' }
  const [, code, digit] = textGrammar.exec(text) ?? []
  if (code === undefined || digit === undefined) return { ok: false, code: 'asset_malformed' }
  const scale = digit.charCodeAt(0) - digitZero
  const builtIn = builtInsByCode.get(code)
  if (builtIn === undefined) return { ok: true, asset: defineCredit(code, scale) }
  if (builtIn.scale !== scale) return { ok: false, code: 'asset_code_reserved' }
  return { ok: true, asset: builtIn }
}

/**
 * An asset's text form, which {@link parseAsset} reads back.
 *
 * @example
 * ```ts
 * formatAsset(USD) // 'USD/6'
 * ```
 */
export function formatAsset(asset: Asset): string {
  return `${asset.code}/${asset.scale}`
}

/** Whether two assets are the same: equal code and equal scale. */
export function sameAsset(one: Asset, other: Asset): boolean {
  return one.code === other.code && one.scale === other.scale
}

const scaleMax = 9
const digitZero = 48
const codeGrammar = /^[A-Z][A-Z0-9]{2,11}$/
const textGrammar = /^([A-Z][A-Z0-9]{2,11})\/([0-9])$/
const builtInAssets: Readonly<Record<BuiltInCode, Asset>> = {
  KRW,
  JPY,
  USD,
  EUR,
  GBP,
}
const builtInsByCode: ReadonlyMap<string, Asset> = new Map(Object.entries(builtInAssets))
