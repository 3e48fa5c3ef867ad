/** Tasks of the same key run one after the other, in the order in which they came; others do not wait. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs `task` when all earlier ones of `key` are over, however they ended. */
  take<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const mine = before.then(task, task)
    this.#last.set(key, mine)
    const forget = () => {
      if (this.#last.get(key) === mine) this.#last.delete(key)
    }
    mine.then(forget, forget)
    return mine
  }
}
