import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { balancesIn, folded } from './balances.ts'
import { type Document, readDocument } from './document.ts'
import { type ErrorTable, judge, readErrorTable } from './judge.ts'
import { requests } from './requests.ts'
import { openTarget, type Target } from './target.ts'
import { bytesOf, exchange, replayOf } from './wire.ts'

/** JEON_RUNS times this many requests; at least this many thousand. */
const requestsPerRun = 2

let target: Target
let document: Document
let errors: ErrorTable

beforeAll(async () => {
  target = await openTarget(2_000)
  document = readDocument(await target.read('/openapi.json'))
  errors = readErrorTable(await target.read('/v1/errors'))
})
afterAll(() => target.close())

test('the document describes what is fuzzed', () => {
  const names = document.operations.map(({ method, path }) => `${method} ${path}`)
  expect(names).toEqual(expect.arrayContaining(['POST /v1/payments', 'POST /v1/payments/batch']))
  expect(names.length).toBeGreaterThan(25)
})

test('no request is answered with a failure, and no refusal moves money', async () => {
  const runs = requestsPerRun * (fc.readConfigureGlobal().numRuns ?? 1_000)
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(requests(document, target), async ({ operation, request }) => {
      const from = target.committed.length
      const received = await exchange(target.port, [bytesOf(request)])
      const problems = judge({
        method: request.method,
        operation,
        received,
        committed: target.committed.slice(from),
        errors,
        secrets: target.secrets,
      })
      if (received.is === 'answer') {
        statuses.set(received.status, (statuses.get(received.status) ?? 0) + 1)
      }
      if (problems.length > 0) {
        throw new Error(`${problems.join('\n')}\n\n${replayOf(request, target.port)}\n`)
      }
    }),
    { numRuns: runs, endOnFailure: true },
  )
  // Otherwise everything may have been refused at the door, and nothing was tried.
  expect(statuses.get(201) ?? 0).toBeGreaterThan(runs / 200)
  expect(Reflect.get({}, 'amount')).toBeUndefined()
}, 600_000)

test('afterwards all balances are the sum of what was accepted', async () => {
  const { ledger } = target.platform
  const report = await ledger.verify()
  expect(report.problems).toEqual([])
  const { committed } = target
  expect(committed.length).toBeGreaterThan(0)
  const now = await balancesIn(ledger, committed)
  const expected = folded(target.before, committed)
  for (const [account, balance] of now) expect(expected.get(account)).toBe(balance)
})

test('nothing secret and no failure in the log', () => {
  const { logLines, secrets } = target
  expect(logLines.length).toBeGreaterThan(0)
  expect(logLines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([])
  expect(logLines.filter((line) => line.includes('request.failed'))).toEqual([])
  expect(logLines.filter((line) => /\\n\s+at /.test(line))).toEqual([])
})
