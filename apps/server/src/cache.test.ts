import { expect, test } from 'vitest'
import { Cache } from './cache.ts'

test('a cache keeps what is asked for and stays within its bound', () => {
  const cache = new Cache<number, string>({ entriesMax: 10 })
  cache.set(0, 'kept')
  for (let key = 1; key < 100; key += 1) {
    cache.set(key, 'x')
    expect(cache.get(0)).toBe('kept')
    expect(cache.size).toBeLessThanOrEqual(11)
  }
  expect(cache.get(1)).toBeUndefined()
})

test('an entry ends after its time, and at once when it is forgotten', () => {
  let nowMs = 0
  const cache = new Cache<string, number>({ entriesMax: 4, ttlMs: 100, monotonicMs: () => nowMs })
  cache.set('a', 1)
  nowMs = 99
  expect(cache.get('a')).toBe(1)
  nowMs = 100
  expect(cache.get('a')).toBeUndefined()
  cache.set('b', 2)
  cache.forget('b')
  expect(cache.get('b')).toBeUndefined()
})
