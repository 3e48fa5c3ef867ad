import type pg from 'pg'
import { ACCOUNT_NUMBER_MAX } from '../ids.ts'
import { limitsToJson } from '../limits.ts'
import type { AccountSpec } from '../model.ts'

/** An account was asked for again, but as something else than it is. */
export class AccountConflict extends Error {
  override readonly name = 'AccountConflict'
  readonly reference: string

  constructor(reference: string) {
    super(`account ${reference} exists with another asset or kind`)
    this.reference = reference
  }
}

/** Opens what does not exist yet, under the lock of the shard's account number. Returns all numbers in order. */
export async function openAccounts(
  client: pg.ClientBase,
  shard: number,
  specs: readonly AccountSpec[],
): Promise<number[]> {
  await client.query('BEGIN')
  try {
    const numbers = await openLocked(client, shard, specs)
    await client.query('COMMIT')
    return numbers
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function openLocked(
  client: pg.ClientBase,
  shard: number,
  specs: readonly AccountSpec[],
): Promise<number[]> {
  const locked = await client.query<{ next: string }>(
    'SELECT next FROM ledger.account_number WHERE shard = $1 FOR UPDATE',
    [shard],
  )
  const known = await knownNumbers(client, shard, specs)
  const missing = new Map<string, AccountSpec>()
  for (const spec of specs) if (!known.has(spec.reference)) missing.set(spec.reference, spec)
  if (missing.size > 0) {
    const first = Number(locked.rows[0]?.next)
    if (first + missing.size - 1 > ACCOUNT_NUMBER_MAX) {
      throw new RangeError(`shard ${shard} has no more account numbers`)
    }
    await insert(client, shard, first, [...missing.values()])
    for (const [at, reference] of [...missing.keys()].entries()) known.set(reference, first + at)
  }
  return specs.map(({ reference }) => known.get(reference) ?? 0)
}

async function knownNumbers(
  client: pg.ClientBase,
  shard: number,
  specs: readonly AccountSpec[],
): Promise<Map<string, number>> {
  const found = await client.query<{
    account: number
    reference: string
    asset: string
    kind: string
  }>(
    'SELECT account, reference, asset, kind FROM ledger.account WHERE shard = $1 AND reference = ANY($2::text[])',
    [shard, specs.map(({ reference }) => reference)],
  )
  const rows = new Map(found.rows.map((row) => [row.reference, row]))
  for (const { reference, asset, kind } of specs) {
    const row = rows.get(reference)
    if (row !== undefined && (row.asset !== asset || row.kind !== kind)) {
      throw new AccountConflict(reference)
    }
  }
  return new Map(found.rows.map(({ reference, account }) => [reference, account]))
}

async function insert(
  client: pg.ClientBase,
  shard: number,
  first: number,
  specs: readonly AccountSpec[],
): Promise<void> {
  const overdrafts = specs.map(({ overdraft }) =>
    overdraft === null ? null : String(overdraft ?? 0n),
  )
  await client.query(
    `INSERT INTO ledger.account (shard, account, reference, asset, kind, overdraft, overdraft_widest, limits)
     SELECT $1, $2 + d.at - 1, d.reference, d.asset, d.kind, d.overdraft, d.overdraft, d.limits
     FROM unnest($3::text[], $4::text[], $5::text[], $6::int8[], $7::jsonb[])
       WITH ORDINALITY AS d (reference, asset, kind, overdraft, limits, at)`,
    [
      shard,
      first,
      specs.map(({ reference }) => reference),
      specs.map(({ asset }) => asset),
      specs.map(({ kind }) => kind),
      overdrafts,
      specs.map(({ limits }) => (limits === undefined ? null : limitsToJson(limits))),
    ],
  )
  await client.query('UPDATE ledger.account_number SET next = $2 WHERE shard = $1', [
    shard,
    first + specs.length,
  ])
}
