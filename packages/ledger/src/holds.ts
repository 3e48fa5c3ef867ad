import type { Sequence, Transfer, TransferId } from './model.ts'

/** The holds of a shard that are neither captured, voided nor expired. All are kept in memory. */
export class OpenHolds {
  readonly #byId = new Map<TransferId, Transfer>()
  readonly #bySequence = new Map<Sequence, Transfer>()
  readonly #due = new DueQueue()

  get size(): number {
    return this.#bySequence.size
  }

  get(id: TransferId): Transfer | undefined {
    return this.#byId.get(id)
  }

  at(sequence: Sequence): Transfer | undefined {
    return this.#bySequence.get(sequence)
  }

  all(): IterableIterator<Transfer> {
    return this.#bySequence.values()
  }

  add(hold: Transfer): void {
    // The same id can be decided again before SQL says that it is taken; the first keeps it.
    if (!this.#byId.has(hold.id)) this.#byId.set(hold.id, hold)
    this.#bySequence.set(hold.sequence, hold)
    this.#due.push(hold)
  }

  remove(hold: Transfer): void {
    if (this.#byId.get(hold.id)?.sequence === hold.sequence) this.#byId.delete(hold.id)
    this.#bySequence.delete(hold.sequence)
  }

  /** The open hold that is due first, if it is due at `nowMs`. */
  nextDue(nowMs: number): Transfer | undefined {
    for (;;) {
      const hold = this.#due.peek()
      if (hold === undefined || expiresAtMs(hold) > nowMs) return undefined
      if (this.#bySequence.get(hold.sequence) === hold) return hold
      this.#due.pop()
    }
  }
}

export function expiresAtMs(hold: Transfer): number {
  return hold.atMs + hold.ttlS * 1000
}

/** A binary heap by time of expiry. Holds that were resolved early leave it when their time comes. */
class DueQueue {
  readonly #heap: Transfer[] = []

  peek(): Transfer | undefined {
    return this.#heap[0]
  }

  push(hold: Transfer): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(hold)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (expiresAtMs(heap[parent]!) <= expiresAtMs(hold)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = hold
  }

  pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && expiresAtMs(heap[child + 1]!) < expiresAtMs(heap[child]!)) {
        child += 1
      }
      if (expiresAtMs(heap[child]!) >= expiresAtMs(last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }
}
