import { calendarOf, type ZoneCalendar } from './calendar.ts'
import type { SpendingLimits, SpendingWindow, WindowScope } from './model.ts'

/** Windows sorted by how they are counted, so that a decision touches only what it must. */
export interface CompiledLimits {
  readonly source: SpendingLimits
  readonly calendar: ZoneCalendar
  /** Scope `all`: counted in the account itself. */
  readonly payment: readonly SpendingWindow[]
  readonly day: readonly SpendingWindow[]
  readonly month: readonly SpendingWindow[]
  /** Per merchant, category or offer, per day or month: counted beside the account. */
  readonly scoped: readonly SpendingWindow[]
  /** One of each period and scope in `scoped`: what is counted, once. */
  readonly counted: readonly SpendingWindow[]
  /** Per merchant, category or offer, for one payment. */
  readonly scopedPayment: readonly SpendingWindow[]
}

/** How much of a scoped window is used; `key` is the day or month it belongs to. */
export interface ScopedUse {
  readonly key: number
  readonly amount: bigint
  readonly count: number
}

/** Every different set of limits once: a million wallets with default limits share one. */
export class LimitBook {
  readonly #compiled: (CompiledLimits | undefined)[] = [undefined]
  readonly #indexOf = new Map<string, number>()
  /** A store gives the same object for the same text, which spares writing it out again. */
  readonly #indexOfObject = new WeakMap<SpendingLimits, number>()

  /** 0 stands for no limits. Throws RangeError for an unknown zone or an impossible maximum. */
  intern(limits: SpendingLimits | null): number {
    if (limits === null) return 0
    const known = this.#indexOfObject.get(limits)
    if (known !== undefined) return known
    const index = this.#internText(limits)
    this.#indexOfObject.set(limits, index)
    return index
  }

  #internText(limits: SpendingLimits): number {
    const text = limitsToJson(limits)
    const known = this.#indexOf.get(text)
    if (known !== undefined) return known
    this.#compiled.push(compile(limits))
    this.#indexOf.set(text, this.#compiled.length - 1)
    return this.#compiled.length - 1
  }

  at(index: number): CompiledLimits | undefined {
    return this.#compiled[index]
  }
}

/** Canonical text, as stored: amounts as decimal strings of smallest units. */
export function limitsToJson(limits: SpendingLimits): string {
  return JSON.stringify({
    zone: limits.zone,
    windows: limits.windows.map((window) => ({
      per: window.per,
      scope: scopeToJson(window.scope),
      ...(window.amountMax === undefined ? {} : { amountMax: String(window.amountMax) }),
      ...(window.countMax === undefined ? {} : { countMax: window.countMax }),
    })),
  })
}

/** Members in one order, so that equal scopes are equal texts. */
function scopeToJson(scope: WindowScope): WindowScope {
  switch (scope.of) {
    case 'all':
    case 'merchant':
      return { of: scope.of }
    case 'category':
      return { of: 'category', category: scope.category }
    case 'offer':
      return { of: 'offer', offer: scope.offer }
  }
}

interface StoredLimits {
  zone: string
  windows: (Omit<SpendingWindow, 'amountMax'> & { amountMax?: string })[]
}

/** The inverse of `limitsToJson`, for a value that the database has already parsed. */
export function limitsFromStored(stored: StoredLimits | null): SpendingLimits | null {
  if (stored === null) return null
  return {
    zone: stored.zone,
    windows: stored.windows.map(({ amountMax, ...window }) => ({
      ...window,
      ...(amountMax === undefined ? {} : { amountMax: BigInt(amountMax) }),
    })),
  }
}

/** Where something is spent, as far as scoped windows tell it apart. */
export interface SpendingPlace {
  /** Number of the credited account. */
  readonly merchant: number
  readonly category: string
  readonly offer: string
}

/** The name under which a scoped window's use is counted at this place; undefined: does not apply. */
export function scopedName(window: SpendingWindow, place: SpendingPlace): string | undefined {
  const { scope } = window
  const { merchant, category, offer } = place
  switch (scope.of) {
    case 'all':
      return undefined
    case 'merchant':
      return `${window.per}:merchant:${merchant}`
    case 'category':
      return scope.category === category ? `${window.per}:category:${category}` : undefined
    case 'offer':
      return scope.offer === offer ? `${window.per}:offer:${offer}` : undefined
  }
}

function compile(limits: SpendingLimits): CompiledLimits {
  for (const window of limits.windows) check(window)
  const overall = limits.windows.filter((window) => window.scope.of === 'all')
  const scoped = limits.windows.filter((window) => window.scope.of !== 'all')
  const scopedByPeriod = scoped.filter((window) => window.per !== 'payment')
  return {
    source: limits,
    calendar: calendarOf(limits.zone),
    payment: overall.filter((window) => window.per === 'payment'),
    day: overall.filter((window) => window.per === 'day'),
    month: overall.filter((window) => window.per === 'month'),
    scoped: scopedByPeriod,
    counted: scopedByPeriod.filter(
      (window, at) => scopedByPeriod.findIndex(sameUse(window)) === at,
    ),
    scopedPayment: scoped.filter((window) => window.per === 'payment'),
  }
}

function sameUse(one: SpendingWindow): (other: SpendingWindow) => boolean {
  const text = JSON.stringify([one.per, one.scope])
  return (other) => JSON.stringify([other.per, other.scope]) === text
}

function check(window: SpendingWindow): void {
  if (window.amountMax !== undefined && window.amountMax < 0n) {
    throw new RangeError('a window cannot allow less than nothing')
  }
  const { countMax } = window
  if (countMax !== undefined && !(Number.isSafeInteger(countMax) && countMax >= 0)) {
    throw new RangeError('a window counts in whole numbers from 0')
  }
}
