import { execFile, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createJeon } from '@jeon/sdk'
import { guard } from '@jeon/sdk/hono'
import { type FakePlatform, startFakePlatform } from '@jeon/sdk/testing'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ExitCode, type Io, runCli } from '../src/index.ts'

let platform: FakePlatform
let folder: string

interface Ran {
  readonly exitCode: ExitCode
  readonly out: string
  readonly err: string
}

async function jeon(args: readonly string[], changes?: Partial<Io>): Promise<Ran> {
  let out = ''
  let err = ''
  const exitCode = await runCli(args, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    isTty: false,
    hasColor: false,
    env: { JEON_SERVER: platform.url, JEON_HOME: join(folder, 'home'), PATH: process.env.PATH },
    cwd: folder,
    home: folder,
    columns: 100,
    signal: new AbortController().signal,
    ...changes,
  })
  return { exitCode, out, err }
}

const paymentsMade = () => platform.history.filter(({ object }) => object === 'payment').length

/** A shop on the fake platform's own port, so that the commands really travel over HTTP. */
function shopFor(url: () => string) {
  const app = new Hono()
  const client = createJeon({ server: url(), key: 'sk_test_1', merchant: platform.merchant })
  app.get('/articles/:id', guard(client, { offer: (c) => c.req.param('id') }), (c) =>
    c.text('<p>the whole article</p>'),
  )
  return app
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jeon-cli-'))
  platform = await startFakePlatform()
  platform.offers.set('article-1', {
    id: 'article-1',
    title: '첫 기사',
    price: { amount: '150', currency: 'KRW' },
  })
  await mkdir(join(folder, '.jeon'))
  await writeFile(
    join(folder, '.jeon', 'keys.json'),
    JSON.stringify({
      operator: 'op_test_1',
      merchant: { id: platform.merchant, secret: 'sk_test_1', page: 'pk_test_1' },
    }),
    { mode: 0o600 },
  )
})
afterEach(async () => {
  await platform.stop()
  await rm(folder, { recursive: true })
})

describe('pay', () => {
  test('an offer, with a guest wallet made on first use and kept for its owner alone', async () => {
    const { exitCode, out, err } = await jeon(['pay', '--offer', 'article-1'])
    expect(err).toMatch(
      /^✓ paid ₩150\n {2}receipt {2}ey.{22}… \(\d+ characters, whole with --json\)\n$/,
    )
    expect(out).toMatch(/^pay_\w+\n$/)
    expect(exitCode).toBe(0)
    const { mode } = await stat(join(folder, 'home', 'wallet.json'))
    expect(mode & 0o777).toBe(0o600)
    await jeon(['pay', '--offer', 'article-1'])
    expect(platform.wallets.size).toBe(1)
  })

  test('an address: content on stdout, receipt on stderr', async () => {
    const { serve } = await import('@hono/node-server')
    const server = serve({ fetch: shopFor(() => platform.url).fetch, port: 0 })
    try {
      await new Promise((resolve) => server.once('listening', resolve))
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('no port')
      const url = `http://127.0.0.1:${address.port}/articles/article-1`
      const { exitCode, out, err } = await jeon(['pay', url])
      expect(err).toContain('receipt  ey')
      expect(out).toBe('<p>the whole article</p>\n')
      expect(exitCode).toBe(0)
      const json = await jeon(['pay', url, '--json'])
      expect(JSON.parse(json.out)).toMatchObject({ content: '<p>the whole article</p>' })
      expect(json.err).toBe('')
    } finally {
      server.close()
    }
  })

  test('not more than --max', async () => {
    const { exitCode, err } = await jeon(['pay', '--offer', 'article-1', '--max', '100'])
    expect(err).toContain('more than --max')
    expect(exitCode).toBe(1)
    expect(paymentsMade()).toBe(0)
  })

  test('says when it is not known, and the same command again does not pay twice', async () => {
    await jeon(['wallet', '--new'])
    platform.fault = ({ path, method }) => {
      if (method === 'POST' && path === '/v1/payments') return 'error_after'
      return path.startsWith('/v1/payments/') ? 'error_before' : undefined
    }
    const first = await jeon(['pay', '--offer', 'article-1', '--json'])
    expect(first.exitCode).toBe(3)
    expect(JSON.parse(first.out)).toMatchObject({ status: 'unknown' })
    platform.fault = () => undefined
    const second = await jeon(['pay', '--offer', 'article-1'])
    expect(second.exitCode).toBe(0)
    expect(paymentsMade()).toBe(1)
  })

  test('refused: title, hint and the next command', async () => {
    const { exitCode, err, out } = await jeon(['pay', '--offer', 'nothing'])
    expect(exitCode).toBe(1)
    expect(err).toMatch(/✗ offer not found/)
    expect(err).toMatch(/hint {2}/)
    expect(err).toMatch(/next {2}jeon /)
    expect(out).toBe('')
  })

  test('never with the wallet of another platform', async () => {
    const app = await startFakePlatform({
      fallback: () => ({
        status: 402,
        json: { offer: { id: 'a', merchant: 'mer_x', server: 'https://other.example' } },
      }),
    })
    try {
      const { exitCode, err } = await jeon(['pay', `${app.url}/article`])
      expect(exitCode).toBe(1)
      expect(err).toContain('https://other.example')
      expect(paymentsMade()).toBe(0)
    } finally {
      await app.stop()
    }
  })
})

