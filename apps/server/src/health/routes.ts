import type { Ledger } from '@jeon/ledger'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '../database.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { named } from '../schemas.ts'
import type { Metrics } from './metrics.ts'

export interface HealthParts {
  readonly ledger: Ledger
  readonly database: Database
  readonly metrics: Metrics
}

const anyone = [{ by: 'anyone' }] as const
const tag = 'Operation'

const alive = named('Alive', z.strictObject({ status: z.literal('up') }))

const readiness = named(
  'Readiness',
  z.strictObject({
    ready: z.boolean(),
    database: z.boolean(),
    shards: z.array(z.strictObject({ shard: z.int(), state: z.string(), last_sequence: z.int() })),
  }),
)

export function createHealthEndpoints({ ledger, database, metrics }: HealthParts): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/healthz',
      tag,
      summary: 'The process is up',
      ways: anyone,
      replies: { 200: { description: 'It is', schema: alive } },
      handle: () => ({ status: 200, json: { status: 'up' } }),
    }),
    endpoint({
      method: 'GET',
      path: '/readyz',
      tag,
      summary: 'Ready for payments',
      description: 'Every shard is open and the database answers.',
      ways: anyone,
      replies: {
        200: { description: 'Ready', schema: readiness },
        503: { description: 'Not ready', schema: readiness },
      },
      async handle() {
        const shards = ledger
          .health()
          .map(({ shard, state, lastSequence }) => ({ shard, state, last_sequence: lastSequence }))
        const answers = await reachable(database)
        const ready = answers && shards.every(({ state }) => state === 'open')
        return { status: ready ? 200 : 503, json: { ready, database: answers, shards } }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/metrics',
      tag,
      summary: 'Figures for Prometheus',
      ways: anyone,
      replies: { 200: { description: 'Text in the Prometheus format', contentType: 'text/plain' } },
      async handle() {
        const text = await metrics.registry.metrics()
        return { status: 200, text, headers: { 'Content-Type': metrics.registry.contentType } }
      },
    }),
  ]
}

/** Asks the database something small, but not for long. */
async function reachable(database: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), 2_000)
  })
  const answer = sql`select 1`.execute(database).then(
    () => true,
    () => false,
  )
  const reached = await Promise.race([answer, tooLong])
  clearTimeout(timer)
  return reached
}

/** What of the ledger and the platform is worth a figure. */
export function watchPlatform(
  metrics: Metrics,
  ledger: Ledger,
  platform: { inFlight(): number; feeds(): number },
): void {
  const total = (read: (shard: ReturnType<Ledger['health']>[number]) => number) => () =>
    ledger.health().reduce((sum, shard) => sum + read(shard), 0)
  metrics.watch(
    'jeon_ledger_transfers',
    'Transfers committed.',
    total((s) => s.lastSequence),
  )
  metrics.watch(
    'jeon_ledger_in_flight',
    'Transfers being committed.',
    total((s) => s.inFlight),
  )
  metrics.watch(
    'jeon_ledger_queued',
    'Commands not decided yet.',
    total((s) => s.queued),
  )
  metrics.watch(
    'jeon_ledger_shards_open',
    'Shards that take commands.',
    total((s) => (s.state === 'open' ? 1 : 0)),
  )
  metrics.watch('jeon_http_requests_in_flight', 'Requests under way.', platform.inFlight)
  metrics.watch('jeon_live_feeds', 'Live feeds open.', platform.feeds)
}
