import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type BatchItem,
  createJeon,
  isId,
  JeonProblem,
  JeonUnreachable,
  newPaymentId,
} from '../src/index.ts'
import { type FakePlatform, startFakePlatform } from '../src/testing/fake-platform.ts'

let platform: FakePlatform
let wallet: string
let walletToken: string
const client = (key = 'sk_test_1', retryDelaysMs: readonly number[] = [1, 1]) =>
  createJeon({
    server: platform.url,
    key,
    merchant: platform.merchant,
    timeoutMs: 300,
    retryDelaysMs,
  })
const paymentsMade = () => platform.history.filter(({ object }) => object === 'payment').length

beforeEach(async () => {
  platform = await startFakePlatform()
  platform.offers.set('article-1', {
    id: 'article-1',
    title: 'One',
    price: { amount: '150', currency: 'KRW' },
  })
  const guest = await createJeon({ server: platform.url }).wallet.createGuest()
  wallet = guest.wallet.id
  walletToken = guest.token
})
afterEach(() => platform.stop())

test('ids are made before sending, sort by time and are told apart', () => {
  const ids = Array.from({ length: 50 }, newPaymentId)
  expect(new Set(ids).size).toBe(50)
  expect(ids.every((id) => isId('pay', id))).toBe(true)
  expect(isId('hold', newPaymentId())).toBe(false)
  expect(isId('pay', 'pay_zzzzzzzzzzzzzzzzzzzzzzzzzz')).toBe(false)
  const time = Number.parseInt(
    [...newPaymentId().slice(4, 14)]
      .map((digit) =>
        '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(digit).toString(2).padStart(5, '0'),
      )
      .join(''),
    2,
  )
  expect(Math.abs(time - Date.now())).toBeLessThan(2_000)
})

describe('a payment', () => {
  test('accepted, with a receipt that verifies', async () => {
    const jeon = client()
    const id = newPaymentId()
    const outcome = await jeon.payments.create({ id, wallet, offer: 'article-1' })
    expect(outcome).toMatchObject({ status: 'accepted', replayed: false, value: { id } })
    if (outcome.status !== 'accepted') return
    expect(await jeon.receipts.verify(outcome.value.receipt, 'article-1')).toMatchObject({
      status: 'valid',
      receipt: { wallet },
    })
  })

  test('refused is a value with the problem', async () => {
    const outcome = await client().payments.create({ wallet, offer: 'none' })
    expect(outcome.status).toBe('refused')
    if (outcome.status !== 'refused') return
    expect(outcome.problem).toMatchObject({
      code: 'offer_not_found',
      status: 404,
      retryable: false,
    })
    expect(outcome.problem.requestId).toBe('req_fake')
  })

  test.each(['drop_after', 'hang_after', 'error_after', 'drop_before', 'error_before'] as const)(
    'happens once when the first answer is lost by %s',
    async (fault) => {
      let faults = 0
      platform.fault = ({ method, path }) => {
        if (method !== 'POST' || path !== '/v1/payments' || faults > 0) return undefined
        faults += 1
        return fault
      }
      const id = newPaymentId()
      const outcome = await client().payments.create({ id, wallet, offer: 'article-1' })
      expect(outcome).toMatchObject({ status: 'accepted', value: { id } })
      expect(paymentsMade()).toBe(1)
      const keys = platform.requests
        .filter(({ method, path }) => method === 'POST' && path === '/v1/payments')
        .map(({ headers }) => headers['idempotency-key'])
      expect(new Set(keys)).toEqual(new Set([id]))
    },
  )

  test('unknown while nothing answers, and resolved by the same id later', async () => {
    platform.fault = ({ method }) => (method === 'POST' ? 'drop_after' : 'error_before')
    const jeon = client()
    const id = newPaymentId()
    const outcome = await jeon.payments.create({ id, wallet, offer: 'article-1' })
    expect(outcome).toEqual({ status: 'unknown', id, reason: 'connection_lost' })
    expect(await jeon.payments.resolve(id)).toMatchObject({ status: 'unknown' })
    platform.fault = () => undefined
    expect(await jeon.payments.resolve(id)).toMatchObject({ status: 'accepted', value: { id } })
    expect(paymentsMade()).toBe(1)
    expect(await jeon.payments.resolve(newPaymentId())).toMatchObject({ status: 'unknown' })
  })

  test('a malformed id is a bug and is not sent', () => {
    expect(() => client().payments.create({ id: 'pay_1', wallet, offer: 'article-1' })).toThrow(
      TypeError,
    )
  })

  test('a fresh receipt of an older payment', async () => {
    const jeon = client()
    const paid = await jeon.payments.create({ wallet, offer: 'article-1' })
    if (paid.status !== 'accepted') throw new Error('not paid')
    const receipt = await jeon.payments.receipt(paid.value.id)
    expect((await jeon.receipts.verify(receipt, 'article-1')).status).toBe('valid')
    expect((await jeon.receipts.verify(receipt, 'article-2')).status).toBe('invalid')
  })

  test('refunded, once', async () => {
    const jeon = client()
    const paid = await jeon.payments.create({ wallet, offer: 'article-1' })
    if (paid.status !== 'accepted') throw new Error('not paid')
    let faults = 0
    platform.fault = ({ path }) => {
      if (!path.endsWith('/refund') || faults > 0) return undefined
      faults += 1
      return 'drop_after'
    }
    const refund = await jeon.payments.refund(paid.value.id)
    expect(refund).toMatchObject({ status: 'accepted', value: { amount: { amount: '150' } } })
    expect(await jeon.payments.refund(paid.value.id)).toMatchObject({ status: 'refused' })
    expect(await jeon.entitlements.check({ wallet, offer: 'article-1' })).toMatchObject({
      entitled: false,
    })
  })
})

