import type { Caller, CallOptions } from './call.ts'
import {
  refundApi as api,
  type CreateRefundBody,
  type RefundResponse,
  type RefundsQuery,
  refundsQuery,
} from './carrier-billing-refund.ts'
import type { Outcome } from './outcome.ts'
import { collectPages, type NotComplete, type Page, PER_PAGE_DEFAULT, readPages } from './pages.ts'
import { pageOf, searchFor } from './search.ts'

/** What {@link RefundsClient.findByCorrelator} found; `absent` holds for the moment it was asked. */
export type RefundCorrelatorOutcome =
  | {
      readonly outcome: 'found'
      readonly refund: RefundResponse
      /** More refunds under the same correlator, which no carrier should have. */
      readonly duplicates: readonly RefundResponse[]
    }
  | { readonly outcome: 'absent' }
  | NotComplete

/** The four operations of Carrier Billing Refund, and two ways to read its list. */
export function createRefundsClient(call: Caller) {
  const { operations } = api

  async function retrieveRefunds(
    paymentId: string,
    query: RefundsQuery = {},
    options: CallOptions = {},
  ): Promise<Outcome<Page<RefundResponse>>> {
    const operation = operations.retrieveRefunds
    const search = searchFor(refundsQuery, query, options)
    if (!search.ok) return search.outcome
    const parameters = { paymentId }
    const read = operation.response
    return pageOf(await call({ api, operation, read, parameters, search: search.search, options }))
  }

  function listRefunds(paymentId: string, { correlator: _, ...options }: CallOptions = {}) {
    const query: RefundsQuery = { perPage: PER_PAGE_DEFAULT, order: 'asc' }
    return readPages(
      (page) => retrieveRefunds(paymentId, { ...query, page }, options),
      (refund) => refund.refundId,
    )
  }

  return {
    createRefund: async (paymentId: string, body: CreateRefundBody, options: CallOptions = {}) => {
      const operation = operations.createRefund
      const parameters = { paymentId }
      const read = operation.response
      return (await call({ api, operation, read, parameters, body, options })).outcome
    },

    retrieveRefund: async (paymentId: string, refundId: string, options: CallOptions = {}) => {
      const operation = operations.retrieveRefund
      const parameters = { paymentId, refundId }
      return (await call({ api, operation, read: operation.response, parameters, options })).outcome
    },

    /** What of a payment may still be refunded. */
    retrievePaymentRemainingAmount: async (paymentId: string, options: CallOptions = {}) => {
      const operation = operations.retrievePaymentRemainingAmount
      const parameters = { paymentId }
      return (await call({ api, operation, read: operation.response, parameters, options })).outcome
    },

    retrieveRefunds,

    /** Page after page of a payment's refunds, oldest first; see {@link readPages} for how it ends. */
    listRefunds,

    /** The refund of a payment that was sent under a client's correlator. */
    findByCorrelator: async (
      paymentId: string,
      clientCorrelator: string,
      options: CallOptions = {},
    ): Promise<RefundCorrelatorOutcome> => {
      const list = await collectPages(listRefunds(paymentId, options))
      if (list.outcome !== 'complete') return list
      const [refund, ...duplicates] = list.items
        .filter(({ amountTransaction }) => amountTransaction.clientCorrelator === clientCorrelator)
        .toSorted((one, other) => deniedLast(one) - deniedLast(other))
      return refund === undefined ? { outcome: 'absent' } : { outcome: 'found', refund, duplicates }
    },
  }
}

export type RefundsClient = ReturnType<typeof createRefundsClient>

/** Among several under one correlator, the one that moved money counts. */
function deniedLast({ refundStatus }: RefundResponse): number {
  return refundStatus === 'denied' ? 1 : 0
}
