/** The carrier, both ways: its requests as a client would send them, its answers as the definitions have them. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type CarrierWorld,
  numberOf,
  ORDINARY,
  openCarrierWorld,
  PASSWORD,
  type Purchase,
  purchase,
  type Reply,
  WIFI,
} from './carrier-world.ts'
import { officialAbsent } from './official.ts'

const BILLING = '/carrier-billing/v0.5/payments'

describe.skipIf(officialAbsent)('the carrier', () => {
  let world: CarrierWorld

  beforeAll(async () => {
    world = await openCarrierWorld()
  })
  afterAll(() => world?.close())
  beforeEach(() => {
    world.events.length = 0
  })

  const create = (of: Purchase = {}) =>
    world.ask('POST', BILLING, { body: purchase({ phoneNumber: ORDINARY, ...of }) })
  const prepare = (of: Purchase = {}) =>
    world.ask('POST', `${BILLING}/prepare`, { body: purchase({ phoneNumber: ORDINARY, ...of }) })
  const act = (reply: Reply, what: 'confirm' | 'cancel', phoneNumber = ORDINARY) =>
    world.ask('POST', `${BILLING}/${idOf(reply)}/${what}`, { body: { phoneNumber } })
  const get = (reply: Reply) => world.ask('GET', `${BILLING}/${idOf(reply)}`)
  const statusOf = async (reply: Reply) => (await get(reply)).json.paymentStatus

  describe('payments in one step', () => {
    test('are charged, shown and listed', async () => {
      const made = await create({ phoneNumber: numberOf('21') })
      expect(made.status).toBe(201)
      expect(made.json.paymentStatus).toBe('succeeded')
      expect((await get(made)).json).toEqual(made.json)
      const query = new URLSearchParams({
        'paymentCreationDate.gte': String(made.json.paymentCreationDate),
        paymentStatus: 'succeeded',
        merchantIdentifier: 'night-press',
        perPage: '1',
        order: 'asc',
      })
      const listed = await world.ask('GET', `${BILLING}?${query}`)
      expect(listed.json.list).toEqual([made.json])
      expect(listed.headers.get('x-total-count')).toBe('1')
      expect(listed.headers.get('content-last-key')).toBe('1')
    })

    test('need no number with a token that is bound to one, and allow none', async () => {
      const token = await world.boundToken(ORDINARY)
      const made = await world.ask('POST', BILLING, { token, body: purchase() })
      expect(made.status).toBe(201)
      const twice = await world.ask('POST', BILLING, {
        token,
        body: purchase({ phoneNumber: ORDINARY }),
      })
      expect(codeOf(twice)).toBe('422 UNNECESSARY_IDENTIFIER')
      expect(codeOf(await world.ask('POST', BILLING, { body: purchase() }))).toBe(
        '422 MISSING_IDENTIFIER',
      )
      expect(codeOf(await create({ phoneNumber: '+821099999999' }))).toBe(
        '404 IDENTIFIER_NOT_FOUND',
      )
    })

    test('are nobody’s business but the client’s and the number’s', async () => {
      const made = await create()
      const token = await world.boundToken(numberOf('22'))
      const path = `${BILLING}/${idOf(made)}`
      expect(codeOf(await world.ask('GET', path, { token }))).toBe('404 NOT_FOUND')
      const listed = await world.ask('GET', BILLING, { token })
      expect(listed.json.list).toEqual([])
      const { outside } = world.carriers
      await outside.clients.save({
        ...{ id: 'another', carrier: 'skt', name: 'Another', contact: '1', secret: 'other' },
        ...{ redirectUris: [], jwks: null },
      })
      const other = await otherToken(world)
      expect(codeOf(await world.ask('GET', path, { token: other }))).toBe('404 NOT_FOUND')
      // Nor does knowing a number let anybody charge it, be it ever so little.
      const body = purchase({ phoneNumber: ORDINARY, amount: 1 })
      const stolen = await world.ask('POST', BILLING, { token: other, body })
      expect(codeOf(stolen)).toBe('403 CARRIER_BILLING.PAYMENT_DENIED')
      expect(stolen.json.message).toMatch(/^\[second_factor_missing\] /)
      const asked = await world.ask('POST', `${BILLING}/prepare`, { token: other, body })
      expect(asked.json).toMatchObject({ paymentStatus: 'pending_validation' })
      expect(codeOf(await world.ask('GET', `${BILLING}/${randomUUID()}`))).toBe('404 NOT_FOUND')
      expect(codeOf(await world.ask('GET', `${BILLING}/nonsense`))).toBe('404 NOT_FOUND')
    })

    test('are not charged twice', async () => {
      const body = purchase({ phoneNumber: ORDINARY })
      expect((await world.ask('POST', BILLING, { body })).status).toBe(201)
      expect(codeOf(await world.ask('POST', BILLING, { body }))).toBe('400 INVALID_ARGUMENT')
      const reference = randomUUID()
      expect((await create({ correlator: null, reference })).status).toBe(201)
      expect(codeOf(await create({ correlator: null, reference }))).toBe('409 ALREADY_EXISTS')
    })

    test('are declined with the reason in front', async () => {
      const prepaid = await create({ phoneNumber: numberOf('06') })
      expect(codeOf(prepaid)).toBe('403 CARRIER_BILLING.PAYMENT_DENIED')
      expect(prepaid.json.message).toMatch(/^\[kind_not_allowed\] /)
      const unproved = await create({ amount: 20_000 })
      expect(unproved.json.message).toMatch(/^\[second_factor_missing\] /)
      const token = await world.boundToken(WIFI)
      const buy = (amount: number) =>
        world.ask('POST', BILLING, { token, body: purchase({ amount }) })
      expect((await buy(500_000)).status).toBe(201)
      const limited = await buy(500_000)
      expect(codeOf(limited)).toBe('422 CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED')
      expect(limited.json.message).toMatch(/^\[(?:day|month|person)_limit\] \S/)
      const huge = await buy(5_000_000)
      expect(codeOf(huge)).toBe('422 CARRIER_BILLING.UNAUTHORIZED_AMOUNT')
    })
  })

  describe('payments in two steps', () => {
    test('are reserved, then confirmed, once', async () => {
      const made = await prepare()
      expect(made.json).toMatchObject({ paymentStatus: 'reserved' })
      expect((await act(made, 'confirm')).status).toBe(202)
      expect((await get(made)).json).toMatchObject({ paymentStatus: 'succeeded' })
      expect(codeOf(await act(made, 'confirm'))).toBe('409 CARRIER_BILLING.PAYMENT_CONFIRMED')
      expect(codeOf(await act(made, 'cancel'))).toBe('409 CARRIER_BILLING.PAYMENT_CONFIRMED')
    })

    test('are reserved, then cancelled, with the right number only', async () => {
      const made = await prepare()
      expect(codeOf(await act(made, 'cancel', numberOf('22')))).toBe('404 NOT_FOUND')
      const nobody = await world.ask('POST', `${BILLING}/${idOf(made)}/cancel`, { body: {} })
      expect(codeOf(nobody)).toBe('422 MISSING_IDENTIFIER')
      expect((await act(made, 'cancel')).status).toBe(202)
      expect(await statusOf(made)).toBe('cancelled')
      expect(codeOf(await act(made, 'confirm'))).toBe('409 CARRIER_BILLING.PAYMENT_CANCELLED')
    })

    test('are confirmed with {} and a token that is bound to the number', async () => {
      const token = await world.boundToken(ORDINARY)
      const made = await world.ask('POST', `${BILLING}/prepare`, { token, body: purchase() })
      const path = `${BILLING}/${idOf(made)}/confirm`
      expect((await world.ask('POST', path, { token, body: {} })).status).toBe(202)
    })

    test('wait for a code by SMS where one is wanted', async () => {
      const phoneNumber = numberOf('48')
      const made = await prepare({ phoneNumber })
      expect(made.json).toMatchObject({
        paymentStatus: 'pending_validation',
        validationInfo: { action: 'validate' },
      })
      const authorizationId = String(Object(made.json.validationInfo).authorizationId)
      const validate = (body: { authorizationId: string; code: string }) =>
        world.ask('POST', `${BILLING}/${idOf(made)}/validate`, { body })
      const code = await world.code(phoneNumber)
      const wrong = code === '000000' ? '000001' : '000000'
      expect(codeOf(await validate({ authorizationId: 'x', code }))).toBe(
        '400 CARRIER_BILLING.INVALID_AUTHORIZATION_ID',
      )
      expect(codeOf(await validate({ authorizationId, code: wrong }))).toBe(
        '400 CARRIER_BILLING.INVALID_CODE',
      )
      expect((await validate({ authorizationId, code })).status).toBe(204)
      expect(await statusOf(made)).toBe('reserved')
      expect(codeOf(await validate({ authorizationId, code }))).toBe('409 ALREADY_EXISTS')
      expect((await act(made, 'confirm', phoneNumber)).status).toBe(202)
    })

    test('are denied after too many wrong codes', async () => {
      const phoneNumber = numberOf('48')
      const made = await prepare({ phoneNumber })
      const { authorizationId } = Object(made.json.validationInfo)
      const code = (await world.code(phoneNumber)) === '000000' ? '000001' : '000000'
      const answers: string[] = []
      while (answers.length < 20 && (await statusOf(made)) === 'pending_validation') {
        const body = { authorizationId: String(authorizationId), code }
        answers.push(codeOf(await world.ask('POST', `${BILLING}/${idOf(made)}/validate`, { body })))
      }
      expect(answers.at(-1)).toBe('400 CARRIER_BILLING.VALIDATION_FAILED')
      expect(await statusOf(made)).toBe('denied')
    })

    test('wait for the carrier’s page where more than a code is wanted', async () => {
      const made = await prepare({ amount: 20_000 })
      expect(made.json).toMatchObject({ validationInfo: { action: 'open' } })
      const url = String(Object(made.json.validationInfo).validationURL)
      const page = await fetch(url, { headers: { 'accept-language': 'en' } })
      expect(page.status).toBe(200)
      const html = await page.text()
      for (const told of ['밤의 신문', 'KRW 20,000', '기사 세 편']) expect(html).toContain(told)
      const answer = (password: string, code: string) =>
        fetch(url, { method: 'POST', body: new URLSearchParams({ password, code }) })
      const code = await world.code(ORDINARY)
      expect((await answer(PASSWORD, 'wrong')).status).toBe(422)
      expect((await answer('000000', code)).status).toBe(422)
      expect((await answer(PASSWORD, code)).status).toBe(200)
      expect(await statusOf(made)).toBe('reserved')
      expect((await fetch(url)).status).toBe(404)
      expect((await act(made, 'confirm')).status).toBe(202)
    })

    test('are denied on the carrier’s page by who did not want them', async () => {
      const made = await prepare({ phoneNumber: numberOf('49') })
      const url = String(Object(made.json.validationInfo).validationURL)
      expect((await fetch(`${url}/deny`, { method: 'POST' })).status).toBe(200)
      expect(await statusOf(made)).toBe('denied')
      const late = await act(made, 'confirm', numberOf('49'))
      expect(codeOf(late)).toBe('403 CARRIER_BILLING.PAYMENT_DENIED')
      expect(late.json.message).toMatch(/^\[refused_by_payer\] \S/)
      expect((await fetch(`${url.slice(0, -1)}0`)).status).toBe(404)
    })

    test('are cancelled when their time is over', async () => {
      const made = await prepare()
      await world.carriers.time.advance(11 * 60_000)
      expect(await statusOf(made)).toBe('cancelled')
      expect(codeOf(await act(made, 'confirm'))).toBe('409 CARRIER_BILLING.PAYMENT_CANCELLED')
    })

    test('are there although the answer never came, or not at all', async () => {
      for (const [digits, total] of [
        ['41', '1'],
        ['42', '0'],
      ]) {
        const phoneNumber = numberOf(digits ?? '')
        const lost = fetch(`${world.root}${BILLING}`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${world.token}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify(purchase({ phoneNumber })),
          signal: AbortSignal.timeout(400),
        })
        await expect(lost).rejects.toThrow()
        const token = await world.boundToken(phoneNumber)
        const listed = await world.ask('GET', BILLING, { token })
        expect(listed.headers.get('x-total-count')).toBe(total)
      }
    })

    test('are denied by numbers that do so', async () => {
      expect(codeOf(await prepare({ phoneNumber: numberOf('51') }))).toBe(
        '403 CARRIER_BILLING.PAYMENT_DENIED',
      )
      const made = await prepare({ phoneNumber: numberOf('50') })
      expect(codeOf(await act(made, 'confirm', numberOf('50')))).toBe(
        '403 CARRIER_BILLING.PAYMENT_DENIED',
      )
      expect(await statusOf(made)).toBe('denied')
    })
  })

  describe('what is asked wrongly', () => {
    test('is refused in the definition’s words', async () => {
      const body = purchase({ phoneNumber: ORDINARY })
      const post = (json: unknown, token?: string | null) =>
        world.ask('POST', BILLING, {
          body: json,
          wrong: true,
          ...(token === undefined ? {} : { token }),
        })
      expect(codeOf(await post(body, null))).toBe('401 UNAUTHENTICATED')
      expect(codeOf(await post(body, 'nonsense'))).toBe('401 UNAUTHENTICATED')
      const reading = await world.clientToken('carrier-billing:payments:read')
      expect(codeOf(await post(body, reading))).toBe('403 PERMISSION_DENIED')
      expect(codeOf(await post({}))).toBe('400 INVALID_ARGUMENT')
      expect(codeOf(await post('text'))).toBe('400 INVALID_ARGUMENT')
      expect(codeOf(await post({ ...body, sink: 'http://elsewhere.example' }))).toBe(
        '400 INVALID_SINK',
      )
      const plain = { credentialType: 'PLAIN', identifier: 'a', secret: 'b' }
      expect(codeOf(await post({ ...body, sinkCredential: plain }))).toBe('400 INVALID_CREDENTIAL')
      const dollars = structuredClone(body)
      dollars.amountTransaction.paymentAmount.chargingInformation.currency = 'USD'
      expect(codeOf(await post(dollars))).toBe('400 INVALID_ARGUMENT')
      const half = await create({ amount: 0.5 })
      expect(codeOf(half)).toBe('422 CARRIER_BILLING.UNAUTHORIZED_AMOUNT')
    })

    test('with a token of another carrier', async () => {
      const basic = `${world.carriers.clientId}:${encodeURIComponent(world.carriers.clientSecret)}`
      const form = { grant_type: 'client_credentials', scope: 'carrier-billing:payments:read' }
      const response = await fetch(`${world.root.replace(/skt$/, 'kt')}/openid/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(basic)}` },
        body: new URLSearchParams(form),
      })
      const token = String(Object(await response.json()).access_token)
      expect(token).toMatch(/^\w+\.\w+\./)
      expect(codeOf(await world.ask('GET', BILLING, { token }))).toBe('401 UNAUTHENTICATED')
    })

    test('of a list', async () => {
      const list = async (query: string, wrong?: true) =>
        codeOf(await world.ask('GET', `${BILLING}?${query}`, wrong ? { wrong } : {}))
      expect(await list('page=0')).toBe('400 OUT_OF_RANGE')
      expect(await list('perPage=x', true)).toBe('400 INVALID_ARGUMENT')
      const late = 'paymentCreationDate.gte=2026-02-01T00:00:00Z'
      expect(await list(`${late}&paymentCreationDate.lte=2026-01-01T00:00:00Z`)).toBe(
        '400 CARRIER_BILLING.INVALID_DATE_RANGE',
      )
    })

    test('with a correlator that is none', async () => {
      const response = await fetch(`${world.root}${BILLING}`, {
        headers: { authorization: `Bearer ${world.token}`, 'x-correlator': 'a b' },
      })
      expect(response.status).toBe(400)
      expect(response.headers.get('x-correlator')).toBeNull()
    })

    test('of operations that there are not', async () => {
      const response = await fetch(`${world.root}${BILLING}`, { method: 'DELETE' })
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    })
  })

  test('answers the other way where a client asks for the scenarios’ quirks', async () => {
    const { clients } = world.carriers.outside
    await clients.change('skt', world.carriers.clientId, { featureQuirks: true })
    const ask = async (path: string, body: unknown, token?: string) => {
      const response = await fetch(`${world.root}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token ?? world.token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      })
      const json: unknown = await response.json().catch(() => ({}))
      return { status: response.status, headers: response.headers, json: Object(json) }
    }
    expect(codeOf(await ask(BILLING, purchase()))).toBe('422 CARRIER_BILLING.PHONE_NUMBER_REQUIRED')
    const token = await world.boundToken(ORDINARY)
    expect((await ask(BILLING, purchase({ phoneNumber: ORDINARY }), token)).status).toBe(201)
    const sink = 'ftp://elsewhere.example'
    expect(codeOf(await ask(BILLING, { ...purchase(), sink }))).toBe('404 INVALID_SINK')
    const made = await ask(`${BILLING}/prepare`, purchase(), token)
    expect(codeOf(await ask(`${BILLING}/${idOf(made)}/confirm`, {}, token))).toBe(
      '400 INVALID_ARGUMENT',
    )
    await clients.change('skt', world.carriers.clientId, { featureQuirks: false })
  })
})

function idOf(reply: Reply): string {
  return String(reply.json.paymentId)
}

function codeOf({ status, json }: Pick<Reply, 'status' | 'json'>): string {
  return `${status} ${json.code}`
}

async function otherToken(world: CarrierWorld): Promise<string> {
  const response = await fetch(`${world.root}/openid/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('another:other')}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'carrier-billing:payments:read carrier-billing:payments:create',
    }),
  })
  const json: unknown = await response.json()
  return String(Object(json).access_token)
}
