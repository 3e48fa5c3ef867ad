import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from '../../test/sandbox.ts'
import { sandboxLimits } from '../settings.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  const perWallet = { perSecond: 1, burst: 3 }
  sandbox = await openTestSandbox({ limits: { ...sandboxLimits, perWallet, concurrentMax: 20 } })
})
afterAll(() => sandbox.close())

test('the platform says that it is up and ready', async () => {
  expect((await sandbox.send('GET', '/healthz')).json).toEqual({ status: 'up' })
  const { json } = await sandbox.send('GET', '/readyz')
  expect(json).toMatchObject({
    ready: true,
    database: true,
    shards: [
      { shard: 0, state: 'open' },
      { shard: 1, state: 'open' },
    ],
  })
})

test('figures count what was answered', async () => {
  await sandbox.send('GET', '/v1/merchant')
  const { text } = await sandbox.send('GET', '/metrics')
  expect(text).toContain(
    'jeon_http_requests_total{method="GET",route="/v1/merchant",status="401"} 1',
  )
  expect(text).toMatch(/jeon_http_request_duration_ms_bucket\{le="\+Inf",.*route="\/v1\/merchant"/)
  expect(text).toContain('jeon_ledger_shards_open 2')
  const again = await sandbox.send('GET', '/metrics')
  expect(again.text).toContain('route="/v1/merchant",status="401"} 1')
})

test('a wallet that asks too often is told how long to wait', async () => {
  const browser = await sandbox.browser()
  const answers = []
  for (let count = 0; count < 5; count += 1) answers.push(await browser.send('GET', '/v1/wallet'))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429])
  expect(answers[4]?.headers.get('retry-after')).toBe('1')
  expect(answers[4]?.json).toMatchObject({ code: 'rate_limited', retryable: true })
})

test('more at once than the platform takes is told to come again', async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => sandbox.send('GET', '/readyz')),
  )
  const statuses = new Set(answers.map(({ status }) => status))
  expect(statuses).toEqual(new Set([200, 503]))
  const refused = answers.find(({ status }) => status === 503)
  expect(refused?.json).toMatchObject({ code: 'overloaded', retryable: true })
})
