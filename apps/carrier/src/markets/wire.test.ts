/** A carrier that is not Korean, over HTTP: pence on the wire, numbers as people at home write them, and its own language. */
import { randomUUID } from 'node:crypto'
import { findFreePort, freshDatabase } from '@jeon/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { CarrierSettings } from '../carriers.ts'
import { type Carriers, openCarriers } from '../program.ts'
import { languageOfMarket } from './language.ts'

const BRITISH: CarrierSettings = {
  ...{ id: 'albion', name: 'Albion Mobile', contact: '191', market: 'GB', shard: 0 },
}
const NUMBER = '+447700900123'
const PAYMENTS = '/albion/carrier-billing/v0.5/payments'

let carriers: Carriers
let url: string
let drop: () => Promise<void>
beforeAll(async () => {
  const database = await freshDatabase()
  drop = database.drop
  const port = await findFreePort()
  url = `http://127.0.0.1:${port}`
  carriers = await openCarriers({
    ...{ databaseUrl: database.url, publicUrl: url, carriers: [BRITISH] },
    ...{ tickEveryMs: 0, redirectUris: [`${url}/callback`] },
  })
  await carriers.listen(port)
})
afterAll(async () => {
  await carriers.close()
  await drop()
})

const credentials = () =>
  `Basic ${Buffer.from(`${carriers.clientId}:${carriers.clientSecret}`).toString('base64')}`

test('the sandbox opens a line there; its owner is spoken to in English', async () => {
  const opened = await carriers.app.request('/sandbox/lines', {
    method: 'POST',
    body: JSON.stringify({ carrier: 'albion', phone_number: NUMBER, name: 'Ada' }),
  })
  expect(opened.status).toBe(201)
  const line = await carriers.core.lines.byNumber('albion', NUMBER)
  expect(line).toMatchObject({ language: 'en', consents: [{ wording: /^I agree/ }] })
  const refused = await carriers.app.request('/albion/selfcare/v1/line')
  expect(refused.headers.get('content-language')).toBe('en')
  const chosen = { headers: { 'accept-language': 'ko' } }
  const korean = await carriers.app.request('/albion/selfcare/v1/line', chosen)
  expect(korean.headers.get('content-language')).toBe('ko')
})

test('a payment is in pounds and pence, and needs the owner’s code', async () => {
  const granted = await fetch(`${url}/albion/openid/token`, {
    ...{ method: 'POST', headers: { authorization: credentials() } },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'carrier-billing:payments:create carrier-billing:payments:read',
    }),
  })
  const bearer = z.object({ access_token: z.string() }).parse(await granted.json()).access_token
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
  const post = async (path: string, body: unknown) => {
    const response = await carriers.app.request(`${PAYMENTS}${path}`, {
      ...{ method: 'POST', headers, body: JSON.stringify(body) },
    })
    return z.record(z.string(), z.unknown()).parse(await response.json())
  }
  const purchase = (amount: number, currency = 'GBP') => ({
    amountTransaction: {
      phoneNumber: NUMBER,
      paymentAmount: {
        chargingInformation: { amount, currency, description: 'A ticket' },
        chargingMetaData: { merchantIdentifier: 'stage', purchaseCategoryCode: 'ticket' },
      },
      referenceCode: randomUUID(),
    },
  })
  expect(await post('/prepare', purchase(12.5, 'KRW'))).toMatchObject({ status: 400 })
  expect(await post('/prepare', purchase(12.505))).toMatchObject({ status: 422 })
  const prepared = await post('/prepare', purchase(12.5))
  expect(prepared).toMatchObject({ paymentStatus: 'pending_validation' })
  const inbox = await carriers.app.request(
    `/sandbox/inbox?${new URLSearchParams({ phone_number: NUMBER }).toString()}`,
  )
  const { messages } = z
    .object({ messages: z.array(z.object({ text: z.string() })) })
    .parse(await inbox.json())
  expect(messages[0]?.text).toContain('approves GBP 12.5')
})

test('on the login page a number may be written as at home', async () => {
  const asked = new URL(`${url}/albion/openid/auth`)
  asked.search = new URLSearchParams({
    ...{ client_id: carriers.clientId, redirect_uri: `${url}/callback`, response_type: 'code' },
    ...{ scope: 'openid line-care:read', state: 's' },
    ...{ code_challenge: 'A'.repeat(43), code_challenge_method: 'S256' },
  }).toString()
  const begun = await fetch(asked, { redirect: 'manual' })
  const page = new URL(begun.headers.get('location') ?? '', url)
  const cookie = begun.headers
    .getSetCookie()
    .map((each) => each.split(';')[0] ?? '')
    .join('; ')
  const shown = await fetch(page, { headers: { cookie } })
  expect(await shown.text()).toContain('lang="en"')
  const before = (await carriers.core.lines.byNumber('albion', NUMBER))?.id
  const sent = await fetch(`${page.toString()}/code`, {
    ...{ method: 'POST', headers: { cookie } },
    body: new URLSearchParams({ phone_number: '07700 900123' }),
  })
  expect(sent.status).toBe(200)
  const { rows } = await carriers.pool.query<{ line_id: string }>(
    "select line_id from carrier.message where kind = 'code' order by number desc limit 1",
  )
  expect(rows).toEqual([{ line_id: before }])
})

test('each market has a first language that is spoken here', () => {
  const first = (...languages: string[]) => languageOfMarket({ languages })
  expect([first('ko', 'en'), first('en'), first('ja', 'en'), first('ja', 'ko')]).toEqual([
    ...['ko', 'en', 'en', 'ko'],
  ])
  expect([first('en-GB'), first('fr')]).toEqual(['en', 'en'])
})
