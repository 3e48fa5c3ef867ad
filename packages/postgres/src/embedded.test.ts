import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedPostgres, eraseEmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
import { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './errors.ts'
import { childrenOf, findProcess, sendSignal, waitForEnd } from './processes.ts'

const SMALL = { shared_buffers: '16MB' }
const isRoot = process.getuid?.() === 0

/** A cluster to copy: initdb is most of what a first start costs. */
let template = ''
let directory = ''
let running: EmbeddedPostgres[] = []
let owners: ChildProcess[] = []

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'jeon-postgres-'))
  await (await startEmbeddedPostgres({ directory: template, settings: SMALL })).stop()
})

afterAll(() => rm(template, { recursive: true, force: true }))

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'jeon-postgres-'))
})

afterEach(async () => {
  for (const owner of owners) owner.kill('SIGKILL')
  for (const server of running) await server.stop()
  await eraseEmbeddedPostgres(directory).finally(() =>
    rm(directory, { recursive: true, force: true }),
  )
  owners = []
  running = []
})

/** Makes `directory` the home of a database, with the owners that PostgreSQL insists on. */
function copyTemplate(): void {
  execFileSync('cp', ['-a', `${template}/.`, directory])
}

async function start(
  options: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {},
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ directory, settings: SMALL, ...options })
  running.push(server)
  return server
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

async function refusal(work: Promise<unknown>): Promise<EmbeddedPostgresError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof EmbeddedPostgresError)) throw new Error(`not refused: ${String(error)}`)
  return error
}

