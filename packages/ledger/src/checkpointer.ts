import type { Slot } from './accounts.ts'
import type { Sequence } from './model.ts'
import type { AccountCheckpoint } from './store.ts'
import type { ShardWriter } from './writer.ts'

const ACCOUNTS_AT_ONCE = 2_000

/**
 * Writes the states of changed accounts down from time to time, so that opening a shard folds only
 * the end of its journal. Each row says after which transfer it was true, so no moment has to be
 * stopped for it.
 */
export class Checkpointer {
  readonly #writer: ShardWriter
  #lastSequence: Sequence
  #running: Promise<boolean> | undefined

  constructor(writer: ShardWriter, lastSequence: Sequence) {
    this.#writer = writer
    this.#lastSequence = lastSequence
  }

  /** Starts a sweep when `every` transfers were committed since the last one. */
  maybe(every: number): void {
    if (this.#running !== undefined) return
    if (this.#writer.pipeline.committedSequence - this.#lastSequence < every) return
    this.sweep().catch(() => false)
  }

  /**
   * One sweep over everything that changed until now. False: decisions were taken back meanwhile,
   * so it counts for nothing.
   */
  async sweep(): Promise<boolean> {
    while (this.#running !== undefined) await this.#running.catch(() => false)
    this.#running = this.#sweep().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #sweep(): Promise<boolean> {
    const writer = this.#writer
    const { state, store } = writer
    // Once it is over, memory holds what never became durable.
    if (writer.pipeline.isOver) return false
    const { generation } = writer.pipeline
    const sequence = state.nextSequence - 1
    const holds = Array.from(state.holds.all(), (hold) => hold.sequence)
    const changed = [...state.accounts.unsaved()]
    await writer.pipeline.committed(sequence)
    for (let at = 0; at < changed.length; at += ACCOUNTS_AT_ONCE) {
      if (writer.pipeline.generation !== generation) return false
      if (!(await this.#save(changed.slice(at, at + ACCOUNTS_AT_ONCE), generation))) return false
    }
    if (writer.pipeline.generation !== generation) return false
    await store.saveCheckpoint(sequence, holds)
    this.#lastSequence = sequence
    return true
  }

  async #save(slots: readonly Slot[], generation: number): Promise<boolean> {
    const writer = this.#writer
    const { accounts, windows } = writer.state
    const asOf = writer.state.nextSequence - 1
    // Unsaved accounts are never forgotten, so these slots are still theirs.
    const states = slots.map((slot): AccountCheckpoint => {
      const number = accounts.numberAt(slot)
      return {
        number,
        state: accounts.stateAt(slot, asOf),
        scoped: new Map(windows.scopedOf(number)),
      }
    })
    await writer.pipeline.committed(asOf)
    if (writer.pipeline.generation !== generation) return false
    await writer.store.saveAccounts(states)
    if (writer.pipeline.generation !== generation) return false
    for (const slot of slots) accounts.setSavedSequence(slot, asOf)
    return true
  }
}
