/**
 * PostgreSQL's log file, and what its last words mean for the person who started it.
 */
import { chown, type FileHandle, open, rename, stat } from 'node:fs/promises'
import { damaged } from './cluster.ts'
import { EmbeddedPostgresError } from './errors.ts'
import { readFrom } from './files.ts'
import type { Home } from './home.ts'
import { inUse } from './previous.ts'

/** Above this the log of earlier starts moves to postgres.log.old, and what was there is gone. */
const LOG_BYTES_MAX = 10_000_000

export interface ServerLog {
  readonly descriptor: number
  /** Everything from here on was written by this start. */
  readonly start: number
  /** Closes our descriptor; the server has its own. */
  release(): Promise<void>
}

export async function openLog(home: Home): Promise<ServerLog> {
  const size = await stat(home.logFile).then(
    (found) => found.size,
    () => 0,
  )
  if (size > LOG_BYTES_MAX) await rename(home.logFile, `${home.logFile}.old`)
  const file: FileHandle = await open(home.logFile, 'a', 0o600)
  if (home.identity !== undefined) {
    await chown(home.logFile, home.identity.uid, home.identity.gid)
  }
  const start = (await file.stat()).size
  return { descriptor: file.fd, start, release: () => file.close() }
}

/** Why the server ended while it was starting. */
export async function explainEnd(home: Home, log: ServerLog): Promise<EmbeddedPostgresError> {
  const said = await readFrom(home.logFile, log.start)
  const reason = firstFailure(said)
  if (/could not bind .*Address already in use|could not create any TCP/.test(said)) {
    return new EmbeddedPostgresError(
      'port_taken',
      'The port for the database is taken by another program: choose another port, or 0 for a free one.',
    )
  }
  if (/lock file "postmaster.pid" already exists/.test(said)) return inUse(home)
  if (/pre-existing shared memory block/.test(said)) {
    return new EmbeddedPostgresError(
      'lingering',
      `Processes of an earlier server still use the database in ${home.path}: wait until they have ended, or end them.`,
    )
  }
  if (/No space left on device/.test(said)) {
    return startFailed(home, 'the disk is full; make room and start again')
  }
  if (/shared memory|Cannot allocate memory/.test(said)) {
    return startFailed(home, `${reason}; a smaller shared_buffers may help`)
  }
  if (/\bparameter\b/.test(reason)) return startFailed(home, reason)
  if (
    /PANIC|not a valid data|could not open|could not read|does not exist|invalid|corrupt/.test(said)
  ) {
    return damaged(home, reason)
  }
  return startFailed(home, reason)
}

function startFailed(home: Home, reason: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'start_failed',
    `PostgreSQL did not start: ${reason} (all it said is in ${home.logFile}).`,
  )
}

/** The first is the cause; what clients were told meanwhile, ours included, is not. */
function firstFailure(said: string): string {
  const failures = [...said.matchAll(/(?:FATAL|PANIC|ERROR):\s+(.*)/g)].map((match) => match[1])
  const cause = failures.find((failure) => !failure?.startsWith('the database system is'))
  return cause ?? said.trim().split('\n').at(-1) ?? 'it said nothing'
}
