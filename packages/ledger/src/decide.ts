import { INT64_MAX, type Slot } from './accounts.ts'
import { assert } from './assert.ts'
import { isAccountId, isTransferId, RESERVED_PREFIX, shardOf } from './ids.ts'
import type {
  Accepted,
  AccountId,
  Capture,
  Command,
  Hold,
  Pay,
  Refund,
  RefusalCode,
  Refused,
  Transfer,
  TransferId,
  Void,
} from './model.ts'
import type { Draft, ShardState } from './state.ts'

/** Characters a fact may have. */
export const FACT_LENGTH_MAX = 200
/** Seven days, the longest an authorisation is usually kept. */
export const HOLD_TTL_MAX_S = 7 * 24 * 3600

export type Decision = Accepted | Refused

/** What must be in memory before a command can be decided. */
export interface Needs {
  readonly accounts: readonly AccountId[]
  /** A hold that is not open: it never was, or it is resolved. */
  readonly hold?: TransferId
  /** The payment that a refund gives back. */
  readonly payment?: TransferId
}

/** What is wrong with a command, its id apart, whatever the state of the shard. */
export function malformed(command: Command, shard: number): RefusalCode | undefined {
  if (command.id.startsWith(RESERVED_PREFIX)) return 'id_malformed'
  const amount = amountOf(command)
  if (amount !== undefined) {
    if (amount <= 0n) return 'amount_not_positive'
    if (amount > INT64_MAX) return 'amount_out_of_range'
  }
  switch (command.type) {
    case 'hold':
      if (!isTtl(command.ttlS)) return 'hold_ttl_out_of_range'
      return malformedMovement(command, shard)
    case 'pay':
      return malformedMovement(command, shard)
    case 'capture':
    case 'void':
      return isTransferId(command.hold) ? undefined : 'hold_not_found'
    case 'refund':
      if (isBadFact(command.reference)) return 'facts_malformed'
      return isTransferId(command.payment) ? undefined : 'payment_not_found'
  }
}

function amountOf(command: Command): bigint | undefined {
  return command.type === 'void' ? undefined : command.amount
}

function isTtl(ttlS: number): boolean {
  return Number.isSafeInteger(ttlS) && ttlS > 0 && ttlS <= HOLD_TTL_MAX_S
}

function malformedMovement(command: Pay | Hold, shard: number): RefusalCode | undefined {
  if (!isHere(command.debit, shard) || !isHere(command.credit, shard)) return 'account_not_found'
  if (command.debit === command.credit) return 'same_account'
  const { category, offer, reference, device } = command
  if (isBadFact(category) || isBadFact(offer) || isBadFact(reference) || isBadFact(device)) {
    return 'facts_malformed'
  }
  return undefined
}

function isHere(account: AccountId, shard: number): boolean {
  return isAccountId(account) && shardOf(account) === shard
}

function isBadFact(fact: string | undefined): boolean {
  if (fact === undefined || fact === '') return false
  return fact.length > FACT_LENGTH_MAX || fact.includes('\0') || !fact.isWellFormed()
}

/** What is missing in memory for a well-formed command; undefined: it can be decided now. */
export function needsOf(state: ShardState, command: Command): Needs | undefined {
  switch (command.type) {
    case 'pay':
    case 'hold':
      if (state.slotOf(command.debit) !== undefined && state.slotOf(command.credit) !== undefined) {
        return undefined
      }
      return { accounts: [command.debit, command.credit] }
    case 'capture':
    case 'void':
      return state.holds.get(command.hold) === undefined
        ? { accounts: [], hold: command.hold }
        : undefined
    case 'refund': {
      const refundable = state.refundables.get(command.payment)
      if (refundable === undefined) return { accounts: [], payment: command.payment }
      const { debit, credit } = refundable.payment
      if (state.slotOf(debit) !== undefined && state.slotOf(credit) !== undefined) return undefined
      return { accounts: [debit, credit] }
    }
  }
}

/** Decides one command whose needs are met, and appends what it accepts to the draft. */
export function decide(state: ShardState, command: Command, draft: Draft): Decision {
  switch (command.type) {
    case 'pay':
      return decidePay(state, command, draft)
    case 'hold':
      return decideHold(state, command, draft)
    case 'capture':
      return decideCapture(state, command, draft)
    case 'void':
      return decideVoid(state, command, draft)
    case 'refund':
      return decideRefund(state, command, draft)
  }
}

function decidePay(state: ShardState, command: Pay, draft: Draft): Decision {
  const debit = state.slotOf(command.debit)
  const credit = state.slotOf(command.credit)
  if (debit === undefined || credit === undefined) return refuse('account_not_found')
  const kind = command.kind ?? 'payment'
  const no = refusal(state, debit, credit, command, draft, kind === 'payment')
  if (no !== undefined) return no
  const { id, amount } = command
  return accept(
    state.add({ kind, id, debit, credit, amount, ttlS: 0, origin: 0, facts: command }, draft),
  )
}

