import pg from 'pg'

/** Where a campaign's two databases are. */
export interface TwoDatabases {
  readonly platform: string
  readonly carriers: string
}

/** A purchase or collection as the platform has it. */
export interface OurRow {
  readonly id: string
  readonly kind: 'charge' | 'collection'
  readonly wallet: string
  readonly state: string
  /** Thousandths of a won. */
  readonly amount: bigint
  readonly ended: boolean
  /** How often the carrier was asked in vain since it was last heard. */
  readonly attempts: number
  readonly reason: string | null
}

interface TheirRow {
  readonly id: string
  readonly correlator: string
  readonly status: string
  readonly amount: bigint
}

/** Everything that the platform asked its carriers about. */
export async function ourRows(url: string): Promise<readonly OurRow[]> {
  return query(
    url,
    `select id, 'charge' as kind, wallet_id, state, amount, ended_at is not null as ended, attempts, reason_code
     from jeon.rail_charge
     union all
     select id, 'collection', wallet_id, state, amount, ended_at is not null, attempts, reason_code
     from jeon.collection`,
    (row) => ({
      id: String(row.id),
      kind: row.kind === 'charge' ? 'charge' : 'collection',
      wallet: String(row.wallet_id),
      state: String(row.state),
      amount: BigInt(String(row.amount)),
      ended: row.ended === true,
      attempts: Number(row.attempts),
      reason: row.reason_code === null ? null : String(row.reason_code),
    }),
  )
}

/** How much is still under way on either side. */
export async function countOpen({ platform, carriers }: TwoDatabases): Promise<number> {
  const ours = (await ourRows(platform)).filter(({ ended }) => !ended).length
  const theirs = await query(
    carriers,
    `select count(*) as open from carrier.payment where status in ('processing', 'pending_validation', 'reserved')`,
    (row) => Number(row.open),
  )
  return ours + (theirs[0] ?? 0)
}

/**
 * Both lists against each other, from SQL alone: what was settled here was charged there once, with the same amount, and
 * what was charged there is settled here.
 *
 * @returns what is wrong
 */
export async function compareLists(databases: TwoDatabases): Promise<readonly string[]> {
  const ours = await ourRows(databases.platform)
  const theirs = await theirRows(databases.carriers)
  const problems: string[] = []
  const byCorrelator = new Map<string, TheirRow>()
  for (const row of theirs) {
    if (byCorrelator.has(row.correlator)) problems.push(`${row.correlator} is there twice`)
    byCorrelator.set(row.correlator, row)
    if (!ended.includes(row.status)) problems.push(`${row.id} is left ${row.status} at the carrier`)
  }
  const settled = new Set<string>()
  for (const { id, kind, state, amount, ended: isEnded, attempts, reason } of ours) {
    const there = byCorrelator.get(id)
    if (!isEnded) {
      problems.push(`${kind} ${id} is left ${state} after ${attempts} attempts, reason ${reason}`)
    }
    if (state === 'stranded') problems.push(`${kind} ${id} is stranded`)
    if (state === 'settled') settled.add(id)
    const isCharged = there?.status === 'succeeded'
    if (isCharged && state !== 'settled') {
      problems.push(`${kind} ${id} is ${state} here and was charged there: a lost charge`)
    }
    if (!isCharged && state === 'settled') {
      problems.push(`${kind} ${id} is settled here and ${there?.status ?? 'unknown'} there`)
    }
    if (there !== undefined && there.amount !== amount) {
      problems.push(`${kind} ${id} is ${amount} here and ${there.amount} there`)
    }
  }
  for (const { correlator, status } of theirs) {
    if (status === 'succeeded' && !settled.has(correlator)) {
      problems.push(
        `${correlator} was charged there and is not settled here: a double or lost charge`,
      )
    }
  }
  return [...problems, ...(await compareLedgers(databases, ours, theirs))]
}

const ended = ['succeeded', 'denied', 'cancelled']

/** What the lists say is what moved in both ledgers. */
async function compareLedgers(
  { platform, carriers }: TwoDatabases,
  ours: readonly OurRow[],
  theirs: readonly TheirRow[],
): Promise<readonly string[]> {
  const problems: string[] = []
  const settled = sumOf(ours.filter(({ state }) => state === 'settled'))
  const [rail = 0n] = await query(platform, RAIL_SQL, (row) => BigInt(String(row.moved)))
  if (rail !== settled) problems.push(`the rail moved ${rail} and ${settled} is settled`)
  const charged = sumOf(theirs.filter(({ status }) => status === 'succeeded'))
  const [lines = 0n] = await query(carriers, LINES_SQL, (row) => BigInt(String(row.moved)))
  if (lines !== charged)
    problems.push(`lines paid ${lines} in the ledger and ${charged} in the list`)
  return problems
}

/** In through the rail, less what went back. */
const RAIL_SQL = `
  select coalesce(sum(case when debit.reference is not null then t.amount else -t.amount end), 0) as moved
  from ledger.transfer t
  join ledger.transfer_kind k on k.kind = t.kind and k.name in ('topup', 'movement', 'payment')
  left join ledger.account debit
    on debit.shard = t.shard and debit.account = t.debit and debit.kind = 'rail' and debit.reference like '%rail\\_skt%'
  left join ledger.account credit
    on credit.shard = t.shard and credit.account = t.credit and credit.kind = 'rail' and credit.reference like '%rail\\_skt%'
  where debit.reference is not null or credit.reference is not null`

/** What lines paid to merchants, in one step or by carrying out what was reserved. */
const LINES_SQL = `
  select coalesce(sum(t.amount), 0) as moved
  from ledger.transfer t
  join ledger.transfer_kind k on k.kind = t.kind and k.name in ('payment', 'capture')
  join ledger.account payer
    on payer.shard = t.shard and payer.account = t.debit and payer.reference like 'line:%'`

async function theirRows(url: string): Promise<readonly TheirRow[]> {
  return query(
    url,
    `select id, client_correlator, status, amount from carrier.payment where client_id = 'jeon-platform'`,
    (row) => ({
      id: String(row.id),
      correlator: String(row.client_correlator),
      status: String(row.status),
      amount: BigInt(String(row.amount)),
    }),
  )
}

function sumOf(rows: readonly { readonly amount: bigint }[]): bigint {
  return rows.reduce((sum, { amount }) => sum + amount, 0n)
}

async function query<Row>(
  url: string,
  text: string,
  read: (row: Readonly<Record<string, unknown>>) => Row,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(text)
    return rows.map(read)
  } finally {
    await client.end()
  }
}
