import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Browser,
  freshKey,
  openTestSandbox,
  shopOrigin,
  type TestSandbox,
} from '../../test/sandbox.ts'
import { createId } from '../ids.ts'

let sandbox: TestSandbox
let pk: string
let sk: string
let op: string

beforeAll(async () => {
  sandbox = await openTestSandbox()
  pk = sandbox.platform.keys.merchant.page
  sk = sandbox.platform.keys.merchant.secret
  op = sandbox.platform.keys.operator
})
afterAll(() => sandbox.close())

/** Pays as a merchant's page does. */
function tap(browser: Browser, json: object, idempotencyKey = createId('pay', Date.now())) {
  const headers = { origin: shopOrigin }
  return browser.send('POST', '/v1/payments', { key: pk, idempotencyKey, json, headers })
}

/** Charges as a merchant's server does. */
function charge(json: object, idempotencyKey = freshKey()) {
  return sandbox.send('POST', '/v1/payments', { key: sk, idempotencyKey, json })
}

describe('a payer', () => {
  test('pays for an article and gets a receipt that the published keys prove', async () => {
    const browser = await sandbox.browser()
    const id = createId('pay', Date.now())
    const paid = await tap(browser, { offer: 'article-1' }, id)
    expect(paid.status).toBe(201)
    expect(paid.headers.get('jeon-request-id')).toMatch(/^req_[0-9a-z]{26}$/)
    expect(paid.json).toMatchObject({
      id,
      object: 'payment',
      status: 'accepted',
      wallet: browser.walletId,
      offer: 'article-1',
      amount: { amount: '150', currency: 'KRW' },
      refunded: { amount: '0', currency: 'KRW' },
      balance: { amount: '9850', currency: 'KRW' },
    })
    const keys = await sandbox.send('GET', '/.well-known/jwks.json')
    const keySet: { keys: [] } = JSON.parse(keys.text)
    const { payload, protectedHeader } = await jwtVerify(
      String(paid.json.receipt),
      createLocalJWKSet(keySet),
      { issuer: 'http://localhost:4242', audience: sandbox.platform.keys.merchant.id },
    )
    expect(protectedHeader.alg).toBe('EdDSA')
    expect(payload).toMatchObject({
      sub: browser.walletId,
      pay: id,
      offer: 'article-1',
      unlocks: 'article-1',
      amount: '150',
      currency: 'KRW',
    })
  })

  test('gets the same payment for the same key, and a refusal for another body', async () => {
    const browser = await sandbox.browser()
    const id = createId('pay', Date.now())
    const paid = await tap(browser, { offer: 'article-1' }, id)
    const again = await tap(browser, { offer: 'article-1' }, id)
    expect(again.status).toBe(201)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.json).toMatchObject({ id, sequence: paid.json.sequence })
    expect(again.json.balance).toEqual({ amount: '9850', currency: 'KRW' })
    const other = await tap(browser, { offer: 'article-4' }, id)
    expect(other.status).toBe(422)
    expect(other.json).toMatchObject({ code: 'key_reused', retryable: false })
    expect(other.headers.get('content-type')).toBe('application/problem+json')
  })

  test('who sends the same key fifty times at once has paid once', async () => {
    const browser = await sandbox.browser()
    const key = freshKey()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => tap(browser, { offer: 'article-1' }, key)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ json }) => String(json.id))).size).toBe(1)
    const first = answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)
    expect(first).toHaveLength(1)
    const wallet = await browser.send('GET', '/v1/wallet')
    expect(wallet.json.pockets?.[0]).toMatchObject({ balance: '9850', spent_today: '150' })
  })

  test('is answered with the first payment when the price has changed since', async () => {
    const browser = await sandbox.browser()
    const id = `changing-${Date.now()}`
    const price = (amount: string) => ({ price: { amount, currency: 'KRW' } })
    await sandbox.send('POST', '/v1/offers', { key: sk, json: { id, title: 'x', ...price('10') } })
    const key = freshKey()
    const paid = await tap(browser, { offer: id }, key)
    await sandbox.send('PATCH', `/v1/offers/${id}`, { key: sk, json: price('20') })
    const again = await tap(browser, { offer: id }, key)
    expect(again.json).toMatchObject({ id: paid.json.id, amount: { amount: '10' } })
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const next = await tap(browser, { offer: id })
    expect(next.json).toMatchObject({ amount: { amount: '20' } })
    const wrong = await tap(browser, { offer: id, amount: '10', currency: 'KRW' })
    expect(wrong.json).toMatchObject({ code: 'price_mismatch', price: { amount: '20' } })
    const dollars = await tap(browser, { offer: id, currency: 'USD' })
    expect(dollars.json).toMatchObject({ code: 'price_mismatch', param: 'currency' })
  })

  test('is told of the first payment whatever became of the offer, and never pays twice', async () => {
    const browser = await sandbox.browser()
    const id = `moving-${Date.now()}`
    const price = { amount: '10', currency: 'KRW' }
    await sandbox.send('POST', '/v1/offers', { key: sk, json: { id, title: 'x', price } })
    const [tapKey, chargeKey] = [freshKey(), freshKey()]
    const item = { wallet: browser.walletId, offer: id }
    const tapped = await tap(browser, { offer: id, ...price }, tapKey)
    const charged = await charge(item, chargeKey)
    for (const change of [
      { price: { amount: '20', currency: 'KRW' } },
      { price: { amount: '0.1', currency: 'USD' } },
      { active: false },
    ]) {
      await sandbox.send('PATCH', `/v1/offers/${id}`, { key: sk, json: change })
      const again = await tap(browser, { offer: id, ...price }, tapKey)
      expect(again.json).toMatchObject({ id: tapped.json.id, amount: price })
      expect((await charge(item, chargeKey)).json).toMatchObject({ id: charged.json.id })
      const json = [{ key: chargeKey, ...item }]
      const batch = await sandbox.send('POST', '/v1/payments/batch', { key: sk, json })
      expect(batch.json.accepted).toBe(1)
    }
    const other = await tap(browser, { offer: id, amount: '11', currency: 'KRW' }, tapKey)
    expect(other.status).not.toBe(201)
    const wallet = await browser.send('GET', '/v1/wallet')
    expect(wallet.json.pockets?.[0]?.balance).toBe('9980')
  })

  test('chooses the amount of an offer without a price, and pays in dollars', async () => {
    const browser = await sandbox.browser()
    expect((await tap(browser, { offer: 'article-8' })).json.code).toBe('amount_required')
    const paid = await tap(browser, { offer: 'article-8', amount: '77', currency: 'KRW' })
    expect(paid.json.amount).toEqual({ amount: '77', currency: 'KRW' })
    const dollars = await tap(browser, { offer: 'article-7' })
    expect(dollars.json.balance).toEqual({ amount: '4.998', currency: 'USD' })
  })

  test('is told which limit says no and when it begins anew', async () => {
    const browser = await sandbox.browser()
    const limits = [{ per: 'day', scope: 'all', amount_max: '200' }]
    await browser.send('PUT', '/v1/wallet/limits', { json: { currency: 'KRW', limits } })
    expect((await tap(browser, { offer: 'article-1' })).status).toBe(201)
    const refused = await tap(browser, { offer: 'article-1' })
    expect(refused.status).toBe(409)
    expect(refused.json).toMatchObject({
      code: 'window_exceeded',
      limit: { per: 'day', scope: 'all', amount_max: '200' },
      left: { amount: { amount: '50', currency: 'KRW' } },
    })
    expect(Date.parse(String(refused.json.resets_at))).toBeGreaterThan(Date.now())
    expect(refused.json.detail).toContain('50 KRW')
  })

  test('is told what is left when the money does not suffice', async () => {
    const browser = await sandbox.browser()
    const refused = await tap(browser, { offer: 'article-8', amount: '10000.001', currency: 'KRW' })
    expect(refused.status).toBe(402)
    expect(refused.json).toMatchObject({
      code: 'insufficient_funds',
      left: { amount: '10000', currency: 'KRW' },
    })
  })

  test('sees own payments alone', async () => {
    const [one, other] = [await sandbox.browser(), await sandbox.browser()]
    const paid = await tap(one, { offer: 'article-1' })
    const path = `/v1/payments/${String(paid.json.id)}`
    expect((await one.send('GET', path)).json).toMatchObject({ merchant_name: 'The Daily Jeon' })
    expect((await one.send('GET', `${path}/receipt`)).json.receipt).toBeDefined()
    expect((await other.send('GET', path)).json.code).toBe('payment_not_found')
    const never = await one.send('GET', `/v1/payments/${createId('pay', Date.now())}`)
    expect(never).toMatchObject({ status: 404 })
    expect((await sandbox.send('GET', path, { key: sk })).status).toBe(200)
  })
})

