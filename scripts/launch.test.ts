import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

/** What run.mjs does in the end, with a program of ours. */
const LAUNCHER = `
  import { launch } from '${new URL('launch.mjs', import.meta.url)}'
  const [program, ...parameters] = process.argv.slice(1)
  process.exitCode = await launch(process.execPath, program, parameters)
`
let launched: Launched[] = []

interface Launched {
  readonly launcher: ChildProcess
  readonly exit: Promise<unknown[]>
  readonly program: number
  readonly grandchild: number
  readonly said: () => string
}

afterEach(() => {
  for (const { launcher, program, grandchild } of launched) {
    for (const pid of [launcher.pid, program, grandchild]) {
      if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL')
    }
  }
  launched = []
})

async function start(stopMs: number): Promise<Launched> {
  const parameters = ['--input-type=module', '-e', LAUNCHER, 'scripts/patient.fixture.ts']
  const launcher = spawn(process.execPath, [...parameters, String(stopMs)], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
    // In a group of its own, as a shell would start it.
    detached: true,
  })
  let text = ''
  launcher.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  await expect.poll(() => text, { timeout: 10_000 }).toMatch(/ready \d+ \d+\n/)
  const [program = 0, grandchild = 0] = [...text.matchAll(/\d+/g)].map(Number)
  const one = { launcher, exit: once(launcher, 'exit'), program, grandchild, said: () => text }
  launched.push(one)
  return one
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Ctrl-C in a terminal reaches the whole group, and npm sends it once more. */
function interrupt({ launcher }: Launched): void {
  process.kill(-(launcher.pid ?? 0), 'SIGINT')
  launcher.kill('SIGINT')
}

test('Ctrl-C arrives once, the program finishes, and its exit code is ours', async () => {
  const one = await start(700)
  interrupt(one)
  expect(await one.exit).toEqual([7, null])
  expect(one.said().match(/SIG/g)).toHaveLength(1)
  await expect.poll(() => isAlive(one.grandchild)).toBe(false)
})

test('a second Ctrl-C ends everything at once', async () => {
  const one = await start(60_000)
  interrupt(one)
  await expect.poll(one.said).toContain('SIGINT')
  await sleep(600)
  interrupt(one)
  expect(await one.exit).toEqual([137, null])
  await expect.poll(() => isAlive(one.program) || isAlive(one.grandchild)).toBe(false)
})

test('a launcher that is killed takes the program along', async () => {
  const one = await start(0)
  one.launcher.kill('SIGKILL')
  await expect.poll(() => isAlive(one.program), { timeout: 10_000 }).toBe(false)
  expect(one.said()).toContain('SIGTERM')
  process.kill(one.grandchild, 'SIGKILL')
})
