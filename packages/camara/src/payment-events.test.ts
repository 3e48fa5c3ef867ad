import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PaymentStatus } from './carrier-billing.ts'
import { paymentStatus } from './carrier-billing.ts'
import { eventKey } from './cloud-event.ts'
import {
  applyPaymentStatus,
  isFinalPaymentStatus,
  type PaymentEvent,
  parsePaymentEvent,
  paymentCancelled,
  paymentCompleted,
  paymentDenied,
  paymentPendingValidation,
  paymentReserved,
  statusOfPaymentEvent,
} from './payment-events.ts'

const news = {
  id: 'e-1',
  source: 'https://carrier.example/skt',
  time: '2026-11-22T01:00:00Z',
  paymentId: 'p-1',
  description: 'Payment notification',
}

const EVENTS: readonly [PaymentStatus, PaymentEvent][] = [
  ['pending_validation', paymentPendingValidation(news)],
  ['reserved', paymentReserved(news)],
  ['succeeded', paymentCompleted({ ...news, paymentDate: news.time })],
  ['cancelled', paymentCancelled(news)],
  ['denied', paymentDenied({ ...news, denialReason: 'limit' })],
]

describe('an event', () => {
  test.each(EVENTS)('of a payment that is %s is read as it was made', (status, event) => {
    expect(parsePaymentEvent(JSON.stringify(event))).toEqual({ ok: true, event })
    expect(parsePaymentEvent(event)).toEqual({ ok: true, event })
    expect(statusOfPaymentEvent(event)).toBe(status)
    expect(event.data.status).toBe(status === 'denied' ? 'failed' : 'succeeded')
  })

  test.each([
    ['no JSON', '{'],
    ['null', null],
    ['another type', { ...EVENTS[0]?.[1], type: 'org.camaraproject.sim-swap.v0.swapped' }],
    ['another version', { ...EVENTS[0]?.[1], specversion: '0.3' }],
    ['no id', { ...EVENTS[0]?.[1], id: '' }],
    ['a source with a space', { ...EVENTS[0]?.[1], source: 'a b' }],
    ['no zone', { ...EVENTS[0]?.[1], time: '2026-11-22T01:00:00' }],
    ['no data', { ...EVENTS[0]?.[1], data: undefined }],
    ['a completion without its date', { ...EVENTS[2]?.[1], data: EVENTS[1]?.[1].data }],
  ])('is refused with %s', (_, json) => {
    expect(parsePaymentEvent(json)).toMatchObject({ ok: false, code: 'event_malformed' })
  })

  test('is known again by its source and id together', () => {
    expect(eventKey({ source: 'a', id: 'b' })).toBe(eventKey({ source: 'a', id: 'b' }))
    expect(eventKey({ source: 'a', id: '","b' })).not.toBe(eventKey({ source: 'a","', id: 'b' }))
  })
})

describe('applyPaymentStatus', () => {
  const statuses = fc.constantFrom(...paymentStatus.options)

  test.each([
    ['processing', 'reserved', { outcome: 'moved', status: 'reserved' }],
    ['processing', 'succeeded', { outcome: 'moved', status: 'succeeded' }],
    ['reserved', 'pending_validation', { outcome: 'stale', status: 'reserved' }],
    ['succeeded', 'processing', { outcome: 'stale', status: 'succeeded' }],
    ['succeeded', 'succeeded', { outcome: 'stale', status: 'succeeded' }],
    ['succeeded', 'denied', { outcome: 'conflict', status: 'succeeded' }],
    ['cancelled', 'succeeded', { outcome: 'conflict', status: 'cancelled' }],
  ] as const)('%s, then %s', (current, incoming, outcome) => {
    expect(applyPaymentStatus(current, incoming)).toEqual(outcome)
  })

  test('never leaves a final status, and moves at most thrice', () => {
    fc.assert(
      fc.property(statuses, fc.array(statuses), (first, incoming) => {
        let status: PaymentStatus = first
        let moves = 0
        for (const next of incoming) {
          const applied = applyPaymentStatus(status, next)
          if (isFinalPaymentStatus(status)) expect(applied.status).toBe(status)
          if (applied.outcome === 'moved') moves += 1
          else expect(applied.status).toBe(status)
          status = applied.status
        }
        expect(moves).toBeLessThanOrEqual(3)
      }),
    )
  })

  test('ends the same in whatever order the events of one payment come', () => {
    const path = fc.constantFrom<PaymentStatus>('succeeded', 'denied', 'cancelled')
    const heard = fc.tuple(path, fc.shuffledSubarray(['pending_validation', 'reserved'] as const))
    fc.assert(
      fc.property(
        heard.chain(([end, others]) =>
          fc.tuple(
            fc.constant(end),
            fc.shuffledSubarray([end, end, ...others], { minLength: others.length + 2 }),
          ),
        ),
        ([end, order]) => {
          const last = order.reduce<PaymentStatus>(
            (status, next) => applyPaymentStatus(status, next).status,
            'processing',
          )
          expect(last).toBe(end)
        },
      ),
    )
  })
})
