/** Time and scheduling as the writer needs them; simulations bring their own. */
export interface Runtime {
  /** Journal time. Unix milliseconds. */
  readonly clock: () => number
  /** The time that ids and deadlines are compared with, which a test clock does not move. */
  readonly wallClock: () => number
  /** Runs `task` after what is going on now. */
  readonly soon: (task: () => void) => void
  /** Runs `task` after `delayMs`; the result cancels it. */
  readonly later: (delayMs: number, task: () => void) => () => void
}

export interface WriterOptions {
  /** Most transfers a commit carries. (Default: 8192) */
  readonly batchMax: number
  /** A second batch is sent while the first commits only if so many wait. (Default: 512) */
  readonly pipelineFrom: number
  /** More waiting commands than this are refused as `overloaded`. (Default: 200,000) */
  readonly queueMax: number
  /** How long a caller waits while the database is silent or away. (Default: 5,000) */
  readonly answerWithinMs: number
  /** Transfers between two checkpoints. (Default: 1,000,000) */
  readonly checkpointEvery: number
  /** Accounts kept in memory before cold ones are forgotten. (Default: 2,000,000) */
  readonly accountsMax: number
  /**
   * Ids remembered for certain, half of what is remembered at most; a power of two, small enough
   * that its tables stay in the processor's cache. (Default: 2^18)
   */
  readonly idsRemembered: number
  /** Transfers read at once when a shard is opened; few pages are in memory. (Default: 8,000) */
  readonly pageMax: number
}

export const DEFAULT_WRITER_OPTIONS: WriterOptions = {
  batchMax: 8192,
  pipelineFrom: 512,
  queueMax: 200_000,
  answerWithinMs: 5_000,
  checkpointEvery: 1_000_000,
  accountsMax: 2_000_000,
  idsRemembered: 2 ** 18,
  pageMax: 8_000,
}

/** `recovering`: the database went away; callers wait. `fenced`: another writer took the shard. */
export type WriterState = 'open' | 'recovering' | 'fenced' | 'closed'

export type WriterEvent =
  | {
      readonly event: 'shard.opened'
      readonly shard: number
      readonly epoch: number
      /** Transfers since the last checkpoint. */
      readonly folded: number
    }
  | { readonly event: 'shard.recovering'; readonly shard: number; readonly reason: string }
  | { readonly event: 'shard.recovered'; readonly shard: number; readonly committed: number }
  | { readonly event: 'shard.fenced'; readonly shard: number }
  | { readonly event: 'shard.failed'; readonly shard: number; readonly reason: string }
  /** Somebody who listens to committed transfers threw. */
  | { readonly event: 'listener.failed'; readonly shard: number; readonly reason: string }
