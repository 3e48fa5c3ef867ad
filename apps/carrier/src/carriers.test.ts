import { describe, expect, test } from 'vitest'
import { createCarriers, KOREAN_CARRIERS, SANDBOX_CARRIER } from './carriers.ts'

const NOW = Date.parse('2026-11-10T12:00:00+09:00')

describe('carriers', () => {
  test('have their own settings over the rules of their market', () => {
    const carriers = createCarriers()
    const at = (id: string, ms = NOW) => {
      const profile = carriers.get(id)?.profileAt(ms)
      if (profile === undefined) throw new Error(`there is no carrier ${id}`)
      return profile
    }
    const blockedOn = (id: string) =>
      at(id).dunning.ladder.find(({ stage }) => stage === 'blocked')?.day
    expect([blockedOn('skt'), blockedOn('kt'), blockedOn('lgu')]).toEqual([10, 7, 7])
    const minors = (id: string) =>
      at(id).limits.tiers.find(({ ageTo }) => ageTo < 19)?.ceiling.month
    expect([minors('skt'), minors('kt'), minors('lgu')]).toEqual(['300000', '100000', '300000'])
    expect(at('skt').blocks.unblock.coolingOffHours).toBe(24)
    expect(at('kt').blocks.unblock.coolingOffHours).toBe(0)
    expect(at('kt').version).toBe('KR-2025-09-15+kt')
    // In May 2020 KT had raised its ceiling already and SKT had not.
    const may = Date.parse('2020-05-15T12:00:00+09:00')
    expect(at('skt', may).limits.regulatory.at(-1)?.from).toBe('2020-06-01')
    expect(at('kt', may).limits.regulatory.at(-1)?.from).toBe('2020-04-01')
    expect(carriers.get('kt')?.profileOf(at('kt', may).version)).toEqual(at('kt', may))
    expect(() => carriers.get('kt')?.profileAt(0)).toThrow('had no rules')
    expect(() => carriers.get('kt')?.profileOf('KR-1900-01-01')).toThrow('no profile')
  })

  test('may be of the fictional market, and share neither id nor shard', () => {
    const all = createCarriers([...KOREAN_CARRIERS, SANDBOX_CARRIER])
    expect(all.get('sandbox')?.profileAt(NOW).market).toBe('sandbox')
    expect(() => createCarriers([SANDBOX_CARRIER, { ...SANDBOX_CARRIER, id: 'x' }])).toThrow(
      RangeError,
    )
  })
})
