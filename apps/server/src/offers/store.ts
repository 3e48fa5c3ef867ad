import { findAsset } from '@jeon/money'
import type { Selectable } from 'kysely'
import type { Database, Tables } from '../database.ts'
import type { Offer } from './model.ts'

export interface OfferStore {
  find(merchantId: string, id: string): Promise<Offer | undefined>
  /** A merchant's offers by id, after the given one. */
  list(merchantId: string, after: string, limit: number): Promise<Offer[]>
  /** False when the merchant has an offer of that id already. */
  add(offer: Offer, at: Date): Promise<boolean>
  change(offer: Offer, at: Date): Promise<void>
}

export function createOfferStore(database: Database): OfferStore {
  return {
    async find(merchantId, id) {
      const row = await database
        .selectFrom('jeon.offer')
        .selectAll()
        .where('merchant_id', '=', merchantId)
        .where('id', '=', id)
        .executeTakeFirst()
      return row === undefined ? undefined : offerOf(row)
    },
    async list(merchantId, after, limit) {
      const rows = await database
        .selectFrom('jeon.offer')
        .selectAll()
        .where('merchant_id', '=', merchantId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(offerOf)
    },
    async add(offer, at) {
      const result = await database
        .insertInto('jeon.offer')
        .values({
          merchant_id: offer.merchantId,
          id: offer.id,
          ...changeable(offer),
          created_at: new Date(offer.createdAtMs),
          updated_at: at,
        })
        .onConflict((conflict) => conflict.columns(['merchant_id', 'id']).doNothing())
        .executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    },
    async change(offer, at) {
      await database
        .updateTable('jeon.offer')
        .set({ ...changeable(offer), updated_at: at })
        .where('merchant_id', '=', offer.merchantId)
        .where('id', '=', offer.id)
        .execute()
    },
  }
}

function changeable(offer: Offer) {
  return {
    title: offer.title,
    amount: offer.amount,
    currency: offer.asset.code,
    category: offer.category,
    unlocks: offer.unlocks,
    active: offer.active,
    charge: offer.charge,
  }
}

function offerOf(row: Selectable<Tables['jeon.offer']>): Offer {
  const asset = findAsset(row.currency)
  if (asset === undefined) throw new Error(`offer ${row.id} is priced in ${row.currency}`)
  return {
    merchantId: row.merchant_id,
    id: row.id,
    title: row.title,
    amount: row.amount === null ? null : BigInt(row.amount),
    asset,
    category: row.category,
    unlocks: row.unlocks,
    active: row.active,
    charge: row.charge,
    createdAtMs: row.created_at.getTime(),
  }
}
