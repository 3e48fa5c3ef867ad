import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, openBooks } from '../bills/books.fixture.ts'
import { createOutside } from '../http.ts'
import { createLog } from '../log.ts'
import { Deliverer } from './deliverer.ts'

/** A sink that takes a request and never answers costs nobody else anything. */

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:00:00+09:00')
})
afterAll(() => books?.close())

async function note(id: string, sink: string): Promise<void> {
  const { pool, clock } = books
  await pool.query(
    `insert into carrier.delivery (id, carrier, client_id, about, sink, token, body, due_at, created_at)
     values ($1, 'kt', 'platform', $2, $3, null, '{}', $4, $4)`,
    [id, randomUUID(), sink, new Date(clock.now())],
  )
}

test('it holds up few of its own events at a time, and nobody else’s', async () => {
  for (let index = 0; index < 100; index += 1)
    await note(`hanging ${index}`, 'https://hangs.example/')
  await note('good', 'https://good.example/')
  const asked: string[] = []
  const { promise: good, resolve: arrived } = Promise.withResolvers<void>()
  const { promise: end, resolve: letGo } = Promise.withResolvers<void>()
  const deliverer = new Deliverer({
    pool: books.pool,
    log: createLog({ level: 'silent' }),
    fetch: async (input) => {
      asked.push(String(input))
      if (String(input).includes('good')) arrived()
      else await end
      return new Response(null, { status: 500 })
    },
  })
  const run = deliverer.runDue(books.clock.now())
  // While none of the others has answered.
  await good
  expect(asked.filter((url) => url.includes('hangs')).length).toBeLessThan(20)
  letGo()
  await run
})

test('the clock moves on without it', async () => {
  const { promise: end, resolve: letGo } = Promise.withResolvers<void>()
  const { pool, core, clock, carriers } = books
  const outside = await createOutside({
    ...{ pool, core, clock, carriers, outbox: books.books.outbox },
    log: createLog({ level: 'silent' }),
    publicUrl: 'http://localhost:4250',
    fetch: async () => {
      await end
      return new Response(null, { status: 204 })
    },
  })
  await note('for nobody', 'https://hangs.example/')
  // Comes back, though nothing has been answered; also when it is asked again while the first still waits.
  await outside.runDue()
  await outside.runDue()
  letGo()
  await outside.close()
})
