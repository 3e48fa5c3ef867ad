import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { clientSettings } from '../clients/model.ts'
import { Codes } from '../codes/service.ts'
import { openTestCarriers, type TestCarriers } from '../selfcare/care.fixture.ts'
import { otpWording } from './otp-message.ts'

let at: TestCarriers
let token: string
beforeAll(async () => {
  at = await openTestCarriers()
  const { clientId, clientSecret } = at.carriers
  const response = await fetch(`${at.url}/skt/openid/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'one-time-password-sms:send-validate',
    }),
  })
  const granted = z.object({ access_token: z.string() }).parse(await response.json())
  token = granted.access_token
})
afterAll(() => at?.close())

async function send(digits: string, message: string) {
  const { phoneNumber } = await at.line(digits)
  const response = await at.carriers.app.request('/skt/one-time-password-sms/v1/send-code', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ phoneNumber, message }),
  })
  const json = z
    .object({ code: z.string().optional(), authenticationId: z.string().optional() })
    .parse(await response.json())
  return { status: response.status, ...json }
}

test('codes that a client has sent to a line take none from its owner', async () => {
  const answers = []
  for (let sent = 0; sent < 6; sent += 1) answers.push(await send('20', 'Your code: {{code}}'))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 403])
  expect(answers.at(-1)?.code).toBe('ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED')
  const owner = await at.owner('20')
  await owner.read('proof', 'POST', '/proofs', { body: { purpose: 'unblock' } })
  await owner.read('proof', 'POST', '/proofs', { body: { purpose: 'password' } })
  // Nor from what the same client needs for something else.
  const line = await at.line('20')
  const { codes } = at.carriers.outside
  const { clientId } = at.carriers
  expect(await codes.send(line, 'login', { clientId })).toMatchObject({ ok: true })
  expect(await codes.send(line, 'otp', { clientId: 'another' })).toMatchObject({ ok: true })
  expect(await codes.send(line, 'otp', { clientId })).toMatchObject({ ok: false, of: 'line' })
})

test('one client sends only so many to all lines together', async () => {
  const { pool, clock, carriers } = at.carriers
  const outbox = { save: async () => undefined }
  const parts = { pool, clock, carriers, outbox, perClientHour: 3 }
  const codes = new Codes(parts)
  const to = async (digits: string, clientId?: string) =>
    codes.send(await at.line(digits), 'otp', clientId === undefined ? {} : { clientId })
  for (const digits of ['21', '22', '23']) {
    expect(await to(digits, 'greedy')).toMatchObject({ ok: true })
  }
  const againAtMs = clock.now() + 3_600_000
  expect(await to('24', 'greedy')).toEqual({
    ok: false,
    code: 'too_many_codes',
    of: 'client',
    againAtMs,
  })
  expect(await to('24', 'modest')).toMatchObject({ ok: true })
  expect(await to('24')).toMatchObject({ ok: true })
})

describe('the message of a client', () => {
  test('says in front whose words they are, on one line', async () => {
    expect(await send('25', '[SKT]\n\u202eYour code\n is {{code}}')).toMatchObject({ status: 200 })
    const [message] = await at.messages(await at.line('25'))
    expect(message?.text).toMatch(/^\[Jeon\] \[SKT\] Your code is \d{6}$/)
  })

  test('needs {{code}}, as CAMARA says', async () => {
    expect(await send('25', 'hello')).toMatchObject({ status: 400, code: 'INVALID_ARGUMENT' })
  })

  const client = { name: 'News', settings: clientSettings.parse({}) }
  const links = [
    ...['https://evil.example/x', 'HTTP://evil', 'intent://pay', 'see WWW.evil', 'go evil.com/x'],
    ...[
      'evil.co.kr',
      'ｅｖｉｌ．ｃｏｍ',
      'evil。com',
      '10.0.0.1:80',
      '은행.한국',
      'evil.xn--3e0b707e',
    ],
    ...['{{code}}.com', 'evi\u200bl.com'],
  ]
  test.each(links)('has no link unless the client is registered for them: %s', async (link) => {
    const message = `${link} {{code}}`
    expect(otpWording(client, message)).toBeUndefined()
    const registered = { ...client, settings: clientSettings.parse({ smsLinks: true }) }
    expect(otpWording(registered, message)).toMatch(/^\[News\] /)
    if (link === links[0]) expect(await send('26', message)).toMatchObject({ status: 400 })
  })

  test.each([
    '인증번호는 {{code}}입니다.다른 사람에게 알려 주지 마세요.',
    '{{code}} is your code. Version 1.2, 3.5% off',
    '{{code}}.',
    '1,234.50 {{code}}',
  ])('is not mistaken for one: %s', (message) => {
    expect(otpWording(client, message)).toBe(`[News] ${message}`)
  })
})
