import type { Bench } from '../bench.ts'
import type { IdForm } from '../ids.ts'
import { rows } from '../machine.ts'
import type { World } from '../world.ts'

/** How much disk a payment takes, counted over everything in the journal. */
export async function bytesPerPayment(bench: Bench, world: World, form: IdForm): Promise<void> {
  const [size] = await rows(
    world.databaseUrl,
    `SELECT sum(pg_table_size(relid)) AS heap, sum(pg_indexes_size(relid)) AS indexes,
       pg_total_relation_size('ledger.batch') AS batches, (SELECT max(seq) FROM ledger.transfer) AS count
     FROM pg_partition_tree('ledger.transfer') WHERE isleaf`,
    (row) => ({
      heap: Number(row.heap),
      indexes: Number(row.indexes),
      batches: Number(row.batches),
      count: Number(row.count),
    }),
  )
  if (size === undefined || size.count === 0) throw new Error('an empty journal has no size')
  const { heap, indexes, batches, count } = size
  const each = (bytes: number) => Math.round(bytes / count)
  const isTimed = form === 'timed'
  bench.report.add({
    id: isTimed ? 'growth.bytes' : 'growth.bytes_random',
    title: `disk a payment, ${isTimed ? 'time-ordered ids' : 'ids without time'}`,
    counts: `Size of the journal's table, its indexes and its batches, divided by its ${count.toLocaleString('en-US')} transfers. Each payment carries a category of 4 and an offer of 11 bytes.`,
    unit: 'bytes',
    values: [(heap + indexes + batches) / count],
    target: { most: 220 },
    note: `table ${each(heap)}, indexes ${each(indexes)}, batches ${each(batches)}`,
  })
}
