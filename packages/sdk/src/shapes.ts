import {
  type Fields,
  fieldsOf,
  isFields,
  listOf,
  optionalNumber,
  optionalText,
  textOf,
  WireError,
} from './reader.ts'

/** A decimal string in whole units and the asset's code: `{ amount: '0.3', currency: 'KRW' }`. Never a number. */
export interface Money {
  readonly amount: string
  readonly currency: string
}

/** One accepted micropayment. */
export interface Payment {
  readonly id: string
  readonly status: string
  readonly wallet: string | undefined
  readonly merchant: string | undefined
  readonly offer: string | undefined
  readonly amount: Money
  /** How much of it was given back. */
  readonly refunded: Money | undefined
  readonly reference: string | undefined
  /** RFC 3339, UTC. */
  readonly createdAt: string
  /** The signed receipt: a compact JWS. Only where the caller may hold it. */
  readonly receipt: string | undefined
  /** The server's whole object. */
  readonly fields: Fields
}

export interface Refund {
  readonly id: string
  readonly payment: string | undefined
  readonly amount: Money
  readonly createdAt: string | undefined
  readonly fields: Fields
}

/** Reserved funds. */
export interface Hold {
  readonly id: string
  readonly status: string
  readonly wallet: string | undefined
  readonly amount: Money
  readonly captured: Money | undefined
  readonly expiresAt: string | undefined
  readonly fields: Fields
}

/** What a merchant sells. */
export interface Offer {
  readonly id: string
  readonly title: string
  readonly price: Money
  readonly category: string | undefined
  readonly unlocks: string | undefined
  readonly merchant: string | undefined
  readonly fields: Fields
}

export interface Merchant {
  readonly id: string
  readonly name: string
  readonly fields: Fields
}

/** One spending limit of a wallet, with how much of it is used. */
export interface Limit {
  readonly per: string
  readonly scope: string
  readonly category: string | undefined
  readonly merchant: string | undefined
  /** Decimal string in the pocket's currency. */
  readonly amountMax: string | undefined
  readonly countMax: number | undefined
  readonly amountUsed: string
  readonly countUsed: number
  readonly resetsAt: string | undefined
}

/** What a wallet holds of one asset; decimal strings in `currency`. */
export interface Pocket {
  readonly currency: string
  readonly balance: string
  readonly available: string
  readonly held: string
  readonly spentToday: string
  readonly spentThisMonth: string
  readonly limits: readonly Limit[]
}

export interface Wallet {
  readonly id: string
  readonly pockets: readonly Pocket[]
  readonly createdAt: string | undefined
}

/** One line of a payer's or merchant's history. */
export interface HistoryEntry {
  readonly id: string
  /** `payment`, `refund`, `topup`, `hold` … */
  readonly kind: string
  readonly amount: Money
  readonly createdAt: string
  readonly fields: Fields
}

export interface Entitlement {
  readonly entitled: boolean
  readonly payment: string | undefined
  readonly receipt: string | undefined
}

export interface Clock {
  /** RFC 3339, UTC: the sandbox's time. */
  readonly now: string
  readonly frozen: boolean
}

export function moneyOf(json: unknown, what: string): Money {
  const fields = fieldsOf(json, what)
  const amount = textOf(fields, 'amount')
  if (!decimalGrammar.test(amount)) throw new WireError(`${what} is not a decimal amount`)
  return { amount, currency: textOf(fields, 'currency') }
}

export function paymentOf(json: unknown): Payment {
  const fields = fieldsOf(json, 'payment')
  return {
    id: textOf(fields, 'id'),
    status: optionalText(fields, 'status') ?? 'accepted',
    wallet: optionalText(fields, 'wallet'),
    merchant: optionalText(fields, 'merchant'),
    offer: optionalText(fields, 'offer'),
    amount: moneyOf(fields.amount, 'amount'),
    refunded: optionalMoney(fields, 'refunded'),
    reference: optionalText(fields, 'reference'),
    createdAt: textOf(fields, 'created_at'),
    receipt: optionalText(fields, 'receipt'),
    fields,
  }
}

export function refundOf(json: unknown): Refund {
  const fields = fieldsOf(json, 'refund')
  return {
    id: textOf(fields, 'id'),
    payment: optionalText(fields, 'payment'),
    amount: moneyOf(fields.amount, 'amount'),
    createdAt: optionalText(fields, 'created_at'),
    fields,
  }
}

