import { assert } from './assert.ts'
import type { AccountKind, Sequence } from './model.ts'
import { SlotMap } from './slot-map.ts'

/** An account as a store keeps it; `asOf` is the transfer after which this was its state. */
export interface AccountRow {
  readonly number: number
  readonly reference: string
  readonly asset: string
  readonly kind: AccountKind
  readonly overdraft: bigint | null
  readonly limitsIndex: number
  readonly state: AccountState
}

/** What changes when money moves. */
export interface AccountState {
  readonly asOf: Sequence
  readonly lastSequence: Sequence
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPending: bigint
  readonly dayKey: number
  readonly dayAmount: bigint
  readonly dayCount: number
  readonly monthKey: number
  readonly monthAmount: bigint
  readonly monthCount: number
}

/** Where an account is in the table. Valid until the account is evicted. */
export type Slot = number

// One account is 14 words of 8 bytes. The first ten change with every transfer and are what undo
// copies; the rest changes rarely or never.
const WORDS = 14
/** How many 32-bit words `copyState` writes. */
export const STATE_INTS = 20
const DEBITS_POSTED = 0
const CREDITS_POSTED = 1
const DEBITS_PENDING = 2
const CREDITS_PENDING = 3
const DAY_AMOUNT = 4
const MONTH_AMOUNT = 5
const LAST_SEQUENCE = 6
const DAY_KEY = 14
const MONTH_KEY = 15
const DAY_COUNT = 16
const MONTH_COUNT = 17
const OVERDRAFT = 10
const SAVED_SEQUENCE = 11
const LIMITS = 24
const ASSET = 25
const KIND = 26
const NUMBER = 27

const NO_LIMIT = -1n
export const INT64_MAX = 2n ** 63n - 1n

const KINDS: readonly AccountKind[] = [
  'wallet',
  'merchant',
  'fee',
  'rail',
  'clearing',
  'promo',
  'suspense',
]

/**
 * The accounts that a shard has in memory, packed in one buffer outside the garbage collector's
 * sight: 112 bytes each, so that a million wallets cost neither memory nor pauses.
 */
export class AccountTable {
  #bigs: BigInt64Array
  #ints: Int32Array
  #floats: Float64Array
  #used = 0
  #capacity: number
  readonly #slots = new SlotMap()
  readonly #free: Slot[] = []
  readonly #assets: string[] = []
  /** The caller's names, by slot. */
  readonly #references: string[] = []
  #hand = 0

  constructor(capacity = 1024) {
    this.#capacity = capacity
    const buffer = new ArrayBuffer(capacity * WORDS * 8)
    this.#bigs = new BigInt64Array(buffer)
    this.#ints = new Int32Array(buffer)
    this.#floats = new Float64Array(buffer)
  }

  get size(): number {
    return this.#slots.size
  }

  get bytes(): number {
    return this.#bigs.byteLength
  }

  slotOf(number: number): Slot | undefined {
    return this.#slots.get(number)
  }

  numberAt(slot: Slot): number {
    return this.#ints[slot * 28 + NUMBER]!
  }

  add(row: AccountRow): Slot {
    assert(this.#slots.get(row.number) === undefined, 'an account is loaded once')
    const slot = this.#free.pop() ?? this.#append()
    const big = slot * WORDS
    const int = slot * 28
    this.#ints[int + NUMBER] = row.number
    this.#ints[int + KIND] = KINDS.indexOf(row.kind)
    this.#ints[int + ASSET] = this.#assetIndex(row.asset)
    this.#ints[int + LIMITS] = row.limitsIndex
    this.#bigs[big + OVERDRAFT] = row.overdraft ?? NO_LIMIT
    this.#writeState(slot, row.state)
    this.#slots.add(row.number, slot)
    this.#references[slot] = row.reference
    return slot
  }

  #writeState(slot: Slot, state: AccountState): void {
    const big = slot * WORDS
    const int = slot * 28
    this.#bigs[big + DEBITS_POSTED] = state.debitsPosted
    this.#bigs[big + CREDITS_POSTED] = state.creditsPosted
    this.#bigs[big + DEBITS_PENDING] = state.debitsPending
    this.#bigs[big + CREDITS_PENDING] = state.creditsPending
    this.#bigs[big + DAY_AMOUNT] = state.dayAmount
    this.#bigs[big + MONTH_AMOUNT] = state.monthAmount
    this.#floats[big + LAST_SEQUENCE] = state.lastSequence
    this.#floats[big + SAVED_SEQUENCE] = state.asOf
    this.#ints[int + DAY_KEY] = state.dayKey
    this.#ints[int + MONTH_KEY] = state.monthKey
    this.#ints[int + DAY_COUNT] = state.dayCount
    this.#ints[int + MONTH_COUNT] = state.monthCount
    this.#ints[int + 18] = 0
    this.#ints[int + 19] = 0
  }

