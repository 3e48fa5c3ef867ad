import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatPrice } from './price.ts'

test.each([
  ['150', 'KRW', '₩150'],
  ['0.3', 'KRW', '₩0.3'],
  ['0.30', 'KRW', '₩0.3'],
  ['0.002', 'USD', '$0.002'],
  ['1.5', 'USD', '$1.50'],
  ['2', 'EUR', '€2.00'],
  ['10000', 'KRW', '₩10,000'],
  ['1234567.000001', 'USD', '$1,234,567.000001'],
  ['0', 'KRW', '₩0'],
  ['12000', 'GEM', '12,000 GEM'],
  ['007', 'JPY', '¥7'],
])('%s %s reads %s', (amount, currency, text) => {
  expect(formatPrice(amount, currency)).toBe(text)
})

test.each(['', '-1', '+1', '1e3', '1,000', ' 1', '.5', '١', 'NaN'])('%j is no price', (amount) => {
  expect(formatPrice(amount, 'KRW')).toBeUndefined()
})

test('shows every digit that was given, and zero only for zero', () => {
  const decimal = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.nat({ max: 9 }))
  const currency = fc.constantFrom('KRW', 'USD', 'EUR', 'JPY', 'GEM')
  fc.assert(
    fc.property(decimal, currency, ([units, places], code) => {
      const digits = units.toString().padStart(places + 1, '0')
      const at = digits.length - places
      const amount = places ? `${digits.slice(0, at)}.${digits.slice(at)}` : digits
      const shown = formatPrice(amount, code) ?? ''
      const [whole = '', decimals = ''] = shown.replace(/[^0-9.]/g, '').split('.')
      expect(BigInt(whole + decimals.padEnd(places, '0').slice(0, places))).toBe(units)
      expect(/[1-9]/.test(shown)).toBe(units > 0n)
    }),
  )
})
