import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { node } from './child.ts'
import { groupLength, type Plan } from './writer-plan.ts'

/** What the writer process was told about each command: `shard/sequence`, `unknown`, or a code. */
export interface Told {
  /** By the command's number; undefined: sent, and no answer heard. */
  readonly words: readonly (string | undefined)[]
  readonly errors: string
}

export interface WriterProcess {
  readonly told: Told
  isAlive(): boolean
  /** Resolves when a group was answered after this call in which something was accepted. */
  accepted(): Promise<void>
  kill(): Promise<void>
}

/** Starts the process; resolves when it has sent something. */
export async function startWriter(plan: Plan): Promise<WriterProcess> {
  const program = join(import.meta.dirname, 'writer-main.ts')
  const parameters = [plan.databaseUrl, plan.seed, plan.round, plan.baseMs].map(String)
  const child = spawn(node, [program, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] })
  const words: (string | undefined)[] = []
  let errors = ''
  let waiters: (() => void)[] = []
  const begun = Promise.withResolvers<void>()
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const read = (line: string) => {
    const [word, from = '', ...outcomes] = line.split(' ')
    const first = Number(from)
    begun.resolve()
    for (let at = 0; at < groupLength; at += 1) words[first + at] ??= outcomes[at]
    if (word !== 'told' || !outcomes.some((outcome) => outcome.includes('/'))) return
    for (const go of waiters) go()
    waiters = []
  }
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    // What the blow cut off was not told.
    rest = lines.pop() ?? ''
    for (const line of lines) read(line)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  await Promise.race([begun.promise, ended])
  return {
    get told() {
      return { words, errors }
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
    accepted: () => Promise.race([new Promise<void>((resolve) => waiters.push(resolve)), ended]),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
