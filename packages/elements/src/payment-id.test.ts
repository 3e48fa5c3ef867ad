import fc from 'fast-check'
import { fromString } from 'typeid-js'
import { expect, test } from 'vitest'
import { createTypeId, isPaymentId } from './payment-id.ts'

const random = fc.uint8Array({ minLength: 10, maxLength: 10 })
const timeMs = fc.integer({ min: 0, max: 2 ** 48 - 1 })

test('is a TypeID of a UUIDv7 with this time', () => {
  fc.assert(
    fc.property(timeMs, random, (nowMs, bytes) => {
      const id = createTypeId('pay', nowMs, bytes)
      const uuid = uuidOf(id)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)).toBe(nowMs)
      expect(isPaymentId(id)).toBe(true)
    }),
  )
})

test('sorts by time', () => {
  fc.assert(
    fc.property(timeMs, timeMs, random, random, (oneMs, otherMs, a, b) => {
      fc.pre(oneMs < otherMs)
      expect(createTypeId('pay', oneMs, a) < createTypeId('pay', otherMs, b)).toBe(true)
    }),
  )
})

test.each([
  undefined,
  '',
  'pay_',
  'pay_x',
  'wal_01kkzt9y5ee8rb5s0mp2ez1v6d',
  'pay_01kkzt9y5ee8rb5s0mp2ez1v6',
])('%j is not a payment id', (text) => {
  expect(isPaymentId(text)).toBe(false)
})

/** The library reads what this package writes. */
function uuidOf(id: `pay_${string}`): string {
  return fromString(id, 'pay').toString() === id ? parse(id) : ''
}

function parse(id: string): string {
  let bits = 0n
  for (const letter of id.slice(4)) {
    bits = (bits << 5n) | BigInt('0123456789abcdefghjkmnpqrstvwxyz'.indexOf(letter))
  }
  const hex = bits.toString(16).padStart(32, '0')
  return [0, 8, 12, 16, 20].map((from, i, all) => hex.slice(from, all[i + 1] ?? 32)).join('-')
}
