import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openTestCarriers, type TestCarriers } from '../selfcare/care.fixture.ts'

const DAY_MS = 86_400_000

let sandbox: TestCarriers

beforeAll(async () => {
  sandbox = await openTestCarriers()
})
afterAll(() => sandbox.close())

const view = z.object({ now: z.object({ ko: z.string(), en: z.string() }) })

async function now(digits: string): Promise<string> {
  const { phoneNumber } = await sandbox.line(digits, 'kt')
  const answer = await sandbox.carriers.app.request(`/sandbox/lines/${phoneNumber}`)
  return view.parse(await answer.json()).now.en
}

const table = z.object({
  numbers: z.array(z.object({ digits: z.string(), now: z.record(z.string(), view.shape.now) })),
})

/** The same in the table of all numbers. */
async function nowInTable(digits: string): Promise<string | undefined> {
  const answer = await sandbox.carriers.app.request('/sandbox/numbers')
  const { numbers } = table.parse(await answer.json())
  return numbers.find((row) => row.digits === digits)?.now.kt?.en
}

async function reset(digits: string): Promise<string> {
  const { phoneNumber } = await sandbox.line(digits, 'kt')
  const path = `/sandbox/lines/${phoneNumber}/reset`
  const answer = await sandbox.carriers.app.request(path, { method: 'POST' })
  return view.parse(await answer.json()).now.en
}

test('the table says what is true now, which ages with the clock, and a number is reset to its row', async () => {
  expect(await now('03')).toBe('Payments work')
  expect(await now('14')).toBe('Payments are refused · SIM changed 1 h ago (refused)')
  expect(await now('12')).toContain('The line was opened less than 3 days ago. · opened 1 day ago')
  const page = async () => (await sandbox.carriers.app.request('/?lang=ko&carrier=kt')).text()
  expect(await page()).toContain('지금: 소액결제 안 됨 · 유심 변경 1시간 전(거절)')
  expect(await nowInTable('14')).toBe(await now('14'))
  await sandbox.carriers.time.advance(12 * DAY_MS)
  expect(await nowInTable('14')).toContain('SIM changed 12 days ago')
  expect(await now('14')).toBe('Payments work · SIM changed 12 days ago (no longer restricted)')
  expect(await now('12')).toContain('Payments work · opened 13 days ago')
  expect(await page()).toContain('지금: 소액결제 가능 · 유심 변경 12일 전(제한 끝남)')

  expect(await reset('14')).toBe('Payments are refused · SIM changed 1 h ago (refused)')
  expect(await reset('12')).toContain('The line was opened less than 3 days ago.')
  const line = await sandbox.line('14', 'kt')
  expect(await sandbox.buy(line, '1000')).toMatchObject({ ok: false, reason: 'sim_changed' })
})

test('what its owner changed is undone by a reset: blocks, consent, pause, password', async () => {
  const { core } = sandbox.carriers
  const line = await sandbox.line('20', 'kt')
  await core.blocks.set(line.id, 'payer', 'owner')
  await core.blocks.set(line.id, 'fraud', 'sandbox')
  await core.lines.setPaused(line.id, true)
  await core.lines.setPassword(line.id, '000000')
  const [consent] = line.consents
  await core.consents.revoke(line.id, consent?.id ?? '')
  expect(await now('20')).toBe('The line is paused, or its phone was reported lost.')
  expect(await reset('20')).toBe('Payments work')
  expect(await core.lines.checkPassword(line.id, '135790')).toBe('ok')
  expect(await sandbox.buy(await sandbox.line('20', 'kt'), '1000')).toMatchObject({ ok: true })

  const good = await sandbox.line('18', 'kt')
  await core.blocks.release(good.id, 'permanent')
  expect(await now('18')).toBe('Payments work')
  expect(await reset('18')).toBe('The owner of the line has blocked payments for good.')
  expect(await reset('10')).toBe('Phone payments were never agreed to for this line.')
})
