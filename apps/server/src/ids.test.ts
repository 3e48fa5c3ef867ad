import fc from 'fast-check'
import { TypeID } from 'typeid-js'
import { describe, expect, test } from 'vitest'
import { createId, createUuid, derivedUuid, typeIdOf, uuidOf } from './ids.ts'

const uuids = fc.uuid().map((uuid) => uuid.replaceAll('-', ''))

function dashed(uuid: string): string {
  return uuid.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

describe('TypeIDs', () => {
  test('are written and read as the reference implementation does', () => {
    fc.assert(
      fc.property(uuids, (uuid) => {
        const ours = typeIdOf('pay', uuid)
        expect(ours).toBe(TypeID.fromUUID('pay', dashed(uuid)).toString())
        expect(uuidOf('pay', ours)).toBe(uuid)
      }),
      { numRuns: 500 },
    )
  })

  test('refuse what is not one', () => {
    const good = typeIdOf('pay', '0'.repeat(32))
    for (const bad of [
      '',
      'pay_',
      good.slice(0, -1),
      `${good}0`,
      good.toUpperCase(),
      good.replace('pay', 'rfd'),
      good.replace('_', '-'),
      `pay_8${'0'.repeat(25)}`,
      `pay_${'l'.repeat(26)}`,
      `pay_0${'é'.repeat(25)}`,
      `pay_0${'서'.repeat(25)}`,
    ]) {
      expect(uuidOf('pay', bad), bad).toBeUndefined()
    }
  })

  test('of new things carry their time and sort by it', () => {
    const early = createId('pay', 1_700_000_000_000)
    const late = createId('pay', 1_700_000_000_001)
    expect(early < late).toBe(true)
    expect(Number.parseInt(createUuid(1_700_000_000_000).slice(0, 12), 16)).toBe(1_700_000_000_000)
    expect(createUuid(1)[12]).toBe('7')
    expect(new Set(Array.from({ length: 5_000 }, () => createId('req', 5))).size).toBe(5_000)
  })

  test('derived from a text differ by noun, owner and text, and are UUIDv8', () => {
    const one = derivedUuid('pay', 7, 'order-1')
    expect(one).toBe(derivedUuid('pay', 7, 'order-1'))
    expect(one).toMatch(/^[0-9a-f]{12}8[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
    expect(derivedUuid('rfd', 7, 'order-1')).not.toBe(one)
    expect(derivedUuid('pay', 8, 'order-1')).not.toBe(one)
    expect(derivedUuid('pay', 7, 'order-2')).not.toBe(one)
  })
})
