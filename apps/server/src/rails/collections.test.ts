import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LineSandbox, type Linked, openLineSandbox } from '../../test/line-sandbox.ts'
import { type Answered, freshKey } from '../../test/sandbox.ts'

let lines: LineSandbox
beforeAll(async () => {
  lines = await openLineSandbox()
})
afterAll(() => lines.sandbox.close())

const limit = {
  refuse: 422,
  code: 'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED',
  message: '[month_limit] used up',
} as const

/** A wallet whose own money is spent. */
async function poor(): Promise<Linked> {
  const payer = await lines.linked()
  expect((await spend(payer, '10000')).status).toBe(201)
  await lines.line.rails.settled()
  return payer
}

const spend = (payer: Linked, amount: string): Promise<Answered> =>
  lines.sandbox.send('POST', '/v1/payments', {
    key: lines.sandbox.platform.keys.merchant.secret,
    idempotencyKey: freshKey(),
    json: { wallet: payer.walletId, amount, currency: 'KRW' },
  })

const collectionOf = async (payer: Linked) =>
  (await payer.send('GET', '/v1/line')).json.collection ?? {}

/** A request reaches the carrier that nobody waits for any more. */
async function arrive({ phone }: Linked, correlator: string, amount: number): Promise<void> {
  const { camara } = [...lines.line.carriers.values()][0] ?? {}
  const sent = await camara?.carrierBilling.createPayment({
    amountTransaction: {
      ...{ phoneNumber: phone, clientCorrelator: correlator, referenceCode: correlator },
      paymentAmount: { chargingInformation: { amount, currency: 'KRW', description: 'late' } },
    },
  })
  expect(sent?.outcome).toBe('settled')
}

const newest = () => [...lines.carrier.payments.values()].at(-1)?.payment.amountTransaction

