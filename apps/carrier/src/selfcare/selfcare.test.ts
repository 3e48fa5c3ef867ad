import type { CareWindow } from '@jeon/camara'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestCarriers, type TestCarriers } from './care.fixture.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

let sandbox: TestCarriers

beforeAll(async () => {
  sandbox = await openTestCarriers()
})
afterAll(() => sandbox.close())

test('the line says in the owner’s language whether payments work', async () => {
  const owner = await sandbox.owner('20')
  const line = await owner.read('line', 'GET', '/line')
  expect(line.service).toMatchObject({ state: 'enabled', remedy: null })
  expect(line.block_choices.map(({ kind }) => kind)).toEqual([
    'payer',
    'permanent',
    'voucher',
    'auto_pay',
  ])
  const korean = await owner.read('line', 'GET', '/line', { language: 'ko' })
  expect(korean.service.text).toBe('소액결제를 쓸 수 있습니다.')
})

test('a line that may not pay says why, and from when it may', async () => {
  const young = (await (await sandbox.owner('05')).read('line', 'GET', '/line')).service
  expect(young).toMatchObject({ state: 'not_eligible' })
  expect(young.text).toBe('Under 19 a guardian has to consent.')
  const joined = (await (await sandbox.owner('12')).read('line', 'GET', '/line')).service
  expect(joined.text).toBe('The line was opened less than 3 days ago.')
  expect(joined.remedy).toContain('March')
})

