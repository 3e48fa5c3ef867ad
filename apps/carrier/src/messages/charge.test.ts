import { expect, test } from 'vitest'
import { itemsIn, oneLine } from './charge.ts'

test('what a merchant wrote stays one short line', () => {
  expect(oneLine('Shop\n[SKT] call 010-0000-0000\u202e\u0000', 40)).toBe(
    'Shop [SKT] call 010-0000-0000',
  )
  expect(oneLine('가'.repeat(100), 40)).toHaveLength(40)
  expect(oneLine('😀'.repeat(30), 41).isWellFormed()).toBe(true)
})

test('of many items whole ones are named, and how many more there are', () => {
  const named = Array.from({ length: 9 }, (_, at) => `The Daily Jeon: Webtoon ${at} 500원`)
  expect(itemsIn('Jeon × 9', named, 'ko')).toBe(`Jeon × 9: ${named.slice(0, 3).join(', ')} 외 6건`)
  expect(itemsIn('Jeon × 9', named, 'en')).toMatch(/500원 and 6 more$/)
  expect(itemsIn('Gold', [], 'ko')).toBe('Gold')
  expect(itemsIn('Gold', ['a 1원', 'b 2원'], 'ko')).toBe('Gold: a 1원, b 2원')
})
