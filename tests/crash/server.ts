import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')
/** The pinned one, whatever runs us. */
export const node = join(root, 'node_modules', 'node', 'bin', 'node')

const startTimeoutMs = 60_000
/** What the server says when it listens and everything is there. */
const isUp = /^ {2}Next: /m

export interface ServerOptions {
  readonly port: number
  readonly directory: string
  /** Undefined: the server starts a PostgreSQL of its own in the directory. */
  readonly databaseUrl: string | undefined
}

/** The real server: `apps/server/src/main.ts` in a process of its own. */
export interface ServerProcess {
  readonly pid: number
  readonly url: string
  /** Everything it wrote so far. */
  output(): string
  isAlive(): boolean
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** As Ctrl-C does; resolves with its exit code. */
  stop(): Promise<number | null>
}

/** Starts the server and waits until it says that it is up. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { port, directory, databaseUrl } = options
  const parameters = ['--no-examples', '--port', String(port), '--data-dir', directory]
  const { DATABASE_URL: _own, ...env } = process.env
  // On a leash: it stops by itself when we are killed and cannot stop it any more.
  const leash = ['--import', join(root, 'scripts', 'leash.mjs')]
  const main = join(root, 'apps', 'server', 'src', 'main.ts')
  const child = spawn(node, [...leash, main, ...parameters], {
    env: {
      ...env,
      JEON_LEASH: '3',
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let output = ''
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
  })
  const up = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (isUp.test(output)) resolve()
      })
    }
  })
  const { pid } = child
  if (pid === undefined) throw new Error('the server cannot be run')
  const server: ServerProcess = {
    pid,
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    isAlive: () => isAlive(child),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
  await upOrNever(server, up, ended)
  return server
}

async function upOrNever(
  server: ServerProcess,
  up: Promise<void>,
  ended: Promise<number | null>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('is not up in time'), startTimeoutMs)
  })
  const end = ended.then((code) => `ended with code ${code}`)
  const problem = await Promise.race([up.then(() => undefined), end, tooLong])
  clearTimeout(timer)
  if (problem === undefined) return
  await server.kill()
  throw new Error(`the server ${problem}:\n${server.output()}`)
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}
