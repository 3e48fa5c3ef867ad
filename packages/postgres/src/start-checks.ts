/**
 * What a program that keeps its data in PostgreSQL looks at before it begins anything slow: its port, its directory, its
 * database. Each failure is a {@link StartFailure}.
 */
import { access, constants, mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Client } from 'pg'
import { eraseEmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
import { codeOf, StartFailure } from './start-failure.ts'

/** A port that a program is to listen on. */
export interface PortWish {
  /** 0 takes any. */
  readonly port: number
  /** Undefined: every address of the machine. */
  readonly host: string | undefined
  /** How another one is chosen, such as `npm start -- --port`. */
  readonly option: string
}

/**
 * Takes the port for a moment.
 *
 * @throws {@link StartFailure}
 */
export function checkPort(wish: PortWish): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(portFailure(error, wish)))
    probe.listen(wish.port, wish.host, () => probe.close(() => resolve()))
  })
}

/** What it means that a program cannot listen; any other error as it is. */
export function portFailure(
  error: unknown,
  { port, option }: Pick<PortWish, 'port' | 'option'>,
): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new StartFailure(
        `Port ${port} is taken: stop what listens there, or choose another with ${option} ${port + 1}.`,
      )
    case 'EACCES':
      return new StartFailure(
        `Port ${port} needs special rights: choose one above 1023 with ${option} ${port + 4000}.`,
      )
    case 'EADDRNOTAVAIL':
      return new StartFailure('This machine does not have the address that --host names.')
    default:
      return error
  }
}

/** Where a program keeps its data. */
export interface DataPlace {
  /** The embedded database is in a directory of its own inside. */
  readonly directory: string
  /** Of the person's own database; undefined: the embedded one. */
  readonly databaseUrl: string | undefined
}

/** What is to be erased before the start. */
export interface Reset {
  /** Files in the directory that go with the database. */
  readonly files: readonly string[]
  /** What erases a database of one's own, which is never done for anybody: a part of a sentence. */
  readonly advice: string
}

/**
 * Makes the data directory, emptied when a reset is asked for.
 *
 * @throws {@link StartFailure}
 */
export async function prepareDirectory(place: DataPlace, reset?: Reset): Promise<void> {
  const { directory, databaseUrl } = place
  if (reset !== undefined && databaseUrl !== undefined) {
    throw new StartFailure(
      `--reset erases the embedded database only: in your own, run ${reset.advice} first.`,
    )
  }
  try {
    if (reset !== undefined) {
      await eraseEmbeddedPostgres(embeddedIn(place))
      for (const file of reset.files) await rm(join(directory, file), { force: true })
    }
    await mkdir(directory, { recursive: true })
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    if (error instanceof StartFailure) throw error
    throw new StartFailure(
      `The data directory ${directory} cannot be used (${codeOf(error) ?? 'unknown reason'}): give it to this user, or name another one with --data-dir.`,
    )
  }
}

/**
 * The person's own database when it works, the embedded one otherwise.
 *
 * @param log - told what takes time
 * @throws {@link StartFailure}
 */
export async function openServer(
  place: DataPlace,
  log: (message: string) => void,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { databaseUrl } = place
  if (databaseUrl === undefined) {
    return startEmbeddedPostgres({ directory: embeddedIn(place), log })
  }
  await checkDatabase(databaseUrl)
  return { url: databaseUrl, stop: async () => undefined }
}

function embeddedIn({ directory }: DataPlace): string {
  return join(directory, 'postgres')
}

/** Says what is wrong with a database of the person's own before anything is written to it. */
async function checkDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
  } catch (error) {
    throw new StartFailure(`DATABASE_URL does not work: ${reasonOf(error, client.database)}.`)
  } finally {
    await client.end().catch(() => undefined)
  }
}

function reasonOf(error: unknown, database: string | undefined): string {
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return 'nothing listens there; start that PostgreSQL or leave DATABASE_URL away to use the embedded one'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its host name is not known; check the spelling'
    case '28P01':
    case '28000':
      return 'name or password is wrong; check both in the URL'
    case '3D000':
      return `that database does not exist; make it with createdb ${database ?? ''}`.trimEnd()
    default: {
      const message = error instanceof Error ? error.message : String(error)
      return `${message.split('\n')[0] ?? 'it cannot be reached'}; check host, port, name and password`
    }
  }
}
