import type { CareChange } from '@jeon/camara'
import type { Change } from '../model.ts'
import type { Changes } from './model.ts'

export interface HubOptions {
  /** A quiet feed gives a sign of life this often. (Default: 15,000) */
  readonly heartbeatMs?: number
  /** (Default: 8) */
  readonly feedsPerLineMax?: number
  /** (Default: 10,000) */
  readonly feedsMax?: number
}

/** Events that may wait for a slow reader; then it is dropped, comes back by itself and reads anew. */
const bufferMax = 500

interface Feed {
  readonly lineId: string
  /** By what and id: a thing that changed twice before it was read is told once. */
  readonly waiting: Map<string, CareChange>
  wake: () => void
  ended: boolean
}

/**
 * Tells the owners of lines what changes, while it changes. What is told names a thing and not its content: the reader
 * asks for that, so that a feed that broke off loses nothing.
 */
export class LiveHub implements Changes {
  readonly #heartbeatMs: number
  readonly #perLineMax: number
  readonly #feedsMax: number
  readonly #feeds = new Map<string, Set<Feed>>()
  #count = 0
  #isClosed = false

  constructor(options: HubOptions = {}) {
    this.#heartbeatMs = options.heartbeatMs ?? 15_000
    this.#perLineMax = options.feedsPerLineMax ?? 8
    this.#feedsMax = options.feedsMax ?? 10_000
  }

  /** How many feeds are open. */
  get count(): number {
    return this.#count
  }

  tell(change: Change): void {
    const feeds = this.#feeds.get(change.lineId)
    if (feeds === undefined) return
    const { what, id, atMs } = change
    const told: CareChange = { what, id, at: new Date(atMs).toISOString() }
    for (const feed of feeds) {
      feed.waiting.set(`${what} ${id}`, told)
      if (feed.waiting.size > bufferMax) this.#end(feed)
      feed.wake()
    }
  }

  /** Another day: what is counted by days and months stands anew on every line that somebody looks at. */
  tellNewDay(atMs: number): void {
    const id = new Date(atMs).toISOString()
    for (const lineId of this.#feeds.keys()) this.tell({ lineId, what: 'line', id, atMs })
  }

  /** A line's changes in the form of text/event-stream; undefined when there are too many feeds. */
  open(lineId: string, signal: AbortSignal): ReadableStream<Uint8Array> | undefined {
    const ofLine = this.#feeds.get(lineId)?.size ?? 0
    if (this.#isClosed || ofLine >= this.#perLineMax || this.#count >= this.#feedsMax) {
      return undefined
    }
    const feed: Feed = { lineId, waiting: new Map(), wake: () => undefined, ended: false }
    const feeds = this.#feeds.get(lineId) ?? new Set()
    this.#feeds.set(lineId, feeds.add(feed))
    this.#count += 1
    signal.addEventListener('abort', () => this.#end(feed))
    if (signal.aborted) this.#end(feed)
    return this.#streamOf(feed)
  }

  /** Ends every feed. */
  close(): void {
    this.#isClosed = true
    for (const feeds of this.#feeds.values()) for (const feed of feeds) this.#end(feed)
  }

  #streamOf(feed: Feed): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder()
    let isFirst = true
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (isFirst) {
            isFirst = false
            controller.enqueue(encoder.encode('retry: 2000\n\n'))
            return
          }
          const text = await this.#next(feed)
          if (text === undefined) controller.close()
          else controller.enqueue(encoder.encode(text))
        },
        cancel: () => this.#end(feed),
      },
      { highWaterMark: 0 },
    )
  }

  /** The next piece of the stream; undefined: it is over. */
  async #next(feed: Feed): Promise<string | undefined> {
    if (!feed.ended && feed.waiting.size === 0) await this.#somethingNew(feed)
    if (feed.ended) return undefined
    if (feed.waiting.size === 0) return ': still here\n\n'
    const told = [...feed.waiting.values()]
    feed.waiting.clear()
    return told.map((each) => `event: changed\ndata: ${JSON.stringify(each)}\n\n`).join('')
  }

  #somethingNew(feed: Feed): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#heartbeatMs)
      feed.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #end(feed: Feed): void {
    if (feed.ended) return
    feed.ended = true
    const feeds = this.#feeds.get(feed.lineId)
    feeds?.delete(feed)
    if (feeds?.size === 0) this.#feeds.delete(feed.lineId)
    this.#count -= 1
    feed.wake()
  }
}
