import type { Database } from '../database.ts'
import type { Clock } from './model.ts'

/** Where the sandbox's clock is, compared with the machine's. */
interface Position {
  readonly offsetMs: number
  readonly frozenAtMs: number | null
}

/** The sandbox's test clock: runs with the machine's, can be frozen and moved forward, never back. */
export class SandboxClock implements Clock {
  readonly #database: Database
  readonly #machineMs: () => number
  #position: Position

  private constructor(database: Database, machineMs: () => number, position: Position) {
    this.#database = database
    this.#machineMs = machineMs
    this.#position = position
  }

  /** Opens the clock where it was left. */
  static async open(database: Database, machineMs: () => number): Promise<SandboxClock> {
    const row = await database.selectFrom('jeon.sandbox_clock').selectAll().executeTakeFirst()
    const frozen = row?.frozen_at_ms ?? null
    return new SandboxClock(database, machineMs, {
      offsetMs: Number(row?.offset_ms ?? 0),
      frozenAtMs: frozen === null ? null : Number(frozen),
    })
  }

  now(): number {
    return this.#position.frozenAtMs ?? this.#machineMs() + this.#position.offsetMs
  }

  machineNow(): number {
    return this.#machineMs()
  }

  get frozen(): boolean {
    return this.#position.frozenAtMs !== null
  }

  get offsetMs(): number {
    return this.now() - this.#machineMs()
  }

  async advance(byMs: number): Promise<void> {
    const { offsetMs, frozenAtMs } = this.#position
    await this.#move(
      frozenAtMs === null
        ? { offsetMs: offsetMs + byMs, frozenAtMs }
        : { offsetMs, frozenAtMs: frozenAtMs + byMs },
    )
  }

  /** Stops the clock, or lets it run on from where it stands. */
  async freeze(frozen: boolean): Promise<void> {
    if (frozen === this.frozen) return
    const nowMs = this.now()
    await this.#move({
      offsetMs: nowMs - this.#machineMs(),
      frozenAtMs: frozen ? nowMs : null,
    })
  }

  async #move(position: Position): Promise<void> {
    const values = { offset_ms: position.offsetMs, frozen_at_ms: position.frozenAtMs }
    await this.#database
      .insertInto('jeon.sandbox_clock')
      .values({ only_row: true, ...values })
      .onConflict((conflict) => conflict.column('only_row').doUpdateSet(values))
      .execute()
    this.#position = position
  }
}

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Ten years: further than any billing calendar has to be tried. */
export const advanceMaxMs = 3_660 * unitsMs.d

/** Milliseconds of a text such as `40d`, `2h` or `1d12h`; undefined when it is none. */
export function durationMs(text: string): number | undefined {
  if (text.length > 40 || !/^(\d{1,9}(ms|s|m|h|d|w))+$/.test(text)) return undefined
  let total = 0
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|s|m|h|d|w)/g)) {
    if (unit === undefined || !isUnit(unit)) return undefined
    total += Number(count) * unitsMs[unit]
  }
  return total
}

function isUnit(text: string): text is keyof typeof unitsMs {
  return Object.hasOwn(unitsMs, text)
}
