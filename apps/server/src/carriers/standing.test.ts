import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LineSandbox, type Linked, openLineSandbox } from '../../test/line-sandbox.ts'
import { type Browser, freshKey } from '../../test/sandbox.ts'

let lines: LineSandbox
let numbers = 300
beforeAll(async () => {
  lines = await openLineSandbox()
})
afterAll(() => lines.sandbox.close())

const begin = (browser: Browser, phone: string) =>
  browser.send('POST', '/v1/line/links', { json: { carrier: 'skt', phone_number: phone } })

const collectionOf = async (payer: Browser) =>
  (await payer.send('GET', '/v1/line')).json.collection ?? {}

function overdraftOf(walletId: string) {
  const { app, ledger } = lines.sandbox.platform
  return app.wallets
    .find(walletId)
    .then((wallet) => ledger.account(wallet?.pockets[0]?.account ?? 0))
    .then((view) => view?.overdraft)
}

/** A browser with a wallet, and a line that its carrier says this of. */
async function stateLinked(service: string) {
  const browser = await lines.sandbox.browser()
  numbers += 1
  const phone = `+821020000${numbers}`
  lines.carrier.line(phone, { service })
  return { browser, phone, answer: await begin(browser, phone) }
}

/** A wallet whose own money is spent. */
async function poor(): Promise<Linked> {
  const payer = await lines.linked()
  expect((await spend(payer, '10000')).status).toBe(201)
  await lines.line.rails.settled()
  return payer
}

const spend = (payer: { readonly walletId: string }, amount: string) =>
  lines.sandbox.send('POST', '/v1/payments', {
    key: lines.sandbox.platform.keys.merchant.secret,
    idempotencyKey: freshKey(),
    json: { wallet: payer.walletId, amount, currency: 'KRW' },
  })

/** The next call needs a new token. */
async function tokenIsOver<Result>(work: () => Promise<Result>): Promise<Result> {
  lines.carrier.tokenSeconds = 1
  try {
    return await work()
  } finally {
    lines.carrier.tokenSeconds = 600
  }
}

describe('a line that may not pay', () => {
  test.each([
    ['not_eligible', 'not_eligible'],
    ['user_blocked', 'blocked_by_payer'],
    ['arrears_blocked', 'in_arrears'],
    ['no_consent', 'no_consent'],
    ['terminated', 'line_terminated'],
    ['limit_exhausted', 'month_limit'],
  ])('(%s) is linked without credit, and its payer is told why', async (service, code) => {
    const { browser, answer } = await stateLinked(service)
    expect(answer.json).toMatchObject({ state: 'linked', reason: { code } })
    expect(await collectionOf(browser)).toMatchObject({
      state: 'blocked',
      owed: '0',
      blocked_reason: { code, text: expect.stringMatching(/^[A-Z].+\.$/) },
    })
    expect(await overdraftOf(browser.walletId)).toBe(0n)
    expect((await spend(browser, '10000')).status).toBe(201)
    expect((await spend(browser, '1')).json.code).toBe('credit_blocked')
  })

  test('gets its credit when the reason is gone: at once when the payer asks, else the next day', async () => {
    const [one, two] = [await stateLinked('user_blocked'), await stateLinked('paused')]
    const still = await one.browser.send('POST', '/v1/line/collect')
    expect(still.json).toMatchObject({ state: 'blocked' })
    for (const { phone } of [one, two]) lines.carrier.line(phone)
    const asked = await one.browser.send('POST', '/v1/line/collect')
    expect(asked.json).toMatchObject({ state: 'open', blocked_reason: null })
    expect((await collectionOf(two.browser)).state).toBe('blocked')
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1d' })
    expect((await collectionOf(two.browser)).state).toBe('open')
    expect(await overdraftOf(two.browser.walletId)).toBe(10_000_000n)
  })

  test('loses it when its owner blocks payments on the page, and gets it back there', async () => {
    const payer = await lines.linked()
    const care = () => payer.send('POST', '/v1/line/care/blocks', { json: {} })
    lines.carrier.line(payer.phone, { service: 'user_blocked' })
    await care()
    expect(await collectionOf(payer)).toMatchObject({
      state: 'blocked',
      blocked_reason: { code: 'blocked_by_payer' },
    })
    lines.carrier.line(payer.phone)
    await care()
    expect(await collectionOf(payer)).toMatchObject({ state: 'open' })
  })

  test('shows what its carrier did of itself, and sells again once it may, without being asked', async () => {
    const payer = await poor()
    lines.carrier.line(payer.phone, { service: 'suspended' })
    // What was just asked is not asked again.
    expect((await collectionOf(payer)).state).toBe('open')
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '11s' })
    expect(await collectionOf(payer)).toMatchObject({
      ...{ state: 'blocked', owed: '0' },
      blocked_reason: { code: 'line_suspended' },
    })
    expect(await overdraftOf(payer.walletId)).toBe(0n)
    lines.carrier.line(payer.phone)
    const soon = await spend(payer, '1000')
    expect(soon.json).toMatchObject({ code: 'credit_blocked', reason: { code: 'line_suspended' } })
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '11s' })
    expect((await spend(payer, '1000')).status).toBe(201)
  })

  test('is asked about once a day while it buys on credit', async () => {
    const payer = await poor()
    expect((await spend(payer, '100')).status).toBe(201)
    await lines.line.rails.settled()
    lines.carrier.line(payer.phone, { service: 'arrears_blocked' })
    expect((await spend(payer, '100')).status).toBe(201)
    await lines.line.rails.settled()
    expect((await spend(payer, '100')).status).toBe(201)
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '1d' })
    expect((await spend(payer, '100')).status).toBe(201)
    await lines.line.rails.settled()
    expect((await spend(payer, '100')).json).toMatchObject({
      ...{ code: 'credit_blocked', reason: { code: 'in_arrears' } },
    })
  })

  test('waits a minute for credit when its carrier did not say', async () => {
    lines.carrier.isCareDown = true
    const { browser, answer } = await stateLinked('enabled')
    expect(answer.json).toMatchObject({ state: 'linked', reason: { code: 'carrier_unreachable' } })
    lines.carrier.isCareDown = false
    expect((await collectionOf(browser)).state).toBe('blocked')
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '2m' })
    await lines.line.rails.work(undefined)
    expect((await collectionOf(browser)).state).toBe('open')
  })

  test('keeps credit while its carrier does not say', async () => {
    const payer = await lines.linked()
    lines.carrier.isCareDown = true
    await payer.send('POST', '/v1/line/collect')
    lines.carrier.isCareDown = false
    expect((await collectionOf(payer)).state).toBe('open')
  })
})

