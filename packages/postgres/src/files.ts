/**
 * The few questions about files that this package asks in more than one place.
 */
import { chmod, mkdir, open, readdir, readFile, stat } from 'node:fs/promises'

/** Where root keeps what an unprivileged user must reach. Not /tmp: others could plant files. */
const SHARED_DIRECTORY = '/var/lib/jeon'

/** Makes and names the folder for what an unprivileged user must reach; only root calls this. */
export async function makeShared(): Promise<string> {
  await mkdir(SHARED_DIRECTORY, { recursive: true })
  // Not through mkdir's mode, which the umask would cut.
  await chmod(SHARED_DIRECTORY, 0o755)
  return SHARED_DIRECTORY
}

/** Does this error carry the system's code, such as ENOENT? */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    codes.includes(error.code)
  )
}

export async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    (error: unknown) => {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false
      throw error
    },
  )
}

/** The text of a file, or undefined when there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
}

/** The names in a directory; a directory that does not exist has none. */
export async function namesIn(path: string): Promise<readonly string[]> {
  return readdir(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  })
}

/** What was written to a file from byte `start` on. */
export async function readFrom(path: string, start: number): Promise<string> {
  const file = await open(path, 'r')
  try {
    const length = Math.max(0, (await file.stat()).size - start)
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, start)
    return buffer.toString('utf8')
  } finally {
    await file.close()
  }
}
