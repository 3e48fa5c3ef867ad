import { dateOf } from '@jeon/billing'
import { type Carriers, magicNumbers, openCarriers, SANDBOX_PASSWORD } from '@jeon/carrier'
import { findFreePort, freshDatabase } from '@jeon/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, freshKey, openTestSandbox, type TestSandbox } from '../../test/sandbox.ts'

/** Against the sandbox's own carriers, over HTTP, as it is started. */
let sandbox: TestSandbox
let carriers: Carriers
let dropDatabase: () => Promise<void>

beforeAll(async () => {
  const database = await freshDatabase()
  dropDatabase = () => database.drop()
  const port = await findFreePort()
  const url = `http://localhost:${port}`
  carriers = await openCarriers({ databaseUrl: database.url, publicUrl: url, seed: 'lines' })
  await carriers.listen(port)
  const { clientId, clientSecret } = carriers
  sandbox = await openTestSandbox({
    carriers: [...carriers.carriers.values()].map(({ id, name }) => {
      const base = `${url}/${id}`
      // Long enough for a busy machine, and much shorter than a carrier's silence.
      const timeoutMs = 2_500
      return { id, name, apiRoot: base, issuer: base, clientId, clientSecret, timeoutMs }
    }),
  })
}, 60_000)

afterAll(async () => {
  await sandbox.close()
  await carriers.close()
  await dropDatabase()
})

const operator = (method: string, path: string, json?: object) =>
  sandbox.send(method, path, {
    key: sandbox.platform.keys.operator,
    ...(json === undefined ? {} : { json }),
  })

const link = async (phone: string, carrier = 'skt') => {
  const browser = await sandbox.browser()
  const json = { carrier, phone_number: phone }
  return { browser, answer: await browser.send('POST', '/v1/line/links', { json }) }
}

const linked = async (phone: string, carrier = 'skt'): Promise<Browser> => {
  const { browser, answer } = await link(phone, carrier)
  expect(answer.json, answer.text).toMatchObject({ state: 'linked' })
  return browser
}

const buy = (browser: Browser, offer: string, key = freshKey()) =>
  browser.send('POST', '/v1/payments', {
    idempotencyKey: key,
    json: { merchant: sandbox.platform.keys.merchant.id, offer },
  })

const spend = (browser: Browser, amount: string) =>
  sandbox.send('POST', '/v1/payments', {
    key: sandbox.platform.keys.merchant.secret,
    idempotencyKey: freshKey(),
    json: { wallet: browser.walletId, amount, currency: 'KRW' },
  })

const codeFor = async (browser: Browser, phone: string) => {
  const path = `/v1/sandbox/inbox?phone_number=${encodeURIComponent(phone)}`
  const { json } = await browser.send('GET', path)
  return /\d{6}/.exec(String(json.messages?.[0]?.text))?.[0] ?? ''
}

describe('a line of a sandbox carrier', () => {
  test('is linked silently, and its self-care goes through', async () => {
    const browser = await linked('+821020000020')
    const { json } = await browser.send('GET', '/v1/line/care/line')
    expect(json).toMatchObject({ phone_number: '+821020000020', service: { state: 'enabled' } })
    const usage = await browser.send('GET', '/v1/line/care/usage')
    expect(usage.json.buckets?.[0]).toMatchObject({ bucket: 'general' })
  })

  test('is linked by code and password where there is only Wi-Fi', async () => {
    const { browser, answer } = await link('+821030000017', 'kt')
    expect(answer.json).toMatchObject({ state: 'proof_needed', needs: ['sms_code', 'password'] })
    const code = await codeFor(browser, '+821030000017')
    const give = (password: string) =>
      browser.send('POST', `/v1/line/links/${String(answer.json.id)}/proof`, {
        json: { sms_code: code, password },
      })
    expect((await give('000000')).json.reason?.code).toBe('password_wrong')
    expect((await give(SANDBOX_PASSWORD)).json).toMatchObject({ state: 'linked' })
  })

  test('moves to another wallet with a proof only', async () => {
    const first = await linked('+821020000021')
    const { browser, answer } = await link('+821020000021')
    expect(answer.json).toMatchObject({ reason: { code: 'line_of_other_wallet' } })
    const code = await codeFor(browser, '+821020000021')
    const json = { sms_code: code, password: SANDBOX_PASSWORD }
    const path = `/v1/line/links/${String(answer.json.id)}/proof`
    expect((await browser.send('POST', path, { json })).json).toMatchObject({ state: 'linked' })
    expect((await first.send('GET', '/v1/line')).json).toEqual({ linked: false })
  })

  test.each([
    ['+821020000014', 'sim_swapped'],
    ['+821020000015', 'device_swapped'],
    ['+821029999999', 'line_not_found'],
  ])('%s is refused: %s', async (phone, code) => {
    const { answer } = await link(phone)
    expect(answer.json).toMatchObject({ state: 'refused', reason: { code } })
  })
})

