import { beforeEach, describe, expect, test } from 'vitest'
import { FakeCarrier } from '../../test/fake-carrier.ts'
import { type Carrier, createCarriers } from '../carriers/carriers.ts'
import { Listing, type Lost } from './listing.ts'
import { safeMs, searchWindowMs } from './verdict.ts'

const startMs = Date.UTC(2026, 5, 1, 3)
const timeoutMs = 1_000
let programMs = startMs
let machineMs = 0
const clock = { now: () => programMs, machineNow: () => machineMs }

let fake: FakeCarrier
let carrier: Carrier
let listing: Listing

beforeEach(() => {
  programMs = startMs
  machineMs = 0
  fake = new FakeCarrier(() => programMs)
  const found = createCarriers([{ ...fake.config, timeoutMs }], clock, fake.fetch).get('skt')
  if (found === undefined) throw new Error('no carrier')
  carrier = found
  listing = new Listing(carrier, clock)
})

function pass(byMs: number): void {
  programMs += byMs
  machineMs += byMs
}

/** A payment that the carrier has, sent now. */
async function charge(id: string): Promise<Lost> {
  const { outcome } = await carrier.camara.carrierBilling.createPayment({
    amountTransaction: {
      ...{ phoneNumber: '+821020000001', clientCorrelator: id, referenceCode: id },
      paymentAmount: { chargingInformation: { amount: 100, currency: 'KRW', description: id } },
    },
  })
  expect(outcome).toBe('settled')
  return lost(id)
}

const lost = (id: string): Lost => ({
  id,
  sent: { firstAtMs: programMs, last: { programMs, machineMs } },
})
const correlator = (index: number) => `5f8d0e5e-0000-4000-8000-${String(index).padStart(12, '0')}`

describe('many who look', () => {
  test('share one reading, and each finds its own', async () => {
    const sent: Lost[] = []
    for (let index = 0; index < 200; index += 1) {
      sent.push(await charge(correlator(index)))
      pass(100)
    }
    const sightings = await Promise.all([...sent, lost('never')].map((each) => listing.seek(each)))
    expect(fake.pagesAsked).toBe(1)
    for (const [index, { id }] of sent.entries()) {
      const kept = [...fake.payments.values()].find(
        ({ payment }) => payment.amountTransaction.clientCorrelator === id,
      )
      const { paymentId, paymentStatus } = kept?.payment ?? {}
      expect(sightings[index]).toMatchObject({ is: 'found', body: { paymentId, paymentStatus } })
    }
    expect(sightings.at(-1)).toEqual({ is: 'absent', readFrom: { programMs, machineMs } })
  })

  test('share what was just read, and no longer than a moment', async () => {
    const one = lost(correlator(1))
    pass(10)
    await listing.seek(one)
    await listing.seek(one)
    expect(fake.pagesAsked).toBe(1)
    pass(1_001)
    await listing.seek(one)
    expect(fake.pagesAsked).toBe(2)
  })

  test('whoever was sent after a reading began has the next one', async () => {
    const early = lost(correlator(1))
    pass(10)
    expect((await listing.seek(early)).is).toBe('absent')
    pass(10)
    const late = await charge(correlator(2))
    expect((await listing.seek(late)).is).toBe('found')
  })

  test('share what was just read while the sandbox’s time stands still', async () => {
    const one = lost(correlator(1))
    machineMs += 10
    await listing.seek(one)
    await listing.seek(one)
    expect(fake.pagesAsked).toBe(1)
    machineMs += 1_001
    await listing.seek(one)
    expect(fake.pagesAsked).toBe(2)
  })

  test('are answered when time stands still, too', async () => {
    const one = lost(correlator(1))
    expect(await listing.seek(one)).toEqual({ is: 'absent', readFrom: { programMs, machineMs } })
  })
})

