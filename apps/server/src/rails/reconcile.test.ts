import { createHmac } from 'node:crypto'
import { dateOf } from '@jeon/billing'
import { type PaymentResponse, paymentCompleted } from '@jeon/camara'
import { KRW } from '@jeon/money'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LineSandbox, type Linked, openLineSandbox } from '../../test/line-sandbox.ts'
import { freshKey } from '../../test/sandbox.ts'
import { compare } from './reconcile.ts'
import type { OurPayment } from './reconciliation-store.ts'

let lines: LineSandbox
let payer: Linked
beforeAll(async () => {
  lines = await openLineSandbox()
  payer = await lines.linked()
})
afterAll(() => lines.sandbox.close())

const coins = { offer: 'line-coins-3000' }
const today = () => dateOf(lines.line.rails.nowMs(), 'Asia/Seoul')

const run = async (day = today()) => {
  const { json } = await lines.operator('POST', '/v1/reconciliations', { day, carrier: 'skt' })
  return json.data?.[0] ?? {}
}
const openBreaks = async () => {
  const { json } = await lines.operator('GET', '/v1/breaks')
  return Object.values(json.data ?? {})
}

describe('a day', () => {
  test('that is the same on both sides matches', async () => {
    await payer.buy(coins)
    await payer.buy({ offer: 'line-webtoon-500' })
    lines.carrier.fail('preparePayment', {
      refuse: 403,
      code: 'CARRIER_BILLING.PAYMENT_DENIED',
      message: '[paused] …',
    })
    await payer.buy(coins)
    expect(await run()).toMatchObject({
      state: 'complete',
      ours: 2,
      theirs: 1,
      matched: 2,
      open: 0,
      breaks: 0,
      amount: { amount: '3000', currency: 'KRW' },
    })
  })

  test('shows what only the carrier has, another amount, and what only we have', async () => {
    const bought = [await payer.buy(coins), await payer.buy(coins), await payer.buy(coins)]
    expect(bought.every(({ status }) => status === 201)).toBe(true)
    const [, , other = '', gone = ''] = [...lines.carrier.payments.keys()]
    const kept = lines.carrier.payments.get(other)
    if (kept === undefined) throw new Error('no payment')
    const ghost = structuredClone(kept)
    kept.payment.amountTransaction.paymentAmount.chargingInformation.amount = 3_001
    ghost.payment = { ...ghost.payment, paymentId: 'ghost' }
    ghost.payment.amountTransaction.clientCorrelator = 'nobody-knows'
    lines.carrier.payments.set('ghost', ghost)
    lines.carrier.payments.delete(gone)
    expect(await run()).toMatchObject({ matched: 3, breaks: 3 })
    // Found again, not found anew.
    await run()
    const breaks = await openBreaks()
    expect(breaks.map(({ kind }) => String(kind)).sort()).toEqual([
      'amount',
      'missing_here',
      'missing_there',
    ])
    expect(breaks.find(({ kind }) => String(kind) === 'amount')).toMatchObject({
      our_amount: '3000',
      their_amount: '3001',
      age_days: 0,
      owner: null,
    })
  })

  test('has breaks with an owner and an age, which nothing but a person resolves', async () => {
    const [first] = await openBreaks()
    const path = `/v1/breaks/${String(first?.id)}`
    const owned = await lines.operator('POST', `${path}/owner`, { owner: 'Kim' })
    expect(owned.json).toMatchObject({ owner: 'Kim', resolved_at: null })
    const charged = lines.carrier.charged
    await lines.operator('POST', '/v1/sandbox/clock', { advance: '3d' })
    expect((await openBreaks())[0]).toMatchObject({ id: first?.id, age_days: 3 })
    expect(lines.carrier.charged).toBe(charged)
    const note = 'Refunded by the carrier, ticket 17'
    const resolved = await lines.operator('POST', `${path}/resolve`, { note })
    expect(resolved.json).toMatchObject({ note, owner: 'Kim', resolved_at: expect.any(String) })
    expect((await lines.operator('POST', `${path}/resolve`, { note })).json.code).toBe(
      'break_resolved',
    )
    expect(await openBreaks()).toHaveLength(2)
  })

  test('shows refunds that only one side has', async () => {
    const before = (await openBreaks()).length
    const one = await payer.buy(coins)
    const refund = (id: unknown, amount: string) =>
      lines.sandbox.send('POST', `/v1/payments/${String(id)}/refund`, {
        key: lines.sandbox.platform.keys.merchant.secret,
        idempotencyKey: freshKey(),
        json: { amount },
      })
    await refund(one.json.id, '1000')
    await refund(one.json.id, '500')
    expect(await run()).toMatchObject({ ours: 3, matched: 3, breaks: 0 })
    const [kept] = [...lines.carrier.refunds]
    if (kept === undefined) throw new Error('no refund')
    const [refundId, { paymentId, refund: given }] = kept
    lines.carrier.refunds.delete(refundId)
    const ghost = structuredClone(given)
    ghost.amountTransaction.clientCorrelator = 'nobody-knows'
    lines.carrier.refunds.set('ghost', { paymentId, refund: { ...ghost, refundId: 'ghost' } })
    expect(await run()).toMatchObject({ matched: 2, breaks: 2 })
    const breaks = (await openBreaks()).slice(before)
    expect(breaks.map(({ kind }) => String(kind)).sort()).toEqual(['missing_here', 'missing_there'])
    expect(breaks.map(({ their_status: status }) => status)).toContain('refund succeeded')
  })

  test('is compared by itself when it is over', async () => {
    const { json } = await lines.operator('GET', '/v1/reconciliations')
    const days = Object.values(json.data ?? {}).map(({ day }) => String(day))
    expect(new Set(days).size).toBeGreaterThanOrEqual(3)
  })

  test('concludes nothing from half a list', async () => {
    lines.carrier.fail('retrievePayments', 'lose_answer')
    const { json } = await lines.operator('POST', '/v1/reconciliations', { day: today() })
    expect(json.code).toBe('reconciliation_failed')
    expect(await openBreaks()).toHaveLength(4)
  })

  test('is the operator’s business alone', async () => {
    expect((await payer.send('GET', '/v1/breaks')).status).toBe(401)
  })
})

