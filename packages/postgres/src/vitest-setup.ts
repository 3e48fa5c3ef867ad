/**
 * Vitest's global set-up: one embedded PostgreSQL for all test files, in a directory of its own.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eraseEmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
import { namesIn } from './files.ts'
import { TEST_DATABASE_VARIABLE } from './testing.ts'

const PREFIX = 'jeon-test-'
/** No test run lasts as long. */
const ABANDONED_AFTER_MS = 3_600_000

/** Starts the server unless the variable already names one; what it returns stops it again. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[TEST_DATABASE_VARIABLE]) return undefined
  await removeAbandoned()
  const directory = await mkdtemp(join(tmpdir(), PREFIX))
  const server = await startEmbeddedPostgres({ directory })
  process.env[TEST_DATABASE_VARIABLE] = server.url
  return async () => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Runs that were killed could not clean up after themselves. */
async function removeAbandoned(): Promise<void> {
  for (const name of await namesIn(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const directory = join(tmpdir(), name)
    try {
      if (Date.now() - (await stat(directory)).mtimeMs < ABANDONED_AFTER_MS) continue
      await eraseEmbeddedPostgres(directory)
      await rm(directory, { recursive: true, force: true })
    } catch {
      // In use, somebody else's, or being removed by another run: not ours to judge.
    }
  }
}
