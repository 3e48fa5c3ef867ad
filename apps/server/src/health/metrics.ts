import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Endpoint } from '../endpoint.ts'

/** Counts what was answered. */
export interface RequestMetrics {
  observe(endpoint: Endpoint, status: number, tookMs: number): void
}

export interface Metrics extends RequestMetrics {
  readonly registry: Registry
  /** Says where a figure comes from that is read when somebody asks. */
  watch(name: string, help: string, read: () => number): void
}

const bucketBoundsMs = [0.5, 1, 2, 5, 10, 20, 50, 100, 250, 500, 1000, 5000]

/** Counted on the way of every payment: prom-client's labels are looked up once, not per request. */
interface Tally {
  readonly method: string
  readonly route: string
  readonly byStatus: Map<number, number>
  readonly times: Histogram.Internal<'method' | 'route'>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'jeon_' })
  const tallies = new Map<Endpoint, Tally>()
  exposeCounts(registry, tallies)
  const times = new Histogram({
    name: 'jeon_http_request_duration_ms',
    help: 'Milliseconds from arrival to answer, by route.',
    labelNames: ['method', 'route'],
    buckets: bucketBoundsMs,
    registers: [registry],
  })
  return {
    registry,
    observe(endpoint, status, tookMs) {
      let tally = tallies.get(endpoint)
      if (tally === undefined) {
        const { method, path: route } = endpoint
        tally = { method, route, byStatus: new Map(), times: times.labels(method, route) }
        tallies.set(endpoint, tally)
      }
      tally.byStatus.set(status, (tally.byStatus.get(status) ?? 0) + 1)
      tally.times.observe(tookMs)
    },
    watch(name, help, read) {
      registry.registerMetric(
        new Gauge({
          name,
          help,
          registers: [],
          collect() {
            this.set(read())
          },
        }),
      )
    },
  }
}

function exposeCounts(registry: Registry, tallies: ReadonlyMap<Endpoint, Tally>): void {
  registry.registerMetric(
    new Counter({
      name: 'jeon_http_requests_total',
      help: 'Requests answered, by route and status.',
      labelNames: ['method', 'route', 'status'],
      registers: [],
      collect() {
        this.reset()
        for (const { method, route, byStatus } of tallies.values()) {
          for (const [status, count] of byStatus) {
            this.inc({ method, route, status: String(status) }, count)
          }
        }
      },
    }),
  )
}
