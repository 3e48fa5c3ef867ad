/**
 * What a test run left behind. Every process of the run carries the run's name in its environment,
 * databases included.
 *
 * Looks at /proc, so it finds nothing on other systems than Linux.
 */
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export const RUN_VARIABLE = 'JEON_TEST_RUN'
/** Browsers and databases whose owner has just ended are on their way out themselves. */
const GRACE_MS = 10_000
const POLL_MS = 200

/** Ends what outlives its grace and returns a line for each. */
export async function endLeftovers(run: string): Promise<readonly string[]> {
  const deadline = performance.now() + GRACE_MS
  let found = await findLeftovers(run)
  while (found.length > 0 && performance.now() < deadline) {
    await sleep(POLL_MS)
    found = await findLeftovers(run)
  }
  for (const { pid } of found) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended by itself since we looked.
    }
  }
  return found.map(({ pid, command }) => `process ${pid}: ${command.slice(0, 120)}`)
}

interface Leftover {
  readonly pid: number
  readonly command: string
}

async function findLeftovers(run: string): Promise<readonly Leftover[]> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  const found: Leftover[] = []
  for (const pid of pids) {
    if (pid === process.pid) continue
    const command = (await read(pid, 'cmdline')).replaceAll('\0', ' ').trim()
    // A process without a command line is a zombie, or one of the kernel's.
    if (command === '') continue
    const environment = (await read(pid, 'environ')).split('\0')
    if (environment.includes(`${RUN_VARIABLE}=${run}`)) found.push({ pid, command })
  }
  return found
}

function read(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')
}