describe('a merchant', () => {
  test('charges a wallet of its pages, for a third of a won', async () => {
    const browser = await sandbox.browser()
    const json = { wallet: browser.walletId, amount: '0.3', currency: 'KRW', reference: 'order 7' }
    const paid = await charge(json)
    expect(paid.status).toBe(201)
    expect(paid.json).toMatchObject({
      amount: { amount: '0.3' },
      reference: 'order 7',
      offer: null,
    })
    expect(paid.json).not.toHaveProperty('balance')
    expect(paid.json).not.toHaveProperty('receipt')
    const path = '/v1/payments?receipt=true'
    const signed = await sandbox.send('POST', path, { key: sk, idempotencyKey: freshKey(), json })
    expect(signed.json.receipt).toBeDefined()
  })

  test('cannot charge a wallet that began elsewhere', async () => {
    const made = await sandbox.send('POST', '/v1/merchants', { key: op, json: { name: 'Other' } })
    const key = String(made.json.keys?.page)
    const browser = await sandbox.browser({ key })
    const refused = await charge({ wallet: browser.walletId, amount: '1', currency: 'KRW' })
    expect(refused.json).toMatchObject({ status: 404, code: 'wallet_not_found' })
  })

  test('finds the payment that was first, when somebody copies its id on another shard', async () => {
    const id = createId('pay', Date.now())
    const shards = new Set<number>()
    let first: string | undefined
    while (shards.size < 2) {
      const { walletId: wallet } = await sandbox.browser()
      const paid = await charge({ wallet, amount: '1', currency: 'KRW' }, id)
      if (paid.status !== 201) continue
      shards.add(Number(paid.json.shard))
      first ??= wallet
      await sandbox.send('POST', '/v1/sandbox/clock', { key: op, json: { advance: '1s' } })
    }
    const read = await sandbox.send('GET', `/v1/payments/${id}`, { key: sk })
    expect(read.json.wallet).toBe(first)
  })

  test.each([
    [{ amount: 150, currency: 'KRW' }, 'field_invalid'],
    [{ amount: '1e3', currency: 'KRW' }, 'amount_malformed'],
    [{ amount: '-1', currency: 'KRW' }, 'amount_sign'],
    [{ amount: '0', currency: 'KRW' }, 'amount_not_positive'],
    [{ amount: '0.0001', currency: 'KRW' }, 'amount_too_many_places'],
    [{ amount: '99999999999999999999', currency: 'KRW' }, 'amount_out_of_range'],
    [{ amount: '1', currency: 'XYZ' }, 'field_invalid'],
    [{ amount: '1' }, 'amount_required'],
    [{ offer: 'no-such-offer' }, 'offer_not_found'],
    [{ offer: 'article-1', amount: '1', currency: 'KRW' }, 'price_mismatch'],
    [{ offer: 'article-1', category: 'other' }, 'field_invalid'],
    [{ amount: '1', currency: 'KRW', reference: 'a\u0000b' }, 'field_invalid'],
    [{ amount: '1', currency: 'KRW', amonut: '2' }, 'field_unknown'],
    [{ amount: '1', currency: 'JPY' }, 'currency_not_held'],
  ])('is refused %j with %s', async (json, code) => {
    const browser = await sandbox.browser()
    const refused = await charge({ wallet: browser.walletId, ...json })
    expect(refused.json.code).toBe(code)
    const wallet = await browser.send('GET', '/v1/wallet')
    expect(wallet.json.pockets?.[0]?.balance).toBe('10000')
  })

  test('has to name what it means', async () => {
    const json = { amount: '1', currency: 'KRW', wallet: (await sandbox.browser()).walletId }
    const missing = await sandbox.send('POST', '/v1/payments', { key: sk, json })
    expect(missing.json).toMatchObject({ status: 400, code: 'idempotency_key_missing' })
    const malformed = await charge(json, 'with space')
    expect(malformed.json.code).toBe('idempotency_key_malformed')
    expect((await charge(json, 'x'.repeat(256))).json.code).toBe('idempotency_key_malformed')
  })
})