describe('comparing', () => {
  const payment = (id: string, won: number, at: number): PaymentResponse => ({
    paymentId: `p-${id}`,
    paymentStatus: 'succeeded',
    paymentCreationDate: new Date(at).toISOString(),
    amountTransaction: {
      phoneNumber: '+821020000001',
      clientCorrelator: id,
      referenceCode: id,
      paymentAmount: {
        chargingInformation: { amount: won, currency: 'KRW', description: 'x' },
      },
    },
  })
  const ours = (id: string, won: number): OurPayment => ({
    ...{ id, amount: BigInt(won) * 1_000n, state: 'settled', paid: true },
    ...{ carrierPaymentId: `p-${id}`, endedAtMs: 1 },
  })

  test('finds exactly what was lost, added or changed', () => {
    const fates = fc.array(
      fc.record({
        won: fc.integer({ min: 1, max: 1_000_000 }),
        fate: fc.constantFrom('both', 'here', 'there', 'amount', 'twice'),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(fates, (entries) => {
        const own = entries.flatMap(({ won, fate }, at) =>
          fate === 'there' ? [] : [ours(String(at), won)],
        )
        const theirs = entries.flatMap(({ won, fate }, at) => {
          if (fate === 'here') return []
          const one = payment(String(at), fate === 'amount' ? won + 1 : won, 50)
          return fate === 'twice' ? [one, { ...one, paymentId: `again-${at}` }] : [one]
        })
        const known = new Map(own.map((each) => [each.id, each]))
        const found = compare({ ours: own, known, theirs, fromMs: 0, toMs: 100, asset: KRW })
        const count = (fate: string) => entries.filter((each) => each.fate === fate).length
        const kinds = (kind: string) => found.breaks.filter((each) => each.kind === kind).length
        expect(kinds('missing_there')).toBe(count('here'))
        expect(kinds('missing_here')).toBe(count('there'))
        expect(kinds('amount')).toBe(count('amount'))
        expect(kinds('duplicate')).toBe(count('twice'))
        expect(found.matched).toBe(count('both') + count('twice'))
        expect(found.breaks).toHaveLength(entries.length - count('both'))
      }),
    )
  })

  test('takes a payment that the carrier dates to the next day for what it is', () => {
    const own = [ours('a', 10)]
    const known = new Map(own.map((each) => [each.id, each]))
    const theirs = [payment('a', 10, 101)]
    const first = compare({ ours: own, known, theirs, fromMs: 0, toMs: 100, asset: KRW })
    expect(first).toMatchObject({ breaks: [], matched: 0, theirs: 0 })
    const second = compare({ ours: [], known, theirs, fromMs: 100, toMs: 200, asset: KRW })
    expect(second).toMatchObject({ breaks: [], matched: 1, theirs: 1 })
  })
})

describe('events', () => {
  const news = (id: string, paymentId: string) =>
    paymentCompleted({
      ...{ id, source: 'https://carrier.example', time: '2026-01-01T00:00:00Z', paymentId },
      ...{ description: 'done', paymentDate: '2026-01-01T00:00:00Z' },
    })
  const tell = (token: string, json: object) =>
    lines.sandbox.send('POST', '/v1/carriers/skt/events', {
      json,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/cloudevents+json',
      },
    })

  test('make the platform ask, once, and are not believed', async () => {
    lines.carrier.fail('preparePayment', 'later')
    const bought = await payer.buy(coins)
    expect(bought.json.status).toBe('processing')
    const [paymentId = ''] = [...lines.carrier.payments.keys()].slice(-1)
    const correlator =
      lines.carrier.payments.get(paymentId)?.payment.amountTransaction.clientCorrelator ?? ''
    const charge = await lines.line.charges.find(correlator)
    if (charge === undefined) throw new Error('no charge')
    const sink = lines.line.events.sinkOf('charge', charge)
    // Sinks are https; this platform is not reached so.
    expect(sink).toBeUndefined()
    const token = lines.line.events.tokenOf('charge', charge)
    const path = `/v1/payments/${String(bought.json.id)}`
    expect((await tell(token, news('e1', paymentId))).status).toBe(204)
    expect((await lines.line.charges.find(correlator))?.state).toBe('sent')
    lines.carrier.decide(paymentId, 'succeeded')
    expect((await tell(token, news('e1', paymentId))).status).toBe(204)
    expect((await lines.line.charges.find(correlator))?.state).toBe('sent')
    expect((await tell(token, news('e2', paymentId))).status).toBe(204)
    expect((await lines.line.charges.find(correlator))?.state).toBe('settled')
    expect((await payer.send('GET', path)).json.status).toBe('accepted')
  })

  test('with another token, or none, are nobody’s', async () => {
    const id = 'a'.repeat(32)
    const forged = createHmac('sha256', 'x').update(id).digest('base64url')
    const refused = await tell(`cev_charge.${id}.${forged}`, news('e3', 'x'))
    expect(refused.json.code).toBe('event_token_invalid')
    expect((await tell('nothing', news('e4', 'x'))).json.code).toBe('key_invalid')
  })
})
