/**
 * As whom PostgreSQL runs. It refuses to be root; started by root it becomes an unprivileged user
 * that this machine already has.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { EmbeddedPostgresError } from './errors.ts'

const run = promisify(execFile)
const COMMAND_TIMEOUT_MS = 60_000
/** In order of preference: both exist on all common systems or come with a PostgreSQL package. */
const CANDIDATES = ['postgres', 'nobody']

/** Undefined means: as the one who runs this process. */
export type Identity = { readonly uid: number; readonly gid: number } | undefined

/** Who runs PostgreSQL here when no database says otherwise. */
export async function chooseIdentity(): Promise<Identity> {
  if (process.getuid?.() !== 0) return undefined
  for (const name of CANDIDATES) {
    const uid = await numericId('-u', name)
    const gid = await numericId('-g', name)
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid }
  }
  throw new EmbeddedPostgresError(
    'unsupported',
    `PostgreSQL refuses to run as root and this machine has none of the users ${CANDIDATES.join(', ')}: create one (useradd --system postgres), run this as another user, or set DATABASE_URL.`,
  )
}

/** Runs a program as `identity` from `/`, with none of our environment; resolves to its output. */
export async function runAs(
  identity: Identity,
  program: string,
  parameters: readonly string[],
): Promise<string> {
  const { stdout } = await run(program, [...parameters], {
    ...launchOptions(identity),
    timeout: COMMAND_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  return stdout
}

/**
 * How every process of ours is launched. The working directory must be passable by the identity,
 * and variables such as PGDATA or a secret of the server's have no business in the database.
 */
export function launchOptions(identity: Identity): {
  cwd: string
  env: Record<string, string>
  uid?: number
  gid?: number
} {
  const env: Record<string, string> = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  // The name of the test run, by which `npm test` finds what it left behind.
  const { JEON_TEST_RUN: run } = process.env
  if (run !== undefined) env.JEON_TEST_RUN = run
  return { ...identity, cwd: '/', env }
}

/** Can `identity` enter the directory and write in it? */
export async function canWrite(identity: Identity, directory: string): Promise<boolean> {
  return succeeds(runAs(identity, '/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', directory]))
}

/** Can `identity` run the program? */
export async function canRun(identity: Identity, program: string): Promise<boolean> {
  return succeeds(runAs(identity, program, ['--version']))
}

async function numericId(flag: '-u' | '-g', name: string): Promise<number | undefined> {
  // `id` asks the system's user database, which /etc/passwd is only one form of. macOS gives
  // nobody the number -2, which the kernel knows as 2^32 - 2.
  const output = await runAs(undefined, 'id', [flag, name]).catch(() => '')
  const id = Number.parseInt(output, 10)
  return Number.isNaN(id) ? undefined : id < 0 ? id + 2 ** 32 : id
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}