/** A process of its own that owns the database in `directory`. */
async function startOwner(): Promise<{ owner: ChildProcess; pid: number; url: string }> {
  const program = fileURLToPath(new URL('owner.fixture.ts', import.meta.url))
  const owner = spawn(process.execPath, [program, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  owners.push(owner)
  const [line] = await once(createInterface(owner.stdout), 'line')
  return { owner, ...JSON.parse(String(line)) }
}

/** A connection whose backend is busy for a minute. */
async function keepBusy(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  client.query('SELECT pg_sleep(60)').catch(() => {})
}

describe('a first start', () => {
  test('creates a database that is kept over a stop, which may be asked for twice', async () => {
    const messages: string[] = []
    const first = await start({ log: (message) => messages.push(message) })
    expect(messages).toEqual(['creating the database'])
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n')
    await Promise.all([first.stop(), first.stop()])
    await first.stop()
    await first.ended
    expect(await findProcess(first.pid)).toBeUndefined()

    const second = await start({ log: (message) => messages.push(message) })
    expect(messages).toHaveLength(1)
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
  })

  test('begins again where one was killed half-way', async () => {
    await writeFile(join(directory, 'password'), '')
    await mkdir(join(directory, 'new-0badc0de'))
    const server = await start()
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('meets another one: one wins, the other says so', async () => {
    const outcomes = await Promise.allSettled([start(), start()])
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(lost).toHaveLength(1)
    expect(lost[0]?.reason).toMatchObject({ code: 'in_use' })
    expect((await readdir(directory)).sort()).toEqual(['data', 'password', 'postgres.log'])
  })

  test('does not take over a directory with other files', async () => {
    await writeFile(join(directory, 'keys.json'), '{}')
    const error = await refusal(start())
    expect(error).toMatchObject({
      code: 'unusable_directory',
      message: expect.stringContaining('keys.json'),
    })
  })
})

describe('a server', () => {
  beforeEach(copyTemplate)

  test('is durable, whatever its settings, and takes settings otherwise', async () => {
    const server = await start({ settings: { ...SMALL, work_mem: '5MB' } })
    const settings = await query(
      server.url,
      `SELECT name, setting FROM pg_settings WHERE name IN
       ('fsync', 'full_page_writes', 'synchronous_commit', 'work_mem', 'wal_compression') ORDER BY 1`,
    )
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toMatchObject({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      work_mem: '5120',
    })
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes', 'port']) {
      await expect(start({ settings: { [name]: 'off' } })).rejects.toThrow(name)
    }
  })

  test('asks for a password and does not run as root', async () => {
    const server = await start()
    const address = new URL(server.url)
    address.password = 'wrong'
    await expect(query(address.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
    expect((await stat(join(directory, 'data'))).uid).not.toBe(0)
    expect((await stat(join(directory, 'password'))).mode & 0o077).toBe(0)
  })

  test('takes the port that it is given and says when that is taken', async () => {
    const other = createServer((socket) => socket.resume())
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', () => listening()))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect((await refusal(start({ port }))).code).toBe('port_taken')
    await new Promise((closed) => other.close(closed))
    expect((await start({ port })).url).toContain(`:${port}/`)
  })

  test('says which setting PostgreSQL does not take', async () => {
    const error = await refusal(start({ settings: { work_mem: 'much' } }))
    expect(error).toMatchObject({
      code: 'start_failed',
      message: expect.stringContaining('work_mem'),
    })
  })

  test('leaves nothing behind when it is not ready in time', async () => {
    const before = new Set(await childrenOf(process.pid))
    expect((await refusal(start({ startTimeoutMs: 1 }))).code).toBe('timeout')
    const after = (await childrenOf(process.pid)).filter((pid) => !before.has(pid))
    for (const pid of after) expect(await waitForEnd(pid, 5_000)).toBe(true)
  })
})

describe('crashes', () => {
  beforeEach(copyTemplate)

  test('killHard leaves no process, and the next start has what was committed', async () => {
    const server = await start()
    await query(server.url, 'CREATE TABLE kept AS SELECT 7 AS n')
    await keepBusy(server.url)
    const family = [server.pid, ...(await childrenOf(server.pid))]
    expect(family.length).toBeGreaterThan(4)
    await server.killHard()
    for (const pid of family) expect(await findProcess(pid)).toBeUndefined()
    await server.killHard()
    const again = await start()
    expect(await query(again.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
  })

  test('the death of the postmaster alone is survived, busy children or not', async () => {
    const server = await start()
    await keepBusy(server.url)
    sendSignal(server.pid, 'SIGKILL')
    await server.ended
    const again = await start()
    expect(await query(again.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('the server ends soon after its owner was killed', async () => {
    const { owner, pid } = await startOwner()
    owner.kill('SIGKILL')
    expect(await waitForEnd(pid, 15_000)).toBe(true)
    expect(await readFile(join(directory, 'postgres.log'), 'utf8')).toContain('fast shutdown')
  })

  test('the server outlives an interrupt of its owner’s group by as long as the owner', async () => {
    const { owner, pid } = await startOwner()
    owner.on('exit', () => {})
    process.kill(-(owner.pid ?? 0), 'SIGWINCH')
    expect(await findProcess(pid)).toBeDefined()
    process.kill(-(owner.pid ?? 0), 'SIGINT')
    await once(owner, 'exit')
    expect(await waitForEnd(pid, 15_000)).toBe(true)
  })

  test('a start right after the owner was killed just works', async () => {
    const { owner, url } = await startOwner()
    await query(url, 'CREATE TABLE kept AS SELECT 7 AS n')
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    const server = await start()
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
  })

  test('an orphan whose watchdog was killed as well is stopped by the next start', async () => {
    const { owner, pid, url } = await startOwner()
    await query(url, 'CREATE TABLE kept AS SELECT 7 AS n')
    for (const child of await childrenOf(owner.pid ?? 0)) {
      if (child !== pid) sendSignal(child, 'SIGKILL')
    }
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    expect(await findProcess(pid)).toBeDefined()
    const messages: string[] = []
    const server = await start({ log: (message) => messages.push(message) })
    expect(messages).toEqual(['stopping the database server that a killed process left behind'])
    expect(await findProcess(pid)).toBeUndefined()
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
  })

  test('a process number that was given to somebody else since does not matter', async () => {
    await (await start()).killHard()
    const lock = join(directory, 'data', 'postmaster.pid')
    const bystander = spawn('sleep', ['60'])
    owners.push(bystander)
    await writeFile(lock, (await readFile(lock, 'utf8')).replace(/^\d+/, String(bystander.pid)))
    await start()
    expect(await findProcess(bystander.pid ?? 0)).toBeDefined()
  })
})

describe('a directory', () => {
  beforeEach(copyTemplate)

  test.each<[string, () => Promise<void>, EmbeddedPostgresErrorCode, string]>([
    ['no version', () => rm(join(directory, 'data', 'PG_VERSION')), 'damaged', 'PG_VERSION'],
    [
      'another version',
      () => writeFile(join(directory, 'data', 'PG_VERSION'), '17\n'),
      'damaged',
      'PostgreSQL 17',
    ],
    [
      'an empty control file',
      () => truncate(join(directory, 'data', 'global', 'pg_control')),
      'damaged',
      'pg_control',
    ],
    [
      'no journal',
      () => rm(join(directory, 'data', 'pg_wal'), { recursive: true }),
      'damaged',
      'pg_wal',
    ],
    ['no password', () => rm(join(directory, 'password')), 'damaged', 'password'],
    [
      'another password',
      () => writeFile(join(directory, 'password'), 'x\n'),
      'damaged',
      'password',
    ],
  ])('with %s is refused in one sentence', async (_name, damage, code, word) => {
    await (await start()).stop()
    await damage()
    const error = await refusal(start())
    expect(error.code).toBe(code)
    expect(error.message).toContain(word)
    expect(error.message).toContain('remove')
    expect(error.message).not.toContain('\n')
  })

  test('in use is refused, naming the user', async () => {
    const server = await start()
    const error = await refusal(start())
    expect(error).toMatchObject({
      code: 'in_use',
      message: expect.stringContaining('this process'),
    })
    expect((await refusal(eraseEmbeddedPostgres(directory))).code).toBe('in_use')
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('is emptied by erase, which leaves what is not ours', async () => {
    await (await start()).stop()
    await writeFile(join(directory, 'notes'), '')
    await eraseEmbeddedPostgres(directory)
    expect(await readdir(directory)).toEqual(['notes'])
  })

  test.runIf(isRoot)(
    'that the unprivileged user cannot reach gets its data elsewhere',
    async () => {
      const hidden = join(directory, 'hidden')
      const own = join(hidden, 'postgres')
      await mkdir(hidden, { mode: 0o700 })
      const messages: string[] = []
      const server = await start({ directory: own, log: (message) => messages.push(message) })
      const home = (await readFile(join(own, 'location'), 'utf8')).trim()
      expect(messages[0]).toContain(home)
      await query(server.url, 'CREATE TABLE kept AS SELECT 7 AS n')
      await server.stop()
      const again = await start({ directory: own })
      expect(await query(again.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
      await again.stop()
      await eraseEmbeddedPostgres(own)
      await expect(stat(home)).rejects.toThrow('ENOENT')
      expect(await readdir(own)).toEqual([])
    },
  )
})
