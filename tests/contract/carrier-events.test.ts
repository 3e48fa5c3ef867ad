/** What the carrier tells a sink, in order and out of it, and what it decides later than it answers. */

import { randomUUID } from 'node:crypto'
import {
  applyPaymentStatus,
  type PaymentStatus,
  parsePaymentEvent,
  statusOfPaymentEvent,
} from '@jeon/camara'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type CarrierWorld,
  numberOf,
  ORDINARY,
  openCarrierWorld,
  type Purchase,
  paymentOf,
  purchase,
  type Reply,
} from './carrier-world.ts'
import { officialAbsent } from './official.ts'

const BILLING = '/carrier-billing/v0.5/payments'

describe.skipIf(officialAbsent)('the carrier’s events', () => {
  let world: CarrierWorld

  beforeAll(async () => {
    world = await openCarrierWorld()
  })
  afterAll(() => world?.close())
  beforeEach(async () => {
    await world.carriers.tick()
    world.events.length = 0
    world.eventComplaints.length = 0
  })

  /** The sink of the tests is plain http on this machine, which only a sandbox takes. */
  const send = (path: string, of: Purchase = {}) =>
    world.ask('POST', path, {
      body: purchase({ phoneNumber: ORDINARY, sink: `${world.sink}/payments`, ...of }),
      wrong: true,
    })
  const act = (reply: Reply, what: 'confirm' | 'cancel', phoneNumber = ORDINARY) =>
    world.ask('POST', `${BILLING}/${reply.json.paymentId}/${what}`, { body: { phoneNumber } })
  const types = () => world.events.map(({ json }) => String(json.type).split('payment-').at(-1))

  test('tell of each step, with the bearer token, as the definition has it', async () => {
    const made = await send(`${BILLING}/prepare`)
    await world.carriers.tick()
    await act(made, 'confirm')
    await world.carriers.tick()
    const other = await send(`${BILLING}/prepare`)
    await act(other, 'cancel')
    await world.carriers.tick()
    expect(types()).toEqual(['reserved', 'completed', 'reserved', 'cancelled'])
    expect(world.eventComplaints).toEqual([])
    const [first] = world.events
    expect(first?.authorization).toBe('Bearer sink-token')
    expect(first?.json).toMatchObject({ source: `${world.root}`, specversion: '1.0' })
    expect(Object(first?.json.data).paymentId).toBe(made.json.paymentId)
  })

  test('come again with the same id until the sink takes them', async () => {
    world.sinkAnswers.push(500, 503)
    await send(BILLING)
    await world.carriers.tick()
    await world.carriers.tick()
    expect(types()).toEqual(['completed'])
    await world.carriers.time.advance(5_000)
    await world.carriers.time.advance(30_000)
    await world.carriers.time.advance(3_600_000)
    expect(types()).toEqual(['completed', 'completed', 'completed'])
    expect(new Set(world.events.map(({ json }) => json.id)).size).toBe(1)
  })

  test('come twice, late or out of order with numbers that do so', async () => {
    await send(BILLING, { phoneNumber: numberOf('43') })
    await world.carriers.tick()
    expect(types()).toEqual(['completed', 'completed'])
    expect(new Set(world.events.map(({ json }) => json.id)).size).toBe(1)
    world.events.length = 0
    await send(BILLING, { phoneNumber: numberOf('44') })
    await world.carriers.tick()
    expect(types()).toEqual([])
    await world.carriers.time.advance(30_000)
    expect(types()).toEqual(['completed'])
    world.events.length = 0
    const number = numberOf('45')
    const made = await send(`${BILLING}/prepare`, { phoneNumber: number })
    await act(made, 'confirm', number)
    await world.carriers.tick()
    await world.carriers.time.advance(5_000)
    expect(types()).toEqual(['completed', 'reserved'])
    const statuses = world.events.flatMap(({ json }) => {
      const read = parsePaymentEvent(json)
      return read.ok ? [statusOfPaymentEvent(read.event)] : []
    })
    const known = statuses.reduce<PaymentStatus>(
      (current, incoming) => applyPaymentStatus(current, incoming).status,
      'processing',
    )
    expect(known).toBe('succeeded')
  })

  test('tell what became of payments that are decided later', async () => {
    const status = async (reply: Reply) =>
      (await world.ask('GET', `${BILLING}/${reply.json.paymentId}`)).json.paymentStatus
    const accepted = await send(BILLING, { phoneNumber: numberOf('46') })
    const denied = await send(BILLING, { phoneNumber: numberOf('47') })
    const reserved = await send(`${BILLING}/prepare`, { phoneNumber: numberOf('46') })
    for (const made of [accepted, denied, reserved]) {
      expect(made.status).toBe(201)
      expect(made.json.paymentStatus).toBe('processing')
      expect(await status(made)).toBe('processing')
    }
    await expect
      .poll(
        async () => {
          await world.carriers.tick()
          return Promise.all([accepted, denied, reserved].map(status))
        },
        { timeout: 10_000, interval: 200 },
      )
      .toEqual(['succeeded', 'denied', 'reserved'])
    await world.carriers.tick()
    expect(types()).toHaveLength(3)
    expect(new Set(types())).toEqual(new Set(['completed', 'denied', 'reserved']))
    expect(world.eventComplaints).toEqual([])
  })

  test('tell what became of refunds that are decided later', async () => {
    for (const [digits, what] of [
      ['46', 'refund-completed'],
      ['47', 'refund-denied'],
    ]) {
      const id = await paymentOf(world.carriers, numberOf(digits ?? ''))
      const path = `/carrier-billing-refund/v0.3/payments/${id}/refunds`
      const body = {
        type: 'total',
        amountTransaction: { referenceCode: randomUUID(), refundAmount: {} },
        sink: `${world.sink}/refunds`,
      }
      const made = await world.ask('POST', path, { body, wrong: true })
      expect(made.json).toMatchObject({ refundStatus: 'processing' })
      expect((await world.ask('GET', `${path}/remaining-amount`)).json.amount).toBe(0)
      await expect
        .poll(
          async () => {
            await world.carriers.tick()
            return world.events.map(({ json }) => String(json.type).split('.').at(-1))
          },
          { timeout: 10_000, interval: 200 },
        )
        .toContain(what)
      const left = (await world.ask('GET', `${path}/remaining-amount`)).json.amount
      expect(left).toBe(what === 'refund-denied' ? 1_000 : 0)
    }
    expect(world.eventComplaints).toEqual([])
  })

  test('come for every payment of a client that wants to wait', async () => {
    const { clients } = world.carriers.outside
    await clients.change('skt', world.carriers.clientId, { sync: false, validation: 'code' })
    const made = await send(`${BILLING}/prepare`)
    expect(made.json).toMatchObject({
      paymentStatus: 'processing',
      validationInfo: { action: 'validate' },
    })
    await expect
      .poll(
        async () => {
          await world.carriers.tick()
          return types()
        },
        { timeout: 10_000, interval: 200 },
      )
      .toEqual(['pending-validation'])
    const { authorizationId } = Object(made.json.validationInfo)
    const body = { authorizationId: String(authorizationId), code: await world.code(ORDINARY) }
    const path = `${BILLING}/${made.json.paymentId}/validate`
    expect((await world.ask('POST', path, { body })).status).toBe(204)
    await world.carriers.tick()
    expect(types()).toEqual(['pending-validation', 'reserved'])
    await clients.change('skt', world.carriers.clientId, { sync: true, validation: 'none' })
  })

  test('never come where the sink said 410', async () => {
    world.sinkAnswers.push(410)
    const made = await send(`${BILLING}/prepare`)
    await act(made, 'confirm')
    await world.carriers.tick()
    await world.carriers.time.advance(3_600_000)
    const ofIt = world.events.filter(
      ({ json }) => Object(json.data).paymentId === made.json.paymentId,
    )
    expect(ofIt).toHaveLength(1)
  })
})
