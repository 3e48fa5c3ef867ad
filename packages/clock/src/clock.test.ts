import { describe, expect, test } from 'vitest'
import { type ClockPosition, durationMs, TestClock } from './index.ts'

test('reads durations', () => {
  expect(durationMs('40d')).toBe(40 * 86_400_000)
  expect(durationMs('1w1d1h1m1s1ms')).toBe(694_861_001)
  for (const text of ['', '1', 'd', '1y', '1.5d', ' 1d']) expect(durationMs(text)).toBeUndefined()
})

describe('the test clock', () => {
  const at = (machine: { ms: number }, saved: ClockPosition[] = []) =>
    new TestClock({
      machineMs: () => machine.ms,
      save: async (position) => {
        saved.push(position)
      },
    })

  test('runs with the machine, stops, and runs on from where it stood', async () => {
    const machine = { ms: 1_000 }
    const saved: ClockPosition[] = []
    const clock = at(machine, saved)
    await clock.advance(500)
    machine.ms = 1_100
    expect(clock.now()).toBe(1_600)
    expect(clock.machineNow()).toBe(1_100)
    await clock.freeze(true)
    machine.ms = 9_000
    expect(clock.now()).toBe(1_600)
    await clock.advance(400)
    expect(clock.now()).toBe(2_000)
    await clock.freeze(false)
    machine.ms = 9_001
    expect(clock.now()).toBe(2_001)
    expect(saved).toHaveLength(4)
    expect(clock.position).toEqual(saved.at(-1))
  })

  test('stays where it is when a move cannot be kept', async () => {
    const clock = new TestClock({ machineMs: () => 7, save: () => Promise.reject(new Error('no')) })
    await expect(clock.advance(10)).rejects.toThrow('no')
    expect(clock.now()).toBe(7)
  })
})
