import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** What the load generator, a process of its own, is to do. */
export interface LoadJob {
  /** `single` and `carrier`: one payment a request, to the platform or to a carrier. The others: batches. */
  readonly kind: 'single' | 'carrier' | 'json' | 'ndjson'
  readonly port: number
  readonly key: string
  /** Who pays: wallets, or at a carrier phone numbers. */
  readonly wallets: readonly string[]
  readonly connections: number
  /** Single payments: how long, after a time that is not counted. */
  readonly seconds: number
  readonly warmUpMs: number
  /** Batches in all, and payments in each. */
  readonly batches: number
  readonly batchLength: number
  /** `payment`: time-ordered ids as keys. `text`: keys of another form, which the server hashes. */
  readonly keys: 'payment' | 'text'
  /** Instead of an amount. The answer then carries a signed receipt. */
  readonly offer?: string
  /** Where a carrier takes payments. */
  readonly path?: string
}

export interface LoadResult {
  /** Payments that were answered with success. */
  readonly payments: number
  readonly failures: number
  readonly firstFailure: string
  readonly perSecond: number
  /** Milliseconds; for batches of a whole batch. */
  readonly p50: number
  readonly p99: number
  /** The generator's own processor time, of one core. 0 to 1. */
  readonly ownShare: number
  readonly requestBytes: number
  readonly replyBytes: number
}

const GENERATOR = fileURLToPath(new URL('./load.ts', import.meta.url))
/** Beyond what any job is asked to take. */
const TIMEOUT_MS = 120_000
const run = promisify(execFile)

/** Runs a job in a process of its own and waits for what it says. */
export async function runLoad(directory: string, job: LoadJob): Promise<LoadResult> {
  const file = join(directory, 'load.json')
  await writeFile(file, JSON.stringify(job))
  const { stdout } = await run(process.execPath, [GENERATOR, file], { timeout: TIMEOUT_MS })
  await rm(file)
  const result: LoadResult = JSON.parse(stdout)
  if (result.failures > 0 || result.payments === 0) {
    throw new Error(`${result.failures} requests failed, the first: ${result.firstFailure}`)
  }
  return result
}
