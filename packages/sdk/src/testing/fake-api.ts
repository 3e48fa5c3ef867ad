import { isId, newPaymentId, newRefundId } from '../ids.ts'
import { fieldsOf, linesOf, optionalText } from '../reader.ts'
import { type Money, moneyOf } from '../shapes.ts'
import {
  bodyFields,
  bodyText,
  type FakePlatform,
  type FakeReply,
  type FakeRequest,
} from './fake-platform.ts'
import { type FakeEntry, type FakeWallet, fromUnits, toUnits, walletView } from './state.ts'

type Handler = (request: FakeRequest, id: string) => Promise<FakeReply> | FakeReply

/** The endpoints of the stand-in: as much of `/v1` as tests of its clients need. */
export class FakeApi {
  readonly #platform: FakePlatform
  readonly #routes: readonly (readonly [method: string, path: RegExp, handler: Handler])[]

  /** @param jwks - what `/.well-known/jwks.json` publishes */
  constructor(platform: FakePlatform, jwks: () => unknown) {
    this.#platform = platform
    this.#routes = this.#routesWith(jwks)
  }

  async reply(request: FakeRequest): Promise<FakeReply | undefined> {
    for (const [method, pattern, handler] of this.#routes) {
      const match = pattern.exec(request.path)
      if (match === null || method !== request.method) continue
      return handler(request, decodeURIComponent(match[1] ?? ''))
    }
    return undefined
  }

  /** Whose live feed the request asks for. */
  feedOf(request: FakeRequest): string | undefined {
    return request.path === '/v1/wallet/live' ? this.#sessionOf(request)?.id : undefined
  }

