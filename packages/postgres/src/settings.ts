/**
 * How the embedded PostgreSQL is set up: one machine, a few cores, mostly appends, and never a
 * setting that trades an acknowledged commit for speed.
 */
import type { Binaries } from './binaries.ts'
import type { Home } from './home.ts'
import { runAs } from './identity.ts'

export type Settings = Readonly<Record<string, string>>

const DEFAULTS: Settings = {
  shared_buffers: '256MB',
  max_connections: '200',
  // Checkpoints seldom and spread out: each one makes the next write of a page write it whole.
  max_wal_size: '4GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** What nobody can change: where it listens, and that a commit is on disk when it is answered. */
const FIXED: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  logging_collector: 'off',
  log_destination: 'stderr',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
}

/**
 * Refuses settings that would change one of the fixed ones.
 *
 * @throws TypeError naming the setting
 */
export function checkDurability(own: Settings): void {
  for (const [name, value] of Object.entries(own)) {
    if (name === 'port' || (name in FIXED && FIXED[name] !== value)) {
      throw new TypeError(`the setting ${name} of the embedded PostgreSQL cannot be ${value}`)
    }
  }
}

/** All settings for one start. */
export async function chooseSettings(
  own: Settings,
  binaries: Binaries,
  home: Home,
): Promise<Settings> {
  checkDurability(own)
  const compression = await walCompression(binaries, home)
  return { ...DEFAULTS, wal_compression: compression, ...own, ...FIXED }
}

/**
 * LZ4 where this build has it. Its alternative, pglz, costs more time on a shared core than the
 * bytes that it saves are worth.
 */
async function walCompression(binaries: Binaries, home: Home): Promise<'lz4' | 'off'> {
  const probe = ['-D', home.data, '-c', 'wal_compression=lz4', '-C', 'wal_compression']
  const known = await runAs(home.identity, binaries.postgres, probe).catch(() => '')
  return known.trim() === 'lz4' ? 'lz4' : 'off'
}
