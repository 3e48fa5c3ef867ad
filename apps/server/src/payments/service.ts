import type { Clock } from '@jeon/clock'
import type { Ledger, Transfer, TransferId } from '@jeon/ledger'
import { type Asset, findAsset, parseAmount } from '@jeon/money'
import type { Owners } from '../accounts.ts'
import { moneyOf, moneyText } from '../assets.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import { idOf, typeIdOf, uuidOf } from '../ids.ts'
import type { Merchants } from '../merchants/service.ts'
import type { Offer } from '../offers/model.ts'
import type { Offers } from '../offers/service.ts'
import type { Rails } from '../rails/rails.ts'
import type { RailRefunds } from '../rails/refunds.ts'
import type { Wallet } from '../wallets/model.ts'
import { pocketIn } from '../wallets/service.ts'
import type { Order, Paid, Payment } from './model.ts'
import { refusalOfOutcome } from './outcome.ts'

export interface PaymentParts {
  readonly ledger: Ledger
  readonly owners: Owners
  readonly merchants: Merchants
  readonly offers: Offers
  readonly clock: Clock
  /** Phone lines behind wallets. (Default: there are none) */
  readonly line?: LineHooks | undefined
}

/** What payments ask of the rails through phone lines. */
export interface LineHooks {
  readonly rails: Pick<Rails, 'wayOf'>
  readonly refunds: Pick<RailRefunds, 'chargeOf' | 'refund'>
}

/** What a request says should be paid. */
export interface Wish {
  readonly offer?: string | undefined
  readonly amount?: string | undefined
  readonly currency?: string | undefined
  readonly reference?: string | undefined
  readonly category?: string | undefined
}

/** A payer may undo this long; pages say ten seconds, the rest is for the way. */
export const undoSeconds = 15

/** Payments and refunds. The ledger decides; here is said what is meant, and what its decision means. */
export class Payments {
  readonly #parts: PaymentParts

  constructor(parts: PaymentParts) {
    this.#parts = parts
  }

  /** What a wish means: the offer's price and category, or the amount that was named. */
  async order(
    wallet: Wallet,
    merchantId: string,
    wish: Wish,
    device: string,
  ): Promise<Order | Refusal> {
    let offer: Offer | undefined
    if (wish.offer !== undefined) {
      offer = await this.#parts.offers.find(merchantId, wish.offer)
      if (offer === undefined) return refuse('offer_not_found', { param: 'offer' })
      if (!offer.active) return refuse('offer_closed', { param: 'offer' })
      if (wish.category !== undefined && wish.category !== offer.category) {
        const reason = 'The category is the one of the offer.'
        return refuse('field_invalid', { param: 'category', values: { reason } })
      }
    }
    const price = priceOf(wish, offer)
    if (isRefusal(price)) return price
    const category = offer?.category ?? wish.category ?? ''
    return {
      wallet,
      merchantId,
      offer,
      ...price,
      reference: wish.reference ?? '',
      category,
      device,
      way: this.#parts.line?.rails.wayOf(wallet.id, offer, { ...price, category }) ?? 'wallet',
    }
  }