  #routesWith(jwks: () => unknown): readonly (readonly [string, RegExp, Handler])[] {
    const view = (wallet: FakeWallet) =>
      walletView(wallet, this.#platform.history, this.#now().getTime())
    const report = () => ({ ok: true, transfers: this.#platform.history.length, problems: [] })
    return [
      ['GET', /^\/\.well-known\/jwks\.json$/, () => ({ status: 200, json: jwks() })],
      ['GET', /^\/healthz$/, () => ({ status: 200, json: { status: 'ok' } })],
      ['POST', /^\/v1\/wallets$/, () => this.#createWallet()],
      ['GET', /^\/v1\/wallet$/, (request) => this.#withSession(request, view)],
      [
        'POST',
        /^\/v1\/wallet\/token$/,
        (request) => this.#withSession(request, ({ token }) => ({ token })),
      ],
      ['PUT', /^\/v1\/wallet\/limits$/, (request) => this.#setLimits(request)],
      ['GET', /^\/v1\/(?:wallet|merchant)\/payments$/, (request) => this.#history(request)],
      ['GET', /^\/v1\/offers\/([^/]+)$/, (_request, id) => this.#offer(id)],
      ['POST', /^\/v1\/payments$/, (request) => this.#createPayment(request)],
      ['POST', /^\/v1\/payments\/batch$/, (request) => this.#batch(request)],
      ['GET', /^\/v1\/payments\/([^/]+)$/, (_request, id) => this.#payment(id)],
      ['GET', /^\/v1\/payments\/([^/]+)\/receipt$/, (_request, id) => this.#payment(id)],
      ['POST', /^\/v1\/payments\/([^/]+)\/refund$/, (request, id) => this.#refund(request, id)],
      ['GET', /^\/v1\/entitlements$/, (request) => this.#entitlement(request)],
      ['POST', /^\/v1\/operator\/verify$/, () => ({ status: 200, json: report() })],
      ['GET', /^\/v1\/sandbox\/clock$/, () => this.#clock()],
      ['POST', /^\/v1\/sandbox\/clock$/, (request) => this.#moveClock(request)],
    ]
  }

  #now(): Date {
    return new Date(Date.now() + this.#platform.clockAheadMs)
  }

  #sessionOf(request: FakeRequest): FakeWallet | undefined {
    const { method, headers } = request
    const isForeign = headers.cookie !== undefined && headers.origin !== this.#platform.url
    if (method !== 'GET' && headers.authorization === undefined && isForeign) return undefined
    const token =
      /^Bearer (ws_\S+)$/.exec(request.headers.authorization ?? '')?.[1] ??
      /jeon_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
    return [...this.#platform.wallets.values()].find((wallet) => wallet.token === token)
  }

  #payerOf(request: FakeRequest, wallet: string | undefined): FakeWallet | undefined {
    return wallet === undefined ? this.#sessionOf(request) : this.#platform.wallets.get(wallet)
  }

  #record(entry: Omit<FakeEntry, 'sequence' | 'created_at' | 'merchant_name'>): FakeEntry {
    const whole: FakeEntry = {
      ...entry,
      merchant_name: '전일보',
      created_at: this.#now().toISOString(),
      sequence: this.#platform.history.length + 1,
    }
    this.#platform.history.unshift(whole)
    return whole
  }

  async #withReceipt(entry: FakeEntry) {
    return {
      ...entry,
      receipt: await this.#platform.sign({
        iss: this.#platform.url,
        sub: entry.wallet,
        aud: entry.merchant,
        pay: entry.id,
        offer: entry.offer,
        amount: entry.amount.amount,
        currency: entry.amount.currency,
        iat: Math.floor(Date.now() / 1000),
        exp: Math.floor(Date.now() / 1000) + 3_600,
        jti: entry.id,
      }),
    }
  }

  #pay(
    id: string,
    wallet: FakeWallet,
    body: Readonly<Record<string, unknown>>,
  ): FakeEntry | FakeReply {
    const offerId = optionalText(body, 'offer')
    const offer = offerId === undefined ? undefined : this.#platform.offers.get(offerId)
    if (offerId !== undefined && offer === undefined) return problem(404, 'offer_not_found')
    const amount: Money = offer?.price ?? moneyOf(body, 'body')
    const left = (wallet.balances.get(amount.currency) ?? 0n) - toUnits(amount)
    if (left < 0n) return problem(402, 'insufficient_funds')
    wallet.balances.set(amount.currency, left)
    const entry = this.#record({
      id,
      object: 'payment',
      status: 'accepted',
      wallet: wallet.id,
      merchant: this.#platform.merchant,
      offer: offerId ?? null,
      offer_title: offer?.title,
      reference: null,
      amount,
      refunded: fromUnits(0n, amount.currency),
      payment: null,
    })
    this.#platform.emit(wallet.id, 'payment.accepted', {
      type: 'payment.accepted',
      payment: entry,
      balance: fromUnits(left, amount.currency),
    })
    return entry
  }

  #createWallet(): FakeReply {
    const id = newPaymentId().replace('pay_', 'wal_')
    const token = `ws_test_${id.slice(4)}`
    const wallet: FakeWallet = {
      id,
      token,
      balances: new Map([
        ['KRW', 10_000_000n],
        ['USD', 5_000_000n],
      ]),
      limits: new Map([
        [
          'KRW',
          [
            { per: 'payment', scope: 'all', amount_max: '5000' },
            { per: 'day', scope: 'all', amount_max: '10000', count_max: 100 },
            { per: 'month', scope: 'all', amount_max: '50000' },
          ],
        ],
      ]),
    }
    this.#platform.wallets.set(id, wallet)
    return {
      status: 201,
      json: walletView(wallet, this.#platform.history, this.#now().getTime()),
      headers: {
        'set-cookie': [
          `jeon_session=${token}; Path=/; HttpOnly; SameSite=Lax`,
          'jeon_device=fake; Path=/; HttpOnly; SameSite=Lax',
        ],
      },
    }
  }

  async #createPayment(request: FakeRequest): Promise<FakeReply> {
    const id = request.headers['idempotency-key'] ?? ''
    const wallet = this.#payerOf(request, bodyText(request, 'wallet'))
    if (wallet === undefined) return problem(401, 'session_missing')
    const earlier = this.#platform.history.find((entry) => entry.id === id)
    if (earlier !== undefined) {
      const headers = { 'idempotent-replayed': 'true' }
      return { status: 201, json: await this.#withReceipt(earlier), headers }
    }
    const paid = this.#pay(id, wallet, bodyFields(request))
    return isReply(paid) ? paid : { status: 201, json: await this.#withReceipt(paid) }
  }

  #batch(request: FakeRequest): FakeReply {
    const outcomes = linesOf(request.text, (json) => {
      const item = fieldsOf(json, 'item')
      const key = optionalText(item, 'key') ?? ''
      const id = isId('pay', key) ? key : `pay_${key}`
      const wallet = this.#platform.wallets.get(optionalText(item, 'wallet') ?? '')
      if (wallet === undefined) return { key, status: 'refused', code: 'account_not_found' }
      if (this.#platform.history.some((entry) => entry.id === id))
        return { key, status: 'accepted', id }
      const paid = this.#pay(id, wallet, item)
      if (!isReply(paid)) return { key, status: 'accepted', id }
      return { ...fieldsOf(paid.json, 'problem'), key, status: 'refused' }
    })
    const text = outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join('')
    return { status: 200, text, headers: { 'content-type': 'application/x-ndjson' } }
  }

  #refund(request: FakeRequest, id: string): FakeReply {
    const key = request.headers['idempotency-key'] ?? newRefundId()
    const earlier = this.#platform.history.find((entry) => entry.id === key)
    if (earlier !== undefined) return { status: 201, json: earlier }
    const payment = this.#platform.history.find((entry) => entry.id === id)
    const wallet = this.#platform.wallets.get(payment?.wallet ?? '')
    if (payment === undefined || wallet === undefined) return problem(404, 'payment_not_found')
    const { currency } = payment.amount
    const left = toUnits(payment.amount) - toUnits(payment.refunded)
    if (left === 0n) return problem(409, 'refund_exceeds_payment')
    payment.refunded = payment.amount
    wallet.balances.set(currency, (wallet.balances.get(currency) ?? 0n) + left)
    const entry = this.#record({
      ...payment,
      id: key,
      object: 'refund',
      amount: fromUnits(left, currency),
      payment: payment.id,
    })
    this.#platform.emit(wallet.id, 'payment.refunded', {
      type: 'payment.refunded',
      payment: entry,
      balance: fromUnits(wallet.balances.get(currency) ?? 0n, currency),
    })
    return { status: 201, json: entry }
  }

  #history(request: FakeRequest): FakeReply {
    const wallet = this.#sessionOf(request)
    const all = this.#platform.history.filter((entry) => entry.wallet === wallet?.id)
    if (request.path.startsWith('/v1/wallet/') && wallet === undefined) {
      return problem(401, 'session_missing')
    }
    const list = wallet === undefined ? this.#platform.history : all
    const start = Number(request.query.get('cursor') ?? 0)
    const end = start + Number(request.query.get('limit') ?? 20)
    const next = end < list.length ? `${end}` : null
    return { status: 200, json: { data: list.slice(start, end), next_cursor: next } }
  }

