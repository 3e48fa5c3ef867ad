import { Client } from 'pg'
import { expect, test } from 'vitest'
import { createDatabase, dropDatabase, ensureDatabase, withFreshDatabase } from './databases.ts'
import { freshDatabase, testServerUrl } from './testing.ts'

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

test('a fresh database is empty, separate, and gone after drop', async () => {
  const one = await freshDatabase()
  const two = await freshDatabase()
  await query(one.url, 'CREATE TABLE seen (n int)')
  await expect(query(two.url, 'SELECT * FROM seen')).rejects.toThrow('does not exist')
  await one.drop()
  await one.drop()
  await two.drop()
  await expect(query(one.url, 'SELECT 1')).rejects.toThrow('does not exist')
})

test('a template brings its tables along', async () => {
  const template = await freshDatabase()
  await query(template.url, 'CREATE TABLE seen AS SELECT 7 AS n')
  const copy = await freshDatabase({ template: template.name })
  expect(await query(copy.url, 'SELECT n FROM seen')).toEqual([{ n: 7 }])
  await copy.drop()
  await template.drop()
})

test('drop ends the connections that are left', async () => {
  const database = await freshDatabase()
  const client = new Client({ connectionString: database.url })
  const ended = new Promise((resolve) => client.on('error', resolve))
  await client.connect()
  await database.drop()
  expect(await ended).toBeInstanceOf(Error)
})

test('a lent database is dropped also when its user throws', async () => {
  let lent = ''
  const use = withFreshDatabase(testServerUrl(), async (url) => {
    lent = url
    throw new Error('on purpose')
  })
  await expect(use).rejects.toThrow('on purpose')
  await expect(query(lent, 'SELECT 1')).rejects.toThrow('does not exist')
})

test('a name that is taken or cannot be one is refused', async () => {
  await expect(createDatabase(testServerUrl(), 'postgres')).rejects.toThrow('already exists')
  for (const name of ['', 'Shop', '1st', 'a-b', 'a"; DROP DATABASE postgres', 'x'.repeat(64)]) {
    await expect(createDatabase(testServerUrl(), name)).rejects.toThrow('cannot name a database')
  }
})

test('a database that has to be there is made once, and kept from then on', async () => {
  const server = testServerUrl()
  const name = `ensured_${process.pid}`
  try {
    const url = await ensureDatabase(server, name)
    await query(url, 'CREATE TABLE seen (n int)')
    expect(await ensureDatabase(server, name)).toBe(url)
    expect(await query(url, 'SELECT * FROM seen')).toEqual([])
    await expect(ensureDatabase(new URL('/nowhere', server).href, 'x')).rejects.toThrow('nowhere')
  } finally {
    await dropDatabase(server, name)
  }
})
