import type { AccountId, Ledger, Transfer } from '@jeon/ledger'

/** Posted balances by account. */
export type Balances = ReadonlyMap<AccountId, bigint>

/** What committed transfers make of balances: code of its own, so that it can differ from the ledger's. */
export function folded(before: Balances, transfers: readonly Transfer[]): Balances {
  const after = new Map(before)
  const add = (account: AccountId, amount: bigint) =>
    after.set(account, (after.get(account) ?? 0n) + amount)
  for (const { kind, debit, credit, amount } of transfers) {
    if (kind === 'hold' || kind === 'void' || kind === 'expire') continue
    add(debit, -amount)
    add(credit, amount)
  }
  return after
}

/** What the ledger says of all accounts that have ever been named by a transfer. */
export async function balancesIn(
  ledger: Ledger,
  transfers: readonly Transfer[],
): Promise<Balances> {
  const ids = new Set(transfers.flatMap(({ debit, credit }) => [debit, credit]))
  const views = await Promise.all([...ids].map((id) => ledger.account(id)))
  return new Map(views.flatMap((view) => (view === undefined ? [] : [[view.id, view.balance]])))
}
