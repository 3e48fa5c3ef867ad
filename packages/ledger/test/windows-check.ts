import { calendarOf } from '../src/calendar.ts'
import { numberOf } from '../src/ids.ts'
import type { Sequence, SpendingLimits, SpendingWindow, Transfer } from '../src/model.ts'

/** Limits that hold from a transfer on. */
export interface LimitsFrom {
  readonly from: Sequence
  readonly limits: SpendingLimits | null
  /** They replaced others: what was spent before them is not counted here. */
  readonly isChanged: boolean
}

interface Use {
  amount: bigint
  count: number
}

/**
 * Counts every window of one account again from its journal, each period and scope under a key of
 * its own, so that nothing ever has to be set back. Returns what was passed.
 */
export function checkWindows(
  account: number,
  journal: readonly Transfer[],
  history: readonly LimitsFrom[],
): string[] {
  const problems: string[] = []
  const uses = new Map<string, Use>()
  let current: LimitsFrom | undefined
  for (const transfer of journal) {
    const limits = history.findLast(({ from }) => from <= transfer.sequence)
    if (limits !== current) uses.clear()
    current = limits
    if (limits?.limits == null) continue
    const { zone } = limits.limits
    const isCounted = (one: Transfer) => !limits.isChanged || one.sequence >= limits.from
    for (const [index, window] of limits.limits.windows.entries()) {
      if (limits.isChanged && window.scope.of !== 'all') continue
      const entry = movesWindow(transfer, account, journal, isCounted)
      if (entry === undefined || !applies(window, entry.spent)) continue
      const use = useOf(uses, keyOf(index, window, entry.spent, zone))
      use.amount += entry.amount
      use.count += entry.count
      if (entry.count < 1) continue
      const problem = passed(window, use, transfer.amount)
      if (problem) problems.push(`${transfer.sequence} passes ${JSON.stringify(problem)}`)
    }
  }
  return problems
}

interface Entry {
  /** The payment or hold whose time, merchant, category and offer decide where it counts. */
  readonly spent: Transfer
  readonly amount: bigint
  readonly count: number
}

function movesWindow(
  transfer: Transfer,
  account: number,
  journal: readonly Transfer[],
  isCounted: (transfer: Transfer) => boolean,
): Entry | undefined {
  const { kind, amount } = transfer
  const originOf = (one: Transfer) => journal.find(({ sequence }) => sequence === one.origin)
  if (kind === 'payment' || kind === 'hold') {
    return transfer.debit === account ? { spent: transfer, amount, count: 1 } : undefined
  }
  if (kind === 'topup' || kind === 'movement') return undefined
  const origin = originOf(transfer)
  if (origin === undefined) return undefined
  if (kind === 'refund') {
    if (transfer.credit !== account) return undefined
    const spent = origin.kind === 'capture' ? originOf(origin) : origin
    if (spent === undefined || !isCounted(spent)) return undefined
    return { spent, amount: -amount, count: 0 }
  }
  if (transfer.debit !== account || !isCounted(origin)) return undefined
  if (kind === 'capture') return { spent: origin, amount: amount - origin.amount, count: 0 }
  return { spent: origin, amount: -origin.amount, count: -1 }
}

function applies({ scope }: SpendingWindow, { category, offer }: Transfer): boolean {
  if (scope.of === 'offer') return scope.offer === offer
  return scope.of !== 'category' || scope.category === category
}

/** One use for each window as it is written in the limits: two that are alike do not share. */
function keyOf(index: number, window: SpendingWindow, spent: Transfer, zone: string): string {
  const { dayKey, monthKey } = calendarOf(zone).at(spent.atMs)
  const period =
    window.per === 'payment' ? spent.sequence : window.per === 'day' ? dayKey : monthKey
  const merchant = window.scope.of === 'merchant' ? numberOf(spent.credit) : ''
  return `${index} ${period} ${merchant}`
}

function useOf(uses: Map<string, Use>, key: string): Use {
  const known = uses.get(key)
  if (known !== undefined) return known
  const use = { amount: 0n, count: 0 }
  uses.set(key, use)
  return use
}

function passed(window: SpendingWindow, use: Use, amount: bigint) {
  const { per, amountMax, countMax } = window
  const isTooMuch = amountMax !== undefined && (per === 'payment' ? amount : use.amount) > amountMax
  const isTooOften = per !== 'payment' && countMax !== undefined && use.count > countMax
  if (!isTooMuch && !isTooOften) return undefined
  return {
    per,
    of: window.scope.of,
    max: String(amountMax),
    countMax,
    use: String(use.amount),
    n: use.count,
  }
}
