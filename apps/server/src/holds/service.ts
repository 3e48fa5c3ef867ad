import type { Ledger, Transfer } from '@jeon/ledger'
import { parseAmount } from '@jeon/money'
import { type Refusal, refuse } from '../errors.ts'
import { idOf, typeIdOf, uuidOf } from '../ids.ts'
import type { Merchants } from '../merchants/service.ts'
import type { Order, Paid, Payment } from '../payments/model.ts'
import { refusalOfOutcome } from '../payments/outcome.ts'
import { findOldest, type Payments } from '../payments/service.ts'
import { money, orNull, placeOf } from '../payments/view.ts'
import { pocketIn } from '../wallets/service.ts'
import type { HoldState } from './model.ts'

export interface HoldParts {
  readonly ledger: Ledger
  readonly payments: Payments
  readonly merchants: Merchants
  /** Whether a hold is a phone line's: the rail's own to take or let go, whoever the merchant is. (Default: none is) */
  isRail?(holdId: string, walletId: string, merchantId: string): Promise<boolean>
}

/** Money reserved now and taken later: wholly, partly or not at all. */
export class Holds {
  readonly #parts: HoldParts

  constructor(parts: HoldParts) {
    this.#parts = parts
  }

  async create(order: Order, ttlS: number, key: string): Promise<Paid | Refusal> {
    const { wallet, merchantId, asset } = order
    if (order.way === 'each') return refuse('line_payment_alone', { param: 'offer' })
    const pocket = pocketIn(wallet, asset.code)
    if (pocket === undefined)
      return refuse('currency_not_held', { values: { currency: asset.code } })
    const id = idOf('hold', wallet.id, key)
    const outcome = await this.#parts.ledger.submit({
      type: 'hold',
      id,
      debit: pocket.account,
      credit: await this.#parts.merchants.stripe(merchantId, asset, wallet.shard),
      amount: order.amount,
      ttlS,
      category: order.category,
      offer: order.offer?.id ?? '',
      reference: order.reference,
      device: order.device,
    })
    if (!outcome.ok) return refusalOfOutcome(outcome, asset, hrefOf(id))
    const { transfer, replayed } = outcome
    return { transfer, replayed, asset, walletId: wallet.id, merchantId }
  }

  /** A hold with its parties; undefined when there is none of that id. */
  async find(holdId: string, shard?: number): Promise<Payment | undefined> {
    const uuid = uuidOf('hold', holdId)
    if (uuid === undefined) return undefined
    const transfer = await findOldest(this.#parts.ledger, uuid, shard)
    if (transfer?.kind !== 'hold') return undefined
    const hold = await this.#parts.payments.withParties(transfer)
    const isRail = await this.#parts.isRail?.(transfer.id, hold.walletId, hold.merchantId)
    return isRail === true ? undefined : hold
  }

  /** The hold as it stands now. */
  async state(hold: Payment): Promise<HoldState> {
    const { transfer, asset, walletId, merchantId } = hold
    const resolution = await this.#resolutionOf(transfer)
    const captured = resolution?.kind === 'capture' ? resolution : undefined
    return {
      id: typeIdOf('hold', transfer.id),
      object: 'hold',
      status: statusOf(resolution),
      wallet: walletId,
      merchant: merchantId,
      offer: orNull(transfer.offer),
      amount: money(transfer.amount, asset),
      captured: money(captured?.amount ?? 0n, asset),
      ...(captured === undefined ? {} : { payment: typeIdOf('pay', captured.id) }),
      reference: orNull(transfer.reference),
      expires_at: new Date(transfer.atMs + transfer.ttlS * 1000).toISOString(),
      ...placeOf(transfer),
    }
  }

  /** Takes all or part of a hold: the payment. What is not taken is free again at once. */
  async capture(hold: Payment, key: string, amount: string | undefined): Promise<Paid | Refusal> {
    const { transfer, asset } = hold
    const parsed = amount === undefined ? undefined : parseAmount(amount, asset)
    if (parsed?.ok === false) return refuse(parsed.code, { param: 'amount' })
    const outcome = await this.#parts.ledger.submit({
      type: 'capture',
      id: idOf('pay', transfer.id, key),
      hold: transfer.id,
      shard: transfer.shard,
      ...(parsed === undefined ? {} : { amount: parsed.amount }),
    })
    if (!outcome.ok) return refusalOfOutcome(outcome, asset, hrefOf(transfer.id))
    return { ...hold, transfer: outcome.transfer, replayed: outcome.replayed }
  }

  async void(hold: Payment, key: string): Promise<{ replayed: boolean } | Refusal> {
    const { transfer, asset } = hold
    const outcome = await this.#parts.ledger.submit({
      type: 'void',
      id: idOf('vod', transfer.id, key),
      hold: transfer.id,
      shard: transfer.shard,
    })
    return outcome.ok
      ? { replayed: outcome.replayed }
      : refusalOfOutcome(outcome, asset, hrefOf(transfer.id))
  }

  async #resolutionOf(hold: Transfer): Promise<Transfer | undefined> {
    const sequels = await this.#parts.ledger.sequels(hold)
    return sequels.find(({ kind }) => kind === 'capture' || kind === 'void' || kind === 'expire')
  }
}

function hrefOf(holdId: string): string {
  return `/v1/holds/${typeIdOf('hold', holdId)}`
}

function statusOf(resolution: Transfer | undefined): HoldState['status'] {
  switch (resolution?.kind) {
    case 'capture':
      return 'captured'
    case 'void':
      return 'voided'
    case 'expire':
      return 'expired'
    default:
      return 'held'
  }
}
