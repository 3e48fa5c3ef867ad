import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAmount } from './amount.ts'
import { type Asset, defineCredit, EUR, GBP, JPY, KRW, USD } from './asset.ts'
import { displayAmount } from './display.ts'
import { INT64_MAX, INT64_MIN } from './int64.ts'

const GEM = defineCredit('GEM', 0)
const STAR = defineCredit('STAR8', 9)
const noBreak = '\u00a0'

describe('by symbol', () => {
  test.each<[bigint, Asset, string, string]>([
    [300n, KRW, 'ko', '₩0.3'],
    [1n, KRW, 'ko', '₩0.001'],
    [150_000n, KRW, 'ko', '₩150'],
    [1_234_567_000n, KRW, 'ko', '₩1,234,567'],
    [1_234_567_890n, KRW, 'ko-KR', '₩1,234,567.89'],
    [-300n, KRW, 'ko', '-₩0.3'],
    [0n, KRW, 'ko', '₩0'],
    [2_000n, USD, 'ko', 'US$0.002'],
    [300n, KRW, 'en', '₩0.3'],
    [2_000n, USD, 'en', '$0.002'],
    [1n, USD, 'en', '$0.000001'],
    [1_500_000n, USD, 'en', '$1.50'],
    [1_505_000n, USD, 'en', '$1.505'],
    [5_000_000n, USD, 'en', '$5.00'],
    [10_000n, USD, 'en-US', '$0.01'],
    [0n, USD, 'en', '$0.00'],
    [-1_250_000n, USD, 'en', '-$1.25'],
    [-2_000n, USD, 'en', '-$0.002'],
    [300n, JPY, 'en', '¥0.3'],
    [1_500_000n, JPY, 'ja', '￥1,500'],
    [1_234_500_000n, EUR, 'de', `1.234,50${noBreak}€`],
    [2_000n, EUR, 'en', '€0.002'],
    [12_500_000n, GBP, 'en', '£12.50'],
    [150_000n, KRW, 'ar-EG', `\u200f١٥٠${noBreak}₩`],
    [1_234_567_000n, KRW, 'hi', '₩12,34,567'],
  ])('%d of %o in %s is %s', (amount, asset, locale, text) => {
    expect(displayAmount(amount, asset, locale)).toBe(text)
    expect(displayAmount(amount, asset, locale, { style: 'symbol' })).toBe(text)
  })

  test('amounts beyond 2^53 keep every digit', () => {
    expect(displayAmount(INT64_MAX, KRW, 'ko')).toBe('₩9,223,372,036,854,775.807')
    expect(displayAmount(INT64_MIN, USD, 'en')).toBe('-$9,223,372,036,854.775808')
    expect(displayAmount(9_007_199_254_740_993n, GEM, 'en')).toBe('9,007,199,254,740,993 GEM')
    expect(displayAmount(10n ** 30n + 1n, KRW, 'en')).toBe(
      '₩1,000,000,000,000,000,000,000,000,000.001',
    )
  })
})

describe('by name', () => {
  test.each<[bigint, Asset, string, string]>([
    [300n, KRW, 'ko', '0.3원'],
    [150_000n, KRW, 'ko-KR', '150원'],
    [-1_234_567_000n, KRW, 'ko', '-1,234,567원'],
    [0n, KRW, 'ko', '0원'],
    [1_500_000n, JPY, 'ko', '1,500엔'],
    [2_000n, USD, 'ko', '0.002달러'],
    [1_500_000n, USD, 'ko', '1.50달러'],
    [1_500_000n, EUR, 'ko', '1.50유로'],
    [12_500_000n, GBP, 'ko', '12.50파운드'],
    [300n, KRW, 'en', '0.3 South Korean won'],
    [1_500_000n, USD, 'en', '1.50 US dollars'],
    [300n, JPY, 'ja', '0.3円'],
    [INT64_MAX, KRW, 'ko', '9,223,372,036,854,775.807원'],
  ])('%d of %o in %s is %s', (amount, asset, locale, text) => {
    expect(displayAmount(amount, asset, locale, { style: 'name' })).toBe(text)
  })
})

describe('credits', () => {
  test.each<[bigint, Asset, string, string]>([
    [12n, GEM, 'en', '12 GEM'],
    [12n, GEM, 'ko', '12 GEM'],
    [-1_234n, GEM, 'ko', '-1,234 GEM'],
    [0n, GEM, 'en', '0 GEM'],
    [1n, STAR, 'en', '0.000000001 STAR8'],
    [1_234_500_000_000n, STAR, 'de', '1.234,5 STAR8'],
  ])('%d of %o in %s is %s', (amount, asset, locale, text) => {
    expect(displayAmount(amount, asset, locale)).toBe(text)
    expect(displayAmount(amount, asset, locale, { style: 'name' })).toBe(text)
  })

  test('of one code but another scale are not mixed up', () => {
    expect(displayAmount(125n, defineCredit('COIN', 0), 'en')).toBe('125 COIN')
    expect(displayAmount(125n, defineCredit('COIN', 2), 'en')).toBe('1.25 COIN')
  })
})

test('a malformed locale throws, an unknown one does not', () => {
  expect(() => displayAmount(1n, KRW, 'not a locale')).toThrow(RangeError)
  expect(displayAmount(300n, KRW, 'xx')).toMatch(/0[.,]3/)
})

test('more locales than are kept are still right', () => {
  for (let region = 0; region < 600; region += 1) {
    expect(displayAmount(300n, KRW, `en-${String(region).padStart(3, '0')}`)).toMatch(/0[.,]3/)
  }
  expect(displayAmount(300n, KRW, 'ko')).toBe('₩0.3')
})

test('every digit can be recovered, so no amount but zero shows as zero', () => {
  const locales = ['ko', 'en', 'ja', 'de', 'de-CH', 'fr', 'es', 'sv', 'pt-PT', 'hi', 'ar-EG', 'fa']
  fc.assert(
    fc.property(
      fc.oneof(
        fc.bigInt({ min: INT64_MIN, max: INT64_MAX }),
        fc.bigInt({ min: -3_000n, max: 3_000n }),
      ),
      fc.constantFrom(KRW, JPY, USD, EUR, GEM, STAR),
      fc.constantFrom(...locales),
      fc.constantFrom('symbol', 'name'),
      (amount, asset, locale, style) => {
        const text = displayAmount(amount, asset, locale, { style })
        expect(recoverDecimal(text, asset, locale)).toBe(formatAmount(amount, asset))
      },
    ),
    { numRuns: 2_000 },
  )
})

/** The canonical decimal string that a displayed text shows, read with the locale's own digits and signs. */
function recoverDecimal(text: string, asset: Asset, locale: string): string {
  const digits = [...new Intl.NumberFormat(locale, { useGrouping: false }).format(9_876_543_210n)]
    .reverse()
    .join('')
  const point = new Intl.NumberFormat(locale)
    .formatToParts(1.5)
    .find((part) => part.type === 'decimal')?.value
  const bare = text.replace(asset.code, '')
  const first = [...bare].findIndex((character) => digits.includes(character))
  const negative = /[-−]/.test([...bare].slice(0, first).join(''))
  const decimal = [...bare]
    .map((character) => {
      if (digits.includes(character)) return String(digits.indexOf(character))
      return character === point ? '.' : ''
    })
    .join('')
  const shortest = decimal.includes('.') ? decimal.replace(/\.?0*$/, '') : decimal
  return (negative ? '-' : '') + shortest
}
