import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Ask, type Owner, openTestCarriers, type TestCarriers } from './care.fixture.ts'

let sandbox: TestCarriers

beforeAll(async () => {
  sandbox = await openTestCarriers()
})
afterAll(() => sandbox.close())

const problem = z.object({ code: z.string(), detail: z.string(), hint: z.string() })

async function problemOf(owner: Owner, method: string, path: string, ask: Ask) {
  return problem.parse((await owner.ask(method, path, ask)).json)
}

test('sums are named as people write them', async () => {
  const owner = await sandbox.owner('20')
  const limit = (month: string) => ({ body: { bucket: 'general', month } })
  expect(await problemOf(owner, 'PUT', '/limits', limit('9000000'))).toMatchObject({
    code: 'above_ceiling',
    detail: expect.stringContaining('₩1,000,000'),
  })
  expect(
    await problemOf(owner, 'PUT', '/limits', { ...limit('15000'), language: 'ko' }),
  ).toMatchObject({ code: 'not_a_step', detail: '한도는 10,000원 단위로 정합니다.' })
  const pay = (amount: string) => ({ key: `pay-${amount}`, body: { amount } })
  expect(await problemOf(owner, 'POST', '/bill-payments', pay('40000000'))).toMatchObject({
    code: 'amount_too_large',
    detail: expect.stringMatching(/₩\d,000,000/),
  })
  expect(await problemOf(owner, 'POST', '/bill-payments', pay('0.5'))).toMatchObject({
    code: 'amount_invalid',
    hint: 'Choose one above zero, in steps of ₩1.',
  })
})

test('fields are named as people call them', async () => {
  const owner = await sandbox.owner('21')
  const { id } = await owner.read('proof', 'POST', '/proofs', { body: { purpose: 'raise' } })
  const body = { identity: { name: '안재이', birthdate: '5 May' } }
  const given = { body, language: 'en' } as const
  expect((await problemOf(owner, 'POST', `/proofs/${id}`, given)).detail).toMatch(/^Birthdate: /)
})

test('a consent stays as it was said, and is told in the reader’s language as well', async () => {
  const scope = 'offline_access line-care:read line-care:write'
  const owner = await sandbox.owner('22', { scope })
  const { core } = sandbox.carriers
  const line = await sandbox.line('22')
  await core.consents.give(line.id, { kind: 'limit_raise', factors: [], wording: 'As we spoke.' })
  const read = async (language: 'ko' | 'en') => {
    const { consents } = await owner.read('consents', 'GET', '/consents', { language })
    return Object.fromEntries(consents.map(({ kind, ...said }) => [kind, said]))
  }
  const [english, korean] = [await read('en'), await read('ko')]
  expect(english.payments).toMatchObject({
    wording: expect.stringContaining('동의합니다'),
    translation: expect.stringMatching(/^I agree that what is bought/),
  })
  expect(english.platform?.wording).toContain('회선을 연결하고')
  expect(english.platform?.translation).toMatch(/^I link my line with /)
  expect(english.limit_raise).toMatchObject({ wording: 'As we spoke.', translation: null })
  for (const { translation } of Object.values(korean)) expect(translation).toBeNull()
  expect(korean.payments?.wording).toBe(english.payments?.wording)
})
