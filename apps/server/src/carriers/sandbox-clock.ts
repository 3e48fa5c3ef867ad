import type { ClockPosition } from '@jeon/clock'
import { z } from 'zod'
import type { SandboxClock } from '../clock/service.ts'
import type { Carriers } from './carriers.ts'

/** A month end with its bills takes a carrier a while. In milliseconds. */
const moveTimeoutMs = 600_000

const askTimeoutMs = 10_000
/** Two programs do not read the machine's clock in the same instant. In milliseconds. */
const toleranceMs = 1_000

const carrierClock = z.looseObject({ offset_ms: z.int(), frozen_at_ms: z.int().nullable() })

export interface ClockMoveParts {
  readonly clock: SandboxClock
  readonly carriers: Carriers
  readonly fetch: typeof globalThis.fetch
}

/** Keeps the sandbox's carriers at the platform's time. They go first: what they send is never from the future here. */
export class CarrierClocks {
  readonly #parts: ClockMoveParts

  constructor(parts: ClockMoveParts) {
    this.#parts = parts
  }

  /**
   * Ends on one time when carriers and platform stopped on two: whoever is ahead is followed, since no clock goes back.
   *
   * @returns false: a carrier could not be asked, or did not follow
   */
  async agree(): Promise<boolean> {
    const { clock } = this.#parts
    for (const root of this.#roots()) {
      const position = await this.#positionOf(root)
      if (position === undefined) return false
      const atMs = position.frozenAtMs ?? clock.machineNow() + position.offsetMs
      if (atMs > clock.now() + toleranceMs) await clock.move(position)
    }
    const { offsetMs, frozenAtMs } = clock.position
    return this.tell({ offsetMs, frozenAtMs })
  }

  /** Moves carriers and platform. @returns false: a carrier did not follow, and the platform has not moved */
  async move(position: ClockPosition): Promise<boolean> {
    const followed = await this.tell(position)
    if (followed) await this.#parts.clock.move(position)
    return followed
  }

  /** Moves the carriers alone; several in one program are told once. */
  async tell({ offsetMs, frozenAtMs }: ClockPosition): Promise<boolean> {
    const body = JSON.stringify({ offset_ms: offsetMs, frozen_at_ms: frozenAtMs })
    for (const root of this.#roots()) {
      try {
        const response = await this.#parts.fetch(new URL('/sandbox/clock', root), {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body,
          signal: AbortSignal.timeout(moveTimeoutMs),
        })
        await response.body?.cancel()
        if (!response.ok) return false
      } catch {
        return false
      }
    }
    return true
  }

  /** Several carriers in one program are one. */
  #roots(): Set<string> {
    return new Set([...this.#parts.carriers.values()].map(({ apiRoot }) => new URL(apiRoot).origin))
  }

  async #positionOf(root: string): Promise<ClockPosition | undefined> {
    try {
      const response = await this.#parts.fetch(new URL('/sandbox/clock', root), {
        signal: AbortSignal.timeout(askTimeoutMs),
      })
      const read = carrierClock.safeParse(await response.json())
      if (!response.ok || !read.success) return undefined
      return { offsetMs: read.data.offset_ms, frozenAtMs: read.data.frozen_at_ms }
    } catch {
      return undefined
    }
  }

  /** The position so many milliseconds later. */
  later(byMs: number): ClockPosition {
    const { offsetMs, frozenAtMs } = this.#parts.clock.position
    return frozenAtMs === null
      ? { offsetMs: offsetMs + byMs, frozenAtMs }
      : { offsetMs, frozenAtMs: frozenAtMs + byMs }
  }

  /** The position stopped, or running on. */
  frozen(frozen: boolean): ClockPosition {
    const { clock } = this.#parts
    if (frozen === clock.frozen) return clock.position
    return { offsetMs: clock.offsetMs, frozenAtMs: frozen ? clock.now() : null }
  }
}
