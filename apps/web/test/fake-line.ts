import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { limitsOf, lineOf, standingOf, usageOf } from './fake-care.ts'
import { FakeCarrier, type FakeRefusal } from './fake-carrier.ts'

/** What goes wrong with a request: before it took effect, or after. */
export type LineFault = 'drop_before' | 'error_after'

/** A stand-in for the platform with one line behind one wallet. Everything is open to tests. */
export interface FakeLine {
  readonly url: string
  carrier: FakeCarrier
  hasWallet: boolean
  isLinked: boolean
  isSandbox: boolean
  /** How the next link goes. */
  linking: 'silent' | 'proof' | 'refused'
  collection: { owed: number; blocked: string | null }
  /** What the wallet has itself. */
  ownMoney: number
  /** Held of the wallet's balance beside that. */
  ownHeld: number
  /** Whether the carrier asks about purchases first, and how. */
  asking: 'code' | 'url' | null
  readonly bodies: { readonly method: string; readonly path: string; readonly json: unknown }[]
  fault: (method: string, path: string) => LineFault | undefined
  /** Forgets everything. */
  reset(): void
  dropConnections(): void
  stop(): Promise<void>
}

interface Page {
  readonly type: string
  readonly text: string
}

interface Reply {
  readonly status: number
  readonly json?: unknown
}

const ok = (json: unknown): Reply => ({ status: 200, json })

/** @param pageOf - the built files of the page */
export async function startFakeLine(
  pageOf: (path: string) => Page | undefined,
  port = 0,
): Promise<FakeLine> {
  const feeds = new Set<ServerResponse>()
  const freshCarrier = () => {
    const carrier = new FakeCarrier()
    carrier.tell = (what, id) => {
      const data = JSON.stringify({ what, id, at: carrier.now() })
      for (const feed of feeds) feed.write(`event: changed\ndata: ${data}\n\n`)
    }
    return carrier
  }
  const fake: FakeLine = {
    url: '',
    carrier: freshCarrier(),
    hasWallet: true,
    isLinked: true,
    isSandbox: true,
    linking: 'silent',
    collection: { owed: 3_200, blocked: null },
    ownMoney: 0,
    ownHeld: 0,
    asking: null,
    bodies: [],
    fault: () => undefined,
    reset() {
      Object.assign(fake, {
        carrier: freshCarrier(),
        hasWallet: true,
        isLinked: true,
        isSandbox: true,
        linking: 'silent',
        collection: { owed: 3_200, blocked: null },
        ownMoney: 0,
        ownHeld: 0,
        asking: null,
        fault: () => undefined,
      })
      fake.bodies.length = 0
    },
    dropConnections: () => server.closeAllConnections(),
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const url = new URL(incoming.url ?? '/', 'http://fake')
    const method = incoming.method ?? 'GET'
    const json = await bodyOf(incoming)
    fake.carrier.language =
      incoming.headers['accept-language']?.startsWith('en') === true ? 'en' : 'ko'
    const fault = fake.fault(method, url.pathname)
    if (fault === 'drop_before') return void incoming.socket.destroy()
    if (url.pathname.endsWith('/live')) return openFeed(response, feeds)
    const page = pageOf(url.pathname)
    if (page !== undefined)
      return void response.writeHead(200, { 'content-type': page.type }).end(page.text)
    if (method !== 'GET') fake.bodies.push({ method, path: url.pathname, json })
    const key = `${incoming.headers['idempotency-key'] ?? ''}`
    const reply = replyOf(fake, { method, path: url.pathname, query: url.searchParams, json, key })
    if (fault === 'error_after') return void response.writeHead(502).end('bad gateway')
    const isProblem = reply.status >= 400
    response.writeHead(reply.status, {
      'content-type': isProblem ? 'application/problem+json' : 'application/json',
    })
    response.end(reply.json === undefined ? '' : JSON.stringify(reply.json))
  }
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      response.writeHead(500).end(`${error}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return Object.assign(fake, { url: `http://127.0.0.1:${address.port}` })
}

function openFeed(response: ServerResponse, feeds: Set<ServerResponse>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write('retry: 200\n\n')
  feeds.add(response)
  response.on('close', () => feeds.delete(response))
}

async function bodyOf(incoming: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) if (chunk instanceof Uint8Array) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const json: unknown = text === '' ? {} : JSON.parse(text)
  return typeof json === 'object' && json !== null ? { ...json } : {}
}

interface Question {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly json: Readonly<Record<string, unknown>>
  readonly key: string
}

function replyOf(fake: FakeLine, asked: Question): Reply {
  const { method, path } = asked
  if (`${method} ${path}` === 'POST /v1/wallets') {
    fake.hasWallet = true
    return { status: 201, json: {} }
  }
  if (path.startsWith('/v1/sandbox/')) return sandboxReply(fake, path)
  if (!fake.hasWallet) return problem(401, 'session_missing', '세션이 없습니다.')
  if (path.startsWith('/v1/line/care/')) {
    if (!fake.isLinked) return problem(404, 'line_not_linked', '연결된 회선이 없습니다.')
    return careReply(fake.carrier, { ...asked, path: path.slice('/v1/line/care'.length) })
  }
  return lineReply(fake, asked)
}

