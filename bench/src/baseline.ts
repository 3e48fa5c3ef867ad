import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Measure } from './report.ts'

/** Ratios by id, as the quick form measured them once. Times would only say which machine it was. */
export type Baseline = Readonly<Record<string, number>>

const PATH = fileURLToPath(new URL('../baseline.json', import.meta.url))

/** A ratio that fell to less than this part of the committed one is a failure. */
const FALL = 0.5

export async function readBaseline(): Promise<Baseline> {
  const parsed: unknown = JSON.parse(await readFile(PATH, 'utf8'))
  if (typeof parsed !== 'object' || parsed === null)
    throw new Error('bench/baseline.json is no object')
  const entries = Object.entries(parsed)
  for (const [id, ratio] of entries) {
    if (typeof ratio !== 'number') throw new Error(`bench/baseline.json: ${id} is not a number`)
  }
  return Object.fromEntries(entries)
}

export async function writeBaseline(measures: readonly Measure[]): Promise<void> {
  const ratios = measures.filter(({ unit }) => unit === 'ratio')
  const rounded = ratios.map(({ id, value }) => [id, Math.round(value * 100) / 100])
  await writeFile(PATH, `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`)
}

/** What fell by half or more, each as a sentence. A ratio that was not measured is not compared. */
export function findFalls(baseline: Baseline, measures: readonly Measure[]): string[] {
  return measures.flatMap(({ id, title, value, unit }) => {
    const before = baseline[id]
    if (unit !== 'ratio' || before === undefined || value >= before * FALL) return []
    return [`${title} is ${value.toFixed(2)}; it was ${before.toFixed(2)}`]
  })
}

/** Of two runs, the higher of each figure. */
export function best(first: readonly Measure[], second: readonly Measure[]): Measure[] {
  return first.map((measure) => {
    const again = second.find(({ id }) => id === measure.id)
    return again !== undefined && again.value > measure.value ? again : measure
  })
}
