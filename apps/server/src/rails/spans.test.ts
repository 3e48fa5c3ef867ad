import fc from 'fast-check'
import { expect, test } from 'vitest'
import { merged, type Span, uncovered } from './spans.ts'

const spanOf = ([fromMs, length]: readonly [number, number]): Span => ({
  fromMs,
  toMs: fromMs + length,
})
const span = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 8 })).map(spanOf)
const spans = fc.array(span, { maxLength: 8 })

function momentsOf(all: readonly Span[]): Set<number> {
  return new Set(
    all.flatMap(({ fromMs, toMs }) =>
      Array.from({ length: toMs - fromMs + 1 }, (_, index) => fromMs + index),
    ),
  )
}

test('merged spans are the same moments, each once and none next to another', () => {
  fc.assert(
    fc.property(spans, (given) => {
      const joined = merged(given)
      expect(momentsOf(joined)).toEqual(momentsOf(given))
      for (const [index, { fromMs }] of joined.entries()) {
        const before = joined[index - 1]
        if (before !== undefined) expect(fromMs).toBeGreaterThan(before.toMs + 1)
      }
    }),
  )
})

test('what is uncovered is every moment that no other has', () => {
  fc.assert(
    fc.property(span, spans, (whole, others) => {
      const taken = momentsOf(others)
      const want = [...momentsOf([whole])].filter((moment) => !taken.has(moment))
      expect([...momentsOf(uncovered(whole, others))]).toEqual(want)
    }),
  )
})
