import { timeOfId } from './ids.ts'
import type { TransferId } from './model.ts'

/**
 * Remembers the newest ids by a fingerprint, in two generations of typed arrays. It may say "seen"
 * of an id that was not (then SQL is asked), and forgets the oldest; the unique index in SQL
 * remembers for ever.
 */
export class RecentIds {
  readonly #capacity: number
  readonly #mask: number
  #young: Uint32Array
  #old: Uint32Array
  #youngSize = 0
  /** Everything accepted since this time is remembered. Unix milliseconds. */
  #completeSinceMs: number
  #youngSinceMs: number

  /** `capacity`: ids a generation; a power of two. `nowMs`: nothing before this is known. */
  constructor(nowMs: number, capacity = 2 ** 19) {
    this.#capacity = capacity
    this.#mask = capacity * 4 - 1
    this.#young = new Uint32Array(capacity * 4)
    this.#old = new Uint32Array(capacity * 4)
    this.#completeSinceMs = nowMs
    this.#youngSinceMs = nowMs
  }

  has(id: TransferId): boolean {
    const print = fingerprint(id)
    return this.#find(this.#young, id, print) || this.#find(this.#old, id, print)
  }

  add(id: TransferId, nowMs: number): void {
    if (this.#youngSize >= this.#capacity) this.#turn(nowMs)
    const print = fingerprint(id)
    let at = bucket(id) & this.#mask
    while (this.#young[at] !== 0) {
      if (this.#young[at] === print) return
      at = (at + 1) & this.#mask
    }
    this.#young[at] = print
    this.#youngSize += 1
  }

  /**
   * True when an id can be taken for new without asking SQL: it carries a time, that time lies in
   * the span that is remembered whole, and it was not seen in it.
   */
  isSurelyNew(id: TransferId, nowMs: number): boolean {
    const atMs = timeOfId(id)
    if (atMs === undefined || atMs < this.#completeSinceMs || atMs > nowMs + 1_000) return false
    return !this.has(id)
  }

  #turn(nowMs: number): void {
    const forgotten = this.#old
    this.#old = this.#young
    this.#young = forgotten.fill(0)
    this.#youngSize = 0
    this.#completeSinceMs = this.#youngSinceMs
    this.#youngSinceMs = nowMs
  }

  #find(table: Uint32Array, id: TransferId, print: number): boolean {
    let at = bucket(id) & this.#mask
    while (table[at] !== 0) {
      if (table[at] === print) return true
      at = (at + 1) & this.#mask
    }
    return false
  }
}

/** The last 32 bits, random in every kind of UUID; never 0, which marks an empty place. */
function fingerprint(id: TransferId): number {
  return (Number.parseInt(id.slice(24), 16) | 1) >>> 0
}

function bucket(id: TransferId): number {
  return Math.imul(Number.parseInt(id.slice(16, 24), 16), 0x9e3779b1) >>> 8
}
