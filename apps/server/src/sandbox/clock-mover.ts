import type { Ledger } from '@jeon/ledger'
import type { CarrierClocks } from '../carriers/sandbox-clock.ts'
import type { SandboxClock } from '../clock/service.ts'
import type { LineRail } from '../rails/setup.ts'

export interface ClockMoverParts {
  readonly clock: SandboxClock
  readonly ledger: Pick<Ledger, 'tick'>
  readonly line?: LineRail | undefined
  /** Undefined where there are no carriers. */
  readonly clocks: CarrierClocks | undefined
}

/** Moves the sandbox's time. Where there are carriers they go first, and nothing that is due on the way is left out. */
export class ClockMover {
  readonly #parts: ClockMoverParts

  constructor(parts: ClockMoverParts) {
    this.#parts = parts
  }

  /** @returns false: a carrier did not follow; everybody stands where the last step ended */
  async advance(byMs: number): Promise<boolean> {
    const { clock, ledger, line, clocks } = this.#parts
    if (line === undefined || clocks === undefined) {
      await clock.advance(byMs)
      await ledger.tick()
      return true
    }
    const { rails } = line
    if (!(await clocks.agree())) return false
    const goalMs = clock.now() + byMs
    while (clock.now() < goalMs) {
      const nextMs = Math.min(goalMs, rails.nextAt(clock.now()) ?? goalMs)
      const stepMs = Math.max(1, nextMs - clock.now())
      if (!(await clocks.move(clocks.later(stepMs)))) return false
      await ledger.tick()
      await rails.work(undefined)
      await rails.settled()
    }
    return true
  }

  async freeze(frozen: boolean): Promise<boolean> {
    const { clock, clocks } = this.#parts
    if (clocks !== undefined) return clocks.move(clocks.frozen(frozen))
    await clock.freeze(frozen)
    return true
  }
}
