import type { AccountView, Ledger } from '@jeon/ledger'
import { chargeIds } from './charge-ids.ts'
import type { Charge, ChargeState } from './model.ts'

/** States in which the ledger may be ahead of the row, or behind what the row was when the account was read. */
const moving: readonly ChargeState[] = ['intent', 'held', 'charged', 'refused']
/** How far back an account's history may name what is just being moved, in transfers. */
const recentMost = 500

/**
 * What came into a wallet for these purchases and only passes through, in smallest units, at the instant at which its
 * account was read. Too much would be collected though nobody owes it; too little would leave a wallet whose credit is
 * stopped no room to give it back.
 *
 * @param charges - those of the wallet that have not ended, read after the account
 */
export async function passingIn(
  charges: readonly Charge[],
  { id: account, lastSequence }: Pick<AccountView, 'id' | 'lastSequence'>,
  ledger: Pick<Ledger, 'history'>,
): Promise<bigint> {
  const isMoving = charges.some(({ state }) => moving.includes(state))
  const page = { before: lastSequence, limit: recentMost }
  const recent = isMoving ? await ledger.history(account, page) : []
  const booked = new Set(recent.map(({ id }) => id))
  return charges.reduce((sum, { id, state, amount }) => {
    const { topup, capture, back } = chargeIds(id)
    const isIn = booked.has(topup) || !(state === 'intent' || state === 'held')
    const isOut = booked.has(capture) || booked.has(back)
    return isIn && !isOut ? sum + amount : sum
  }, 0n)
}
