import { timeOfId } from './ids.ts'

/**
 * Remembers the newest ids by a fingerprint, in two generations of typed arrays. It may say "seen"
 * of an id that was not (then SQL is asked), and forgets the oldest; the unique index in SQL
 * remembers for ever.
 */
export class RecentIds {
  readonly #generation: number
  #young: Uint32Array
  #old: Uint32Array
  #youngSize = 0
  /** Everything accepted since this time is remembered. Unix milliseconds. */
  #completeSinceMs: number
  #youngSinceMs: number

  /** Nothing before `nowMs` (Unix milliseconds) is known. `generation`: a power of two. */
  constructor(nowMs: number, generation: number) {
    this.#generation = generation
    this.#young = new Uint32Array(2 * generation)
    this.#old = new Uint32Array(2 * generation)
    this.#completeSinceMs = nowMs
    this.#youngSinceMs = nowMs
  }

  /** `id` as `readId` gives it. */
  has(id: Uint32Array): boolean {
    return find(this.#young, id) || find(this.#old, id)
  }

  add(id: Uint32Array, nowMs: number): void {
    if (this.#youngSize >= this.#generation) this.#turn(nowMs)
    const print = fingerprint(id)
    const last = this.#young.length - 1
    let at = place(id) & last
    while (this.#young[at] !== 0) {
      if (this.#young[at] === print) return
      at = (at + 1) & last
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
  const last = table.length - 1
  for (let at = place(id) & last; table[at] !== 0; at = (at + 1) & last) {
    if (table[at] === print) return true
  }
  return false
}

/**
 * The last 32 bits, random in every kind of UUID; never 0, which marks an empty place. Every bit counts: ids of the legs
 * of one group may differ in the last one alone.
 */
function fingerprint(id: Uint32Array): number {
  return id[3]! || 1
}

function place(id: Uint32Array): number {
  return Math.imul(id[2]! ^ id[1]!, 0x9e3779b1) >>> 8
}