function decideHold(state: ShardState, command: Hold, draft: Draft): Decision {
  const debit = state.slotOf(command.debit)
  const credit = state.slotOf(command.credit)
  if (debit === undefined || credit === undefined) return refuse('account_not_found')
  const no = refusal(state, debit, credit, command, draft, true)
  if (no !== undefined) return no
  const { id, amount, ttlS } = command
  return accept(
    state.add({ kind: 'hold', id, debit, credit, amount, ttlS, origin: 0, facts: command }, draft),
  )
}

function decideCapture(state: ShardState, command: Capture, draft: Draft): Decision {
  const hold = state.holds.get(command.hold)
  // It was open when the group that this is of was prepared: a member before has resolved it.
  if (hold === undefined) return refuse('hold_resolved')
  const amount = command.amount ?? hold.amount
  if (amount > hold.amount) return { ok: false, code: 'capture_exceeds_hold', left: hold.amount }
  const whole = state.releasing(hold, 'void', command.id)
  return accept(state.add({ ...whole, kind: 'capture', amount }, draft))
}

function decideVoid(state: ShardState, command: Void, draft: Draft): Decision {
  const hold = state.holds.get(command.hold)
  if (hold === undefined) return refuse('hold_resolved')
  return accept(state.add(state.releasing(hold, 'void', command.id), draft))
}

function decideRefund(state: ShardState, command: Refund, draft: Draft): Decision {
  const refundable = state.refundables.get(command.payment)
  if (refundable === undefined) return refuse('payment_not_found')
  const { payment } = refundable
  if (payment.kind !== 'payment' && payment.kind !== 'capture') return refuse('not_refundable')
  const left = payment.amount - refundable.refunded
  const amount = command.amount ?? left
  if (amount > left || left === 0n) return { ok: false, code: 'refund_exceeds_payment', left }
  const debit = state.slotOf(payment.credit)
  const credit = state.slotOf(payment.debit)
  assert(debit !== undefined && credit !== undefined, 'a known payment has known accounts')
  const short = fundsRefusal(state, debit, credit, amount)
  if (short !== undefined) return short
  const { category, offer, device } = payment
  const facts = { category, offer, device, reference: command.reference ?? '' }
  const { id } = command
  return accept(
    state.add(
      { kind: 'refund', id, debit, credit, amount, ttlS: 0, origin: payment.sequence, facts },
      draft,
    ),
  )
}

/** Everything that can speak against moving money between two accounts, in the order it is told. */
function refusal(
  state: ShardState,
  debit: Slot,
  credit: Slot,
  command: Pay | Hold,
  draft: Draft,
  isSpending: boolean,
): Refused | undefined {
  if (!state.accounts.sameAsset(debit, credit)) return refuse('asset_mismatch')
  const { amount } = command
  if (isSpending) {
    const window = state.windows.refuses({
      slot: debit,
      amount,
      merchant: state.accounts.numberAt(credit),
      category: command.category ?? '',
      offer: command.offer ?? '',
      atMs: draft.atMs,
    })
    if (window !== undefined) return { ok: false, code: 'window_exceeded', window }
  }
  return fundsRefusal(state, debit, credit, amount)
}

function fundsRefusal(
  state: ShardState,
  debit: Slot,
  credit: Slot,
  amount: bigint,
): Refused | undefined {
  const available = state.accounts.availableAt(debit)
  if (available !== undefined && available < amount) {
    return { ok: false, code: 'insufficient_funds', left: available < 0n ? 0n : available }
  }
  if (!state.accounts.hasRoom(debit, credit, amount)) return refuse('balance_overflow')
  return undefined
}

/**
 * The answer to a command whose id is already in the journal: the first answer again if it asks
 * for the same, `key_reused` if it does not.
 */
export function replay(command: Command, first: Transfer, origin: Transfer | undefined): Decision {
  return asksForTheSame(command, first, origin)
    ? { ok: true, transfer: first, replayed: true }
    : refuse('key_reused')
}

function asksForTheSame(command: Command, first: Transfer, origin: Transfer | undefined): boolean {
  const amount = amountOf(command)
  const sameAmount = amount === undefined || amount === first.amount
  switch (command.type) {
    case 'pay':
      return first.kind === (command.kind ?? 'payment') && sameMovement(command, first)
    case 'hold':
      return first.kind === 'hold' && first.ttlS === command.ttlS && sameMovement(command, first)
    case 'capture':
      return (
        first.kind === 'capture' &&
        origin?.id === command.hold &&
        first.amount === (command.amount ?? origin.amount)
      )
    case 'void':
      return first.kind === 'void' && origin?.id === command.hold
    case 'refund':
      return (
        first.kind === 'refund' &&
        origin?.id === command.payment &&
        sameAmount &&
        first.reference === (command.reference ?? '')
      )
  }
}

/** The device is how a payment was sent, not what was asked for: a retry may come from another. */
function sameMovement(command: Pay | Hold, first: Transfer): boolean {
  return (
    command.debit === first.debit &&
    command.credit === first.credit &&
    command.amount === first.amount &&
    (command.category ?? '') === first.category &&
    (command.offer ?? '') === first.offer &&
    (command.reference ?? '') === first.reference
  )
}

export function refuse(code: RefusalCode): Refused {
  return { ok: false, code }
}

function accept(transfer: Transfer): Accepted {
  return { ok: true, transfer, replayed: false }
}
