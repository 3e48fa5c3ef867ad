import { findAsset } from '@jeon/money'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Database, Tables } from '../database.ts'
import { askedColumns, askedOf } from './charge-store.ts'
import type { Collection } from './model.ts'

export interface CollectionStore {
  /** False when the wallet has one open already. */
  add(collection: Collection): Promise<boolean>
  find(id: string): Promise<Collection | undefined>
  openOf(walletId: string): Promise<Collection | undefined>
  lastOf(walletId: string): Promise<Collection | undefined>
  /** Open ones that are due by then, the oldest first; without a time, all. */
  open(dueMs: number | undefined, limit: number): Promise<Collection[]>
  save(collection: Collection): Promise<void>
}

/** Keeps collections. */
export function createCollectionStore(database: Database): CollectionStore {
  return {
    async add(collection) {
      const result = await database
        .insertInto('jeon.collection')
        .values({
          id: collection.id,
          wallet_id: collection.walletId,
          shard: collection.shard,
          carrier: collection.carrier,
          phone_number: collection.phoneNumber,
          cause: collection.cause,
          amount: collection.amount,
          currency: collection.asset.code,
          details: JSON.stringify(
            collection.items.map(({ id, description, amount }) => ({
              id,
              description,
              amount: String(amount),
            })),
          ),
          description: collection.description,
          profile_version: collection.profileVersion,
          created_at: new Date(collection.createdAtMs),
          ...changesOf(collection),
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    },
    async find(id) {
      const row = await database
        .selectFrom('jeon.collection')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row === undefined ? undefined : collectionOf(row)
    },
    async openOf(walletId) {
      const row = await database
        .selectFrom('jeon.collection')
        .selectAll()
        .where('wallet_id', '=', walletId)
        .where('ended_at', 'is', null)
        .executeTakeFirst()
      return row === undefined ? undefined : collectionOf(row)
    },
    async lastOf(walletId) {
      const row = await database
        .selectFrom('jeon.collection')
        .selectAll()
        .where('wallet_id', '=', walletId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row === undefined ? undefined : collectionOf(row)
    },
    async open(dueMs, limit) {
      let query = database.selectFrom('jeon.collection').selectAll().where('ended_at', 'is', null)
      if (dueMs !== undefined) query = query.where('due_at', '<=', new Date(dueMs))
      const rows = await query.orderBy('due_at').limit(limit).execute()
      return rows.map(collectionOf)
    },
    async save(collection) {
      await database
        .updateTable('jeon.collection')
        .set(changesOf(collection))
        .where('id', '=', collection.id)
        .execute()
    },
  }
}

const details = z.array(
  z.object({ id: z.string(), description: z.string(), amount: z.string().regex(/^\d+$/) }),
)

function changesOf(collection: Collection) {
  return {
    state: collection.state,
    carrier_payment_id: collection.carrierPaymentId,
    ...askedColumns(collection),
  }
}

/** A row as the collection it is. */
export function collectionOf(row: Selectable<Tables['jeon.collection']>): Collection {
  const asset = findAsset(row.currency)
  if (asset === undefined) throw new Error(`collection ${row.id} is in ${row.currency}`)
  return {
    id: row.id,
    walletId: row.wallet_id,
    shard: row.shard,
    carrier: row.carrier,
    phoneNumber: row.phone_number,
    cause: row.cause,
    amount: BigInt(row.amount),
    asset,
    items: details.parse(row.details).map((item) => ({ ...item, amount: BigInt(item.amount) })),
    description: row.description,
    profileVersion: row.profile_version,
    state: row.state,
    carrierPaymentId: row.carrier_payment_id,
    ...askedOf(row),
  }
}
