import { timeOfId } from './ids.ts'

/** Ids a generation; small enough that the tables stay in the processor's cache. */
const GENERATION = 2 ** 18
const PLACES = 2 * GENERATION

/**
 * Remembers the newest ids by a fingerprint, in two generations of typed arrays. It may say "seen"
 * of an id that was not (then SQL is asked), and forgets the oldest; the unique index in SQL
 * remembers for ever.
 */
export class RecentIds {
  #young = new Uint32Array(PLACES)
  #old = new Uint32Array(PLACES)
  #youngSize = 0
  /** Everything accepted since this time is remembered. Unix milliseconds. */
  #completeSinceMs: number
  #youngSinceMs: number

  /** Nothing before `nowMs` is known. Unix milliseconds. */
  constructor(nowMs: number) {
    this.#completeSinceMs = nowMs
    this.#youngSinceMs = nowMs
  }

  /** `id` as `readId` gives it. */
  has(id: Uint32Array): boolean {
    return find(this.#young, id) || find(this.#old, id)
  }

  add(id: Uint32Array, nowMs: number): void {
    if (this.#youngSize >= GENERATION) this.#turn(nowMs)
    const print = fingerprint(id)
    let at = place(id)
    while (this.#young[at] !== 0) {
      if (this.#young[at] === print) return
      at = (at + 1) % PLACES
    }
    this.#young[at] = print
    this.#youngSize += 1
  }

  /**
   * True when an unseen id can be taken for new without asking SQL: it carries a time, and that
   * lies in the span that is remembered whole.
   */
  isInMemorySpan(id: Uint32Array, nowMs: number): boolean {
    const atMs = timeOfId(id)
    return atMs !== undefined && atMs >= this.#completeSinceMs && atMs <= nowMs + 1_000
  }

  #turn(nowMs: number): void {
    const forgotten = this.#old
    this.#old = this.#young
    this.#young = forgotten.fill(0)
    this.#youngSize = 0
    this.#completeSinceMs = this.#youngSinceMs
    this.#youngSinceMs = nowMs
  }
}

function find(table: Uint32Array, id: Uint32Array): boolean {
  const print = fingerprint(id)
  for (let at = place(id); table[at] !== 0; at = (at + 1) % PLACES) {
    if (table[at] === print) return true
  }
  return false
}

/** The last 32 bits, random in every kind of UUID; never 0, which marks an empty place. */
function fingerprint(id: Uint32Array): number {
  return (id[3]! | 1) >>> 0
}

function place(id: Uint32Array): number {
  return (Math.imul(id[2]! ^ id[1]!, 0x9e3779b1) >>> 8) % PLACES
}