export function holdOf(json: unknown): Hold {
  const fields = fieldsOf(json, 'hold')
  return {
    id: textOf(fields, 'id'),
    status: textOf(fields, 'status'),
    wallet: optionalText(fields, 'wallet'),
    amount: moneyOf(fields.amount, 'amount'),
    captured: optionalMoney(fields, 'captured'),
    expiresAt: optionalText(fields, 'expires_at'),
    fields,
  }
}

export function offerOf(json: unknown): Offer {
  const fields = fieldsOf(json, 'offer')
  return {
    id: textOf(fields, 'id'),
    title: textOf(fields, 'title'),
    price: moneyOf(fields.price, 'price'),
    category: optionalText(fields, 'category'),
    unlocks: optionalText(fields, 'unlocks'),
    merchant: optionalText(fields, 'merchant'),
    fields,
  }
}

export function merchantOf(json: unknown): Merchant {
  const fields = fieldsOf(json, 'merchant')
  return { id: textOf(fields, 'id'), name: optionalText(fields, 'name') ?? '', fields }
}

export function walletOf(json: unknown): Wallet {
  const fields = fieldsOf(json, 'wallet')
  return {
    id: textOf(fields, 'id'),
    pockets: listOf(fields, 'pockets', pocketOf),
    createdAt: optionalText(fields, 'created_at'),
  }
}

export function historyEntryOf(json: unknown): HistoryEntry {
  const fields = fieldsOf(json, 'history entry')
  return {
    id: textOf(fields, 'id'),
    kind: optionalText(fields, 'kind') ?? optionalText(fields, 'object') ?? 'payment',
    amount: moneyOf(fields.amount, 'amount'),
    createdAt: textOf(fields, 'created_at'),
    fields,
  }
}

export function entitlementOf(json: unknown): Entitlement {
  const fields = fieldsOf(json, 'entitlement')
  if (typeof fields.entitled !== 'boolean') throw new WireError('entitled is not true or false')
  return {
    entitled: fields.entitled,
    payment: isFields(fields.payment)
      ? optionalText(fields.payment, 'id')
      : optionalText(fields, 'payment'),
    receipt: optionalText(fields, 'receipt'),
  }
}

export function clockOf(json: unknown): Clock {
  const fields = fieldsOf(json, 'clock')
  const now = textOf(fields, 'now')
  if (Number.isNaN(Date.parse(now))) throw new WireError('now is not a time')
  return { now, frozen: fields.frozen === true }
}

const decimalGrammar = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/

function pocketOf(json: unknown): Pocket {
  const fields = fieldsOf(json, 'pocket')
  const balance = decimalOf(fields, 'balance') ?? '0'
  return {
    currency: textOf(fields, 'currency'),
    balance,
    available: decimalOf(fields, 'available') ?? balance,
    held: decimalOf(fields, 'held') ?? '0',
    spentToday: decimalOf(fields, 'spent_today') ?? '0',
    spentThisMonth: decimalOf(fields, 'spent_this_month') ?? '0',
    limits: listOf(fields, 'limits', limitOf),
  }
}

function limitOf(json: unknown): Limit {
  const fields = fieldsOf(json, 'limit')
  return {
    per: textOf(fields, 'per'),
    scope: optionalText(fields, 'scope') ?? 'all',
    category: optionalText(fields, 'category'),
    merchant: optionalText(fields, 'merchant'),
    amountMax: decimalOf(fields, 'amount_max'),
    countMax: optionalNumber(fields, 'count_max'),
    amountUsed: decimalOf(fields, 'amount_used') ?? '0',
    countUsed: optionalNumber(fields, 'count_used') ?? 0,
    resetsAt: optionalText(fields, 'resets_at'),
  }
}

/** A pocket's sums come either as a decimal string or as money with the pocket's own currency. */
function decimalOf(fields: Fields, name: string): string | undefined {
  const field = fields[name]
  if (field === undefined || field === null) return undefined
  if (isFields(field)) return moneyOf(field, name).amount
  if (typeof field === 'string' && decimalGrammar.test(field)) return field
  throw new WireError(`${name} is not a decimal amount`)
}

function optionalMoney(fields: Fields, name: string): Money | undefined {
  const field = fields[name]
  return field === undefined || field === null ? undefined : moneyOf(field, name)
}
