import type { AccountId, AccountView, Command, Outcome, Transfer } from './model.ts'

/** Reads an account in the order of the writes around it. */
export interface Read {
  readonly type: 'read'
  readonly account: AccountId
}

export type Reply = Outcome | AccountView | undefined

/** Some commands that were submitted together and are answered together. */
export class Job {
  readonly replies: Reply[]
  #left: number
  readonly #resolve: (replies: Reply[]) => void

  constructor(count: number, resolve: (replies: Reply[]) => void) {
    this.replies = new Array<Reply>(count).fill(undefined)
    this.#left = count
    this.#resolve = resolve
  }

  answer(index: number, reply: Reply): void {
    this.replies[index] = reply
    this.#left -= 1
    if (this.#left === 0) this.#resolve(this.replies)
  }
}

/** One command on its way through the writer. */
export class Entry {
  readonly command: Command | Read
  readonly #job: Job
  readonly #index: number
  /** When it was submitted, on the clock that deadlines are measured with. */
  readonly sinceMs: number
  /** All of its linked group, on the group's first alone: the others travel with it. */
  members: readonly Entry[] | undefined
  /** The first of its linked group; undefined: it stands on its own. */
  leader: Entry | undefined
  isAnswered = false
  isWellFormed = false
  /** Its id looks like one that is on its way or was lately. */
  isFamiliar = false
  /** SQL said that the id is not in the journal up to this sequence; −1: not asked yet. */
  absentUntil = -1
  lookups = 0
  /** SQL has no such account. */
  lacksAccount = false
  /** The first answer again, when SQL has the id. */
  replay: Reply | undefined
  /** Asked for a hold or payment that is not in memory: what SQL has; null: nothing. */
  found: FoundTransfer | null | undefined

  constructor(command: Command | Read, job: Job, index: number, sinceMs: number) {
    this.command = command
    this.#job = job
    this.#index = index
    this.sinceMs = sinceMs
  }

  answer(reply: Reply): void {
    if (this.isAnswered) return
    this.isAnswered = true
    this.#job.answer(this.#index, reply)
  }
}

export interface FoundTransfer {
  readonly transfer: Transfer
  /** Transfers that point at it: captures, refunds, … */
  readonly pointers: readonly Transfer[]
}

/** First in, first out, with a fast lane for what waited for the database. */
export class EntryQueue {
  #items: Entry[] = []
  #head = 0
  #ready: Entry[] = []
  #readyHead = 0

  get length(): number {
    return this.#items.length - this.#head + this.#ready.length - this.#readyHead
  }

  push(entry: Entry): void {
    this.#items.push(entry)
  }

  /** Puts entries before everything that waits, in their order. */
  unshift(entries: readonly Entry[]): void {
    this.#ready = [...entries, ...this.#ready.slice(this.#readyHead)]
    this.#readyHead = 0
  }

  shift(): Entry | undefined {
    const ready = this.#ready[this.#readyHead]
    if (ready !== undefined) {
      this.#readyHead += 1
      return ready
    }
    const entry = this.#items[this.#head]
    if (entry === undefined) return undefined
    this.#head += 1
    if (this.#head > 4096 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return entry
  }

  /** Everything that waits, in order. */
  *[Symbol.iterator](): Generator<Entry> {
    for (let at = this.#readyHead; at < this.#ready.length; at++) yield this.#ready[at]!
    for (let at = this.#head; at < this.#items.length; at++) yield this.#items[at]!
  }
}