  stateAt(slot: Slot, asOf: Sequence): AccountState {
    const big = slot * WORDS
    const int = slot * 28
    return {
      asOf,
      lastSequence: this.#floats[big + LAST_SEQUENCE]!,
      debitsPosted: this.#bigs[big + DEBITS_POSTED]!,
      creditsPosted: this.#bigs[big + CREDITS_POSTED]!,
      debitsPending: this.#bigs[big + DEBITS_PENDING]!,
      creditsPending: this.#bigs[big + CREDITS_PENDING]!,
      dayKey: this.#ints[int + DAY_KEY]!,
      dayAmount: this.#bigs[big + DAY_AMOUNT]!,
      dayCount: this.#ints[int + DAY_COUNT]!,
      monthKey: this.#ints[int + MONTH_KEY]!,
      monthAmount: this.#bigs[big + MONTH_AMOUNT]!,
      monthCount: this.#ints[int + MONTH_COUNT]!,
    }
  }

  referenceAt(slot: Slot): string {
    return this.#references[slot] ?? ''
  }

  assetAt(slot: Slot): string {
    return this.#assets[this.#ints[slot * 28 + ASSET]!]!
  }

  sameAsset(a: Slot, b: Slot): boolean {
    return this.#ints[a * 28 + ASSET] === this.#ints[b * 28 + ASSET]
  }

