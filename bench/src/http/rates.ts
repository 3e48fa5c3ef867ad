import type { Bench } from '../bench.ts'
import type { NewMeasure } from '../report.ts'
import type { LoadResult } from './job.ts'

/** Reports a rate of single requests with its latencies. */
export function addRate(
  { report }: Bench,
  results: readonly LoadResult[],
  measure: Pick<NewMeasure, 'id' | 'title' | 'counts' | 'target'>,
): void {
  const values = results.map(({ perSecond }) => perSecond)
  report.add({ ...measure, unit: 'per second', values })
  for (const [name, times] of [
    ['p50', results.map(({ p50 }) => p50)],
    ['p99', results.map(({ p99 }) => p99)],
  ] as const) {
    report.add({
      id: `${measure.id}_${name}`,
      title: `  ${name}`,
      counts: `From sending a request to having its whole answer, of "${measure.title}".`,
      unit: 'ms',
      values: times,
    })
  }
}

/** The generator's own part of a core, over all repetitions. */
export function share(results: readonly LoadResult[]): string {
  const sum = results.reduce((total, { ownShare }) => total + ownShare, 0)
  return `${Math.round((100 * sum) / Math.max(1, results.length))} %`
}