describe('what a wallet owes', () => {
  test('is collected at the threshold, with what it is for, down to the won', async () => {
    const payer = await poor()
    const before = lines.carrier.charged
    await payer.buy({ offer: 'article-2' })
    await spend(payer, '4000')
    await lines.line.rails.settled()
    expect(await collectionOf(payer)).toMatchObject({ owed: '4000.3', last: null })
    expect(lines.carrier.charged).toBe(before)
    await payer.buy({ offer: 'line-webtoon-500' })
    await payer.buy({ offer: 'line-webtoon-500' })
    await lines.line.rails.settled()
    expect(lines.carrier.charged - before).toBe(5_000)
    expect(await collectionOf(payer)).toMatchObject({
      state: 'open',
      owed: '0.3',
      last: { status: 'settled', amount: '5000' },
    })
    const { paymentDetails = [], chargingInformation } = newest()?.paymentAmount ?? {}
    expect(chargingInformation).toMatchObject({ amount: 5_000, currency: 'KRW' })
    expect(paymentDetails.map(({ amount }) => amount)).toEqual([500, 500, 4_000])
    expect(paymentDetails[0]?.description).toMatch(/^The Daily Jeon: Webtoon/)
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('is listed up to twenty purchases, and the rest in one sum', async () => {
    const payer = await poor()
    await Promise.all(Array.from({ length: 49 }, () => spend(payer, '100')))
    await lines.line.rails.settled()
    await spend(payer, '100')
    await lines.line.rails.settled()
    const details = newest()?.paymentAmount.paymentDetails ?? []
    expect(details).toHaveLength(20)
    expect(details.at(-1)).toMatchObject({ description: '그 밖의 구매', amount: 3_100 })
    expect(details.reduce((sum, { amount }) => sum + amount, 0)).toBe(5_000)
  })

  test('is collected when the payer asks, and nothing when nothing is owed', async () => {
    const payer = await poor()
    const nothing = await payer.send('POST', '/v1/line/collect')
    expect(nothing).toMatchObject({ status: 200, json: { owed: '0', last: null } })
    await spend(payer, '700')
    const { json } = await payer.send('POST', '/v1/line/collect')
    expect(json).toMatchObject({ owed: '0', last: { status: 'settled', amount: '700' } })
  })

  test('never passes the credit', async () => {
    const payer = await poor()
    lines.carrier.fail('createPayment', 'lose_request')
    const answers = await Promise.all(Array.from({ length: 12 }, () => spend(payer, '1000')))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10)
    expect(answers.find(({ status }) => status !== 201)?.json.code).toBe('insufficient_funds')
    await lines.line.rails.settled()
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    expect(await collectionOf(payer)).toMatchObject({ owed: '0', last: { status: 'settled' } })
  })
})

/** As a process leaves it that dies, or waits for its turn, between the ledger's answer and the row. */
async function unwritten(
  { walletId }: Linked,
  state: 'intent' | 'charged' | 'refused' | 'pending_validation',
): Promise<void> {
  const client = new pg.Client({ connectionString: lines.sandbox.databaseUrl })
  await client.connect()
  const { rowCount } = await client.query(
    `update jeon.rail_charge set state = $2, ended_at = null, due_at = now() + interval '1 day' where wallet_id = $1`,
    [walletId, state],
  )
  await client.end()
  expect(rowCount).toBe(1)
}

describe('a purchase of its own', () => {
  test.each([
    ['paid', 'charged', undefined],
    ['given back', 'refused', limit],
  ] as const)('that is %s in the ledger alone is not owed', async (_, state, fault) => {
    const payer = await poor()
    const before = lines.carrier.charged
    if (fault !== undefined) lines.carrier.fail('preparePayment', fault)
    await payer.buy({ offer: 'line-coins-3000' })
    await unwritten(payer, state)
    expect(await collectionOf(payer)).toMatchObject({ owed: '0' })
    const collected = await payer.send('POST', '/v1/line/collect')
    expect(collected.json).toMatchObject({ owed: '0', last: null })
    expect(lines.carrier.charged - before).toBe(fault === undefined ? 3_000 : 0)
    await lines.line.rails.work(undefined)
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })
})

describe('a purchase of its own through a wallet that owes', () => {
  test('that its row does not know to be in changes no debt, and goes back when credit was stopped', async () => {
    const payer = await poor()
    await spend(payer, '4000')
    lines.carrier.fail('preparePayment', 'url')
    const { status, json } = await payer.buy({ offer: 'line-coins-3000' })
    expect(status).toBe(202)
    expect(await collectionOf(payer)).toMatchObject({ owed: '4000' })
    await unwritten(payer, 'intent')
    expect(await collectionOf(payer)).toMatchObject({ owed: '4000' })
    const link = lines.line.lines.of(payer.walletId)
    if (link === undefined) throw new Error('not linked')
    await lines.line.lines.stopCredit(link)
    await unwritten(payer, 'pending_validation')
    lines.carrier.decide([...lines.carrier.payments.keys()].at(-1) ?? '', 'denied')
    const read = await payer.send('GET', `/v1/payments/${String(json.id)}`)
    expect(read.json).toMatchObject({ status: 'declined' })
    const wallet = await payer.send('GET', '/v1/wallet')
    expect(wallet.json.pockets?.[0]).toMatchObject({ balance: '-4000', held: '0' })
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })
})

describe('a collection that is declined', () => {
  test('stops credit at once, says why here and at the next purchase, and can be tried again', async () => {
    const payer = await poor()
    lines.carrier.fail('createPayment', limit)
    await spend(payer, '5500')
    await lines.line.rails.settled()
    expect(await collectionOf(payer)).toMatchObject({
      state: 'blocked',
      owed: '5500',
      blocked_reason: {
        code: 'month_limit',
        text: 'It is more than what is left of the limit for the month.',
      },
      last: { status: 'declined', amount: '5500' },
    })
    const refused = await payer.buy({ offer: 'article-3' })
    expect(refused).toMatchObject({ status: 402, json: { code: 'credit_blocked' } })
    expect(refused.json.reason?.code).toBe('month_limit')
    // What is a payment of its own goes through, if the carrier lets it.
    expect((await payer.buy({ offer: 'line-coins-3000' })).status).toBe(201)
    const again = await payer.send('POST', '/v1/line/collect')
    expect(again.json).toMatchObject({ state: 'open', owed: '0', blocked_reason: null })
    expect((await payer.buy({ offer: 'article-3' })).status).toBe(201)
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('gives no room back when something else is refunded meanwhile', async () => {
    const payer = await poor()
    const first = await spend(payer, '1000')
    lines.carrier.fail('createPayment', limit)
    await spend(payer, '4500')
    await lines.line.rails.settled()
    const path = `/v1/payments/${String(first.json.id)}/refund`
    const key = lines.sandbox.platform.keys.merchant.secret
    const how = { key, idempotencyKey: freshKey(), json: {} }
    expect((await lines.sandbox.send('POST', path, how)).status).toBe(201)
    await lines.line.rails.settled()
    expect(await collectionOf(payer)).toMatchObject({ state: 'blocked', owed: '4500' })
    expect((await payer.buy({ offer: 'article-3' })).json.code).toBe('credit_blocked')
  })

  test('keeps the line from being unlinked until it is paid', async () => {
    const payer = await poor()
    await spend(payer, '900')
    lines.carrier.fail('createPayment', limit)
    expect((await payer.send('DELETE', '/v1/line')).json.code).toBe('line_owes')
    expect((await payer.send('DELETE', '/v1/line')).status).toBe(204)
    expect((await payer.send('GET', '/v1/line')).json).toEqual({ linked: false })
    expect((await spend(payer, '1')).json.code).toBe('insufficient_funds')
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })
})

describe('a collection without an answer', () => {
  test.each(['lose_answer', 'lose_request'] as const)(
    '(%s) is looked for and only then sent again, under the same key',
    async (fault) => {
      const payer = await poor()
      const [asked, before] = [lines.carrier.asked.length, lines.carrier.charged]
      lines.carrier.fail('createPayment', fault)
      await spend(payer, '6000')
      await lines.line.rails.settled()
      await payer.send('POST', '/v1/line/collect')
      expect((await payer.send('DELETE', '/v1/line')).status).toBe(
        fault === 'lose_answer' ? 204 : 503,
      )
      await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
      await lines.line.rails.work(undefined)
      expect(lines.carrier.charged - before).toBe(6_000)
      const keys = lines.carrier.asked.slice(asked).map(({ correlator }) => correlator)
      expect(new Set(keys).size).toBe(1)
      expect(keys).toHaveLength(fault === 'lose_answer' ? 1 : 2)
      expect(await lines.booked()).toBe(lines.carrier.charged)
    },
  )

  test('is over when it is refused at a second sending, and the carrier never had the first', async () => {
    const payer = await poor()
    lines.carrier.fail('createPayment', 'lose_request', limit)
    await spend(payer, '6000')
    await lines.line.rails.settled()
    // The second sending is refused: what became of the first is not known before its time.
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    expect(await collectionOf(payer)).toMatchObject({
      state: 'open',
      last: { status: 'processing' },
    })
    const asked = lines.carrier.asked.length
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    expect(await collectionOf(payer)).toMatchObject({
      state: 'blocked',
      owed: '6000',
      blocked_reason: { code: 'month_limit' },
      last: { status: 'declined', amount: '6000' },
    })
    expect(lines.carrier.asked.length).toBe(asked)
    expect((await payer.buy({ offer: 'article-3' })).json.code).toBe('credit_blocked')
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1d' })
    expect(await collectionOf(payer)).toMatchObject({ state: 'open', owed: '0' })
    // Others' lines are asked again on that day too: what counts is that nothing was taken twice.
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('is not over when the refused sending was the second and the carrier has the first', async () => {
    const payer = await poor()
    const [before, asked] = [lines.carrier.charged, lines.carrier.asked.length]
    lines.carrier.fail('createPayment', 'lose_request', limit)
    await spend(payer, '6000')
    await lines.line.rails.settled()
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    // What was on its way for so long arrives after all.
    await arrive(payer, String(lines.carrier.asked[asked]?.correlator), 6_000)
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    expect(await collectionOf(payer)).toMatchObject({ owed: '0', last: { status: 'settled' } })
    expect(lines.carrier.charged - before).toBe(6_000)
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('that the carrier wrote down and forgot is sent again, under the same key', async () => {
    const payer = await poor()
    const [before, asked] = [lines.carrier.charged, lines.carrier.asked.length]
    lines.carrier.fail('createPayment', 'later')
    await spend(payer, '6000')
    await lines.line.rails.settled()
    lines.carrier.forget([...lines.carrier.payments.keys()].at(-1) ?? '')
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    expect(await collectionOf(payer)).toMatchObject({ owed: '0', last: { status: 'settled' } })
    const keys = lines.carrier.asked.slice(asked).map(({ correlator }) => correlator)
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
    expect(lines.carrier.charged - before).toBe(6_000)
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('stops credit when the carrier swallows it again and again, until it arrives', async () => {
    const payer = await poor()
    const asked = lines.carrier.asked.length
    lines.carrier.fail('createPayment', ...Array.from({ length: 3 }, () => 'lose_request' as const))
    await spend(payer, '6000')
    await lines.line.rails.settled()
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    expect((await collectionOf(payer)).state).toBe('open')
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '10m' })
    expect(await collectionOf(payer)).toMatchObject({
      state: 'blocked',
      blocked_reason: { code: 'carrier_silent' },
      last: { status: 'processing' },
    })
    expect((await payer.buy({ offer: 'article-3' })).json.code).toBe('credit_blocked')
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1m' })
    expect(await collectionOf(payer)).toMatchObject({ state: 'open', owed: '0' })
    expect((await payer.buy({ offer: 'article-3' })).status).toBe(201)
    const keys = lines.carrier.asked.slice(asked).map(({ correlator }) => correlator)
    expect([keys.length, new Set(keys).size]).toEqual([4, 1])
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('that was taken for later is settled when the carrier has decided', async () => {
    const payer = await poor()
    lines.carrier.fail('createPayment', 'later')
    await spend(payer, '5000')
    await lines.line.rails.settled()
    const [paymentId = ''] = [...lines.carrier.payments.keys()].slice(-1)
    lines.carrier.decide(paymentId, 'succeeded')
    await lines.line.rails.work(undefined)
    expect(await collectionOf(payer)).toMatchObject({ owed: '0', last: { status: 'settled' } })
  })
})

describe('time', () => {
  test('takes the carriers along, first, and collects before the cycle ends', async () => {
    const payer = await poor()
    await spend(payer, '1200')
    await lines.line.rails.settled()
    const moves = lines.carrier.moves.length
    const { json } = await lines.operator('POST', '/v1/sandbox/clock', { advance: '32d' })
    const told = lines.carrier.moves.slice(moves)
    // Each day has its stop, and the end of the month one more.
    expect(told.length).toBeGreaterThanOrEqual(33)
    expect(told.at(-1)?.offset_ms).toBeCloseTo(Number(json.offset_ms), -1)
    const collected = await collectionOf(payer)
    expect(collected).toMatchObject({ owed: '0', last: { status: 'settled', amount: '1200' } })
    const at = Temporal.Instant.from(String(collected.last?.at)).toZonedDateTimeISO('Asia/Seoul')
    expect(at.add({ minutes: 10 }).day).toBe(1)
    expect([at.hour, at.minute]).toEqual([23, 50])
  })

  test('tries a line that refused again the next day', async () => {
    const payer = await poor()
    lines.carrier.fail('createPayment', limit)
    await spend(payer, '5000')
    await lines.line.rails.settled()
    expect((await collectionOf(payer)).state).toBe('blocked')
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1d' })
    expect(await collectionOf(payer)).toMatchObject({ state: 'open', owed: '0' })
  })

  test('stands still when a carrier does not follow', async () => {
    const before = await lines.operator('GET', '/v1/sandbox/clock')
    lines.carrier.isDown = true
    const moved = await lines.operator('POST', '/v1/sandbox/clock', { advance: '5d' })
    lines.carrier.isDown = false
    expect(moved.json.code).toBe('carrier_unavailable')
    const after = await lines.operator('GET', '/v1/sandbox/clock')
    expect(after.json.offset_ms).toBe(before.json.offset_ms)
  })
})

test('the ledger is whole after all of that', async () => {
  const { json } = await lines.operator('POST', '/v1/operator/verify')
  expect(json).toMatchObject({ ok: true, problems: [] })
})