function sandboxReply(fake: FakeLine, path: string): Reply {
  if (!fake.isSandbox) return problem(404, 'route_not_found', '없는 주소입니다.')
  if (path.endsWith('/inbox')) return ok({ messages: fake.carrier.messages })
  const offer = (id: string, title: string, amount: string, category: string) => ({
    id,
    merchant: 'mer_1',
    title,
    price: { amount, currency: 'KRW' },
    category,
  })
  return ok({
    data: [
      offer('article-1', '기사 한 편', '150', 'news'),
      offer('gems', '보석 30개', '3000', 'digital'),
      offer('voucher', '상품권', '10000', 'voucher'),
    ],
  })
}

const prices: Readonly<Record<string, readonly [string, number, string]>> = {
  'article-1': ['기사 한 편', 150, 'digital'],
  gems: ['보석 30개', 3_000, 'digital'],
  voucher: ['상품권', 10_000, 'voucher'],
}

function lineReply(fake: FakeLine, { method, path, json }: Question): Reply {
  switch (`${method} ${path}`) {
    case 'GET /v1/carriers':
      return ok({
        carriers: [
          { id: 'skt', name: 'SKT' },
          { id: 'kt', name: 'KT' },
          { id: 'lgu', name: 'LG U+' },
        ],
      })
    case 'GET /v1/wallet':
      return ok({
        pockets: [
          { currency: 'KRW', balance: `${fake.ownMoney + fake.ownHeld}`, held: `${fake.ownHeld}` },
        ],
      })
    case 'GET /v1/line':
      return ok(fake.isLinked ? linkedOf(fake) : { linked: false })
    case 'DELETE /v1/line':
      fake.isLinked = false
      return { status: 204 }
    case 'POST /v1/line/collect':
      if (fake.collection.blocked === null) fake.collection.owed = 0
      return ok(linkedOf(fake).collection)
    case 'POST /v1/line/links':
      return ok(attemptOf(fake, fake.linking))
    case 'POST /v1/line/links/lnk-1/proof': {
      const isRight = json.sms_code === '482915' && json.password === '135790'
      const text = '인증번호나 비밀번호가 맞지 않습니다.'
      return isRight
        ? ok(attemptOf(fake, 'silent'))
        : ok({ ...attemptOf(fake, 'proof'), reason: { code: 'proof_wrong', text } })
    }
    case 'GET /v1/payments/pay_waiting':
      return ok(waitingOf(fake))
    case 'POST /v1/payments/pay_waiting/validation':
      if (json.code !== '482915') return problem(403, 'validation_code_wrong', '맞지 않습니다.')
      fake.asking = null
      fake.carrier.buy({ merchant: '전일보', description: '상품권', amount: 10_000 })
      return ok(waitingOf(fake))
    case 'POST /v1/payments': {
      if (fake.asking !== null) {
        if (fake.asking === 'code') {
          fake.carrier.send('code', '[SKT] 결제 확인 인증번호는 482915입니다.')
        }
        return { status: 202, json: waitingOf(fake) }
      }
      const [description, amount, category] = prices[`${json.offer}`] ?? ['?', 1, 'digital']
      const entry = fake.carrier.buy({ merchant: '전일보', description, amount, category })
      if (entry.reason === null) return { status: 201, json: { id: entry.id, status: 'accepted' } }
      return problem(402, 'carrier_declined', entry.reason.text)
    }
    default:
      return problem(404, 'route_not_found', path)
  }
}

/** A purchase that waits for as long as the carrier asks. */
function waitingOf({ asking, url }: FakeLine) {
  const validation = { by: asking, url: asking === 'url' ? `${url}/carrier-page` : null }
  return {
    id: 'pay_waiting',
    merchant: '전일보',
    amount: { amount: '10000', currency: 'KRW' },
    status: asking === null ? 'accepted' : 'pending_validation',
    validation: asking === null ? null : validation,
    reason: null,
  }
}

function linkedOf(fake: FakeLine) {
  const {
    carrier,
    collection: { owed, blocked },
  } = fake
  return {
    linked: true,
    carrier: { id: 'skt', name: 'SKT' },
    phone_number: carrier.phoneNumber,
    linked_at: '2026-11-01T00:00:00.000Z',
    collection: {
      state: blocked === null ? 'open' : 'blocked',
      owed: `${owed}`,
      threshold: '5000',
      credit: '10000',
      currency: 'KRW',
      blocked_reason: blocked === null ? null : { code: 'month_limit', text: blocked },
      last: null,
    },
    waiting: fake.asking === null ? [] : [waitingOf(fake)],
  }
}

