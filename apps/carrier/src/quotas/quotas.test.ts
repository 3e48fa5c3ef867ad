import { randomUUID } from 'node:crypto'
import { otpSmsApi, simSwapApi } from '@jeon/camara'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ClientSettings, clientSettings } from '../clients/model.ts'
import { openTestCarriers, startMs, type TestCarriers } from '../selfcare/care.fixture.ts'
import { Quotas } from './service.ts'

const PAYMENTS = '/skt/carrier-billing/v0.5/payments'
const SIM_SWAP = `/skt${simSwapApi.basePath}/check`
const NUMBER = '+821020000020'

let world: TestCarriers
let time = 0
beforeAll(async () => {
  world = await openTestCarriers()
})
afterAll(() => world.close())

const skt = () => {
  const carrier = world.carriers.carriers.get('skt')
  if (carrier === undefined) throw new Error('there is no SKT')
  return carrier
}

/** A client of SKT with some settings, and what asks in its name. */
async function clientWith(settings: Partial<ClientSettings>) {
  const id = `client-${randomUUID().slice(0, 8)}`
  const { clients } = world.carriers.outside
  const client = await clients.save({
    ...{ id, carrier: 'skt', name: 'Somebody', contact: '02', secret: 'secret' },
    ...{ redirectUris: [], jwks: null, settings },
  })
  const token = async () => {
    const answer = await fetch(`${world.url}/skt/openid/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:secret`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'carrier-billing:payments:read sim-swap:check',
      }),
    })
    return z.object({ access_token: z.string() }).parse(await answer.json()).access_token
  }
  const bearer = await token()
  const ask = async (path: string, body?: unknown) => {
    const response = await world.carriers.app.request(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const refused = z.object({ code: z.string() }).safeParse(await response.json())
    const code = refused.data?.code ?? ''
    const wait = response.headers.get('retry-after')
    return `${response.status} ${code}${wait === null ? '' : `, again after ${wait} s`}`.trim()
  }
  return { client, list: () => ask(PAYMENTS), swap: () => ask(SIM_SWAP, { phoneNumber: NUMBER }) }
}

