/** The decision core once more, with Maps and bigint and nothing clever. */
import { calendarOf } from '../src/calendar.ts'
import { accountId, numberOf } from '../src/ids.ts'
import type { AccountId, Command, SpendingLimits, Transfer } from '../src/model.ts'

export const SHARD = 3
const ZONE = 'Asia/Seoul'

const LIMITS: SpendingLimits = {
  zone: ZONE,
  windows: [
    { per: 'payment', scope: { of: 'all' }, amountMax: 60n },
    { per: 'payment', scope: { of: 'category', category: 'game' }, amountMax: 25n },
    { per: 'day', scope: { of: 'all' }, amountMax: 150n, countMax: 6 },
    { per: 'day', scope: { of: 'merchant' }, amountMax: 90n, countMax: 4 },
    { per: 'month', scope: { of: 'category', category: 'game' }, amountMax: 70n },
    { per: 'payment', scope: { of: 'offer', offer: 'sword' }, amountMax: 35n },
    { per: 'day', scope: { of: 'offer', offer: 'sword' }, amountMax: 55n, countMax: 3 },
    { per: 'month', scope: { of: 'all' }, amountMax: 400n, countMax: 14 },
  ],
}

export const ACCOUNTS = [
  { asset: 'KRW/3', kind: 'rail', overdraft: null, limits: null },
  { asset: 'KRW/3', kind: 'wallet', overdraft: 0n, limits: LIMITS },
  { asset: 'KRW/3', kind: 'wallet', overdraft: 40n, limits: null },
  { asset: 'KRW/3', kind: 'merchant', overdraft: 0n, limits: null },
  { asset: 'KRW/3', kind: 'merchant', overdraft: 0n, limits: null },
  { asset: 'USD/6', kind: 'wallet', overdraft: null, limits: null },
] as const

export const id = (number: number) => accountId(SHARD, number)
export const transferId = (number: number) => number.toString(16).padStart(32, '0')

interface PlainAccount {
  posted: bigint
  debitsPending: bigint
  creditsPending: bigint
}

interface Spent {
  readonly account: AccountId
  readonly merchant: AccountId
  readonly category: string
  readonly offer: string
  readonly atMs: number
  amount: bigint
  count: number
}

/** What there is to know about a shard, without any cleverness. */
export interface Plain {
  readonly accounts: Map<AccountId, PlainAccount>
  readonly holds: Map<string, Transfer>
  readonly payments: Map<string, { payment: Transfer; left: bigint; spent: Spent }>
  readonly spent: Map<string, Spent>
  /** What is durable: only that can be refunded. */
  readonly durable: Map<string, Transfer>
}

export function emptyPlain(): Plain {
  const accounts = new Map<AccountId, PlainAccount>()
  for (const number of ACCOUNTS.keys()) {
    accounts.set(id(number + 1), { posted: 0n, debitsPending: 0n, creditsPending: 0n })
  }
  return { accounts, holds: new Map(), payments: new Map(), spent: new Map(), durable: new Map() }
}

export function availableOf(plain: Plain, account: AccountId): bigint | undefined {
  const { overdraft } = ACCOUNTS[numberOf(account) - 1]!
  const { posted, debitsPending } = plain.accounts.get(account)!
  return overdraft === null ? undefined : posted - debitsPending + overdraft
}

