import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { runCli } from '../src/index.ts'

export interface Reply {
  readonly status: number
  readonly json: unknown
}

export const ok = (json: unknown): Reply => ({ status: 200, json })
export const problem = (status: number, code: string, more?: object): Reply => ({
  status,
  json: { status, code, title: code, detail: code, ...more },
})

export const number = '+821020000001'
export const line = {
  phone_number: number,
  carrier: { id: 'skt', name: 'SKT', contact: '114' },
  zone: 'Asia/Seoul',
  currency: 'KRW',
  service: { state: 'user_blocked', text: 'You have blocked payments.', remedy: null },
  blocks: [
    {
      id: 'blk-1',
      kind: 'payer',
      does: 'Stops all.',
      lifts_at: '2026-11-23T15:00:00Z',
      liftable: true,
    },
    { id: 'blk-2', kind: 'voucher', does: 'No vouchers.', lifts_at: null, liftable: true },
    { id: 'blk-3', kind: 'fraud', does: 'On hold.', lifts_at: null, liftable: false },
  ],
  raise: { factors: ['sms_code', 'password'], consent_wording: 'I agree to a higher limit.' },
}
const month = {
  ...{ per: 'month', scope: 'all', of: null, limit: '300000', used: '12000', held: '3000' },
  resets_at: '2026-11-30T15:00:00Z',
}
export const limits = {
  currency: 'KRW',
  step: '10000',
  buckets: [
    {
      bucket: 'general',
      personal: { transaction: null, day: '100000', month: '300000' },
      ceiling: { transaction: '1000000', day: '1000000', month: '1000000' },
      pending: {
        after: { transaction: null, day: '100000', month: '400000' },
        effective_at: '2026-11-23T15:00:00Z',
      },
    },
  ],
  changes_left_today: 1,
}

/** What the platform answers unless a test says otherwise. */
const usual: Readonly<Record<string, Reply>> = {
  'GET /v1/line': ok({
    linked: true,
    phone_number: number,
    collection: { state: 'open', owed: '0', threshold: '5000', currency: 'KRW' },
  }),
  'GET /v1/line/care/line': ok(line),
  'GET /v1/line/care/usage': ok({
    currency: 'KRW',
    buckets: [{ bucket: 'general', windows: [month] }],
    coming_bill: { amount: '9000', bill_on: '2026-12-01', due_on: '2026-12-25' },
  }),
  'GET /v1/line/care/standing': ok({
    currency: 'KRW',
    owed: '0',
    overdue: '0',
    ladder: [],
    charged_off: '700',
  }),
  'GET /v1/line/care/limits': ok(limits),
  'POST /v1/line/care/proofs': ok({ id: 'prf-1', needs: ['sms_code', 'password'], given: [] }),
  'POST /v1/line/care/proofs/prf-1': ok({ id: 'prf-1', complete: true }),
}

/**
 * A terminal whose wallet has a phone line, before a platform that says what it is told to say; new before each test of
 * the file.
 */
export function terminalWithLine() {
  const replies: Record<string, Reply> = {}
  const asked: { readonly what: string; readonly json: unknown; readonly key: unknown }[] = []
  let [url, folder] = ['', '']
  const server = createServer((incoming, response) => {
    const chunks: Uint8Array[] = []
    incoming.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const what = `${incoming.method} ${incoming.url?.split('?')[0]}`
      const key = incoming.headers['idempotency-key']
      asked.push({ what, key, json: text === '' ? undefined : JSON.parse(text) })
      const { status, json } = replies[what] ?? problem(404, 'route_not_found')
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
    })
  })

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jeon-line-'))
    asked.length = 0
    for (const what of Object.keys(replies)) delete replies[what]
    Object.assign(replies, usual)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    const address = server.address()
    url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : ''
    const purse = { [url]: { wallet: 'wal_1', token: 'ws_test_1', pending: {} } }
    await writeFile(join(folder, 'wallet.json'), JSON.stringify(purse))
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(folder, { recursive: true })
  })

  return {
    replies,
    asked,
    /** The bodies that came to one address. */
    sent: (what: string) => asked.filter((each) => each.what === what).map(({ json }) => json),
    purseFile: () => join(folder, 'wallet.json'),
    async jeon(...args: readonly string[]) {
      let [out, err] = ['', '']
      const exitCode = await runCli(args, {
        out: (text) => {
          out += text
        },
        err: (text) => {
          err += text
        },
        isTty: false,
        hasColor: false,
        env: { JEON_SERVER: url, JEON_HOME: folder },
        cwd: folder,
        home: folder,
        columns: 100,
        signal: new AbortController().signal,
      })
      return { exitCode, out, err }
    },
  }
}