async function tokenStatus(id: string, secret: string): Promise<number> {
  const answer = await fetch(`${world.url}/skt/openid/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  return answer.status
}

describe('the rate', () => {
  test('of each API is its own; who asks too fast is told how long to wait', async () => {
    const { list, swap } = await clientWith({ rate: { perSecond: 0.1, burst: 2 } })
    expect([await list(), await list()]).toEqual(['200', '200'])
    expect(await list()).toBe('429 TOO_MANY_REQUESTS, again after 10 s')
    expect(await swap()).toBe('200')
  })

  test('fills again with time, to its brim and no further', async () => {
    time = 1_000
    const quotas = new Quotas({ ...world.carriers, monotonicMs: () => time })
    const { client } = await clientWith({ rate: { perSecond: 2, burst: 3 } })
    const admitted = async (tries: number) => {
      const answers = []
      for (let count = 0; count < tries; count += 1) {
        answers.push(await quotas.admit(skt(), client, 'sim-swap'))
      }
      return answers.filter(({ ok }) => ok).length
    }
    expect(await admitted(5)).toBe(3)
    time += 1_000
    expect(await admitted(5)).toBe(2)
    time += 3_600_000
    expect(await admitted(5)).toBe(3)
    expect(await quotas.admit(skt(), client, 'sim-swap')).toEqual({
      ...{ ok: false, over: 'rate', retryAfterS: 1 },
    })
  })

  test('is generous unless said otherwise, and the platform of the sandbox has none', async () => {
    expect(clientSettings.parse({})).toMatchObject({
      ...{ rate: { perSecond: 200, burst: 400 }, dailyQuota: null },
    })
    const own = await world.carriers.outside.clients.find('skt', world.carriers.clientId)
    expect(own?.settings).toMatchObject({ rate: null, dailyQuota: null })
  })
})

describe('the daily quota', () => {
  test('counts all APIs together, and starts anew at midnight in Seoul', async () => {
    const { clock } = world.carriers
    const { list, swap } = await clientWith({ dailyQuota: 3 })
    expect([await list(), await swap(), await list()]).toEqual(['200', '200', '200'])
    // Noon: twelve hours to go. The definition of payments knows no code for a quota.
    expect(await list()).toBe('429 TOO_MANY_REQUESTS, again after 43200 s')
    expect(await swap()).toBe('429 QUOTA_EXCEEDED, again after 43200 s')
    await clock.move({ offsetMs: 0, frozenAtMs: startMs + 12 * 3_600_000 })
    expect([await list(), await swap()]).toEqual(['200', '200'])
    await clock.move({ offsetMs: 0, frozenAtMs: startMs })
  })

  test('outlives a restart, and two at once do not pass it', async () => {
    const { client } = await clientWith({ dailyQuota: 10 })
    const before = new Quotas(world.carriers)
    const admit = (quotas: Quotas) => quotas.admit(skt(), client, otpSmsApi.name)
    const first = await Promise.all(Array.from({ length: 8 }, () => admit(before)))
    expect(first.every(({ ok }) => ok)).toBe(true)
    await Promise.all([before.save(), before.save()])
    const after = new Quotas(world.carriers)
    const second = await Promise.all(Array.from({ length: 8 }, () => admit(after)))
    expect(second.filter(({ ok }) => ok)).toHaveLength(2)
    await after.save()
    await after.save()
    const { rows } = await world.carriers.pool.query(
      'select day::text, requests from carrier.client_usage where client_id = $1',
      [client.id],
    )
    expect(rows).toEqual([{ day: '2027-03-10', requests: '10' }])
  })
})

test('a new client is let in with the secret that is told once', async () => {
  const { app } = world.carriers
  const make = (body: unknown, carrier = 'skt') =>
    app.request(`/sandbox/clients/${carrier}`, { method: 'POST', body: JSON.stringify(body) })
  const made = await make({ name: 'A shop', contact: '02-1', settings: { rate: null } })
  expect(made.status).toBe(201)
  const { id, secret } = z.object({ id: z.string(), secret: z.string() }).parse(await made.json())
  expect(await tokenStatus(id, secret)).toBe(200)
  expect(await tokenStatus(id, 'another')).toBe(401)
  const seen = await app.request(`/sandbox/clients/skt/${id}`)
  expect(await seen.json()).toEqual({
    ...{ id, carrier: 'skt', name: 'A shop' },
    settings: expect.objectContaining({ rate: null }),
  })
  expect((await make({ name: '' })).status).toBe(400)
  expect((await make({ name: 'A', contact: 'b' }, 'nobody')).status).toBe(404)
})

test('settings are read and changed one by one, and nonsense is refused', async () => {
  const { client, list } = await clientWith({ smsLinks: true })
  const { app } = world.carriers
  const path = `/sandbox/clients/skt/${client.id}`
  const patch = (body: unknown, at = path) =>
    app.request(at, { method: 'PATCH', body: JSON.stringify(body) })
  const changed = await patch({ rate: { perSecond: 0.01, burst: 1 } })
  expect(await changed.json()).toMatchObject({
    settings: { smsLinks: true, rate: { perSecond: 0.01, burst: 1 }, dailyQuota: null },
  })
  expect([await list(), await list()]).toEqual(['200', '429 TOO_MANY_REQUESTS, again after 100 s'])
  expect((await patch({ rate: { perSecond: 0, burst: 1 } })).status).toBe(400)
  expect((await patch({ speed: 1 })).status).toBe(400)
  expect((await patch({}, '/sandbox/clients/skt/nobody')).status).toBe(404)
  expect(await (await app.request(path)).json()).toMatchObject({ id: client.id, carrier: 'skt' })
})
