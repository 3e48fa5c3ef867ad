import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestCarriers, type TestCarriers } from './care.fixture.ts'

const DAY_MS = 86_400_000

let sandbox: TestCarriers

beforeAll(async () => {
  sandbox = await openTestCarriers()
})
afterAll(() => sandbox.close())

test.each([
  ['payer', '모든 소액결제를 차단했습니다', '24시간 뒤에'],
  ['voucher', '상품권 결제를 차단했습니다', '24시간 뒤에'],
  ['auto_pay', '자동결제를 차단했습니다', '24시간 뒤에'],
  ['permanent', '영구 차단했습니다', '24시간 뒤에'],
])(
  'the message of a block of kind %s says what it stops and how it is lifted',
  async (kind, what, when) => {
    const owner = await sandbox.owner('27')
    await owner.read('line', 'POST', '/blocks', { body: { kind } })
    const [message] = await sandbox.messages(await sandbox.line('27'))
    expect(message).toMatchObject({ kind: 'blocked' })
    expect(message?.text).toContain(what)
    expect(message?.text).toContain('본인 확인')
    expect(message?.text).toContain(when)
  },
)

test('one proof lifts what the owner and a suspension blocked, and says what remains and why', async () => {
  const owner = await sandbox.owner('19')
  const line = await sandbox.line('19')
  const { core, clock, time } = sandbox.carriers
  await core.blocks.set(line.id, 'operator', 'after_suspension')
  await core.blocks.set(line.id, 'fraud', 'femtocell')
  const { blocks } = await owner.read('line', 'POST', '/blocks', { body: { kind: 'payer' } })
  const payer = blocks.find(({ kind }) => kind === 'payer')
  const proof = await owner.prove(line, 'unblock')
  const path = `/blocks/${payer?.id}/lift`
  const lifted = await owner.read('lifted', 'POST', path, { body: { proof } })
  expect(lifted.lifted.map(({ kind }) => kind).toSorted()).toEqual(['operator', 'payer'])
  expect(lifted.remaining).toMatchObject([{ kind: 'fraud' }])
  expect(lifted.remaining[0]?.why).toContain('1600-0523')
  expect(Date.parse(lifted.lifts_at)).toBe(clock.now() + DAY_MS)
  const [granted] = await sandbox.messages(line)
  expect(granted?.text).toContain('Lifted from 03/11 12:00: all payments')
  expect(granted?.text).toContain('still holds: all payments (suspected fraud)')
  expect(lifted.line.service.state).toBe('fraud_hold')

  // With the carrier's own block gone, the line says from when payments work again, and not how to ask for it.
  await core.blocks.release(line.id, 'fraud')
  const { service } = await owner.read('line', 'GET', '/line')
  expect(service.text).toBe('An unblock was granted. Payments work again from 11 March at 12:00.')
  expect(service.remedy).not.toContain('proving')
  await time.advance(DAY_MS)
  const [over] = await sandbox.messages(line)
  expect(over).toMatchObject({ kind: 'unblocked' })
  expect(over?.text).toContain('No longer blocked: all payments')
  expect(await sandbox.buy(line, '1000')).toMatchObject({ ok: true })
})
