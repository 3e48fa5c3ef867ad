import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LineSandbox, type Linked, openLineSandbox } from '../../test/line-sandbox.ts'
import { freshKey } from '../../test/sandbox.ts'
import { uuidOf } from '../ids.ts'

let lines: LineSandbox
let payer: Linked
beforeAll(async () => {
  lines = await openLineSandbox()
  payer = await lines.linked()
})
afterAll(() => lines.sandbox.close())

const coins = { offer: 'line-coins-3000' }
/** How often the carrier was asked to move money under a payment's key. */
const timesAsked = (id: unknown) =>
  lines.carrier.asked.filter(({ correlator }) => correlator === uuidOf('pay', String(id))).length

describe('a purchase of its own', () => {
  test('is prepared, confirmed and paid at once', async () => {
    const before = lines.carrier.charged
    const bought = await payer.buy(coins)
    expect(bought).toMatchObject({
      status: 201,
      json: { status: 'accepted', amount: { amount: '3000' }, balance: { amount: '10000' } },
    })
    expect(lines.carrier.charged - before).toBe(3_000)
    expect(await lines.booked()).toBe(lines.carrier.charged)
    const read = await payer.send('GET', `/v1/payments/${String(bought.json.id)}`)
    expect(read.json).toMatchObject({ id: bought.json.id, offer: 'line-coins-3000' })
  })

  test('is one purchase however often it is sent, and another one under that key none', async () => {
    const key = freshKey()
    const answers = await Promise.all([1, 2, 3].map(() => payer.buy(coins, key)))
    const ids = new Set(answers.map(({ json }) => String(json.id)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(ids.size).toBe(1)
    expect(timesAsked([...ids][0])).toBe(2)
    expect((await payer.buy({ offer: 'line-game-9900' }, key)).json.code).toBe('key_reused')
  })

  test.each([
    ['line-voucher-10000', true],
    ['line-concert-33000', true],
    ['line-webtoon-500', false],
    ['article-1', false],
  ])('goes by the market’s rules for %s', async (offer, isEach) => {
    const browser = await lines.linked()
    const before = lines.carrier.charged
    expect((await browser.buy({ offer })).status).toBe(201)
    expect(lines.carrier.charged > before).toBe(isEach)
  })

  test('waits for the code, tells a wrong one, and is paid by the right one', async () => {
    lines.carrier.fail('preparePayment', 'code')
    const key = freshKey()
    const bought = await payer.buy(coins, key)
    expect(bought).toMatchObject({
      status: 202,
      json: { status: 'pending_validation', validation: { by: 'code', url: null } },
    })
    const path = `/v1/payments/${String(bought.json.id)}`
    expect((await payer.send('GET', path)).json.status).toBe('pending_validation')
    const give = (code: string) => payer.send('POST', `${path}/validation`, { json: { code } })
    expect((await give('1')).json.code).toBe('validation_code_wrong')
    expect(await give(lines.carrier.code)).toMatchObject({
      status: 201,
      json: { status: 'accepted', balance: { amount: '10000' } },
    })
    expect((await give(lines.carrier.code)).json.code).toBe('validation_not_pending')
    expect((await payer.buy(coins, key)).headers.get('idempotent-replayed')).toBe('true')
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('waits for the carrier’s page, and is seen when it is asked about', async () => {
    lines.carrier.fail('preparePayment', 'url')
    const bought = await payer.buy(coins)
    expect(bought.json.validation).toMatchObject({ by: 'url', url: expect.stringMatching(/^http/) })
    const [paymentId = ''] = [...lines.carrier.payments.keys()].slice(-1)
    lines.carrier.decide(paymentId, 'reserved')
    const read = await payer.send('GET', `/v1/payments/${String(bought.json.id)}`)
    expect(read.json).toMatchObject({ status: 'accepted', amount: { amount: '3000' } })
  })

  test('that the carrier declines leaves the wallet as it was, and says why', async () => {
    const code = 'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED'
    lines.carrier.fail('preparePayment', { refuse: 422, code, message: '[month_limit] …' })
    const key = freshKey()
    const refused = await payer.buy(coins, key)
    expect(refused).toMatchObject({
      status: 402,
      json: { code: 'carrier_declined', reason: { code: 'month_limit' } },
    })
    expect(String(refused.json.detail)).toMatch(/limit for the month/)
    expect((await payer.buy(coins, key)).json.code).toBe('carrier_declined')
    const { json } = await payer.send('GET', '/v1/wallet')
    expect(json.pockets?.[0]).toMatchObject({ balance: '10000', held: '0' })
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('that is refused when confirmed is cancelled at the carrier', async () => {
    const code = 'CARRIER_BILLING.PAYMENT_DENIED'
    lines.carrier.fail('confirmPayment', { refuse: 403, code, message: '[fraud_hold] …' })
    const refused = await payer.buy(coins)
    expect(refused.json).toMatchObject({ code: 'carrier_declined', reason: { code: 'fraud_hold' } })
    const kept = [...lines.carrier.payments.values()].at(-1)
    expect(kept?.payment.paymentStatus).toBe('cancelled')
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test.each(['preparePayment', 'confirmPayment'] as const)(
    'whose %s got no answer is looked for, and never sent under another key',
    async (operation) => {
      const before = lines.carrier.charged
      const count = lines.carrier.payments.size
      lines.carrier.fail(operation, 'lose_answer')
      const key = freshKey()
      const first = await payer.buy(coins, key)
      if (first.status !== 201) expect(first.json.code).toBe('unknown_outcome')
      expect((await payer.buy(coins, key)).status).toBe(201)
      expect(lines.carrier.charged - before).toBe(3_000)
      expect(lines.carrier.payments.size - count).toBe(1)
      expect(await lines.booked()).toBe(lines.carrier.charged)
    },
  )

  test('is found in one reading of the list for all that are open', async () => {
    const many = 120
    const before = lines.carrier.charged
    const browser = await lines.linked()
    const limits: readonly object[] = []
    await browser.send('PUT', '/v1/wallet/limits', { json: { currency: 'KRW', limits } })
    lines.carrier.fail(
      'preparePayment',
      ...Array.from({ length: many }, () => 'lose_answer' as const),
    )
    const bought = await Promise.all(Array.from({ length: many }, () => browser.buy(coins)))
    expect(bought.map(({ json }) => json.code)).toEqual(bought.map(() => 'unknown_outcome'))
    const pages = lines.carrier.pagesAsked
    await lines.line.rails.work(undefined)
    expect(lines.carrier.charged - before).toBe(many * 3_000)
    expect(lines.carrier.pagesAsked - pages).toBeLessThanOrEqual(3)
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('waits for its payer on the line, until it is decided', async () => {
    const browser = await lines.linked()
    const waiting = async () => (await browser.send('GET', '/v1/line')).json.waiting
    expect(await waiting()).toEqual([])
    lines.carrier.fail('preparePayment', 'url')
    const { id } = (await browser.buy(coins)).json
    expect(await waiting()).toMatchObject([
      { id, status: 'pending_validation', amount: { amount: '3000' }, validation: { by: 'url' } },
    ])
    const kept = [...lines.carrier.payments.values()].at(-1)
    lines.carrier.decide(kept?.payment.paymentId ?? '', 'reserved')
    await browser.send('GET', `/v1/payments/${String(id)}`)
    expect(await waiting()).toEqual([])
    lines.carrier.fail('preparePayment', 'url')
    const other = (await browser.buy(coins)).json.id
    const refused = [...lines.carrier.payments.values()].at(-1)
    lines.carrier.decide(refused?.payment.paymentId ?? '', 'denied')
    const read = await browser.send('GET', `/v1/payments/${String(other)}`)
    expect(read.json).toMatchObject({ status: 'declined', reason: { code: 'validation_failed' } })
  })

  test('refused at its second sending tells why, when the carrier never had the first', async () => {
    const message = '[month_limit] used up'
    const code = 'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED'
    lines.carrier.fail('preparePayment', 'lose_request', { refuse: 422, code, message })
    const bought = await payer.buy(coins)
    expect(bought.json.code).toBe('unknown_outcome')
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    const read = await payer.send('GET', String(bought.json.href))
    expect(read.json).toMatchObject({ status: 'declined', reason: { code: 'month_limit' } })
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('written down by the carrier and forgotten, is sent again', async () => {
    lines.carrier.fail('preparePayment', 'later')
    const bought = await payer.buy(coins)
    lines.carrier.forget([...lines.carrier.payments.keys()].at(-1) ?? '')
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    const read = await payer.send('GET', `/v1/payments/${String(bought.json.id)}`)
    expect(read.json).toMatchObject({ status: 'accepted' })
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('is worked on until the carrier has decided', async () => {
    lines.carrier.fail('preparePayment', 'later')
    const bought = await payer.buy(coins)
    expect(bought).toMatchObject({ status: 202, json: { status: 'processing', validation: null } })
    const [paymentId = ''] = [...lines.carrier.payments.keys()].slice(-1)
    lines.carrier.decide(paymentId, 'denied')
    await lines.line.rails.work(undefined)
    const read = await payer.send('GET', `/v1/payments/${String(bought.json.id)}`)
    expect(read.json).toMatchObject({ status: 'declined', reason: { code: 'confirm_refused' } })
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('is neither held nor batched, and not for a wallet without a line', async () => {
    const sk = lines.sandbox.platform.keys.merchant.secret
    const send = (path: string, json: unknown) =>
      lines.sandbox.send('POST', path, { key: sk, idempotencyKey: freshKey(), json })
    const wallet = payer.walletId
    const held = await send('/v1/holds', { wallet, ...coins, ttl_s: 60 })
    expect(held.json.code).toBe('line_payment_alone')
    const batched = await send('/v1/payments/batch', [{ key: freshKey(), wallet, ...coins }])
    expect(batched.json.data?.[0]?.code).toBe('line_payment_alone')
    const browser = await lines.sandbox.browser()
    const json = { merchant: lines.sandbox.platform.keys.merchant.id, ...coins }
    const how = { idempotencyKey: freshKey(), json }
    expect((await browser.send('POST', '/v1/payments', how)).json.code).toBe('line_not_linked')
  })

  test('is nobody else’s to see', async () => {
    lines.carrier.fail('preparePayment', 'url')
    const { json } = await payer.buy(coins)
    const other = await lines.linked()
    const path = `/v1/payments/${String(json.id)}`
    expect((await other.send('GET', path)).json.code).toBe('payment_not_found')
    const given = await other.send('POST', `${path}/validation`, { json: { code: '1' } })
    expect(given.json.code).toBe('payment_not_found')
    const [paymentId = ''] = [...lines.carrier.payments.keys()].slice(-1)
    lines.carrier.decide(paymentId, 'cancelled')
    expect((await payer.send('GET', path)).json.status).toBe('declined')
  })
})

describe('a carrier that answers after the hold ran out', () => {
  /** A purchase that waits for its payer for longer than any carrier does, and then has this status. */
  async function late(browser: Linked, status: 'reserved' | 'cancelled') {
    lines.carrier.fail('preparePayment', 'url')
    const { json } = await browser.buy(coins)
    const [paymentId = ''] = [...lines.carrier.payments.keys()].slice(-1)
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '8d' })
    return {
      end: async () => {
        lines.carrier.decide(paymentId, status)
        await lines.line.rails.work(undefined)
        return (await browser.send('GET', `/v1/payments/${String(json.id)}`)).json
      },
    }
  }
  const balanceOf = async (browser: Linked) =>
    (await browser.send('GET', '/v1/wallet')).json.pockets?.[0]?.balance

  test('is followed all the same', async () => {
    const browser = await lines.linked()
    const paid = await late(browser, 'reserved')
    expect((await paid.end()).status).toBe('accepted')
    const refused = await late(browser, 'cancelled')
    expect((await refused.end()).status).toBe('declined')
    expect(await balanceOf(browser)).toBe('10000')
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('and cannot be, is the operator’s to put right', async () => {
    const browser = await lines.linked()
    const paid = await late(browser, 'reserved')
    const limits = [{ per: 'payment', scope: 'all', amount_max: '1' }]
    await browser.send('PUT', '/v1/wallet/limits', { json: { currency: 'KRW', limits } })
    expect((await paid.end()).status).toBe('processing')
    const { json } = await lines.operator('GET', '/v1/breaks')
    expect(json.data).toMatchObject([{ kind: 'stranded', our_amount: '3000', owner: null }])
  })
})

describe('a refund', () => {
  const sk = () => lines.sandbox.platform.keys.merchant.secret
  const refund = (id: unknown, json: object, key = freshKey()) =>
    lines.sandbox.send('POST', `/v1/payments/${String(id)}/refund`, {
      key: sk(),
      idempotencyKey: key,
      json,
    })
  const balance = async () => {
    const { json } = await payer.send('GET', '/v1/wallet')
    return json.pockets?.[0]?.balance
  }

  test('of such a purchase goes back to the line, in parts and no further', async () => {
    const { json } = await payer.buy(coins)
    const before = lines.carrier.charged
    const key = freshKey()
    const part = await refund(json.id, { amount: '1000' }, key)
    expect(part).toMatchObject({ status: 201, json: { amount: { amount: '1000' } } })
    expect((await refund(json.id, { amount: '1000' }, key)).json.id).toBe(part.json.id)
    expect(before - lines.carrier.charged).toBe(1_000)
    expect((await refund(json.id, { amount: '2001' })).json.code).toBe('refund_exceeds_payment')
    expect((await refund(json.id, {})).json).toMatchObject({ amount: { amount: '2000' } })
    expect(before - lines.carrier.charged).toBe(3_000)
    expect((await refund(json.id, {})).json.code).toBe('refund_exceeds_payment')
    expect(await balance()).toBe('10000')
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('that the carrier will not take back stays in the wallet', async () => {
    const { json } = await payer.buy(coins)
    const code = 'CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND'
    lines.carrier.fail('createRefund', { refuse: 403, code, message: '' })
    expect((await refund(json.id, {})).status).toBe(201)
    expect(await balance()).toBe('13000')
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('refused at its second sending stays in the wallet when the carrier never had the first', async () => {
    const { json } = await payer.buy(coins)
    const before = await balance()
    const code = 'CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND'
    lines.carrier.fail('createRefund', 'lose_request', { refuse: 403, code, message: '' })
    expect((await refund(json.id, {})).status).toBe(201)
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    expect(await balance()).toBe(before)
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    expect(Number(await balance())).toBe(Number(before) + 3_000)
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('that got no answer is found, not made twice', async () => {
    const { json } = await payer.buy(coins)
    const before = lines.carrier.charged
    lines.carrier.fail('createRefund', 'lose_answer')
    const key = freshKey()
    expect((await refund(json.id, {}, key)).status).toBe(201)
    await lines.line.rails.work(undefined)
    expect((await refund(json.id, {}, key)).status).toBe(201)
    expect(before - lines.carrier.charged).toBe(3_000)
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })
})

test('the ledger is whole after all of that', async () => {
  const { json } = await lines.operator('POST', '/v1/operator/verify')
  expect(json).toMatchObject({ ok: true, problems: [] })
})
