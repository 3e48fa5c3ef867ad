import { expect, test } from 'vitest'
import type { Caller } from './endpoint.ts'
import { careEndpoint } from './endpoint.ts'
import { limitsChange } from './inputs.ts'
import { isRefusal, problemOf } from './problems.ts'

const put = careEndpoint({
  method: 'PUT',
  path: '/limits',
  summary: '',
  body: limitsChange,
  reply: 'limitsChanged',
  handle: () => ({}),
})

async function said(body: unknown, language: Caller['language']): Promise<string> {
  // Nothing but the language is looked at before the fields are read.
  const answer = await put.answer(Object.assign(Object.create(null), { language }), {
    id: '',
    query: {},
    body,
  })
  if (!isRefusal(answer)) throw new Error('not refused')
  return problemOf(answer, language).detail
}

test('a malformed amount is said with an example, in the language of the request', async () => {
  const body = { bucket: 'general', month: '30만원' }
  expect(await said(body, 'ko')).toBe(
    '한 달 한도: “30만원”이라고 왔습니다. 형식이 맞지 않습니다. 예: 300000',
  )
  expect(await said(body, 'en')).toContain('Write it as in 300000')
  expect(await said({ bucket: 'general', week: '1' }, 'ko')).toBe('week: 이런 필드는 없습니다.')
})