  #setLimits(request: FakeRequest): FakeReply {
    const wallet = this.#sessionOf(request)
    if (wallet === undefined) return problem(401, 'session_missing')
    const body = bodyFields(request)
    const limits = Array.isArray(body.limits) ? body.limits : []
    wallet.limits.set(optionalText(body, 'currency') ?? 'KRW', limits)
    return { status: 200, json: walletView(wallet, this.#platform.history, this.#now().getTime()) }
  }

  #withSession(request: FakeRequest, answer: (wallet: FakeWallet) => unknown): FakeReply {
    const wallet = this.#sessionOf(request)
    return wallet === undefined
      ? problem(401, 'session_missing')
      : { status: 200, json: answer(wallet) }
  }

  #entitlement(request: FakeRequest): FakeReply {
    const wallet = this.#payerOf(request, request.query.get('wallet') ?? undefined)
    const paid = this.#platform.history.find(
      (entry) =>
        entry.object === 'payment' &&
        entry.wallet === wallet?.id &&
        entry.offer === request.query.get('offer') &&
        toUnits(entry.refunded) === 0n,
    )
    return { status: 200, json: { entitled: paid !== undefined, payment: paid?.id ?? null } }
  }

  #clock(): FakeReply {
    return { status: 200, json: { now: this.#now().toISOString(), frozen: false } }
  }

  #moveClock(request: FakeRequest): FakeReply {
    const [, count, unit = 's'] = /^(\d+)([smhd])$/.exec(bodyText(request, 'advance') ?? '0s') ?? []
    this.#platform.clockAheadMs += Number(count ?? 0) * (unitsMs[unit] ?? 0)
    return this.#clock()
  }

  #offer(id: string): FakeReply {
    const found = this.#platform.offers.get(id)
    if (found === undefined) return problem(404, 'offer_not_found')
    return { status: 200, json: { ...found, merchant: this.#platform.merchant } }
  }

  async #payment(id: string): Promise<FakeReply> {
    const found = this.#platform.history.find((entry) => entry.id === id)
    if (found === undefined) return problem(404, 'payment_not_found')
    return { status: 200, json: await this.#withReceipt(found) }
  }
}

const unitsMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

function problem(status: number, code: string): FakeReply {
  const title = code.replaceAll('_', ' ')
  const hint = `See /docs/errors#${code}.`
  return { status, json: { type: 'about:blank', title, status, code, retryable: false, hint } }
}

function isReply(thing: FakeEntry | FakeReply): thing is FakeReply {
  return !('object' in thing)
}
