import { createHash } from 'node:crypto'
import { type AccountRow, AccountTable, type Slot } from './accounts.ts'
import { assert } from './assert.ts'
import type { TransferEncoder } from './encode.ts'
import { expiresAtMs, OpenHolds } from './holds.ts'
import { accountId, numberOf, RESERVED_PREFIX } from './ids.ts'
import type { ScopedUse } from './limits.ts'
import type {
  AccountId,
  AccountView,
  Sequence,
  Transfer,
  TransferFacts,
  TransferId,
  TransferKind,
} from './model.ts'
import type { UndoLog } from './undo.ts'
import { Windows } from './windows.ts'

/** A payment or capture that refunds point at, and how much of it was given back. */
export interface Refundable {
  readonly payment: Transfer
  refunded: bigint
  /** When the windows counted it: a capture was counted with its hold. */
  readonly countedAtMs: number
  /** Sequence of the last refund decided here: not forgotten before that is committed. */
  touched: Sequence
}

/** Where decided transfers go until they are committed. */
export interface Draft {
  readonly atMs: number
  readonly encoder: TransferEncoder
  readonly undo: UndoLog
  readonly transfers: Transfer[]
}

/** What a new transfer says, before the journal gives it its place. */
export interface Movement {
  readonly kind: TransferKind
  readonly id: TransferId
  readonly debit: Slot
  readonly credit: Slot
  readonly amount: bigint
  readonly ttlS: number
  readonly origin: Sequence
  readonly facts: TransferFacts
}

/** Which sides of a transfer to apply when the journal is folded into states of different age. */
export interface Sides {
  readonly debit: boolean
  readonly credit: boolean
}

const BOTH_SIDES: Sides = { debit: true, credit: true }

/**
 * A shard in memory: what the writer decides from. `add` appends a decided transfer and changes
 * the state; `apply` makes the same change for a transfer read back from the journal.
 */
export class ShardState {
  readonly shard: number
  readonly accounts = new AccountTable()
  readonly windows = new Windows(this.accounts)
  readonly holds = new OpenHolds()
  readonly refundables = new Map<TransferId, Refundable>()
  /** The number that the next transfer gets. */
  nextSequence: Sequence
  /** Journal time of the last transfer. */
  lastAtMs = 0

  constructor(shard: number, nextSequence: Sequence) {
    this.shard = shard
    this.nextSequence = nextSequence
  }

  load(row: AccountRow, scoped: ReadonlyMap<string, ScopedUse>): Slot {
    this.windows.load(row.number, scoped)
    return this.accounts.add(row)
  }

  slotOf(id: AccountId): Slot | undefined {
    return this.accounts.slotOf(numberOf(id))
  }

  /** Forgets cold accounts until `count` are gone or none is left that may go. Returns how many. */
  evict(count: number, committed: Sequence): number {
    return this.accounts.evict(count, committed, (number) => this.windows.forget(number))
  }

  /** Appends a transfer that was decided, and changes the state as it says. */
  add(movement: Movement, draft: Draft): Transfer {
    const { accounts } = this
    const { debit, credit, facts } = movement
    const transfer: Transfer = {
      shard: this.shard,
      sequence: this.nextSequence,
      id: movement.id,
      kind: movement.kind,
      debit: accountId(this.shard, accounts.numberAt(debit)),
      credit: accountId(this.shard, accounts.numberAt(credit)),
      amount: movement.amount,
      atMs: draft.atMs,
      ttlS: movement.ttlS,
      origin: movement.origin,
      previousDebit: accounts.lastSequenceAt(debit),
      previousCredit: accounts.lastSequenceAt(credit),
      category: facts.category ?? '',
      offer: facts.offer ?? '',
      reference: facts.reference ?? '',
      device: facts.device ?? '',
    }
    draft.undo.keep(accounts, debit)
    draft.undo.keep(accounts, credit)
    this.#change(transfer, debit, credit, BOTH_SIDES, draft.undo)
    draft.encoder.add(transfer)
    draft.transfers.push(transfer)
    this.nextSequence += 1
    this.lastAtMs = draft.atMs
    return transfer
  }

