import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A Jeon server as small as the paywall needs it, that can be told to misbehave, and a merchant's page beside it on an
 * origin of its own. It keeps its books honestly: `payments` is what payers really paid.
 */
export interface FakeJeon {
  readonly server: string
  readonly page: string
  /** Accepted payments by id; `true` once refunded. */
  readonly payments: Map<string, boolean>
  /** Payments that wait for their payer at the carrier, by id; a reason once the carrier declined. */
  readonly waiting: Map<string, '' | Readonly<Record<string, unknown>>>
  /** What becomes of the next POSTs to /v1/payments, first to last; afterwards all is well. */
  readonly next: Mishap[]
  /** Every request to the API, as `POST /v1/payments`. */
  readonly requests: string[]
  /** The markup around the element. */
  markup: string
  stop(): Promise<void>
}

/**
 * - `hang`: taken and never answered, nothing paid
 * - `lost`: paid, and the connection breaks before the answer
 * - `broken`: paid, and a proxy answers 502
 * - `slow`: paid and answered, a second late
 * - `ask`: the carrier asks the payer first
 * - a problem's fields: refused
 */
export type Mishap = 'hang' | 'lost' | 'broken' | 'slow' | 'ask' | Readonly<Record<string, unknown>>

export async function startFakeJeon(elements: string): Promise<FakeJeon> {
  const payments = new Map<string, boolean>()
  const waiting: FakeJeon['waiting'] = new Map()
  const payers = new Map<string, string>()
  const next: Mishap[] = []
  const requests: string[] = []
  let wallets = 0

  const api = createServer((request, response) => {
    void answer(request, response)
  })
  const pages = createServer((request, response) => servePage(request, response))
  await Promise.all([listen(api), listen(pages)])

  const fake: FakeJeon = {
    server: urlOf(api),
    page: urlOf(pages),
    payments,
    waiting,
    next,
    requests,
    markup: '',
    async stop() {
      await Promise.all([close(api), close(pages)])
    },
  }
  return fake

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?')
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*')
    response.setHeader('access-control-allow-credentials', 'true')
    response.setHeader(
      'access-control-allow-headers',
      'authorization, content-type, idempotency-key',
    )
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    if (path === '/elements.js') {
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(elements)
    }
    requests.push(`${request.method} ${path}`)
    for await (const _ of request);
    const wallet = /jeon_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1]
    if (path === '/v1/wallets') {
      response.setHeader('set-cookie', `jeon_session=w${++wallets}; Path=/; HttpOnly; SameSite=Lax`)
      return send(response, 201, { id: `wal_${wallets}` })
    }
    if (!wallet) return refuse(response, 401, { code: 'session_missing' })
    if (path.startsWith('/v1/entitlements')) return entitle(response, wallet)
    const id = /(pay_\w+)/.exec(path)?.[1] ?? String(request.headers['idempotency-key'])
    if (request.method === 'GET') return tell(response, wallet, id)
    if (path.endsWith('/refund')) {
      payments.set(id, true)
      return send(response, 201, { id: String(request.headers['idempotency-key']) })
    }
    return pay(response, wallet, id)
  }

  function entitle(response: ServerResponse, wallet: string): void {
    const id = [...payments].find(([paid, back]) => !back && payers.get(paid) === wallet)?.[0]
    send(response, 200, id ? { entitled: true, receipt: `receipt:${id}` } : { entitled: false })
  }

  function tell(response: ServerResponse, wallet: string, id: string): void {
    if (waiting.has(id) && !payments.has(id)) {
      send(response, 200, waitingOf(id))
    } else if (!payments.has(id) || payers.get(id) !== wallet) {
      refuse(response, 404, { code: 'payment_not_found' })
    } else send(response, 200, paymentOf(id))
  }

  function pay(response: ServerResponse, wallet: string, id: string): void {
    const mishap = next.shift()
    if (mishap === 'hang') return
    if (typeof mishap === 'object') {
      refuse(response, 402, mishap)
      return
    }
    payers.set(id, wallet)
    if (mishap === 'ask') waiting.set(id, '')
    if (waiting.get(id) === '') {
      send(response, 202, waitingOf(id))
      return
    }
    const reason = waiting.get(id)
    if (reason !== undefined) {
      refuse(response, 402, { code: 'carrier_declined', reason })
      return
    }
    if (!payments.has(id)) payments.set(id, false)
    if (mishap === 'lost') breakOff(response)
    else if (mishap === 'broken') response.writeHead(502).end('<h1>Bad gateway</h1>')
    else setTimeout(() => send(response, 201, paymentOf(id)), mishap === 'slow' ? 1000 : 0)
  }

  function waitingOf(id: string) {
    const reason = waiting.get(id) || null
    return {
      id,
      status: reason === null ? 'pending_validation' : 'declined',
      validation: reason === null ? { by: 'url', url: `${urlOf(pages)}/carrier` } : null,
      reason,
    }
  }

  function paymentOf(id: string) {
    const refunded = payments.get(id) ? '150' : '0'
    return {
      id,
      status: 'accepted',
      amount: { amount: '150', currency: 'KRW' },
      refunded: { amount: refunded, currency: 'KRW' },
      receipt: `receipt:${id}`,
    }
  }

  function servePage(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    if (request.url !== '/content') return void response.end(fake.markup)
    const id = /^receipt:(.*)$/.exec(String(request.headers['jeon-receipt'] ?? ''))?.[1] ?? ''
    if (payments.get(id) !== false) return void response.writeHead(402).end('Payment required')
    response.end('<h2>The rest</h2><p>Paid words.</p>')
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function refuse(response: ServerResponse, status: number, fields: object): void {
  send(response, status, { retryable: false, status, ...fields })
}

/** Half an answer: without its beginning, Chromium itself would send the request again. */
function breakOff(response: ServerResponse): void {
  response.writeHead(201, { 'content-length': '999' })
  response.write('{"status":"accepted"', () => response.destroy())
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, 'localhost', resolve))
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

function urlOf(server: Server): string {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return `http://localhost:${address.port}`
}
