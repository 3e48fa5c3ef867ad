import { TestClock } from '@jeon/clock'
import { expect, test } from 'vitest'
import { ClockBackwards, SandboxTime } from './time.ts'

const DAY_MS = 86_400_000

/** Work that falls due at given times and says what the clock showed when it was done. */
function sandbox(dueMs: readonly number[], machine = { ms: 0 }) {
  const clock = new TestClock({ machineMs: () => machine.ms, save: async () => undefined })
  const waiting = [...dueMs]
  const seen: { due: number; now: number }[] = []
  let failAt: number | undefined
  const agenda = {
    nextAt: async () => waiting[0],
    runUntil: async (ms: number) => {
      while (waiting[0] !== undefined && waiting[0] <= ms) {
        if (waiting[0] === failAt) throw new Error('broken')
        seen.push({ due: waiting.shift() ?? 0, now: clock.now() })
      }
    },
  }
  const time = new SandboxTime({ clock, machineMs: () => machine.ms, agenda, followers: [] })
  const breakAt = (ms: number | undefined) => {
    failAt = ms
  }
  return { clock, time, seen, machine, breakAt }
}

test('what falls due on the way is done at its own time and in order', async () => {
  const { clock, time, seen } = sandbox([10, 20, 31 * DAY_MS, 40 * DAY_MS, 41 * DAY_MS])
  await time.advance(40 * DAY_MS)
  expect(seen).toEqual([10, 20, 31 * DAY_MS, 40 * DAY_MS].map((due) => ({ due, now: due })))
  expect(clock.now()).toBe(40 * DAY_MS)
  expect(clock.frozen).toBe(false)
})

test('work that was missed is done now, not in the past', async () => {
  const { time, seen, machine } = sandbox([10])
  machine.ms = 500
  await time.advance(100)
  expect(seen).toEqual([{ due: 10, now: 500 }])
})

test('the clock does not go back, and a frozen one stays frozen', async () => {
  const { clock, time } = sandbox([])
  await time.moveTo({ offsetMs: 0, frozenAtMs: 5_000 })
  await expect(time.moveTo({ offsetMs: 0, frozenAtMs: 4_999 })).rejects.toThrow(ClockBackwards)
  await time.advance(1_000)
  expect(clock.position.frozenAtMs).toBe(6_000)
})

test('a move that breaks off stays where the work stopped and goes on from there', async () => {
  const { clock, time, seen, breakAt } = sandbox([10, 20, 30])
  breakAt(20)
  await expect(time.advance(100)).rejects.toThrow('broken')
  expect(clock.now()).toBe(20)
  expect(clock.frozen).toBe(false)
  breakAt(undefined)
  await time.advance(80)
  expect(seen.map(({ due }) => due)).toEqual([10, 20, 30])
  expect(clock.now()).toBe(100)
})

test('moves and turns of the ticker come one after the other', async () => {
  const { clock, time, seen } = sandbox([10, 20])
  await Promise.all([time.advance(15), time.tick(), time.advance(15)])
  expect(seen.map(({ now }) => now)).toEqual([10, 20])
  expect(clock.now()).toBe(30)
})
