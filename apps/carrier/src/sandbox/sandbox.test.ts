import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openTestCarriers, type TestCarriers } from '../selfcare/care.fixture.ts'
import { magicNumbers } from './magic.ts'

const DAY_MS = 86_400_000

let sandbox: TestCarriers

beforeAll(async () => {
  sandbox = await openTestCarriers()
})
afterAll(() => sandbox.close())

async function putClock(body: unknown) {
  return sandbox.carriers.app.request('/sandbox/clock', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

test('a clock that is moved by 80 days makes the bill, then duns, each on its own day', async () => {
  const { clock } = sandbox.carriers
  const line = await sandbox.line('20', 'kt')
  const owner = await sandbox.owner('20', { carrier: 'kt' })
  expect(await sandbox.buy(line, '9000')).toMatchObject({ ok: true })
  const back = await putClock({ offset_ms: 0, frozen_at_ms: clock.now() - 1 })
  expect(back.status).toBe(422)
  const moved = await putClock({ offset_ms: 0, frozen_at_ms: clock.now() + 80 * DAY_MS })
  expect(moved.status).toBe(200)

  const messages = (await sandbox.messages(line)).toReversed()
  expect(messages.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['charge', 'bill', 'dunning_notice', 'dunning_step']),
  )
  const kinds = messages.map(({ kind }) => kind)
  expect(kinds.indexOf('charge')).toBeLessThan(kinds.indexOf('bill'))
  expect(kinds.indexOf('bill')).toBeLessThan(kinds.indexOf('dunning_notice'))
  expect(kinds.indexOf('dunning_notice')).toBeLessThan(kinds.indexOf('dunning_step'))
  const times = messages.map(({ at }) => Date.parse(at))
  expect(times).toEqual(times.toSorted((one, other) => one - other))
  const seoulDay = (at: string | undefined) =>
    new Date(Date.parse(at ?? '') + 9 * 3_600_000).toISOString().slice(0, 10)
  expect(seoulDay(messages.find(({ kind }) => kind === 'bill')?.at)).toBe('2027-04-05')

  const { bills } = await owner.read('bills', 'GET', '/bills')
  expect(bills).toMatchObject([{ cycle: '2027-03', made_on: '2027-04-05' }])
  const standing = await owner.read('standing', 'GET', '/standing')
  expect(standing).toMatchObject({ stage: 'outgoing_suspended', restore: { rule: 'full_balance' } })
  expect(standing.ladder.filter(({ done }) => done).length).toBeGreaterThan(1)
  const service = (await owner.read('line', 'GET', '/line')).service
  expect(service).toMatchObject({ state: 'suspended' })
  expect(service.remedy).toContain('₩')
})

test('paying it restores the line, once per key, and payments come back by the owner alone', async () => {
  const line = await sandbox.line('20', 'kt')
  const owner = await sandbox.owner('20', { carrier: 'kt' })
  const [summary] = (await owner.read('bills', 'GET', '/bills')).bills
  const bill = await owner.read('bill', 'GET', `/bills/${summary?.id}`)
  expect(bill.third_party).toMatchObject([{ amount: '9000', merchant: { name: 'The Shop' } }])
  expect(bill.surcharges.map(({ text }) => text)).toEqual([
    'Late surcharge (3% of the unpaid sum): Novel, chapter 12',
    'Second late surcharge (0.5% of the unpaid sum): Novel, chapter 12',
  ])
  const korean = await owner.read('bill', 'GET', `/bills/${summary?.id}`, { language: 'ko' })
  expect(korean.surcharges[0]?.text).toBe('연체 가산금(미납액의 3%): Novel, chapter 12')
  const pay = { key: 'all-1', body: { amount: 'all' } }
  const paid = await owner.read('billPaid', 'POST', '/bill-payments', pay)
  expect(paid).toMatchObject({ amount: bill.owed, standing: { owed: '0', stage: 'current' } })
  expect(paid.parts.map(({ text }) => text)).toEqual([
    'Novel, chapter 12',
    'Late surcharge: Novel, chapter 12',
    'Second late surcharge: Novel, chapter 12',
  ])
  expect(await owner.read('billPaid', 'POST', '/bill-payments', pay)).toMatchObject({ id: paid.id })
  const other = { key: 'all-1', body: { amount: '5000' } }
  expect(await owner.refused('POST', '/bill-payments', other)).toBe('key_reused')
  const again = { key: 'all-2', body: { amount: 'all' } }
  expect(await owner.refused('POST', '/bill-payments', again)).toBe('nothing_owed')

  const after = await owner.read('line', 'GET', '/line')
  expect(after).toMatchObject({ stage: 'active', service: { state: 'operator_blocked' } })
  expect(await sandbox.buy(line, '1000')).toMatchObject({ ok: false })
  const [block] = after.blocks
  expect(block?.liftable).toBe(true)
  const proof = await owner.prove(line, 'unblock')
  await owner.read('lifted', 'POST', `/blocks/${block?.id}/lift`, { body: { proof } })
  await sandbox.carriers.time.advance(DAY_MS)
  expect(await sandbox.buy(line, '1000')).toMatchObject({ ok: true })
})

test('a statement is ready within two weeks', async () => {
  const owner = await sandbox.owner('20', { carrier: 'kt' })
  const body = { from: '2027-03-01', to: '2027-05-31' }
  const asked = await owner.read('statement', 'POST', '/statements', { body })
  expect(asked.ready_at).toBeNull()
  await sandbox.carriers.time.advance(14 * DAY_MS)
  const ready = await owner.read('statement', 'GET', `/statements/${asked.id}`)
  expect(Date.parse(ready.ready_at ?? '')).toBeLessThanOrEqual(Date.parse(asked.answer_by))
  expect(ready.text).toContain('The Shop')
})

test('the table of numbers is told, and the page shows it in both languages', async () => {
  const { app } = sandbox.carriers
  const answer: unknown = await (await app.request('/sandbox/numbers')).json()
  const { numbers } = z
    .object({ numbers: z.array(z.object({ phone_numbers: z.record(z.string(), z.string()) })) })
    .parse(answer)
  expect(numbers).toHaveLength(magicNumbers.length)
  expect(numbers[0]?.phone_numbers).toEqual({
    skt: '+821020000001',
    kt: '+821030000001',
    lgu: '+821050000001',
  })
  for (const [lang, text] of [
    ['ko', '시험용 번호'],
    ['en', 'Numbers to try'],
  ]) {
    const page = await app.request(`/?lang=${lang}&carrier=kt`)
    expect(page.headers.get('content-security-policy')).toContain("script-src 'nonce-")
    const html = await page.text()
    expect(html).toContain(text)
    expect(html).toContain('+82 10-3000-0001')
  }
  const hostile = await app.request(
    `/?lang=en&number=${encodeURIComponent('"><script>x</script>')}`,
  )
  expect(await hostile.text()).not.toContain('<script>x')
})

test('a line is opened for a test and something happens to it', async () => {
  const { app } = sandbox.carriers
  const send = (path: string, body?: object) =>
    app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const body = { carrier: 'lgu', phone_number: '+821077770001', limit: '20000' }
  expect((await send('/sandbox/lines', body)).status).toBe(201)
  expect((await send('/sandbox/lines', body)).status).toBe(409)
  expect((await send('/sandbox/lines', { ...body, carrier: 'none' })).status).toBe(404)
  const paused = await send('/sandbox/lines/+821077770001/pause')
  expect(await paused.json()).toMatchObject({ paused: true })
  const line = await sandbox.carriers.core.lines.byNumber('lgu', '+821077770001')
  expect(line && (await sandbox.buy(line, '1000'))).toMatchObject({ ok: false, reason: 'paused' })
  expect((await send('/sandbox/lines/+821077770001/explode')).status).toBe(404)
  expect((await send('/sandbox/lines/+821011112222/pause')).status).toBe(404)
  expect(await (await app.request('/healthz')).json()).toEqual({ ok: true, failing: null })
})
