import pg from 'pg'

/** What two programs that make the same partition at once may be told, `IF NOT EXISTS` or not. */
const MADE_MEANWHILE = ['23505', '42P07', '42710', '42P17', 'XX000']
const ATTEMPTS_MAX = 20

/** The table that a shard's transfers are written to. */
export function partitionOf(shard: number): string {
  return `ledger.transfer_${shard}`
}

/** The name of the unique index on the ids of a shard, by which a duplicate is known. */
export function idIndexOf(shard: number): string {
  return `transfer_${shard}_id`
}

/** Makes the partition of a shard and its indexes, once. */
export async function ensurePartition(client: pg.ClientBase, shard: number): Promise<void> {
  const partition = partitionOf(shard)
  const made = await client.query('SELECT to_regclass($1) IS NOT NULL AS made', [
    `ledger.transfer_${shard}_origin`,
  ])
  if (made.rows[0]?.made === true) return
  const text = `
    CREATE TABLE IF NOT EXISTS ${partition} PARTITION OF ledger.transfer FOR VALUES IN (${shard});
    CREATE UNIQUE INDEX IF NOT EXISTS transfer_${shard}_seq ON ${partition} (seq);
    CREATE UNIQUE INDEX IF NOT EXISTS ${idIndexOf(shard)} ON ${partition} (id);
    CREATE INDEX IF NOT EXISTS transfer_${shard}_origin ON ${partition} (origin) WHERE origin > 0;`
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(text)
      return
    } catch (error) {
      const code = error instanceof pg.DatabaseError ? error.code : undefined
      if (attempt === ATTEMPTS_MAX || !MADE_MEANWHILE.includes(code ?? '')) throw error
    }
  }
}
