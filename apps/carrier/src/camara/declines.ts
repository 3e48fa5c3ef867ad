import type { DeclineReason } from '../model.ts'
import { reasonText } from '../payments/reasons.ts'
import type { Refusal } from './refusal.ts'
import { refusal } from './statuses.ts'

/** A limit of the owner or of the market is used up: less may still go through, now or after its reset. */
const thresholds: readonly DeclineReason[] = [
  'day_limit',
  'month_limit',
  'person_limit',
  'category_limit',
  'merchant_limit',
  'product_limit',
  'unconfirmed_limit',
]

/** The amount alone is too much, or cannot be billed. */
const amounts: readonly DeclineReason[] = ['transaction_limit', 'amount_not_a_step']

/**
 * A declined purchase in CAMARA's words. Its bodies are closed, so the reason stands at the front of `message` in
 * brackets for programs, and after it for people: `[month_limit] This month's limit …`.
 *
 * - used up limits: 422 `CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED`
 * - an amount that never goes through: 422 `CARRIER_BILLING.UNAUTHORIZED_AMOUNT`
 * - everything else: 403 `CARRIER_BILLING.PAYMENT_DENIED`
 */
export function declined(reason: DeclineReason, detail: Readonly<Record<string, string>>): Refusal {
  const message = declineMessage(reason, detail)
  if (thresholds.includes(reason)) {
    return refusal('CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED', message)
  }
  if (amounts.includes(reason)) return refusal('CARRIER_BILLING.UNAUTHORIZED_AMOUNT', message)
  return refusal('CARRIER_BILLING.PAYMENT_DENIED', message)
}

/** At confirmation the definition knows no amounts any more: every refusal is 403. */
export function declinedAtConfirmation(
  reason: DeclineReason,
  detail: Readonly<Record<string, string>>,
): Refusal {
  return refusal('CARRIER_BILLING.PAYMENT_DENIED', declineMessage(reason, detail))
}

function declineMessage(reason: DeclineReason, detail: Readonly<Record<string, string>>): string {
  return `[${reason}] ${reasonText(reason, detail, 'en').text}`
}
