/**
 * `npm test`: types and lint side by side, then all tests. Stops at the first stage that fails,
 * says what to do next, and ends with one line of counts from Vitest's own report.
 *
 * With parameters (`npm test -- packages/money`), only the tests that they name.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { countTests, summaryLine, type TestCounts } from './counts.ts'
import { endLeftovers, RUN_VARIABLE } from './leftovers.ts'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const BIN = join(ROOT, 'node_modules', '.bin')
const CHECK_TIMEOUT_MS = 180_000
const TESTS_TIMEOUT_MS = 1_800_000
/** What a shell reports of a program that Ctrl-C ended. */
const INTERRUPTED = 130

interface Stage {
  readonly name: string
  readonly program: string
  readonly parameters: readonly string[]
  readonly advice: string
}

const CHECKS: readonly Stage[] = [
  {
    name: 'types',
    program: 'tsc',
    parameters: ['--noEmit', '--pretty', 'false'],
    advice: 'mend the types above; `npm run types` checks them alone',
  },
  {
    name: 'lint',
    program: 'biome',
    parameters: ['ci', '--colors=off', '.'],
    advice: '`npm run format` mends what can be mended by itself',
  },
]

const run = `${process.pid}-${Date.now()}`
const running = new Set<number>()
let isInterrupted = false

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first lets Vitest take its servers down; launch.mjs ends us at the second.
    if (!isInterrupted) for (const pid of running) process.kill(pid, signal)
    isInterrupted = true
  })
}

process.exitCode = await main(process.argv.slice(2))

async function main(filters: readonly string[]): Promise<number> {
  const begun = performance.now()
  if (filters.length === 0 && !(await runChecks())) return 1
  const directory = await mkdtemp(join(tmpdir(), 'jeon-report-'))
  try {
    return await runTests(filters, join(directory, 'report.json'), begun)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Both at once: one is bound to a core, the other to the disk. */
async function runChecks(): Promise<boolean> {
  say('types and lint …')
  const results = await Promise.all(CHECKS.map(runCheck))
  for (const { stage, passed, output } of results) {
    if (passed || isInterrupted) continue
    process.stdout.write(`\n${output.trim()}\n\n`)
    say(`${stage.name} failed: ${stage.advice}, then \`npm test\` again`)
  }
  return results.every(({ passed }) => passed)
}

async function runCheck(stage: Stage): Promise<{ stage: Stage; passed: boolean; output: string }> {
  const begun = performance.now()
  let output = ''
  const code = await execute(stage.program, stage.parameters, CHECK_TIMEOUT_MS, (text) => {
    output += text
  })
  say(`${code === 0 ? '✓' : '✗'} ${stage.name.padEnd(8)} ${secondsSince(begun)}`)
  return { stage, passed: code === 0, output }
}

async function runTests(
  filters: readonly string[],
  report: string,
  begun: number,
): Promise<number> {
  say(`tests${filters.length === 0 ? '' : `: ${filters.join(' ')}`} …`)
  const testsBegun = performance.now()
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await execute('vitest', ['run', ...reporters, ...filters], TESTS_TIMEOUT_MS)
  const leftovers = await endLeftovers(run)
  if (isInterrupted) {
    say('interrupted')
    return INTERRUPTED
  }
  const counts = countTests(await readFile(report, 'utf8').catch(() => ''))
  if (counts === undefined) {
    say('the tests wrote no report, so they did not run to their end: see above')
    return code === 0 ? 1 : code
  }
  const passed = code === 0 && counts.failed === 0 && leftovers.length === 0
  say(`${passed ? '✓' : '✗'} ${'tests'.padEnd(8)} ${secondsSince(testsBegun)}`)
  conclude(counts, leftovers, passed, begun)
  return passed ? 0 : code || 1
}

function conclude(
  counts: TestCounts,
  leftovers: readonly string[],
  passed: boolean,
  begun: number,
): void {
  for (const leftover of leftovers) say(`left running by the tests, and ended now: ${leftover}`)
  if (!passed && counts.failed === 0 && leftovers.length === 0) {
    say('an error outside of any test: see above')
  }
  say(
    passed
      ? `all is well after ${secondsSince(begun)}; next: npm start`
      : 'next: mend what failed; `npm test -- <part of a file name>` runs that alone',
  )
  process.stdout.write(`${summaryLine(counts)}\n`)
}

function execute(
  program: string,
  parameters: readonly string[],
  timeoutMs: number,
  onOutput?: (text: string) => void,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(join(BIN, program), [...parameters], {
      cwd: ROOT,
      env: { ...process.env, [RUN_VARIABLE]: run },
      stdio: onOutput === undefined ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    })
    if (child.pid !== undefined) running.add(child.pid)
    const timer = setTimeout(() => {
      say(`${program} was ended after ${timeoutMs / 1000} s: something in it hangs`)
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref()
    }, timeoutMs)
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => onOutput?.(text))
    }
    const end = (code: number) => {
      clearTimeout(timer)
      if (child.pid !== undefined) running.delete(child.pid)
      resolve(code)
    }
    child.once('error', (error) => {
      say(`${program} cannot be run: ${error.message}`)
      end(1)
    })
    child.once('close', (code) => end(code ?? 1))
  })
}

function secondsSince(begun: number): string {
  return `${((performance.now() - begun) / 1000).toFixed(1)} s`
}

function say(text: string): void {
  process.stdout.write(`  ${text}\n`)
}
