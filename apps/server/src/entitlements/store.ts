import type pg from 'pg'
import type { Database } from '../database.ts'

/** Something a wallet paid for and may use. */
export interface Entitlement {
  readonly shard: number
  readonly sequence: number
  readonly paymentId: string
  readonly walletId: string
  readonly merchantId: string
  readonly offer: string
  readonly unlocks: string
  readonly amount: bigint
  readonly atMs: number
}

/** How much of what was paid at a place of the journal is given back. */
export interface GivenBack {
  readonly shard: number
  readonly sequence: number
  readonly amount: bigint
}

/** Saves what a follower read, in the transaction that moves its cursor. */
export async function saveEntitlements(
  sql: pg.ClientBase,
  entitlements: readonly Entitlement[],
  givenBack: readonly GivenBack[],
): Promise<void> {
  if (entitlements.length > 0) {
    const column = <T>(read: (entitlement: Entitlement) => T) => entitlements.map(read)
    await sql.query(
      `insert into jeon.entitlement
         (shard, sequence, payment_id, wallet_id, merchant_id, offer, unlocks, amount, created_at)
       select * from unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[],
                            $7::text[], $8::bigint[], $9::timestamptz[])
       on conflict (shard, sequence) do nothing`,
      [
        column(({ shard }) => shard),
        column(({ sequence }) => sequence),
        column(({ paymentId }) => paymentId),
        column(({ walletId }) => walletId),
        column(({ merchantId }) => merchantId),
        column(({ offer }) => offer),
        column(({ unlocks }) => unlocks),
        column(({ amount }) => amount),
        column(({ atMs }) => new Date(atMs)),
      ],
    )
  }
  if (givenBack.length > 0) {
    await sql.query(
      `update jeon.entitlement as entitlement set refunded = entitlement.refunded + back.amount
       from (select shard, sequence, sum(amount)::bigint as amount
             from unnest($1::int[], $2::bigint[], $3::bigint[]) as given (shard, sequence, amount)
             group by shard, sequence) as back
       where entitlement.shard = back.shard and entitlement.sequence = back.sequence`,
      [
        givenBack.map(({ shard }) => shard),
        givenBack.map(({ sequence }) => sequence),
        givenBack.map(({ amount }) => amount),
      ],
    )
  }
}

/** The newest payment that lets a wallet use something and that was not wholly given back. */
export async function findEntitlement(
  database: Database,
  walletId: string,
  merchantId: string,
  what: { readonly offer: string; readonly unlocks: string },
): Promise<{ readonly paymentId: string } | undefined> {
  const row = await database
    .selectFrom('jeon.entitlement')
    .select('payment_id')
    .where('wallet_id', '=', walletId)
    .where('merchant_id', '=', merchantId)
    // Whoever paid for this very offer keeps it, even if the merchant gives what it unlocks another name.
    .where((where) =>
      where.or([where('unlocks', '=', what.unlocks), where('offer', '=', what.offer)]),
    )
    .whereRef('refunded', '<', 'amount')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? undefined : { paymentId: row.payment_id }
}
