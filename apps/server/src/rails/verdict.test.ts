import { describe, expect, test } from 'vitest'
import { absenceOf, backoffMs, lookAtMs, safeMs } from './verdict.ts'

const timeoutMs = 1_000
const sent = { lastSentAtMs: 50_000, reason: null, attempts: 0 }
const safeAtMs = sent.lastSentAtMs + safeMs(timeoutMs)

describe('a request that is not on the list', () => {
  test('may be on its way until a reading begins that is late enough', () => {
    expect(absenceOf(sent, safeAtMs - 1, timeoutMs)).toEqual({ is: 'unclear' })
    expect(absenceOf(sent, safeAtMs, timeoutMs)).toEqual({ is: 'gone' })
  })

  test('was refused when the last sending was, and no sooner', () => {
    const reason = { code: 'month_limit', text: '' }
    const refused = { ...sent, reason }
    expect(absenceOf(refused, safeAtMs - 1, timeoutMs)).toEqual({ is: 'unclear' })
    expect(absenceOf(refused, safeAtMs, timeoutMs)).toEqual({ is: 'refused', reason })
  })

  test('is looked for less and less often, but as soon as that means something', () => {
    expect(lookAtMs(sent, 50_000, timeoutMs)).toBe(51_000)
    expect(lookAtMs({ ...sent, attempts: 8 }, 50_000, timeoutMs)).toBe(safeAtMs)
    const later = safeAtMs + 1
    expect(lookAtMs({ ...sent, attempts: 8 }, later, timeoutMs)).toBe(later + backoffMs(8))
  })
})
