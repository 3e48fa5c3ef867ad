import type { Cycle } from '@jeon/billing'
import type {
  Attempt,
  CarrierId,
  DeclineReason,
  Payment,
  PaymentOrder,
  PaymentStatus,
} from '../model.ts'
import type { Writing } from '../writing.ts'

/** How long a reservation waits for its confirmation, in milliseconds, where the carrier does not say otherwise. */
export const RESERVATION_MS = 10 * 60_000

/** The longest that it may wait: the ledger lets go of what is held an hour later. */
export const RESERVATION_MAX_MS = 60 * 60_000

/** The market or the owner says no. Nothing happened, and the correlator stays free. */
export interface Declined {
  readonly ok: false
  readonly code: 'declined'
  readonly reason: DeclineReason
  /** What replaces `{name}` in the texts: amounts in decimal currency units, times RFC 3339. */
  readonly detail: Readonly<Record<string, string>>
}

/**
 * declined           see {@link Declined}
 * correlator_used    this client has sent the correlator before, with this payment
 * reference_used     no correlator, and this client has sent the reference before
 * line_not_found     there is no such line at this carrier
 * currency_mismatch  the market bills in another currency
 * unavailable        the database is away; it is certain that nothing was charged
 * unknown_outcome    the database did not say whether it was charged; ask `find` later, never send it under another key
 */
export type OrderRefusal =
  | Declined
  | { readonly ok: false; readonly code: 'correlator_used'; readonly payment: Payment }
  | { readonly ok: false; readonly code: 'reference_used' }
  | { readonly ok: false; readonly code: 'line_not_found' }
  | { readonly ok: false; readonly code: 'currency_mismatch'; readonly currency: string }
  | { readonly ok: false; readonly code: 'unavailable' }
  | { readonly ok: false; readonly code: 'unknown_outcome'; readonly paymentId: string }

/**
 * A payment that was made or prepared. When its status is `pending_validation`, `payment.validation` says by what
 * (`code`, `url`) and `payment.authorizationId` names the validation.
 */
export type OrderOutcome = { readonly ok: true; readonly payment: Payment } | OrderRefusal

/**
 * not_found            there is no such payment
 * wrong_status         it is in a status that does not allow it; `payment` shows which
 * wrong_authorization  the authorization id is not this payment's
 * not_accepted         the code was wrong; more attempts are left
 * validation_failed    the attempts are used up, or the payer refused: the payment is denied now
 * declined             refused at confirmation: the payment is denied now
 * expired              its time is over: it is cancelled now
 * unavailable, unknown_outcome   as for an order; repeating the same call is safe
 */
export type StepRefusal =
  | { readonly ok: false; readonly code: 'not_found' }
  | { readonly ok: false; readonly code: 'wrong_status'; readonly payment: Payment }
  | { readonly ok: false; readonly code: 'wrong_authorization'; readonly payment: Payment }
  | {
      readonly ok: false
      readonly code: 'not_accepted'
      readonly payment: Payment
      readonly attemptsLeft: number
    }
  | { readonly ok: false; readonly code: 'validation_failed'; readonly payment: Payment }
  | {
      readonly ok: false
      readonly code: 'declined'
      readonly payment: Payment
      readonly reason: DeclineReason
      readonly detail: Readonly<Record<string, string>>
    }
  | { readonly ok: false; readonly code: 'expired'; readonly payment: Payment }
  | { readonly ok: false; readonly code: 'unavailable' }
  | { readonly ok: false; readonly code: 'unknown_outcome' }

export type StepOutcome = { readonly ok: true; readonly payment: Payment } | StepRefusal

/** An answer to a request for validation. `accepted`: the code (kept elsewhere) was right. */
export interface ValidationAnswer {
  readonly authorizationId: string
  readonly accepted: boolean
}

export interface PaymentFilter {
  readonly carrier: CarrierId
  readonly clientId: string
  readonly lineId?: string
  /** Created at or after, Unix milliseconds. */
  readonly fromMs?: number
  /** Created at or before. */
  readonly toMs?: number
  readonly status?: readonly PaymentStatus[]
  readonly merchantId?: string
  readonly order: 'asc' | 'desc'
  /** From 1. */
  readonly page: number
  readonly perPage: number
}

export interface PaymentPage {
  readonly payments: readonly Payment[]
  /** Of all pages. */
  readonly total: number
}

/** A page of a line's history, newest first. */
export interface LinePage {
  readonly cycle?: Cycle
  /** Only what is older than this, Unix milliseconds. */
  readonly beforeMs?: number
  readonly limit: number
}

export type PaymentListener = (payment: Payment) => void

/** What has to be written with new states of payments, all of it or none; undefined: nothing. */
export type PaymentHook = (payments: readonly Payment[]) => Promise<Writing | undefined>

/** Purchases on lines. Never throws for what a client did; throws when the database is away and a read was asked for. */
export interface Payments {
  /** One step: succeeded, or nothing. */
  create(order: PaymentOrder): Promise<OrderOutcome>
  /** Two steps: `reserved`, or `pending_validation` when the payer still has to show something. */
  prepare(order: PaymentOrder): Promise<OrderOutcome>
  /** Keeps the order as `processing`, one step or two as it says; `complete` decides it. */
  accept(order: PaymentOrder): Promise<OrderOutcome>
  /** Decides a payment that was accepted; its status afterwards says how. Repeating it is safe. */
  complete(paymentId: string): Promise<StepOutcome>
  validate(paymentId: string, answer: ValidationAnswer): Promise<StepOutcome>
  /** The payer's answer on the carrier's own page. */
  validateByUrl(paymentId: string, accepted: boolean): Promise<StepOutcome>
  confirm(paymentId: string): Promise<StepOutcome>
  cancel(paymentId: string): Promise<StepOutcome>
  /** Refuses a payment that is not terminal; what it reserved is free again. */
  deny(paymentId: string, reason: DeclineReason): Promise<StepOutcome>
  find(paymentId: string): Promise<Payment | undefined>
  list(filter: PaymentFilter): Promise<PaymentPage>
  ofLine(lineId: string, page: LinePage): Promise<readonly Payment[]>
  attempts(lineId: string, page: LinePage): Promise<readonly Attempt[]>
  /** Cancels reservations whose time is over. @returns how many */
  expire(nowMs: number): Promise<number>
  /** When the next reservation expires, Unix milliseconds. */
  nextExpiryAt(): Promise<number | undefined>
  /** Settles what a crash or a silent database left open: run at start, before the first order. @returns how many */
  resolve(): Promise<number>
  /** Tells of every new state of a payment after it is durable. Returns how to stop. */
  onChanged(listener: PaymentListener): () => void
  /** For what must never be lost: it is written with the new states. One that throws keeps them from being written. */
  onChanging(hook: PaymentHook): void
}