test('a merchant finds its own payment, whoever used its id elsewhere before', async () => {
  const made = await sandbox.send('POST', '/v1/merchants', { key: op, json: { name: 'Other' } })
  const json = { id: 'cheap', title: 'x', price: { amount: '0.001', currency: 'KRW' } }
  await sandbox.send('POST', '/v1/offers', { key: String(made.json.keys?.secret), json })
  const id = createId('pay', Date.now())
  const first = await (await sandbox.browser()).send('POST', '/v1/payments', {
    idempotencyKey: id,
    json: { offer: 'cheap', merchant: made.json.id },
  })
  for (let tries = 0; tries < 30; tries += 1) {
    const paid = await tap(await sandbox.browser(), { offer: 'article-1' }, id)
    if (paid.status !== 201) continue
    expect(paid.json.shard).not.toBe(first.json.shard)
    const read = await sandbox.send('GET', `/v1/payments/${id}`, { key: sk })
    expect(read.json).toMatchObject({ id, wallet: paid.json.wallet, amount: { amount: '150' } })
    return
  }
  expect.unreachable('every wallet was on the same shard')
})

describe('refunds', () => {
  test('never give back more than was paid, however they come', async () => {
    const browser = await sandbox.browser()
    const paid = await charge({ wallet: browser.walletId, amount: '100', currency: 'KRW' })
    const path = `/v1/payments/${String(paid.json.id)}/refund`
    const refund = (amount: string, idempotencyKey = freshKey()) =>
      sandbox.send('POST', path, { key: sk, idempotencyKey, json: { amount } })
    const answers = await Promise.all(Array.from({ length: 20 }, () => refund('15')))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(6)
    const refused = answers.find(({ status }) => status !== 201)
    expect(refused?.json).toMatchObject({ status: 409, code: 'refund_exceeds_payment' })
    expect((await refund('10.001')).json.left).toEqual({ amount: '10', currency: 'KRW' })
    const key = freshKey()
    const last = await refund('10', key)
    expect(last.json).toMatchObject({ object: 'refund', payment: paid.json.id })
    expect((await refund('10', key)).headers.get('idempotent-replayed')).toBe('true')
    const read = await sandbox.send('GET', `/v1/payments/${String(paid.json.id)}`, { key: sk })
    expect(read.json.refunded).toEqual({ amount: '100', currency: 'KRW' })
    const receipt = await sandbox.send('GET', `${path.replace('refund', 'receipt')}`, { key: sk })
    expect(receipt.status).toBe(404)
  })

  test('of everything leave nothing that signs a receipt anew', async () => {
    const browser = await sandbox.browser()
    const id = createId('pay', Date.now())
    await tap(browser, { offer: 'article-1' }, id)
    const headers = { origin: shopOrigin }
    const path = `/v1/payments/${id}`
    const refund = { key: pk, idempotencyKey: freshKey(), headers }
    expect((await browser.send('POST', `${path}/refund`, refund)).status).toBe(201)
    const read = await browser.send('GET', `${path}?receipt=true`, { key: pk, headers })
    expect(read.json).toMatchObject({ id, refunded: { amount: '150' } })
    expect(read.json).not.toHaveProperty('receipt')
    const again = await tap(browser, { offer: 'article-1' }, id)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.json).not.toHaveProperty('receipt')
  })

  test('by the payer are whole, in time, and answered again when repeated later', async () => {
    const browser = await sandbox.browser()
    const paid = await tap(browser, { offer: 'article-1' })
    const path = `/v1/payments/${String(paid.json.id)}/refund`
    const headers = { origin: shopOrigin }
    const undo = (idempotencyKey: string, json?: object) =>
      browser.send('POST', path, { key: pk, idempotencyKey, headers, ...(json ? { json } : {}) })
    expect((await undo(freshKey(), { amount: '1' })).json.code).toBe('refund_partial_not_allowed')
    const key = createId('rfd', Date.now())
    const undone = await undo(key)
    expect(undone.json).toMatchObject({ id: key, balance: { amount: '10000', currency: 'KRW' } })
    const late = await tap(browser, { offer: 'article-1' })
    await sandbox.send('POST', '/v1/sandbox/clock', { key: op, json: { advance: '16s' } })
    const again = await undo(key)
    expect(again.status).toBe(201)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const tooLate = await browser.send('POST', `/v1/payments/${String(late.json.id)}/refund`, {
      key: pk,
      idempotencyKey: freshKey(),
      headers,
    })
    expect(tooLate.json).toMatchObject({ status: 409, code: 'refund_window_over' })
  })
})