describe('money through a sandbox carrier', () => {
  const historyOf = async (browser: Browser) => {
    const { json } = await browser.send('GET', '/v1/line/care/history?limit=20')
    return Object.values(json.entries ?? {})
  }

  test('a purchase of its own stands in the line’s history, and is gone after a refund', async () => {
    const browser = await linked('+821020000022')
    const bought = await buy(browser, 'line-coins-3000')
    expect(bought, bought.text).toMatchObject({ status: 201, json: { status: 'accepted' } })
    expect((await historyOf(browser))[0]).toMatchObject({
      kind: 'payment',
      amount: '3000',
      status: 'succeeded',
      merchant: { name: 'The Daily Jeon' },
    })
    const refunded = await sandbox.send('POST', `/v1/payments/${String(bought.json.id)}/refund`, {
      key: sandbox.platform.keys.merchant.secret,
      idempotencyKey: freshKey(),
    })
    expect(refunded.status).toBe(201)
    const wallet = await browser.send('GET', '/v1/wallet')
    expect(wallet.json.pockets?.[0]?.balance).toBe('10000')
    const { json } = await browser.send('GET', '/v1/line/care/usage')
    expect(json.coming_bill?.amount).toBe('0')
  })

  test('a voucher waits for the payment password on the carrier’s page', async () => {
    const browser = await linked('+821020000023')
    const bought = await buy(browser, 'line-voucher-10000')
    expect(bought.json, bought.text).toMatchObject({
      status: 'pending_validation',
      validation: { by: 'url' },
    })
    const url = String(bought.json.validation?.url)
    await fetch(url)
    const code = await codeFor(browser, '+821020000023')
    const body = new URLSearchParams({ password: SANDBOX_PASSWORD, code })
    expect((await fetch(url, { method: 'POST', body })).status).toBe(200)
    const read = await browser.send('GET', `/v1/payments/${String(bought.json.id)}`)
    expect(read.json, read.text).toMatchObject({ status: 'accepted', amount: { amount: '10000' } })
  })

  test('small purchases are collected, and a block stops both ways with its reason', async () => {
    const browser = await linked('+821020000024')
    expect((await spend(browser, '10000')).status).toBe(201)
    for (let count = 0; count < 10; count += 1) await buy(browser, 'line-webtoon-500')
    await sandbox.platform.app.line?.rails.settled()
    expect((await browser.send('GET', '/v1/line')).json.collection).toMatchObject({
      owed: '0',
      last: { status: 'settled', amount: '5000' },
    })
    expect((await historyOf(browser))[0]?.items).toHaveLength(10)
    await spend(browser, '3000')
    await browser.send('POST', '/v1/line/care/blocks', { json: { kind: 'payer' } })
    const refused = await buy(browser, 'line-coins-3000')
    expect(refused.json, refused.text).toMatchObject({
      code: 'carrier_declined',
      reason: { code: 'blocked_by_payer' },
    })
    expect((await browser.send('GET', '/v1/line')).json.collection).toMatchObject({
      state: 'blocked',
      owed: '3000',
      blocked_reason: { code: 'blocked_by_payer' },
    })
    expect((await buy(browser, 'article-1')).json.code).toBe('credit_blocked')
  })

  test('an answer that never comes is found in the carrier’s list', async () => {
    const silent = magicNumbers.find(({ fault }) => fault === 'timeout_after_accepting')
    const browser = await linked(`+8210200000${silent?.digits}`)
    const key = freshKey()
    const first = await buy(browser, 'line-coins-3000', key)
    if (first.status !== 201) expect(first.json.code).toBe('unknown_outcome')
    const id = await untilPaid(browser, key)
    const payments = (await historyOf(browser)).filter(({ kind }) => String(kind) === 'payment')
    expect(payments).toHaveLength(1)
    expect(id).toMatch(/^pay_/)
  }, 60_000)

  /** Asks again as a page would. */
  async function untilPaid(browser: Browser, key: string): Promise<string> {
    for (let tries = 0; tries < 10; tries += 1) {
      const answer = await buy(browser, 'line-coins-3000', key)
      if (answer.status === 201) return String(answer.json.id)
    }
    return expect.unreachable('never paid')
  }
})

test('both lists agree about all of it, and time moves on both sides', async () => {
  const before = carriers.clock.now()
  const day = dateOf(before, 'Asia/Seoul')
  const { json } = await operator('POST', '/v1/reconciliations', { day })
  for (const each of Object.values(json.data ?? {})) {
    expect(each).toMatchObject({ state: 'complete', breaks: 0, open: 0 })
  }
  expect((await operator('GET', '/v1/breaks')).json.data).toEqual([])
  const moved = await operator('POST', '/v1/sandbox/clock', { advance: '2d' })
  expect(moved.status, moved.text).toBe(200)
  expect(carriers.clock.now() - before).toBeGreaterThanOrEqual(2 * 86_400_000)
  expect(Math.abs(carriers.clock.now() - Date.parse(String(moved.json.now)))).toBeLessThan(5_000)
})