  /** Pays. The same key again gives the same payment, whatever the offer costs by then. */
  async pay(order: Order, key: string): Promise<Paid | Refusal> {
    const { wallet, merchantId, asset } = order
    const pocket = pocketIn(wallet, asset.code)
    if (pocket === undefined)
      return refuse('currency_not_held', { values: { currency: asset.code } })
    const id = idOf('pay', wallet.id, key)
    const credit =
      this.#parts.merchants.knownStripe(merchantId, asset.code, wallet.shard) ??
      (await this.#parts.merchants.stripe(merchantId, asset, wallet.shard))
    const outcome = await this.#parts.ledger.submit({
      type: 'pay',
      id,
      debit: pocket.account,
      credit,
      amount: order.amount,
      category: order.category,
      offer: order.offer?.id ?? '',
      reference: order.reference,
      device: order.device,
    })
    const parties = { asset, walletId: wallet.id, merchantId }
    if (outcome.ok) return { transfer: outcome.transfer, replayed: outcome.replayed, ...parties }
    return refusalOfOutcome(outcome, asset, `/v1/payments/${typeIdOf('pay', id)}`)
  }

  /**
   * The payment that a key made before, when the wish is still that one. Offers close and change their price and
   * currency; what was paid stays paid, and whoever asks again has to learn that.
   */
  async earlier(
    wallet: Wallet,
    merchantId: string,
    wish: Wish,
    key: string,
  ): Promise<Paid | undefined> {
    if (wish.offer === undefined) return undefined
    const first = await this.#parts.ledger.find(idOf('pay', wallet.id, key), wallet.shard)
    if (first?.kind !== 'payment' && first?.kind !== 'capture') return undefined
    const payment = await this.withParties(first)
    const isOwn = first.kind === 'payment' || (await this.#isCharged(payment))
    const isSame =
      isOwn &&
      payment.walletId === wallet.id &&
      payment.merchantId === merchantId &&
      first.offer === wish.offer &&
      first.reference === (wish.reference ?? '') &&
      isPriceOf(wish, payment)
    return isSame ? { ...payment, replayed: true } : undefined
  }

  /** Whether a captured hold is a payment that was made through a line: nobody else's capture has a payment's key. */
  async #isCharged(payment: Payment): Promise<boolean> {
    return (await this.#parts.line?.refunds.chargeOf(payment)) !== undefined
  }

  /** A payment or a captured hold, with its parties; undefined when there is none of that id. */
  async find(paymentId: string, shard?: number): Promise<Payment | undefined> {
    const uuid = uuidOf('pay', paymentId)
    if (uuid === undefined) return undefined
    const transfer = await findOldest(this.#parts.ledger, uuid, shard)
    if (transfer?.kind !== 'payment' && transfer?.kind !== 'capture') return undefined
    return this.withParties(transfer)
  }

  /**
   * A merchant's own payment of an id. Callers make ids, and they are unique within a shard only: what somebody else was
   * paid under the same id on another shard must not stand before it.
   */
  async findOf(merchantId: string, paymentId: string): Promise<Payment | undefined> {
    const { ledger } = this.#parts
    const found = await Promise.all(ledger.shards.map((shard) => this.find(paymentId, shard)))
    return found
      .filter((payment) => payment?.merchantId === merchantId)
      .sort((one, other) => (one?.transfer.atMs ?? 0) - (other?.transfer.atMs ?? 0))[0]
  }

  /** Names the two sides of a movement from a payer to a merchant. */
  async withParties(transfer: Transfer): Promise<Payment> {
    const payer = await this.#parts.owners.of(transfer.debit)
    const merchant = await this.#parts.owners.of(transfer.credit)
    return { transfer, asset: payer.asset, walletId: payer.id, merchantId: merchant.id }
  }

  refundedOf(payment: Payment): Promise<bigint> {
    return this.#parts.ledger.refundedOf(payment.transfer)
  }

  /** The merchant gives back all or part. */
  async refund(
    payment: Payment,
    key: string,
    wish: { readonly amount?: string | undefined; readonly reference?: string | undefined },
  ): Promise<Paid | Refusal> {
    const { transfer, asset } = payment
    const { line } = this.#parts
    // What a line was charged for goes back to the line.
    const charge = await line?.refunds.chargeOf(payment)
    if (line !== undefined && charge !== undefined) {
      return line.refunds.refund(payment, charge, key, wish)
    }
    const amount = wish.amount === undefined ? undefined : parseAmount(wish.amount, asset)
    if (amount?.ok === false) return refuse(amount.code, { param: 'amount' })
    const outcome = await this.#parts.ledger.submit({
      type: 'refund',
      id: idOf('rfd', transfer.id, key),
      payment: transfer.id,
      shard: transfer.shard,
      ...(amount === undefined ? {} : { amount: amount.amount }),
      reference: wish.reference ?? '',
    })
    if (outcome.ok) return { ...payment, transfer: outcome.transfer, replayed: outcome.replayed }
    if (outcome.code === 'insufficient_funds') return refuse('refund_not_covered')
    return refusalOfOutcome(outcome, asset, `/v1/payments/${typeIdOf('pay', transfer.id)}`)
  }

  /** The payer undoes a whole payment, within {@link undoSeconds}; a repetition is answered however late it comes. */
  async undo(
    payment: Payment,
    key: string,
    reference: string | undefined,
  ): Promise<Paid | Refusal> {
    const { transfer } = payment
    const late = this.#parts.clock.now() - transfer.atMs > undoSeconds * 1000
    if (late) {
      const first = await this.#parts.ledger.find(idOf('rfd', transfer.id, key), transfer.shard)
      if (first?.origin !== transfer.sequence || first.kind !== 'refund') {
        return refuse('refund_window_over', { values: { seconds: String(undoSeconds) } })
      }
    }
    return this.refund(payment, key, { reference })
  }
}

/**
 * A transfer by its id, on one shard or on all. Ids are unique within a shard only, and callers make them: whoever copies
 * another payer's id on another shard comes later, so that the oldest is the one that was meant.
 */
export async function findOldest(
  ledger: Ledger,
  id: TransferId,
  shard: number | undefined,
): Promise<Transfer | undefined> {
  if (shard !== undefined) return ledger.find(id, shard)
  const found = await Promise.all(ledger.shards.map((each) => ledger.find(id, each)))
  return found
    .filter((transfer) => transfer !== undefined)
    .sort((one, other) => one.atMs - other.atMs)[0]
}

function priceOf(
  wish: Wish,
  offer: Offer | undefined,
): { readonly amount: bigint; readonly asset: Asset } | Refusal {
  const asset = offer?.asset ?? findAsset(wish.currency ?? '')
  if (asset === undefined) return refuse('amount_required', { param: 'currency' })
  if (wish.amount === undefined) {
    const amount = offer?.amount ?? undefined
    if (amount === undefined) return refuse('amount_required', { param: 'amount' })
    if (wish.currency === undefined || wish.currency === asset.code) return { amount, asset }
    const price = moneyOf(amount, asset)
    const values = { price: moneyText(amount, asset) }
    return refuse('price_mismatch', { param: 'currency', values, extras: { price } })
  }
  const parsed = parseAmount(wish.amount, asset)
  if (!parsed.ok) return refuse(parsed.code, { param: 'amount' })
  const fixed = offer?.amount ?? parsed.amount
  if (fixed !== parsed.amount || (wish.currency ?? asset.code) !== asset.code) {
    return refuse('price_mismatch', {
      param: 'amount',
      values: { price: offer?.amount ? moneyText(offer.amount, asset) : asset.code },
      extras: {
        price: {
          amount: offer?.amount ? moneyOf(fixed, asset).amount : null,
          currency: asset.code,
        },
      },
    })
  }
  return { amount: parsed.amount, asset }
}

/** Whether a wish names no other price than the one that was paid. */
function isPriceOf(wish: Wish, { transfer, asset }: Payment): boolean {
  if (wish.currency !== undefined && wish.currency !== asset.code) return false
  if (wish.amount === undefined) return true
  const parsed = parseAmount(wish.amount, asset)
  return parsed.ok && parsed.amount === transfer.amount
}
