import { bucketOf } from '@jeon/billing'
import type { CareEntry, CareHistory } from '@jeon/camara'
import type pg from 'pg'
import type { z } from 'zod'
import type { Core } from '../core.ts'
import type { Attempt, Payment, Refund } from '../model.ts'
import { reasonText } from '../payments/reasons.ts'
import { type Caller, type CareCall, type CareEndpoint, careEndpoint } from './endpoint.ts'
import { type PaymentFacts, paymentFacts } from './history-facts.ts'
import { historyQuery } from './inputs.ts'
import { amountText, timeText } from './view.ts'

export interface HistoryParts {
  readonly core: Core
  readonly pool: pg.Pool
}

/** What was bought, declined and given back. */
export function createHistoryEndpoints(parts: HistoryParts): CareEndpoint[] {
  return [
    careEndpoint({
      method: 'GET',
      path: '/history',
      summary: 'What was bought, declined and given back, newest first',
      query: historyQuery,
      reply: 'history',
      handle: (call) => historyOf(parts, call),
    }),
  ]
}

type Found =
  | { readonly kind: 'payment'; readonly atMs: number; readonly of: Payment }
  | { readonly kind: 'declined'; readonly atMs: number; readonly of: Attempt }
  | { readonly kind: 'refund'; readonly atMs: number; readonly of: Refund }

/** Entries of one millisecond that a page may begin in the middle of. */
const sameTimeMax = 50

async function historyOf(
  parts: HistoryParts,
  call: CareCall<z.output<typeof historyQuery>, unknown>,
): Promise<CareHistory> {
  const { query, line } = call
  const before = query.before === undefined ? undefined : cursorOf(query.before)
  const page = {
    limit: query.limit + 1 + (before === undefined ? 0 : sameTimeMax),
    // The cursor's own millisecond is read again: others may share it.
    ...(before === undefined ? {} : { beforeMs: before.atMs + 1 }),
    ...(query.cycle === undefined ? {} : { cycle: query.cycle }),
  }
  const { payments, refunds } = parts.core
  const [bought, declined, returned] = await Promise.all([
    payments.ofLine(line.id, page),
    payments.attempts(line.id, page),
    refunds.ofLine(line.id, page),
  ])
  const found: Found[] = [
    ...bought.map((of) => ({ kind: 'payment' as const, atMs: of.createdAtMs, of })),
    ...declined.map((of) => ({ kind: 'declined' as const, atMs: of.atMs, of })),
    ...returned.map((of) => ({ kind: 'refund' as const, atMs: of.createdAtMs, of })),
  ]
  const older = found
    .sort(newestFirst)
    .filter(({ atMs, of }) => before === undefined || isBefore({ atMs, id: of.id }, before))
  const shown = older.slice(0, query.limit)
  const last = shown.at(-1)
  return {
    entries: await entriesOf(parts, call, shown),
    next: older.length > shown.length && last !== undefined ? `${last.atMs}.${last.of.id}` : null,
  }
}

interface Cursor {
  readonly atMs: number
  readonly id: string
}

function cursorOf(text: string): Cursor {
  const dot = text.indexOf('.')
  return { atMs: Number(text.slice(0, dot)), id: text.slice(dot + 1) }
}

function isBefore(one: Cursor, other: Cursor): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.id < other.id)
}

function newestFirst(one: Found, other: Found): number {
  const isOlder = isBefore({ atMs: one.atMs, id: one.of.id }, { atMs: other.atMs, id: other.of.id })
  return isOlder ? 1 : -1
}

async function entriesOf(
  { core, pool }: HistoryParts,
  call: Caller,
  shown: readonly Found[],
): Promise<CareEntry[]> {
  const paid = new Map<string, Payment>()
  for (const { kind, of } of shown) {
    if (kind === 'payment') paid.set(of.id, of)
    if (kind !== 'refund' || paid.has(of.paymentId)) continue
    const payment = await core.payments.find(of.paymentId)
    if (payment !== undefined) paid.set(payment.id, payment)
  }
  const facts = await paymentFacts(pool, [...paid.keys()])
  return shown.flatMap((found) => {
    if (found.kind === 'declined') return [declinedEntry(call, found.of)]
    if (found.kind === 'payment') return [paymentEntry(call, found.of, facts.get(found.of.id))]
    const payment = paid.get(found.of.paymentId)
    return payment === undefined ? [] : [refundEntry(call, found.of, payment)]
  })
}

function paymentEntry(call: Caller, payment: Payment, facts: PaymentFacts | undefined): CareEntry {
  const { carrier, language } = call
  const profile = carrier.profileOf(payment.profileVersion)
  const { id, currency, merchant, description, category, bucket, status, denialReason } = payment
  const isDisputable =
    status === 'succeeded' && payment.refunded < payment.amount && facts?.dispute?.state !== 'open'
  return {
    ...{ id, kind: 'payment', currency, merchant, description, category, bucket, status },
    at: timeText(payment.createdAtMs),
    amount: amountText(profile, payment.amount),
    items: payment.items.map((item) => ({
      description: item.description,
      amount: amountText(profile, item.amount),
    })),
    reason: denialReason === null ? null : reasonView(denialReason, {}, language),
    refunded: amountText(profile, payment.refunded),
    bill_cycle: facts?.billCycle ?? null,
    dispute: facts?.dispute ?? null,
    can_dispute: isDisputable,
  }
}

function declinedEntry({ profile, language }: Caller, attempt: Attempt): CareEntry {
  const { id, currency, merchant, description, category, reason, detail } = attempt
  return {
    ...{ id, kind: 'declined', currency, merchant, description, category, status: 'denied' },
    at: timeText(attempt.atMs),
    amount: amountText(profile, attempt.amount),
    items: [],
    bucket: bucketOf(profile, category),
    reason: reasonView(reason, detail, language),
    refunded: amountText(profile, 0n),
    bill_cycle: null,
    dispute: null,
    can_dispute: false,
  }
}

function refundEntry({ carrier }: Caller, refund: Refund, payment: Payment): CareEntry {
  const profile = carrier.profileOf(payment.profileVersion)
  const { currency, merchant, description, category, bucket } = payment
  return {
    ...{ id: refund.id, kind: 'refund', currency, merchant, description, category, bucket },
    status: refund.status,
    at: timeText(refund.createdAtMs),
    amount: amountText(profile, refund.amount),
    items: [],
    reason: null,
    refunded: amountText(profile, 0n),
    bill_cycle: null,
    dispute: null,
    can_dispute: false,
  }
}

function reasonView(
  code: Attempt['reason'],
  detail: Attempt['detail'],
  language: Caller['language'],
): NonNullable<CareEntry['reason']> {
  const { text, remedy } = reasonText(code, detail, language)
  return { code, text, remedy }
}
