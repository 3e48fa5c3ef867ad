import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LineSandbox, openLineSandbox } from '../../test/line-sandbox.ts'
import type { Browser } from '../../test/sandbox.ts'
import { Seal } from './seal.ts'

let lines: LineSandbox
beforeAll(async () => {
  lines = await openLineSandbox()
})
afterAll(() => lines.sandbox.close())

const begin = (browser: Browser, phone: string, carrier = 'skt') =>
  browser.send('POST', '/v1/line/links', { json: { carrier, phone_number: phone } })

const prove = (browser: Browser, id: unknown, password: string, code = '424242') =>
  browser.send('POST', `/v1/line/links/${String(id)}/proof`, {
    json: { sms_code: code, password },
  })

describe('a line is linked', () => {
  test('silently where the network vouches, and gives the wallet its credit', async () => {
    const browser = await lines.sandbox.browser()
    expect((await browser.send('GET', '/v1/line')).json).toEqual({ linked: false })
    lines.carrier.line('+821020000100')
    expect((await begin(browser, '+821020000100')).json).toMatchObject({
      state: 'linked',
      needs: [],
      reason: null,
    })
    const { json } = await browser.send('GET', '/v1/line')
    expect(json).toMatchObject({
      linked: true,
      carrier: { id: 'skt', name: 'SK Telecom' },
      phone_number: '+821020000100',
      collection: { state: 'open', owed: '0', threshold: '5000', credit: '10000', last: null },
    })
    expect((await begin(browser, '+821020000100')).json.code).toBe('line_already_linked')
  })

  test('by code and password where it cannot, and not by one of them', async () => {
    const browser = await lines.sandbox.browser()
    lines.carrier.line('+821020000101', { onNetwork: false })
    const asked = await begin(browser, '+821020000101')
    expect(asked.json).toMatchObject({
      state: 'proof_needed',
      needs: ['sms_code', 'password'],
      reason: { code: 'network_cannot_vouch' },
    })
    const { id } = asked.json
    const wrong = await prove(browser, id, '000000')
    expect(wrong.json).toMatchObject({ state: 'proof_needed', reason: { code: 'password_wrong' } })
    expect((await prove(browser, id, '135790', '1')).json.reason?.code).toBe('code_wrong')
    const other = await lines.sandbox.browser()
    expect((await prove(other, id, '135790')).json.code).toBe('link_not_found')
    expect((await prove(browser, id, '135790')).json).toMatchObject({ state: 'linked' })
    expect((await browser.send('GET', '/v1/line')).json.linked).toBe(true)
    expect((await prove(browser, id, '135790')).json.code).toBe('link_over')
  })

  test('with a proof when the SIM changed lately, not at all when it just did', async () => {
    const browser = await lines.sandbox.browser()
    lines.carrier.line('+821020000102', { simHoursAgo: 2 })
    const refused = await browser.send('POST', '/v1/line/links', {
      json: { carrier: 'skt', phone_number: '+821020000102' },
      headers: { 'accept-language': 'ko' },
    })
    expect(refused.json).toMatchObject({ state: 'refused', reason: { code: 'sim_swapped' } })
    expect(String(refused.json.reason?.text)).toMatch(/유심/)
    lines.carrier.line('+821020000102', { deviceHoursAgo: 100 })
    const asked = await begin(browser, '+821020000102')
    expect(asked.json).toMatchObject({ state: 'proof_needed', reason: { code: 'swap_recent' } })
    expect((await prove(browser, asked.json.id, '1')).json.reason?.code).toBe('password_wrong')
    expect((await prove(browser, asked.json.id, '135790')).json.state).toBe('linked')
  })

  test('with a proof when another wallet has it, which then has it no more', async () => {
    const first = await lines.linked()
    const second = await lines.sandbox.browser()
    const asked = await begin(second, first.phone)
    expect(asked.json).toMatchObject({
      state: 'proof_needed',
      reason: { code: 'line_of_other_wallet' },
    })
    expect((await first.send('GET', '/v1/line')).json.linked).toBe(true)
    expect((await prove(second, asked.json.id, '135790')).json.state).toBe('linked')
    expect((await first.send('GET', '/v1/line')).json).toEqual({ linked: false })
    const wallet = await lines.sandbox.platform.app.wallets.find(first.walletId)
    const view = await lines.sandbox.platform.ledger.account(wallet?.pockets[0]?.account ?? 0)
    expect(view?.overdraft).toBe(0n)
  })

  test.each([
    ['+821020099999', 'skt', { state: 'refused', reason: { code: 'line_not_found' } }],
    ['+821020000001', 'kt', { status: 404, code: 'carrier_not_found' }],
    ['010', 'skt', { status: 400, code: 'field_invalid' }],
  ])('but not %s of %s', async (phone, carrier, expected) => {
    const browser = await lines.sandbox.browser()
    expect((await begin(browser, phone, carrier)).json).toMatchObject(expected)
  })
})

