/** A real carrier in this process, over real HTTP, whose every exchange is held against the official definitions. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { type Carriers, KOREAN_CARRIERS, openCarriers, SANDBOX_PASSWORD } from '@jeon/carrier'
import { findFreePort, freshDatabase } from '@jeon/postgres'
import { z } from 'zod'
import { loadDefinitions } from './official.ts'
import { createRecordingFetch, type Recording } from './recording.ts'
import { createValidator, type Validator } from './validator.ts'

export const PASSWORD = SANDBOX_PASSWORD

/** An ordinary line, and one whose device is only on Wi-Fi. */
export const ORDINARY = numberOf('20')
export const WIFI = numberOf('17')

/** A magic number of the carrier under test. */
export function numberOf(digits: string): string {
  return `+8210200000${digits}`
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly json: Record<string, unknown>
}

export interface Ask {
  /** (Default: two-legged) */
  readonly token?: string | null
  readonly body?: unknown
  /** The request is wrong on purpose: only the answer is held against the definition. */
  readonly wrong?: true
  readonly correlator?: string
}

export interface Event {
  readonly authorization: string | undefined
  readonly json: Record<string, unknown>
}

export interface CarrierWorld {
  readonly carriers: Carriers
  readonly validator: Validator
  readonly checked: Recording
  readonly root: string
  /** Bound to no line. */
  readonly token: string
  ask(method: 'GET' | 'POST', path: string, ask?: Ask): Promise<Reply>
  /** A token that is bound to a line: the network vouches, or the owner gives the code and the password. */
  boundToken(phoneNumber: string, scope?: string): Promise<string>
  clientToken(scope: string): Promise<string>
  /** The newest code that a line was sent. */
  code(phoneNumber: string): Promise<string>
  readonly sink: string
  /** What came to the sink, each held against the definition of the callback. */
  readonly events: Event[]
  readonly eventComplaints: string[]
  /** Answers of the sink, in turn. (Default: 204) */
  readonly sinkAnswers: number[]
  close(): Promise<void>
}

export const everyScope = [
  ...['create', 'write', 'read'].map((what) => `carrier-billing:payments:${what}`),
  ...['create', 'read'].map((what) => `carrier-billing-refund:refunds:${what}`),
  ...['number-verification:verify', 'number-verification:device-phone-number:read'],
  ...['sim-swap', 'device-swap', 'one-time-password-sms:send-validate'],
  ...['kyc-age-verification:verify', 'kyc-tenure:check-tenure'],
  'subscription-status:retrive-subscription-status',
].join(' ')

const record = z.record(z.string(), z.unknown())

