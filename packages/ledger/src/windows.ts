import { type AccountTable, less, type Slot } from './accounts.ts'
import { type CalendarDay, calendarOf } from './calendar.ts'
import {
  type CompiledLimits,
  LimitBook,
  type ScopedUse,
  type SpendingPlace,
  scopedName,
} from './limits.ts'
import type { SpendingWindow, WindowRefusal, WindowUsage } from './model.ts'
import type { UndoLog } from './undo.ts'

/** What is spent: by which account, how much, where and when. */
export interface Spending extends SpendingPlace {
  readonly slot: Slot
  readonly amount: bigint
  readonly atMs: number
}

/** Zone of the days and months of wallets that have no limits of their own. */
const ZONE_WITHOUT_LIMITS = 'UTC'

/** Decides and counts spending windows. The account keeps overall use; this keeps scoped use. */
export class Windows {
  readonly book = new LimitBook()
  readonly #accounts: AccountTable
  readonly #scoped = new Map<number, Map<string, ScopedUse>>()

  constructor(accounts: AccountTable) {
    this.#accounts = accounts
  }

  /** The first window that the spending would pass, or undefined when all allow it. */
  refuses(spending: Spending): WindowRefusal | undefined {
    const limits = this.book.at(this.#accounts.limitsIndexAt(spending.slot))
    if (limits === undefined) return undefined
    const day = limits.calendar.at(spending.atMs)
    const { slot, amount } = spending
    const accounts = this.#accounts
    for (const window of limits.payment) {
      if (isPassed(window, 0n, 0, amount)) return refusal(window, limits, spending, 0n, 0)
    }
    for (const window of limits.day) {
      const used = accounts.dayAmountAt(slot, day.dayKey)
      const count = accounts.dayCountAt(slot, day.dayKey)
      if (isPassed(window, used, count, amount))
        return refusal(window, limits, spending, used, count)
    }
    for (const window of limits.month) {
      const used = accounts.monthAmountAt(slot, day.monthKey)
      const count = accounts.monthCountAt(slot, day.monthKey)
      if (isPassed(window, used, count, amount))
        return refusal(window, limits, spending, used, count)
    }
    return this.#scopedRefuses(limits, spending, day)
  }

  #scopedRefuses(
    limits: CompiledLimits,
    spending: Spending,
    day: CalendarDay,
  ): WindowRefusal | undefined {
    const { amount } = spending
    for (const window of limits.scopedPayment) {
      if (scopedName(window, spending) === undefined) continue
      if (isPassed(window, 0n, 0, amount)) return refusal(window, limits, spending, 0n, 0)
    }
    for (const window of limits.scoped) {
      const name = scopedName(window, spending)
      if (name === undefined) continue
      const use = this.#useOf(this.#accounts.numberAt(spending.slot), name, keyOf(window, day))
      if (isPassed(window, use.amount, use.count, amount)) {
        return refusal(window, limits, spending, use.amount, use.count)
      }
    }
    return undefined
  }

  /** Counts an accepted spending. The account's state is already kept for undo. */
  count(spending: Spending, undo: UndoLog | undefined): void {
    const limits = this.book.at(this.#accounts.limitsIndexAt(spending.slot))
    const day = (limits?.calendar ?? calendarOf(ZONE_WITHOUT_LIMITS)).at(spending.atMs)
    this.#accounts.use(spending.slot, day.dayKey, day.monthKey, spending.amount, 1)
    if (limits === undefined || limits.counted.length === 0) return
    for (const window of limits.counted) {
      const name = scopedName(window, spending)
      if (name === undefined) continue
      const number = this.#accounts.numberAt(spending.slot)
      const key = keyOf(window, day)
      const use = this.#useOf(number, name, key)
      this.#setUse(
        number,
        name,
        { key, amount: use.amount + spending.amount, count: use.count + 1 },
        undo,
      )
    }
  }

