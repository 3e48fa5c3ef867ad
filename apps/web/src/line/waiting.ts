import type { CareEntry } from '@jeon/camara'
import type { WaitingPurchase } from './wire.ts'

/**
 * Which purchase of the wallet each waiting row of the carrier's history is. Carrier and platform have ids of their own, so
 * merchant and amount tell; those that are alike are taken in the order in which they were made.
 *
 * @param entries - newest first
 * @param waiting - oldest first
 * @returns by the entry's id
 */
export function waitingRows(
  entries: readonly CareEntry[],
  waiting: readonly WaitingPurchase[],
): ReadonlyMap<string, WaitingPurchase> {
  const left = [...waiting]
  const rows = new Map<string, WaitingPurchase>()
  for (const entry of entries.toReversed()) {
    if (entry.kind !== 'payment' || entry.status !== 'pending_validation') continue
    const index = left.findIndex(
      ({ merchant, amount }) =>
        merchant === entry.merchant.id &&
        amount.currency === entry.currency &&
        Number(amount.amount) === Number(entry.amount),
    )
    const [found] = index < 0 ? [] : left.splice(index, 1)
    if (found !== undefined) rows.set(entry.id, found)
  }
  return rows
}
