import { reasonText } from '../carriers/reasons.ts'
import { isRefusal, type Language, type Refusal, refuse } from '../errors.ts'
import { idOf, typeIdOf, uuidOf } from '../ids.ts'
import type { Order, Paid } from '../payments/model.ts'
import { money, orNull } from '../payments/view.ts'
import type { Charged } from './charges.ts'
import type { Charge, LinePaymentState } from './model.ts'
import type { LineRail } from './setup.ts'

/** What paying through a line came to: a payment like any other, or where it stands. */
export type LinePaid = { readonly paid: Paid } | { readonly waiting: LinePaymentState }

/** Who tries again and again does not have the carrier asked each time, in milliseconds. */
const askAgainMs = 10_000

/** Payments that are a carrier's, for the doors through which they are asked for. */
export class LinePayments {
  readonly #rail: LineRail

  constructor(rail: LineRail) {
    this.#rail = rail
  }

  async pay(order: Order, key: string, language: Language): Promise<LinePaid | Refusal> {
    const charged = await this.#rail.charges.pay(order, idOf('pay', order.wallet.id, key))
    return isRefusal(charged) ? charged : answerOf(charged, language)
  }

  /** How a payment stands that is not in the ledger; undefined: there is none of that id. Asks the carrier. */
  async look(
    paymentId: string,
    isVisible: (charge: Charge) => boolean,
    language: Language,
  ): Promise<LinePaid | undefined> {
    const id = uuidOf('pay', paymentId)
    const charge = id === undefined ? undefined : await this.#rail.charges.find(id)
    if (charge === undefined || !isVisible(charge)) return undefined
    const seen = charge.endedAtMs === null ? await this.#rail.charges.look(charge.id) : undefined
    const now = seen?.charge ?? charge
    if (seen?.transfer !== undefined) return { paid: paidOf(seen, seen.transfer) }
    return { waiting: stateOf(now, language) }
  }

  /** The code that the payer got by SMS. */
  async validate(
    paymentId: string,
    code: string,
    isVisible: (charge: Charge) => boolean,
    language: Language,
  ): Promise<LinePaid | Refusal> {
    const id = uuidOf('pay', paymentId)
    const charge = id === undefined ? undefined : await this.#rail.charges.find(id)
    if (charge === undefined || !isVisible(charge)) {
      return refuse('payment_not_found', { param: 'id' })
    }
    const charged = await this.#rail.charges.validate(charge.id, code)
    return isRefusal(charged) ? charged : answerOf(charged, language)
  }

  /** Whether a wallet whose line gave no credit has it by now: its carrier may have restored the line. */
  async isOpenByNow(walletId: string): Promise<boolean> {
    const { lines } = this.#rail
    const isBlocked = () => lines.of(walletId)?.blocked != null
    if (!isBlocked()) return false
    await lines.recheckAfter(walletId, askAgainMs)
    return !isBlocked()
  }

  /** Why a wallet has no credit on its line; undefined: it is not that. */
  whyNoCredit(walletId: string, language: Language): Refusal | undefined {
    const blocked = this.#rail.lines.of(walletId)?.blocked
    if (blocked === undefined || blocked === null) return undefined
    const reason = { code: blocked.code, text: reasonText(blocked.code, blocked.text, language) }
    return refuse('credit_blocked', { values: { reason: reason.text }, extras: { reason } })
  }
}

/** The purchases of a wallet that its payer has to confirm, oldest first. */
export async function waitingOf(
  { charges }: LineRail,
  walletId: string,
  language: Language,
): Promise<LinePaymentState[]> {
  const open = await charges.openOf(walletId)
  return open
    .filter(({ state }) => state === 'pending_validation')
    .sort((one, other) => one.createdAtMs - other.createdAtMs)
    .map((charge) => stateOf(charge, language))
}

function answerOf(charged: Charged, language: Language): LinePaid | Refusal {
  const { charge, transfer } = charged
  if (transfer !== undefined) return { paid: paidOf(charged, transfer) }
  if (charge.state === 'declined' || charge.state === 'refused') {
    const reason = reasonJsonOf(charge, language) ?? { code: 'declined', text: '' }
    return refuse('carrier_declined', { values: { reason: reason.text }, extras: { reason } })
  }
  if (charge.carrierPaymentId === null) {
    const href = `/v1/payments/${typeIdOf('pay', charge.id)}`
    return refuse('unknown_outcome', { values: { href }, extras: { href }, retryAfterS: 1 })
  }
  return { waiting: stateOf(charge, language) }
}

function paidOf({ charge, replayed }: Charged, transfer: Paid['transfer']): Paid {
  const { asset, walletId, merchantId } = charge
  return { transfer, replayed, asset, walletId, merchantId }
}

function stateOf(charge: Charge, language: Language): LinePaymentState {
  const { asset, validationUrl, authorizationId } = charge
  const isPending = charge.state === 'pending_validation'
  const isDeclined = charge.state === 'declined' || charge.state === 'refused'
  const by = authorizationId === null ? 'url' : 'code'
  return {
    id: typeIdOf('pay', charge.id),
    object: 'payment',
    status: isDeclined ? 'declined' : isPending ? 'pending_validation' : 'processing',
    wallet: charge.walletId,
    merchant: charge.merchantId,
    offer: orNull(charge.offer),
    amount: money(charge.amount, asset),
    reference: orNull(charge.reference),
    category: orNull(charge.category),
    carrier: charge.carrier,
    validation: isPending ? { by, url: validationUrl } : null,
    reason: isDeclined ? reasonJsonOf(charge, language) : null,
    created_at: new Date(charge.createdAtMs).toISOString(),
  }
}

function reasonJsonOf({ reason }: Charge, language: Language) {
  if (reason === null) return null
  return { code: reason.code, text: reasonText(reason.code, reason.text, language) }
}
