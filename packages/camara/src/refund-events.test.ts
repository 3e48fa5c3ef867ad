import { describe, expect, test } from 'vitest'
import {
  applyRefundStatus,
  parseRefundEvent,
  type RefundEvent,
  refundCompleted,
  refundDenied,
  refundInBill,
  statusOfRefundEvent,
} from './refund-events.ts'

const news = {
  id: 'e-1',
  source: '/carrier/kt',
  time: '2026-11-22T10:00:00+09:00',
  paymentId: 'p-1',
  refundId: 'r-1',
  description: 'Refund notification',
}

const EVENTS: readonly [string | undefined, RefundEvent][] = [
  ['succeeded', refundCompleted({ ...news, refundDate: news.time })],
  ['denied', refundDenied(news)],
  [undefined, refundInBill(news)],
]

describe('an event', () => {
  test.each(EVENTS)('that says %s is read as it was made', (status, event) => {
    expect(parseRefundEvent(JSON.stringify(event))).toEqual({ ok: true, event })
    expect(statusOfRefundEvent(event)).toBe(status)
  })

  test('without its refund is refused', () => {
    const { refundId: _, ...data } = refundInBill(news).data
    expect(parseRefundEvent({ ...refundInBill(news), data })).toMatchObject({ ok: false })
  })
})

test.each([
  ['processing', 'succeeded', { outcome: 'moved', status: 'succeeded' }],
  ['processing', 'denied', { outcome: 'moved', status: 'denied' }],
  ['succeeded', 'processing', { outcome: 'stale', status: 'succeeded' }],
  ['denied', 'denied', { outcome: 'stale', status: 'denied' }],
  ['succeeded', 'denied', { outcome: 'conflict', status: 'succeeded' }],
] as const)('a refund that is %s, then %s', (current, incoming, outcome) => {
  expect(applyRefundStatus(current, incoming)).toEqual(outcome)
})
