import { randomUUID } from 'node:crypto'
import {
  type CreatePaymentBody,
  createPaymentBody,
  createRefundBody,
  type PaymentResponse,
  type PaymentStatus,
  type RefundResponse,
  readPaymentsQuery,
  validatePaymentBody,
} from '@jeon/camara'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { CarrierConfig } from '../src/index.ts'
import { lost, refuse, subjectOf } from './fake-answers.ts'
import { careRoutes } from './fake-care.ts'

/** What goes wrong with the next request of an operation, once. */
export type Fault =
  /** It never arrives. */
  | 'lose_request'
  /** It is carried out, and the answer never arrives. */
  | 'lose_answer'
  /** It is taken, and decided later: see {@link FakeCarrier.decide}. */
  | 'later'
  /** The payer has to confirm. */
  | 'code'
  | 'url'
  | { readonly refuse: number; readonly code: string; readonly message: string }

export type FaultyOperation =
  | 'createPayment'
  | 'preparePayment'
  | 'confirmPayment'
  | 'cancelPayment'
  | 'validatePayment'
  | 'retrievePayment'
  | 'retrievePayments'
  | 'createRefund'
  | 'retrieveRefunds'

/** A line as the fake knows it. */
export interface FakeLine {
  onNetwork: boolean
  simHoursAgo: number
  deviceHoursAgo: number
  /** What its self-care says of payments. */
  service: string
}

interface Kept {
  payment: PaymentResponse
  /** What confirms it; the code is always {@link FakeCarrier.code}. */
  authorizationId: string | undefined
}

const root = 'http://localhost:4999'
const stamp = (ms: number) => new Date(ms).toISOString()

/** A carrier that speaks CAMARA in memory, so that a test decides what it does wrong. The wire is the camara package's. */
export class FakeCarrier {
  readonly code = '424242'
  readonly password = '135790'
  readonly lines = new Map<string, FakeLine>()
  readonly payments = new Map<string, Kept>()
  readonly refunds = new Map<string, { paymentId: string; refund: RefundResponse }>()
  /** Every request that moves money, by operation. */
  readonly asked: { readonly operation: string; readonly correlator: string }[] = []
  /** Clock positions that the carriers' program was told. */
  readonly moves: { offset_ms: number; frozen_at_ms: number | null }[] = []
  readonly #faults = new Map<FaultyOperation, Fault[]>()
  readonly #approvals = new Map<string, { phone: string; approved: boolean }>()
  readonly #hono: Hono
  readonly #now: () => number
  /** Tokens are good for so long, in seconds. */
  tokenSeconds = 600
  silentGrants = 0
  /** Nobody answers at all. */
  isDown = false
  /** Self-care alone does not answer. */
  isCareDown = false
  /** Lines whose link the owner has ended here. */
  readonly ended = new Set<string>()
  /** Refresh tokens that were given back. */
  readonly revoked: string[] = []
  isRevocationDown = false
  /** Pages of its list that were asked for. */
  pagesAsked = 0
  /** More on a page is refused. */
  perPageMost = 1_000
  /** More in a window is refused. */
  matchingMost = 10_000

  constructor(now: () => number) {
    this.#now = now
    this.#hono = this.#routes()
    this.line('+821020000001')
  }

  readonly config: CarrierConfig = {
    ...{ id: 'skt', name: 'SK Telecom', apiRoot: `${root}/skt`, issuer: `${root}/skt` },
    ...{ clientId: 'jeon-platform', clientSecret: 'secret' },
  }

  line(phoneNumber: string, facts: Partial<FakeLine> = {}): void {
    this.lines.set(phoneNumber, {
      ...{ onNetwork: true, simHoursAgo: 10_000, deviceHoursAgo: 10_000 },
      service: 'enabled',
      ...facts,
    })
  }

  /** The next request of this operation goes wrong. */
  fail(operation: FaultyOperation, ...faults: readonly Fault[]): void {
    this.#faults.set(operation, [...(this.#faults.get(operation) ?? []), ...faults])
  }

