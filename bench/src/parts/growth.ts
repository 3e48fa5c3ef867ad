import { migrateLedger } from '@jeon/ledger'
import type { Bench } from '../bench.ts'
import { type StageJob, startStage } from '../growth/stage.ts'
import { pump } from '../pump.ts'
import type { GrowthSizes } from '../sizes.ts'
import { createWorld, openLedger, type World } from '../world.ts'
import { bytesPerPayment } from './size.ts'

const MERCHANTS = 1_000
const OPEN_MOST_S = 10
const MEMORY_MOST_MB = 700

/** What becomes of it with time: rate, opening, memory and disk when there is a lot. */
export async function growth(bench: Bench): Promise<void> {
  const { growth: sizes } = bench.sizes
  if (sizes === undefined) return
  const databaseUrl = await bench.database('growth')
  await migrateLedger(databaseUrl)
  let world = await createWorld({
    databaseUrl,
    shards: [0],
    wallets: sizes.wallets,
    merchants: MERCHANTS,
    onProgress: (share) =>
      bench.progress.now(`opening and funding ${say(sizes.wallets)} wallets`, share),
  })
  await rate(bench, world, sizes, 'empty')
  await fill(bench, world, sizes, sizes.half)
  await world.ledger.close()
  await openings(bench, world, sizes)
  world = { ...world, ledger: await openLedger(databaseUrl, [0]) }
  await fill(bench, world, sizes, sizes.full)
  await rate(bench, world, sizes, 'full')
  await bytesPerPayment(bench, world, 'timed')
  await world.ledger.close()
  await bench.drop(databaseUrl)
}

async function rate(
  bench: Bench,
  world: World,
  { sample, active }: GrowthSizes,
  when: 'empty' | 'full',
): Promise<void> {
  const before = transfersOf(world)
  const values: number[] = []
  await pump(world, { count: sample / 2, pattern: 'uniform', active })
  for (let turn = 1; turn <= bench.sizes.repetitions; turn++) {
    bench.progress.now(
      `engine, ${say(transfersOf(world))} transfers`,
      turn / bench.sizes.repetitions,
    )
    const { perSecond } = await pump(world, { count: sample, pattern: 'uniform', active })
    values.push(perSecond)
  }
  bench.report.add({
    id: `growth.rate_${when}`,
    title: `engine, one shard, with ${say(before)} transfers`,
    counts: `As "engine, one shard, uniform": ${say(active)} of the wallets pay ${say(MERCHANTS)} merchants; ${say(sample)} payments a repetition, beginning with ${say(before)} transfers in the journal.`,
    unit: 'per second',
    values,
  })
}

async function fill(
  { progress }: Bench,
  world: World,
  { active }: GrowthSizes,
  goal: number,
): Promise<void> {
  const from = transfersOf(world)
  let toldAt = 0
  await pump(world, {
    count: Math.max(1, goal - from),
    pattern: 'uniform',
    active,
    onProgress: (share) => {
      if (share - toldAt < 0.01) return
      toldAt = share
      progress.now(`paying up to ${say(goal)} transfers`, share)
    },
  })
}

/** Once after a clean close; then every wallet pays, more is paid, and the process is killed in the middle of it. */
async function openings(bench: Bench, world: World, sizes: GrowthSizes): Promise<void> {
  const job = jobOf(world, sizes)
  const { progress, report, directory } = bench
  progress.now('opening after a clean close')
  const stage = await startStage(directory, { ...job, task: 'use' })
  bench.cleanUp.push(() => stage.kill())
  const clean = await stage.next('opened')
  progress.now('paying from every wallet once')
  const known = await stage.next('known')
  progress.now('paying until the kill')
  await stage.next('tail')
  await stage.kill()
  progress.now('opening after kill -9')
  const again = await startStage(directory, { ...job, task: 'open' })
  bench.cleanUp.push(() => again.kill())
  const killed = await again.next('opened')
  const many = `${say(sizes.half)} transfers, ${say(sizes.wallets)} wallets`
  for (const { id, title, event, how } of [
    { id: 'clean', title: 'a clean close', event: clean, how: 'after a clean close' },
    {
      id: 'killed',
      title: 'kill -9',
      event: killed,
      how: `after SIGKILL in the middle of payments from all wallets (${say(sizes.wallets + sizes.tail)} and more since the clean close)`,
    },
  ]) {
    report.add({
      id: `growth.open_${id}`,
      title: `open after ${title}, ${many}`,
      counts: `From Ledger.open in a new process to its first payment being answered, ${how}; ${many}.`,
      unit: 's',
      values: [event.firstMs / 1_000],
      target: { most: OPEN_MOST_S },
    })
  }
  report.add({
    id: 'growth.memory',
    title: `memory with ${say(known.accounts)} accounts known`,
    counts: `Resident memory of a process of its own that opened the ledger and then paid once from every wallet, right after that and without asking for a collection of garbage; peak until then: ${say(known.peakMB)} MB.`,
    unit: 'MB',
    values: [known.rssMB],
    target: { most: MEMORY_MOST_MB },
  })
}

function jobOf(
  { databaseUrl, sides: [side] }: World,
  { tail }: GrowthSizes,
): Omit<StageJob, 'task'> {
  const firstWallet = side?.wallets[0] ?? 0
  const wallets = side?.wallets.length ?? 0
  if (side?.wallets.at(-1) !== firstWallet + wallets - 1) {
    throw new Error('the wallets of this world are not numbered in a row')
  }
  const firstMerchant = side.merchants[0] ?? 0
  return {
    databaseUrl,
    firstWallet,
    wallets,
    firstMerchant,
    merchants: side.merchants.length,
    tail,
  }
}

function transfersOf({ ledger }: World): number {
  return ledger.health()[0]?.lastSequence ?? 0
}

function say(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}
