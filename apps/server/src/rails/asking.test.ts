import type { Outcome } from '@jeon/camara'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Asking, type Known, type Search } from './asking.ts'
import type { Asked } from './model.ts'
import { type Moment, momentOf, passedMs } from './moment.ts'
import { safeMs } from './verdict.ts'

const timeoutMs = 1_000
const safe = safeMs(timeoutMs)
const startMs = Date.UTC(2026, 5, 1)

const fates = ['answered', 'answer_lost', 'lost', 'late', 'refused', 'put_off'] as const
type Fate = (typeof fates)[number]

const meta = { correlator: 'x' }
const yes: Outcome<'paid'> = {
  ...meta,
  outcome: 'settled',
  status: 201,
  body: 'paid',
  echoed: true,
}
const timeout: Outcome<'paid'> = { ...meta, outcome: 'unknown', reason: 'timeout', detail: '' }
const no = (code: string, status: number, retryable = false): Outcome<'paid'> => ({
  ...{ ...meta, outcome: 'declined', status, code, message: '', retryable },
  retryAfterMs: undefined,
})

/** A request, its carrier and both clocks; what it keeps is what a restart would read. */
class World {
  machineMs = 9_000
  programMs = startMs
  row: Asked = {
    ...{ attempts: 0, createdAtMs: startMs, sent: null, dueAtMs: 0, endedAtMs: null, reason: null },
  }
  has = false
  sendings = 0
  /** When it left, while it is on its way. */
  underWay: Moment | undefined
  readonly #lateMs: number
  readonly #clock = { now: () => this.programMs, machineNow: () => this.machineMs }
  readonly #asking = new Asking<Asked>(this.#clock, async (row) => {
    this.row = row
  })

  constructor(lateMs: number) {
    this.#lateMs = lateMs
  }

  pass(machineMs: number, programMs: number): void {
    this.machineMs += machineMs
    this.programMs += programMs
    if (this.underWay === undefined) return
    if (passedMs(this.underWay, momentOf(this.#clock)) < this.#lateMs) return
    this.has = true
    this.underWay = undefined
  }

  send(fate: Fate): Promise<Known<Asked, 'paid'>> {
    return this.#asking.send(this.row, async (sent) => {
      // Written down before, and nothing of it is on its way any more.
      expect(sent).toBe(this.row)
      expect(sent.sent?.last).toEqual(momentOf(this.#clock))
      expect(this.underWay).toBeUndefined()
      this.sendings += 1
      return this.#answer(fate)
    })
  }

  #answer(fate: Fate): Outcome<'paid'> {
    if (fate === 'lost') return timeout
    if (this.has) return no('ALREADY_EXISTS', 409)
    if (fate === 'refused') return no('PERMISSION_DENIED', 403)
    if (fate === 'put_off') return no('TOO_MANY_REQUESTS', 429, true)
    if (fate === 'late') this.underWay = momentOf(this.#clock)
    else this.has = true
    return fate === 'answered' ? yes : timeout
  }

  look(): Promise<Known<Asked, 'paid'>> {
    const search: Search<Asked, 'paid'> = {
      retrieve: undefined,
      forgotten: this.row,
      seek: async () =>
        this.has
          ? { is: 'found', body: 'paid' }
          : { is: 'absent', readFrom: momentOf(this.#clock) },
      timeoutMs,
    }
    return this.#asking.look(this.row, search)
  }
}

/** Tries until it is known what became of it. */
async function settle(world: World, plan: readonly Leg[]) {
  let isToSend = true
  const last: Leg = { fate: 'answered', machineMs: safe, programMs: 0 }
  for (let at = 0; at < plan.length + 10; at += 1) {
    const { fate, machineMs, programMs } = plan[at] ?? last
    const known: Known<Asked, 'paid'> = await (isToSend ? world.send(fate) : world.look())
    if (known.is !== 'rest' && known.is !== 'gone') return known.is
    if (known.is === 'rest') {
      expect(world.row).toBe(known.row)
      expect(world.row.dueAtMs).toBeGreaterThan(world.machineMs)
    }
    isToSend = known.is === 'gone'
    world.pass(machineMs, programMs)
  }
  throw new Error('never known')
}

interface Leg {
  readonly fate: Fate
  readonly machineMs: number
  readonly programMs: number
}

test('whatever is lost or late, what is told is true, and nothing is sent while it may be on its way', async () => {
  const ms = fc.integer({ min: 0, max: 2 * safe })
  const leg = fc.record({
    ...{ fate: fc.constantFrom(...fates), machineMs: ms },
    // The sandbox's clock runs, stands still or is moved on.
    programMs: fc.oneof(fc.constant(0), ms, fc.constant(40 * 86_400_000)),
  })
  const told = new Set<string>()
  await fc.assert(
    fc.asyncProperty(
      fc.array(leg, { maxLength: 12 }),
      fc.integer({ min: 1, max: safe - 1 }),
      async (plan, lateMs) => {
        const world = new World(lateMs)
        const end = await settle(world, plan)
        told.add(end)
        world.pass(safe, safe)
        expect(world.has).toBe(end === 'taken')
        if (end === 'put_off') expect(world.sendings).toBe(1)
      },
    ),
    { numRuns: 500, seed: 3 },
  )
  expect(told).toEqual(new Set(['put_off', 'refused', 'taken']))
})

test('a request that was never sent is not looked for', async () => {
  expect(await new World(1).look()).toMatchObject({ is: 'gone' })
})

test('what rests is taken up again by the machine’s time, sooner at first', async () => {
  const world = new World(1)
  const waits: number[] = []
  await world.send('lost')
  waits.push(world.row.dueAtMs - world.machineMs)
  for (let look = 0; look < 3; look += 1) {
    world.pass(100, 0)
    await world.look()
    waits.push(world.row.dueAtMs - world.machineMs)
  }
  // The last one is when not being found has a meaning.
  expect(waits).toEqual([1_000, 2_000, 4_000, safe - 300])
})
