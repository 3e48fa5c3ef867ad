import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { percentile } from './statistics.ts'

/** How long the disk takes to make a write durable. Milliseconds. */
export interface SyncTime {
  readonly bytes: number
  readonly p50: number
  readonly p99: number
  readonly writes: number
}

const SPAN_BYTES = 64 * 2 ** 20

/**
 * Writes `bytes` and calls fdatasync, again and again, into a file that has its blocks already, as
 * Postgres does with its log. What a commit costs at least.
 */
export async function measureSync(
  directory: string,
  bytes: number,
  writes: number,
): Promise<SyncTime> {
  const path = join(directory, `sync-${bytes}`)
  const file = await open(path, 'w')
  try {
    const filler = Buffer.alloc(2 ** 20, 1)
    for (let at = 0; at < SPAN_BYTES; at += filler.length)
      await file.write(filler, 0, filler.length, at)
    await file.sync()
    const data = Buffer.alloc(bytes, 2)
    const times = new Float64Array(writes)
    for (let turn = 0; turn < writes; turn++) {
      const begun = performance.now()
      await file.write(data, 0, bytes, (turn * bytes) % SPAN_BYTES)
      await file.datasync()
      times[turn] = performance.now() - begun
    }
    return { bytes, p50: percentile(times, 0.5), p99: percentile(times, 0.99), writes }
  } finally {
    await file.close()
    await rm(path, { force: true })
  }
}