/** The refusal that a payment or hold must get, or none. */
export function refusalOf(plain: Plain, command: Command, atMs: number): string | undefined {
  switch (command.type) {
    case 'capture':
    case 'void': {
      const hold = plain.holds.get(command.hold)
      if (hold === undefined) return 'hold_not_found'
      const isTooMuch = command.type === 'capture' && (command.amount ?? 0n) > hold.amount
      return isTooMuch ? 'capture_exceeds_hold' : undefined
    }
    case 'refund': {
      if (!plain.durable.has(command.payment)) return 'payment_not_found'
      const paid = plain.payments.get(command.payment)
      if (paid === undefined) return 'not_refundable'
      const amount = command.amount ?? paid.left
      if (amount > paid.left || paid.left === 0n) return 'refund_exceeds_payment'
      return shortOf(plain, paid.payment.credit, amount)
    }
    case 'pay':
    case 'hold': {
      if (command.debit === command.credit) return 'same_account'
      const [debit, credit] = [command.debit, command.credit].map((a) => ACCOUNTS[numberOf(a) - 1])
      if (debit === undefined || credit === undefined) return 'account_not_found'
      if (debit.asset !== credit.asset) return 'asset_mismatch'
      const isSpending = command.type === 'hold' || (command.kind ?? 'payment') === 'payment'
      if (isSpending && passesWindow(plain, command, atMs)) return 'window_exceeded'
      return shortOf(plain, command.debit, command.amount)
    }
  }
}

function shortOf(plain: Plain, account: AccountId, amount: bigint): string | undefined {
  const available = availableOf(plain, account)
  return available !== undefined && available < amount ? 'insufficient_funds' : undefined
}

function passesWindow(
  plain: Plain,
  { debit, credit, amount, category = '', offer = '' }: Extract<Command, { type: 'pay' | 'hold' }>,
  atMs: number,
): boolean {
  const now = calendarOf(ZONE).at(atMs)
  const { limits } = ACCOUNTS[numberOf(debit) - 1]!
  return (limits?.windows ?? []).some(({ per, scope, amountMax, countMax }) => {
    if (scope.of === 'category' && scope.category !== category) return false
    if (scope.of === 'offer' && scope.offer !== offer) return false
    if (per === 'payment') return amountMax !== undefined && amount > amountMax
    let used = amount
    let count = 1
    for (const spent of plain.spent.values()) {
      const then = calendarOf(ZONE).at(spent.atMs)
      const isThen = per === 'day' ? then.dayKey === now.dayKey : then.monthKey === now.monthKey
      const isThere =
        scope.of === 'all' ||
        (scope.of === 'merchant' && spent.merchant === credit) ||
        (scope.of === 'category' && spent.category === category) ||
        (scope.of === 'offer' && spent.offer === offer)
      if (spent.account !== debit || !isThen || !isThere) continue
      used += spent.amount
      count += spent.count
    }
    return (
      (amountMax !== undefined && used > amountMax) || (countMax !== undefined && count > countMax)
    )
  })
}

export function applyTo(plain: Plain, transfer: Transfer, command?: Command): void {
  const { debit, credit, amount, category, offer, atMs } = transfer
  const from = plain.accounts.get(debit)!
  const to = plain.accounts.get(credit)!
  const move = () => {
    from.posted -= amount
    to.posted += amount
  }
  const spent = { account: debit, merchant: credit, category, offer, atMs, amount, count: 1 }
  switch (transfer.kind) {
    case 'payment':
      plain.spent.set(transfer.id, spent)
      plain.payments.set(transfer.id, { payment: transfer, left: amount, spent })
      move()
      break
    case 'topup':
    case 'movement':
      move()
      break
    case 'hold':
      plain.spent.set(transfer.id, spent)
      plain.holds.set(transfer.id, transfer)
      from.debitsPending += amount
      to.creditsPending += amount
      break
    case 'capture':
    case 'void':
    case 'expire': {
      const hold = [...plain.holds.values()].find(({ sequence }) => sequence === transfer.origin)!
      const held = plain.spent.get(hold.id)!
      plain.holds.delete(hold.id)
      from.debitsPending -= hold.amount
      to.creditsPending -= hold.amount
      if (transfer.kind === 'capture') {
        move()
        held.amount -= hold.amount - amount
        plain.payments.set(transfer.id, { payment: transfer, left: amount, spent: held })
      } else plain.spent.delete(hold.id)
      break
    }
    case 'refund': {
      const paid = plain.payments.get(command?.type === 'refund' ? command.payment : '')!
      paid.left -= amount
      paid.spent.amount -= amount
      move()
      break
    }
  }
}
