import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { dirname } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@jeon/postgres'

const GB = 2 ** 30

/**
 * Starts the PostgreSQL of a run with the settings of a database server of this size. What makes a
 * commit durable (fsync, full_page_writes, synchronous_commit) stays on: the embedded server allows
 * nothing else.
 */
export async function startDatabase(
  directory: string,
  log: (message: string) => void,
): Promise<EmbeddedPostgres> {
  const { bavail, bsize } = await statfs(dirname(directory))
  const buffersGB = clamp(totalmem() / GB / 5, 0.125, 4)
  const walGB = clamp((bavail * bsize) / GB / 4, 1, 32)
  return startEmbeddedPostgres({
    directory,
    log,
    settings: {
      shared_buffers: `${Math.floor(buffersGB * 1024)}MB`,
      max_wal_size: `${Math.floor(walGB * 1024)}MB`,
      min_wal_size: '1GB',
      wal_buffers: '64MB',
      checkpoint_timeout: '30min',
      maintenance_work_mem: '256MB',
      log_checkpoints: 'off',
    },
  })
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
