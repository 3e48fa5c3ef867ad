import type { Runtime } from '../src/runtime.ts'
import type { Random } from './random.ts'

interface Timer {
  readonly atMs: number
  readonly task: () => void
  readonly owner: Process | undefined
}

/** Whose tasks they are: those of a process that has crashed never run. */
export interface Process {
  isDead: boolean
}

/** Time that passes only when nothing is left to do, and tasks that run in an order drawn from the seed. */
export class VirtualTime {
  nowMs: number
  /** What the test clock is ahead of the wall clock. */
  aheadMs = 0
  readonly #random: Random
  #soon: Timer[] = []
  #timers: Timer[] = []

  constructor(random: Random, startMs: number) {
    this.#random = random
    this.nowMs = startMs
  }

  runtimeFor(owner: Process): Runtime {
    return {
      clock: () => this.nowMs + this.aheadMs,
      wallClock: () => this.nowMs,
      soon: (task) => this.#soon.push({ atMs: this.nowMs, task, owner }),
      later: (delayMs, task) => this.after(delayMs, task, owner),
    }
  }

  /** Runs `task` after `delayMs` of virtual time. The result cancels it. */
  after(delayMs: number, task: () => void, owner?: Process): () => void {
    const timer: Timer = { atMs: this.nowMs + delayMs, task, owner }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve)
    })
  }

  /** Runs tasks one by one until `isOver` or nothing is left; false: nothing is left. */
  async run(isOver: () => boolean, untilMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    await settled()
    while (!isOver()) {
      const next = this.#next(untilMs)
      if (next === undefined) return false
      if (next.owner?.isDead === true) continue
      next.task()
      await settled()
    }
    return true
  }

  #next(untilMs: number): Timer | undefined {
    const [first] = this.#soon
    if (first !== undefined && !this.#random.chance(0.1)) return this.#soon.shift()
    let earliest = Number.POSITIVE_INFINITY
    for (const { atMs } of this.#timers) if (atMs < earliest) earliest = atMs
    if (first !== undefined && earliest > this.nowMs) return this.#soon.shift()
    if (earliest === Number.POSITIVE_INFINITY || earliest > untilMs) return undefined
    const due = this.#timers.filter(({ atMs }) => atMs <= earliest)
    const timer = this.#random.pick(due)
    this.#timers.splice(this.#timers.indexOf(timer), 1)
    this.nowMs = Math.max(this.nowMs, earliest)
    return timer
  }
}

/** After every promise that can go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
