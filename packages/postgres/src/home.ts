/**
 * The folder a database lives in, and to whom it belongs.
 *
 *     <home>/data          the cluster, as initdb made it
 *     <home>/password      of the only login, `jeon`
 *     <home>/postgres.log  what PostgreSQL says
 *
 * The home is the directory the caller names. Only when this process is root and the unprivileged
 * user cannot pass the folders above it (a clone in /root, mode 700), the home is a new folder in
 * /var/lib/jeon, and the caller's directory holds one file, `location`, that says which.
 */
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { EmbeddedPostgresError } from './errors.ts'
import { isDirectory, makeShared, namesIn, readIfThere } from './files.ts'
import { canWrite, chooseIdentity, type Identity } from './identity.ts'

export interface Home {
  readonly path: string
  readonly data: string
  readonly passwordFile: string
  readonly logFile: string
  readonly identity: Identity
}

const OURS = /^(data|password|postgres\.log(\.old)?|location|new-[0-9a-f]+)$/

/** Finds or makes the home for `directory`. */
export async function openHome(directory: string, log: (message: string) => void): Promise<Home> {
  try {
    await mkdir(directory, { recursive: true })
    // PostgreSQL's command line names the folder, and it is how we recognise our server later.
    const real = await realpath(directory)
    const home = await findHome(real)
    if (home !== undefined) return await checkedHome(home)
    return await createHome(real, log)
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error
    throw new EmbeddedPostgresError(
      'unusable_directory',
      `The database directory ${directory} cannot be used (${error instanceof Error ? error.message : String(error)}): give it to the one who runs this, or name another directory.`,
      { cause: error },
    )
  }
}

/** The home that an earlier start left; undefined when this would be the first start. */
export async function findHome(directory: string): Promise<Home | undefined> {
  const elsewhere = (await readIfThere(join(directory, 'location')))?.trim()
  const path = elsewhere !== undefined && (await isDirectory(elsewhere)) ? elsewhere : directory
  const data = join(path, 'data')
  const hasData = await isDirectory(data)
  if (!hasData && path === directory) return undefined
  // The user that owns the data is the one that can open them, whoever we would choose today.
  const { uid, gid } = await stat(hasData ? data : path)
  return homeAt(path, process.getuid?.() === 0 && uid !== 0 ? { uid, gid } : undefined)
}

/** Removes the database from the directory and from wherever else it is; other files stay. */
export async function removeHome(directory: string): Promise<void> {
  const home = await findHome(directory)
  if (home !== undefined && home.path !== directory)
    await rm(home.path, { recursive: true, force: true })
  for (const name of await namesIn(directory)) {
    if (OURS.test(name)) await rm(join(directory, name), { recursive: true, force: true })
  }
}

async function checkedHome(home: Home): Promise<Home> {
  const { uid } = await stat((await isDirectory(home.data)) ? home.data : home.path)
  const me = process.getuid?.()
  if (uid === 0) {
    throw unusable(
      home.path,
      'belongs to root, and PostgreSQL refuses to run as root: give it to another user (chown -R), or remove it to begin anew',
    )
  }
  if (me !== 0 && me !== uid) {
    throw unusable(
      home.path,
      `belongs to user ${uid}, as when it was first started as root: start as that user or as root, or remove it to begin anew`,
    )
  }
  if (!(await canWrite(home.identity, home.path))) {
    throw unusable(
      home.path,
      `is not writable for user ${uid}, who owns its data: make it and the folders above it passable again`,
    )
  }
  return home
}

async function createHome(directory: string, log: (message: string) => void): Promise<Home> {
  const foreign = (await namesIn(directory)).find((name) => !OURS.test(name))
  if (foreign !== undefined) {
    throw unusable(directory, `holds other files (${foreign}): give it a directory of its own`)
  }
  // One that is still here points to a folder that is gone.
  await rm(join(directory, 'location'), { force: true })
  const identity = await chooseIdentity()
  if (identity !== undefined) await chown(directory, identity.uid, identity.gid)
  if (await canWrite(identity, directory)) {
    await chmod(directory, 0o700)
    return homeAt(directory, identity)
  }
  if (identity === undefined) {
    throw unusable(directory, 'is not writable: give it to the one who runs this')
  }
  await chown(directory, 0, 0)
  const name = `${basename(directory).replaceAll(/[^\w.-]/g, '_')}-${randomBytes(6).toString('hex')}`
  const path = join(await makeShared(), name)
  await mkdir(path, { mode: 0o700 })
  await chown(path, identity.uid, identity.gid)
  await writeFile(join(directory, 'location'), `${path}\n`)
  log(`keeping the database in ${path}, since user ${identity.uid} cannot reach ${directory}`)
  return homeAt(path, identity)
}

function homeAt(path: string, identity: Identity): Home {
  return {
    path,
    data: join(path, 'data'),
    passwordFile: join(path, 'password'),
    logFile: join(path, 'postgres.log'),
    identity,
  }
}

function unusable(path: string, reason: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'unusable_directory',
    `The database directory ${path} ${reason}.`,
  )
}
