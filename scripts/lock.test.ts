import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

/** Notes when it enters and leaves; two that are inside at once would show in the notes. */
const HOLDER = `
  import { appendFileSync } from 'node:fs'
  import { setTimeout as sleep } from 'node:timers/promises'
  import { withLock } from '${new URL('lock.mjs', import.meta.url)}'
  const [lock, notes] = process.argv.slice(1)
  await withLock(lock, async () => {
    appendFileSync(notes, 'in ')
    await sleep(20)
    appendFileSync(notes, 'out ')
  })
`
let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'jeon-lock-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function hold(): Promise<unknown> {
  const files = [join(directory, 'lock'), join(directory, 'notes')]
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, ...files])
  return (await once(holder, 'exit'))[0]
}

test('one at a time, also when all find the lock of a process that was killed', async () => {
  const dead = spawn('true')
  await once(dead, 'exit')
  await writeFile(join(directory, 'lock'), String(dead.pid))
  const codes = await Promise.all(Array.from({ length: 8 }, hold))
  expect(codes).toEqual(Array(8).fill(0))
  expect(await readFile(join(directory, 'notes'), 'utf8')).toBe('in out '.repeat(8))
  expect(await readdir(directory)).toEqual(['notes'])
})

test('whoever waits goes on only when the helpers of a killed holder are gone as well', async () => {
  const helper = spawn('sleep', ['60'])
  const dead = spawn('true')
  await once(dead, 'exit')
  await writeFile(join(directory, 'lock'), `${dead.pid} ${helper.pid}`)
  let isDone = false
  const waiting = hold().then(() => {
    isDone = true
  })
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(isDone).toBe(false)
  helper.kill('SIGKILL')
  await waiting
  expect(await readFile(join(directory, 'notes'), 'utf8')).toBe('in out ')
})
