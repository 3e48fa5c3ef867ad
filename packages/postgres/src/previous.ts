/**
 * A server that already runs in the directory. Every server carries, in its command line, who
 * started it. While that process lives, the database is in use; when it is gone, its watchdog is
 * about to stop the server or was killed as well, and we stop it.
 *
 * Stopped, not adopted: an orphan's port, settings and half-done work are another process's past.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedPostgresError } from './errors.ts'
import { readIfThere } from './files.ts'
import type { Home } from './home.ts'
import { findProcess } from './processes.ts'
import { stopByPid } from './stop.ts'

const ORPHAN_STOP_TIMEOUT_MS = 20_000

/** This process, in a way that survives the reuse of process numbers: `pid:started`. */
export async function describeOwner(): Promise<string> {
  const self = await findProcess(process.pid)
  return `${process.pid}:${self?.started ?? 'unknown'}`
}

/**
 * Makes way for a start in this home.
 *
 * @throws EmbeddedPostgresError `in_use` when a living process has the database open
 */
export async function settlePrevious(home: Home, log: (message: string) => void): Promise<void> {
  const lockFile = join(home.data, 'postmaster.pid')
  const lock = await readIfThere(lockFile)
  const pid = Number.parseInt(lock ?? '', 10)
  if (lock === undefined || Number.isNaN(pid)) return
  const server = await findProcess(pid)
  if (server === undefined) return
  if (!server.command.includes(`-D ${home.data} `)) {
    // The number was given to some other process since, which PostgreSQL would take for a server.
    // Our own number it ignores. Removing the file instead would also remove PostgreSQL's check for
    // processes of the old server that still use its shared memory.
    await writeFile(lockFile, lock.replace(/^\d+/, String(process.pid)))
    return
  }
  const [, ownerPid, started] = /jeon\.owner=(\d+):(\S+)/.exec(server.command) ?? []
  const owner = ownerPid === undefined ? undefined : await findProcess(Number(ownerPid))
  if (ownerPid === undefined || (owner !== undefined && owner.started === started)) {
    throw inUse(home, owner === undefined ? pid : owner.pid)
  }
  log('stopping the database server that a killed process left behind')
  await stopByPid(pid, ORPHAN_STOP_TIMEOUT_MS)
}

/** One sentence for a database that somebody else has open. */
export function inUse(home: Home, pid?: number): EmbeddedPostgresError {
  const by =
    pid === undefined ? 'another process' : pid === process.pid ? 'this process' : `process ${pid}`
  return new EmbeddedPostgresError(
    'in_use',
    `The database in ${home.path} is in use by ${by}: stop that one first, or use another directory.`,
  )
}
