import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { isMet, type Measure, type Results } from './report.ts'
import { figure, spread, targetText } from './table.ts'

const PATH = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url))

export async function writeDocs(results: Results): Promise<void> {
  await writeFile(PATH, docsOf(results))
}

/** Reads what `--json` wrote. */
export async function readResults(path: string): Promise<Results> {
  const parsed: Results = JSON.parse(await readFile(path, 'utf8'))
  if (parsed.format !== 1 || !Array.isArray(parsed.measures)) {
    throw new Error(`${path} holds no figures of this bench.`)
  }
  return parsed
}

/** The page, exactly as measured. */
export function docsOf(results: Results): string {
  const { measures, isQuick } = results
  const targeted = measures.filter(({ target }) => target !== undefined)
  const missed = targeted.filter((measure) => isMet(measure) === false)
  return `# How fast it is

Written by the bench itself, exactly as measured; do not edit. Anyone can repeat it:

    ${results.command}
${isQuick ? '\n**These are the figures of the quick form: small sizes, not for comparison.**\n' : ''}
${verdictText(targeted, missed)}
${results.failures.map((failure) => `\n**Could not be measured: ${failure.split('\n')[0]}**\n`).join('')}
${machineText(results)}

## Targets

| measure | measured | target | |
|---|--:|--:|---|
${targeted.map(targetRow).join('\n')}

## All figures

The median of the repetitions, and the smallest and largest of them.

| measure | measured | repetitions |
|---|--:|--:|
${measures.map(figureRow).join('\n')}

## What is counted

${measures.map(countsText).join('\n')}

## Notes

${results.notes.map((note) => `- ${note}`).join('\n')}
`
}

function verdictText(targeted: readonly Measure[], missed: readonly Measure[]): string {
  if (missed.length === 0) return `All ${targeted.length} targets are met.`
  const titles = missed.map(({ title }) => title).join('; ')
  return `${targeted.length - missed.length} of ${targeted.length} targets are met. **Not met: ${titles}.**`
}

function machineText({ date, tookS, machine, sync, settings }: Results): string {
  const disk = sync.map(({ bytes, p50, p99, writes }) => {
    const size = bytes >= 2 ** 20 ? `${bytes / 2 ** 20} MiB` : `${bytes / 2 ** 10} KiB`
    return `| fdatasync of ${size} | p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms (${writes} writes) |`
  })
  const set = settings.map(({ name, value }) => `${name} = ${value}`).join(', ')
  return `| | |
|---|---|
| measured | ${date}, in ${Math.round(tookS / 60)} minutes |
| machine | ${machine.cores} cores, ${machine.cpu}, ${machine.memoryGB} GB memory |
| system | ${machine.system}, Node ${machine.node}, PostgreSQL ${machine.postgres} on the same cores |
| load before the start | ${machine.loadBefore} |
${disk.join('\n')}
| PostgreSQL settings | ${set} |`
}

function targetRow(measure: Measure): string {
  const { title, value, unit, target } = measure
  const met = isMet(measure) === true ? 'met' : '**not met**'
  return `| ${title} | ${figure(value, unit)} | ${targetText(target, unit)} | ${met} |`
}

function figureRow(measure: Measure): string {
  const { title, value, unit, values } = measure
  const several = values.length < 2 ? '1' : `${values.length}: ${spread(measure)}`
  return `| ${title} | ${figure(value, unit)} | ${several} |`
}

function countsText({ title, counts, note }: Measure): string {
  return `- **${title}**: ${counts}${note === undefined ? '' : ` (${note})`}`
}
