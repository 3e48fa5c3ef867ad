import type { Rate } from './rates.ts'

/** What the platform is told about where and how it runs. */
export interface Settings {
  /** How pages and merchants reach it, without a slash at the end: `http://localhost:4242`. */
  readonly publicUrl: string
  /** Origins of the platform's own pages. */
  readonly ownOrigins: readonly string[]
  readonly limits: Limits
}

export interface Limits {
  readonly perKey: Rate
  readonly perWallet: Rate
  readonly perAddress: Rate
  /** Requests under way at a time. */
  readonly concurrentMax: number
  /** Batches under way at a time. */
  readonly batchesMax: number
  /** Live feeds open at a time, of one wallet or merchant and in all. */
  readonly feedsPerOwnerMax: number
  readonly feedsMax: number
}

/** Generous: a sandbox is there to be tried, and one machine sends all of a benchmark's requests. */
export const sandboxLimits: Limits = {
  perKey: { perSecond: 100_000, burst: 200_000 },
  perWallet: { perSecond: 100_000, burst: 200_000 },
  perAddress: { perSecond: 100_000, burst: 200_000 },
  concurrentMax: 4_096,
  batchesMax: 32,
  feedsPerOwnerMax: 16,
  feedsMax: 2_000,
}
