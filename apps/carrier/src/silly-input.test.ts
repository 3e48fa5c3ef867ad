import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { isKeepable, unkeepableAt } from './keepable.ts'
import { everyScope } from './openid/scopes.ts'
import { magicPhoneNumber } from './sandbox/magic.ts'
import { type Owner, openTestCarriers, type TestCarriers } from './selfcare/care.fixture.ts'

/** Whatever comes from outside, no answer blames the carrier. */

let at: TestCarriers
let owner: Owner
let token: string
const number = magicPhoneNumber('skt', '20') ?? ''

beforeAll(async () => {
  at = await openTestCarriers()
  owner = await at.owner('20')
  const { access_token: granted } = z.object({ access_token: z.string() }).parse(
    (
      await openid('token', {
        grant_type: 'client_credentials',
        scope: everyScope.filter((scope) => !scope.startsWith('line-care')).join(' '),
      })
    ).json,
  )
  token = granted
})
afterAll(() => at?.close())

async function openid(path: string, form: Record<string, string>) {
  const { clientId, clientSecret } = at.carriers
  const response = await fetch(`${at.url}/skt/openid/${path}`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams(form),
  })
  return { status: response.status, json: z.unknown().parse(await response.json()) }
}

async function camara(method: 'GET' | 'POST', path: string, body?: unknown) {
  const response = await at.carriers.app.request(`/skt${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
}

async function care(method: string, path: string, body?: unknown, key = 'key') {
  const response = await at.carriers.app.request(`/skt/selfcare/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${owner.token}`,
      'idempotency-key': key,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, json: JSON.parse(await response.text()) }
}

/** Texts that somebody could send: any, numbers and times out of every range, and what no table keeps. */
const silly = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string().map((text) => `${text}\0`),
  fc.constantFrom('\ud800', '\udfff x', '\0', '', ' ', '0000-01-01', '9999-12-31', '0000-01'),
  fc.constantFrom('9999999999999999.x', '99999999999999.x', '1.x', '-1', '1e400', 'NaN', '1e16'),
  fc.constantFrom('9007199254740993', '0x10', '٣', '1'.repeat(400), "';--", '%', '\\', '{}'),
  fc.constantFrom('0000-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59', '-000001-01-01T00:00:00Z'),
)

const sillyValue = fc.oneof(
  silly,
  fc.double(),
  fc.integer(),
  fc.constantFrom(1e300, -0, 5e-324, 2 ** 53, 1e15, null, true, [], {}),
)

describe('what no table keeps', () => {
  test.each(['\0', 'a\0b', '\ud800', '\udc00x'])('is found wherever it stands: %j', (text) => {
    expect(isKeepable(text)).toBe(false)
    for (const json of [text, { a: [1, { b: text }] }, { [text]: 1 }]) {
      expect(unkeepableAt(JSON.stringify(json), json)).toBeDefined()
    }
  })

  test('and nothing else is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const kept: unknown = JSON.parse(JSON.stringify(json), keepable)
        expect(unkeepableAt(JSON.stringify(kept), kept)).toBeUndefined()
      }),
    )
    expect(unkeepableAt('{"a":"\\ud83d\\ude00"}', { a: '😀' })).toBeUndefined()
    // What merely looks like an escape.
    const slashed = { '\\u0000': ['\\ud800'] }
    expect(unkeepableAt(JSON.stringify(slashed), slashed)).toBeUndefined()
  })

  test('also in a body that is nested deeper than any stack', () => {
    const deep = `${'['.repeat(100_000)}"\\u0000"${']'.repeat(100_000)}`
    expect(unkeepableAt(deep, JSON.parse(deep))).toBeDefined()
  })
})

describe('a payment', () => {
  const information = { amount: 100, currency: 'KRW', description: 'x' }
  const payment = (of: Record<string, unknown>, charging = {}, meta = {}) => ({
    amountTransaction: {
      phoneNumber: number,
      referenceCode: crypto.randomUUID(),
      paymentAmount: {
        chargingInformation: { ...information, ...charging },
        chargingMetaData: { merchantIdentifier: 'shop', ...meta },
      },
      ...of,
    },
  })

  test.each(['\0', 'x\0', '\ud800', 'x\udc00'])(
    'with %j in any text is INVALID_ARGUMENT',
    async (bad) => {
      const bodies = [
        payment({ clientCorrelator: bad }),
        payment({ referenceCode: bad }),
        payment({}, { description: bad }),
        payment({}, {}, { merchantName: bad }),
        payment({}, {}, { merchantIdentifier: bad }),
        payment({}, {}, { productId: bad }),
        payment({}, {}, { nobodyKnowsThis: bad }),
      ]
      for (const path of ['/payments', '/payments/prepare']) {
        for (const body of bodies) {
          const { status, json } = await camara('POST', `/carrier-billing/v0.5${path}`, body)
          expect([status, json?.code]).toEqual([400, 'INVALID_ARGUMENT'])
        }
      }
    },
  )

  test('whose every member may be anything is never an error of the carrier', async () => {
    const members = ['referenceCode', 'clientCorrelator', 'phoneNumber', 'amount', 'currency']
    const all = [...members, 'description', 'taxAmount', 'merchantName', 'purchaseCategoryCode']
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...all), sillyValue, async (member, value) => {
        const own = { [member]: value }
        const body = ['amount', 'currency', 'description', 'taxAmount'].includes(member)
          ? payment({}, own)
          : members.includes(member)
            ? payment(own)
            : payment({}, {}, own)
        const { status } = await camara('POST', '/carrier-billing/v0.5/payments', body)
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 150 },
    )
  })

  test('is refunded, and other APIs asked, with anything', async () => {
    const line = await at.line('21')
    const bought = await at.buy(line, '1000')
    const id = bought.ok ? bought.payment.id : ''
    const swap = { phoneNumber: number }
    const bodies = (value: unknown): [string, unknown][] => [
      [
        `/carrier-billing-refund/v0.3/payments/${id}/refunds`,
        {
          type: 'partial',
          reason: value,
          amountTransaction: {
            clientCorrelator: value,
            referenceCode: value,
            refundAmount: { chargingInformation: { ...information, amount: value } },
          },
        },
      ],
      ['/sim-swap/v2/check', { ...swap, maxAge: value }],
      ['/kyc-age-verification/v0.2/verify', { ...swap, ageThreshold: value, name: value }],
      ['/kyc-tenure/v0.2/check-tenure', { ...swap, tenureDate: value }],
      ['/one-time-password-sms/v1/send-code', { ...swap, message: `{{code}}${value}` }],
      ['/one-time-password-sms/v1/validate-code', { authenticationId: value, code: value }],
    ]
    await fc.assert(
      fc.asyncProperty(sillyValue, async (value) => {
        for (const [path, body] of bodies(value)) {
          expect((await camara('POST', path, body)).status).toBeLessThan(500)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('queries', () => {
  test('of CAMARA may be anything', async () => {
    const line = await at.line('22')
    const bought = await at.buy(line, '1000')
    const id = bought.ok ? bought.payment.id : ''
    const ofPayments = '/carrier-billing/v0.5/payments'
    const ofRefunds = `/carrier-billing-refund/v0.3/payments/${id}/refunds`
    const names = [
      ...['page', 'perPage', 'order', 'paymentStatus', 'refundStatus', 'merchantIdentifier'],
      ...['paymentCreationDate', 'refundCreationDate'].flatMap((of) => [`${of}.gte`, `${of}.lte`]),
    ]
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), silly), async (query) => {
        for (const path of [ofPayments, ofRefunds]) {
          const { status } = await camara('GET', `${path}?${new URLSearchParams(query)}`)
          expect(status).toBeLessThan(500)
        }
      }),
      { numRuns: 150 },
    )
    for (const path of [ofPayments, ofRefunds]) {
      const { status, json } = await camara('GET', `${path}?merchantIdentifier=%00`)
      expect([status, json?.code]).toEqual([400, 'INVALID_ARGUMENT'])
    }
  })

  test('of self-care may be anything', async () => {
    const names = ['before', 'limit', 'cycle', 'other']
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), silly), async (query) => {
        const { status } = await care('GET', `/history?${new URLSearchParams(query)}`)
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 150 },
    )
    const refused = [
      'before=9999999999999999.x',
      'before=%00',
      'cycle=0000-99',
      'limit=1e9',
      'x=%00',
    ]
    for (const query of refused) {
      expect([query, (await care('GET', `/history?${query}`)).status]).toEqual([query, 400])
    }
  })
})

describe('self-care', () => {
  test('takes anything for anything', async () => {
    const line = await at.line('20')
    const bought = await at.buy(line, '1000')
    const paymentId = bought.ok ? bought.payment.id : ''
    const bodies = (value: unknown): [string, string, unknown][] => [
      ['POST', '/disputes', { payment_id: value, reason: 'x' }],
      ['POST', '/disputes', { payment_id: paymentId, reason: value }],
      ['POST', '/statements', { from: value, to: value }],
      ['POST', '/statements', { from: '2026-01-01', to: value }],
      ['POST', '/bill-payments', { amount: value }],
      ['POST', '/bill-payments', { amount: value, early: true }],
      ['PUT', '/limits', { bucket: 'general', month: value }],
      ['PUT', '/limits', { bucket: 'general', month: '1000', proof: value, consent: true }],
      ['POST', '/blocks', { kind: value }],
      ['POST', '/blocks/block_1/lift', { proof: value }],
      ['POST', '/proofs', { purpose: value }],
      ['POST', '/proofs/proof_1', { sms_code: value, identity: { name: value, birthdate: value } }],
      ['PUT', '/password', { proof: value, password: value }],
      ['POST', '/consents', { kind: 'payments', proof: value }],
    ]
    await fc.assert(
      fc.asyncProperty(sillyValue, async (value) => {
        for (const [method, path, body] of bodies(value)) {
          const { status } = await care(method, path, body, crypto.randomUUID())
          expect([method, path, status < 500]).toEqual([method, path, true])
        }
      }),
      { numRuns: 40 },
    )
  })

  test('names the text that is none', async () => {
    const { status, json } = await care('POST', '/disputes', {
      payment_id: crypto.randomUUID(),
      reason: 'not\0me',
    })
    expect([status, json.code]).toEqual([400, 'text_invalid'])
    expect(json.detail).toMatch(/^사유: /)
  })
})

describe('signing in', () => {
  test('with what no table keeps is refused, never an error of the carrier', async () => {
    const pkce =
      'code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    const base = `response_type=code&scope=openid&${pkce}`
    const own = `${base}&client_id=${at.carriers.clientId}`
    const back = encodeURIComponent('http://localhost:4242/v1/carriers/skt/callback')
    const paths = [
      `auth?${base}&client_id=a%00b`,
      `auth?${own}&redirect_uri=${back}&state=%00&login_hint=tel:%2B821020000017`,
      `auth?${own}&redirect_uri=${back}&state=s&login_hint=tel:%00`,
    ]
    for (const path of paths) {
      const response = await fetch(`${at.url}/skt/openid/${path}`, { redirect: 'manual' })
      expect(response.status).toBeLessThan(500)
      expect(response.headers.get('location') ?? '').not.toContain('server_error')
    }
    const asked = [
      ['backchannel', { scope: 'openid', login_hint: 'tel:\0' }],
      ['token', { grant_type: 'refresh_token', refresh_token: 'a\0' }],
      ['token', { grant_type: 'authorization_code', code: '\0', redirect_uri: '\0' }],
    ] as const
    for (const [path, form] of asked) {
      expect((await openid(path, { ...form })).status).toBeLessThan(500)
    }
  })

  test('and no line is opened whose owner could not be kept', async () => {
    const line = { carrier: 'skt', phone_number: '+821088887777' }
    for (const more of [{ name: '\0' }, { birthdate: '0000-01-01' }, { opened_on: '9999-12-31' }]) {
      const response = await at.carriers.app.request('/sandbox/lines', {
        method: 'POST',
        body: JSON.stringify({ ...line, ...more }),
      })
      expect(response.status).toBe(400)
    }
  })
})

/** A reviver: what no table keeps is taken out of texts and names. */
function keepable(_name: string, value: unknown): unknown {
  const cleaned = (text: string) => text.replaceAll('\0', '').toWellFormed()
  if (typeof value === 'string') return cleaned(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [cleaned(name), each]))
}
