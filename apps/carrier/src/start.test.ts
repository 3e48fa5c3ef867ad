import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFreshDatabase, type FreshDatabase, testServerUrl } from '@jeon/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Config, readConfig, StartFailure } from './config.ts'
import { start } from './start.ts'

let directory: string
let database: FreshDatabase
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'jeon-carrier-start-test-'))
  database = await createFreshDatabase(testServerUrl())
})
afterAll(async () => {
  await database.drop()
  await rm(directory, { recursive: true, force: true })
})

function config(more: Partial<Config>): Config {
  const usual = readConfig(['--log-level', 'silent', '--data-dir', directory], {}, '/')
  return { ...usual, databaseUrl: database.url, ...more }
}

/** What keeps a start from beginning; nothing was begun. */
async function failure(more: Partial<Config>): Promise<string> {
  const told: string[] = []
  const outcome = await start(config(more), (step) => told.push(step)).catch(
    (error: unknown) => error,
  )
  expect(outcome).toBeInstanceOf(StartFailure)
  expect(told).not.toContain('carriers')
  return outcome instanceof Error ? outcome.message : ''
}

test('starts step by step, says so when its port is taken, and stops', async () => {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const option = `npm run carrier -- --port ${port + 1}`
  expect(await failure({ port })).toContain(option)
  await new Promise((resolve) => probe.close(resolve))
  const told: string[] = []
  const running = await start(config({ port }), (step) => told.push(step))
  expect(told).toEqual(expect.arrayContaining(['database', 'carriers']))
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  expect(await failure({ port })).toContain(option)
  await running.stop()
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
})

test('says what is wrong with its database and its reset', async () => {
  const nowhere = new URL('/nowhere', database.url).href
  expect(await failure({ port: 0, databaseUrl: nowhere })).toContain('createdb nowhere')
  expect(await failure({ port: 0, reset: true })).toContain(
    '"drop schema if exists carrier, ledger cascade"',
  )
})
