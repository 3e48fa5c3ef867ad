import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AMOUNT_TEXT_MAX, amountFrom, formatAmount, parseAmount } from './amount.ts'
import { type Asset, KRW, USD } from './asset.ts'
import { MoneyError } from './errors.ts'
import { INT64_MAX, INT64_MIN } from './int64.ts'

const int64 = fc.bigInt({ min: INT64_MIN, max: INT64_MAX })
const anyAsset: fc.Arbitrary<Asset> = fc
  .nat({ max: 9 })
  .map((scale) => ({ code: `TEST${scale}`, scale }))
const signed = { sign: 'signed' } as const

describe('parseAmount', () => {
  test.each([
    ['0', KRW, 0n],
    ['0.3', KRW, 300n],
    ['0.300', KRW, 300n],
    ['0.001', KRW, 1n],
    ['150', KRW, 150_000n],
    ['0.0', KRW, 0n],
    ['10.01', USD, 10_010_000n],
    ['9223372036854775.807', KRW, INT64_MAX],
    ['9223372036854775807', { code: 'GEM', scale: 0 }, INT64_MAX],
    ['0.000000001', { code: 'NANO', scale: 9 }, 1n],
  ])('reads %j', (text, asset, amount) => {
    expect(parseAmount(text, asset)).toEqual({ ok: true, amount })
    expect(parseAmount(text, asset, signed)).toEqual({ ok: true, amount })
  })

  test.each([
    ['-1.25', USD, -1_250_000n],
    ['-0.001', KRW, -1n],
    ['-9223372036854775.808', KRW, INT64_MIN],
  ])('reads %j where signs are allowed, and only there', (text, asset, amount) => {
    expect(parseAmount(text, asset, signed)).toEqual({ ok: true, amount })
    expect(parseAmount(text, asset)).toEqual({ ok: false, code: 'amount_sign' })
    expect(parseAmount(text, asset, { sign: 'unsigned' })).toEqual({
      ok: false,
      code: 'amount_sign',
    })
  })

  test.each([150, 0.3, 150n, null, undefined, true, {}, ['1'], new String('1')])(
    'refuses %o, which is not a string',
    (text) => {
      expect(parseAmount(text, KRW)).toEqual({ ok: false, code: 'amount_not_string' })
    },
  )

  test.each([
    ...['', ' ', '.', '-', '+', '-.5', '.5', '5.', '-5.', '1.2.3', '1..2', '--1', '+-1', '1-'],
    ...['007', '00', '00.5', '-01', '1e3', '1E3', '1e-3', '0x10', '0b1', '1_000', '1,000', '1n'],
    ...[' 1', '1 ', '1\n', '\t1', '1\u00a0', '\ufeff1', '1\0', 'NaN', 'Infinity', '-Infinity'],
    ...['١٥٠', '１５０', '१५०', '1٫5', '−1', '²', '𝟏', '₩1', '1원', 'null'],
  ])('refuses %j as malformed', (text) => {
    expect(parseAmount(text, KRW, signed)).toEqual({ ok: false, code: 'amount_malformed' })
  })

  test.each(['+1', '+0.3', '-0', '-0.0', '-0.0000', '+0.0000'])(
    'refuses the sign of %j',
    (text) => {
      expect(parseAmount(text, KRW, signed)).toEqual({ ok: false, code: 'amount_sign' })
    },
  )

  test.each(['0.0001', '0.3000', '-0.0001', '99999999999999999999.0000'])(
    'refuses the places of %j',
    (text) => {
      expect(parseAmount(text, KRW, signed)).toEqual({ ok: false, code: 'amount_too_many_places' })
    },
  )

  test.each(['9223372036854775.808', '-9223372036854775.809', '9223372036854776', '9'.repeat(64)])(
    'refuses the size of %j',
    (text) => {
      expect(parseAmount(text, KRW, signed)).toEqual({ ok: false, code: 'amount_out_of_range' })
    },
  )

  test('refuses long text unread, however long', () => {
    const tooLong = { ok: false, code: 'amount_too_long' }
    expect(parseAmount('1'.repeat(AMOUNT_TEXT_MAX + 1), KRW)).toEqual(tooLong)
    const tenMillion = '1'.repeat(10_000_000)
    const startMs = performance.now()
    for (let round = 0; round < 1_000; round += 1) {
      expect(parseAmount(tenMillion, KRW).ok).toBe(false)
    }
    expect(performance.now() - startMs).toBeLessThan(1_000)
  })

  test('agrees with a regular expression and rational arithmetic on any text', () => {
    const almost = fc.string({
      unit: fc.constantFrom(...'0011259.-+e _,٣'),
      maxLength: AMOUNT_TEXT_MAX + 3,
    })
    const plausible = fc
      .tuple(
        fc.constantFrom('', '', '', '-', '+'),
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.option(fc.stringMatching(/^[0-9]{0,11}$/), { nil: undefined }),
      )
      .map(([sign, whole, places]) => `${sign}${whole}${places === undefined ? '' : `.${places}`}`)
    fc.assert(
      fc.property(
        fc.oneof(almost, plausible, fc.string()),
        anyAsset,
        fc.constantFrom('unsigned', 'signed'),
        (text, asset, sign) => {
          expect(parseAmount(text, asset, { sign })).toEqual(parseByTheBook(text, asset, sign))
        },
      ),
      { numRuns: 5_000 },
    )
  })

  test('reads zeros that pad the places, at every scale', () => {
    fc.assert(
      fc.property(int64, anyAsset, (amount, asset) => {
        const canonical = formatAmount(amount, asset)
        const point = canonical.includes('.') ? canonical : `${canonical}.`
        const places = point.length - point.indexOf('.') - 1
        fc.pre(asset.scale > 0)
        const padded = point + '0'.repeat(asset.scale - places)
        expect(parseAmount(padded, asset, signed)).toEqual({ ok: true, amount })
      }),
    )
  })
})

