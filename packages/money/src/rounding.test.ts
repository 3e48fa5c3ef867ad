import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MoneyError } from './errors.ts'
import { INT64_MAX, INT64_MIN } from './int64.ts'
import { applyRate, divide, type RoundingMode, round, roundingModes } from './rounding.ts'

const integers = fc.oneof(
  fc.bigInt({ min: INT64_MIN, max: INT64_MAX }),
  fc.bigInt({ min: -60n, max: 60n }),
)
const steps = fc.oneof(
  fc.bigInt({ min: 1n, max: 12n }),
  fc.constantFrom(10n, 100n, 1_000n, 10_000n),
  fc.bigInt({ min: 1n, max: INT64_MAX }),
)
const modes = fc.constantFrom(...roundingModes)
const size = (amount: bigint) => (amount < 0n ? -amount : amount)

describe('divide', () => {
  // The table of java.math.RoundingMode, in tenths.
  test.each<[RoundingMode, readonly number[]]>([
    ['up', [6, 3, 2, 2, 1, -1, -2, -2, -3, -6]],
    ['down', [5, 2, 1, 1, 1, -1, -1, -1, -2, -5]],
    ['ceiling', [6, 3, 2, 2, 1, -1, -1, -1, -2, -5]],
    ['floor', [5, 2, 1, 1, 1, -1, -2, -2, -3, -6]],
    ['half-up', [6, 3, 2, 1, 1, -1, -1, -2, -3, -6]],
    ['half-down', [5, 2, 2, 1, 1, -1, -1, -2, -2, -5]],
    ['half-even', [6, 2, 2, 1, 1, -1, -1, -2, -2, -6]],
  ])('%s rounds as its name says', (mode, expected) => {
    const tenths = [55n, 25n, 16n, 11n, 10n, -10n, -11n, -16n, -25n, -55n]
    expect(tenths.map((numerator) => Number(divide(numerator, 10n, mode).value))).toEqual(expected)
  })

  test('agrees with choosing between the two whole neighbours', () => {
    fc.assert(
      fc.property(integers, steps, modes, (numerator, denominator, mode) => {
        const { value, remainder } = divide(numerator, denominator, mode)
        expect(value).toBe(divideByTheBook(numerator, denominator, mode))
        expect(value * denominator + remainder).toBe(numerator)
        expect(size(remainder) < denominator).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  test('ties, which chance seldom finds, agree too', () => {
    fc.assert(
      fc.property(integers, steps, modes, (half, step, mode) => {
        const [numerator, denominator] = [(2n * half + 1n) * step, 2n * step]
        expect(divide(numerator, denominator, mode).value).toBe(
          divideByTheBook(numerator, denominator, mode),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  test('turning the sign turns the outcome, with ceiling and floor trading places', () => {
    const mirror = (mode: RoundingMode): RoundingMode =>
      mode === 'ceiling' ? 'floor' : mode === 'floor' ? 'ceiling' : mode
    fc.assert(
      fc.property(integers, steps, modes, (numerator, denominator, mode) => {
        const { value, remainder } = divide(numerator, denominator, mode)
        expect(divide(-numerator, denominator, mirror(mode))).toEqual({
          value: -value,
          remainder: -remainder,
        })
      }),
    )
  })

  test('never reverses an order', () => {
    fc.assert(
      fc.property(
        integers,
        fc.bigInt({ min: 0n, max: 40n }),
        steps,
        modes,
        (low, gap, by, mode) => {
          expect(divide(low, by, mode).value <= divide(low + gap, by, mode).value).toBe(true)
        },
      ),
    )
  })

  test.each([0n, -1n])('throws on a denominator of %d', (denominator) => {
    expect(() => divide(1n, denominator, 'up')).toThrow(MoneyError)
    expect(() => divide(1n, denominator, 'up')).toThrow(
      expect.objectContaining({ code: 'rounding_denominator_not_positive' }),
    )
  })

  test('throws on a mode the compiler did not see', () => {
    const divideUntyped: (...given: never[]) => unknown = divide
    const given: unknown = JSON.parse('"half-odd"')
    expect(() => Reflect.apply(divideUntyped, undefined, [1n, 2n, given])).toThrow(
      expect.objectContaining({ code: 'rounding_mode_unknown' }),
    )
  })
})

describe('round', () => {
  test.each<[bigint, bigint, RoundingMode, bigint, bigint]>([
    [1_234_567n, 10_000n, 'down', 1_230_000n, 4_567n],
    [1_234_567n, 10_000n, 'up', 1_240_000n, -5_433n],
    [-1_234_567n, 10_000n, 'floor', -1_240_000n, 5_433n],
    [-25n, 10n, 'half-even', -20n, -5n],
    [40n, 10n, 'up', 40n, 0n],
    [0n, 7n, 'ceiling', 0n, 0n],
  ])('%d to steps of %d, %s, is %d and %d', (amount, step, mode, value, remainder) => {
    expect(round(amount, step, mode)).toEqual({ value, remainder })
  })

  test('lands on a step, loses nothing, and does nothing twice', () => {
    fc.assert(
      fc.property(integers, steps, modes, (amount, step, mode) => {
        const { value, remainder } = round(amount, step, mode)
        expect(value % step).toBe(0n)
        expect(value).toBe(divideByTheBook(amount, step, mode) * step)
        expect(value + remainder).toBe(amount)
        expect(round(value, step, mode)).toEqual({ value, remainder: 0n })
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([0n, -10n])('throws on a step of %d', (step) => {
    expect(() => round(1n, step, 'up')).toThrow(
      expect.objectContaining({ name: 'MoneyError', code: 'rounding_step_not_positive' }),
    )
  })
})

describe('applyRate', () => {
  const rate = { numerator: 33n, denominator: 1_000n }

  test('takes 3.3 % and says what rounding took', () => {
    expect(applyRate(300n, rate, 'half-up')).toEqual({ value: 10n, remainder: -100n })
    expect(applyRate(300n, rate, 'down')).toEqual({ value: 9n, remainder: 900n })
    expect(applyRate(-300n, rate, 'half-up')).toEqual({ value: -10n, remainder: 100n })
    expect(applyRate(1_000n, rate, 'up')).toEqual({ value: 33n, remainder: 0n })
  })

  test('is exact beyond int8 on the way', () => {
    fc.assert(
      fc.property(integers, integers, steps, modes, (amount, numerator, denominator, mode) => {
        const { value, remainder } = applyRate(amount, { numerator, denominator }, mode)
        expect(value).toBe(divideByTheBook(amount * numerator, denominator, mode))
        expect(value * denominator + remainder).toBe(amount * numerator)
      }),
      { numRuns: 1_000 },
    )
  })

  test('throws on a denominator of zero', () => {
    expect(() => applyRate(1n, { numerator: 1n, denominator: 0n }, 'up')).toThrow(
      expect.objectContaining({ code: 'rounding_denominator_not_positive' }),
    )
  })
})

/** Both whole neighbours of a quotient, and the one that the mode's definition picks. */
function divideByTheBook(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  const above = ((numerator % denominator) + denominator) % denominator
  const floor = (numerator - above) / denominator
  if (above === 0n) return floor
  const ceiling = floor + 1n
  const [inner, outer] = numerator < 0n ? [ceiling, floor] : [floor, ceiling]
  const below = denominator - above
  const nearest = above < below ? floor : above > below ? ceiling : undefined
  const choices: Record<RoundingMode, bigint> = {
    up: outer,
    down: inner,
    ceiling,
    floor,
    'half-up': nearest ?? outer,
    'half-down': nearest ?? inner,
    'half-even': nearest ?? (floor % 2n === 0n ? floor : ceiling),
  }
  return choices[mode]
}
