import { type AccountTable, type Slot, STATE_INTS } from './accounts.ts'

const ENTRY_INTS = STATE_INTS + 1

/** A point to go back to. */
export interface UndoMark {
  readonly ints: number
  readonly steps: number
}

/**
 * What a batch changed, so that memory can go back when the database refuses it. Account states
 * are copied before they change; rarer changes leave a function that takes them back.
 */
export class UndoLog {
  #ints = new Int32Array(1024 * ENTRY_INTS)
  #length = 0
  readonly #steps: (() => void)[] = []

  /** Keeps the account's present state. Call before changing it. */
  keep(accounts: AccountTable, slot: Slot): void {
    if (this.#length + ENTRY_INTS > this.#ints.length) this.#grow()
    this.#ints[this.#length] = slot
    accounts.copyState(slot, this.#ints, this.#length + 1)
    this.#length += ENTRY_INTS
  }

  step(undo: () => void): void {
    this.#steps.push(undo)
  }

  mark(): UndoMark {
    return { ints: this.#length, steps: this.#steps.length }
  }

  /** Takes everything after `mark` back, newest first. (Default: everything) */
  rollback(accounts: AccountTable, mark: UndoMark = { ints: 0, steps: 0 }): void {
    while (this.#steps.length > mark.steps) this.#steps.pop()!()
    while (this.#length > mark.ints) {
      this.#length -= ENTRY_INTS
      accounts.restoreState(this.#ints[this.#length]!, this.#ints, this.#length + 1)
    }
  }

  clear(): void {
    this.#length = 0
    this.#steps.length = 0
  }

  #grow(): void {
    const bigger = new Int32Array(this.#ints.length * 2)
    bigger.set(this.#ints)
    this.#ints = bigger
  }
}