  kindAt(slot: Slot): AccountKind {
    return KINDS[this.#ints[slot * 28 + KIND]!]!
  }

  limitsIndexAt(slot: Slot): number {
    return this.#ints[slot * 28 + LIMITS]!
  }

  setLimitsIndex(slot: Slot, index: number): void {
    this.#ints[slot * 28 + LIMITS] = index
  }

  overdraftAt(slot: Slot): bigint | null {
    const overdraft = this.#bigs[slot * WORDS + OVERDRAFT]!
    return overdraft === NO_LIMIT ? null : overdraft
  }

  setOverdraft(slot: Slot, overdraft: bigint | null): void {
    this.#bigs[slot * WORDS + OVERDRAFT] = overdraft ?? NO_LIMIT
  }

  lastSequenceAt(slot: Slot): Sequence {
    return this.#floats[slot * WORDS + LAST_SEQUENCE]!
  }

  setLastSequence(slot: Slot, sequence: Sequence): void {
    this.#floats[slot * WORDS + LAST_SEQUENCE] = sequence
  }

  savedSequenceAt(slot: Slot): Sequence {
    return this.#floats[slot * WORDS + SAVED_SEQUENCE]!
  }

  setSavedSequence(slot: Slot, sequence: Sequence): void {
    this.#floats[slot * WORDS + SAVED_SEQUENCE] = sequence
  }

  /** What may still be debited, holds and overdraft counted; undefined: without limit. */
  availableAt(slot: Slot): bigint | undefined {
    const big = slot * WORDS
    const overdraft = this.#bigs[big + OVERDRAFT]!
    if (overdraft === NO_LIMIT) return undefined
    return (
      this.#bigs[big + CREDITS_POSTED]! -
      this.#bigs[big + DEBITS_POSTED]! -
      this.#bigs[big + DEBITS_PENDING]! +
      overdraft
    )
  }

  /** Whether both counters can take `amount` more without leaving int8. */
  hasRoom(debit: Slot, credit: Slot, amount: bigint): boolean {
    const d = debit * WORDS
    const c = credit * WORDS
    return (
      this.#bigs[d + DEBITS_POSTED]! + this.#bigs[d + DEBITS_PENDING]! <= INT64_MAX - amount &&
      this.#bigs[c + CREDITS_POSTED]! + this.#bigs[c + CREDITS_PENDING]! <= INT64_MAX - amount
    )
  }

  addDebitsPosted(slot: Slot, amount: bigint): void {
    this.#bigs[slot * WORDS + DEBITS_POSTED]! += amount
  }

  addCreditsPosted(slot: Slot, amount: bigint): void {
    this.#bigs[slot * WORDS + CREDITS_POSTED]! += amount
  }

  addDebitsPending(slot: Slot, amount: bigint): void {
    const index = slot * WORDS + DEBITS_PENDING
    this.#bigs[index]! += amount
    assert(this.#bigs[index]! >= 0n, 'a hold gives back no more than it reserved')
  }

  addCreditsPending(slot: Slot, amount: bigint): void {
    const index = slot * WORDS + CREDITS_PENDING
    this.#bigs[index]! += amount
    assert(this.#bigs[index]! >= 0n, 'a hold gives back no more than it promised')
  }

  dayAmountAt(slot: Slot, key: number): bigint {
    return this.#ints[slot * 28 + DAY_KEY] === key ? this.#bigs[slot * WORDS + DAY_AMOUNT]! : 0n
  }

  dayCountAt(slot: Slot, key: number): number {
    return this.#ints[slot * 28 + DAY_KEY] === key ? this.#ints[slot * 28 + DAY_COUNT]! : 0
  }

  monthAmountAt(slot: Slot, key: number): bigint {
    return this.#ints[slot * 28 + MONTH_KEY] === key ? this.#bigs[slot * WORDS + MONTH_AMOUNT]! : 0n
  }

  monthCountAt(slot: Slot, key: number): number {
    return this.#ints[slot * 28 + MONTH_KEY] === key ? this.#ints[slot * 28 + MONTH_COUNT]! : 0
  }

  /** Counts `amount` (negative: gives it back) in the day and month; a new period begins at zero. */
  use(slot: Slot, dayKey: number, monthKey: number, amount: bigint, count: number): void {
    const big = slot * WORDS
    const int = slot * 28
    if (this.#ints[int + DAY_KEY] !== dayKey) {
      this.#ints[int + DAY_KEY] = dayKey
      this.#bigs[big + DAY_AMOUNT] = 0n
      this.#ints[int + DAY_COUNT] = 0
    }
    if (this.#ints[int + MONTH_KEY] !== monthKey) {
      this.#ints[int + MONTH_KEY] = monthKey
      this.#bigs[big + MONTH_AMOUNT] = 0n
      this.#ints[int + MONTH_COUNT] = 0
    }
    this.#bigs[big + DAY_AMOUNT]! += amount
    this.#bigs[big + MONTH_AMOUNT]! += amount
    this.#ints[int + DAY_COUNT]! += count
    this.#ints[int + MONTH_COUNT]! += count
  }

  /**
   * Gives use back, but only to periods that still run, and never below zero: a spending that was
   * counted under limits in another zone must not make room for others.
   */
  unuse(slot: Slot, dayKey: number, monthKey: number, amount: bigint, count: number): void {
    const big = slot * WORDS
    const int = slot * 28
    if (this.#ints[int + DAY_KEY] === dayKey) {
      this.#bigs[big + DAY_AMOUNT] = less(this.#bigs[big + DAY_AMOUNT]!, amount)
      this.#ints[int + DAY_COUNT] = Math.max(0, this.#ints[int + DAY_COUNT]! - count)
    }
    if (this.#ints[int + MONTH_KEY] === monthKey) {
      this.#bigs[big + MONTH_AMOUNT] = less(this.#bigs[big + MONTH_AMOUNT]!, amount)
      this.#ints[int + MONTH_COUNT] = Math.max(0, this.#ints[int + MONTH_COUNT]! - count)
    }
  }

  /** Copies what a transfer can change of one account to `into` at `offset` (in ints). */
  copyState(slot: Slot, into: Int32Array, offset: number): void {
    const ints = this.#ints
    const from = slot * 28
    for (let i = 0; i < STATE_INTS; i++) into[offset + i] = ints[from + i]!
  }

  restoreState(slot: Slot, from: Int32Array, offset: number): void {
    const ints = this.#ints
    const to = slot * 28
    for (let i = 0; i < STATE_INTS; i++) ints[to + i] = from[offset + i]!
  }

  /** Slots whose state is newer than what is stored. */
  *unsaved(): Generator<Slot> {
    for (let slot = 0; slot < this.#used; slot++) {
      if (this.lastSequenceAt(slot) <= this.savedSequenceAt(slot)) continue
      if (this.#slots.get(this.numberAt(slot)) === slot) yield slot
    }
  }

  /**
   * Forgets up to `count` accounts that are stored as they are, hold nothing pending and were not
   * touched after `committed`; `forget` is told. Walks round the table, so that all get their turn. Returns how many.
   */
  evict(count: number, committed: Sequence, forget: (number: number) => void): number {
    let evicted = 0
    for (let steps = 0; steps < this.#used && evicted < count; steps++) {
      this.#hand = (this.#hand + 1) % this.#used
      const slot = this.#hand
      const number = this.numberAt(slot)
      if (this.#slots.get(number) !== slot || !this.#isAtRest(slot, committed)) continue
      this.#slots.delete(number)
      this.#references[slot] = ''
      this.#free.push(slot)
      forget(number)
      evicted += 1
    }
    return evicted
  }

  #isAtRest(slot: Slot, committed: Sequence): boolean {
    const last = this.lastSequenceAt(slot)
    return (
      last <= committed &&
      last <= this.savedSequenceAt(slot) &&
      this.#bigs[slot * WORDS + DEBITS_PENDING] === 0n &&
      this.#bigs[slot * WORDS + CREDITS_PENDING] === 0n
    )
  }

  #append(): Slot {
    if (this.#used === this.#capacity) this.#grow()
    this.#used += 1
    return this.#used - 1
  }

  #grow(): void {
    this.#capacity *= 2
    const bigger = new BigInt64Array(this.#capacity * WORDS)
    bigger.set(this.#bigs)
    this.#bigs = bigger
    this.#ints = new Int32Array(bigger.buffer)
    this.#floats = new Float64Array(bigger.buffer)
  }

  #assetIndex(asset: string): number {
    const known = this.#assets.indexOf(asset)
    if (known >= 0) return known
    this.#assets.push(asset)
    return this.#assets.length - 1
  }
}

/** The rest, at least zero. */
export function less(amount: bigint, by: bigint): bigint {
  return amount > by ? amount - by : 0n
}
