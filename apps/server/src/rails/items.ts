import { type MarketProfile, minorOf } from '@jeon/billing'
import type { AccountId, Transfer } from '@jeon/ledger'
import { chargeIds } from './charge-ids.ts'
import type { CollectionItem } from './model.ts'

/** Items in a collection, at most; the rest is summed up in the last one. A bill is read by a person. */
export const itemsMost = 20

/** The smallest amount that a carrier charges, in smallest units. */
export function minorStepOf(profile: MarketProfile): bigint {
  return minorOf(profile, profile.amountStep)
}

/** What an account bought out of its own balance or credit: not what came in from a phone bill for one purchase. */
export function purchasesIn(transfers: readonly Transfer[], account: AccountId): Transfer[] {
  const topups = new Set(transfers.flatMap(({ kind, id }) => (kind === 'topup' ? [id] : [])))
  return transfers.filter(({ kind, id, debit }) => {
    if (debit !== account) return false
    return kind === 'payment' || (kind === 'capture' && !topups.has(chargeIds(id).topup))
  })
}

/** Names for what has none, in the language of the market's bills. */
const unnamed = {
  en: { purchase: 'Purchase', others: 'Other purchases' },
  ko: { purchase: '구매', others: '그 밖의 구매' },
} as const

export function unnamedIn({ languages }: Pick<MarketProfile, 'languages'>) {
  return languages[0] === 'ko' ? unnamed.ko : unnamed.en
}

/** What all of it is called: in no language, since nobody knows that of the bill's reader. */
export function titleOf(items: readonly CollectionItem[]): string {
  return `Jeon × ${items.length}`
}

/** What a purchase is called on the bill. */
export type NameOf = (transfer: Transfer) => string

/**
 * What a collection is for: the newest purchases that make up the sum, newest first. What does not fit on the list, or
 * lies further back than was read, is one last item, so that the items always add up to exactly the sum.
 *
 * @param transfers - of the account, newest first
 */
export function itemsOf(
  transfers: readonly Transfer[],
  account: AccountId,
  sum: bigint,
  nameOf: NameOf,
  others: string,
): CollectionItem[] {
  const items: CollectionItem[] = []
  let left = sum
  for (const transfer of purchasesIn(transfers, account)) {
    if (left === 0n || items.length === itemsMost) break
    // The oldest may have been paid in part by what was in the wallet.
    const isWhole = transfer.amount <= left
    const amount = isWhole ? transfer.amount : left
    items.push({ id: transfer.id, description: nameOf(transfer), amount })
    left -= amount
  }
  if (left === 0n) return items
  const last = items.length === itemsMost ? items.pop() : undefined
  const rest = left + (last?.amount ?? 0n)
  return [...items, { id: 'others', description: others, amount: rest }]
}
