import { type Amount, formatAmount } from './amount.ts'
import { type Asset, findAsset } from './asset.ts'
import { invariant } from './invariant.ts'

export interface DisplayOptions {
  /**
   * How the asset is shown: by its symbol (`₩0.3`), or by its name (`0.3원`, `0.3 South Korean won`).
   * (Default: `'symbol'`.)
   */
  readonly style?: 'symbol' | 'name'
}

/**
 * An amount for people to read, in their language: every digit that matters and no others. An amount that is not zero
 * never shows as zero, however small, and none is rounded, however large.
 *
 * Decimals follow the currency's habit (two for dollars and euros, none for won and yen) and go on for as long as the
 * amount needs. Grouping, digits, signs and symbols are the locale's, from `Intl`: a Korean page says `US$0.002` where an
 * English one says `$0.002`, because there the plain sign would be ambiguous. Names are `Intl`'s too, except in Korean,
 * where `Intl` says `0.3 대한민국 원` and people say `0.3원`. A credit is its code after the number in both styles.
 *
 * Needs `Intl.NumberFormat` v3 (Node 20, Chrome 106, Safari 15.4, Firefox 116).
 *
 * @param amount - in the asset's smallest unit, of any size and sign
 * @param locale - a BCP 47 tag such as `ko` or `en-US`
 * @throws RangeError when `locale` is not a well-formed tag; a well-formed tag that is not known falls back as `Intl` does
 * @example
 * ```ts
 * displayAmount(300n, KRW, 'ko') // '₩0.3'
 * displayAmount(300n, KRW, 'ko', { style: 'name' }) // '0.3원'
 * displayAmount(1_500_000n, USD, 'en') // '$1.50'
 * displayAmount(2_000n, USD, 'en') // '$0.002'
 * displayAmount(12n, GEM, 'en') // '12 GEM'
 * ```
 */
export function displayAmount(
  amount: Amount,
  asset: Asset,
  locale: string,
  options?: DisplayOptions,
): string {
  const decimal = formatAmount(amount, asset)
  // Intl reads a decimal string exactly; a number would lose digits beyond 2^53.
  invariant(isDecimal(decimal), 'formatAmount writes decimals')
  const form = formFor(asset, locale, options?.style ?? 'symbol')
  if (form.unit === undefined) return form.format.format(decimal)
  const number = form.format
    .formatToParts(decimal)
    .filter((part) => part.type !== 'currency' && part.type !== 'literal')
    .map((part) => part.value)
    .join('')
  return number + form.unit
}

/** An `Intl` format, and the unit to write after the number where that is not `Intl`'s to choose. */
interface Form {
  readonly format: Intl.NumberFormat
  readonly unit: string | undefined
}

const koreanNames: ReadonlyMap<string, string> = new Map([
  ['KRW', '원'],
  ['JPY', '엔'],
  ['USD', '달러'],
  ['EUR', '유로'],
  ['GBP', '파운드'],
])

// Building an Intl.NumberFormat takes longer than hundreds of formats. Locales may come from request headers, so what is
// kept is bounded.
const formsKept = 256
const forms = new Map<string, Form>()

function formFor(asset: Asset, locale: string, style: 'symbol' | 'name'): Form {
  const key = `${locale} ${style} ${asset.code} ${asset.scale}`
  const kept = forms.get(key)
  if (kept !== undefined) return kept
  const form = createForm(asset, locale, style)
  if (forms.size >= formsKept) forms.clear()
  forms.set(key, form)
  return form
}

function createForm(asset: Asset, locale: string, style: 'symbol' | 'name'): Form {
  // Of Intl's digit options only the maximum is given: the minimum stays the currency's habit.
  const maximumFractionDigits = asset.scale
  if (findAsset(asset.code) === undefined) {
    return {
      format: new Intl.NumberFormat(locale, { maximumFractionDigits }),
      unit: ` ${asset.code}`,
    }
  }
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: asset.code,
    currencyDisplay: style,
    maximumFractionDigits,
  })
  const inKorean = style === 'name' && new Intl.Locale(locale).language === 'ko'
  return { format, unit: inKorean ? koreanNames.get(asset.code) : undefined }
}

function isDecimal(text: string): text is `${number}` {
  return /^-?[0-9]+(\.[0-9]+)?$/.test(text)
}