function attemptOf(fake: FakeLine, linking: FakeLine['linking']) {
  const { carrier } = fake
  if (linking === 'silent') fake.isLinked = true
  if (linking === 'proof') carrier.send('code', '[SKT] 회선 연결 인증번호는 482915입니다.')
  return {
    id: 'lnk-1',
    state: ({ silent: 'linked', proof: 'proof_needed', refused: 'refused' } as const)[linking],
    needs: linking === 'proof' ? ['sms_code', 'password'] : [],
    reason:
      linking === 'refused'
        ? { code: 'sim_changed', text: '한 시간 전에 유심이 바뀌어 지금은 연결할 수 없습니다.' }
        : linking === 'proof'
          ? { code: 'network_cannot_vouch', text: '통신망으로 확인할 수 없습니다.' }
          : null,
  }
}

function careReply(carrier: FakeCarrier, { method, path, json, key, query }: Question): Reply {
  const [, noun = '', id = '', verb = ''] = path.split('/')
  switch (`${method} /${noun}${id === '' ? '' : '/:id'}${verb === '' ? '' : `/${verb}`}`) {
    case 'GET /line':
      return ok(lineOf(carrier))
    case 'GET /usage':
      return ok(usageOf(carrier))
    case 'GET /limits':
      return ok(limitsOf(carrier))
    case 'GET /standing':
      return ok(standingOf(carrier))
    case 'GET /bills':
      return ok({ bills: carrier.bills })
    case 'GET /bills/:id':
      return ok(carrier.bills.find((bill) => bill.id === id))
    case 'GET /consents':
      return ok({ consents: carrier.consents })
    case 'GET /disputes':
      return ok({ disputes: carrier.disputes })
    case 'GET /history': {
      const start = Number(query.get('before') ?? 0)
      const end = start + Number(query.get('limit') ?? 20)
      const next = end < carrier.entries.length ? `${end}` : null
      return ok({ entries: carrier.entries.slice(start, end), next })
    }
    case 'POST /blocks':
      carrier.block(json.kind === 'permanent' || json.kind === 'voucher' ? json.kind : 'payer')
      return ok(lineOf(carrier))
    case 'POST /blocks/:id/lift':
      return carrier.proofs.get(`${json.proof}`)?.complete === true
        ? ok({ ...carrier.lift(id), line: lineOf(carrier) })
        : problem(403, 'proof_missing', '본인 확인이 필요합니다.')
    case 'POST /proofs':
      return ok(carrier.beginProof(purposeOf(json.purpose)))
    case 'POST /proofs/:id':
      return replied(giveProof(carrier, id, json))
    case 'PUT /password':
      return ok(lineOf(carrier))
    case 'PUT /limits': {
      const changed = carrier.changeLimits({
        bucket: 'general',
        ...('month' in json ? { month: json.month === null ? null : `${json.month}` } : {}),
        ...(json.consent === true ? { consent: true } : {}),
        ...(typeof json.proof === 'string' ? { proof: json.proof } : {}),
      })
      return 'status' in changed ? replied(changed) : ok({ ...changed, limits: limitsOf(carrier) })
    }
    case 'POST /consents':
      carrier.isConsented = true
      return ok({})
    case 'DELETE /consents/:id':
      carrier.isConsented = false
      carrier.consents = []
      return { status: 204 }
    case 'POST /bill-payments':
      return ok(carrier.pay(key, `${json.amount}`, json.early === true, () => standingOf(carrier)))
    case 'POST /disputes':
      return ok(carrier.dispute(`${json.payment_id}`, `${json.reason}`, json.block === true))
    case 'POST /statements':
      return { status: 201, json: carrier.askStatement(`${json.from}`, `${json.to}`) }
    case 'GET /statements/:id': {
      const statement = carrier.statements.find((each) => each.id === id)
      return statement === undefined ? problem(404, 'not_found', id) : ok(statement)
    }
    case 'POST /disputes/:id/withdraw':
      carrier.disputes = carrier.disputes.map((each) =>
        each.id === id ? { ...each, state: 'withdrawn', payout_held: false } : each,
      )
      return ok({})
    default:
      return problem(404, 'route_not_found', path)
  }
}

function purposeOf(word: unknown) {
  const purposes = ['unblock', 'raise', 'password', 'consent'] as const
  return purposes.find((purpose) => purpose === word) ?? 'raise'
}

function giveProof(carrier: FakeCarrier, id: string, json: Readonly<Record<string, unknown>>) {
  if ('sms_code' in json) return carrier.giveProof(id, 'sms_code', json.sms_code === '482915')
  if ('password' in json) return carrier.giveProof(id, 'password', json.password === '135790')
  return carrier.giveProof(id, 'identity', 'identity' in json)
}

function replied(outcome: object | FakeRefusal): Reply {
  return 'detail' in outcome ? problem(outcome.status, outcome.code, outcome.detail) : ok(outcome)
}

function problem(status: number, code: string, detail: string): Reply {
  return { status, json: { status, code, title: code, detail, hint: '' } }
}