describe('formatAmount', () => {
  test.each([
    [0n, KRW, '0'],
    [1n, KRW, '0.001'],
    [300n, KRW, '0.3'],
    [150_000n, KRW, '150'],
    [-1_250_000n, USD, '-1.25'],
    [-1n, USD, '-0.000001'],
    [100n, { code: 'GEM', scale: 0 }, '100'],
    [-100n, { code: 'GEM', scale: 0 }, '-100'],
    [INT64_MAX, KRW, '9223372036854775.807'],
    [INT64_MIN, KRW, '-9223372036854775.808'],
    [10n ** 30n, KRW, '1000000000000000000000000000'],
  ])('writes %d of %o as %s', (amount, asset, text) => {
    expect(formatAmount(amount, asset)).toBe(text)
  })

  test('parseAmount reads back what it writes, at every scale', () => {
    fc.assert(
      fc.property(int64, anyAsset, (amount, asset) => {
        expect(parseAmount(formatAmount(amount, asset), asset, signed)).toEqual({
          ok: true,
          amount,
        })
      }),
      { numRuns: 2_000 },
    )
  })

  test('what it writes is canonical and shortest', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          int64,
          fc.bigInt({ min: -2_000n, max: 2_000n }),
          fc.bigInt({ min: -99n, max: 99n }).map((n) => n * 10n ** 8n),
        ),
        anyAsset,
        (amount, asset) => {
          expect(formatAmount(amount, asset)).toMatch(/^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('amountFrom', () => {
  test('is the amount of a literal, of either sign', () => {
    expect(amountFrom('0.3', KRW)).toBe(300n)
    expect(amountFrom('-1.25', USD)).toBe(-1_250_000n)
  })

  test('throws a MoneyError that says what is wrong and where', () => {
    expect(() => amountFrom('0.0003', KRW)).toThrow(MoneyError)
    expect(() => amountFrom('0.0003', KRW)).toThrow(
      expect.objectContaining({
        code: 'amount_too_many_places',
        message: "amount_too_many_places: '0.0003' as KRW/3",
      }),
    )
    expect(() => amountFrom('1e3', KRW)).toThrow(
      expect.objectContaining({ code: 'amount_malformed' }),
    )
  })

  test('does not repeat a huge literal in its message', () => {
    expect(() => amountFrom('9'.repeat(1_000), KRW)).toThrow(/^amount_too_long: .{1,60}$/)
  })
})

/** The documented grammar and the documented order of refusals, written the slow way. */
function parseByTheBook(text: string, asset: Asset, sign: 'unsigned' | 'signed') {
  const refused = (code: string) => ({ ok: false, code })
  if (text.length > AMOUNT_TEXT_MAX) return refused('amount_too_long')
  const match = /^([+-]?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text)
  if (match === null) return refused('amount_malformed')
  const [, lead = '', whole = '', places = ''] = match
  const zero = /^[0.]*$/.test(whole + places)
  if (lead === '+' || (lead === '-' && (sign === 'unsigned' || zero))) return refused('amount_sign')
  if (places.length > asset.scale) return refused('amount_too_many_places')
  const unit = 10n ** BigInt(asset.scale)
  const fraction = (BigInt(places || '0') * unit) / 10n ** BigInt(places.length)
  const amount = (lead === '-' ? -1n : 1n) * (BigInt(whole) * unit + fraction)
  if (BigInt.asIntN(64, amount) !== amount) return refused('amount_out_of_range')
  return { ok: true, amount }
}
