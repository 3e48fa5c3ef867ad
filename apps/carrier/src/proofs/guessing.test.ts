import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { SANDBOX_PASSWORD } from '../sandbox/magic.ts'
import { openTestCarriers, type TestCarriers } from '../selfcare/care.fixture.ts'

let at: TestCarriers
beforeAll(async () => {
  at = await openTestCarriers()
})
afterAll(() => at?.close())

test('who does not read the line’s messages cannot lock its payment password', async () => {
  const owner = await at.owner('20')
  const { id, needs } = await owner.read('proof', 'POST', '/proofs', {
    body: { purpose: 'consent' },
  })
  expect(needs).toEqual(expect.arrayContaining(['sms_code', 'password']))
  for (let guess = 0; guess < 8; guess += 1) {
    const wrong = { sms_code: '000000', password: `00000${guess}` }
    expect([403, 404]).toContain((await owner.ask('POST', `/proofs/${id}`, { body: wrong })).status)
    await owner.ask('POST', `/proofs/${id}`, { body: { password: `00000${guess}` } })
  }
  const line = await at.line('20')
  expect(await at.carriers.core.lines.checkPassword(line.id, SANDBOX_PASSWORD)).toBe('ok')
})

test('the owner’s birthdate is guessed only a few times, also when many guesses come at once', async () => {
  const owner = await at.owner('21')
  const line = await at.line('21')
  const { name, birthdate } = line.person
  const { id, needs } = await owner.read('proof', 'POST', '/proofs', {
    body: { purpose: 'password' },
  })
  expect(needs).toContain('identity')
  const [message] = await at.messages(line)
  const code = /\b\d{6}\b/.exec(message?.text ?? '')?.[0]
  await owner.ask('POST', `/proofs/${id}`, { body: { sms_code: code } })
  const guess = (date: string) =>
    owner.ask('POST', `/proofs/${id}`, { body: { identity: { name, birthdate: date } } })
  const days = Array.from({ length: 30 }, (_, day) => `1950-01-${String(day + 1).padStart(2, '0')}`)
  const guesses = await Promise.all(days.map(guess))
  expect(guesses.every(({ status }) => status === 403)).toBe(true)
  // All tries are used up: not even the right one opens it any more.
  expect(await guess(birthdate)).toMatchObject({ status: 403, json: { code: 'identity_wrong' } })
})

test('nor in a day’s many proofs, whatever they are for', async () => {
  const owner = await at.owner('22')
  const { name, birthdate } = (await at.line('22')).person
  const begin = async () =>
    (await owner.read('proof', 'POST', '/proofs', { body: { purpose: 'unblock' } })).id
  const give = async (date: string) =>
    owner.ask('POST', `/proofs/${await begin()}`, { body: { identity: { name, birthdate: date } } })
  // The right one counts for nothing.
  for (let time = 0; time < 12; time += 1)
    expect(await give(birthdate)).toMatchObject({ status: 200 })
  for (let day = 10; day < 22; day += 1) {
    expect(await give(`1950-01-${day}`)).toMatchObject({ status: 403 })
  }
  expect(await give(birthdate)).toMatchObject({ status: 403, json: { code: 'identity_wrong' } })
  await at.carriers.time.advance(86_400_000)
  expect(await give(birthdate)).toMatchObject({ status: 200 })
})

test('nor is a request by CIBA: the code comes first', async () => {
  const line = await at.line('17')
  const { clientId, clientSecret, core } = at.carriers
  const asked = await fetch(`${at.url}/skt/openid/backchannel`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({
      scope: 'openid line-care:read',
      login_hint: `tel:${line.phoneNumber}`,
    }),
  })
  const { auth_req_id: id } = z.object({ auth_req_id: z.string() }).parse(await asked.json())
  for (let guess = 0; guess < 8; guess += 1) {
    const response = await fetch(`${at.url}/skt/openid/approvals/${id}`, {
      method: 'POST',
      body: JSON.stringify({ sms_code: 'none', password: `00000${guess}` }),
    })
    expect(response.status).toBe(422)
  }
  expect(await core.lines.checkPassword(line.id, SANDBOX_PASSWORD)).toBe('ok')
})
