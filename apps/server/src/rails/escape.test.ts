import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LineSandbox, type Linked, openLineSandbox } from '../../test/line-sandbox.ts'
import { freshKey } from '../../test/sandbox.ts'
import { typeIdOf, uuidOf } from '../ids.ts'
import { chargeIds } from './charge-ids.ts'

/** Ways around paying through the line, each found by trying. */

let lines: LineSandbox
beforeAll(async () => {
  lines = await openLineSandbox()
})
afterAll(() => lines?.sandbox.close())

const coins = { offer: 'line-coins-3000' }
const secret = () => lines.sandbox.platform.keys.merchant.secret

const spend = (payer: Linked, amount: string) =>
  lines.sandbox.send('POST', '/v1/payments', {
    key: secret(),
    idempotencyKey: freshKey(),
    json: { wallet: payer.walletId, amount, currency: 'KRW' },
  })

/** A purchase of its own that waits on the carrier's page. @returns its id here and there */
async function waiting(payer: Linked): Promise<{ id: string; paymentId: string }> {
  lines.carrier.fail('preparePayment', 'url')
  const bought = await payer.buy(coins)
  expect(bought).toMatchObject({ status: 202, json: { status: 'pending_validation' } })
  const [paymentId = ''] = [...lines.carrier.payments.keys()].slice(-1)
  return { id: String(bought.json.id), paymentId }
}

const pocketOf = async (payer: Linked) =>
  (await payer.send('GET', '/v1/wallet')).json.pockets?.[0] ?? {}

/** A wallet that owes 4,900 won through its line. */
async function debtor(): Promise<Linked> {
  const payer = await lines.linked()
  for (const amount of ['10000', '4900']) expect((await spend(payer, amount)).status).toBe(201)
  await lines.line.rails.settled()
  return payer
}

describe('the hold of a purchase that the carrier has not accepted', () => {
  test.each(['capture', 'void'])('is not the merchant’s to %s', async (act) => {
    const payer = await lines.linked()
    const { id, paymentId } = await waiting(payer)
    const hold = typeIdOf('hold', chargeIds(uuidOf('pay', id) ?? '').hold)
    const send = (method: string, path: string) =>
      lines.sandbox.send(method, path, {
        key: secret(),
        idempotencyKey: freshKey(),
        ...(method === 'POST' ? { json: {} } : {}),
      })
    expect((await send('POST', `/v1/holds/${hold}/${act}`)).status).toBe(404)
    lines.carrier.decide(paymentId, 'denied')
    const read = await payer.send('GET', `/v1/payments/${id}`)
    expect(read.json.status).not.toBe('accepted')
    expect(await pocketOf(payer)).toMatchObject({ balance: '10000', held: '0' })
    expect(await lines.booked()).toBe(lines.carrier.charged)
  })
})

describe('a debt', () => {
  test('does not vanish while a purchase of its own waits at the carrier', async () => {
    const payer = await debtor()
    const { id, paymentId } = await waiting(payer)
    expect((await payer.send('GET', '/v1/line')).json.collection).toMatchObject({ owed: '4900' })
    lines.carrier.fail('createPayment', {
      ...{ refuse: 403, code: 'CARRIER_BILLING.PAYMENT_DENIED' },
      message: '[blocked_by_payer] no',
    })
    expect((await payer.send('DELETE', '/v1/line')).status).toBeGreaterThanOrEqual(400)
    expect((await payer.send('GET', '/v1/line')).json.linked).toBe(true)
    lines.carrier.decide(paymentId, 'denied')
    await payer.send('GET', `/v1/payments/${id}`)
    expect(await pocketOf(payer)).toMatchObject({ balance: '-4900' })
  })

  test('that may yet come keeps the line, also when nothing is owed now', async () => {
    const payer = await lines.linked()
    const { id, paymentId } = await waiting(payer)
    expect((await payer.send('DELETE', '/v1/line')).json.code).toBe('line_in_use')
    expect((await payer.send('GET', '/v1/line')).json.linked).toBe(true)
    lines.carrier.decide(paymentId, 'denied')
    await payer.send('GET', `/v1/payments/${id}`)
    expect((await payer.send('DELETE', '/v1/line')).status).toBe(204)
  })

  test('keeps its line: no other wallet takes it away', async () => {
    const first = await debtor()
    const declined = {
      ...{ refuse: 403, code: 'CARRIER_BILLING.PAYMENT_DENIED' },
      message: '[blocked_by_payer] no',
    } as const
    const second = await lines.sandbox.browser()
    const begun = await second.send('POST', '/v1/line/links', {
      json: { carrier: 'skt', phone_number: first.phone },
    })
    expect(begun.json.state).toBe('proof_needed')
    lines.carrier.fail('createPayment', declined, declined)
    const { code, password } = lines.carrier
    const proved = await second.send('POST', `/v1/line/links/${String(begun.json.id)}/proof`, {
      json: { sms_code: code, password },
    })
    expect(proved.json.state).toBe('refused')
    expect((await second.send('GET', '/v1/line')).json).toEqual({ linked: false })
    expect((await first.send('GET', '/v1/line')).json).toMatchObject({
      linked: true,
      collection: { owed: '4900' },
    })
  })
})
