interface Waiting<Item, Answer> {
  readonly item: Item
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Many writes in one commit: what comes while a commit is under way goes into the next one. An item that the database
 * refuses is written again alone, so that it spoils nobody else's.
 */
export class GroupCommit<Item, Answer> {
  readonly #write: (items: readonly Item[]) => Promise<readonly Answer[]>
  readonly #most: number
  #waiting: Waiting<Item, Answer>[] = []
  #running: Promise<void> | undefined

  /** `write`: all or nothing; answers in the order of the items. `most`: items of one commit. (Default: 1,000) */
  constructor(write: (items: readonly Item[]) => Promise<readonly Answer[]>, most = 1_000) {
    this.#write = write
    this.#most = most
  }

  /** Throws what `write` throws for this item. */
  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Waits for everything that was added. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    // Whoever adds in the same turn of the event loop goes into the same commit.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#most)
      await this.#commit(batch)
    }
    this.#running = undefined
  }

  async #commit(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#write(batch.map(({ item }) => item))
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index]
        if (answer === undefined) reject(new Error('a commit answers every item'))
        else resolve(answer)
      }
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error)
      else for (const one of batch) await this.#commit([one])
    }
  }
}
