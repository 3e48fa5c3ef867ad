import type pg from 'pg'
import { inTransaction } from '../database.ts'
import type { CarrierId } from '../model.ts'
import { Turns } from '../turns.ts'

/**
 * Who may change what a line owes. Receipts, credits, dunning and relief take a line's turn, one after the other; the
 * monthly close takes the turn of all lines of its carrier, chunk by chunk. The locks are PostgreSQL's and end with
 * the transaction, so that a process that dies leaves none behind.
 */
const OF_LINE = 0x6a_6c
const OF_CARRIER = 0x6a_63

/** Who waits for a line waits here, not with a session in hand: one line must not take all of the pool's. */
const queues = new WeakMap<pg.Pool, Turns>()

/** Runs `work` in a transaction while nobody else changes what this line owes. */
export function inTurn<T>(
  pool: pg.Pool,
  line: { readonly id: string; readonly carrier: CarrierId },
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const queue = queues.get(pool) ?? new Turns()
  queues.set(pool, queue)
  return queue.take(line.id, () =>
    inTransaction(pool, async (client) => {
      await holdOffClose(client, line.carrier)
      await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [OF_LINE, line.id])
      return work(client)
    }),
  )
}

/** Takes the turn of a line until the transaction ends. */
export async function takeTurn(client: pg.PoolClient, lineId: string): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [OF_LINE, lineId])
}

/**
 * Keeps the close of a carrier from making bills until the transaction ends, and waits for the chunk that it is at: what
 * is on no bill now will be on none until the commit.
 */
export async function holdOffClose(client: pg.PoolClient, carrier: CarrierId): Promise<void> {
  await client.query('select pg_advisory_xact_lock_shared($1, hashtext($2))', [OF_CARRIER, carrier])
}

/** Runs `work` in a transaction while nobody changes what any line of the carrier owes. */
export function inTurnOfAll<T>(
  pool: pg.Pool,
  carrier: CarrierId,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [OF_CARRIER, carrier])
    return work(client)
  })
}