  /** Decides a payment that was taken and left open. */
  decide(paymentId: string, status: PaymentStatus): void {
    const kept = this.payments.get(paymentId)
    if (kept === undefined) throw new Error(`no payment ${paymentId}`)
    kept.payment = { ...kept.payment, paymentStatus: status, paymentDate: stamp(this.#now()) }
  }

  /** What was taken and left open is refused, and nothing is kept of it. */
  forget(paymentId: string): void {
    if (!this.payments.delete(paymentId)) throw new Error(`no payment ${paymentId}`)
  }

  /** What the line was charged, less what was given back, in won. */
  get charged(): number {
    const amountOf = ({ paymentAmount }: CreatePaymentBody['amountTransaction']) =>
      paymentAmount.chargingInformation.amount
    let sum = 0
    for (const { payment } of this.payments.values()) {
      if (payment.paymentStatus === 'succeeded') sum += amountOf(payment.amountTransaction)
    }
    for (const { paymentId, refund } of this.refunds.values()) {
      if (refund.refundStatus === 'denied') continue
      const kept = this.payments.get(paymentId)
      if (kept === undefined) continue
      sum -=
        refund.type === 'total'
          ? amountOf(kept.payment.amountTransaction)
          : refund.amountTransaction.refundAmount.chargingInformation.amount
    }
    return sum
  }

  /** How the platform reaches it. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    if (this.isDown) throw new TypeError('fetch failed')
    const request = new Request(input, init)
    const response = await this.#hono.fetch(request)
    if (response.headers.get('x-lost') !== null) {
      throw new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    }
    return response
  }

  #take(operation: FaultyOperation): Fault | undefined {
    return this.#faults.get(operation)?.shift()
  }

  #routes(): Hono {
    const hono = new Hono()
    hono.use(async (context, next) => {
      await next()
      const correlator = context.req.header('x-correlator')
      if (correlator !== undefined) context.header('x-correlator', correlator)
    })
    this.#openid(hono)
    this.#identity(hono)
    this.#billing(hono)
    this.#refunding(hono)
    hono.route('/', careRoutes(this))
    return hono
  }

  #openid(hono: Hono): void {
    const issuer = `${root}/skt`
    hono.get('/skt/.well-known/openid-configuration', (c) =>
      c.json({
        issuer,
        token_endpoint: `${issuer}/token`,
        backchannel_authentication_endpoint: `${issuer}/backchannel`,
        revocation_endpoint: `${issuer}/revoke`,
        jwks_uri: `${issuer}/jwks`,
      }),
    )
    hono.post('/skt/backchannel', async (c) => {
      const form = await c.req.parseBody()
      const phone = String(form.login_hint).replace('tel:', '')
      const line = this.lines.get(phone)
      if (line === undefined) return c.json({ error: 'unknown_user_id' }, 400)
      const id = randomUUID()
      this.#approvals.set(id, { phone, approved: line.onNetwork })
      return c.json({ auth_req_id: id, expires_in: 600, interval: 5 })
    })
    hono.post('/skt/openid/approvals/:id', async (c) => {
      const approval = this.#approvals.get(c.req.param('id'))
      const given = z
        .object({ sms_code: z.string(), password: z.string() })
        .parse(await c.req.json())
      if (approval === undefined)
        return c.json({ status: 404, code: 'not_found', message: '' }, 404)
      const code =
        given.password !== this.password
          ? 'password_wrong'
          : given.sms_code === this.code
            ? undefined
            : 'code_wrong'
      if (code !== undefined) return c.json({ status: 422, code, message: '' }, 422)
      approval.approved = true
      return c.json({ state: 'approved', needs: [] })
    })
    hono.post('/skt/revoke', async (c) => {
      const { token } = await c.req.parseBody()
      if (this.isRevocationDown) return lost()
      this.revoked.push(String(token))
      return c.body(null, 200)
    })
    hono.post('/skt/token', async (c) => {
      const form = await c.req.parseBody()
      const token = (subject: string) => ({
        ...{ access_token: `${subject}.${randomUUID()}`, token_type: 'bearer' },
        ...{ expires_in: this.tokenSeconds, refresh_token: `refresh:${subject}` },
      })
      if (form.grant_type === 'client_credentials') return c.json(token('client'))
      if (form.grant_type === 'refresh_token') {
        if (this.ended.has(String(form.refresh_token).replace('refresh:', ''))) {
          return c.json({ error: 'invalid_grant' }, 400)
        }
        return c.json(token(String(form.refresh_token).replace('refresh:', '')))
      }
      const approval = this.#approvals.get(String(form.auth_req_id))
      if (approval === undefined) return c.json({ error: 'invalid_grant' }, 400)
      if (!approval.approved) return c.json({ error: 'authorization_pending' }, 400)
      if (this.lines.get(approval.phone)?.onNetwork === true) this.silentGrants += 1
      return c.json(token(approval.phone))
    })
  }

  #identity(hono: Hono): void {
    const swap = (name: 'simHoursAgo' | 'deviceHoursAgo') => async (c: Context) => {
      const body = z
        .object({ phoneNumber: z.string(), maxAge: z.number() })
        .parse(await c.req.json())
      const line = this.lines.get(body.phoneNumber)
      if (line === undefined) return refuse(404, 'IDENTIFIER_NOT_FOUND', '')
      return c.json({ swapped: line[name] < body.maxAge })
    }
    hono.post('/skt/sim-swap/v2/check', swap('simHoursAgo'))
    hono.post('/skt/device-swap/v1/check', swap('deviceHoursAgo'))
    hono.post('/skt/number-verification/v2/verify', async (c) => {
      const body = z.object({ phoneNumber: z.string() }).parse(await c.req.json())
      return c.json({ devicePhoneNumberVerified: subjectOf(c) === body.phoneNumber })
    })
  }

  #billing(hono: Hono): void {
    const base = '/skt/carrier-billing/v0.5/payments'
    hono.post(base, async (c) => {
      const answer = await this.#new(c, 'createPayment')
      return answer
    })
    hono.post(`${base}/prepare`, (c) => this.#new(c, 'preparePayment'))
    hono.get(base, (c) => {
      this.pagesAsked += 1
      const fault = this.#take('retrievePayments')
      if (fault !== undefined) return lost()
      const query = readPaymentsQuery(new URL(c.req.url).searchParams)
      if (!query.success) return refuse(400, 'INVALID_ARGUMENT', 'query')
      const { page = 1, perPage = 10 } = query.data
      if (perPage > this.perPageMost) return refuse(400, 'OUT_OF_RANGE', 'perPage')
      const from = Date.parse(query.data['paymentCreationDate.gte'] ?? stamp(0))
      const to = Date.parse(query.data['paymentCreationDate.lte'] ?? stamp(8e15))
      const all = [...this.payments.values()]
        .map(({ payment }) => payment)
        .filter((each) => {
          const at = Date.parse(each.paymentCreationDate)
          return at >= from && at <= to
        })
      if (all.length > this.matchingMost) {
        return refuse(400, 'CARRIER_BILLING.TOO_MANY_MATCHING_RECORDS', 'too many')
      }
      const shown = all.slice((page - 1) * perPage, page * perPage)
      return c.json(shown, 200, { 'x-total-count': String(all.length) })
    })
    hono.get(`${base}/:id`, (c) => {
      if (this.#take('retrievePayment') !== undefined) return lost()
      const kept = this.payments.get(c.req.param('id'))
      return kept === undefined ? refuse(404, 'NOT_FOUND', '') : c.json(kept.payment)
    })
    hono.post(`${base}/:id/validate`, async (c) => {
      const kept = this.payments.get(c.req.param('id'))
      const { authorizationId, code } = validatePaymentBody.parse(await c.req.json())
      if (kept === undefined) return refuse(404, 'NOT_FOUND', '')
      if (authorizationId !== kept.authorizationId || code !== this.code) {
        return refuse(400, 'CARRIER_BILLING.INVALID_CODE', 'wrong')
      }
      this.decide(kept.payment.paymentId, 'reserved')
      return c.body(null, 204)
    })
    const finish = (operation: 'confirmPayment' | 'cancelPayment', status: PaymentStatus) => {
      return (c: Context) => {
        const kept = this.payments.get(String(c.req.param('id')))
        if (kept === undefined) return refuse(404, 'NOT_FOUND', '')
        const correlator = kept.payment.amountTransaction.clientCorrelator ?? ''
        this.asked.push({ operation, correlator })
        const fault = this.#take(operation)
        if (fault === 'lose_request') return lost()
        if (isRefusal(fault)) return refuse(fault.refuse, fault.code, fault.message)
        const { paymentStatus, paymentId } = kept.payment
        if (paymentStatus === 'succeeded')
          return refuse(409, 'CARRIER_BILLING.PAYMENT_CONFIRMED', '')
        if (paymentStatus === 'cancelled')
          return refuse(409, 'CARRIER_BILLING.PAYMENT_CANCELLED', '')
        if (fault === 'later') this.decide(paymentId, 'processing')
        else this.decide(paymentId, status)
        return fault === 'lose_answer' ? lost() : c.body(null, 202)
      }
    }
    hono.post(`${base}/:id/confirm`, finish('confirmPayment', 'succeeded'))
    hono.post(`${base}/:id/cancel`, finish('cancelPayment', 'cancelled'))
  }

  async #new(c: Context, operation: 'createPayment' | 'preparePayment'): Promise<Response> {
    const body = createPaymentBody.parse(await c.req.json())
    const correlator = body.amountTransaction.clientCorrelator ?? ''
    this.asked.push({ operation, correlator })
    const fault = this.#take(operation)
    if (fault === 'lose_request') return lost()
    if (isRefusal(fault)) return refuse(fault.refuse, fault.code, fault.message)
    const { phoneNumber = '' } = body.amountTransaction
    if (!this.lines.has(phoneNumber)) return refuse(404, 'IDENTIFIER_NOT_FOUND', '')
    const known = [...this.payments.values()].find(
      ({ payment }) => payment.amountTransaction.clientCorrelator === correlator,
    )
    if (known !== undefined) return c.json(known.payment, 201)
    const waits = fault === 'code' || fault === 'url'
    const usual: PaymentStatus = operation === 'createPayment' ? 'succeeded' : 'reserved'
    const status: PaymentStatus =
      fault === 'later' ? 'processing' : waits ? 'pending_validation' : usual
    const paymentId = randomUUID()
    const payment: PaymentResponse = {
      paymentId,
      amountTransaction: { ...body.amountTransaction, phoneNumber },
      paymentStatus: status,
      paymentCreationDate: stamp(this.#now()),
    }
    const authorizationId = fault === 'code' ? randomUUID() : undefined
    this.payments.set(paymentId, { payment, authorizationId })
    if (fault === 'lose_answer') return lost()
    const info =
      authorizationId === undefined
        ? { action: 'open', validationURL: `${root}/skt/validate/x` }
        : { action: 'validate', authorizationId }
    return c.json({ ...payment, ...(waits ? { validationInfo: info } : {}) }, 201)
  }

  #refunding(hono: Hono): void {
    const base = '/skt/carrier-billing-refund/v0.3/payments/:id/refunds'
    hono.post(base, async (c) => {
      const body = createRefundBody.parse(await c.req.json())
      const correlator = body.amountTransaction.clientCorrelator ?? ''
      this.asked.push({ operation: 'createRefund', correlator })
      const fault = this.#take('createRefund')
      if (fault === 'lose_request') return lost()
      if (isRefusal(fault)) return refuse(fault.refuse, fault.code, fault.message)
      const known = [...this.refunds.values()].find(
        ({ refund }) => refund.amountTransaction.clientCorrelator === correlator,
      )
      if (known !== undefined) return c.json(known.refund, 201)
      const refund: RefundResponse = {
        ...body,
        ...{ refundId: randomUUID(), refundStatus: 'succeeded' },
        refundCreationDate: stamp(this.#now()),
      }
      this.refunds.set(refund.refundId, { paymentId: c.req.param('id'), refund })
      return fault === 'lose_answer' ? lost() : c.json(refund, 201)
    })
    hono.get(base, (c) => {
      if (this.#take('retrieveRefunds') !== undefined) return lost()
      const found = [...this.refunds.values()].filter(
        ({ paymentId }) => paymentId === c.req.param('id'),
      )
      const page = Number(c.req.query('page') ?? '1')
      const shown = page === 1 ? found.map(({ refund }) => refund) : []
      return c.json(shown, 200, { 'x-total-count': String(found.length) })
    })
  }
}

function isRefusal(fault: Fault | undefined): fault is Extract<Fault, object> {
  return typeof fault === 'object'
}
