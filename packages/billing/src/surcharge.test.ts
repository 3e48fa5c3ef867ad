import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ceilingOf, isOnStep, percentOf } from './money.ts'
import { EU, KR, kr, SANDBOX, someProfile, won } from './profiles.fixture.ts'
import { surchargeFor } from './surcharge.ts'

const item = { principal: won(10_000), principalUnpaid: won(10_000), surchargedAlready: 0n }

test('KR: 3.0 %, then 0.5 %, then nothing', () => {
  expect(surchargeFor(KR, { ...item, missed: 1 })).toBe(won(300))
  expect(surchargeFor(KR, { ...item, surchargedAlready: won(300), missed: 2 })).toBe(won(50))
  expect(surchargeFor(KR, { ...item, surchargedAlready: won(350), missed: 3 })).toBe(0n)
})

test('of what is unpaid, in whole won', () => {
  const partly = { ...item, principalUnpaid: won(3_333) }
  expect(surchargeFor(KR, { ...partly, missed: 1 })).toBe(won(99))
  expect(surchargeFor(KR, { ...item, principalUnpaid: 0n, missed: 1 })).toBe(0n)
  const up = kr({ surcharge: { rounding: 'half_up' } })
  expect(surchargeFor(up, { ...partly, missed: 1 })).toBe(won(100))
})

test('up to the cap', () => {
  const capped = kr({ surcharge: { steps: ['3', '0.5'], capPercent: '3.5' } })
  const nearly = { ...item, surchargedAlready: won(340), missed: 2 }
  expect(surchargeFor(capped, nearly)).toBe(won(10))
  expect(surchargeFor(capped, { ...nearly, surchargedAlready: won(900) })).toBe(0n)
})

test('none where the market has none; ten won at a time where it charges so', () => {
  expect(surchargeFor(EU, { ...item, missed: 1 })).toBe(0n)
  const small = { principal: won(1_240), principalUnpaid: won(1_240), surchargedAlready: 0n }
  expect(surchargeFor(SANDBOX, { ...small, missed: 1 })).toBe(won(120))
})

test('impossible items are bugs', () => {
  for (const wrong of [
    { ...item, missed: 0 },
    { ...item, missed: 1.5 },
    { ...item, principalUnpaid: won(10_001), missed: 1 },
    { ...item, surchargedAlready: -1n, missed: 1 },
  ]) {
    expect(() => surchargeFor(KR, wrong)).toThrow('does not hold')
  }
})

test('never above the cap in all, never more for less, always on the step', () => {
  const amount = fc.bigInt({ min: 0n, max: 5_000_000_000n })
  fc.assert(
    fc.property(someProfile, amount, amount, amount, (profile, one, two, three) => {
      const [least = 0n, middle = 0n, principal = 0n] = [one, two, three].toSorted((a, b) =>
        a < b ? -1 : 1,
      )
      const cap = percentOf(principal, profile.surcharge.capPercent, 'down')
      let surchargedAlready = 0n
      for (const missed of [1, 2, 3, 4, 5]) {
        const all = { principal, surchargedAlready, missed }
        const more = surchargeFor(profile, { ...all, principalUnpaid: middle })
        const less = surchargeFor(profile, { ...all, principalUnpaid: least })
        expect(less <= more).toBe(true)
        expect(less >= 0n && isOnStep(profile, more)).toBe(true)
        surchargedAlready += more
        expect(surchargedAlready <= cap).toBe(true)
      }
    }),
    { numRuns: 400 },
  )
})

test.each([
  [10_000n, '3.0', 'down', 300n],
  [10_000n, '0.0001', 'down', 0n],
  [1_000_000n, '0.0001', 'down', 1n],
  [150n, '1', 'down', 1n],
  [150n, '1', 'half_up', 2n],
  [149n, '1', 'half_up', 1n],
  [7n, '100', 'down', 7n],
] as const)('%d by %s %%, %s: %d', (amount, percent, rounding, share) => {
  expect(percentOf(amount, percent, rounding)).toBe(share)
})

test('what is no percentage, or no amount', () => {
  for (const text of ['', '3 %', '-1', '1.23456', '01', '.5', '1e2']) {
    expect(() => percentOf(1n, text, 'down')).toThrow(RangeError)
  }
  expect(() => percentOf(-1n, '1', 'down')).toThrow('does not hold')
  expect(() => ceilingOf(KR, { day: '1.0001' })).toThrow('amount_too_many_places')
})
