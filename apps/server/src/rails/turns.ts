/** So many are worked on at once that nobody waits for: a carrier has others to answer too. */
export const workAtOnce = 32

/**
 * Does something for each, so many at a time. All of them are tried.
 *
 * @throws the first error, when all have ended
 */
export async function abreast<T>(
  most: number,
  items: readonly T[],
  action: (item: T) => Promise<unknown>,
): Promise<void> {
  const waiting = items.values()
  const errors: unknown[] = []
  const lane = async () => {
    for (const item of waiting) {
      await action(item).catch((error: unknown) => errors.push(error))
    }
  }
  await Promise.all(Array.from({ length: most }, lane))
  if (errors.length > 0) throw errors[0]
}

/** One at a time for each key, in the order they came: a request and the worker must not take the same step twice. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  async take<T>(key: string, action: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const turn = before.then(action, action)
    const settled = turn.catch(() => undefined)
    this.#last.set(key, settled)
    try {
      return await turn
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key)
    }
  }

  /** Whether something is under way or waits under a key. */
  isTaken(key: string): boolean {
    return this.#last.has(key)
  }

  /** Done when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values())
  }
}
