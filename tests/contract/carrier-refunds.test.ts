/** The carrier gives money back: refunds against the definition, both ways. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CarrierWorld,
  numberOf,
  ORDINARY,
  openCarrierWorld,
  type Purchase,
  purchase,
  type Reply,
} from './carrier-world.ts'
import { officialAbsent } from './official.ts'

describe.skipIf(officialAbsent)('the carrier’s refunds', () => {
  let world: CarrierWorld

  beforeAll(async () => {
    world = await openCarrierWorld()
  })
  afterAll(() => world?.close())

  async function paid(of: Purchase = {}): Promise<string> {
    const body = purchase({ phoneNumber: ORDINARY, ...of })
    const made = await world.ask('POST', '/carrier-billing/v0.5/payments', { body })
    expect(made.status).toBe(201)
    return String(made.json.paymentId)
  }
  const below = (paymentId: string, rest = '') =>
    `/carrier-billing-refund/v0.3/payments/${paymentId}/refunds${rest}`
  const refund = (paymentId: string, body: unknown) => world.ask('POST', below(paymentId), { body })
  const remaining = async (paymentId: string) =>
    (await world.ask('GET', below(paymentId, '/remaining-amount'))).json.amount

  test('give back all, once', async () => {
    const id = await paid()
    expect(await remaining(id)).toBe(1_200)
    const made = await refund(id, total())
    expect(made.json).toMatchObject({ type: 'total', refundStatus: 'succeeded', reason: 'unread' })
    expect(await remaining(id)).toBe(0)
    const got = await world.ask('GET', below(id, `/${made.json.refundId}`))
    expect(got.json).toEqual(made.json)
    expect(codeOf(await refund(id, total()))).toBe(
      '403 CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND',
    )
    expect(codeOf(await world.ask('GET', below(id, `/${randomUUID()}`)))).toBe('404 NOT_FOUND')
  })

  test('give back parts, by item, never more than was paid', async () => {
    const details = [
      { id: 'one', amount: 500 },
      { id: 'two', amount: 700 },
    ]
    const id = await paid({ details })
    const first = await refund(id, partial(500, [{ paymentItemId: 'one', amount: 500 }]))
    expect(first.json).toMatchObject({ type: 'partial', refundStatus: 'succeeded' })
    expect(await remaining(id)).toBe(700)
    for (const wrong of [
      [{ paymentItemId: 'three', amount: 100 }],
      [{ paymentItemId: 'two', amount: 90 }],
      [{ paymentItemId: 'one', amount: 600 }],
    ]) {
      expect(codeOf(await refund(id, partial(100, wrong)))).toBe(
        '422 CARRIER_BILLING_REFUND.REFUND_DETAILS_MISMATCH',
      )
    }
    expect(codeOf(await refund(id, partial(701)))).toBe(
      '422 CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT',
    )
    expect(codeOf(await refund(id, partial(100, undefined, false)))).toBe(
      '422 CARRIER_BILLING_REFUND.TAXES_MANAGEMENT_MISMATCH',
    )
    const second = await refund(id, partial(200))
    const listed = await world.ask('GET', `${below(id)}?order=asc&perPage=1&page=2`)
    expect(listed.json.list).toEqual([second.json])
    expect(listed.headers.get('x-total-count')).toBe('2')
    expect(listed.headers.get('content-last-key')).toBe('2')
    const none = await world.ask('GET', `${below(id)}?refundStatus=denied`)
    expect(none.json.list).toEqual([])
  })

  test('are not made twice', async () => {
    const id = await paid()
    const body = partial(100)
    expect((await refund(id, body)).status).toBe(201)
    expect(codeOf(await refund(id, body))).toBe('400 INVALID_ARGUMENT')
    expect(await remaining(id)).toBe(1_100)
  })

  test('of what was not paid, or is not there, are refused', async () => {
    const body = purchase({ phoneNumber: ORDINARY })
    const path = '/carrier-billing/v0.5/payments/prepare'
    const reserved = await world.ask('POST', path, { body })
    const id = String(reserved.json.paymentId)
    expect(codeOf(await refund(id, total()))).toBe(
      '422 CARRIER_BILLING_REFUND.INVALID_PAYMENT_STATUS',
    )
    expect(await remaining(id)).toBe(0)
    expect(codeOf(await refund(randomUUID(), total()))).toBe('404 NOT_FOUND')
    expect(codeOf(await world.ask('GET', below(randomUUID())))).toBe('404 NOT_FOUND')
    const denied = await paid({ phoneNumber: numberOf('52') })
    expect(codeOf(await refund(denied, total()))).toBe('403 CARRIER_BILLING_REFUND.REFUND_DENIED')
  })

  test('of a list, asked wrongly', async () => {
    const id = await paid()
    const list = async (query: string) => codeOf(await world.ask('GET', `${below(id)}?${query}`))
    expect(await list('perPage=0')).toBe('400 OUT_OF_RANGE')
    expect(
      await list(
        'refundCreationDate.gte=2026-02-01T00:00:00Z&refundCreationDate.lte=2026-01-01T00:00:00Z',
      ),
    ).toBe('400 CARRIER_BILLING_REFUND.INVALID_DATE_RANGE')
  })

  test('after the month are credited on a coming bill, and say so', async () => {
    const id = await paid()
    await world.carriers.time.advance(35 * 86_400_000)
    world.events.length = 0
    const made = await world.ask('POST', below(id), {
      body: { ...total(), sink: `${world.sink}/refunds` },
      wrong: true,
    })
    expect(made.json).toMatchObject({ refundStatus: 'succeeded' })
    await world.carriers.tick()
    const types = world.events.map(({ json }) => String(json.type).split('.').at(-1))
    expect(types).toHaveLength(2)
    expect(new Set(types)).toEqual(new Set(['refund-in-bill', 'refund-completed']))
    expect(world.eventComplaints).toEqual([])
  })
})

function total() {
  return {
    type: 'total',
    reason: 'unread',
    amountTransaction: {
      clientCorrelator: randomUUID(),
      referenceCode: randomUUID(),
      refundAmount: {},
    },
  }
}

function partial(
  amount: number,
  items?: readonly { readonly paymentItemId: string; readonly amount: number }[],
  isTaxIncluded = true,
) {
  const told = { currency: 'KRW', description: '환불' }
  return {
    type: 'partial',
    amountTransaction: {
      clientCorrelator: randomUUID(),
      referenceCode: randomUUID(),
      refundAmount: {
        chargingInformation: { amount, ...told, isTaxIncluded },
        ...(items === undefined
          ? {}
          : { refundDetails: items.map((item) => ({ ...item, ...told })) }),
      },
    },
  }
}

function codeOf({ status, json }: Pick<Reply, 'status' | 'json'>): string {
  return `${status} ${json.code}`
}
