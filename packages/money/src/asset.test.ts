import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  assetOf,
  defineCredit,
  EUR,
  findAsset,
  formatAsset,
  GBP,
  JPY,
  KRW,
  parseAsset,
  sameAsset,
  USD,
} from './asset.ts'
import { MoneyError } from './errors.ts'

test('built-in assets carry the scales that stored amounts rely on', () => {
  expect([KRW, JPY, USD, EUR, GBP].map(formatAsset)).toEqual([
    ...['KRW/3', 'JPY/3', 'USD/6', 'EUR/6', 'GBP/6'],
  ])
  expect([assetOf('KRW'), assetOf('JPY'), assetOf('USD'), assetOf('EUR')]).toEqual([
    KRW,
    JPY,
    USD,
    EUR,
  ])
})

test('an asset cannot be changed', () => {
  expect(Object.isFrozen(KRW)).toBe(true)
  expect(Object.isFrozen(defineCredit('GEM', 0))).toBe(true)
})

test('findAsset knows built-ins and the credits it is given, and no property of objects', () => {
  const gem = defineCredit('GEM', 0)
  const credits = new Map([['GEM', gem]])
  expect(findAsset('KRW')).toBe(KRW)
  expect(findAsset('GEM')).toBeUndefined()
  expect(findAsset('GEM', credits)).toBe(gem)
  for (const code of ['constructor', '__proto__', 'toString', 'krw', '']) {
    expect(findAsset(code, credits)).toBeUndefined()
  }
})

test('a credit never stands in for a built-in asset', () => {
  expect(findAsset('KRW', new Map([['KRW', { code: 'KRW', scale: 0 }]]))).toBe(KRW)
})

test.each([
  ['GEM', 0],
  ['G3M', 9],
  ['ABCDEFGHIJKL', 2],
])('defineCredit(%s, %i) is an asset', (code, scale) => {
  expect(defineCredit(code, scale)).toEqual({ code, scale })
})

test.each([
  ['GE', 0, 'asset_code_malformed'],
  ['ABCDEFGHIJKLM', 0, 'asset_code_malformed'],
  ['gem', 0, 'asset_code_malformed'],
  ['3GM', 0, 'asset_code_malformed'],
  ['GEM ', 0, 'asset_code_malformed'],
  ['GEM\n', 0, 'asset_code_malformed'],
  ['ＧＥＭ', 0, 'asset_code_malformed'],
  ['', 0, 'asset_code_malformed'],
  ['KRW', 3, 'asset_code_reserved'],
  ['USD', 0, 'asset_code_reserved'],
  ['GEM', 10, 'asset_scale_out_of_range'],
  ['GEM', -1, 'asset_scale_out_of_range'],
  ['GEM', 1.5, 'asset_scale_out_of_range'],
  ['GEM', Number.NaN, 'asset_scale_out_of_range'],
])('defineCredit(%j, %d) throws %s', (code, scale, expected) => {
  expect(() => defineCredit(code, scale)).toThrow(
    expect.objectContaining({ name: 'MoneyError', code: expected }),
  )
  expect(() => defineCredit(code, scale)).toThrow(MoneyError)
})

test.each([
  ['KRW/2', 'asset_code_reserved'],
  ['KRW', 'asset_malformed'],
  ['KRW/', 'asset_malformed'],
  ['/3', 'asset_malformed'],
  ['KRW/3/3', 'asset_malformed'],
  ['GEM/10', 'asset_malformed'],
  ['GEM/03', 'asset_malformed'],
  ['GEM/-1', 'asset_malformed'],
  ['gem/0', 'asset_malformed'],
  [' GEM/0', 'asset_malformed'],
  ['GEM/0\n', 'asset_malformed'],
  ['GEM/٣', 'asset_malformed'],
  ['', 'asset_malformed'],
  [3, 'asset_not_string'],
  [null, 'asset_not_string'],
  [undefined, 'asset_not_string'],
  [['KRW/3'], 'asset_not_string'],
])('parseAsset(%j) is refused with %s', (text, code) => {
  expect(parseAsset(text)).toEqual({ ok: false, code })
})

test('parseAsset answers the built-in object itself', () => {
  expect(parseAsset('KRW/3')).toEqual({ ok: true, asset: KRW })
  const outcome = parseAsset('USD/6')
  expect(outcome.ok && outcome.asset).toBe(USD)
})

test('every asset is read back from its text form', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z][A-Z0-9]{2,11}$/), fc.nat({ max: 9 }), (code, scale) => {
      fc.pre(findAsset(code) === undefined)
      const credit = defineCredit(code, scale)
      expect(parseAsset(formatAsset(credit))).toEqual({ ok: true, asset: credit })
    }),
  )
})

test('sameAsset compares code and scale', () => {
  expect(sameAsset(KRW, { code: 'KRW', scale: 3 })).toBe(true)
  expect(sameAsset(KRW, JPY)).toBe(false)
  expect(sameAsset(defineCredit('GEM', 0), defineCredit('GEM', 1))).toBe(false)
})
