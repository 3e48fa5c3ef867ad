import { isTransferId } from '@jeon/ledger'
import { expect, test } from 'vitest'
import { createId, createPaymentId, otherLegOf, sequelOf, transferIdOf } from './ids.ts'

/** With its dashes again. */
function dashed(id: string): string {
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20]]
    .map(([from, to]) => id.slice(from, to))
    .join('-')
}

const NOW = 1_794_279_600_000

test('ids of payments, of their other legs and of what follows never meet', () => {
  const all = new Set<string>()
  for (let count = 0; count < 500; count++) {
    const uuid = createPaymentId(NOW)
    const id = transferIdOf(uuid)
    expect(dashed(id)).toBe(uuid)
    expect(Number.parseInt(uuid.slice(-1), 16) % 2).toBe(0)
    for (const one of [
      id,
      ...(['capture', 'void', 'denial', 'payout'] as const).map((sequel) => sequelOf(uuid, sequel)),
    ]) {
      expect(otherLegOf(otherLegOf(one))).toBe(one)
      // A UUID of version 7 with the time of its payment, as the ledger likes it.
      expect(dashed(one)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/)
      expect(one.slice(0, 12)).toBe(NOW.toString(16).padStart(12, '0'))
      for (const leg of [one, otherLegOf(one)]) {
        expect(isTransferId(leg)).toBe(true)
        all.add(leg)
      }
    }
    expect(sequelOf(uuid, 'capture')).toBe(sequelOf(uuid, 'capture'))
  }
  expect(all.size).toBe(500 * 5 * 2)
  expect(createId('line', NOW)).toMatch(/^line_[0-9a-z]{26}$/)
})