/** @param linked - also linked to the lines, besides the sandbox's own client */
export async function openCarrierWorld(...linked: readonly string[]): Promise<CarrierWorld> {
  const fresh = await freshDatabase()
  const port = await findFreePort()
  const carriers = await openCarriers({
    databaseUrl: fresh.url,
    publicUrl: `http://localhost:${port}`,
    carriers: KOREAN_CARRIERS.slice(0, 2),
    clientSecret: 'a secret of the test',
    seed: 'none',
    tickEveryMs: 0,
  })
  await carriers.listen(port, 'localhost')
  await openLines(carriers, [carriers.clientId, ...linked])
  const validator = createValidator(loadDefinitions())
  const checked = createRecordingFetch(validator)
  const answersOnly = createRecordingFetch(validator, { sides: ['response'] })
  const issuer = `http://localhost:${port}/skt`
  const sink = await openSink(validator)

  const post = async (path: string, form: Record<string, string>) => {
    const basic = `${carriers.clientId}:${encodeURIComponent(carriers.clientSecret)}`
    const response = await fetch(`${issuer}/openid${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(basic)}` },
      body: new URLSearchParams(form),
    })
    return record.parse(await response.json())
  }
  const clientToken = async (scope: string) =>
    String((await post('/token', { grant_type: 'client_credentials', scope })).access_token)
  const token = await clientToken(everyScope)

  const code = async (phoneNumber: string) => {
    const { rows } = await carriers.pool.query<{ text: string }>(
      `select text from carrier.message where phone_number = $1 and kind = 'code'
       order by created_at desc, id desc limit 1`,
      [phoneNumber],
    )
    return /\b\d{6}\b/.exec(rows[0]?.text ?? '')?.[0] ?? 'none'
  }

  return {
    ...{ carriers, validator, checked, token, clientToken, code },
    root: issuer,
    sink: sink.url,
    events: sink.events,
    eventComplaints: sink.complaints,
    sinkAnswers: sink.answers,
    async ask(method, path, { token: given = token, body, wrong, correlator } = {}) {
      const { fetch } = wrong === true ? answersOnly : checked
      const response = await fetch(`${issuer}${path}`, {
        method,
        headers: {
          'x-correlator': correlator ?? randomUUID(),
          ...(given === null ? {} : { authorization: `Bearer ${given}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const json: unknown = text === '' ? {} : JSON.parse(text)
      return {
        status: response.status,
        headers: response.headers,
        json: Array.isArray(json) ? { list: json } : record.parse(json),
      }
    },
    async boundToken(phoneNumber, scope = everyScope) {
      const started = await post('/backchannel', {
        scope: `openid ${scope} dpv:FraudPreventionAndDetection`,
        login_hint: `tel:${phoneNumber}`,
      })
      const id = String(started.auth_req_id)
      const grant = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: id }
      const answer = await post('/token', grant)
      if (answer.access_token !== undefined) return String(answer.access_token)
      await fetch(`${issuer}/openid/approvals/${id}`, {
        method: 'POST',
        body: JSON.stringify({ sms_code: await code(phoneNumber), password: PASSWORD }),
      })
      return String((await post('/token', grant)).access_token)
    },
    async close() {
      await sink.close()
      await carriers.close()
      await fresh.drop()
    },
  }
}

/** All adults who consented, long with the carrier; what their numbers do wrong is the carrier's own table. */
async function openLines({ core }: Carriers, clients: readonly string[]): Promise<void> {
  const digits = Array.from({ length: 100 }, (_, index) => String(index).padStart(2, '0'))
  const withPassword = ['17', '20', '49']
  await core.lines.openMany(
    digits.map((two) => ({
      carrier: 'skt',
      phoneNumber: numberOf(two),
      person: { name: '김지언', birthdate: '1990-03-01' },
      kind: two === '06' ? 'prepaid' : 'postpaid',
      openedOn: '2020-01-01',
      personal: { general: { transaction: '600000', day: '600000', month: '600000' } },
      usedAtMs: Date.now() - 86_400_000,
      onNetwork: two !== '17',
      consents: [
        { kind: 'payments', wording: 'test' },
        ...clients.map((clientId) => ({ kind: 'platform', clientId, wording: 'test' }) as const),
      ],
      ...(withPassword.includes(two) ? { password: PASSWORD } : {}),
    })),
  )
}

async function openSink(validator: Validator) {
  const events: Event[] = []
  const complaints: string[] = []
  const answers: number[] = []
  const server = createServer((req, res) => {
    void read(req).then((text) => {
      const headers = new Headers({ 'content-type': req.headers['content-type'] ?? '' })
      const api = req.url === '/refunds' ? 'carrier-billing-refund' : 'carrier-billing'
      complaints.push(...validator.checkCallback(api, { headers, text }))
      const { authorization } = req.headers
      events.push({ authorization, json: record.parse(JSON.parse(text)) })
      res.writeHead(answers.shift() ?? 204).end()
    })
  })
  const port = await findFreePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    ...{ events, complaints, answers },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function read(req: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of req) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A payment of 1,000 won, made past what the number does wrong with requests. */
export async function paymentOf(
  { core, clientId }: Carriers,
  phoneNumber: string,
): Promise<string> {
  const line = await core.lines.byNumber('skt', phoneNumber)
  const made = await core.payments.create({
    ...{ carrier: 'skt', clientId, lineId: line?.id ?? '', steps: 1 },
    ...{ clientCorrelator: null, referenceCode: randomUUID(), amount: 1_000_000n },
    ...{ currency: 'KRW', description: '기사', isTaxIncluded: false, taxAmount: null },
    merchant: { id: 'night-press', name: '밤의 신문', contact: '02-0000-0000' },
    ...{ category: 'digital', product: '', metaData: null, items: [], boundToPhone: false },
    ...{ shown: [], sink: null, sinkToken: null, validation: 'none' },
  })
  if (!made.ok) throw new Error(made.code)
  return made.payment.id
}

export interface Purchase {
  readonly phoneNumber?: string
  readonly amount?: number
  readonly correlator?: string | null
  readonly reference?: string
  readonly metaData?: Readonly<Record<string, unknown>>
  readonly details?: readonly { readonly id: string; readonly amount: number }[]
  readonly sink?: string
}

/** The body of a purchase, each with a correlator and a reference of its own. */
export function purchase(of: Purchase = {}) {
  const { phoneNumber, amount = 1_200, correlator = randomUUID(), reference = randomUUID() } = of
  const charged = { currency: 'KRW', description: '기사 세 편' }
  return {
    amountTransaction: {
      ...(phoneNumber === undefined ? {} : { phoneNumber }),
      ...(correlator === null ? {} : { clientCorrelator: correlator }),
      referenceCode: reference,
      paymentAmount: {
        chargingInformation: { amount, ...charged, isTaxIncluded: true, taxAmount: 109 },
        chargingMetaData: {
          merchantName: '밤의 신문',
          merchantIdentifier: 'night-press',
          purchaseCategoryCode: 'news',
          ...of.metaData,
        },
        ...(of.details === undefined
          ? {}
          : { paymentDetails: of.details.map((item) => ({ ...item, ...charged })) }),
      },
    },
    ...(of.sink === undefined
      ? {}
      : {
          sink: of.sink,
          sinkCredential: {
            credentialType: 'ACCESSTOKEN',
            accessToken: 'sink-token',
            accessTokenExpiresUtc: '2030-01-01T00:00:00Z',
            accessTokenType: 'bearer',
          },
        }),
  }
}
