import type { Outcome } from './outcome.ts'
import { JeonProblem } from './problem.ts'
import { type Fields, isFields, optionalText } from './reader.ts'
import { type Payment, paymentOf } from './shapes.ts'

/**
 * What became of a payment. Beside the three of {@link Outcome} there is a fourth: a payment that goes onto a phone bill
 * as one charge may wait for its payer, who confirms it by a code or on the carrier's page. Nothing is paid yet then:
 * deliver nothing, and ask `resolve(id)` later.
 */
export type PaymentOutcome = Outcome<Payment> | PendingPayment

export interface PendingPayment {
  readonly status: 'pending'
  readonly id: string
  /**
   * How the payer confirms it: `code` is given to `validate(id, code)`, `url` is opened by the payer. Undefined: the carrier is
   * still at work.
   */
  readonly validation: { readonly by: 'code' | 'url'; readonly url: string | undefined } | undefined
}

/** A payment that is not one yet, or never will be. */
export interface Waiting {
  readonly waiting: 'processing' | 'pending_validation' | 'declined'
  readonly fields: Fields
}

/** Reads a payment, or where it stands with its carrier. */
export function paymentOrWaitingOf(json: unknown): Payment | Waiting {
  if (!isFields(json)) return paymentOf(json)
  const { status } = json
  if (status === 'processing' || status === 'pending_validation' || status === 'declined') {
    return { waiting: status, fields: json }
  }
  return paymentOf(json)
}

/** The outcome for the caller. */
export function paymentOutcomeOf(id: string, outcome: Outcome<Payment | Waiting>): PaymentOutcome {
  if (outcome.status !== 'accepted') return outcome
  const { value, replayed } = outcome
  if (!('waiting' in value)) return { status: 'accepted', value, replayed }
  if (value.waiting === 'declined') return { status: 'refused', problem: declinedBy(value.fields) }
  return { status: 'pending', id, validation: validationOf(value.fields) }
}

/** The payment, where only a payment will do. */
export function paymentOnly(value: Payment | Waiting): Payment {
  if (!('waiting' in value)) return value
  if (value.waiting === 'declined') throw declinedBy(value.fields)
  throw new JeonProblem(409, {
    code: 'payment_pending',
    title: 'The payment waits for its payer or its carrier.',
    retryable: true,
    hint: 'Ask for its outcome with payments.resolve(id).',
    fields: value.fields,
  })
}

function validationOf(fields: Fields): PendingPayment['validation'] {
  const { validation } = fields
  if (!isFields(validation)) return undefined
  const { by } = validation
  if (by !== 'code' && by !== 'url') return undefined
  return { by, url: optionalText(validation, 'url') }
}

function declinedBy(fields: Fields): JeonProblem {
  const reason = isFields(fields.reason) ? fields.reason : {}
  return new JeonProblem(402, {
    code: 'carrier_declined',
    title: 'The carrier declined the payment.',
    detail: optionalText(reason, 'text'),
    retryable: false,
    reason,
  })
}