describe('linkings at the same instant', () => {
  test('of one line by two wallets: one has it, the other is asked for more', async () => {
    const payers = await Promise.all([lines.sandbox.browser(), lines.sandbox.browser()])
    lines.carrier.line('+821020000150')
    const answers = await Promise.all(payers.map((payer) => begin(payer, '+821020000150')))
    const states = answers.map(({ json }) => json.state)
    expect(states.toSorted()).toEqual(['linked', 'proof_needed'])
    const asked = answers.find(({ json }) => String(json.state) === 'proof_needed')
    expect(asked?.json.reason?.code).toBe('line_of_other_wallet')
  })

  test('of one line by two proofs: the later one has it, and the credit of the other is gone', async () => {
    const payers = await Promise.all([lines.sandbox.browser(), lines.sandbox.browser()])
    lines.carrier.line('+821020000151', { onNetwork: false })
    const attempts = await Promise.all(payers.map((payer) => begin(payer, '+821020000151')))
    const proved = await Promise.all(
      payers.map((payer, place) => prove(payer, attempts[place]?.json.id, '135790')),
    )
    expect(proved.map(({ json }) => json.state)).toEqual(['linked', 'linked'])
    const seen = await Promise.all(payers.map((payer) => payer.send('GET', '/v1/line')))
    expect(seen.filter(({ json }) => String(json.linked) === 'true')).toHaveLength(1)
    const overdrafts = await Promise.all(
      payers.map(async ({ walletId }) => {
        const wallet = await lines.sandbox.platform.app.wallets.find(walletId)
        const account = wallet?.pockets[0]?.account ?? 0
        return (await lines.sandbox.platform.ledger.account(account))?.overdraft ?? -1n
      }),
    )
    expect(overdrafts.toSorted()).toEqual([0n, 10_000_000n])
  })

  test('of two lines by one wallet: one is linked, the other given back', async () => {
    const browser = await lines.sandbox.browser()
    const phones = ['+821020000152', '+821020000153']
    for (const phone of phones) lines.carrier.line(phone)
    const answers = await Promise.all(phones.map((phone) => begin(browser, phone)))
    const linked = answers.findIndex(({ json }) => String(json.state) === 'linked')
    expect(answers[1 - linked]?.json.code).toBe('line_already_linked')
    expect(lines.carrier.revoked).toContain(`refresh:${phones[1 - linked]}`)
    const { json } = await browser.send('GET', '/v1/line')
    expect(json.phone_number).toBe(phones[linked])
  })

  test('of one line by one wallet, pressed twice: linked once', async () => {
    const browser = await lines.sandbox.browser()
    lines.carrier.line('+821020000154')
    const answers = await Promise.all([1, 2].map(() => begin(browser, '+821020000154')))
    const [linked] = answers.filter(({ json }) => String(json.state) === 'linked')
    const [other] = answers.filter(({ json }) => String(json.state) !== 'linked')
    expect(linked).toBeDefined()
    expect(other?.json.code).toBe('line_already_linked')
    expect(lines.carrier.revoked).not.toContain('refresh:+821020000154')
    expect((await browser.send('GET', '/v1/line')).json.linked).toBe(true)
  })
})

