/** Where time comes from: Unix milliseconds. Passed in everywhere, because the sandbox's can be moved. */
export interface Clock {
  /** The program's time. In the sandbox this is the test clock. */
  now(): number
  /** The machine's time, which no test clock moves: for ids, whose age the ledger reads. */
  machineNow(): number
}

/** Where a test clock is, compared with the machine's. */
export interface ClockPosition {
  readonly offsetMs: number
  /** `null` while the clock runs. */
  readonly frozenAtMs: number | null
}

export interface TestClockOptions {
  readonly machineMs: () => number
  readonly position?: ClockPosition
  /** Keeps a new position before it holds. */
  readonly save: (position: ClockPosition) => Promise<void>
}

/** The sandbox's clock: runs with the machine's, can be frozen and moved forward, never back. */
export class TestClock implements Clock {
  readonly #machineMs: () => number
  readonly #save: (position: ClockPosition) => Promise<void>
  #position: ClockPosition

  constructor({ machineMs, position, save }: TestClockOptions) {
    this.#machineMs = machineMs
    this.#save = save
    this.#position = position ?? { offsetMs: 0, frozenAtMs: null }
  }

  now(): number {
    return this.#position.frozenAtMs ?? this.#machineMs() + this.#position.offsetMs
  }

  machineNow(): number {
    return this.#machineMs()
  }

  get position(): ClockPosition {
    return this.#position
  }

  get frozen(): boolean {
    return this.#position.frozenAtMs !== null
  }

  get offsetMs(): number {
    return this.now() - this.#machineMs()
  }

  async advance(byMs: number): Promise<void> {
    const { offsetMs, frozenAtMs } = this.#position
    await this.move(
      frozenAtMs === null
        ? { offsetMs: offsetMs + byMs, frozenAtMs }
        : { offsetMs, frozenAtMs: frozenAtMs + byMs },
    )
  }

  /** Stops the clock, or lets it run on from where it stands. */
  async freeze(frozen: boolean): Promise<void> {
    if (frozen === this.frozen) return
    const nowMs = this.now()
    await this.move({ offsetMs: nowMs - this.#machineMs(), frozenAtMs: frozen ? nowMs : null })
  }

  /** Takes a position as it is: how several programs of one sandbox keep the same time. */
  async move(position: ClockPosition): Promise<void> {
    await this.#save(position)
    this.#position = position
  }
}