describe('wallet', () => {
  test('without one says what to type', async () => {
    const { exitCode, err } = await jeon(['wallet'])
    expect(exitCode).toBe(1)
    expect(err).toContain('jeon wallet --new')
  })

  test('one that the server no longer knows is replaced when asked to', async () => {
    await jeon(['wallet', '--new'])
    platform.wallets.clear()
    const refused = await jeon(['wallet'])
    expect(refused.exitCode).toBe(1)
    expect(refused.err).toContain('jeon wallet --new')
    expect((await jeon(['wallet', '--new'])).exitCode).toBe(0)
    expect((await jeon(['wallet'])).exitCode).toBe(0)
  })

  test('shows balances and limits with bars, and changes one limit without losing the others', async () => {
    await jeon(['pay', '--offer', 'article-1'])
    const { out } = await jeon(['wallet'])
    expect(out).toContain('₩9,850')
    expect(out).toMatch(/day {5}█░+ {2}₩150 of ₩10,000/)
    const changed = await jeon(['wallet', '--limits', 'day=50000', 'payment=none', '--json'])
    const [pocket] = JSON.parse(changed.out).pockets
    expect(pocket.limits).toMatchObject([
      { per: 'day', amountMax: '50000', countMax: 100 },
      { per: 'month', amountMax: '50000' },
    ])
  })

  test('a limit that is none is wrong usage', async () => {
    await jeon(['wallet', '--new'])
    for (const limit of ['day', 'week=1', 'day=1e3', 'day=0.0001']) {
      expect((await jeon(['wallet', '--limits', limit])).exitCode).toBe(2)
    }
  })
})

describe('payments', () => {
  test('as a table, and as JSON', async () => {
    await jeon(['pay', '--offer', 'article-1'])
    const { out } = await jeon(['payments'])
    expect(out).toMatch(/TIME +KIND +AMOUNT +FOR +ID/)
    expect(out).toContain('첫 기사')
    const json = await jeon(['payments', '--json', '--merchant'])
    expect(JSON.parse(json.out).data).toHaveLength(1)
  })

  test('live until it is stopped', async () => {
    await jeon(['wallet', '--new'])
    const stop = new AbortController()
    let out = ''
    const following = jeon(['payments', '--follow'], {
      signal: stop.signal,
      out: (text) => {
        out += text
        stop.abort()
      },
      err: (text) => {
        if (text.includes('live')) jeon(['pay', '--offer', 'article-1']).catch(() => undefined)
      },
    })
    expect((await following).exitCode).toBe(0)
    expect(out).toContain('₩150')
  })
})

