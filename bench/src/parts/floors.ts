import { migrateLedger } from '@jeon/ledger'
import pg from 'pg'
import { CopyIn, CopyOut } from '../../../packages/ledger/src/postgres/copy.ts'
import type { Bench } from '../bench.ts'
import { IdSource } from '../ids.ts'
import { pump } from '../pump.ts'
import { Dice } from '../statistics.ts'
import { createWorld } from '../world.ts'

/** What the engine is compared with: Postgres without us, and Postgres asked once a payment. */
export async function floors(bench: Bench): Promise<void> {
  await copyFloor(bench)
  await statementFloor(bench)
}

const BATCH_ROWS = 4_096
const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex')
const TRAILER = Buffer.from([0xff, 0xff])

/** The rows that the engine writes, into an equal table, in equal batches, without any decision. */
async function copyFloor({ sizes, report, progress, ...bench }: Bench): Promise<void> {
  const databaseUrl = await bench.database('floor_copy')
  await migrateLedger(databaseUrl)
  const { wallets, merchants } = sizes
  const world = await createWorld({ databaseUrl, shards: [0], wallets: wallets / 10, merchants })
  await pump(world, { count: sizes.copyRows, pattern: 'uniform' })
  await world.ledger.close()
  const batches = await readBatches(databaseUrl)
  const clients = await connect(databaseUrl, 2)
  const values: number[] = []
  for (let turn = 1; turn <= sizes.repetitions; turn++) {
    progress.now(`COPY of the same rows, ${turn} of ${sizes.repetitions}`)
    await clients[0]?.query('DROP TABLE IF EXISTS floor_transfer')
    await clients[0]?.query('CREATE TABLE floor_transfer (LIKE ledger.transfer_0 INCLUDING ALL)')
    let next = 0
    const begun = performance.now()
    await Promise.all(
      clients.map(async (client) => {
        for (;;) {
          const batch = batches[next]
          if (batch === undefined) return
          next += 1
          const copy = new CopyIn('COPY floor_transfer FROM STDIN (FORMAT binary)', batch)
          client.query(copy)
          await copy.done
        }
      }),
    )
    values.push((batches.length * BATCH_ROWS * 1_000) / (performance.now() - begun))
  }
  report.add({
    id: 'floor.copy',
    title: 'floor: COPY of the same rows, nothing decided',
    counts: `Rows of ledger.transfer, made beforehand, copied into an empty table with the same indexes on two sessions; batches of ${BATCH_ROWS.toLocaleString('en-US')} rows, each its own commit waiting for the disk.`,
    unit: 'per second',
    values,
  })
  await Promise.all(clients.map((client) => client.end()))
  await bench.drop(databaseUrl)
}

async function readBatches(databaseUrl: string): Promise<Buffer[]> {
  const [client] = await connect(databaseUrl, 1)
  if (client === undefined) throw new Error('no session')
  const rows: Buffer[] = []
  const copy = new CopyOut(
    'COPY (SELECT * FROM ledger.transfer ORDER BY shard, seq) TO STDOUT (FORMAT binary)',
    (row) => rows.push(Buffer.from(row)),
  )
  client.query(copy)
  await copy.done
  await client.end()
  const batches: Buffer[] = []
  for (let from = 0; from + BATCH_ROWS <= rows.length; from += BATCH_ROWS) {
    batches.push(Buffer.concat([HEADER, ...rows.slice(from, from + BATCH_ROWS), TRAILER]))
  }
  return batches
}

const TABLES = `
CREATE TABLE payer (
  id int4 PRIMARY KEY, balance int8 NOT NULL, payment_max int8 NOT NULL, day date NOT NULL,
  spent_day int8 NOT NULL, day_max int8 NOT NULL, spent_month int8 NOT NULL, month_max int8 NOT NULL
) WITH (fillfactor = 50);
CREATE TABLE merchant (id int4 PRIMARY KEY, balance int8 NOT NULL) WITH (fillfactor = 20);
CREATE TABLE payment (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id uuid NOT NULL UNIQUE,
  payer int4 NOT NULL, merchant int4 NOT NULL, amount int8 NOT NULL,
  at timestamptz NOT NULL DEFAULT now(), category text NOT NULL, offer text NOT NULL
);
CREATE INDEX ON payment (payer, seq);
CREATE INDEX ON payment (merchant, seq);`

