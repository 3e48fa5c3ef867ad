import { setTimeout as sleep } from 'node:timers/promises'
import type { CreatePaymentBody, Outcome, PaymentResponse, PaymentStatus } from '@jeon/camara'
import type { ProvedLine } from './rush-owner.ts'
import type { Sandbox } from './rush-sandbox.ts'

/** A purchase that is to be tried. */
export interface Purchase {
  readonly line: ProvedLine
  readonly correlator: string
  /** Whole won. */
  readonly price: number
  /** Tells the purchases of one way from all others in the carrier's list. */
  readonly merchant: string
}

/** What became of a purchase. */
export type Fate =
  | { readonly is: 'succeeded' }
  | { readonly is: 'declined'; readonly reason: string }
  /** Nobody ever said, however often the carrier's list was asked. */
  | { readonly is: 'unknown'; readonly reason: string }

/** A purchase with its fate, and whether that had to be looked up in the carrier's list. */
export interface Tried {
  readonly fate: Fate
  readonly looked: boolean
}

const LOOKS = 6
const BETWEEN_LOOKS_MS = 500
/** The carrier's clock and ours are asked a moment apart. */
const WINDOW_MS = 300_000

/** Buys in one request. */
export async function buyAtOnce(sandbox: Sandbox, purchase: Purchase): Promise<Tried> {
  const { camara } = sandbox
  const outcome = await camara.carrierBilling.createPayment(bodyOf(purchase), tokenOf(purchase))
  if (outcome.outcome !== 'unknown') return { fate: fateOf(outcome), looked: false }
  return look(sandbox, purchase, ['succeeded'])
}

/** Reserves. @returns the payment's id, or why there is none */
export async function reserve(
  sandbox: Sandbox,
  purchase: Purchase,
): Promise<{ readonly paymentId: string; readonly looked: boolean } | Tried> {
  const { camara } = sandbox
  const outcome = await camara.carrierBilling.preparePayment(bodyOf(purchase), tokenOf(purchase))
  if (outcome.outcome === 'settled' && outcome.body.paymentStatus === 'reserved') {
    return { paymentId: outcome.body.paymentId, looked: false }
  }
  if (outcome.outcome !== 'unknown') return { fate: fateOf(outcome), looked: false }
  const found = await find(sandbox, purchase, ['reserved'])
  if (found === undefined)
    return { fate: { is: 'declined', reason: 'never arrived' }, looked: true }
  if (found === 'unreadable') return unreadable
  return { paymentId: found.paymentId, looked: true }
}

/** Carries out what was reserved. */
export async function confirm(
  sandbox: Sandbox,
  purchase: Purchase,
  { paymentId, looked }: { readonly paymentId: string; readonly looked: boolean },
): Promise<Tried> {
  const { carrierBilling } = sandbox.camara
  const outcome = await carrierBilling.confirmPayment(paymentId, {}, tokenOf(purchase))
  if (outcome.outcome === 'settled') return { fate: { is: 'succeeded' }, looked }
  if (outcome.outcome !== 'unknown') return { fate: fateOf(outcome), looked }
  return look(sandbox, purchase, ['succeeded'])
}

/** How many purchases of a merchant the carrier itself says that it charged. */
export async function countAtCarrier(sandbox: Sandbox, merchant: string): Promise<number> {
  const nowMs = await sandbox.now()
  const pages = sandbox.camara.carrierBilling.listPayments({
    fromMs: nowMs - 60 * 60_000,
    toMs: nowMs + WINDOW_MS,
    paymentStatus: ['succeeded'],
    merchantIdentifier: merchant,
    perPage: 500,
  })
  let count = 0
  for await (const page of pages) {
    if (page.outcome !== 'settled') throw new Error(`the carrier's list: ${JSON.stringify(page)}`)
    count += page.body.items.length
  }
  return count
}

const unreadable: Tried = {
  fate: { is: 'unknown', reason: 'the list could not be read' },
  looked: true,
}

async function look(
  sandbox: Sandbox,
  purchase: Purchase,
  done: readonly PaymentStatus[],
): Promise<Tried> {
  const found = await find(sandbox, purchase, done)
  if (found === undefined)
    return { fate: { is: 'declined', reason: 'never arrived' }, looked: true }
  if (found === 'unreadable') return unreadable
  if (found.paymentStatus === 'succeeded') return { fate: { is: 'succeeded' }, looked: true }
  return { fate: { is: 'unknown', reason: found.paymentStatus }, looked: true }
}

/** Asks the carrier's list for a purchase until it is there in a status that ends the search. */
async function find(
  sandbox: Sandbox,
  { correlator }: Purchase,
  done: readonly PaymentStatus[],
): Promise<PaymentResponse | 'unreadable' | undefined> {
  let last: PaymentResponse | 'unreadable' | undefined
  for (let turn = 0; turn < LOOKS; turn += 1) {
    const aroundMs = await sandbox.now()
    const found = await sandbox.camara.carrierBilling.findByCorrelator({
      clientCorrelator: correlator,
      aroundMs,
      windowMs: WINDOW_MS,
    })
    if (found.outcome === 'found') last = found.payment
    else last = found.outcome === 'absent' ? undefined : 'unreadable'
    if (found.outcome === 'found' && done.includes(found.payment.paymentStatus)) return last
    await sleep(BETWEEN_LOOKS_MS)
  }
  return last
}

/** Of an answer that was heard. */
function fateOf(outcome: Outcome<{ readonly paymentStatus: PaymentStatus } | undefined>): Fate {
  switch (outcome.outcome) {
    case 'settled': {
      const status = outcome.body?.paymentStatus ?? 'succeeded'
      return status === 'succeeded' ? { is: 'succeeded' } : { is: 'declined', reason: status }
    }
    case 'declined':
      return { is: 'declined', reason: reasonIn(outcome.message) ?? outcome.code }
    case 'not_sent':
      return { is: 'declined', reason: `not sent: ${outcome.reason}` }
    case 'unknown':
      return { is: 'unknown', reason: outcome.reason }
  }
}

/** The carriers put the reason for programs in brackets before the sentence for people. */
function reasonIn(message: string): string | undefined {
  return /^\[([a-z_]+)\]/.exec(message)?.[1]
}

/** The token names the line: the body must not. */
function tokenOf({ line: { accessToken } }: Purchase) {
  return { accessToken }
}

function bodyOf({ correlator, price, merchant }: Purchase): CreatePaymentBody {
  return {
    amountTransaction: {
      clientCorrelator: correlator,
      referenceCode: correlator,
      paymentAmount: {
        chargingInformation: { amount: price, currency: 'KRW', description: 'A ticket in a rush' },
        chargingMetaData: {
          merchantName: 'Rush',
          merchantIdentifier: merchant,
          purchaseCategoryCode: 'digital',
        },
      },
    },
  }
}
