import { createBatch, type PaymentBatch } from './batch.ts'
import { isId, newPaymentId, newRefundId } from './ids.ts'
import type { Outcome } from './outcome.ts'
import { type PageOptions, walkPages } from './pages.ts'
import { JeonProblem } from './problem.ts'
import { fieldsOf, textOf } from './reader.ts'
import {
  type HistoryEntry,
  historyEntryOf,
  type Money,
  type Payment,
  type Refund,
  refundOf,
} from './shapes.ts'
import { moveUntilKnown, type Transport } from './transport.ts'
import {
  type PaymentOutcome,
  paymentOnly,
  paymentOrWaitingOf,
  paymentOutcomeOf,
} from './waiting.ts'

/** What is paid: an offer's price, or an amount. */
export type PaymentTarget =
  | { readonly offer: string; readonly money?: never }
  | { readonly money: Money; readonly offer?: never }

export type NewPayment = PaymentTarget & {
  /** Made by {@link newPaymentId} and stored before sending. (Default: made here, and found in the outcome.) */
  readonly id?: string
  /** The payer's wallet; a wallet's own token needs none. */
  readonly wallet?: string
  /** Whose offer it is; a merchant's own key needs none. */
  readonly merchant?: string
  /** The merchant's own word for what this is about. */
  readonly reference?: string
  readonly category?: string
}

export interface NewRefund {
  /** Made by {@link newRefundId}; sent again under the same id it happens once. (Default: made here.) */
  readonly id?: string
  /** Decimal string in the payment's currency. (Default: all that is left of it.) */
  readonly amount?: string
}

export interface Payments {
  /**
   * Pays. When the answer is lost the payment is looked up by its id and, not found, sent again under that same id; what
   * is still not known then is `unknown`, and {@link Payments.resolve} asks again. `pending`: it waits for its payer.
   */
  create(payment: NewPayment): Promise<PaymentOutcome>
  /**
   * What became of a payment whose outcome was unknown or pending. `unknown` again when the server cannot be asked, or has not seen
   * it (yet): then send it again under the same id.
   */
  resolve(id: string): Promise<PaymentOutcome>
  /** Gives the code that the payer got for a pending payment. `refused` with `validation_code_wrong`: try again. */
  validate(id: string, code: string): Promise<PaymentOutcome>
  /** @throws `JeonProblem` `payment_not_found`, `payment_pending`, `carrier_declined`; `JeonUnreachable` */
  get(id: string): Promise<Payment>
  /**
   * A fresh receipt of a payment; the payment itself carries one only when its offer unlocks something.
   *
   * @throws `JeonProblem` `payment_not_found`, also when all of it was refunded; `JeonUnreachable`
   */
  receipt(id: string): Promise<string>
  /** Gives back all or part of a payment. */
  refund(id: string, refund?: NewRefund): Promise<Outcome<Refund>>
  /** Many payments, each with an outcome of its own. */
  readonly batch: PaymentBatch
  /** The merchant's history, newest first. */
  list(options?: PageOptions): AsyncGenerator<HistoryEntry, void, void>
}

export function createPayments(transport: Transport): Payments {
  const pathOf = (id: string) => `/v1/payments/${encodeURIComponent(id)}`
  const get = async (id: string): Promise<Payment> =>
    paymentOnly(await transport.ask({ method: 'GET', path: pathOf(id) }, paymentOrWaitingOf))

  const find = async (id: string) => {
    try {
      // As the answer would have been that was lost: with its receipt.
      return await transport.ask(
        { method: 'GET', path: `${pathOf(id)}?receipt=true` },
        paymentOrWaitingOf,
      )
    } catch (error) {
      if (error instanceof JeonProblem && error.status === 404) return undefined
      throw error
    }
  }

  return {
    get,
    create(payment) {
      const id = checkedId('pay', payment.id ?? newPaymentId())
      const call = { method: 'POST', path: '/v1/payments', body: paymentBody(payment) } as const
      return moveUntilKnown(
        transport,
        () => transport.move(call, id, paymentOrWaitingOf),
        () => find(id),
      ).then((outcome) => paymentOutcomeOf(id, outcome))
    },
    async resolve(id) {
      const call = { method: 'GET', path: `${pathOf(id)}?receipt=true` } as const
      const moved = await transport.move(call, id, paymentOrWaitingOf)
      const outcome = paymentOutcomeOf(id, moved)
      if (outcome.status === 'accepted') return { ...outcome, replayed: true }
      if (outcome.status === 'refused' && outcome.problem.code === 'payment_not_found') {
        return { status: 'unknown', id, reason: 'not_seen' }
      }
      return outcome
    },
    async validate(id, code) {
      const call = { method: 'POST', path: `${pathOf(id)}/validation`, body: { code } } as const
      return paymentOutcomeOf(id, await transport.move(call, id, paymentOrWaitingOf))
    },
    receipt: (id) =>
      transport.ask({ method: 'GET', path: `${pathOf(id)}/receipt` }, (json) =>
        textOf(fieldsOf(json, 'receipt'), 'receipt'),
      ),
    refund(id, refund) {
      const key = checkedId('rfd', refund?.id ?? newRefundId())
      const call = {
        method: 'POST',
        path: `${pathOf(id)}/refund`,
        body: refund?.amount === undefined ? {} : { amount: refund.amount },
      } as const
      return moveUntilKnown(transport, () => transport.move(call, key, refundOf), undefined)
    },
    batch: createBatch(transport),
    list: (options) => walkPages(transport, '/v1/merchant/payments', historyEntryOf, options),
  }
}

/** The part of a request's body that says what is paid and by whom. */
export function paymentBody(payment: NewPayment): Readonly<Record<string, string>> {
  const body: Record<string, string> = {}
  if (payment.wallet !== undefined) body.wallet = payment.wallet
  if (payment.merchant !== undefined) body.merchant = payment.merchant
  if (payment.offer !== undefined) body.offer = payment.offer
  if (payment.money !== undefined) {
    body.amount = payment.money.amount
    body.currency = payment.money.currency
  }
  if (payment.reference !== undefined) body.reference = payment.reference
  if (payment.category !== undefined) body.category = payment.category
  return body
}

/** @throws TypeError: a malformed id is a bug of the caller and must not reach the server as a mere key */
export function checkedId(prefix: string, id: string): string {
  if (isId(prefix, id)) return id
  throw new TypeError(`${JSON.stringify(id).slice(0, 60)} is not a ${prefix}_ id`)
}
