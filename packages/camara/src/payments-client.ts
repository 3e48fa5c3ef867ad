import { type Caller, type CallOptions, NOTHING } from './call.ts'
import {
  carrierBillingApi as api,
  type CreatePaymentBody,
  type PaymentResponse,
  type PaymentStatus,
  type PaymentsQuery,
  type PhoneNumberBody,
  type PreparePaymentBody,
  paymentsQuery,
  type ValidatePaymentBody,
} from './carrier-billing.ts'
import type { Outcome } from './outcome.ts'
import { collectPages, type NotComplete, type Page, PER_PAGE_DEFAULT, readPages } from './pages.ts'
import { pageOf, searchFor } from './search.ts'

/** Which payments {@link PaymentsClient.listPayments} reads: created from one moment to another, both included. */
export interface PaymentsWindow {
  /** Milliseconds since 1970. */
  readonly fromMs: number
  /** Milliseconds since 1970. */
  readonly toMs: number
  readonly paymentStatus?: readonly PaymentStatus[]
  readonly merchantIdentifier?: string
  /** (Default: {@link PER_PAGE_DEFAULT}.) */
  readonly perPage?: number
}

/** What to look for, and where. */
export interface CorrelatorSearch {
  readonly clientCorrelator: string
  /** When the request was sent, in milliseconds since 1970. */
  readonly aroundMs: number
  /** How far to look before and after; more than the clocks may differ and the carrier may have lagged. */
  readonly windowMs: number
}

/**
 * What {@link PaymentsClient.findByCorrelator} found. `absent` holds for the moment it was asked: a request that is
 * still on its way may appear later, so ask again before giving it up.
 */
export type CorrelatorOutcome =
  | {
      readonly outcome: 'found'
      readonly payment: PaymentResponse
      /** More payments under the same correlator, which no carrier should have. */
      readonly duplicates: readonly PaymentResponse[]
    }
  | { readonly outcome: 'absent' }
  | NotComplete

/** The seven operations of Carrier Billing, and two ways to read its list. */
export function createPaymentsClient(call: Caller) {
  const { operations } = api

  async function retrievePayments(
    query: PaymentsQuery = {},
    options: CallOptions = {},
  ): Promise<Outcome<Page<PaymentResponse>>> {
    const operation = operations.retrievePayments
    const search = searchFor(paymentsQuery, query, options)
    if (!search.ok) return search.outcome
    const read = operation.response
    const answer = await call({ api, operation, read, search: search.search, options })
    return pageOf(answer)
  }

  function listPayments(window: PaymentsWindow, options: CallOptions = {}) {
    const { fromMs, toMs, perPage = PER_PAGE_DEFAULT, paymentStatus, merchantIdentifier } = window
    const query: PaymentsQuery = {
      perPage,
      order: 'asc',
      'paymentCreationDate.gte': new Date(fromMs).toISOString(),
      'paymentCreationDate.lte': new Date(toMs).toISOString(),
      paymentStatus: paymentStatus === undefined ? undefined : [...paymentStatus],
      merchantIdentifier,
    }
    return readPages(
      (page) => retrievePayments({ ...query, page }, withoutCorrelator(options)),
      (payment) => payment.paymentId,
    )
  }

  /** The payments of a window, halved as long as the carrier finds it too wide. */
  async function collect(
    fromMs: number,
    toMs: number,
    options: CallOptions,
  ): ReturnType<typeof collectPages<PaymentResponse>> {
    const whole = await collectPages(listPayments({ fromMs, toMs }, options))
    const tooMany =
      whole.outcome === 'declined' && whole.code === 'CARRIER_BILLING.TOO_MANY_MATCHING_RECORDS'
    if (!tooMany || toMs - fromMs < NARROWEST_MS) return whole
    const middleMs = Math.floor((fromMs + toMs) / 2)
    const early = await collect(fromMs, middleMs, options)
    if (early.outcome !== 'complete') return early
    const late = await collect(middleMs + 1, toMs, options)
    if (late.outcome !== 'complete') return late
    return { outcome: 'complete', items: [...early.items, ...late.items] }
  }

  return {
    createPayment: async (body: CreatePaymentBody, options: CallOptions = {}) => {
      const operation = operations.createPayment
      return (await call({ api, operation, read: operation.response, body, options })).outcome
    },

    preparePayment: async (body: PreparePaymentBody, options: CallOptions = {}) => {
      const operation = operations.preparePayment
      return (await call({ api, operation, read: operation.response, body, options })).outcome
    },

    validatePayment: async (
      paymentId: string,
      body: ValidatePaymentBody,
      options: CallOptions = {},
    ) => {
      const operation = operations.validatePayment
      const parameters = { paymentId }
      return (await call({ api, operation, read: NOTHING, parameters, body, options })).outcome
    },

    /** 202: the carrier will do it; the payment or an event says how it ended. */
    confirmPayment: async (
      paymentId: string,
      body: PhoneNumberBody = {},
      options: CallOptions = {},
    ) => {
      const operation = operations.confirmPayment
      const parameters = { paymentId }
      return (await call({ api, operation, read: NOTHING, parameters, body, options })).outcome
    },

    /** 202: the carrier will do it; the payment or an event says how it ended. */
    cancelPayment: async (
      paymentId: string,
      body: PhoneNumberBody = {},
      options: CallOptions = {},
    ) => {
      const operation = operations.cancelPayment
      const parameters = { paymentId }
      return (await call({ api, operation, read: NOTHING, parameters, body, options })).outcome
    },

    retrievePayment: async (paymentId: string, options: CallOptions = {}) => {
      const operation = operations.retrievePayment
      const parameters = { paymentId }
      return (await call({ api, operation, read: operation.response, parameters, options })).outcome
    },

    retrievePayments,

    /** Page after page of the payments of a window, oldest first; see {@link readPages} for how it ends. */
    listPayments,

    /**
     * The payment that was sent under a client's correlator. CAMARA cannot be asked for that, so the payments created
     * around then are read and compared.
     */
    findByCorrelator: async (
      { clientCorrelator, aroundMs, windowMs }: CorrelatorSearch,
      options: CallOptions = {},
    ): Promise<CorrelatorOutcome> => {
      const list = await collect(aroundMs - windowMs, aroundMs + windowMs, options)
      if (list.outcome !== 'complete') return list
      const [payment, ...duplicates] = list.items
        .filter(({ amountTransaction }) => amountTransaction.clientCorrelator === clientCorrelator)
        .toSorted(
          (one, other) =>
            LIKELIEST.indexOf(one.paymentStatus) - LIKELIEST.indexOf(other.paymentStatus),
        )
      return payment === undefined
        ? { outcome: 'absent' }
        : { outcome: 'found', payment, duplicates }
    },
  }
}

export type PaymentsClient = ReturnType<typeof createPaymentsClient>

/** A window this narrow is not halved any more. */
const NARROWEST_MS = 1_000

/** Among several under one correlator, the one that moved money counts. */
const LIKELIEST: readonly PaymentStatus[] = [
  'succeeded',
  'reserved',
  'pending_validation',
  'processing',
  'cancelled',
  'denied',
]

/** Each page is a request of its own, so a correlator of the caller's would be used twice. */
function withoutCorrelator({ correlator: _, ...options }: CallOptions): CallOptions {
  return options
}
