/** What a carrier tells a sink about a payment, and what that does to the status that is known. */
import { z } from 'zod'
import type { PaymentStatus } from './carrier-billing.ts'
import { type EventOutcome, eventEnvelope, parseEvent } from './cloud-event.ts'
import { dateTime } from './wire.ts'

/** The event types of Carrier Billing 0.5.0, and the status each reports. */
export const paymentEventTypes = {
  'org.camaraproject.carrier-billing.v0.payment-pending-validation': 'pending_validation',
  'org.camaraproject.carrier-billing.v0.payment-reserved': 'reserved',
  'org.camaraproject.carrier-billing.v0.payment-completed': 'succeeded',
  'org.camaraproject.carrier-billing.v0.payment-cancelled': 'cancelled',
  'org.camaraproject.carrier-billing.v0.payment-denied': 'denied',
} as const satisfies Record<string, PaymentStatus>
export type PaymentEventType = keyof typeof paymentEventTypes

const data = {
  paymentId: z.string(),
  /** Of the step that the event reports, not of the payment. */
  status: z.enum(['succeeded', 'failed']),
  description: z.string(),
}

const paymentEvent = z.discriminatedUnion('type', [
  z.object({
    ...eventEnvelope,
    type: z.literal('org.camaraproject.carrier-billing.v0.payment-pending-validation'),
    data: z.object(data),
  }),
  z.object({
    ...eventEnvelope,
    type: z.literal('org.camaraproject.carrier-billing.v0.payment-reserved'),
    data: z.object(data),
  }),
  z.object({
    ...eventEnvelope,
    type: z.literal('org.camaraproject.carrier-billing.v0.payment-completed'),
    data: z.object({ ...data, paymentDate: dateTime }),
  }),
  z.object({
    ...eventEnvelope,
    type: z.literal('org.camaraproject.carrier-billing.v0.payment-cancelled'),
    data: z.object(data),
  }),
  z.object({
    ...eventEnvelope,
    type: z.literal('org.camaraproject.carrier-billing.v0.payment-denied'),
    data: z.object({ ...data, denialReason: z.string().optional() }),
  }),
])
export type PaymentEvent = z.infer<typeof paymentEvent>

/** Reads a payment event that came to a sink; `data` is required, since an event without it says nothing. */
export function parsePaymentEvent(json: unknown): EventOutcome<PaymentEvent> {
  return parseEvent(paymentEvent, json)
}

/** The status of the payment that an event reports. */
export function statusOfPaymentEvent(event: Pick<PaymentEvent, 'type'>): PaymentStatus {
  return paymentEventTypes[event.type]
}

/** What {@link applyPaymentStatus} decided. */
export type StatusOutcome<Status> =
  | { readonly outcome: 'moved'; readonly status: Status }
  /** Nothing new: the same, or older than what is known. */
  | { readonly outcome: 'stale'; readonly status: Status }
  /** Two final statuses that cannot both be true: keep the known one and ask the carrier. */
  | { readonly outcome: 'conflict'; readonly status: Status }

/**
 * Moves a payment's status forward and never back, whatever order the news arrives in.
 *
 * @example
 * ```ts
 * applyPaymentStatus('reserved', 'pending_validation') // { outcome: 'stale', status: 'reserved' }
 * ```
 */
export function applyPaymentStatus(
  current: PaymentStatus,
  incoming: PaymentStatus,
): StatusOutcome<PaymentStatus> {
  if (current === incoming) return { outcome: 'stale', status: current }
  if (RANK[incoming] > RANK[current]) return { outcome: 'moved', status: incoming }
  const bothFinal = RANK[current] === FINAL && RANK[incoming] === FINAL
  return { outcome: bothFinal ? 'conflict' : 'stale', status: current }
}

/** Whether nothing more can happen to a payment. */
export function isFinalPaymentStatus(status: PaymentStatus): boolean {
  return RANK[status] === FINAL
}

const FINAL = 3
const RANK: Readonly<Record<PaymentStatus, number>> = {
  processing: 0,
  pending_validation: 1,
  reserved: 2,
  succeeded: FINAL,
  denied: FINAL,
  cancelled: FINAL,
}

/** What the carrier knows when it makes an event. */
export interface PaymentNews {
  /** Unique with `source`; the same for every delivery of this event. */
  readonly id: string
  readonly source: string
  /** RFC 3339 with its zone. */
  readonly time: string
  readonly paymentId: string
  readonly description: string
}

type EventOf<Type extends PaymentEventType> = Extract<PaymentEvent, { type: Type }>

/** The event that the payer must approve a prepared payment. */
export function paymentPendingValidation(
  news: PaymentNews,
): EventOf<'org.camaraproject.carrier-billing.v0.payment-pending-validation'> {
  const type = 'org.camaraproject.carrier-billing.v0.payment-pending-validation'
  return { ...envelope(news), type, data: basics(news, 'succeeded') }
}

/** The event that the amount of a prepared payment is reserved. */
export function paymentReserved(
  news: PaymentNews,
): EventOf<'org.camaraproject.carrier-billing.v0.payment-reserved'> {
  const type = 'org.camaraproject.carrier-billing.v0.payment-reserved'
  return { ...envelope(news), type, data: basics(news, 'succeeded') }
}

/** The event that a payment was charged at `paymentDate` (RFC 3339). */
export function paymentCompleted(
  news: PaymentNews & { readonly paymentDate: string },
): EventOf<'org.camaraproject.carrier-billing.v0.payment-completed'> {
  const type = 'org.camaraproject.carrier-billing.v0.payment-completed'
  const { paymentDate } = news
  return { ...envelope(news), type, data: { ...basics(news, 'succeeded'), paymentDate } }
}

/** The event that a prepared payment was cancelled, or expired, which CAMARA calls the same. */
export function paymentCancelled(
  news: PaymentNews,
): EventOf<'org.camaraproject.carrier-billing.v0.payment-cancelled'> {
  const type = 'org.camaraproject.carrier-billing.v0.payment-cancelled'
  return { ...envelope(news), type, data: basics(news, 'succeeded') }
}

/** The event that a payment was refused. */
export function paymentDenied(
  news: PaymentNews & { readonly denialReason?: string },
): EventOf<'org.camaraproject.carrier-billing.v0.payment-denied'> {
  const type = 'org.camaraproject.carrier-billing.v0.payment-denied'
  const reason = news.denialReason === undefined ? {} : { denialReason: news.denialReason }
  return { ...envelope(news), type, data: { ...basics(news, 'failed'), ...reason } }
}

function envelope({ id, source, time }: PaymentNews) {
  const specversion = '1.0' as const
  const datacontenttype = 'application/json' as const
  return { id, source, specversion, datacontenttype, time }
}

function basics<Status extends 'succeeded' | 'failed'>(news: PaymentNews, status: Status) {
  return { paymentId: news.paymentId, status, description: news.description }
}