test('the documentation has everything of lines, with schemas that are there', async () => {
  const { json, text } = await lines.sandbox.send('GET', '/openapi.json')
  expect(Object.keys(json.paths ?? {})).toEqual(
    expect.arrayContaining([
      '/v1/line',
      '/v1/line/care/{noun}',
      '/v1/breaks',
      '/v1/reconciliations',
    ]),
  )
  expect(text).not.toContain('#/$defs')
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    expect(json.components?.schemas).toHaveProperty(name ?? '')
  }
})

test('the phone’s messages and things to buy are there to try', async () => {
  const browser = await lines.sandbox.browser()
  const inbox = await browser.send('GET', '/v1/sandbox/inbox?phone_number=%2B821020000001')
  expect(inbox.json.messages?.[0]).toMatchObject({ phone_number: '+821020000001' })
  const offers = await browser.send('GET', '/v1/sandbox/offers')
  const { id } = lines.sandbox.platform.keys.merchant
  expect(offers.json.data?.[0]).toMatchObject({ id: 'line-coins-3000', merchant: id })
})

test('tokens are nowhere in the database in the clear, and the key is its owner’s alone', async () => {
  const { phone } = await lines.linked()
  const client = new pg.Client({ connectionString: lines.sandbox.databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ text: string }>(
    'select (l.*)::text as text from jeon.line_link l union all select (a.*)::text from jeon.link_attempt a',
  )
  await client.end()
  const hex = Buffer.from(phone).toString('hex')
  expect(rows.length).toBeGreaterThan(3)
  for (const { text } of rows) expect(text).not.toMatch(new RegExp(`accessToken|refresh:|${hex}`))
  const path = join(lines.sandbox.directory, 'line-key')
  expect((await stat(path)).mode & 0o077).toBe(0)
  const seal = await Seal.open(path)
  const sealed = seal.seal('wal_a', 'secret')
  expect((await Seal.open(path)).unseal('wal_a', sealed)).toBe('secret')
  expect(() => seal.unseal('wal_b', sealed)).toThrow()
  expect(await readFile(path, 'utf8')).not.toContain('secret')
})

describe('self-care', () => {
  test('goes through to the carrier, with the line’s own token', async () => {
    const linked = await lines.linked()
    const read = await linked.send('GET', '/v1/line/care/history?limit=3&cycle=2026-01', {
      headers: { 'accept-language': 'ko' },
    })
    expect(read.json).toMatchObject({
      path: '/skt/selfcare/v1/history',
      query: { limit: '3', cycle: '2026-01' },
      line: linked.phone,
      language: 'ko',
    })
    const paid = await linked.send('POST', '/v1/line/care/bill-payments', {
      idempotencyKey: 'k1',
      json: { amount: 'all' },
    })
    expect(paid.json).toMatchObject({ method: 'POST', key: 'k1', body: '{"amount":"all"}' })
    const lifted = await linked.send('POST', '/v1/line/care/blocks/b-1/lift', { json: {} })
    expect(lifted.json.path).toBe('/skt/selfcare/v1/blocks/b-1/lift')
    const refused = await linked.send('GET', '/v1/line/care/blocks')
    expect(refused).toMatchObject({ status: 404, json: { code: 'not_found' } })
    const live = await linked.send('GET', '/v1/line/care/live')
    expect(live.headers.get('content-type')).toBe('text/event-stream')
    expect(live.text).toContain('"what":"payment"')
  })

  test('needs a line, and a page of the platform', async () => {
    const browser = await lines.sandbox.browser()
    expect((await browser.send('GET', '/v1/line/care/usage')).json.code).toBe('line_not_linked')
    const linked = await lines.linked()
    const origin = 'http://localhost:4300'
    const foreign = await linked.send('GET', '/v1/line/care/usage', { headers: { origin } })
    expect(foreign.json.code).toBe('origin_not_allowed')
  })

  test('gets a new token when the old one is over', async () => {
    lines.carrier.tokenSeconds = 1
    const linked = await lines.linked()
    lines.carrier.tokenSeconds = 600
    const grants = lines.carrier.silentGrants
    const reads = await Promise.all([1, 2, 3].map(() => linked.send('GET', '/v1/line/care/usage')))
    for (const { json } of reads) expect(json.line).toBe(linked.phone)
    expect(lines.carrier.silentGrants).toBe(grants)
  })
})
