/** `npm run bench`: how fast Jeon is on this machine, as a table and as JSON. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, dropDatabase, eraseEmbeddedPostgres } from '@jeon/postgres'
import { best, findFalls, readBaseline, writeBaseline } from './baseline.ts'
import type { Bench } from './bench.ts'
import { startDatabase } from './database.ts'
import { measureSync, type SyncTime } from './disk.ts'
import { readResults, writeDocs } from './docs.ts'
import { describeMachine, loadNow, readSettings } from './machine.ts'
import { helpText, type Options, readOptions } from './options.ts'
import { PART_NAMES, PARTS } from './parts/index.ts'
import { createProgress, type Progress } from './progress.ts'
import { addRatios } from './ratios.ts'
import { Report, type Results } from './report.ts'
import { fullSizes, quickSizes, type Sizes, smallGrowth } from './sizes.ts'
import { tableHead, tableRow, verdict } from './table.ts'

const QUIET_LOAD = 0.5
const SYNC_BYTES = [4 * 2 ** 10, 2 ** 20] as const
const ERASE_ATTEMPTS = 3

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  const progress = createProgress(process.stdout)
  if (options.help) {
    process.stdout.write(helpText)
    return 0
  }
  if (options.docsFrom !== undefined) {
    await writeDocs(await readResults(options.docsFrom))
    progress.say('docs/benchmarks.md is written')
    return 0
  }
  const results = await measure(options, progress)
  if (options.jsonFile !== undefined) {
    await writeFile(options.jsonFile, `${JSON.stringify(results, null, 2)}\n`)
  }
  if (options.writesDocs) await writeDocs(results)
  if (options.writesBaseline) await writeBaseline(results.measures)
  const missed = results.measures.filter((each) => verdict(each) === 'NOT MET').length
  tellEnd(missed, options, progress)
  if (results.failures.length > 0) return 1
  return options.checks ? judgeQuick(options, results, progress) : 0
}

/**
 * Exit code of the quick form: 1 when a ratio fell by half. Measured a second time before that is
 * said, since a busy machine can make a ratio fall, but seldom the same one twice.
 */
async function judgeQuick(options: Options, first: Results, progress: Progress): Promise<number> {
  const baseline = await readBaseline()
  let falls = findFalls(baseline, first.measures)
  if (falls.length > 0) {
    progress.say('\nA ratio fell by half. Measuring once more, to be sure.')
    const second = await measure(options, progress)
    falls = [...second.failures, ...findFalls(baseline, best(first.measures, second.measures))]
  }
  if (falls.length === 0) {
    progress.say('\nNo ratio fell by half against bench/baseline.json.')
    return 0
  }
  progress.say('\nFell by half or more against bench/baseline.json, twice:')
  for (const fall of falls) progress.say(`  ${fall}`)
  return 1
}