  /**
   * Gives back what an earlier spending used, where its period still runs: a hold that was not
   * taken (`count` 1), or a refund (`count` 0: it still was a payment).
   */
  giveBack(spending: Spending, count: number, undo: UndoLog | undefined): void {
    const limits = this.book.at(this.#accounts.limitsIndexAt(spending.slot))
    const day = (limits?.calendar ?? calendarOf(ZONE_WITHOUT_LIMITS)).at(spending.atMs)
    this.#accounts.unuse(spending.slot, day.dayKey, day.monthKey, spending.amount, count)
    if (limits === undefined || limits.counted.length === 0) return
    const number = this.#accounts.numberAt(spending.slot)
    for (const window of limits.counted) {
      const name = scopedName(window, spending)
      const use = name === undefined ? undefined : this.#scoped.get(number)?.get(name)
      if (name === undefined || use === undefined || use.key !== keyOf(window, day)) continue
      const left = {
        key: use.key,
        amount: less(use.amount, spending.amount),
        count: Math.max(0, use.count - count),
      }
      this.#setUse(number, name, left, undo)
    }
  }

  /** How much of every window of an account is used at `atMs`. */
  usage(slot: Slot, atMs: number): WindowUsage[] {
    const limits = this.book.at(this.#accounts.limitsIndexAt(slot))
    if (limits === undefined) return []
    const day = limits.calendar.at(atMs)
    return limits.source.windows.map((window) => {
      const resetsAtMs = endOf(window, limits, atMs)
      if (window.scope.of !== 'all' || window.per === 'payment') {
        const most = this.#mostUsed(slot, window, day)
        return { window, amountUsed: most.amount, countUsed: most.count, resetsAtMs }
      }
      const isDay = window.per === 'day'
      const amountUsed = isDay
        ? this.#accounts.dayAmountAt(slot, day.dayKey)
        : this.#accounts.monthAmountAt(slot, day.monthKey)
      const countUsed = isDay
        ? this.#accounts.dayCountAt(slot, day.dayKey)
        : this.#accounts.monthCountAt(slot, day.monthKey)
      return { window, amountUsed, countUsed, resetsAtMs }
    })
  }

  /** What the account spent today and this month, with or without limits. */
  spent(slot: Slot, atMs: number): { readonly day: bigint; readonly month: bigint } {
    const limits = this.book.at(this.#accounts.limitsIndexAt(slot))
    const day = (limits?.calendar ?? calendarOf(ZONE_WITHOUT_LIMITS)).at(atMs)
    return {
      day: this.#accounts.dayAmountAt(slot, day.dayKey),
      month: this.#accounts.monthAmountAt(slot, day.monthKey),
    }
  }

  load(number: number, scoped: ReadonlyMap<string, ScopedUse>): void {
    if (scoped.size > 0) this.#scoped.set(number, new Map(scoped))
  }

  forget(number: number): void {
    this.#scoped.delete(number)
  }

  scopedOf(number: number): ReadonlyMap<string, ScopedUse> | undefined {
    return this.#scoped.get(number)
  }

  /** For a window per merchant: the use at the merchant where it is most used. */
  #mostUsed(slot: Slot, window: SpendingWindow, day: CalendarDay): ScopedUse {
    const none: ScopedUse = { key: 0, amount: 0n, count: 0 }
    const scoped = this.#scoped.get(this.#accounts.numberAt(slot))
    if (scoped === undefined || window.per === 'payment') return none
    const exact = exactName(window)
    const prefix = `${window.per}:merchant:`
    let most = none
    for (const [name, use] of scoped) {
      const applies = exact === undefined ? name.startsWith(prefix) : name === exact
      if (applies && use.key === keyOf(window, day) && use.amount > most.amount) most = use
    }
    return most
  }

  #useOf(number: number, name: string, key: number): ScopedUse {
    const use = this.#scoped.get(number)?.get(name)
    return use !== undefined && use.key === key ? use : { key, amount: 0n, count: 0 }
  }

  #setUse(number: number, name: string, use: ScopedUse, undo: UndoLog | undefined): void {
    let uses = this.#scoped.get(number)
    if (uses === undefined) {
      uses = new Map()
      this.#scoped.set(number, uses)
    }
    const before = uses.get(name)
    uses.set(name, use)
    undo?.step(() => {
      if (before === undefined) this.#scoped.get(number)?.delete(name)
      else this.#scoped.get(number)?.set(name, before)
    })
  }
}

/** The one name that a window of a category or offer is counted under; a window per merchant has many. */
function exactName({ per, scope }: SpendingWindow): string | undefined {
  if (scope.of === 'category') return `${per}:category:${scope.category}`
  return scope.of === 'offer' ? `${per}:offer:${scope.offer}` : undefined
}

function keyOf(window: SpendingWindow, day: CalendarDay): number {
  return window.per === 'day' ? day.dayKey : day.monthKey
}

function isPassed(window: SpendingWindow, used: bigint, count: number, amount: bigint): boolean {
  if (window.amountMax !== undefined && used + amount > window.amountMax) return true
  return window.per !== 'payment' && window.countMax !== undefined && count + 1 > window.countMax
}

function endOf(window: SpendingWindow, limits: CompiledLimits, atMs: number): number | null {
  if (window.per === 'payment') return null
  return window.per === 'day' ? limits.calendar.at(atMs).dayEndMs : limits.calendar.monthEndMs(atMs)
}

function refusal(
  window: SpendingWindow,
  limits: CompiledLimits,
  spending: Spending,
  used: bigint,
  count: number,
): WindowRefusal {
  const amountLeft = window.amountMax === undefined ? null : window.amountMax - used
  const countLeft =
    window.countMax === undefined || window.per === 'payment' ? null : window.countMax - count
  return {
    window,
    amountLeft: amountLeft !== null && amountLeft < 0n ? 0n : amountLeft,
    countLeft: countLeft !== null && countLeft < 0 ? 0 : countLeft,
    resetsAtMs: endOf(window, limits, spending.atMs),
  }
}
