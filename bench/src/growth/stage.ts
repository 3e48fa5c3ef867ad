import { fileURLToPath } from 'node:url'
import { Measured } from '../measured.ts'

/** What the process that is measured is told. Accounts of a world are numbered in a row. */
export interface StageJob {
  readonly databaseUrl: string
  readonly firstWallet: number
  readonly wallets: number
  readonly firstMerchant: number
  readonly merchants: number
  /** `open`: only that. `use`: then pay from every wallet, then `tail` more, then go on until killed. */
  readonly task: 'open' | 'use'
  readonly tail: number
}

/** What it says, a line of JSON each. Megabytes and milliseconds. */
export type StageEvent =
  | {
      readonly event: 'opened'
      readonly openMs: number
      readonly firstMs: number
      readonly rssMB: number
    }
  | {
      readonly event: 'known'
      readonly accounts: number
      readonly rssMB: number
      readonly peakMB: number
    }
  | { readonly event: 'tail' }

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))

/** Starts a process that has a ledger open. */
export function startStage(directory: string, job: StageJob): Promise<Measured<StageEvent>> {
  return Measured.start<StageEvent>(CHILD, directory, job)
}
