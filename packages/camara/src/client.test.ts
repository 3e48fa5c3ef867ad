import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PaymentResponse } from './carrier-billing.ts'
import { type CamaraClientOptions, createCamaraClient } from './client.ts'
import type { TokenOutcome } from './tokens.ts'

type Reply = (request: IncomingMessage, response: ServerResponse) => void

let server: Server
let apiRoot: string
let reply: Reply = (_, response) => response.end()

beforeAll(async () => {
  server = createServer((request, response) => {
    response.setHeader('x-correlator', request.headers['x-correlator'] ?? '')
    reply(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address === 'string' || address === null) throw new Error('no port')
  apiRoot = `http://127.0.0.1:${address.port}/skt`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const NOW_MS = Date.UTC(2026, 10, 22)

function clientOf(options: Partial<CamaraClientOptions> & { readonly token?: TokenOutcome } = {}) {
  const forgotten: string[] = []
  const asked: (readonly string[])[] = []
  const token = options.token ?? granted
  let calls = 0
  const client = createCamaraClient({
    apiRoot: options.apiRoot ?? apiRoot,
    tokens: {
      clientCredentials: (scopes) => {
        asked.push(scopes)
        return Promise.resolve(token)
      },
      forget: (accessToken) => forgotten.push(accessToken),
    },
    timeoutMs: options.timeoutMs ?? 5_000,
    plainSinks: options.plainSinks ?? 'refused',
    now: () => NOW_MS,
    newCorrelator: () => {
      calls += 1
      return `call-${calls}`
    },
  })
  return { client, forgotten, asked }
}

const granted: TokenOutcome = {
  ok: true,
  token: {
    accessToken: 'two-legged',
    expiresAtMs: undefined,
    scope: undefined,
    refreshToken: undefined,
    subject: undefined,
  },
}

const body = {
  amountTransaction: {
    phoneNumber: '+821020000001',
    clientCorrelator: 'pay_1',
    referenceCode: 'ref-1',
    paymentAmount: {
      chargingInformation: { amount: 3_300, currency: 'KRW', description: 'Three chapters' },
    },
  },
}

function paymentOf(paymentId: string, change: Partial<PaymentResponse> = {}): PaymentResponse {
  return {
    ...body,
    paymentId,
    paymentStatus: 'succeeded',
    paymentCreationDate: '2026-11-22T00:00:00Z',
    ...change,
  }
}

function answer(status: number, json?: unknown, headers: Record<string, string> = {}): Reply {
  return (request, response) => {
    request.resume()
    for (const [name, text] of Object.entries(headers)) response.setHeader(name, text)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(json === undefined ? undefined : JSON.stringify(json))
  }
}

describe('one call', () => {
  test('settled, with its correlator, and a token of the operation’s scope', async () => {
    const seen: IncomingMessage[] = []
    const made = answer(201, paymentOf('p-1'))
    reply = (request, response) => {
      seen.push(request)
      made(request, response)
    }
    const { client, asked } = clientOf()
    expect(await client.carrierBilling.createPayment(body)).toEqual({
      outcome: 'settled',
      status: 201,
      body: paymentOf('p-1'),
      correlator: 'call-1',
      echoed: true,
    })
    expect(asked).toEqual([['carrier-billing:payments:create']])
    expect(seen[0]?.url).toBe('/skt/carrier-billing/v0.5/payments')
    expect(seen[0]?.headers.authorization).toBe('Bearer two-legged')
  })

  test('a token of the caller’s goes before, and so does a correlator', async () => {
    const seen: (string | undefined)[] = []
    reply = (request, response) => {
      seen.push(request.headers.authorization)
      answer(200, { swapped: false })(request, response)
    }
    const { client, asked } = clientOf()
    const options = { accessToken: 'of-the-line', correlator: 'mine' }
    expect(await client.simSwap.check({}, options)).toMatchObject({ correlator: 'mine' })
    expect(asked).toEqual([])
    expect(seen).toEqual(['Bearer of-the-line'])
  })

  test.each([
    [400, 'INVALID_ARGUMENT', false],
    [401, 'UNAUTHENTICATED', true],
    [403, 'CARRIER_BILLING.PAYMENT_DENIED', false],
    [404, 'IDENTIFIER_NOT_FOUND', false],
    [409, 'ALREADY_EXISTS', false],
    [410, 'GONE', false],
    [422, 'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED', false],
    [429, 'TOO_MANY_REQUESTS', true],
  ])('declined %i %s, retryable %s', async (status, code, retryable) => {
    reply = answer(status, { status, code, message: 'no' })
    const { client, forgotten } = clientOf()
    expect(await client.carrierBilling.createPayment(body)).toEqual({
      outcome: 'declined',
      status,
      code,
      message: 'no',
      correlator: 'call-1',
      retryable,
      retryAfterMs: undefined,
    })
    expect(forgotten).toEqual(status === 401 ? ['two-legged'] : [])
  })

  test.each([
    ['30', 30_000],
    ['Sun, 22 Nov 2026 00:01:00 GMT', 60_000],
    ['Sat, 21 Nov 2026 00:00:00 GMT', 0],
    ['soon', undefined],
  ])('Retry-After: %s', async (header, retryAfterMs) => {
    const refusal = { status: 429, code: 'TOO_MANY_REQUESTS', message: 'slow' }
    reply = answer(429, refusal, { 'retry-after': header })
    expect(
      await clientOf().client.otpSms.validateCode({ authenticationId: 'a', code: '1' }),
    ).toMatchObject({ retryAfterMs })
  })

  test.each<[string, Reply]>([
    ['server_error', answer(500, { status: 500, code: 'INTERNAL', message: 'oops' })],
    ['server_error', answer(503)],
    ['unexpected_status', answer(302, undefined, { location: 'https://elsewhere.example/' })],
    ['unexpected_status', answer(408, { status: 408, code: 'X', message: 'late' })],
    ['malformed_body', answer(201, { ...paymentOf('p-1'), paymentStatus: 'paid' })],
    ['malformed_body', answer(201)],
    ['malformed_body', answer(404, { error: 'a proxy’s page' })],
    ['other_correlator', answer(201, paymentOf('p-1'), { 'x-correlator': 'another' })],
    ['connection', (request) => request.socket.destroy()],
    [
      'connection',
      (request, response) => {
        response.writeHead(201, { 'content-length': '1000' })
        response.write('{')
        request.socket.destroySoon()
      },
    ],
  ])('unknown: %s', async (reason, how) => {
    reply = how
    const outcome = await clientOf().client.carrierBilling.createPayment(body)
    expect(outcome).toMatchObject({ outcome: 'unknown', reason, correlator: 'call-1' })
  })

  test('unknown: a carrier that accepts and does not answer', async () => {
    const accepted: string[] = []
    reply = (request) => void accepted.push(request.url ?? '')
    const { client } = clientOf({ timeoutMs: 150 })
    expect(await client.carrierBilling.createPayment(body)).toMatchObject({
      outcome: 'unknown',
      reason: 'timeout',
    })
    expect(accepted).toHaveLength(1)
  })

  test('unknown: given up by the caller after sending; not sent when given up before', async () => {
    const giveUp = new AbortController()
    reply = () => giveUp.abort()
    const { client } = clientOf()
    const options = { signal: giveUp.signal }
    expect(await client.carrierBilling.createPayment(body, options)).toMatchObject({
      outcome: 'unknown',
    })
    expect(await client.carrierBilling.createPayment(body, options)).toMatchObject({
      outcome: 'not_sent',
      reason: 'aborted',
    })
  })

  test('a carrier without the echo is still believed', async () => {
    reply = (request, response) => {
      response.removeHeader('x-correlator')
      answer(200, { swapped: true })(request, response)
    }
    expect(await clientOf().client.deviceSwap.check()).toMatchObject({
      outcome: 'settled',
      echoed: false,
    })
  })
})

describe('a sink in plain http', () => {
  const sink = 'http://localhost:4200/sinks/skt'
  const echo = { ...paymentOf('p-1'), sink }

  test('is sent and heard back where it was allowed, on this machine alone', async () => {
    let sent = ''
    reply = (request, response) => {
      request.setEncoding('utf8').on('data', (text) => {
        sent += String(text)
      })
      request.on('end', () => answer(201, echo)(request, response))
    }
    const { carrierBilling } = clientOf({ plainSinks: 'on_this_machine' }).client
    const paid = await carrierBilling.createPayment({ ...body, sink })
    expect(paid).toMatchObject({ outcome: 'settled', body: paymentOf('p-1') })
    expect(JSON.parse(sent)).toEqual({ ...body, sink })
    reply = answer(200, [echo])
    expect(await carrierBilling.retrievePayments()).toMatchObject({ outcome: 'settled' })
    const elsewhere = { ...body, sink: 'http://localhost.example/' }
    expect(await carrierBilling.createPayment(elsewhere)).toMatchObject({ outcome: 'not_sent' })
  })

  test('is refused otherwise', async () => {
    reply = answer(201, echo)
    const { carrierBilling } = clientOf().client
    expect(await carrierBilling.createPayment({ ...body, sink })).toMatchObject({
      outcome: 'not_sent',
    })
    expect(await carrierBilling.createPayment(body)).toMatchObject({ reason: 'malformed_body' })
  })
})

describe('nothing is sent', () => {
  test('without a token', async () => {
    const token: TokenOutcome = { ok: false, code: 'unreachable', detail: 'fetch failed' }
    const { client } = clientOf({ token })
    expect(await client.carrierBilling.createPayment(body)).toMatchObject({
      outcome: 'not_sent',
      reason: 'no_token',
      detail: 'unreachable: fetch failed',
    })
  })

  test('where nobody listens', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const address = closed.address()
    if (typeof address === 'string' || address === null) throw new Error('no port')
    await new Promise((resolve) => closed.close(resolve))
    const { client } = clientOf({ apiRoot: `http://127.0.0.1:${address.port}` })
    expect(await client.carrierBilling.createPayment(body)).toMatchObject({
      outcome: 'not_sent',
      reason: 'unreachable',
    })
  })

  test('that does not fit the definition', async () => {
    reply = () => expect.unreachable()
    const { carrierBilling, refunds, otpSms } = clientOf().client
    const refused = { outcome: 'not_sent', reason: 'invalid_request' }
    expect(await carrierBilling.createPayment({ ...body, sink: 'http://a.example' })).toMatchObject(
      refused,
    )
    expect(await carrierBilling.retrievePayments({ page: 1.5 })).toMatchObject(refused)
    expect(await carrierBilling.retrievePayment('..')).toMatchObject(refused)
    expect(await refunds.retrieveRefunds('')).toMatchObject(refused)
    const code = { phoneNumber: '+821020000001', message: 'your code' }
    expect(await otpSms.sendCode(code)).toMatchObject(refused)
    expect(await carrierBilling.retrievePayments({}, { correlator: 'a b' })).toMatchObject(refused)
  })

  test('and an apiRoot that is none is a mistake of the program', () => {
    expect(() => clientOf({ apiRoot: 'carrier.example' })).toThrow(TypeError)
    expect(() => clientOf({ apiRoot: 'ftp://carrier.example' })).toThrow(TypeError)
  })
})

describe('the list', () => {
  /** A carrier that shows at most two a page, whatever is asked, within the dates that are asked. */
  function shows(payments: readonly PaymentResponse[], counted = true): Reply {
    return (request, response) => {
      const { searchParams } = new URL(request.url ?? '', apiRoot)
      const from = Date.parse(searchParams.get('paymentCreationDate.gte') ?? '')
      const to = Date.parse(searchParams.get('paymentCreationDate.lte') ?? '')
      const within = payments.filter(({ paymentCreationDate }) => {
        const atMs = Date.parse(paymentCreationDate)
        return from <= atMs && atMs <= to
      })
      const page = Number(searchParams.get('page'))
      const headers: Record<string, string> = counted ? { 'x-total-count': `${within.length}` } : {}
      answer(200, within.slice(2 * page - 2, 2 * page), headers)(request, response)
    }
  }

  const at = (offsetMs: number) => new Date(NOW_MS + offsetMs).toISOString()
  const five = [0, 1, 2, 3, 4].map((index) =>
    paymentOf(`p-${index}`, {
      paymentCreationDate: at(index * 1_000),
      amountTransaction: { ...body.amountTransaction, clientCorrelator: `pay_${index}` },
    }),
  )
  const window = { fromMs: NOW_MS, toMs: NOW_MS + 10_000 }

  async function idsOf(reading: Reply) {
    reply = reading
    const ids: string[] = []
    let last = 'nothing'
    for await (const page of clientOf().client.carrierBilling.listPayments(window)) {
      last = page.outcome
      if (page.outcome === 'settled') ids.push(...page.body.items.map((each) => each.paymentId))
    }
    return { ids, last }
  }

  test('is read to its end, counted or not', async () => {
    const ids = ['p-0', 'p-1', 'p-2', 'p-3', 'p-4']
    expect(await idsOf(shows(five))).toEqual({ ids, last: 'settled' })
    expect((await idsOf(shows(five, false))).ids).toEqual(ids)
    expect(await idsOf(shows([]))).toEqual({ ids: [], last: 'nothing' })
  })

  test('ends with what went wrong', async () => {
    const first = shows(five)
    let calls = 0
    const broken = await idsOf((request, response) => {
      calls += 1
      if (calls === 1) first(request, response)
      else answer(502)(request, response)
    })
    expect(broken).toEqual({ ids: ['p-0', 'p-1'], last: 'unknown' })
    expect((await idsOf(answer(200, five.slice(0, 2), { 'x-total-count': '5' }))).last).toBe(
      'unknown',
    )
    expect((await idsOf(answer(200, five.slice(0, 2)))).last).toBe('unknown')
    expect((await idsOf(answer(200, [], { 'x-total-count': '1' }))).last).toBe('unknown')
  })

  test('finds a payment by its correlator, within the window alone', async () => {
    reply = shows(five)
    const { carrierBilling } = clientOf().client
    const around = { clientCorrelator: 'pay_3', aroundMs: NOW_MS + 3_500 }
    expect(await carrierBilling.findByCorrelator({ ...around, windowMs: 1_000 })).toEqual({
      outcome: 'found',
      payment: five[3],
      duplicates: [],
    })
    expect(await carrierBilling.findByCorrelator({ ...around, windowMs: 100 })).toEqual({
      outcome: 'absent',
    })
  })

  test('prefers the one that moved money, and shows the others', async () => {
    const denied = paymentOf('p-d', { paymentStatus: 'denied', paymentCreationDate: at(0) })
    const paid = paymentOf('p-s', { paymentCreationDate: at(1) })
    reply = shows([denied, paid])
    const search = { clientCorrelator: 'pay_1', aroundMs: NOW_MS, windowMs: 60_000 }
    expect(await clientOf().client.carrierBilling.findByCorrelator(search)).toEqual({
      outcome: 'found',
      payment: paid,
      duplicates: [denied],
    })
  })

  test('halves a window that is too wide', async () => {
    const all = shows(five)
    reply = (request, response) => {
      const { searchParams } = new URL(request.url ?? '', apiRoot)
      const from = Date.parse(searchParams.get('paymentCreationDate.gte') ?? '')
      const to = Date.parse(searchParams.get('paymentCreationDate.lte') ?? '')
      const code = 'CARRIER_BILLING.TOO_MANY_MATCHING_RECORDS'
      if (to - from > 5_000)
        answer(400, { status: 400, code, message: 'narrow' })(request, response)
      else all(request, response)
    }
    const search = { clientCorrelator: 'pay_4', aroundMs: NOW_MS, windowMs: 20_000 }
    expect(await clientOf().client.carrierBilling.findByCorrelator(search)).toMatchObject({
      outcome: 'found',
      payment: { paymentId: 'p-4' },
    })
  })

  test('is never called absent when it was not read to its end', async () => {
    reply = answer(503)
    const search = { clientCorrelator: 'pay_1', aroundMs: NOW_MS, windowMs: 1_000 }
    expect(await clientOf().client.carrierBilling.findByCorrelator(search)).toMatchObject({
      outcome: 'unknown',
    })
    expect(await clientOf().client.refunds.findByCorrelator('p-1', 'rfd_1')).toMatchObject({
      outcome: 'unknown',
    })
  })

  test('finds a refund by its correlator', async () => {
    const refund = {
      type: 'total',
      refundId: 'r-1',
      refundStatus: 'succeeded',
      refundCreationDate: at(0),
      amountTransaction: { clientCorrelator: 'rfd_1', referenceCode: 'x', refundAmount: {} },
    }
    const earlier = { ...refund, refundId: 'r-0', refundStatus: 'denied' }
    reply = answer(200, [earlier, refund], { 'x-total-count': '2' })
    const { refunds } = clientOf().client
    expect(await refunds.findByCorrelator('p-1', 'rfd_1')).toMatchObject({
      outcome: 'found',
      refund: { refundId: 'r-1' },
      duplicates: [{ refundId: 'r-0' }],
    })
    expect(await refunds.findByCorrelator('p-1', 'rfd_2')).toEqual({ outcome: 'absent' })
  })
})
