import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collectionDue, roundedForCollection, wayFor } from './collection.ts'
import { isOnStep } from './money.ts'
import { GB, KR, kr, SANDBOX, someProfile, won } from './profiles.fixture.ts'
import { retainUntil } from './retention.ts'
import { feeFor, payoutOn } from './settlement.ts'

describe('collection', () => {
  test('KR: large sums, vouchers and goods each, the rest collected', () => {
    expect(wayFor(KR, 'digital', won(10_000))).toBe('collected')
    expect(wayFor(KR, 'digital', won(10_000) + 1n)).toBe('each')
    expect(wayFor(KR, 'voucher', 1n)).toBe('each')
    expect(wayFor(KR, 'physical', 1n)).toBe('each')
    expect(wayFor(kr({ collection: { eachAbove: null } }), 'digital', won(99_999))).toBe(
      'collected',
    )
  })

  test('from the threshold on', () => {
    expect(collectionDue(KR, won(5_000) - 1n)).toBe(false)
    expect(collectionDue(KR, won(5_000))).toBe(true)
  })

  test('what a carrier cannot charge stays', () => {
    expect(roundedForCollection(KR, 5_000_300n)).toEqual({ collect: 5_000_000n, rest: 300n })
    expect(roundedForCollection(SANDBOX, won(1_234))).toEqual({
      collect: won(1_230),
      rest: won(4),
    })
    expect(roundedForCollection(GB, 2_019_999n)).toEqual({ collect: 2_010_000n, rest: 9_999n })
    expect(roundedForCollection(KR, -300n)).toEqual({ collect: 0n, rest: -300n })
    fc.assert(
      fc.property(
        someProfile,
        fc.bigInt({ min: -(10n ** 9n), max: 10n ** 12n }),
        (profile, owed) => {
          const { collect, rest } = roundedForCollection(profile, owed)
          expect(collect + rest).toBe(owed)
          expect(collect >= 0n && isOnStep(profile, collect)).toBe(true)
        },
      ),
    )
  })
})

describe('settlement', () => {
  test('the category’s own fee, else that of any', () => {
    expect(feeFor(KR, 'content', won(1_000))).toBe(won(150))
    expect(feeFor(KR, 'ticket', won(1_000))).toBe(won(90))
    expect(feeFor(SANDBOX, 'charity', won(1_000))).toBe(0n)
    expect(feeFor(KR, 'physical', won(99))).toBe(won(3))
  })

  test('a category without a fee cannot be settled', () => {
    const fees = { any: undefined, physical: undefined }
    const narrow = kr({ eligibility: { categories: ['digital'] }, settlement: { fees } })
    expect(feeFor(narrow, 'digital', won(100))).toBe(won(9))
    expect(() => feeFor(narrow, 'physical', won(100))).toThrow(RangeError)
  })

  test('is paid out after the lag', () => {
    expect(payoutOn(KR, '2026-02-25')).toBe('2026-04-11')
  })
})

test('records are kept for a year, above 10,000 won for five', () => {
  expect(retainUntil(KR, '2026-11-22', won(10_000))).toBe('2027-11-22')
  expect(retainUntil(KR, '2026-11-22', won(10_000) + 1n)).toBe('2031-11-22')
  expect(retainUntil(KR, '2028-02-29', won(1))).toBe('2029-02-28')
  expect(retainUntil(GB, '2026-11-22', 40_000_000n)).toBe('2028-11-22')
})
