/** What a carrier tells a sink about a refund, and what that does to the status that is known. */
import { z } from 'zod'
import type { RefundStatus } from './carrier-billing-refund.ts'
import { type EventOutcome, eventEnvelope, parseEvent } from './cloud-event.ts'
import type { StatusOutcome } from './payment-events.ts'
import { dateTime } from './wire.ts'

/** The event types of Carrier Billing Refund 0.3.0. */
export const refundEventTypes = [
  'org.camaraproject.carrier-billing-refund.v0.refund-completed',
  'org.camaraproject.carrier-billing-refund.v0.refund-denied',
  'org.camaraproject.carrier-billing-refund.v0.refund-in-bill',
] as const
export type RefundEventType = (typeof refundEventTypes)[number]

const data = {
  paymentId: z.string(),
  refundId: z.string(),
  status: z.enum(['succeeded', 'failed']),
  description: z.string(),
}

const refundEvent = z.discriminatedUnion('type', [
  z.object({
    ...eventEnvelope,
    type: z.literal('org.camaraproject.carrier-billing-refund.v0.refund-completed'),
    data: z.object({ ...data, refundDate: dateTime }),
  }),
  z.object({
    ...eventEnvelope,
    type: z.literal('org.camaraproject.carrier-billing-refund.v0.refund-denied'),
    data: z.object({ ...data, denialReason: z.string().optional() }),
  }),
  z.object({
    ...eventEnvelope,
    type: z.literal('org.camaraproject.carrier-billing-refund.v0.refund-in-bill'),
    data: z.object(data),
  }),
])
export type RefundEvent = z.infer<typeof refundEvent>

/** Reads a refund event that came to a sink; `data` is required, since an event without it says nothing. */
export function parseRefundEvent(json: unknown): EventOutcome<RefundEvent> {
  return parseEvent(refundEvent, json)
}

/**
 * The refund status that an event reports; `undefined` for one that reports none: `refund-in-bill` says where the
 * money will be credited, on a coming bill, and may come before or after the completion.
 */
export function statusOfRefundEvent(event: Pick<RefundEvent, 'type'>): RefundStatus | undefined {
  if (event.type.endsWith('.refund-completed')) return 'succeeded'
  return event.type.endsWith('.refund-denied') ? 'denied' : undefined
}

/** Moves a refund's status forward and never back, whatever order the news arrives in. */
export function applyRefundStatus(
  current: RefundStatus,
  incoming: RefundStatus,
): StatusOutcome<RefundStatus> {
  if (current === incoming) return { outcome: 'stale', status: current }
  if (current === 'processing') return { outcome: 'moved', status: incoming }
  return { outcome: incoming === 'processing' ? 'stale' : 'conflict', status: current }
}

/** What the carrier knows when it makes an event. */
export interface RefundNews {
  /** Unique with `source`; the same for every delivery of this event. */
  readonly id: string
  readonly source: string
  /** RFC 3339 with its zone. */
  readonly time: string
  readonly paymentId: string
  readonly refundId: string
  readonly description: string
}

type EventOf<Type extends RefundEventType> = Extract<RefundEvent, { type: Type }>

/** The event that a refund was done at `refundDate` (RFC 3339). */
export function refundCompleted(
  news: RefundNews & { readonly refundDate: string },
): EventOf<'org.camaraproject.carrier-billing-refund.v0.refund-completed'> {
  const type = 'org.camaraproject.carrier-billing-refund.v0.refund-completed'
  const { refundDate } = news
  return { ...envelope(news), type, data: { ...basics(news, 'succeeded'), refundDate } }
}

/** The event that a refund was refused. */
export function refundDenied(
  news: RefundNews & { readonly denialReason?: string },
): EventOf<'org.camaraproject.carrier-billing-refund.v0.refund-denied'> {
  const type = 'org.camaraproject.carrier-billing-refund.v0.refund-denied'
  const reason = news.denialReason === undefined ? {} : { denialReason: news.denialReason }
  return { ...envelope(news), type, data: { ...basics(news, 'failed'), ...reason } }
}

/** The event that a refund will be credited on a coming bill. */
export function refundInBill(
  news: RefundNews,
): EventOf<'org.camaraproject.carrier-billing-refund.v0.refund-in-bill'> {
  const type = 'org.camaraproject.carrier-billing-refund.v0.refund-in-bill'
  return { ...envelope(news), type, data: basics(news, 'succeeded') }
}

function envelope({ id, source, time }: RefundNews) {
  const specversion = '1.0' as const
  const datacontenttype = 'application/json' as const
  return { id, source, specversion, datacontenttype, time }
}

function basics<Status extends 'succeeded' | 'failed'>(news: RefundNews, status: Status) {
  const { paymentId, refundId, description } = news
  return { paymentId, refundId, status, description }
}
