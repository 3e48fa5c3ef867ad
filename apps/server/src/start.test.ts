import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FreshDatabase, freshDatabase } from '@jeon/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Config, readConfig, StartFailure } from './config.ts'
import { createProgress } from './progress.ts'
import { start } from './start.ts'

let directory: string
let database: FreshDatabase
const shown: string[] = []
const progress = createProgress({ write: (text) => shown.push(text) }, () => performance.now())

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'jeon-start-test-'))
  database = await freshDatabase()
})
afterAll(async () => {
  await database.drop()
  await rm(directory, { recursive: true, force: true })
})

function config(more: Partial<Config> = {}): Config {
  const usual = readConfig(
    ['--port', '0', '--newspaper-port', '0', '--carrier-port', '0', '--log-level', 'silent'],
    {},
    '/',
  )
  return { ...usual, directory, databaseUrl: database.url, ...more }
}

test('starts everything step by step, and stops it all', async () => {
  const port = await freePort()
  const publicUrl = `http://localhost:${port}`
  const running = await start(config({ port, publicUrl }), progress)
  expect(shown.join('')).toMatch(
    /… database\n.*✓ database.*✓ pages.*✓ carriers.*✓ platform.*✓ newspaper/s,
  )
  for (const path of ['/readyz', '/elements.js', '/wallet', '/line', '/docs']) {
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status, path).toBe(200)
  }
  const page = await fetch(`http://127.0.0.1:${port}/wallet`)
  const asset = /\/wallet\/assets\/[\w.-]+\.js/.exec(await page.text())?.[0]
  expect((await fetch(`http://127.0.0.1:${port}${asset}`)).status).toBe(200)
  expect(running.newspaperUrl).toMatch(/^http:/)
  expect((await fetch(`${running.carriersUrl}/healthz`)).status).toBe(200)
  await running.stop()
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
})

describe('what stands in the way is told in one sentence', () => {
  async function failure(more: Partial<Config>): Promise<string> {
    const outcome = await start(config({ examples: false, ...more }), progress).catch(
      (error: unknown) => error,
    )
    expect(outcome).toBeInstanceOf(StartFailure)
    const message = outcome instanceof Error ? outcome.message : ''
    expect(message).toMatch(/^[^\n]+\.$/)
    return message
  }

  test('a taken port', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect(await failure({ port })).toContain(`npm start -- --port ${port + 1}`)
    server.close()
  })

  test('a database that is not there', async () => {
    const wrong = (parts: { port?: string; pathname?: string; hostname?: string }) => {
      const url = Object.assign(new URL(database.url), parts)
      if (parts.hostname !== undefined) url.password = 'hush'
      return failure({ databaseUrl: url.href })
    }
    expect(await wrong({ port: '1' })).toContain('nothing listens there')
    expect(await wrong({ pathname: '/nowhere' })).toContain('does not exist')
    const message = await wrong({ hostname: 'nowhere.invalid' })
    expect(message).toContain('host name is not known')
    expect(message).not.toContain('hush')
  })

  test('a data directory that is a file', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    expect(await failure({ directory: file })).toContain('--data-dir')
  })

  test('erasing a database that is not ours', async () => {
    expect(await failure({ reset: true })).toContain('drop schema')
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