  /**
   * Folds a transfer of the journal into the state, on the sides that do not have it yet. `debit` and
   * `credit`: where its accounts are.
   */
  apply(transfer: Transfer, debit: Slot, credit: Slot, sides: Sides): void {
    assert(transfer.sequence === this.nextSequence, 'the journal is folded in order')
    this.#change(transfer, debit, credit, sides, undefined)
    this.nextSequence += 1
    this.lastAtMs = transfer.atMs
  }

  #change(
    transfer: Transfer,
    debit: Slot,
    credit: Slot,
    sides: Sides,
    undo: UndoLog | undefined,
  ): void {
    switch (transfer.kind) {
      case 'payment':
      case 'topup':
      case 'movement':
        this.#post(debit, credit, transfer.amount, sides)
        if (transfer.kind === 'payment' && sides.debit)
          this.windows.count(spending(transfer, debit), undo)
        break
      case 'hold':
        this.#reserve(debit, credit, transfer.amount, sides)
        if (sides.debit) this.windows.count(spending(transfer, debit), undo)
        this.holds.add(transfer)
        undo?.step(() => this.holds.remove(transfer))
        break
      case 'capture':
      case 'void':
      case 'expire':
        this.#resolve(transfer, debit, credit, sides, undo)
        break
      case 'refund':
        this.#post(debit, credit, transfer.amount, sides)
        this.#giveBack(transfer, credit, sides, undo)
        break
    }
    if (sides.debit) this.accounts.setLastSequence(debit, transfer.sequence)
    if (sides.credit) this.accounts.setLastSequence(credit, transfer.sequence)
  }

  #post(debit: Slot, credit: Slot, amount: bigint, sides: Sides): void {
    if (sides.debit) this.accounts.addDebitsPosted(debit, amount)
    if (sides.credit) this.accounts.addCreditsPosted(credit, amount)
  }

  #reserve(debit: Slot, credit: Slot, amount: bigint, sides: Sides): void {
    if (sides.debit) this.accounts.addDebitsPending(debit, amount)
    if (sides.credit) this.accounts.addCreditsPending(credit, amount)
  }

  #resolve(
    transfer: Transfer,
    debit: Slot,
    credit: Slot,
    sides: Sides,
    undo: UndoLog | undefined,
  ): void {
    const hold = this.holds.at(transfer.origin)
    assert(hold !== undefined, 'a hold is resolved once')
    this.#reserve(debit, credit, -hold.amount, sides)
    const isCapture = transfer.kind === 'capture'
    if (isCapture) this.#post(debit, credit, transfer.amount, sides)
    const released = isCapture ? hold.amount - transfer.amount : hold.amount
    assert(released >= 0n, 'no more is captured than was held')
    if (sides.debit && released > 0n) {
      const given = { ...spending(hold, debit), amount: released }
      this.windows.giveBack(given, isCapture ? 0 : 1, undo)
    }
    this.holds.remove(hold)
    undo?.step(() => this.holds.add(hold))
  }

  /** A refund's credited account is the payer; the windows count where the payment was counted. */
  #giveBack(transfer: Transfer, payer: Slot, sides: Sides, undo: UndoLog | undefined): void {
    const paid = this.#refundableAt(transfer.origin)
    assert(
      paid !== undefined,
      'a refunded payment is loaded before its refund is decided or folded',
    )
    const { refunded, touched } = paid
    paid.refunded += transfer.amount
    paid.touched = transfer.sequence
    assert(paid.refunded <= paid.payment.amount, 'no more is refunded than was paid')
    undo?.step(() => {
      paid.refunded = refunded
      paid.touched = touched
    })
    if (!sides.credit) return
    const { payment, countedAtMs } = paid
    const given = { ...spending(payment, payer), amount: transfer.amount, atMs: countedAtMs }
    this.windows.giveBack(given, 0, undo)
  }

  readonly #refundableBySequence = new Map<Sequence, Refundable>()

  #refundableAt(sequence: Sequence): Refundable | undefined {
    return this.#refundableBySequence.get(sequence)
  }

  /** `hold`: what the payment captured, if it is a capture. */
  rememberRefundable(payment: Transfer, refunded: bigint, hold: Transfer | undefined): Refundable {
    const known = this.refundables.get(payment.id)
    if (known !== undefined) return known
    assert(payment.kind !== 'capture' || hold !== undefined, 'a capture comes with its hold')
    const countedAtMs = (hold ?? payment).atMs
    const refundable: Refundable = { payment, refunded, countedAtMs, touched: 0 }
    this.refundables.set(payment.id, refundable)
    this.#refundableBySequence.set(payment.sequence, refundable)
    return refundable
  }

  /** Keeps at most `count` refunded payments in memory; those with uncommitted refunds stay. */
  trimRefundables(count: number, committed: Sequence): void {
    for (const [id, refundable] of this.refundables) {
      if (this.refundables.size <= count) return
      if (refundable.touched > committed) continue
      this.refundables.delete(id)
      this.#refundableBySequence.delete(refundable.payment.sequence)
    }
  }

  /** Expires every hold that is due at the draft's time, as transfers of their own. */
  expireDue(draft: Draft, room: number): void {
    for (let count = 0; count < room; count++) {
      const hold = this.holds.nextDue(draft.atMs)
      if (hold === undefined) return
      assert(expiresAtMs(hold) <= draft.atMs, 'no hold expires early')
      this.add(this.releasing(hold, 'expire', expiryId(hold.id)), draft)
    }
  }

  /** The movement that gives a whole hold back. */
  releasing(hold: Transfer, kind: 'void' | 'expire', id: TransferId): Movement {
    const debit = this.slotOf(hold.debit)
    const credit = this.slotOf(hold.credit)
    assert(debit !== undefined && credit !== undefined, 'accounts of open holds stay in memory')
    return {
      kind,
      id,
      debit,
      credit,
      amount: hold.amount,
      ttlS: 0,
      origin: hold.sequence,
      facts: hold,
    }
  }

  view(slot: Slot, nowMs: number): AccountView {
    const { accounts } = this
    const state = accounts.stateAt(slot, this.nextSequence - 1)
    const balance = state.creditsPosted - state.debitsPosted
    const overdraft = accounts.overdraftAt(slot)
    const atMs = Math.max(nowMs, this.lastAtMs)
    const spent = this.windows.spent(slot, atMs)
    return {
      id: accountId(this.shard, accounts.numberAt(slot)),
      reference: accounts.referenceAt(slot),
      asset: accounts.assetAt(slot),
      kind: accounts.kindAt(slot),
      overdraft,
      limits: this.windows.book.at(accounts.limitsIndexAt(slot))?.source ?? null,
      debitsPosted: state.debitsPosted,
      creditsPosted: state.creditsPosted,
      debitsPending: state.debitsPending,
      creditsPending: state.creditsPending,
      balance,
      available: overdraft === null ? null : balance - state.debitsPending + overdraft,
      lastSequence: state.lastSequence,
      spentToday: spent.day,
      spentThisMonth: spent.month,
      usage: this.windows.usage(slot, atMs),
    }
  }
}

/** A hold expires once, so its expiry's id follows from its own. */
export function expiryId(hold: TransferId): TransferId {
  const digest = createHash('sha256').update(`expire ${hold}`).digest('hex')
  return RESERVED_PREFIX + digest.slice(0, 32 - RESERVED_PREFIX.length)
}

function spending(transfer: Transfer, slot: Slot) {
  return {
    slot,
    amount: transfer.amount,
    merchant: numberOf(transfer.credit),
    category: transfer.category,
    offer: transfer.offer,
    atMs: transfer.atMs,
  }
}
