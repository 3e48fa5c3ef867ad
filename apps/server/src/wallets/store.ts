import { findAsset } from '@jeon/money'
import type { Database } from '../database.ts'
import type { Wallet } from './model.ts'

/** Keeps which wallets there are and which ledger accounts are theirs. */
export interface WalletStore {
  find(ids: readonly string[]): Promise<Wallet[]>
  save(wallet: Wallet): Promise<void>
}

export function createWalletStore(database: Database): WalletStore {
  return {
    async find(ids) {
      const rows = await database
        .selectFrom('jeon.wallet')
        .innerJoin('jeon.pocket', 'jeon.pocket.wallet_id', 'jeon.wallet.id')
        .select(['id', 'shard', 'merchant_id', 'created_at', 'currency', 'account_id'])
        .where('id', 'in', [...ids])
        .orderBy('account_id')
        .execute()
      const wallets = new Map<string, Wallet>()
      for (const row of rows) {
        const asset = findAsset(row.currency)
        if (asset === undefined) continue
        const pocket = { currency: row.currency, asset, account: Number(row.account_id) }
        const wallet = wallets.get(row.id)
        wallets.set(row.id, {
          id: row.id,
          shard: row.shard,
          merchantId: row.merchant_id,
          createdAtMs: row.created_at.getTime(),
          pockets: [...(wallet?.pockets ?? []), pocket],
        })
      }
      return [...wallets.values()]
    },
    async save(wallet) {
      await database.transaction().execute(async (sql) => {
        await sql
          .insertInto('jeon.wallet')
          .values({
            id: wallet.id,
            shard: wallet.shard,
            merchant_id: wallet.merchantId,
            created_at: new Date(wallet.createdAtMs),
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute()
        await sql
          .insertInto('jeon.pocket')
          .values(
            wallet.pockets.map(({ currency, account }) => ({
              wallet_id: wallet.id,
              currency,
              account_id: account,
            })),
          )
          .onConflict((conflict) => conflict.columns(['wallet_id', 'currency']).doNothing())
          .execute()
      })
    },
  }
}