async function measure(options: Options, progress: Progress): Promise<Results> {
  const begun = performance.now()
  const loadBefore = loadNow()
  const cleanUp: (() => Promise<void>)[] = []
  let isStopped = false
  const isStopping = () => isStopped
  const stop = stopOnSignal(progress, () => {
    isStopped = true
    return runAll(cleanUp)
  })
  try {
    const directory = await mkdtemp(join(options.directory ?? tmpdir(), 'jeon-bench-'))
    // PostgreSQL, as another user, has to come through.
    await chmod(directory, 0o755)
    cleanUp.push(() => remove(directory))
    progress.now('starting PostgreSQL')
    const server = await startDatabase(join(directory, 'postgres'), (text) => progress.now(text))
    cleanUp.push(() => server.stop())

    const sizes = sizesOf(options)
    const machine = await describeMachine(server.url, loadBefore)
    const settings = await readSettings(server.url)
    const sync: SyncTime[] = []
    for (const bytes of SYNC_BYTES) {
      progress.now('the disk')
      sync.push(await measureSync(directory, bytes, sizes.syncWrites))
    }
    const report = new Report((each) => progress.say(tableRow(each)))
    const date = new Date().toISOString()
    const facts = {
      date,
      command: commandOf(options),
      isQuick: options.isQuick,
      machine,
      sync,
      settings,
    }
    tellHead(facts, progress)
    const bench: Bench = {
      sizes,
      report,
      progress,
      directory,
      cleanUp,
      database: (name) => createDatabase(server.url, name),
      drop: (url) => dropDatabase(server.url, new URL(url).pathname.slice(1)),
    }
    const failures: string[] = []
    for (const part of options.parts) {
      await PARTS[part](bench).catch((error: unknown) => {
        if (isStopping()) throw error
        const text = error instanceof Error ? error.message : String(error)
        failures.push(`${part}: ${text}`)
        progress.say(`The part ${part} failed: ${text}`)
      })
    }
    addRatios(report, options.isQuick ? 'best' : 'median')
    const { measures, notes } = report
    const tookS = Math.round((performance.now() - begun) / 1_000)
    return { format: 1, ...facts, tookS, measures, notes, failures }
  } finally {
    stop()
    await runAll(cleanUp)
  }
}

function sizesOf({ isQuick, smallGrowth: isSmall, parts }: Options): Sizes {
  const sizes = isQuick ? quickSizes : fullSizes
  if (!isSmall && !(isQuick && parts.includes('growth'))) return sizes
  return { ...sizes, growth: smallGrowth }
}

function commandOf({ isQuick, parts }: Options): string {
  const all = parts.length >= PART_NAMES.length - (isQuick ? 1 : 0)
  const flags = [...(isQuick ? ['--quick'] : []), ...(all ? [] : [`--only ${parts.join(',')}`])]
  return ['npm run bench', ...(flags.length > 0 ? ['--', ...flags] : [])].join(' ')
}

function tellHead(
  { machine, sync, settings, date }: Pick<Results, 'machine' | 'sync' | 'settings' | 'date'>,
  progress: Progress,
): void {
  progress.say(`
${date}   ${machine.cores} cores, ${machine.cpu}, ${machine.memoryGB} GB, ${machine.system}
Node ${machine.node}, PostgreSQL ${machine.postgres} on the same cores, load before the start ${machine.loadBefore}
${sync.map(({ bytes, p50, p99 }) => `fdatasync of ${bytes / 1024} KiB: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`).join('; ')}
${settings.map(({ name, value }) => `${name}=${value}`).join(' ')}`)
  if (machine.loadBefore > QUIET_LOAD) {
    progress.say('Something else is at work on this machine: the figures will be too low.')
  }
  progress.say(`\n${tableHead()}`)
}

function tellEnd(
  missed: number,
  { isQuick, jsonFile, writesDocs }: Options,
  progress: Progress,
): void {
  if (!isQuick)
    progress.say(missed === 0 ? '\nEvery target is met.' : `\n${missed} targets are not met.`)
  if (jsonFile !== undefined) progress.say(`The figures are in ${jsonFile}.`)
  if (writesDocs) progress.say('docs/benchmarks.md is written.')
}

/** Ctrl-C takes everything down that was started. */
function stopOnSignal(progress: Progress, takeDown: () => Promise<void>): () => void {
  const stop = () => {
    progress.say('\nstopping …')
    takeDown().finally(() => process.exit(130))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  return () => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

async function runAll(cleanUp: (() => Promise<void>)[]): Promise<void> {
  for (let each = cleanUp.pop(); each !== undefined; each = cleanUp.pop()) {
    await each().catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
  }
}

async function remove(directory: string): Promise<void> {
  await eraseEmbeddedPostgres(join(directory, 'postgres'))
  await rm(directory, { recursive: true, force: true, maxRetries: ERASE_ATTEMPTS })
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : error}\n`)
    process.exitCode = 1
  },
)
