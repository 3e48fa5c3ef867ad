import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, freshKey, openTestSandbox, type TestSandbox } from '../test/sandbox.ts'
import { duplicateName, parseJson } from './body.ts'
import { isRefusal } from './errors.ts'

let sandbox: TestSandbox
let browser: Browser
let keys: Record<string, string>

beforeAll(async () => {
  sandbox = await openTestSandbox()
  browser = await sandbox.browser()
  const { merchant, operator } = sandbox.platform.keys
  keys = { merchant: merchant.secret, page: merchant.page, operator }
})
afterAll(() => sandbox.close())

describe('JSON', () => {
  test('that names something twice is found, however it is written', () => {
    expect(duplicateName('{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}')).toBeUndefined()
    expect(duplicateName('{"a":1,"\\u0061":2}')).toBe('a')
    expect(duplicateName('{"x":{"y":"\\"","y":1}}')).toBe('y')
    expect(duplicateName('["a","a",{"a":"a"}]')).toBeUndefined()
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(duplicateName(JSON.stringify(JSON.parse(json)))).toBeUndefined()
      }),
    )
  })

  test('is read as JSON.parse reads it, or refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const parsed = parseJson(Buffer.from(text.toWellFormed()))
        if (!isRefusal(parsed)) expect(parsed.json).toEqual(JSON.parse(text.toWellFormed()))
      }),
    )
  })
})

/** What a careless or hostile sender may put where a value belongs. */
const oddValues: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  '0',
  '\u0000',
  '서울'.repeat(100),
  '\ud800',
  "'; drop table jeon.wallet; --",
  '../../etc/passwd',
  'x'.repeat(5_000),
  [],
  [[[[[]]]]],
  {},
  { amount: '1', currency: 'KRW' },
  '99999999999999999999999',
  'NaN',
  'wal_01h455vb4pex5vsknk084sn02q',
  'pay_01h455vb4pex5vsknk084sn02q',
]

const names = [
  'offer',
  'wallet',
  'merchant',
  'amount',
  'currency',
  'reference',
  'category',
  'ttl_s',
  'title',
  'price',
  'unlocks',
  'limits',
  'name',
  'origins',
  'advance',
  'freeze',
  'id',
  'active',
  '__proto__',
  'constructor',
  'toString',
]

describe('no endpoint', () => {
  test('fails or moves money for a body that makes no sense', async () => {
    const before = (await browser.send('GET', '/v1/wallet')).json.pockets
    const endpoints = sandbox.platform.app.endpoints.filter(
      ({ method, path }) =>
        path !== '/v1/sandbox/clock' &&
        (method === 'POST' || method === 'PUT' || method === 'PATCH'),
    )
    const bodies = fc.oneof(
      fc
        .dictionary(fc.constantFrom(...names), fc.constantFrom(...oddValues), { maxKeys: 5 })
        .map((fields) => JSON.stringify(fields)),
      fc.json(),
      fc.string(),
      fc.constantFrom('{', '[', '"', '{"a":1,"a":2}', '\ufeff{}', '[{}]', '['.repeat(5_000)),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...endpoints),
        bodies,
        fc.constantFrom('merchant', 'page', 'operator', 'none'),
        fc.boolean(),
        async (endpoint, body, who, withCookie) => {
          const path = endpoint.path.replace('{id}', 'pay_01h455vb4pex5vsknk084sn02q')
          const key = keys[who]
          const how = { body, idempotencyKey: freshKey(), ...(key === undefined ? {} : { key }) }
          const sender = withCookie && who === 'none' ? browser : sandbox
          const answer = await sender.send(endpoint.method, path, how)
          expect(answer.status, `${endpoint.method} ${path} ${body}`).toBeLessThan(500)
          expect(answer.headers.get('jeon-request-id')).toMatch(/^req_/)
          if (answer.status >= 400) {
            expect(answer.json).toMatchObject({ status: answer.status, hint: expect.any(String) })
          }
        },
      ),
      { numRuns: 400 },
    )
    await browser.send('PUT', '/v1/wallet/limits', { json: { currency: 'KRW', limits: [] } })
    const after = (await browser.send('GET', '/v1/wallet')).json.pockets
    const balances = (pockets: typeof before) =>
      Object.values(pockets ?? {}).map(({ currency, balance }) => `${currency} ${balance}`)
    expect(balances(after)).toEqual(balances(before))
    expect(Reflect.get({}, 'amount')).toBeUndefined()
  })

  test('fails for an odd address, query or header', async () => {
    const paths = [
      '/v1/payments/%00',
      '/v1/payments/%F0%28',
      '/v1/offers/%2e%2e',
      '/v1/holds/hold_x',
      '/v1/wallet/payments?limit=1e9',
      '/v1/wallet/payments?cursor=%00',
      '/v1/offers?merchant=mer_',
      '/v1//payments',
      '/wallet/assets/..%2f..%2fpackage.json',
      '/wallet/assets/.',
      '/docs?lang=xx',
      '/v1/entitlements?offer[]=1',
      `/v1/offers/${'a'.repeat(3_000)}`,
    ]
    const headers: Record<string, string>[] = [
      {},
      { 'accept-language': ';;;,,' },
      { 'content-length': 'x' },
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${keys.merchant}`, cookie: '=;;=;jeon_session' },
      { origin: 'http://[' },
      { 'last-event-id': '9-9.9' },
    ]
    for (const path of paths) {
      for (const header of headers) {
        const answer = await browser.send('GET', path, { headers: header })
        expect(answer.status, `${path} ${JSON.stringify(header)}`).toBeLessThan(500)
      }
    }
  })
})

test('an address that is not there, and one that is used wrongly', async () => {
  expect((await sandbox.send('GET', '/v1/nothing')).json).toMatchObject({
    status: 404,
    code: 'route_not_found',
  })
  const wrong = await sandbox.send('DELETE', '/v1/payments')
  expect(wrong.json).toMatchObject({ status: 405, code: 'method_not_allowed' })
  expect(wrong.headers.get('allow')).toBe('POST')
})

test('after all of that the ledger proves itself', async () => {
  const key = sandbox.platform.keys.operator
  const { json } = await sandbox.send('POST', '/v1/operator/verify', { key })
  expect(json).toMatchObject({ ok: true, problems: [] })
})
