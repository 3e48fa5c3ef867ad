import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCli } from '../src/index.ts'

interface Reply {
  readonly status: number
  readonly json: unknown
}

const ok = (json: unknown): Reply => ({ status: 200, json })
const problem = (status: number, code: string, more?: object): Reply => ({
  status,
  json: { status, code, title: code, detail: code, ...more },
})

let replies: Record<string, Reply>
let asked: { readonly what: string; readonly json: unknown; readonly key: unknown }[]
let server: Server
let url: string
let folder: string

const number = '+821020000001'
const line = {
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
const limits = {
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
const entry = (id: string, kind: string, status: string, more?: object) => ({
  ...{ id, kind, status, at: '2026-11-22T15:10:00Z', amount: '3000', currency: 'KRW' },
  ...{ merchant: { name: 'Daily' }, description: 'coins', refunded: '0', ...more },
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jeon-line-'))
  asked = []
  replies = {
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
  server = createServer((incoming, response) => {
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

async function jeon(...args: readonly string[]) {
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
}

const sent = (what: string) => asked.filter((each) => each.what === what).map(({ json }) => json)

describe('line show', () => {
  test('names every block and how it ends, and keeps what is reserved apart', async () => {
    const { out, exitCode } = await jeon('line', 'show')
    expect(exitCode).toBe(0)
    expect(out).toContain('unblock granted: it ends at 2026-11-24 00:00 KST')
    expect(out).toContain('to lift it: jeon line unblock voucher')
    expect(out).toContain('only the carrier lifts it')
    expect(out).toContain('₩9,000 used + ₩3,000 reserved of ₩300,000  until 2026-12-01 00:00 KST')
    expect(out).toContain('₩700 written off, still owed')
    expect(out).toContain('the wallet’s own money first')
  })

  test('one proof lifts what is the owner’s to lift, and what stays says why', async () => {
    expect((await jeon('line', 'unblock')).out).toContain('holds from 2026-11-24 00:00 KST on')
    expect((await jeon('line', 'unblock', 'voucher')).out).toContain(
      'jeon line unblock voucher --proof prf-1',
    )
    expect((await jeon('line', 'unblock', 'bogus')).exitCode).toBe(2)
    replies['POST /v1/line/care/blocks/blk-1/lift'] = ok({
      line,
      lifted: [
        { id: 'blk-1', kind: 'payer', lifts_at: '2026-11-23T15:00:00Z' },
        { id: 'blk-2', kind: 'voucher', lifts_at: '2026-11-23T15:00:00Z' },
      ],
      remaining: [{ id: 'blk-3', kind: 'fraud', why: 'Ask 114.' }],
    })
    const { out } = await jeon('line', 'unblock', '--proof', 'prf-1', '--code', '123456')
    expect(out).toContain('The block of vouchers is lifted from 2026-11-24 00:00 KST on.')
    expect(out).toContain('The block of a check stays. Ask 114.')
    expect(sent('POST /v1/line/care/blocks/blk-1/lift')).toEqual([{ proof: 'prf-1' }])
  })

  test('history marks what is not decided yet, in the time of the market', async () => {
    replies['GET /v1/line/care/history'] = ok({
      entries: [
        entry('1', 'payment', 'reserved'),
        entry('2', 'payment', 'pending_validation'),
        entry('3', 'payment', 'succeeded'),
        entry('4', 'payment', 'succeeded', { refunded: '3000' }),
        entry('5', 'declined', 'denied', { reason: { text: 'Blocked.' } }),
      ],
    })
    const rows = (await jeon('line', 'history')).out.trim().split('\n').slice(1)
    expect(rows.map((row) => /KST {2}(.*?) {2,}/.exec(row)?.[1])).toEqual([
      'pending: reserved',
      'pending: confirm it',
      'paid',
      'refunded',
      'declined',
    ])
    expect(rows[0]).toContain('2026-11-23 00:10 KST')
  })
})

describe('what is refused ends with 1, and with the reason', () => {
  const link = ['line', 'link', '+821020000017'] as const

  test('a wrong code at linking; that one is needed is none', async () => {
    const state = { id: 'lnk-1', state: 'proof_needed', needs: ['sms_code', 'password'] }
    replies['POST /v1/line/links'] = ok({ ...state, reason: null })
    const asks = await jeon(...link)
    expect([asks.exitCode, asks.out]).toEqual([
      0,
      expect.stringContaining('It needs the code from the message and the payment password.'),
    ])
    const reason = { code: 'code_wrong', text: 'That is not the code.' }
    replies['POST /v1/line/links/lnk-1/proof'] = ok({ ...state, reason })
    const wrong = await jeon(...link, '--link', 'lnk-1', '--code', '1', '--password', '2')
    expect(wrong).toMatchObject({ exitCode: 1, out: '' })
    expect(wrong.err).toMatch(/That is not the code\.\n {2}next {2}jeon line link .* --link lnk-1/)
  })

  test('a line that is linked without credit says why', async () => {
    const reason = { code: 'kind_not_allowed', text: 'It is prepaid.' }
    replies['POST /v1/line/links'] = ok({ id: 'lnk-1', state: 'linked', needs: [], reason })
    expect((await jeon(...link)).out).toContain('nothing goes on its bill. It is prepaid.')
  })

  test('a collection', async () => {
    const [first, last] = [
      { id: 'c1', status: 'settled', amount: '100' },
      { id: 'c2', status: 'declined', amount: '1650' },
    ]
    const blocked_reason = { code: 'line_suspended', text: 'The line is suspended.' }
    const collection = { currency: 'KRW', owed: '1650', last: first, blocked_reason: null }
    replies['GET /v1/line'] = ok({ linked: true, collection })
    replies['POST /v1/line/collect'] = ok(collection)
    expect((await jeon('line', 'collect')).out).toContain('nothing to collect')
    replies['POST /v1/line/collect'] = ok({ ...collection, last, blocked_reason })
    const { exitCode, err } = await jeon('line', 'collect')
    expect([exitCode, err]).toEqual([
      1,
      expect.stringContaining('₩1,650 was declined. The line is suspended.'),
    ])
    replies['POST /v1/line/collect'] = ok({ ...collection, last: { ...first, id: 'c3' } })
    expect((await jeon('line', 'collect')).out).toContain('₩100 is on the phone bill.')
  })

  test('a payment of nonsense is wrong usage; one beyond the debt says what becomes of it', async () => {
    expect((await jeon('line', 'pay', 'abc')).exitCode).toBe(2)
    replies['POST /v1/line/care/bill-payments'] = ok({
      ...{ amount: '36000', credit: '35000', standing: { currency: 'KRW' } },
    })
    const { out } = await jeon('line', 'pay', '36,000')
    expect(out).toContain('₩36,000 paid. ₩35,000 of it was not owed and comes off the next bills.')
    expect(sent('POST /v1/line/care/bill-payments')).toEqual([{ amount: '36000' }])
  })
})

describe('line limit', () => {
  test('shows them, what is coming, and how high they may be', async () => {
    const { out } = await jeon('line', 'limit')
    expect(out).toMatch(/general +payment +none {2}\(at most ₩1,000,000\)/)
    expect(out).toContain(
      'from 2026-11-24 00:00 KST on: payment none, day ₩100,000, month ₩400,000',
    )
  })

  test('down at once', async () => {
    replies['PUT /v1/line/care/limits'] = ok({ raises: false, effective_at: '', limits })
    const { out } = await jeon('line', 'limit', 'month=100,000', 'payment=none')
    expect(out).toContain('It holds now.')
    expect(sent('PUT /v1/line/care/limits')).toEqual([
      { bucket: 'general', month: '100000', transaction: null },
    ])
  })

  test('up with consent, then a proof, then it is said from when', async () => {
    replies['PUT /v1/line/care/limits'] = problem(403, 'consent_missing')
    const bare = await jeon('line', 'limit', 'month=400000')
    expect(bare.exitCode).toBe(1)
    expect(bare.err).toContain('I agree to a higher limit.')
    expect(bare.err).toContain('jeon line limit month=400000 --consent')
    replies['PUT /v1/line/care/limits'] = problem(403, 'proof_missing')
    const begun = await jeon('line', 'limit', 'month=400000', '--consent')
    expect(begun.out).toContain(
      'jeon line limit month=400000 --consent --proof prf-1 --code … --password …',
    )
    const effective_at = '2026-11-23T15:00:00Z'
    replies['PUT /v1/line/care/limits'] = ok({ raises: true, effective_at, limits })
    const shown = ['--proof', 'prf-1', '--code', '123456', '--password', '135790']
    const raised = await jeon('line', 'limit', 'month=400000', '--consent', ...shown)
    expect(raised.out).toContain('It holds from 2026-11-24 00:00 KST on.')
    expect(sent('PUT /v1/line/care/limits').at(-1)).toEqual({
      ...{ bucket: 'general', month: '400000', consent: true, proof: 'prf-1' },
    })
  })

  test('a refusal leads back to the limits', async () => {
    replies['PUT /v1/line/care/limits'] = problem(409, 'changes_too_many')
    const { exitCode, err } = await jeon('line', 'limit', 'month=100000')
    expect(exitCode).toBe(1)
    expect(err).toMatch(/next {2}jeon line limit/)
  })

  test('what is no limit is wrong usage', async () => {
    for (const wish of ['month', 'week=1', 'day=1e3', 'day=-1'])
      expect((await jeon('line', 'limit', wish)).exitCode, wish).toBe(2)
    expect(asked).toEqual([])
  })
})

describe('line dispute', () => {
  const open = {
    ...{ id: 'dis-1', payment_id: 'pay-1', reason: 'not me', state: 'open', answer: null },
    ...{ opened_at: '2026-11-22T03:00:00Z', answer_by: '2026-12-06T03:00:00Z', payout_held: true },
  }

  test('opens one, lists it, and withdraws it by its payment', async () => {
    replies['POST /v1/line/care/disputes'] = ok(open)
    const opened = await jeon('line', 'dispute', 'pay-1', '--reason', 'not me', '--block')
    expect(opened.out).toContain('answers by 2026-12-06 12:00 KST')
    expect(sent('POST /v1/line/care/disputes')).toEqual([
      { payment_id: 'pay-1', reason: 'not me', block: true },
    ])
    replies['GET /v1/line/care/disputes'] = ok({ disputes: [open] })
    expect((await jeon('line', 'dispute')).out).toMatch(/open +by 2026-12-06 12:00 KST +not me/)
    replies['POST /v1/line/care/disputes/dis-1/withdraw'] = ok({ ...open, state: 'withdrawn' })
    expect((await jeon('line', 'dispute', 'pay-1', '--withdraw')).out).toContain('withdrawn')
    const none = await jeon('line', 'dispute', 'pay-2', '--withdraw')
    expect(none.err).toContain('no open dispute about pay-2')
  })
})

test('offers are listed with what they cost, page by page', async () => {
  const offer = (id: string, amount: string | null, charge: string) => ({
    ...{ id, title: id, category: 'digital', charge, active: id !== 'gone' },
    price: { amount, currency: 'KRW' },
  })
  replies['GET /v1/offers'] = ok({
    data: [offer('coins', '3000', 'each'), offer('gone', '1', 'auto'), offer('tip', null, 'auto')],
    next_cursor: null,
  })
  const { out } = await jeon('offers', '--merchant', 'mer_1')
  expect(out).toMatch(/coins +₩3,000 +coins +digital +a charge of its own/)
  expect(out).toMatch(/tip +any, KRW/)
  expect(out).not.toContain('gone')
  expect((await jeon('offers')).err).toContain('--merchant')
})

describe('a payment that waits to be confirmed', () => {
  const id = () => `${asked.findLast(({ what }) => what === 'POST /v1/payments')?.key}`
  const waits = (): Reply => ({
    status: 202,
    json: { id: 'pay_x', status: 'pending_validation', validation: { by: 'code', url: null } },
  })

  beforeEach(async () => {
    replies['GET /v1/entitlements'] = ok({ entitled: false })
    replies['POST /v1/payments'] = waits()
    expect((await jeon('pay', '--offer', 'coins', '--merchant', 'mer_1')).exitCode).toBe(3)
  })
  const again = () => jeon('pay', '--offer', 'coins', '--merchant', 'mer_1')

  test('is gone on with while its line is linked', async () => {
    const first = id()
    expect(first).toMatch(/^pay_/)
    await again()
    expect(id()).toBe(first)
  })

  test('does not follow the terminal to another line', async () => {
    const first = id()
    expect(first).toMatch(/^pay_/)
    replies[`GET /v1/payments/${first}`] = waits()
    replies['GET /v1/line'] = ok({ linked: true, phone_number: '+821020000002' })
    await again()
    expect(id()).not.toBe(first)
    const purse: unknown = JSON.parse(await readFile(join(folder, 'wallet.json'), 'utf8'))
    expect(JSON.stringify(purse)).not.toContain(first)
  })

  test('is kept when it was confirmed after all, or nobody knows', async () => {
    const first = id()
    expect(first).toMatch(/^pay_/)
    replies['GET /v1/line'] = ok({ linked: false })
    replies[`GET /v1/payments/${first}`] = problem(503, 'unavailable')
    await again()
    expect(id()).toBe(first)
  })
})
