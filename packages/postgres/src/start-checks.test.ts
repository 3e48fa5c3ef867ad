import { access, chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FreshDatabase } from './databases.ts'
import { checkPort, openServer, portFailure, prepareDirectory } from './start-checks.ts'
import { StartFailure } from './start-failure.ts'
import { freshDatabase } from './testing.ts'

let directory: string
let database: FreshDatabase
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'jeon-checks-test-'))
  database = await freshDatabase()
})
afterAll(async () => {
  await database.drop()
  await rm(directory, { recursive: true, force: true })
})

/** The one sentence that a person reads. */
async function failure(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StartFailure)
  const message = error instanceof Error ? error.message : ''
  expect(message).toMatch(/^[^\n]+\.$/)
  return message
}

describe('a port', () => {
  const option = 'npm start -- --port'

  test('that is taken is told, and a free one stays free', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const wish = { port, host: '127.0.0.1', option }
    expect(await failure(checkPort(wish))).toBe(
      `Port ${port} is taken: stop what listens there, or choose another with npm start -- --port ${port + 1}.`,
    )
    await new Promise((resolve) => server.close(resolve))
    await checkPort(wish)
    await checkPort(wish)
  })

  test('on an address of another machine', async () => {
    const wish = { port: 0, host: '192.0.2.1', option }
    expect(await failure(checkPort(wish))).toContain('--host')
  })

  test('that needs special rights, and what is no matter of ports', async () => {
    const denied = Object.assign(new Error('no'), { code: 'EACCES' })
    const told = failure(Promise.reject(portFailure(denied, { port: 80, option })))
    expect(await told).toContain('choose one above 1023 with npm start -- --port 4080')
    const other = new Error('other')
    expect(portFailure(other, { port: 80, option })).toBe(other)
  })
})

describe('a data directory', () => {
  test('is made, with the folders above it', async () => {
    const deep = join(directory, 'one', 'two')
    await prepareDirectory({ directory: deep, databaseUrl: undefined })
    await access(deep)
  })

  test('that is a file, or below one', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    for (const wrong of [file, join(file, 'below')]) {
      const message = await failure(prepareDirectory({ directory: wrong, databaseUrl: undefined }))
      expect(message).toContain(`The data directory ${wrong} cannot be used (E`)
      expect(message).toContain('--data-dir')
    }
  })

  test.skipIf(process.getuid?.() === 0)('that cannot be written to', async () => {
    const closed = join(directory, 'closed')
    await mkdir(closed)
    await chmod(closed, 0o500)
    const message = await failure(prepareDirectory({ directory: closed, databaseUrl: undefined }))
    expect(message).toContain('(EACCES)')
  })

  test('is emptied of what is named, and of nothing else', async () => {
    const kept = join(directory, 'kept')
    await mkdir(join(kept, 'postgres', 'data'), { recursive: true })
    for (const name of ['keys.json', 'notes.txt']) await writeFile(join(kept, name), '')
    const reset = { files: ['keys.json', 'never-there'], advice: '' }
    await prepareDirectory({ directory: kept, databaseUrl: undefined }, reset)
    await access(join(kept, 'notes.txt'))
    for (const gone of ['keys.json', join('postgres', 'data')]) {
      await expect(access(join(kept, gone))).rejects.toMatchObject({ code: 'ENOENT' })
    }
  })

  test('is left alone when the database is the person’s own', async () => {
    const file = join(directory, 'own.json')
    await writeFile(file, '')
    const reset = { files: ['own.json'], advice: '"drop schema"' }
    const place = { directory, databaseUrl: database.url }
    expect(await failure(prepareDirectory(place, reset))).toContain('run "drop schema" first')
    await access(file)
  })
})

describe('a database of the person’s own', () => {
  const open = (parts: object) =>
    openServer({ directory, databaseUrl: Object.assign(new URL(database.url), parts).href }, () => {
      throw new Error('nothing takes time here')
    })

  test('is taken as it is', async () => {
    const server = await open({})
    expect(server.url).toBe(database.url)
    await server.stop()
  })

  test('that does not work is told with what to do, and never with its password', async () => {
    expect(await failure(open({ port: '1' }))).toContain('nothing listens there')
    expect(await failure(open({ pathname: '/nowhere' }))).toContain('make it with createdb nowhere')
    expect(await failure(open({ password: 'wrong' }))).toContain('name or password is wrong')
    const message = await failure(open({ hostname: 'nowhere.invalid', password: 'hush' }))
    expect(message).toContain('host name is not known')
    expect(message).not.toContain('hush')
  })
})
