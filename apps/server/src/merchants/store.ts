import type { Database } from '../database.ts'
import type { Merchant } from './model.ts'

export interface MerchantStore {
  find(id: string): Promise<Merchant | undefined>
  idsOfOrigin(origin: string): Promise<string[]>
  /** Saves a new merchant; one that is there keeps its name and gets the origins it lacks. */
  save(merchant: Merchant): Promise<void>
}

export function createMerchantStore(database: Database): MerchantStore {
  return {
    async find(id) {
      const row = await database
        .selectFrom('jeon.merchant')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const origins = await database
        .selectFrom('jeon.merchant_origin')
        .select('origin')
        .where('merchant_id', '=', id)
        .orderBy('origin')
        .execute()
      return {
        id: row.id,
        name: row.name,
        origins: origins.map(({ origin }) => origin),
        createdAtMs: row.created_at.getTime(),
      }
    },
    async idsOfOrigin(origin) {
      const rows = await database
        .selectFrom('jeon.merchant_origin')
        .select('merchant_id')
        .where('origin', '=', origin)
        .execute()
      return rows.map((row) => row.merchant_id)
    },
    async save(merchant) {
      await database.transaction().execute(async (sql) => {
        await sql
          .insertInto('jeon.merchant')
          .values({
            id: merchant.id,
            name: merchant.name,
            created_at: new Date(merchant.createdAtMs),
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute()
        if (merchant.origins.length === 0) return
        await sql
          .insertInto('jeon.merchant_origin')
          .values(merchant.origins.map((origin) => ({ merchant_id: merchant.id, origin })))
          .onConflict((conflict) => conflict.columns(['merchant_id', 'origin']).doNothing())
          .execute()
      })
    },
  }
}
