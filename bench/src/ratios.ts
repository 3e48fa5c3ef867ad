import type { Measure, Report, Target } from './report.ts'

interface Ratio {
  readonly id: string
  readonly title: string
  readonly of: string
  readonly by: string
  readonly target?: Target
}

/** Figures of the same run over each other: what stays true on another machine. */
const RATIOS: readonly Ratio[] = [
  {
    id: 'ratio.hot_merchant',
    title: 'a hot merchant / uniform',
    of: 'engine.hot_merchant',
    by: 'engine.uniform',
    target: { least: 0.9 },
  },
  {
    id: 'ratio.hot_payer',
    title: 'a hot payer / uniform',
    of: 'engine.hot_payer',
    by: 'engine.uniform',
    target: { least: 0.5 },
  },
  {
    id: 'ratio.two_shards',
    title: 'two shards / one shard',
    of: 'engine.two_shards',
    by: 'engine.uniform',
  },
  {
    id: 'ratio.random_ids',
    title: 'ids without time / with time',
    of: 'engine.random_ids',
    by: 'engine.uniform',
  },
  {
    id: 'ratio.statement',
    title: 'engine / one SQL statement a payment',
    of: 'engine.uniform',
    by: 'floor.statement',
    target: { least: 20 },
  },
  {
    id: 'ratio.copy',
    title: 'engine / COPY of the same rows',
    of: 'engine.uniform',
    by: 'floor.copy',
  },
  {
    id: 'ratio.http_1',
    title: 'HTTP payments at 1 connection / bare echo at 64',
    of: 'http.payments_1',
    by: 'http.echo_64',
  },
  {
    id: 'ratio.http_16',
    title: 'HTTP payments at 16 connections / bare echo at 64',
    of: 'http.payments_16',
    by: 'http.echo_64',
  },
  {
    id: 'ratio.http',
    title: 'HTTP payments at 64 connections / bare echo',
    of: 'http.payments_64',
    by: 'http.echo_64',
    target: { least: 0.3 },
  },
  {
    id: 'ratio.http_256',
    title: 'HTTP payments at 256 connections / bare echo at 64',
    of: 'http.payments_256',
    by: 'http.echo_64',
    target: { least: 0.3 },
  },
  {
    id: 'ratio.batch',
    title: 'batch endpoint, NDJSON / engine',
    of: 'http.batch_ndjson',
    by: 'engine.uniform',
  },
  {
    id: 'ratio.carrier',
    title: 'carrier decisions at 64 connections / bare echo',
    of: 'carrier.payments_64',
    by: 'carrier.echo_64',
  },
  {
    id: 'ratio.carrier_http',
    title: 'carrier decisions at 64 connections / in process',
    of: 'carrier.payments_64',
    by: 'carrier.decisions',
  },
  {
    id: 'ratio.growth',
    title: 'engine when full / when empty',
    of: 'growth.rate_full',
    by: 'growth.rate_empty',
    target: { least: 0.8 },
  },
]

/**
 * Adds every ratio of which both sides were measured. `from` says which repetition stands for a side:
 * the median; or, where only falls are looked for and the machine may be busy, the best.
 */
export function addRatios(report: Report, from: 'median' | 'best'): void {
  const stand = ({ value, values }: Measure) => (from === 'median' ? value : Math.max(...values))
  const name = from === 'median' ? 'Median' : 'Best repetition'
  for (const { id, title, of, by, target } of RATIOS) {
    const upper = report.find(of)
    const lower = report.find(by)
    if (upper === undefined || lower === undefined) continue
    report.add({
      id,
      title,
      counts: `${name} of "${upper.title}" over that of "${lower.title}".`,
      unit: 'ratio',
      values: [stand(upper) / stand(lower)],
      ...(target === undefined ? {} : { target }),
    })
  }
}
