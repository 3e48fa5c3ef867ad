import { join } from 'node:path'
import { findFreePort } from '@jeon/postgres'
import { type Child, root, startChild } from './child.ts'

/** What the server says when it listens and everything is there. */
const isUp = /^ {2}Next: /m

export interface ServerOptions {
  readonly port: number
  readonly directory: string
  /** Undefined: the server starts a PostgreSQL of its own in the directory. */
  readonly databaseUrl: string | undefined
}

/** The real server: `apps/server/src/main.ts` in a process of its own. */
export interface ServerProcess extends Child {
  readonly url: string
}

/** Starts the server and waits until it says that it is up. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { port, directory, databaseUrl } = options
  const child = await startChild({
    name: 'the server',
    program: join(root, 'apps', 'server', 'src', 'main.ts'),
    parameters: [
      ...['--no-examples', '--port', String(port), '--data-dir', directory],
      // The usual port may be taken by a sandbox that runs beside.
      ...['--carrier-port', String(await findFreePort())],
    ],
    ...(databaseUrl === undefined ? {} : { env: { DATABASE_URL: databaseUrl } }),
    isUp,
  })
  return { ...child, url: `http://127.0.0.1:${port}` }
}
