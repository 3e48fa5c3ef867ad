import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestCarriers, type TestCarriers } from '../selfcare/care.fixture.ts'

const DAY_MS = 86_400_000

let sandbox: TestCarriers

beforeAll(async () => {
  sandbox = await openTestCarriers()
})
afterAll(() => sandbox.close())

async function desk(method: 'GET' | 'POST', path: string, body?: unknown) {
  const response = await sandbox.carriers.app.request(`/sandbox${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const json: Record<string, unknown> = Object(await response.json())
  return { status: response.status, json }
}

test('an objection is on the desk until it is answered, once', async () => {
  const line = await sandbox.line('20')
  const owner = await sandbox.owner('20')
  const made = await sandbox.buy(line, '3000')
  if (!made.ok) throw new Error(made.code)
  const asked = { payment_id: made.payment.id, reason: 'not me' }
  const { id } = await owner.read('dispute', 'POST', '/disputes', { body: asked })
  const waiting = (await desk('GET', '/disputes')).json.disputes
  expect(waiting).toMatchObject([
    { id, phone_number: line.phoneNumber, reason: 'not me', state: 'open', payout_held: true },
  ])
  for (const wrong of [{}, { verdict: 'maybe' }, { verdict: 'rejected', text: '\0' }]) {
    expect((await desk('POST', `/disputes/${id}/answer`, wrong)).status).toBe(400)
  }
  const answer = { verdict: 'rejected', text: 'Your PIN was used.' }
  const answered = await desk('POST', `/disputes/${id}/answer`, answer)
  expect(answered).toMatchObject({
    status: 200,
    json: { state: 'rejected', answer: answer.text, payout_held: false },
  })
  expect((await owner.read('disputes', 'GET', '/disputes')).disputes).toMatchObject([
    { id, state: 'rejected' },
  ])
  expect((await desk('GET', '/disputes')).json.disputes).toEqual([])
  expect((await desk('POST', `/disputes/${id}/answer`, answer)).status).toBe(409)
  expect((await desk('POST', '/disputes/dispute_none/answer', answer)).status).toBe(404)
})

test('relief stops dunning, and what is granted is cut', async () => {
  const line = await sandbox.line('21')
  const path = `/reliefs/${line.phoneNumber}`
  const terms = { cut_percent: '50', months: 3 }
  expect(await desk('POST', path, terms)).toMatchObject({ status: 409 })
  expect(await sandbox.buy(line, '9000')).toMatchObject({ ok: true })
  await sandbox.carriers.time.moveTo({
    offsetMs: 0,
    frozenAtMs: sandbox.carriers.clock.now() + 60 * DAY_MS,
  })
  expect((await desk('POST', path, { cut_percent: 'half', months: 3 })).status).toBe(400)
  expect((await desk('POST', '/reliefs/+821000000000', terms)).status).toBe(404)
  const applied = await desk('POST', path, terms)
  expect(applied).toMatchObject({ status: 201, json: { state: 'applied', cut_percent: '50' } })
  const owner = await sandbox.owner('21')
  const before = BigInt((await owner.read('standing', 'GET', '/standing')).owed)
  const granted = await desk('POST', `/reliefs/${applied.json.id}/grant`)
  expect(granted).toMatchObject({ status: 200, json: { state: 'granted', paid_months: 0 } })
  expect(BigInt(String(granted.json.owed)) * 2n).toBe(before)
  expect((await desk('POST', `/reliefs/${applied.json.id}/refuse`)).status).toBe(409)
  expect((await desk('GET', path)).json.reliefs).toMatchObject([{ state: 'granted' }])
})