describe('a batch', () => {
  const item = (key: string): BatchItem => ({
    key,
    wallet,
    money: { amount: '0.3', currency: 'KRW' },
  })

  test('of a list: an outcome for each, in order', async () => {
    const outcomes = await client().payments.batch([
      item('a'),
      { key: 'b', wallet: 'wal_none', offer: 'article-1' },
      item('c'),
    ])
    expect(outcomes.map(({ key, status }) => `${key} ${status}`)).toEqual([
      'a accepted',
      'b refused',
      'c accepted',
    ])
  })

  test('of a stream: sent while it is read, once even when an answer is lost', async () => {
    let faults = 0
    platform.fault = ({ path }) => {
      if (!path.endsWith('/batch') || faults > 0) return undefined
      faults += 1
      return 'drop_after'
    }
    async function* readings() {
      for (let count = 0; count < 200; count += 1) yield item(`reading-${count}`)
    }
    let accepted = 0
    for await (const outcome of client().payments.batch(readings())) {
      if (outcome.status === 'accepted') accepted += 1
    }
    expect(accepted).toBe(200)
    expect(paymentsMade()).toBe(200)
  })

  test('is unknown item by item when nothing answers', async () => {
    platform.fault = () => 'drop_before'
    const outcomes = await client('sk_test_1', []).payments.batch([item('a')])
    expect(outcomes).toEqual([{ key: 'a', status: 'unknown', reason: 'connection_lost' }])
  })
})

describe('reading', () => {
  test('history page by page, only as far as it is read', async () => {
    const jeon = client(walletToken)
    for (let count = 0; count < 5; count += 1) await jeon.payments.create({ offer: 'article-1' })
    const seen: string[] = []
    for await (const entry of jeon.wallet.list({ limit: 2 })) {
      seen.push(entry.id)
      if (seen.length === 3) break
    }
    expect(seen).toEqual(platform.history.slice(0, 3).map(({ id }) => id))
    const pages = platform.requests.filter(({ path }) => path === '/v1/wallet/payments')
    expect(pages).toHaveLength(2)
  })

  test('the wallet with its limits, which can be changed', async () => {
    const jeon = client(walletToken)
    const changed = await jeon.wallet.setLimits('KRW', [{ per: 'day', amountMax: '1000' }])
    expect(changed.pockets.find(({ currency }) => currency === 'KRW')?.limits).toMatchObject([
      { per: 'day', amountMax: '1000' },
    ])
  })

  test('live events, resumed where the connection broke', async () => {
    const jeon = client(walletToken)
    const seen: string[] = []
    const states: string[] = []
    const feed = jeon.wallet.live({ onState: (state) => states.push(state), after: '0' })
    await jeon.payments.create({ offer: 'article-1' })
    for await (const event of feed) {
      seen.push(`${event.id} ${event.type}`)
      if (seen.length === 1) {
        platform.dropConnections()
        await jeon.payments.create({ offer: 'article-1' })
      }
      if (seen.length === 2) break
    }
    expect(seen).toEqual(['1 payment.accepted', '2 payment.accepted'])
    expect(states).toEqual(['live', 'reconnecting', 'live'])
  })

  test('problems and silence are thrown, and told apart', async () => {
    await expect(client().payments.get(newPaymentId())).rejects.toThrow(JeonProblem)
    platform.fault = () => 'hang_after'
    await expect(client().offers.get('article-1')).rejects.toThrow(JeonUnreachable)
  })

  test('the test clock', async () => {
    const jeon = client('op_test_1')
    const before = Date.parse((await jeon.clock.get()).now)
    const after = Date.parse((await jeon.clock.advance('40d')).now)
    expect(after - before).toBeGreaterThanOrEqual(40 * 86_400_000)
  })
})
