import type { HistoryEntry } from '@jeon/sdk/payer'
import type { MessageKey } from './messages.ts'

/** One line of the history, ready to be shown. */
export interface Entry {
  readonly id: string
  readonly kind: string
  /** What it was for, where the platform knows. */
  readonly title: string | undefined
  readonly label: MessageKey
  readonly merchant: string | undefined
  readonly amount: string
  readonly currency: string
  readonly refunded: string
  readonly createdAt: string
  /** Whether the money came in. */
  readonly isIncoming: boolean
}

/** How long a payer may take a payment back; the server allows a little more. */
export const undoMs = 14_000

export function entryOf(history: HistoryEntry): Entry {
  const { fields, id, kind, amount, createdAt } = history
  const text = (name: string) => {
    const field = fields[name]
    return typeof field === 'string' && field !== '' ? field : undefined
  }
  const { refunded } = fields
  const back =
    typeof refunded === 'object' && refunded !== null && 'amount' in refunded
      ? refunded.amount
      : undefined
  return {
    id,
    kind,
    title: text('offer_title') ?? text('reference') ?? text('offer'),
    label: labelOf(kind, text('event')),
    merchant: text('merchant_name'),
    amount: amount.amount,
    currency: amount.currency,
    refunded: typeof back === 'string' ? back : '0',
    createdAt,
    isIncoming: kind === 'refund' || kind === 'topup',
  }
}

/** What of a payment can still be taken back, in milliseconds; 0 when it is too late, or nothing is left. */
export function undoLeftMs(entry: Entry, nowMs: number): number {
  if (entry.kind !== 'payment' || entry.refunded !== '0') return 0
  return Math.max(0, Math.min(undoMs, Date.parse(entry.createdAt) + undoMs - nowMs))
}

/** The newest page put before what is known already. An entry that changed is replaced where it stands. */
export function mergeEntries<E extends { readonly id: string }>(
  known: readonly E[],
  newest: readonly E[],
): readonly E[] {
  const fresh = new Map(newest.map((entry) => [entry.id, entry]))
  return [...newest, ...known.filter(({ id }) => !fresh.has(id))]
}

function labelOf(kind: string, event: string | undefined): MessageKey {
  switch (kind) {
    case 'payment':
      return 'history_payment_label'
    case 'refund':
      return 'history_refund_label'
    case 'topup':
      return 'history_topup_label'
    case 'hold':
      return event === 'created' || event === undefined
        ? 'history_hold_created_label'
        : 'history_hold_ended_label'
    default:
      return 'history_movement_label'
  }
}
