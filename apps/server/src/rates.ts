import { Cache } from './cache.ts'

/** How many requests a second one kind of sender may send, on average and at once. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

interface Bucket {
  tokens: number
  atMs: number
}

/** Token buckets by sender, on the machine's own clock: a frozen test clock must not lock anybody out. */
export class Rates {
  readonly #buckets = new Cache<string, Bucket>({ entriesMax: 100_000 })
  readonly #monotonicMs: () => number

  constructor(monotonicMs: () => number = () => performance.now()) {
    this.#monotonicMs = monotonicMs
  }

  /** Takes one request's worth. 0 when there was enough, else how many seconds to wait. */
  take(sender: string, rate: Rate): number {
    const nowMs = this.#monotonicMs()
    const bucket = this.#buckets.get(sender)
    if (bucket === undefined) {
      this.#buckets.set(sender, { tokens: rate.burst - 1, atMs: nowMs })
      return 0
    }
    const earned = ((nowMs - bucket.atMs) / 1000) * rate.perSecond
    bucket.tokens = Math.min(rate.burst, bucket.tokens + earned)
    bucket.atMs = nowMs
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / rate.perSecond))
    bucket.tokens -= 1
    return 0
  }
}
