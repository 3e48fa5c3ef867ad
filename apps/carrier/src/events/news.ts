import {
  type PaymentEvent,
  paymentCancelled,
  paymentCompleted,
  paymentDenied,
  paymentPendingValidation,
  paymentReserved,
  type RefundEvent,
  refundCompleted,
  refundDenied,
  refundInBill,
} from '@jeon/camara'
import type { FaultName } from '../faults/model.ts'
import { LATE_EVENT_MS } from '../faults/model.ts'
import type { Payment, Refund } from '../model.ts'
import type { NewDelivery } from './model.ts'

export interface NewsFacts {
  /** The carrier's own URL: the `source` of its events. */
  readonly source: string
  readonly nowMs: number
  readonly fault: FaultName | null
}

/** How much later than its successor an event of a number with `out_of_order_events` comes. */
const OVERTAKEN_MS = 5_000

/** The event of a payment's present status, ready for its sink; empty when nobody asked for it. */
export function paymentDeliveries(payment: Payment, facts: NewsFacts): readonly NewDelivery[] {
  const { sink, sinkToken: token, carrier, clientId } = payment
  const body = sink === null ? undefined : paymentEvent(payment, facts)
  if (sink === null || body === undefined) return []
  const isFinal = ['succeeded', 'denied', 'cancelled'].includes(payment.status)
  return deliveries(facts, isFinal, { carrier, clientId, about: payment.id, sink, token, body })
}

/** The events of a refund; one that is credited on a coming bill has two. */
export function refundDeliveries(refund: Refund, facts: NewsFacts): readonly NewDelivery[] {
  const { sink, sinkToken: token, carrier, clientId } = refund
  if (sink === null) return []
  return refundEvents(refund, facts).flatMap((body) =>
    deliveries(facts, true, { carrier, clientId, about: refund.id, sink, token, body }),
  )
}

function deliveries(
  { fault, nowMs }: NewsFacts,
  isFinal: boolean,
  event: Omit<NewDelivery, 'id' | 'dueAtMs' | 'createdAtMs' | 'body'> & {
    readonly body: PaymentEvent | RefundEvent
  },
): readonly NewDelivery[] {
  const late = fault === 'late_events' ? LATE_EVENT_MS : 0
  const overtaken = fault === 'out_of_order_events' && !isFinal ? OVERTAKEN_MS : 0
  const delivery = {
    ...event,
    id: event.body.id,
    dueAtMs: nowMs + late + overtaken,
    createdAtMs: nowMs,
  }
  return fault === 'duplicate_events'
    ? [delivery, { ...delivery, id: `${delivery.id}.again` }]
    : [delivery]
}

function paymentEvent(payment: Payment, { source, nowMs }: NewsFacts): PaymentEvent | undefined {
  const { id: paymentId, status, description, denialReason, paidAtMs } = payment
  const news = {
    id: `${paymentId}.${status}`,
    source,
    time: new Date(nowMs).toISOString(),
    paymentId,
    description,
  }
  switch (status) {
    case 'processing':
      return undefined
    case 'pending_validation':
      return paymentPendingValidation(news)
    case 'reserved':
      return paymentReserved(news)
    case 'succeeded':
      return paymentCompleted({ ...news, paymentDate: new Date(paidAtMs ?? nowMs).toISOString() })
    case 'cancelled':
      return paymentCancelled(news)
    case 'denied':
      return paymentDenied(denialReason === null ? news : { ...news, denialReason })
  }
}

function refundEvents(refund: Refund, { source, nowMs }: NewsFacts): readonly RefundEvent[] {
  const { id: refundId, paymentId, status, mode, denialReason, refundedAtMs } = refund
  const news = (name: string) => ({
    id: `${refundId}.${name}`,
    source,
    time: new Date(nowMs).toISOString(),
    paymentId,
    refundId,
    description: refund.reason ?? refund.referenceCode,
  })
  if (status === 'processing') return []
  if (status === 'denied') {
    const reason = denialReason === null ? {} : { denialReason }
    return [refundDenied({ ...news('denied'), ...reason })]
  }
  const refundDate = new Date(refundedAtMs ?? nowMs).toISOString()
  const completed = refundCompleted({ ...news('completed'), refundDate })
  return mode === 'bill_credit' ? [refundInBill(news('in-bill')), completed] : [completed]
}
