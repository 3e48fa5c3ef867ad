import { expect, test } from 'vitest'
import { createPaymentId } from './http/payment-ids.ts'
import { IdSource } from './ids.ts'
import { Dice, median, percentile } from './statistics.ts'

test('the median and percentiles of few figures', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(() => median([])).toThrow(RangeError)
  const hundred = Float64Array.from({ length: 100 }, (_, at) => 100 - at)
  expect(percentile(hundred, 0.5)).toBe(50)
  expect(percentile(hundred, 0.99)).toBe(99)
  expect(percentile(Float64Array.of(7), 0.99)).toBe(7)
})

test('the dice are fair enough and the same in every run', () => {
  const counts = new Array<number>(10).fill(0)
  const dice = new Dice(1)
  for (let turn = 0; turn < 100_000; turn++) counts[dice.roll(10)]! += 1
  expect(Math.min(...counts)).toBeGreaterThan(9_500)
  const [first, second] = [new Dice(5), new Dice(5)]
  expect(first.roll(1e6)).toBe(second.roll(1e6))
})

test('ids are UUIDs of version 7 of this moment, or of version 8 without time', () => {
  const timed = new IdSource(1_000)
  timed.refill()
  const ids = Array.from({ length: 1_000 }, (_, at) => timed.at(at))
  expect(new Set(ids).size).toBe(1_000)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
  expect(Math.abs(Number.parseInt(ids[0]?.slice(0, 12) ?? '', 16) - Date.now())).toBeLessThan(1_000)
  const random = new IdSource(1, 'random')
  random.refill()
  expect(random.at(0)).toMatch(/^[0-9a-f]{12}8[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
})

test('payment ids of the load generator are TypeIDs of UUIDs of version 7', () => {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  for (let turn = 0; turn < 10_000; turn++) {
    const id = createPaymentId()
    expect(id).toMatch(/^pay_0[0-9a-hjkmnp-tv-z]{25}$/)
    let value = 0n
    for (const digit of id.slice(4)) value = value * 32n + BigInt(alphabet.indexOf(digit))
    const hex = value.toString(16).padStart(32, '0')
    expect(hex).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
    expect(Math.abs(Number.parseInt(hex.slice(0, 12), 16) - Date.now())).toBeLessThan(1_000)
  }
})
