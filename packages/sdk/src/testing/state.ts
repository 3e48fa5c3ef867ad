import type { Money } from '../shapes.ts'

/** Something in a fake wallet's history. */
export interface FakeEntry {
  readonly id: string
  readonly object: 'payment' | 'refund' | 'topup'
  readonly status: string
  readonly wallet: string
  readonly merchant: string
  readonly merchant_name: string
  readonly offer: string | null
  readonly offer_title: string | undefined
  readonly reference: string | null
  readonly amount: Money
  refunded: Money
  readonly payment: string | null
  readonly created_at: string
  readonly sequence: number
}

export interface FakeLimit {
  readonly per: string
  readonly scope: string
  readonly amount_max?: string
  readonly count_max?: number
}

export interface FakeWallet {
  readonly id: string
  readonly token: string
  readonly balances: Map<string, bigint>
  readonly limits: Map<string, readonly FakeLimit[]>
}

export interface FakeEvent {
  readonly id: number
  readonly wallet: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface FakeOffer {
  readonly id: string
  readonly title: string
  readonly price: Money
}

/** Thousandths of a won, millionths of a dollar: enough for exact sums in the fake. */
const unitsOf: Readonly<Record<string, number>> = { KRW: 3, JPY: 3, USD: 6, EUR: 6 }

export function toUnits({ amount, currency }: Money): bigint {
  const scale = unitsOf[currency] ?? 0
  const [whole = '0', fraction = ''] = amount.split('.')
  return BigInt(whole + fraction.padEnd(scale, '0'))
}

export function fromUnits(units: bigint, currency: string): Money {
  const scale = unitsOf[currency] ?? 0
  const digits = units.toString().padStart(scale + 1, '0')
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '')
  const whole = digits.slice(0, digits.length - scale)
  return { amount: fraction === '' ? whole : `${whole}.${fraction}`, currency }
}

/** A wallet as `GET /v1/wallet` shows it. */
export function walletView(wallet: FakeWallet, history: readonly FakeEntry[], nowMs: number) {
  return {
    id: wallet.id,
    object: 'wallet',
    created_at: new Date(nowMs).toISOString(),
    pockets: [...wallet.balances].map(([currency, balance]) => {
      const paid = history.filter(
        (entry) =>
          entry.wallet === wallet.id &&
          entry.object === 'payment' &&
          entry.amount.currency === currency,
      )
      const spent = paid.reduce(
        (sum, entry) => sum + toUnits(entry.amount) - toUnits(entry.refunded),
        0n,
      )
      const spentMoney = fromUnits(spent, currency)
      return {
        currency,
        balance: fromUnits(balance, currency).amount,
        available: fromUnits(balance, currency).amount,
        held: '0',
        spent_today: spentMoney.amount,
        spent_this_month: spentMoney.amount,
        limits: (wallet.limits.get(currency) ?? []).map((limit) => ({
          ...limit,
          amount_used: spentMoney.amount,
          count_used: paid.length,
          resets_at: new Date(nowMs + (limit.per === 'month' ? 9 * day : 6 * hour)).toISOString(),
        })),
      }
    }),
  }
}

const hour = 3_600_000
const day = 24 * hour