describe('who asks', () => {
  test('needs a token that is bound to a line and has the scope', async () => {
    const request = (headers: Record<string, string>) =>
      sandbox.carriers.app.request('/skt/selfcare/v1/line', { headers })
    const without = await request({})
    expect(without.status).toBe(401)
    expect(without.headers.get('www-authenticate')).toBe('Bearer')
    expect((await request({ authorization: 'Bearer nonsense' })).status).toBe(401)
    const { token } = await sandbox.owner('20')
    const elsewhere = await sandbox.carriers.app.request('/kt/selfcare/v1/line', {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(elsewhere.status).toBe(401)
    const reader = await sandbox.owner('20', { scope: 'line-care:read' })
    expect(await reader.refused('POST', '/blocks', { body: { kind: 'payer' } })).toBe(
      'permission_denied',
    )
  })

  test('is told what is wrong with a request', async () => {
    const owner = await sandbox.owner('20')
    expect(await owner.refused('GET', '/nothing')).toBe('route_not_found')
    expect(await owner.refused('POST', '/blocks', { body: { kind: 'operator' } })).toBe(
      'field_invalid',
    )
    expect(await owner.refused('POST', '/blocks', { body: { kind: 'payer', more: 1 } })).toBe(
      'field_invalid',
    )
    expect(await owner.refused('GET', '/history?limit=1000')).toBe('field_invalid')
    expect(await owner.refused('POST', '/bill-payments', { body: { amount: 'all' } })).toBe(
      'key_missing',
    )
    expect(await owner.refused('GET', '/bills/bill_none')).toBe('not_found')
  })
})

test('blocked at once, declined with the reason, unblocked with proofs and after cooling off', async () => {
  const owner = await sandbox.owner('21')
  const line = await sandbox.line('21')
  const blocked = await owner.read('line', 'POST', '/blocks', { body: { kind: 'payer' } })
  expect(blocked.service.state).toBe('user_blocked')
  expect(await sandbox.buy(line, '1000')).toMatchObject({ ok: false, reason: 'blocked_by_payer' })
  const [declined] = (await owner.read('history', 'GET', '/history')).entries
  expect(declined).toMatchObject({
    kind: 'declined',
    amount: '1000',
    merchant: { name: 'The Shop', contact: '02-123-4567' },
    reason: { code: 'blocked_by_payer' },
  })
  expect(declined?.reason?.remedy).toMatch(/\w/)

  const block = blocked.blocks[0]
  const lift = `/blocks/${block?.id}/lift`
  const bare = await owner.ask('POST', lift, { body: {} })
  expect(bare).toMatchObject({
    status: 403,
    json: { code: 'proof_missing', factors: blocked.unblock.factors },
  })
  const { id } = await owner.read('proof', 'POST', '/proofs', { body: { purpose: 'unblock' } })
  const stranger = { name: '아무개', birthdate: '1970-01-01' }
  expect(await owner.refused('POST', `/proofs/${id}`, { body: { identity: stranger } })).toBe(
    'identity_wrong',
  )
  expect(await owner.refused('POST', lift, { body: { proof: id } })).toBe('proof_incomplete')
  const raise = await owner.prove(line, 'raise')
  expect(await owner.refused('POST', lift, { body: { proof: raise } })).toBe('proof_not_found')

  const proof = await owner.prove(line, 'unblock')
  const lifted = await owner.read('lifted', 'POST', lift, { body: { proof } })
  const waitMs = Date.parse(lifted.lifts_at) - sandbox.carriers.clock.now()
  expect(waitMs).toBe(blocked.unblock.cooling_off_hours * HOUR_MS)
  expect(waitMs).toBeGreaterThan(0)
  expect(await sandbox.buy(line, '1000')).toMatchObject({ ok: false })
  expect(await owner.refused('POST', lift, { body: { proof } })).toBe('unblock_pending')
  await sandbox.carriers.time.advance(waitMs)
  const told = await sandbox.messages(line)
  expect(told.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['blocked', 'unblock_granted']),
  )
  const free = await owner.read('line', 'GET', '/line')
  expect(free).toMatchObject({ blocks: [], service: { state: 'enabled' } })
  expect(await sandbox.buy(line, '1000')).toMatchObject({ ok: true })
})

test('limits go down at once, and up with consent and a proof', async () => {
  const owner = await sandbox.owner('30')
  const line = await sandbox.line('30')
  const down = { body: { bucket: 'general', month: '50000' } }
  const lowered = await owner.read('limitsChanged', 'PUT', '/limits', down)
  expect(lowered).toMatchObject({ raises: false, limits: { changes_left_today: 0 } })
  expect(Date.parse(lowered.effective_at)).toBe(sandbox.carriers.clock.now())
  expect(await sandbox.buy(line, '50001')).toMatchObject({ ok: false, reason: 'month_limit' })
  await owner.read('limitsChanged', 'PUT', '/limits', {
    body: { bucket: 'general', day: '40000' },
  })
  const texts = (await sandbox.messages(line)).filter(({ kind }) => kind === 'limit_changed')
  expect(texts.map(({ text }) => /한도를 바꿨습니다. (.*?)\. /.exec(text)?.[1]).toSorted()).toEqual(
    ['하루 40,000원', '한 달 50,000원'],
  )
  const up = { bucket: 'general', month: '300000' }
  expect(await owner.refused('PUT', '/limits', { body: up })).toBe('changes_too_many')

  await sandbox.carriers.time.advance(DAY_MS)
  expect(await owner.refused('PUT', '/limits', { body: { ...up, month: '300001' } })).toBe(
    'not_a_step',
  )
  expect(await owner.refused('PUT', '/limits', { body: { ...up, month: '9000000' } })).toBe(
    'above_ceiling',
  )
  expect(await owner.refused('PUT', '/limits', { body: up })).toBe('consent_missing')
  const agreed = { ...up, consent: true }
  expect(await owner.refused('PUT', '/limits', { body: agreed })).toBe('proof_missing')
  const proof = await owner.prove(line, 'raise')
  const raised = await owner.read('limitsChanged', 'PUT', '/limits', { body: { ...agreed, proof } })
  expect(raised.raises).toBe(true)
  expect(raised.limits.buckets[0]?.personal.month).toBe('300000')
  const { consents } = await owner.read('consents', 'GET', '/consents')
  expect(consents.map(({ kind }) => kind)).toContain('limit_raise')
})

test('usage tells what is used, held and left, and adds up across a person’s lines', async () => {
  const [first, second] = [await sandbox.line('01', 'kt'), await sandbox.line('02', 'kt')]
  const owner = await sandbox.owner('01', { carrier: 'kt' })
  expect(await sandbox.buy(first, '3000')).toMatchObject({ ok: true })
  expect(await sandbox.reserve(first, '2000')).toMatchObject({ ok: true })
  expect(await sandbox.buy(second, '4000')).toMatchObject({ ok: true })
  const usage = await owner.read('usage', 'GET', '/usage')
  const general = usage.buckets.find(({ bucket }) => bucket === 'general')
  const month = (windows: readonly CareWindow[] = []) =>
    windows.find(({ per, scope }) => per === 'month' && scope === 'all')
  expect(month(general?.windows)).toMatchObject({
    limit: '600000',
    used: '5000',
    held: '2000',
    available: '595000',
    resets_at: '2027-03-31T15:00:00.000Z',
  })
  expect(month(general?.person)).toMatchObject({ used: '9000', held: '2000' })
  expect(usage.coming_bill).toMatchObject({ amount: '3000', items: 1, paid_early: '0' })
  expect(usage.early_payment_frees).toBe('3000')
})

test('paying early frees the limit of this month, and what was paid early stays paid', async () => {
  const line = await sandbox.line('16', 'kt')
  const owner = await sandbox.owner('16', { carrier: 'kt' })
  expect(await sandbox.buy(line, '10000')).toMatchObject({ ok: true })
  const exhausted = (await owner.read('line', 'GET', '/line')).service
  expect(exhausted).toMatchObject({ state: 'limit_exhausted' })
  expect(exhausted.remedy).toContain('1 April')
  expect(await sandbox.buy(line, '6000')).toMatchObject({ ok: false, reason: 'month_limit' })
  const pay = { key: 'early-1', body: { amount: '6000', early: true } }
  const paid = await owner.read('billPaid', 'POST', '/bill-payments', pay)
  expect(paid).toMatchObject({ amount: '6000', early: true, standing: { owed: '0' } })
  expect(await sandbox.buy(line, '6000')).toMatchObject({ ok: true })
  const usage = await owner.read('usage', 'GET', '/usage')
  expect(usage.coming_bill).toMatchObject({ amount: '16000', paid_early: '6000' })
  const [coming] =
    usage.buckets[0]?.windows.filter(({ per, scope }) => per === 'month' && scope === 'all') ?? []
  expect(coming).toMatchObject({ limit: '16000', used: '16000', available: '0' })
})

test('history goes back page by page without gap or repetition', async () => {
  const line = await sandbox.line('22')
  const owner = await sandbox.owner('22')
  for (let count = 0; count < 5; count += 1) await sandbox.buy(line, String(100 + count))
  await sandbox.buy(line, '9000000')
  const seen: string[] = []
  let before = ''
  for (;;) {
    const { entries, next } = await owner.read('history', 'GET', `/history?limit=2${before}`)
    seen.push(...entries.map(({ id }) => id))
    if (next === null) break
    before = `&before=${next}`
  }
  const whole = await owner.read('history', 'GET', '/history')
  expect(seen).toEqual(whole.entries.map(({ id }) => id))
  expect(new Set(seen).size).toBe(6)
  expect(whole.entries.map(({ kind }) => kind)).toContain('declined')
})

test('withdrawing the consent ends payments, giving it brings them back', async () => {
  const line = await sandbox.line('23')
  const owner = await sandbox.owner('23')
  const { consents } = await owner.read('consents', 'GET', '/consents')
  const gone = await owner.read('consent', 'DELETE', `/consents/${consents[0]?.id}`)
  expect(gone.revoked_at).not.toBeNull()
  expect(await sandbox.buy(line, '1000')).toMatchObject({ ok: false, reason: 'no_consent' })
  expect((await owner.read('line', 'GET', '/line')).service.state).toBe('no_consent')
  expect(await owner.refused('POST', '/consents', { body: { kind: 'payments' } })).toBe(
    'proof_missing',
  )
  const proof = await owner.prove(line, 'consent')
  await owner.read('consent', 'POST', '/consents', { body: { kind: 'payments', proof } })
  expect(await sandbox.buy(line, '1000')).toMatchObject({ ok: true })
})

test('a locked payment password is set anew with a proof', async () => {
  const line = await sandbox.line('24')
  const owner = await sandbox.owner('24')
  const { id } = await owner.read('proof', 'POST', '/proofs', { body: { purpose: 'raise' } })
  const tries: string[] = []
  for (let count = 0; count < 6; count += 1) {
    tries.push(await owner.refused('POST', `/proofs/${id}`, { body: { password: '000000' } }))
  }
  expect(tries[0]).toBe('password_wrong')
  expect(tries.at(-1)).toBe('password_locked')
  const proof = await owner.prove(line, 'password')
  const body = { proof, password: '246810' }
  expect((await owner.read('line', 'PUT', '/password', { body })).payment_password).toBe('set')
  const given = { body: { password: '246810' } }
  expect((await owner.read('proof', 'POST', `/proofs/${id}`, given)).complete).toBe(true)
})

test('a dispute holds the payout and can block at once', async () => {
  const line = await sandbox.line('25')
  const owner = await sandbox.owner('25')
  const bought = await sandbox.buy(line, '5000')
  const paymentId = bought.ok ? bought.payment.id : ''
  const body = { payment_id: paymentId, reason: 'This was not me', block: true }
  const dispute = await owner.read('dispute', 'POST', '/disputes', { body })
  expect(dispute).toMatchObject({ state: 'open', payout_held: true })
  const [entry] = (await owner.read('history', 'GET', '/history')).entries
  expect(entry).toMatchObject({ dispute: { id: dispute.id, state: 'open' }, can_dispute: false })
  expect(await sandbox.buy(line, '1000')).toMatchObject({ ok: false, reason: 'blocked_by_payer' })
  const told = (await sandbox.messages(line)).map(({ kind }) => kind)
  expect(told.filter((kind) => kind === 'blocked')).toHaveLength(1)
  const back = await owner.read('dispute', 'POST', `/disputes/${dispute.id}/withdraw`)
  expect(back.state).toBe('withdrawn')
  expect(await owner.refused('POST', `/disputes/${dispute.id}/withdraw`)).toBe('dispute_closed')
  expect((await owner.read('disputes', 'GET', '/disputes')).disputes).toHaveLength(1)
  const other = await sandbox.owner('20')
  expect(await other.refused('POST', '/disputes', { body })).toBe('not_found')
  expect(await other.refused('POST', `/disputes/${dispute.id}/withdraw`)).toBe('not_found')
})

test('what is bought is told within a second', async () => {
  const line = await sandbox.line('26')
  const owner = await sandbox.owner('26')
  const leaving = new AbortController()
  const reader = (await owner.live(leaving.signal)).body?.getReader()
  const next = async () => new TextDecoder().decode((await reader?.read())?.value)
  expect(await next()).toBe('retry: 2000\n\n')
  const told = next()
  const beganMs = performance.now()
  expect(await sandbox.buy(line, '700')).toMatchObject({ ok: true })
  expect(await told).toMatch(/^event: changed\ndata: \{"what":"/)
  expect(performance.now() - beganMs).toBeLessThan(1_000)
  leaving.abort()
})

test('the documentation names every endpoint, reply and refusal', async () => {
  const response = await sandbox.carriers.app.request('/lgu/selfcare/v1/openapi.json')
  const document: unknown = await response.json()
  expect(document).toMatchObject({
    openapi: '3.1.0',
    servers: [{ url: `${sandbox.url}/lgu/selfcare/v1` }],
    paths: {
      '/bill-payments': { post: { responses: { 201: {}, 409: {} } } },
      '/live': { get: { responses: { 200: { content: { 'text/event-stream': {} } } } } },
    },
  })
})
