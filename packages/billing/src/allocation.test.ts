import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocateOldestFirst, type Debt } from './allocation.ts'
import { someDate } from './profiles.fixture.ts'

const debts: readonly Debt[] = [
  { id: 'march', dueOn: '2026-04-25', order: 1, open: 500n },
  { id: 'surcharge', dueOn: '2026-03-25', order: 2, open: 30n },
  { id: 'february', dueOn: '2026-03-25', order: 1, open: 1_000n },
]

test.each([
  [0n, [], 0n],
  [400n, [['february', 400n]], 0n],
  [
    1_010n,
    [
      ['february', 1_000n],
      ['surcharge', 10n],
    ],
    0n,
  ],
  [
    2_000n,
    [
      ['february', 1_000n],
      ['surcharge', 30n],
      ['march', 500n],
    ],
    470n,
  ],
])('%d pays the oldest first', (amount, parts, rest) => {
  const expected = parts.map(([id, part]) => ({ id, amount: part }))
  expect(allocateOldestFirst(amount, debts)).toEqual({ parts: expected, rest })
})

test('equal debts are paid by id, paid ones left out', () => {
  const equal = ['b', 'c', 'a'].map((id) => ({ id, dueOn: '2026-01-01', order: 1, open: 1n }))
  const paid = { id: '0', dueOn: '2025-01-01', order: 1, open: 0n }
  expect(allocateOldestFirst(2n, [...equal, paid]).parts.map(({ id }) => id)).toEqual(['a', 'b'])
})

test('nothing is lost, nothing overpaid, nothing younger touched before the older is done', () => {
  const someDebts = fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      dueOn: someDate,
      order: fc.nat(3),
      open: fc.bigInt({ min: 0n, max: 1_000n }),
    }),
    { selector: ({ id }) => id, maxLength: 12 },
  )
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 8_000n }), someDebts, (amount, some) => {
      const { parts, rest } = allocateOldestFirst(amount, some)
      const paid = new Map(parts.map((part) => [part.id, part.amount]))
      expect([...paid.values()].reduce((sum, part) => sum + part, rest)).toBe(amount)
      const open = some.filter((debt) => (paid.get(debt.id) ?? 0n) < debt.open)
      if (rest > 0n) expect(open).toEqual([])
      for (const debt of some) {
        const part = paid.get(debt.id) ?? 0n
        expect(part >= 0n && part <= debt.open).toBe(true)
        if (part === 0n) continue
        const older = open.filter(({ dueOn }) => dueOn < debt.dueOn)
        expect(older).toEqual([])
      }
      expect(allocateOldestFirst(amount, some.toReversed())).toEqual({ parts, rest })
    }),
    { numRuns: 400 },
  )
})

test('negative money is a bug', () => {
  expect(() => allocateOldestFirst(-1n, debts)).toThrow('does not hold')
  const negative = { id: 'x', dueOn: '2026-01-01', order: 1, open: -1n }
  expect(() => allocateOldestFirst(1n, [negative])).toThrow('does not hold')
})