const PAY = `
WITH debited AS (
  UPDATE payer SET balance = balance - $4,
    spent_day = CASE WHEN day = current_date THEN spent_day ELSE 0 END + $4,
    spent_month = spent_month + $4, day = current_date
  WHERE id = $2 AND balance >= $4 AND $4 <= payment_max AND spent_month + $4 <= month_max
    AND CASE WHEN day = current_date THEN spent_day ELSE 0 END + $4 <= day_max
  RETURNING id
), credited AS (
  UPDATE merchant SET balance = balance + $4 WHERE id = $3 AND EXISTS (SELECT FROM debited)
)
INSERT INTO payment (id, payer, merchant, amount, category, offer)
SELECT $1, id, $3, $4, $5, $6 FROM debited`

/** How most people would build it: one statement a payment, rows locked by Postgres. */
async function statementFloor({ sizes, report, progress, ...bench }: Bench): Promise<void> {
  const databaseUrl = await bench.database('floor_statement')
  const [client] = await connect(databaseUrl, 1)
  if (client === undefined) throw new Error('no session')
  const { wallets, merchants } = sizes
  await client.query(TABLES)
  await client.query(
    `INSERT INTO payer SELECT id, 1e15, 1e8, current_date, 0, 1e15, 0, 1e16 FROM generate_series(1, ${wallets}) id`,
  )
  await client.query(`INSERT INTO merchant SELECT id, 0 FROM generate_series(1, ${merchants}) id`)
  await client.query('VACUUM ANALYZE')
  await client.end()
  const bySessions: { sessions: number; perSecond: number }[] = []
  for (const sessions of sizes.statementSessions) {
    progress.now(`one statement a payment, ${sessions} sessions`)
    bySessions.push({ sessions, perSecond: await payByStatement(databaseUrl, sizes, sessions) })
  }
  const best = bySessions.reduce((a, b) => (b.perSecond > a.perSecond ? b : a))
  const values = [best.perSecond]
  while (values.length < sizes.repetitions) {
    progress.now(`one statement a payment, ${best.sessions} sessions again`)
    values.push(await payByStatement(databaseUrl, sizes, best.sessions))
  }
  const tried = bySessions.map(
    (each) => `${each.sessions}: ${Math.round(each.perSecond).toLocaleString('en-US')}/s`,
  )
  report.add({
    id: 'floor.statement',
    title: 'floor: one SQL statement a payment, row locks',
    counts: `Committed payments; one prepared statement each (debit the payer if balance and windows allow, credit the merchant, insert with unique id and both histories indexed), uniform over as many wallets and merchants; the best of several numbers of sessions, repeated.`,
    unit: 'per second',
    values,
    note: `sessions tried: ${tried.join(', ')}`,
  })
  await bench.drop(databaseUrl)
}

async function payByStatement(
  databaseUrl: string,
  { wallets, merchants, statementSeconds }: Bench['sizes'],
  sessions: number,
): Promise<number> {
  const clients = await connect(databaseUrl, sessions)
  let paid = 0
  const begun = performance.now()
  const until = begun + statementSeconds * 1_000
  await Promise.all(
    clients.map(async (client, at) => {
      const dice = new Dice(at * 31 + 17)
      const ids = new IdSource(1)
      while (performance.now() < until) {
        ids.refill()
        const payer = 1 + dice.roll(wallets)
        const merchant = 1 + dice.roll(merchants)
        const values = [ids.at(0), payer, merchant, 300, 'news', 'article-100']
        const done = await client.query({ name: 'pay', text: PAY, values })
        if (done.rowCount !== 1) throw new Error('the floor refused a payment')
        paid += 1
      }
    }),
  )
  const tookMs = performance.now() - begun
  await Promise.all(clients.map((client) => client.end()))
  return (paid / tookMs) * 1_000
}

function connect(databaseUrl: string, count: number): Promise<pg.Client[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const client = new pg.Client({ connectionString: databaseUrl })
      await client.connect()
      return client
    }),
  )
}
