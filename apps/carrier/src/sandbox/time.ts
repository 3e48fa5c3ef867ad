import type { ClockPosition, TestClock } from '@jeon/clock'
import type { Log } from '../log.ts'

/** Work that falls due by time. */
export interface DueWork {
  /** When the next of it is due, Unix milliseconds; undefined: nothing is known of. */
  nextAt(): Promise<number | undefined>
  /** Does what is due by then, in the order of time. */
  runUntil(ms: number): Promise<void>
}

export interface TimeParts {
  readonly clock: TestClock
  readonly machineMs: () => number
  readonly agenda: DueWork
  /** What also looks at the clock and holds nothing back: told after each move. */
  readonly followers: readonly (() => Promise<void>)[]
}

/** A position that lies before what the clock already showed. */
export class ClockBackwards extends RangeError {
  override readonly name = 'ClockBackwards'
}

/**
 * The sandbox's time: moves the clock and does what falls due on the way at its own time, so that months that pass in
 * a second pass in order. One at a time: a move, or a turn of the ticker.
 */
export class SandboxTime {
  readonly #parts: TimeParts
  #last: Promise<unknown> = Promise.resolve()
  #isBusy = false

  constructor(parts: TimeParts) {
    this.#parts = parts
  }

  /**
   * Brings the clock to a position; answers when everything up to then is done.
   *
   * @throws {@link ClockBackwards}
   */
  moveTo(position: ClockPosition): Promise<void> {
    return this.#alone(() => this.#moveTo(position))
  }

  /** Runs the clock forward by so much. */
  advance(byMs: number): Promise<void> {
    return this.#alone(() => {
      const { offsetMs, frozenAtMs } = this.#parts.clock.position
      return this.#moveTo(
        frozenAtMs === null
          ? { offsetMs: offsetMs + byMs, frozenAtMs }
          : { offsetMs, frozenAtMs: frozenAtMs + byMs },
      )
    })
  }

  /** Does what is due now. Skipped while the last turn still runs: what is due then is due in the next one too. */
  async tick(): Promise<void> {
    if (this.#isBusy) return
    await this.#alone(() => this.#catchUp())
  }

  /** Waits for what is under way. */
  async idle(): Promise<void> {
    await this.#last.catch(() => undefined)
  }

  async #moveTo(position: ClockPosition): Promise<void> {
    const { clock, machineMs, agenda } = this.#parts
    const startMs = clock.now()
    const targetMs = position.frozenAtMs ?? machineMs() + position.offsetMs
    if (targetMs < startMs) {
      throw new ClockBackwards('the clock of the sandbox does not go back')
    }
    try {
      for (;;) {
        const nextMs = await agenda.nextAt()
        if (nextMs === undefined || nextMs > targetMs) break
        // It stands while the work of a moment is done: that work happens then, not a little later.
        const atMs = Math.max(nextMs, clock.now())
        await clock.move({ offsetMs: atMs - machineMs(), frozenAtMs: atMs })
        await agenda.runUntil(atMs)
      }
    } catch (error) {
      await this.#letGo(position, clock.now())
      throw error
    }
    await clock.move(position)
    await this.#catchUp()
  }

  /** A move that broke off leaves the clock where the work stopped, running if it was to run. */
  async #letGo({ frozenAtMs }: ClockPosition, atMs: number): Promise<void> {
    const { clock, machineMs } = this.#parts
    await clock.move({
      offsetMs: atMs - machineMs(),
      frozenAtMs: frozenAtMs === null ? null : atMs,
    })
  }

  async #catchUp(): Promise<void> {
    const { clock, agenda, followers } = this.#parts
    await agenda.runUntil(clock.now())
    for (const follow of followers) await follow()
  }

  #alone<T>(task: () => Promise<T>): Promise<T> {
    const run = async () => {
      this.#isBusy = true
      try {
        return await task()
      } finally {
        this.#isBusy = false
      }
    }
    const mine = this.#last.then(run, run)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}

/** Calls `turn` every so often, never twice at once; a turn that fails is written down and the next one tried. */
export function startTicker(
  turn: () => Promise<void>,
  { everyMs, log }: { readonly everyMs: number; readonly log: Log },
): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let running: Promise<void> = Promise.resolve()
  const next = () => {
    if (isStopped) return
    timer = setTimeout(() => {
      running = turn()
        .catch((error: unknown) => log.failure('ticker.failed', error))
        .then(next)
    }, everyMs)
  }
  next()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
