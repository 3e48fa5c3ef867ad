import { migrateLedger } from '@jeon/ledger'
import type { Bench } from '../bench.ts'
import { IdSource } from '../ids.ts'
import { prove } from '../proof.ts'
import { type PumpPlan, type PumpResult, pump } from '../pump.ts'
import { percentile } from '../statistics.ts'
import { createWorld, type World } from '../world.ts'
import { bytesPerPayment } from './size.ts'

const DURABLE =
  'Accepted payments, each answered after its commit, from the first command to the last answer; submitAll in hands of 2,048, six at a time a shard, made in the same process. Balance and three amount windows (payment, day, month) are checked for each'

/** The ledger alone: decide, append, commit, answer. */
export async function engine(bench: Bench): Promise<void> {
  await oneShard(bench)
  await twoShards(bench)
  await randomIds(bench)
}

/** Turns are mixed, so that what the machine does beside us meets all of them alike. */
async function oneShard(bench: Bench): Promise<void> {
  const { sizes, report } = bench
  const world = await openWorld(bench, 'engine_one', [0])
  const patterns: readonly Shown[] = ['uniform', 'hot merchant', 'hot payer']
  const results = new Map<Shown, PumpResult[]>(patterns.map((pattern) => [pattern, []]))
  for (const pattern of patterns) {
    const count = pattern === 'uniform' ? sizes.warmUp : sizes.warmUp / 4
    await pump(world, { count, pattern })
  }
  for (let turn = 1; turn <= sizes.repetitions; turn++) {
    for (const pattern of patterns) {
      const count = pattern === 'uniform' ? sizes.uniform : sizes.hot
      const title = `engine, ${pattern}, ${turn} of ${sizes.repetitions}`
      results.get(pattern)?.push(await pumpTold(bench, world, title, { count, pattern }))
    }
  }
  for (const pattern of patterns) addRates(bench, pattern, results.get(pattern) ?? [])
  await latency(bench, world)
  report.note(await prove(world))
  await world.ledger.close()
  await bench.drop(world.databaseUrl)
}

type Shown = 'uniform' | 'hot merchant' | 'hot payer'

function addRates({ report, sizes }: Bench, pattern: Shown, results: readonly PumpResult[]): void {
  const { wallets, merchants } = sizes
  const many = wallets.toLocaleString('en-US')
  const who = {
    uniform: `uniform over ${many} wallets and ${merchants.toLocaleString('en-US')} merchants`,
    'hot merchant': `${many} wallets, one merchant`,
    'hot payer': `one wallet, ${merchants.toLocaleString('en-US')} merchants`,
  }[pattern]
  report.add({
    id: `engine.${pattern.replace(' ', '_')}`,
    title: `engine, one shard, ${pattern === 'uniform' ? 'uniform' : `a ${pattern}`}`,
    counts: `${DURABLE}; ${who}.`,
    unit: 'per second',
    values: results.map(({ perSecond }) => perSecond),
    ...(pattern === 'uniform' && isFullSize(wallets) ? { target: { least: 100_000 } } : {}),
  })
  if (pattern !== 'uniform') return
  report.add({
    id: 'engine.own_share',
    title: "the bench's own share of that time",
    counts:
      'Time in which the bench itself made commands and looked at outcomes, of the time above.',
    unit: 'percent',
    values: results.map(({ ownShare }) => ownShare * 100),
  })
}

async function latency(bench: Bench, world: World): Promise<void> {
  const { sizes, report, progress } = bench
  const [side] = world.sides
  if (side === undefined) throw new Error('a world has a side')
  const ids = new IdSource(1)
  const times = new Float64Array(sizes.latency)
  for (let turn = -100; turn < sizes.latency; turn++) {
    ids.refill()
    const at = (turn + 100) % side.wallets.length
    side.paidByWallet[at]! += 1
    side.paidToMerchant[0]! += 1
    const debit = side.wallets[at] ?? 0
    const credit = side.merchants[0] ?? 0
    const begun = performance.now()
    await world.ledger.submit({ type: 'pay', id: ids.at(0), debit, credit, amount: 300n })
    if (turn >= 0) times[turn] = performance.now() - begun
    progress.now('engine, one at a time', turn / sizes.latency)
  }
  for (const [name, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    report.add({
      id: `engine.single_${name}`,
      title: `engine, one payment at a time, ${name}`,
      counts: `From submit to its answer, the next one only afterwards; ${sizes.latency.toLocaleString('en-US')} payments, ${name} of them.`,
      unit: 'ms',
      values: [percentile(times, share)],
    })
  }
}

async function twoShards(bench: Bench): Promise<void> {
  const { sizes, report } = bench
  const world = await openWorld(bench, 'engine_two', [0, 1])
  const plan = { count: sizes.uniform, pattern: 'uniform' } as const
  await pump(world, { ...plan, count: sizes.warmUp })
  const results = await repeat(bench, world, 'engine, two shards', plan)
  report.add({
    id: 'engine.two_shards',
    title: 'engine, two shards in one process, uniform',
    counts: `${DURABLE}; uniform over ${sizes.wallets.toLocaleString('en-US')} wallets, half of them on each shard, and ${sizes.merchants.toLocaleString('en-US')} merchants; both shards together.`,
    unit: 'per second',
    values: results.map(({ perSecond }) => perSecond),
    ...(isFullSize(sizes.wallets) ? { target: { least: 150_000 } } : {}),
  })
  report.note(await prove(world))
  await world.ledger.close()
  await bench.drop(world.databaseUrl)
}

async function randomIds(bench: Bench): Promise<void> {
  const { sizes, report } = bench
  const world = await openWorld(bench, 'engine_random', [0])
  const plan = { count: sizes.random, pattern: 'uniform', ids: 'random' } as const
  await pump(world, { ...plan, count: sizes.warmUp / 4 })
  const results = await repeat(bench, world, 'engine, ids without time', plan)
  report.add({
    id: 'engine.random_ids',
    title: 'engine, one shard, ids without time',
    counts: `${DURABLE}; as uniform, but the ids are random, as those made by hashing a caller's own key are.`,
    unit: 'per second',
    values: results.map(({ perSecond }) => perSecond),
  })
  await bytesPerPayment(bench, world, 'random')
  await world.ledger.close()
  await bench.drop(world.databaseUrl)
}

async function openWorld(bench: Bench, name: string, shards: readonly number[]): Promise<World> {
  const { sizes, progress } = bench
  const databaseUrl = await bench.database(name)
  await migrateLedger(databaseUrl)
  return createWorld({
    databaseUrl,
    shards,
    wallets: sizes.wallets,
    merchants: sizes.merchants,
    onProgress: (share) => progress.now('opening and funding wallets', share),
  })
}

async function repeat(
  bench: Bench,
  world: World,
  title: string,
  plan: PumpPlan,
): Promise<PumpResult[]> {
  const results: PumpResult[] = []
  for (let turn = 1; turn <= bench.sizes.repetitions; turn++) {
    results.push(
      await pumpTold(bench, world, `${title}, ${turn} of ${bench.sizes.repetitions}`, plan),
    )
  }
  return results
}

function pumpTold(bench: Bench, world: World, title: string, plan: PumpPlan): Promise<PumpResult> {
  let toldAt = 0
  return pump(world, {
    ...plan,
    // Seldom, so that telling costs nothing.
    onProgress: (share) => {
      if (share - toldAt < 0.05) return
      toldAt = share
      bench.progress.now(title, share)
    },
  })
}

function isFullSize(wallets: number): boolean {
  return wallets >= 100_000
}
