import { array, assert, boolean, integer, property, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { SlotMap } from './slot-map.ts'

test('does what a Map does, through growth and deletion', () => {
  const steps = array(tuple(integer({ min: 1, max: 3_000 }), boolean()), {
    maxLength: 4_000,
    size: 'max',
  })
  assert(
    property(steps, (all) => {
      const map = new SlotMap()
      const plain = new Map<number, number>()
      for (const [at, [number, isDelete]] of all.entries()) {
        if (isDelete) {
          map.delete(number)
          plain.delete(number)
        } else if (!plain.has(number)) {
          map.add(number, at)
          plain.set(number, at)
        }
      }
      expect(map.size).toBe(plain.size)
      for (let number = 1; number <= 3_000; number++) {
        if (map.get(number) !== plain.get(number)) throw new Error(`${number} differs`)
      }
    }),
    { numRuns: 60 },
  )
})

test('finds a million numbers', () => {
  const map = new SlotMap()
  for (let number = 1; number <= 1_000_000; number++) map.add(number, number * 2)
  let wrong = 0
  for (let number = 1; number <= 1_000_000; number++) if (map.get(number) !== number * 2) wrong += 1
  expect(wrong).toBe(0)
  expect(map.get(1_000_001)).toBeUndefined()
})