test('the clock is moved', async () => {
  const { exitCode, out } = await jeon(['clock', 'advance', '40d', '--json'])
  expect(exitCode).toBe(0)
  expect(Date.parse(JSON.parse(out).now) - Date.now()).toBeGreaterThan(39 * 86_400_000)
  expect((await jeon(['clock', 'advance', 'soon'])).exitCode).toBe(2)
})

test('the ledger is verified by the server, or in a database that has to be there', async () => {
  const clean = await jeon(['ledger', 'verify'])
  expect(clean.out).toContain('✓ clean')
  expect(clean.exitCode).toBe(0)
  const direct = await jeon(['ledger', 'verify', '--database', 'postgres://127.0.0.1:1/none'])
  expect(direct.exitCode).toBe(1)
  expect(direct.err).toContain('ECONNREFUSED')
})

test('doctor finds the server, the keys and what is wrong with them', async () => {
  const good = await jeon(['doctor', '--json'])
  const states = new Map<string, string>(
    JSON.parse(good.out).checks.map((check: { name: string; state: string }) => [
      check.name,
      check.state,
    ]),
  )
  expect(states.get('keys')).toBe('ok')
  expect(states.get('port')).toBe('ok')
  await writeFile(join(folder, '.jeon', 'keys.json'), '{}')
  const bad = await jeon(['doctor'])
  expect(bad.exitCode).toBe(1)
  expect(bad.out).toMatch(/fail {2}keys[\s\S]*fix {2}npm start -- --reset/)
})

test('a server that is not there is named, with the next command', async () => {
  await platform.stop()
  const { exitCode, err } = await jeon(['pay', '--offer', 'article-1'])
  expect(exitCode).toBe(1)
  expect(err).toContain('ECONNREFUSED')
  expect(err).toContain('jeon doctor')
})

describe('usage', () => {
  test.each([
    ['pay'],
    ['nonsense'],
    ['clock', 'advance'],
    ['payments', '--limit', '0'],
    ['wallet', '--server', 'x'],
  ])('%s %s is wrong', async (...args) => {
    expect((await jeon(args)).exitCode).toBe(2)
  })

  test.each(['pay', 'offers', 'wallet', 'payments', 'bench', 'doctor', 'completion'])(
    '%s has examples',
    async (name) => {
      const { exitCode, out } = await jeon([name, '--help'])
      expect(exitCode).toBe(0)
      expect(out).toMatch(/Examples:\n {2}\$ (jeon|source)/)
      expect(out).toContain('--json')
    },
  )
})

describe('completion', () => {
  const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0
  const complete = async (line: string) => {
    const script = join(folder, 'jeon.bash')
    await writeFile(script, (await jeon(['completion', 'bash'])).out)
    const words = line.split(' ')
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _jeon; echo "\${COMPREPLY[*]}"`,
      'bash',
      script,
      ...words,
    ])
    return stdout.trim().split(' ')
  }

  test.skipIf(!has('bash'))('bash offers what fits the place', async () => {
    expect(await complete('jeon pay')).toEqual(['pay', 'payments'])
    expect(await complete('jeon clock ')).toEqual(
      expect.arrayContaining(['show', 'advance', 'freeze', 'thaw']),
    )
    expect(await complete('jeon payments --f')).toEqual(['--follow'])
    expect(await complete('jeon completion z')).toEqual(['zsh'])
    expect(await complete('jeon --server x clock th')).toEqual(['thaw'])
  })

  test.each(['zsh', 'fish'])('%s accepts its script', async (shell) => {
    const { out } = await jeon(['completion', shell])
    expect(out).toContain('advance')
    if (!has(shell)) return
    const script = join(folder, `jeon.${shell}`)
    await writeFile(script, out)
    expect(spawnSync(shell, ['-n', script]).status).toBe(0)
  })
})

test('the program itself: exit code and NO_COLOR', async () => {
  const main = new URL('../src/main.ts', import.meta.url).pathname
  const run = promisify(execFile)(process.execPath, [main, 'wallet', '--server', 'x'], {
    env: { ...process.env, NO_COLOR: '1' },
  })
  await expect(run).rejects.toMatchObject({ code: 2, stdout: '' })
  expect(await readFile(main, 'utf8')).toContain('NO_COLOR')
})
