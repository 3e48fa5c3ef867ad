/**
 * Looking at processes and ending them for certain, on Linux (through /proc, since small images
 * have no `ps`) and on macOS (through `ps`).
 */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const POLL_MS = 20

export interface ProcessView {
  readonly pid: number
  readonly parent: number
  /** When it started, in the system's own words: with the pid it names one process for ever. */
  readonly started: string
  readonly command: string
}

/** The process `pid`, or undefined when there is none; one that only waits to be reaped is none. */
export async function findProcess(pid: number): Promise<ProcessView | undefined> {
  return process.platform === 'linux' ? findInProc(pid) : findWithPs(pid)
}

/** The direct children of `pid`. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const children: number[] = []
  for (const candidate of await listPids()) {
    if ((await findProcess(candidate))?.parent === pid) children.push(candidate)
  }
  return children
}

/** Waits until `pid` is gone; false when it is still there after `timeoutMs`. */
export async function waitForEnd(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while ((await findProcess(pid)) !== undefined) {
    if (performance.now() > deadline) return false
    await sleep(POLL_MS)
  }
  return true
}

/** Sends a signal; a process that is gone already is fine. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/**
 * SIGKILL for `pid` and its children, and returns when none is left. The parent is frozen first, so
 * that it cannot start another child between the look and the blow.
 *
 * @throws Error when one of them outlives `timeoutMs`
 */
export async function killTree(pid: number, timeoutMs = 10_000): Promise<void> {
  sendSignal(pid, 'SIGSTOP')
  const family = [pid, ...(await childrenOf(pid))]
  for (const member of family) sendSignal(member, 'SIGKILL')
  for (const member of family) {
    if (!(await waitForEnd(member, timeoutMs))) {
      throw new Error(`process ${member} is still there ${timeoutMs} ms after SIGKILL`)
    }
  }
}

async function findInProc(pid: number): Promise<ProcessView | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  if (stat === undefined || command === undefined) return undefined
  // Fields are counted from behind the name, which is in parentheses and may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, parent] = fields
  const started = fields[19]
  if (state === 'Z' || state === 'X' || started === undefined) return undefined
  return { pid, parent: Number(parent), started, command: command.replaceAll('\0', ' ') }
}

async function findWithPs(pid: number): Promise<ProcessView | undefined> {
  const columns = ['-o', 'state=', '-o', 'ppid=', '-o', 'lstart=', '-o', 'command=']
  const output = await run('ps', ['-ww', ...columns, '-p', String(pid)], {
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  }).catch(() => undefined)
  // lstart is five words: Sun Nov 22 18:04:20 2026
  const match = /^(\S+)\s+(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(
    output?.stdout.trim() ?? '',
  )
  const [, state, parent, started, command] = match ?? []
  if (state === undefined || started === undefined || state.startsWith('Z')) return undefined
  const words = started.split(/\s+/).join('_')
  return { pid, parent: Number(parent), started: words, command: `${command ?? ''} ` }
}

async function listPids(): Promise<readonly number[]> {
  const names =
    process.platform === 'linux'
      ? await readdir('/proc')
      : (await run('ps', ['-A', '-o', 'pid='])).stdout.split('\n').map((line) => line.trim())
  return names.filter((name) => /^\d+$/.test(name)).map(Number)
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH'
}
