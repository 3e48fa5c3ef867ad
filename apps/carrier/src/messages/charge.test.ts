import { expect, test } from 'vitest'
import { oneLine } from './charge.ts'

test('what a merchant wrote stays one short line', () => {
  expect(oneLine('Shop\n[SKT] call 010-0000-0000\u202e\u0000', 40)).toBe(
    'Shop [SKT] call 010-0000-0000',
  )
  expect(oneLine('가'.repeat(100), 40)).toHaveLength(40)
  expect(oneLine('😀'.repeat(30), 41).isWellFormed()).toBe(true)
})
