import { amountFromWire, type RefundResponse } from '@jeon/camara'
import type { Asset } from '@jeon/money'
import type { BreakKind } from './model.ts'
import type { BreakFound, OurRefund } from './reconciliation-store.ts'

/** What the carrier has for one payment. */
export interface TheirRefunds {
  readonly carrierPaymentId: string
  /** What the payment was, since a total refund names no amount. */
  readonly amount: bigint
  readonly refunds: readonly RefundResponse[]
}

/**
 * Our refunds of a day against the carrier's, payment by payment: CAMARA lists refunds in no other way, so that one which
 * the carrier made for a payment that we refunded nothing of shows only in that payment's amount. Pure.
 *
 * @param known - every refund of ours of those payments, of whatever day
 */
export function compareRefunds(
  ours: readonly OurRefund[],
  known: ReadonlySet<string>,
  theirs: readonly TheirRefunds[],
  asset: Asset,
): { readonly breaks: BreakFound[]; readonly matched: number; readonly open: number } {
  const breaks: BreakFound[] = []
  const byCorrelator = new Map<string, { refund: RefundResponse; amount: bigint | null }>()
  for (const { carrierPaymentId, amount, refunds } of theirs) {
    for (const refund of refunds) {
      const correlator = refund.amountTransaction.clientCorrelator ?? ''
      const seen = { refund, amount: amountOf(refund, amount, asset) }
      if (known.has(correlator)) byCorrelator.set(correlator, seen)
      else if (isGiven(refund)) {
        breaks.push(found('missing_here', undefined, seen, carrierPaymentId))
      }
    }
  }
  let [matched, open] = [0, 0]
  for (const own of ours) {
    const seen = byCorrelator.get(own.id)
    const isThere = seen !== undefined && isGiven(seen.refund)
    if (own.endedAtMs === null) open += 1
    else if (own.paid && seen === undefined) breaks.push(found('missing_there', own, seen))
    else if (own.paid !== isThere) breaks.push(found('status', own, seen))
    else if (isThere && seen.amount !== own.amount) breaks.push(found('amount', own, seen))
    else matched += 1
  }
  return { breaks, matched, open }
}

function isGiven({ refundStatus }: RefundResponse): boolean {
  return refundStatus === 'succeeded'
}

function amountOf(refund: RefundResponse, whole: bigint, asset: Asset): bigint | null {
  if (refund.type === 'total') return whole
  const { amount, currency } = refund.amountTransaction.refundAmount.chargingInformation
  const read = amountFromWire(amount, asset)
  return currency === asset.code && read.ok ? read.amount : null
}

function found(
  kind: BreakKind,
  own: OurRefund | undefined,
  seen: { readonly refund: RefundResponse; readonly amount: bigint | null } | undefined,
  carrierPaymentId = own?.carrierPaymentId ?? '',
): BreakFound {
  return {
    kind,
    subject: `refund ${own?.id ?? seen?.refund.refundId ?? ''}`,
    ourId: own?.id ?? null,
    carrierPaymentId,
    ourAmount: own?.amount ?? null,
    theirAmount: seen?.amount ?? null,
    ourStatus: own === undefined ? null : `refund ${own.state}`,
    theirStatus: seen === undefined ? null : `refund ${seen.refund.refundStatus}`,
  }
}