describe('a request that is not there', () => {
  test('is not there as of the beginning of a reading that is late enough for it', async () => {
    const one = lost(correlator(1))
    pass(safeMs(timeoutMs) - 500)
    const early = await listing.seek(one)
    expect(early).toEqual({ is: 'absent', readFrom: { programMs, machineMs } })
    // Still young, and from before the safe time: not good enough any more.
    pass(600)
    expect(await listing.seek(one)).toEqual({ is: 'absent', readFrom: { programMs, machineMs } })
    expect(fake.pagesAsked).toBe(2)
  })

  test('is looked for around its last sending as well as its first', async () => {
    const { firstAtMs } = lost(correlator(1)).sent
    pass(2 * searchWindowMs)
    const { last } = (await charge(correlator(1))).sent
    const seen = await listing.seek({ id: correlator(1), sent: { firstAtMs, last } })
    expect(seen.is).toBe('found')
  })
})

describe('a list that cannot be read at once', () => {
  test('is read in halves when it is too much for the carrier', async () => {
    fake.matchingMost = 20
    const sent: Lost[] = []
    for (let index = 0; index < 50; index += 1) {
      sent.push(await charge(correlator(index)))
      pass(10_000)
    }
    const sightings = await Promise.all([...sent, lost('never')].map((each) => listing.seek(each)))
    expect(sightings.map(({ is }) => is)).toEqual([...sent.map(() => 'found'), 'absent'])
  })

  test('is given up when the shortest time is too much', async () => {
    fake.matchingMost = 2
    for (let index = 0; index < 3; index += 1) await charge(correlator(index))
    expect((await listing.seek(lost('never'))).is).toBe('unreadable')
  })

  test('is read in pages that the carrier allows', async () => {
    fake.perPageMost = 50
    for (let index = 0; index < 120; index += 1) await charge(correlator(index))
    expect((await listing.seek(lost('never'))).is).toBe('absent')
    expect(fake.pagesAsked).toBe(1 + 3)
  })

  test('says nothing about anybody, is left alone for a while and then gone on with', async () => {
    const early = lost(correlator(1))
    pass(4 * 3_600_000)
    const late = await charge(correlator(2))
    const both = { ...late, sent: { ...late.sent, firstAtMs: early.sent.firstAtMs } }
    // Nine half hours in slices of an hour: the fourth is not answered.
    fake.pagesAsked = 0
    pass(safeMs(timeoutMs))
    const reads = { ...carrier.camara.carrierBilling }
    let asked = 0
    const failing: Carrier = {
      ...carrier,
      camara: {
        ...carrier.camara,
        carrierBilling: {
          ...reads,
          listPayments: (window, options) => {
            asked += 1
            if (asked === 4) fake.fail('retrievePayments', 'lose_answer')
            return reads.listPayments(window, options)
          },
        },
      },
    }
    listing = new Listing(failing, clock)
    expect(await listing.seek(both)).toEqual({ is: 'unreadable', retryMs: 1_000 })
    expect(asked).toBe(4)
    expect(await listing.seek(lost('never'))).toEqual({ is: 'unreadable', retryMs: 1_000 })
    expect(asked).toBe(4)
    pass(1_000)
    const pagesBefore = fake.pagesAsked
    expect((await listing.seek(both)).is).toBe('found')
    // Three hours are known; the rest is read in halves of an hour.
    expect(fake.pagesAsked - pagesBefore).toBeLessThanOrEqual(3)
  })

  test('is asked less and less often while it fails', async () => {
    fake.isDown = true
    const waits: number[] = []
    for (let round = 0; round < 7; round += 1) {
      const seen = await listing.seek(lost(correlator(1)))
      if (seen.is !== 'unreadable') throw new Error(seen.is)
      waits.push(seen.retryMs)
      pass(seen.retryMs)
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    fake.isDown = false
    expect((await listing.seek(lost(correlator(1)))).is).toBe('absent')
  })
})

test('of two payments under one correlator the one that was not ended counts', async () => {
  const one = await charge(correlator(1))
  const [first] = fake.payments.values()
  if (first === undefined) throw new Error('no payment')
  const { payment } = first
  fake.decide(payment.paymentId, 'denied')
  const paymentId = '00000000-0000-4000-8000-00000000000f'
  fake.payments.set(paymentId, { ...first, payment: { ...payment, paymentId } })
  expect(await listing.seek(one)).toMatchObject({ is: 'found', body: { paymentId } })
})
