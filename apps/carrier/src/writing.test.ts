import { freshDatabase } from '@jeon/postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrateCarrier } from './migrate.ts'
import { type Writing, writeTogether } from './writing.ts'

let fresh: Awaited<ReturnType<typeof freshDatabase>>
let pool: pg.Pool

beforeAll(async () => {
  fresh = await freshDatabase()
  await migrateCarrier(fresh.url)
  pool = new pg.Pool({ connectionString: fresh.url, max: 2 })
  await pool.query('create table note (id text primary key, body text not null)')
})
afterAll(async () => {
  await pool?.end()
  await fresh?.drop()
})

const added = (...ids: string[]): Writing => ({
  name: 'add',
  text: 'insert into note select id, $2 from unnest($1::text[]) as t (id) returning id',
  values: [ids, 'new'],
})
const changed = (ids: readonly string[], body: string, rows?: number): Writing => ({
  name: 'change',
  text: 'update note set body = $2 where id = any($1::text[]) returning id',
  values: [ids, body],
  ...(rows === undefined ? {} : { rows }),
})
const notes = async () => {
  const { rows } = await pool.query<{ id: string; body: string }>('select * from note order by id')
  return Object.fromEntries(rows.map(({ id, body }) => [id, body]))
}

test('parts keep their own parameters, and nothing is a writing too', async () => {
  await writeTogether(pool, [])
  await writeTogether(pool, [added('a', 'b')])
  await writeTogether(pool, [changed(['a'], 'first', 1), added('c'), changed(['b'], 'second')])
  expect(await notes()).toEqual({ a: 'first', b: 'second', c: 'new' })
})

test('a part that does not write what it has to takes the others with it', async () => {
  const before = await notes()
  const writing = writeTogether(pool, [added('d'), changed(['a', 'nobody'], 'third', 2)])
  await expect(writing).rejects.toThrow('1 rows instead of 2')
  await expect(writeTogether(pool, [changed(['b'], 'fourth', 1), added('a')])).rejects.toThrow(
    'duplicate key',
  )
  expect(await notes()).toEqual(before)
})
