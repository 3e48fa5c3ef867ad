import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestCarriers, type TestCarriers } from '../selfcare/care.fixture.ts'

let carriers: TestCarriers

beforeAll(async () => {
  carriers = await openTestCarriers()
})
afterAll(() => carriers.close())

test('a hundred payments of one bill at once keep nobody else waiting, and none is lost', async () => {
  const line = await carriers.line('20')
  const other = await carriers.line('21')
  expect(await carriers.buy(line, '9000')).toMatchObject({ ok: true })
  const { receipts } = carriers.carriers.bills
  const paid = Array.from({ length: 100 }, () =>
    receipts.pay(line.id, {
      ...{ amount: 10_000n, early: false, key: randomUUID(), method: 'test' },
    }),
  )
  const begun = performance.now()
  expect(await carriers.buy(other, '1000')).toMatchObject({ ok: true })
  expect(performance.now() - begun).toBeLessThan(4_000)
  for (const outcome of await Promise.all(paid)) expect(outcome).toMatchObject({ ok: true })
  const { rows } = await carriers.carriers.pool.query(
    `select count(*)::integer as receipts, sum(amount)::integer as amount,
            (select count(*)::integer from carrier.posting where posted_at is null) as unbooked
     from carrier.receipt where line_id = $1`,
    [line.id],
  )
  expect(rows).toEqual([{ receipts: 100, amount: 1_000_000, unbooked: 0 }])
})
