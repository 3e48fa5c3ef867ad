/**
 * The cluster on disk: made once by initdb, then only checked.
 */
import { randomBytes } from 'node:crypto'
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { EmbeddedPostgresError } from './errors.ts'
import { hasCode, isDirectory, readIfThere } from './files.ts'
import type { Home } from './home.ts'
import { runAs } from './identity.ts'

/** The only login; a superuser, reachable on 127.0.0.1 with the password in the home. */
export const LOGIN = 'jeon'
const MAJOR_VERSION = '18'

/**
 * Makes the cluster when there is none, and returns the password of {@link LOGIN}.
 *
 * initdb works in a folder of its own that is renamed at the end: a start that is killed half-way
 * leaves no half a cluster, and of two first starts at once one simply wins.
 */
export async function openCluster(
  home: Home,
  binaries: Binaries,
  log: (message: string) => void,
): Promise<string> {
  if (await isDirectory(home.data)) return checkCluster(home)
  log('creating the database')
  const password = await createPassword(home)
  const staging = join(home.path, `new-${randomBytes(4).toString('hex')}`)
  try {
    await mkdir(staging, { mode: 0o700 })
    if (home.identity !== undefined) await chown(staging, home.identity.uid, home.identity.gid)
    await runAs(home.identity, binaries.initdb, [
      `--pgdata=${staging}`,
      `--username=${LOGIN}`,
      `--pwfile=${home.passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ])
    await rename(staging, home.data)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw failed(home, error)
  }
  return password
}

async function checkCluster(home: Home): Promise<string> {
  const version = (await read(home, join(home.data, 'PG_VERSION')))?.trim()
  if (version === undefined) throw damaged(home, 'PG_VERSION is missing')
  if (version !== MAJOR_VERSION) {
    throw new EmbeddedPostgresError(
      'damaged',
      `The database in ${home.path} was made by PostgreSQL ${version} and this is ${MAJOR_VERSION}: move its contents with pg_dump, or remove the directory to begin anew.`,
    )
  }
  const password = (await read(home, home.passwordFile))?.trim()
  if (password === undefined || password === '') throw damaged(home, 'its password file is missing')
  return password
}

async function createPassword(home: Home): Promise<string> {
  const password = randomBytes(24).toString('base64url')
  try {
    await writeFile(home.passwordFile, `${password}\n`, { flag: 'wx', mode: 0o600 })
    if (home.identity !== undefined) {
      await chown(home.passwordFile, home.identity.uid, home.identity.gid)
    }
    return password
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw failed(home, error)
  }
  // Another first start is under way, or an earlier one was killed: its password serves as well.
  const present = (await read(home, home.passwordFile))?.trim()
  if (present) return present
  await rm(home.passwordFile, { force: true })
  return createPassword(home)
}

async function read(home: Home, path: string): Promise<string | undefined> {
  return readIfThere(path).catch((error: unknown) => {
    throw damaged(home, error instanceof Error ? error.message : String(error))
  })
}

/** One sentence for a data directory that PostgreSQL cannot open. */
export function damaged(home: Home, reason: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'damaged',
    `The database in ${home.path} cannot be opened (${reason}): restore it from a backup, or remove that directory to begin anew.`,
  )
}

function failed(home: Home, error: unknown): EmbeddedPostgresError {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
  const reason = said === '' ? (error instanceof Error ? error.message : String(error)) : said
  return new EmbeddedPostgresError(
    'start_failed',
    `PostgreSQL could not create a database in ${home.path}: ${reason.replaceAll(/\s+/g, ' ')}`,
    { cause: error },
  )
}
