import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Stops a process and its children in their tracks, as a machine does that hangs. */
export async function freeze(pid: number): Promise<readonly number[]> {
  // The parent first: after that it has no more children than we find.
  process.kill(pid, 'SIGSTOP')
  const family = [pid, ...(await childrenOf(pid))]
  for (const member of family) signal(member, 'SIGSTOP')
  return family
}

/** Lets frozen processes go on. */
export function thaw(family: readonly number[]): void {
  for (const member of [...family].reverse()) signal(member, 'SIGCONT')
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended by itself since we looked.
  }
}

async function childrenOf(parent: number): Promise<readonly number[]> {
  const pairs = process.platform === 'linux' ? await parentsInProc() : await parentsWithPs()
  return pairs.filter(([, of]) => of === parent).map(([pid]) => pid)
}

type PidAndParent = readonly [pid: number, parent: number]

async function parentsInProc(): Promise<readonly PidAndParent[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return Promise.all(
    names.map(async (name): Promise<PidAndParent> => {
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return [Number(name), Number(parent)]
    }),
  )
}

async function parentsWithPs(): Promise<readonly PidAndParent[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=', '-o', 'ppid='])
  return stdout.split('\n').map((line): PidAndParent => {
    const [pid, parent] = line.trim().split(/\s+/)
    return [Number(pid), Number(parent)]
  })
}
