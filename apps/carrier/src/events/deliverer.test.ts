import { randomUUID } from 'node:crypto'
import { freshDatabase } from '@jeon/postgres'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type OpenDatabase, openDatabase } from '../database.ts'
import { createLog } from '../log.ts'
import { migrateCarrier } from '../migrate.ts'
import { Deliverer } from './deliverer.ts'
import { RETRY_MS } from './model.ts'

let fresh: Awaited<ReturnType<typeof freshDatabase>>
let open: OpenDatabase
/** What the sink was sent, and what it answers next. */
let seen: { id: string; authorization: string | null; type: string | null }[] = []
let answers: (number | 'lost')[] = []

beforeAll(async () => {
  fresh = await freshDatabase()
  await migrateCarrier(fresh.url)
  open = openDatabase(fresh.url)
})
afterAll(async () => {
  await open?.close()
  await fresh?.drop()
})
beforeEach(async () => {
  seen = []
  answers = []
  await open.pool.query('delete from carrier.delivery')
})

function deliverer(): Deliverer {
  return new Deliverer({
    pool: open.pool,
    log: createLog({ level: 'silent' }),
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const body: unknown = await request.json()
      seen.push({
        id: String(Object(body).id),
        authorization: request.headers.get('authorization'),
        type: request.headers.get('content-type'),
      })
      const status = answers.shift() ?? 204
      if (status === 'lost') throw new TypeError('fetch failed')
      return new Response(null, { status })
    },
  })
}

async function note(id: string, dueAtMs: number, about: string = randomUUID()): Promise<void> {
  await open.pool.query(
    `insert into carrier.delivery (id, carrier, client_id, about, sink, token, body, due_at, created_at)
     values ($1, 'skt', 'platform', $2, 'https://sink.example/', 'the token', $3, $4, $4)`,
    [id, about, JSON.stringify({ id }), new Date(dueAtMs)],
  )
}

test('brings what is due, once, with its bearer token', async () => {
  await note('one', 1_000)
  await note('later', 5_000)
  await deliverer().runDue(1_000)
  await deliverer().runDue(1_000)
  expect(seen).toEqual([
    { id: 'one', authorization: 'Bearer the token', type: 'application/cloudevents+json' },
  ])
  expect(await deliverer().nextAt()).toBe(5_000)
})

test('tries again with growing waits that a restart keeps, then gives up', async () => {
  await note('one', 0)
  answers = [500, 'lost', ...Array<number>(RETRY_MS.length).fill(429)]
  let nowMs = 0
  for (const wait of RETRY_MS) {
    await deliverer().runDue(nowMs)
    await deliverer().runDue(nowMs + wait - 1)
    expect(await deliverer().nextAt()).toBe(nowMs + wait)
    nowMs += wait
  }
  await deliverer().runDue(nowMs)
  expect(seen).toHaveLength(RETRY_MS.length + 1)
  expect(await deliverer().nextAt()).toBeUndefined()
})

test('a sink that is gone hears no more of that payment', async () => {
  const about = randomUUID()
  await note('one', 0, about)
  await note('two', 1, about)
  await note('other', 2)
  answers = [410]
  await deliverer().runDue(10)
  expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(['one', 'other']))
  expect(seen).toHaveLength(2)
  expect(await deliverer().nextAt()).toBeUndefined()
})

test('runs that overlap do not send twice', async () => {
  await Promise.all(Array.from({ length: 100 }, (_, index) => note(`n${index}`, 0)))
  const one = deliverer()
  await Promise.all([one.runDue(1), one.runDue(1), one.runDue(1)])
  expect(new Set(seen.map(({ id }) => id)).size).toBe(100)
  expect(seen).toHaveLength(100)
})
