import type { Transfer } from '@jeon/ledger'
import { type Asset, formatAmount } from '@jeon/money'
import { type Currency, currencyOf } from '../assets.ts'
import { typeIdOf } from '../ids.ts'
import type { Payment, PaymentState } from './model.ts'

/** What is known about a payment besides its transfer. */
export interface PaymentFacts {
  readonly refunded: bigint
  readonly merchantName?: string | undefined
  readonly offerTitle?: string | undefined
  /** The hold that it took from. */
  readonly hold?: string | undefined
  readonly receipt?: string | undefined
  readonly balance?: bigint | undefined
}

/** A payment as it goes over the wire. */
export function paymentStateOf(payment: Payment, facts: PaymentFacts): PaymentState {
  const { transfer, asset, walletId, merchantId } = payment
  return {
    id: typeIdOf('pay', transfer.id),
    object: 'payment',
    status: 'accepted',
    wallet: walletId,
    merchant: merchantId,
    ...(facts.merchantName === undefined ? {} : { merchant_name: facts.merchantName }),
    offer: orNull(transfer.offer),
    ...(facts.offerTitle === undefined ? {} : { offer_title: facts.offerTitle }),
    amount: money(transfer.amount, asset),
    refunded: money(facts.refunded, asset),
    reference: orNull(transfer.reference),
    category: orNull(transfer.category),
    ...(facts.hold === undefined ? {} : { hold: facts.hold }),
    ...placeOf(transfer),
    ...(facts.receipt === undefined ? {} : { receipt: facts.receipt }),
    ...(facts.balance === undefined ? {} : { balance: money(facts.balance, asset) }),
  }
}

/** Where a transfer stands in the journal, and since when. */
export function placeOf(transfer: Transfer): {
  created_at: string
  sequence: number
  shard: number
} {
  return {
    created_at: new Date(transfer.atMs).toISOString(),
    sequence: transfer.sequence,
    shard: transfer.shard,
  }
}

/** Money of one of the platform's currencies. */
export function money(amount: bigint, asset: Asset): { amount: string; currency: Currency } {
  return { amount: formatAmount(amount, asset), currency: currencyOf(asset) }
}

/** A fact of a transfer: the ledger keeps what is missing as an empty text. */
export function orNull(fact: string): string | null {
  return fact === '' ? null : fact
}
