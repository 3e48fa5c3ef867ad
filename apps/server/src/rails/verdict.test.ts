import { describe, expect, test } from 'vitest'
import type { Moment } from './moment.ts'
import { absenceOf, backoffMs, lookAtMs, safeMs } from './verdict.ts'

const timeoutMs = 1_000
const start: Moment = { programMs: 7_000_000, machineMs: 50_000 }
const sent = { firstAtMs: 7_000_000, last: start }
const safe = safeMs(timeoutMs)
/** So much later, on either clock. */
const later = (programMs: number, machineMs: number): Moment => ({
  programMs: start.programMs + programMs,
  machineMs: start.machineMs + machineMs,
})

describe('a request that is not on the list', () => {
  test.each([
    ['both clocks', later(safe - 1, safe - 1), later(safe, safe)],
    ['the machine’s, while the sandbox’s stands still', later(0, safe - 1), later(0, safe)],
    ['the sandbox’s, which was moved on', later(safe - 1, 3), later(safe, 3)],
  ])('may be on its way until a reading begins that is late enough by %s', (_, early, late) => {
    expect(absenceOf(sent, null, early, timeoutMs)).toEqual({ is: 'unclear' })
    expect(absenceOf(sent, null, late, timeoutMs)).toEqual({ is: 'gone' })
  })

  test('was refused when the last sending was, and no sooner', () => {
    const reason = { code: 'month_limit', text: '' }
    expect(absenceOf(sent, reason, later(0, safe - 1), timeoutMs)).toEqual({ is: 'unclear' })
    expect(absenceOf(sent, reason, later(0, safe), timeoutMs)).toEqual({ is: 'refused', reason })
  })

  test('is looked for less and less often, but as soon as that means something', () => {
    const safeAtMs = 50_000 + safe
    expect(lookAtMs(sent, 0, 50_000, timeoutMs)).toBe(51_000)
    expect(lookAtMs(sent, 8, 50_000, timeoutMs)).toBe(safeAtMs)
    expect(lookAtMs(sent, 8, safeAtMs + 1, timeoutMs)).toBe(safeAtMs + 1 + backoffMs(8))
  })
})