describe('unlinking', () => {
  test('gives the carrier its token back', async () => {
    const payer = await lines.linked()
    expect((await payer.send('DELETE', '/v1/line')).status).toBe(204)
    expect(lines.carrier.revoked).toContain(`refresh:${payer.phone}`)
  })

  test('is done also when the carrier does not take it', async () => {
    const payer = await lines.linked()
    lines.carrier.isRevocationDown = true
    expect((await payer.send('DELETE', '/v1/line')).status).toBe(204)
    lines.carrier.isRevocationDown = false
    expect((await payer.send('GET', '/v1/line')).json).toEqual({ linked: false })
    expect((await begin(payer, payer.phone)).json.state).toBe('linked')
  })
})

describe('a link that its owner ended at the carrier', () => {
  async function ended(owes: string, linked = poor): Promise<Linked> {
    const payer = await linked()
    if (owes !== '0') await spend(payer, owes)
    await lines.line.rails.settled()
    lines.carrier.ended.add(payer.phone)
    const read = await payer.send('GET', '/v1/line/care/usage')
    expect(read.json.code).toBe('line_link_expired')
    return payer
  }

  test('has no credit from then on, says so, and does not heal by itself', async () => {
    const payer = await ended('0')
    const blocked = { state: 'blocked', blocked_reason: { code: 'link_ended' } }
    expect(await collectionOf(payer)).toMatchObject(blocked)
    expect((await spend(payer, '1')).json.code).toBe('credit_blocked')
    await payer.send('POST', '/v1/line/collect')
    expect(await collectionOf(payer)).toMatchObject(blocked)
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '2d' })
    expect(await collectionOf(payer)).toMatchObject(blocked)
    expect((await spend(payer, '1')).json.code).toBe('credit_blocked')
  })

  test('is found when its token has to be renewed anyway, too', async () => {
    const payer = await ended('0', () => tokenIsOver(poor))
    expect(await collectionOf(payer)).toMatchObject({ blocked_reason: { code: 'link_ended' } })
  })

  test('is found when credit is looked at', async () => {
    const payer = await poor()
    lines.carrier.ended.add(payer.phone)
    const asked = await payer.send('POST', '/v1/line/collect')
    expect(asked.json).toMatchObject({ blocked_reason: { code: 'link_ended' } })
  })

  test('is made anew by linking the same line again, not another', async () => {
    const payer = await ended('0')
    numbers += 1
    lines.carrier.line(`+821020000${numbers}`)
    const other = await begin(payer, `+821020000${numbers}`)
    expect(other.json.code).toBe('line_already_linked')
    lines.carrier.ended.delete(payer.phone)
    expect((await begin(payer, payer.phone)).json).toMatchObject({ state: 'linked', reason: null })
    expect(await collectionOf(payer)).toMatchObject({ state: 'open', owed: '0' })
    expect((await spend(payer, '1000')).status).toBe(201)
    expect((await begin(payer, payer.phone)).json.code).toBe('line_already_linked')
  })

  test('still pays what is owed where the carrier lets it, and gets no credit for that', async () => {
    const payer = await ended('3000')
    expect((await payer.send('POST', '/v1/line/collect')).json).toMatchObject({
      ...{ state: 'blocked', owed: '0', blocked_reason: { code: 'link_ended' } },
      last: { status: 'settled', amount: '3000' },
    })
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })

  test('collects what was owed when it is linked again, before there is credit', async () => {
    const payer = await ended('4000')
    const refusal = { refuse: 403, code: 'CARRIER_BILLING.PAYMENT_DENIED' }
    const message = '[second_factor_missing] no'
    lines.carrier.fail('createPayment', { ...refusal, message }, { ...refusal, message })
    await payer.send('POST', '/v1/line/collect')
    lines.carrier.ended.delete(payer.phone)
    expect((await begin(payer, payer.phone)).json.state).toBe('linked')
    expect(await collectionOf(payer)).toMatchObject({
      ...{ state: 'blocked', owed: '4000' },
      blocked_reason: { code: 'second_factor_missing' },
    })
    expect((await spend(payer, '1')).json.code).toBe('credit_blocked')
    const paid = await payer.send('POST', '/v1/line/collect')
    expect(paid.json).toMatchObject({ state: 'open', owed: '0' })
    expect((await spend(payer, '1000')).status).toBe(201)
  })

  test('is still no more after a new start of what is known', async () => {
    const payer = await ended('0')
    await lines.line.lines.open()
    expect((await collectionOf(payer)).blocked_reason?.code).toBe('link_ended')
    await lines.line.lines.recheck(payer.walletId)
    expect(await overdraftOf(payer.walletId)).toBe(0n)
  })
})
