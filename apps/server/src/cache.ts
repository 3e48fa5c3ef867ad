/**
 * A bounded cache of two generations: when the young one is full it becomes the old one and what nobody asked for since
 * is forgotten. Entries also end after `ttlMs`, which is how another process's change reaches this one; changes of this
 * process call {@link Cache.forget}.
 */
export interface CacheOptions {
  /** Entries kept at most, in both generations together. */
  readonly entriesMax: number
  /** How long an entry may be believed, in milliseconds of the machine's clock. (Default: for ever) */
  readonly ttlMs?: number
  /** Monotonic milliseconds. (Default: performance.now) */
  readonly monotonicMs?: () => number
}

interface Entry<Value> {
  readonly value: Value
  readonly untilMs: number
}

/** See {@link CacheOptions}. */
export class Cache<Key, Value> {
  #young = new Map<Key, Entry<Value>>()
  #old = new Map<Key, Entry<Value>>()
  readonly #half: number
  readonly #ttlMs: number
  readonly #monotonicMs: () => number

  constructor(options: CacheOptions) {
    this.#half = Math.max(1, Math.floor(options.entriesMax / 2))
    this.#ttlMs = options.ttlMs ?? Number.POSITIVE_INFINITY
    this.#monotonicMs = options.monotonicMs ?? (() => performance.now())
  }

  /** The entry, or undefined when it is not known or no longer to be believed. */
  get(key: Key): Value | undefined {
    let entry = this.#young.get(key)
    if (entry === undefined) {
      entry = this.#old.get(key)
      if (entry === undefined) return undefined
      this.#keep(key, entry)
    }
    if (this.#ttlMs !== Number.POSITIVE_INFINITY && entry.untilMs <= this.#monotonicMs()) {
      this.forget(key)
      return undefined
    }
    return entry.value
  }

  set(key: Key, value: Value): void {
    const endless = this.#ttlMs === Number.POSITIVE_INFINITY
    this.#keep(key, { value, untilMs: endless ? this.#ttlMs : this.#monotonicMs() + this.#ttlMs })
  }

  /** Forgets one entry, because it changed. */
  forget(key: Key): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  /** Forgets everything. */
  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  #keep(key: Key, entry: Entry<Value>): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, entry)
  }
}
