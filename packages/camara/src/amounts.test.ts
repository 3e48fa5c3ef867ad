import { type Asset, EUR, formatAmount, KRW, MoneyError, USD } from '@jeon/money'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  amountFromWire,
  amountToWire,
  isWireAmount,
  WIRE_AMOUNT_MAX,
  wireAmount,
  wireAmountOrZero,
  wirePercent,
} from './amounts.ts'

const thousandths = fc.oneof(
  fc.bigInt({ min: 0n, max: 999_999_999_999_999n }),
  fc.bigInt({ min: 0n, max: 200_000n }),
)

/** So many thousandths of the currency, in the asset's smallest unit. */
const amountOf = (count: bigint, asset: Asset) => count * 10n ** BigInt(asset.scale - 3)

describe('amountFromWire', () => {
  test.each([
    [0.35, KRW, 350n],
    [0.001, KRW, 1n],
    [3_300, KRW, 3_300_000n],
    [0.35, USD, 350_000n],
    [0, EUR, 0n],
    [-0, EUR, 0n],
    [WIRE_AMOUNT_MAX, KRW, 999_999_999_999_999n],
  ])('reads %d', (wire, asset, amount) => {
    expect(amountFromWire(wire, asset)).toEqual({ ok: true, amount })
  })

  test.each([
    [0.0005, USD, 'amount_too_many_places'],
    [1e-7, USD, 'amount_too_many_places'],
    [0.1 + 0.2, KRW, 'amount_too_many_places'],
    [0.5, { code: 'GEM', scale: 0 }, 'amount_too_many_places'],
    [-1, KRW, 'amount_sign'],
    [Number.NaN, KRW, 'amount_malformed'],
    [Number.POSITIVE_INFINITY, KRW, 'amount_malformed'],
    [1_000_000_000_000, KRW, 'amount_out_of_range'],
    [1e21, KRW, 'amount_out_of_range'],
  ])('refuses %d', (wire, asset, code) => {
    expect(amountFromWire(wire, asset)).toEqual({ ok: false, code })
  })
})

describe('amountToWire', () => {
  test('throws rather than round', () => {
    expect(() => amountToWire(1n, USD)).toThrow(MoneyError)
    expect(() => amountToWire(-1n, KRW)).toThrow(MoneyError)
    expect(() => amountToWire(1_000_000_000_000_000n, KRW)).toThrow(MoneyError)
    expect(isWireAmount(1n, USD)).toBe(false)
    expect(isWireAmount(1_000n, USD)).toBe(true)
    expect(isWireAmount(5n, { code: 'GEM', scale: 0 })).toBe(true)
  })

  test('what it writes is read back, through JSON, to the last unit', () => {
    fc.assert(
      fc.property(thousandths, fc.constantFrom(KRW, USD, EUR), (count, asset) => {
        const amount = amountOf(count, asset)
        const text = JSON.stringify(amountToWire(amount, asset))
        expect(text).toBe(formatAmount(amount, asset))
        const wire: unknown = JSON.parse(text)
        expect(typeof wire === 'number' && amountFromWire(wire, asset)).toEqual({
          ok: true,
          amount,
        })
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the schemas of amounts', () => {
  test('take every amount of two places below 200, which floating division would not', () => {
    for (let hundredths = 1; hundredths < 20_000; hundredths += 1) {
      expect(wireAmount.safeParse(hundredths / 100).success).toBe(true)
    }
  })

  test('take what amountFromWire reads, and nothing else', () => {
    const wires = fc.oneof(
      thousandths.map((count) => Number(count) / 1_000),
      fc.double({ min: -10, max: 1e13 }),
      fc.integer({ min: 0, max: 10_000_000 }).map((millionths) => millionths / 1_000_000),
    )
    fc.assert(
      fc.property(wires, (wire) => {
        const read = amountFromWire(wire, KRW)
        expect(wireAmountOrZero.safeParse(wire).success).toBe(read.ok)
        expect(wireAmount.safeParse(wire).success).toBe(read.ok && read.amount > 0n)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a percentage has two places', () => {
    expect(wirePercent.safeParse(3.15).success).toBe(true)
    expect(wirePercent.safeParse(3.155).success).toBe(false)
    expect(wirePercent.safeParse('3').success).toBe(false)
  })
})
