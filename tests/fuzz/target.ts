import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Transfer } from '@jeon/ledger'
import { freshDatabase } from '@jeon/postgres'
import { createLog, openPlatform, type Platform } from '@jeon/server'
import pg from 'pg'
import { z } from 'zod'
import type { Balances } from './balances.ts'

/** What a request may name: things that are there. */
export interface Pools {
  readonly wallet: readonly string[]
  readonly merchant: readonly string[]
  readonly offer: readonly string[]
  readonly payment: readonly string[]
  readonly hold: readonly string[]
}

/** A platform to fuzz, with everything that is needed to judge its answers. */
export interface Target {
  readonly platform: Platform
  readonly port: number
  readonly pools: Pools
  /** How a request may say who sends it: header name and value by kind of sender. */
  readonly senders: ReadonlyMap<string, readonly (readonly [string, string])[]>
  /** What no body and no log line may show. */
  readonly secrets: readonly string[]
  readonly logLines: readonly string[]
  /** Posted balances when `committed` began. */
  readonly before: Balances
  /** Everything that was committed since, in order. */
  readonly committed: readonly Transfer[]
  /** JSON of a GET that anybody may send. */
  read(path: string): Promise<unknown>
  close(): Promise<void>
}

const merchantSchema = z.looseObject({
  id: z.string(),
  keys: z.looseObject({}).optional(),
})
const idSchema = z.object({ id: z.string() })

/** @param requestTimeoutMs - how long a request may take to arrive */
export async function openTarget(requestTimeoutMs: number): Promise<Target> {
  const database = await freshDatabase()
  const directory = await mkdtemp(join(tmpdir(), 'jeon-fuzz-'))
  const logLines: string[] = []
  const log = createLog({ level: 'debug', stream: { write: (line) => void logLines.push(line) } })
  const platform = await openPlatform({
    databaseUrl: database.url,
    directory,
    publicUrl: 'http://localhost:4242',
    log,
    listener: { requestTimeoutMs },
  })
  const committed: Transfer[] = []
  const before = await balancesOf(database.url)
  platform.ledger.onCommitted((transfers) => committed.push(...transfers))
  const port = await platform.listen(0)
  const { merchant, operator } = platform.keys
  const call = caller(`http://127.0.0.1:${port}`)

  const shop = await call('POST', '/v1/merchants', operator, {
    name: 'Another',
    origins: ['http://localhost:4999'],
  })
  const otherId = merchantSchema.parse(shop.json).id
  const otherKeys = [...new Set(JSON.stringify(shop.json).match(/[sp]k_test_\w+/g))]
  const wallet = await call('POST', '/v1/wallets', merchant.page, { currency: 'KRW' })
  const cookie = wallet.cookies.join('; ')
  const own = { Cookie: cookie, Origin: 'http://localhost:4242' }
  const token = await call('POST', '/v1/wallet/token', undefined, undefined, own)
  const walletToken = z.object({ token: z.string() }).parse(token.json).token
  const leaving = await call('POST', '/v1/wallets', merchant.page, { currency: 'KRW' })
  const walletId = idSchema.parse(wallet.json).id
  const stranger = await call('POST', '/v1/wallets', otherKeys[0], { currency: 'USD' })
  const pay = { wallet: walletId, offer: 'article-1' }
  const key = () => ({ 'Idempotency-Key': `setup-${Math.random()}` })
  const payment = await call('POST', '/v1/payments', merchant.secret, pay, key())
  const hold = await call('POST', '/v1/holds', merchant.secret, { ...pay, ttl_s: 600 }, key())
  await call(
    'POST',
    '/v1/sandbox/credit',
    operator,
    { wallet: walletId, amount: '500000', currency: 'KRW' },
    key(),
  )

  const bearer = (text: string): readonly (readonly [string, string])[] => [
    ['Authorization', `Bearer ${text}`],
  ]
  return {
    platform,
    port,
    logLines,
    before,
    committed,
    pools: {
      wallet: [walletId, idSchema.parse(stranger.json).id, 'wal_01h455vb4pex5vsknk084sn02q'],
      merchant: [merchant.id, otherId, 'mer_01h455vb4pex5vsknk084sn02q'],
      offer: ['article-1', 'article-2', 'article-7', 'article-8', 'no-such-offer'],
      payment: [idSchema.parse(payment.json).id, 'pay_01h455vb4pex5vsknk084sn02q'],
      hold: [idSchema.parse(hold.json).id, 'hold_01h455vb4pex5vsknk084sn02q'],
    },
    senders: new Map([
      ['merchant', bearer(merchant.secret)],
      ['page', bearer(merchant.page)],
      ['operator', bearer(operator)],
      ['another merchant', bearer(otherKeys.find((one) => one.startsWith('sk_')) ?? '')],
      ['another page', bearer(otherKeys.find((one) => one.startsWith('pk_')) ?? '')],
      ['token', bearer(walletToken)],
      ['cookie', Object.entries(own)],
      ['page and cookie', [...bearer(merchant.page), ['Cookie', cookie]]],
      ['stolen cookie', [['Cookie', `${wallet.cookies[0] ?? ''}; jeon_device=0`]]],
      ['leaving', Object.entries({ ...own, Cookie: leaving.cookies.join('; ') })],
      ['nobody', []],
      ['a wrong key', bearer('sk_test_000000000000000000000000000000000000000000000')],
      ['not a key', [['Authorization', 'Basic \u00ff\u00fe==']]],
    ]),
    secrets: [
      merchant.secret,
      merchant.page,
      operator,
      walletToken,
      ...otherKeys,
      ...wallet.cookies.map((line) => line.slice(line.indexOf('=') + 1)),
      decodeURIComponent(new URL(database.url).password),
    ],
    read: async (path) => (await call('GET', path)).json,
    async close() {
      await platform.close()
      await database.drop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Posted balances by the journal, as SQL reads it. */
async function balancesOf(databaseUrl: string): Promise<Balances> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ account: string; balance: string }>(
      `select shard::int8 * 4294967296 + account as account, sum(amount) as balance from (
         select shard, credit as account, amount from ledger.transfer
         union all select shard, debit, -amount from ledger.transfer
       ) sides group by 1`,
    )
    return new Map(rows.map(({ account, balance }) => [Number(account), BigInt(balance)]))
  } finally {
    await client.end()
  }
}

/** Sends an ordinary request that has to succeed. */
function caller(url: string) {
  return async (
    method: string,
    path: string,
    key?: string,
    json?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answers ${response.status}: ${text}`)
    const cookies = response.headers.getSetCookie().map((line) => line.slice(0, line.indexOf(';')))
    const read: unknown = JSON.parse(text)
    return { json: read, cookies }
  }
}
