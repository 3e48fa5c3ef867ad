import { openCarriers } from '@jeon/carrier'
import { findFreePort, freshDatabase } from '@jeon/postgres'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadOptions, type RushChoices, readOptions } from './options.ts'
import { runRush, SandboxMissing } from './rush.ts'
import { pricesFor } from './rush-prices.ts'

const nowMs = Date.parse('2026-11-22T12:00:00+09:00')

test('exactly so many fit, at a price for which nobody is asked for a password', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), (limit) => {
      const prices = pricesFor(limit, nowMs)
      if (prices === undefined) throw new Error(`no price for ${limit}`)
      expect(Math.floor(prices.month / prices.price)).toBe(limit)
      expect(prices.month % 10_000).toBe(0)
      expect(prices.month).toBeLessThanOrEqual(prices.person)
      expect(prices.price).toBeLessThanOrEqual(10_000)
    }),
  )
  expect(pricesFor(37, nowMs)).toEqual({ price: 10_000, month: 370_000, person: 1_000_000 })
})

test('options are read, and what makes no sense is refused with a sentence', () => {
  expect(
    readOptions(['rush', '--limit', '5', '--buyers', '9', '--carriers', 'http://a:1/']),
  ).toEqual({
    command: 'rush',
    limit: 5,
    buyers: 9,
    carrier: 'skt',
    carriersUrl: 'http://a:1',
  })
  expect(readOptions(['year', '--lines', '10', '--seed', '7'])).toEqual({
    command: 'year',
    lines: 10,
    months: 12,
    seed: 7,
    jsonFile: undefined,
  })
  expect(readOptions([])).toEqual({ command: 'help' })
  for (const wrong of [
    ['month'],
    ['rush', 'fast'],
    ['rush', '--limit', '0'],
    ['rush', '--limit', '9', '--buyers', '9'],
    ['rush', '--carriers', 'localhost'],
    ['year', '--lines', 'many'],
    ['year', '--faster'],
  ]) {
    expect(() => readOptions(wrong), wrong.join(' ')).toThrow(BadOptions)
  }
})

test('where nothing listens it says what to start', async () => {
  const port = await findFreePort()
  const rush = runRush(choicesFor(port), () => undefined)
  await expect(rush).rejects.toThrow(SandboxMissing)
  await expect(rush).rejects.toThrow('npm start')
})

test('a small rush against real carriers comes to exactly the limit in every way', async () => {
  const port = await findFreePort()
  const database = await freshDatabase()
  const carriers = await openCarriers({
    databaseUrl: database.url,
    publicUrl: `http://localhost:${port}`,
    seed: 'none',
  })
  try {
    await carriers.listen(port, 'localhost')
    const said: string[] = []
    const say = (text: string) => said.push(text)

    const nobody = runRush({ ...choicesFor(port), carrier: 'nobody' }, say)
    await expect(nobody).rejects.toThrow('there is no such carrier')

    expect(await runRush(choicesFor(port), say), said.join('\n')).toBe(0)
    const { rows } = await carriers.pool.query(
      `select count(*)::int as n from carrier.payment where client_id = 'jeon-platform'`,
    )
    expect(rows).toEqual([{ n: 0 }])
    for (const way of ['one step', 'two steps', 'two lines']) {
      expect(said.find((line) => line.trimStart().startsWith(way))).toMatch(
        /^ {2}\w+ \w+ +40 +7 +\d+ +7 .* 33 \w+_limit$/,
      )
    }
  } finally {
    await carriers.close()
    await database.drop()
  }
})

function choicesFor(port: number): RushChoices {
  return {
    limit: 7,
    buyers: 40,
    carrier: 'lgu',
    carriersUrl: `http://localhost:${port}`,
  }
}
