import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')
/** The pinned one, whatever runs us. */
export const node = join(root, 'node_modules', 'node', 'bin', 'node')

const startTimeoutMs = 60_000

export interface ChildOptions {
  /** For sentences: `the server`. */
  readonly name: string
  /** The program's file. */
  readonly program: string
  readonly parameters: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What it says when everything is there. */
  readonly isUp: RegExp
}

/** A program of ours in a process of its own. */
export interface Child {
  readonly pid: number
  /** Everything it wrote so far. */
  output(): string
  isAlive(): boolean
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** As Ctrl-C does; resolves with its exit code. */
  stop(): Promise<number | null>
}

/** Starts a program and waits until it says that it is up. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, program, parameters, isUp } = options
  const { DATABASE_URL: _own, ...env } = process.env
  // On a leash: it stops by itself when we are killed and cannot stop it any more.
  const leash = ['--import', join(root, 'scripts', 'leash.mjs')]
  const child = spawn(node, [...leash, program, ...parameters], {
    env: { ...env, JEON_LEASH: '3', ...options.env },
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
  if (pid === undefined) throw new Error(`${name} cannot be run`)
  const started: Child = {
    pid,
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
  await upOrNever(name, started, up, ended)
  return started
}

async function upOrNever(
  name: string,
  child: Child,
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
  await child.kill()
  throw new Error(`${name} ${problem}:\n${child.output()}`)
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}
