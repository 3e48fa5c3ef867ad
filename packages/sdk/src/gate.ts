import type { Jeon } from './client.ts'
import { JeonProblem, JeonUnreachable } from './problem.ts'
import type { Receipt, ReceiptRefusal } from './receipts.ts'
import type { Offer } from './shapes.ts'

/** What every guard can be told, whatever the framework. */
export interface GateOptions {
  /**
   * Ask the platform whether the payer is still entitled, so that a refunded payment stops opening at once. Costs a
   * request each time, and nothing opens while the platform is away. (Default: false, receipts are checked offline.)
   */
  readonly online?: boolean
}

/** What a framework hands over of a request. */
export interface GateRequest {
  /** The offer that must have been paid for; undefined when there is none by that address. */
  readonly offer: () => unknown
  readonly header: (name: string) => string | undefined
  /** For the hint; undefined when not known. */
  readonly url: string | undefined
}

/** Whether a request may pass. */
export type GateVerdict =
  | { readonly status: 'open'; readonly receipt: Receipt }
  | {
      readonly status: 'closed'
      readonly httpStatus: number
      readonly headers: Readonly<Record<string, string>>
      /** application/problem+json */
      readonly body: string
    }

/** Decides over requests. Never throws, and opens for a valid receipt only. */
export type Gate = (request: GateRequest) => Promise<GateVerdict>

/** Headers for whatever comes through a guard: nothing in between may keep it and hand it to others. */
export const privateHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'private, no-store',
  vary: 'Jeon-Receipt, Authorization',
}

/**
 * @throws TypeError when the guard could never work: it is better that the server does not start
 */
export function createGate(jeon: Jeon, options: GateOptions): Gate {
  const { merchant } = jeon
  if (merchant === undefined) {
    throw new TypeError('guard: createJeon needs `merchant`, or the receipts of others would open')
  }
  if (options.online === true && jeon.keyKind !== 'sk') {
    throw new TypeError('guard: `online` needs a merchant key, sk_…')
  }
  const prices = createPrices(jeon)

  const decide = async (request: GateRequest): Promise<GateVerdict> => {
    const offer = await request.offer()
    if (typeof offer !== 'string' || offer === '') return closed(problems.noOffer)
    const verdict = await jeon.receipts.verify(receiptIn(request), offer)
    if (verdict.status === 'unavailable') return closed(problems.unavailable)
    if (verdict.status === 'invalid') return askToPay(offer, request, verdict.reason)
    if (options.online !== true) return { status: 'open', receipt: verdict.receipt }

    const { entitled } = await jeon.entitlements.check({ offer, wallet: verdict.receipt.wallet })
    if (entitled) return { status: 'open', receipt: verdict.receipt }
    return askToPay(offer, request, 'not_entitled')
  }

  const askToPay = async (
    offer: string,
    request: GateRequest,
    reason: ReceiptRefusal | 'not_entitled',
  ): Promise<GateVerdict> => {
    const known = await prices(offer)
    if (known === undefined) return closed(problems.noOffer)
    const info = { id: known.id, merchant, server: jeon.server, price: known.price }
    return closed(
      {
        ...problems.payment,
        hint: `jeon pay ${request.url ?? `--offer ${offer} --merchant ${merchant}`}`,
        price: known.price,
        offer: { ...info, title: known.title },
        receipt_refused: reason === 'missing' ? undefined : reason,
      },
      { 'jeon-offer': offerHeader(info) },
    )
  }

  return async (request) => {
    try {
      return await decide(request)
    } catch (error) {
      // Whatever went wrong, it is not a reason to give away what is sold.
      const isAway = error instanceof JeonUnreachable || error instanceof JeonProblem
      return closed(isAway ? problems.unavailable : problems.failed)
    }
  }
}

/** `Jeon-Receipt: <receipt>`, or `Authorization: Receipt <receipt>` where only standard headers get through. */
function receiptIn(request: GateRequest): string | undefined {
  const own = request.header('jeon-receipt')
  if (own !== undefined) return own.trim()
  return /^receipt +(\S+)$/i.exec(request.header('authorization') ?? '')?.[1]
}

interface OfferInfo {
  readonly id: string
  readonly merchant: string
  readonly server: string
  readonly price: Offer['price']
}

/** A structured field (RFC 9651): a dictionary of strings. None of them can contain a quote. */
function offerHeader({ id, merchant, server, price }: OfferInfo): string {
  const fields = { id, merchant, server, amount: price.amount, currency: price.currency }
  return Object.entries(fields)
    .map(([name, content]) => `${name}="${content.replace(/[^ !#-[\]-~]/g, '')}"`)
    .join(', ')
}

const priceFreshMs = 60_000
/** Offer ids may come from addresses that anyone can type, so what is kept is bounded. */
const pricesKept = 1_000

/** Looks offers up and keeps them a minute; undefined when the merchant has no such offer. */
function createPrices(jeon: Jeon): (offer: string) => Promise<Offer | undefined> {
  const kept = new Map<string, { readonly offer: Offer | undefined; readonly untilMs: number }>()
  const fetchOffer = async (id: string): Promise<Offer | undefined> => {
    try {
      return await jeon.offers.get(id)
    } catch (error) {
      const isUnknown = error instanceof JeonProblem && [400, 404, 422].includes(error.status)
      if (isUnknown) return undefined
      throw error
    }
  }
  return async (id) => {
    const known = kept.get(id)
    if (known !== undefined && known.untilMs > performance.now()) return known.offer
    const offer = await fetchOffer(id)
    if (kept.size >= pricesKept) kept.clear()
    kept.set(id, { offer, untilMs: performance.now() + priceFreshMs })
    return offer
  }
}

const problems = {
  payment: {
    status: 402,
    code: 'payment_required',
    title: 'This has to be paid for.',
    detail: 'Pay for the offer and send the receipt in the Jeon-Receipt header.',
    retryable: false,
  },
  noOffer: {
    status: 404,
    code: 'offer_not_found',
    title: 'Nothing is on offer here.',
    retryable: false,
  },
  unavailable: {
    status: 503,
    code: 'receipt_unverifiable',
    title: 'Receipts cannot be checked at the moment.',
    detail: 'The payment platform does not answer. What was paid stays paid; try again shortly.',
    retryable: true,
  },
  failed: {
    status: 503,
    code: 'guard_failed',
    title: 'The receipt could not be checked.',
    retryable: true,
  },
} as const

function closed(
  problem: { readonly status: number; readonly code: string } & Readonly<Record<string, unknown>>,
  headers?: Readonly<Record<string, string>>,
): GateVerdict {
  return {
    status: 'closed',
    httpStatus: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      ...privateHeaders,
      ...(problem.status === 503 ? { 'retry-after': '5' } : {}),
      ...headers,
    },
    body: JSON.stringify({ type: `urn:jeon:problem:${problem.code}`, ...problem }),
  }
}
