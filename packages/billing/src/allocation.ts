/** Which debts a payment settles. */
import { compareDates } from './calendar.ts'
import { invariant } from './invariant.ts'
import type { CalendarDate } from './model.ts'
import { lesser } from './money.ts'

/** Something open that can be paid in part. */
export interface Debt {
  readonly id: string
  readonly dueOn: CalendarDate
  /** Among debts due on one day the lower is paid first: what a surcharge rests on before the surcharge, say. */
  readonly order: number
  /** Smallest units. */
  readonly open: bigint
}

/** How a payment is shared out: `parts` and `rest` add up to it. */
export interface Allocation {
  readonly parts: readonly { readonly id: string; readonly amount: bigint }[]
  /** What no debt needed. */
  readonly rest: bigint
}

/** Pays debts from the oldest on, each in full before the next. Equal in day and order, the lower id comes first. */
export function allocateOldestFirst(amount: bigint, debts: readonly Debt[]): Allocation {
  invariant(amount >= 0n, 'only money that was paid is shared out')
  invariant(
    debts.every(({ open }) => open >= 0n),
    'a debt is never negative',
  )
  const parts: { id: string; amount: bigint }[] = []
  let rest = amount
  for (const debt of debts.toSorted(byAge)) {
    const part = lesser(debt.open, rest)
    if (part > 0n) parts.push({ id: debt.id, amount: part })
    rest -= part
  }
  invariant(parts.reduce((sum, part) => sum + part.amount, rest) === amount, 'nothing is lost')
  return { parts, rest }
}

function byAge(one: Debt, other: Debt): number {
  const byDay = compareDates(one.dueOn, other.dueOn)
  if (byDay !== 0) return byDay
  if (one.order !== other.order) return one.order - other.order
  return one.id < other.id ? -1 : Number(one.id > other.id)
}
