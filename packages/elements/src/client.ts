import type { PaymentId } from './payment-id.ts'
import type { Refusal } from './payment-state.ts'

/** What the server said about a payment. `lost` is everything that is neither a yes nor a no. */
export type PaymentAnswer =
  | { readonly type: 'accepted'; readonly receipt: string; readonly price: Price }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'waiting'; readonly url: string }
  | { readonly type: 'returned' | 'missing' | 'lost' }

export interface Price {
  readonly amount: string
  readonly currency: string
}

export interface JeonClient {
  /** Pays for the offer under `id`; opens a guest wallet first when this browser has none. */
  pay(id: PaymentId): Promise<PaymentAnswer>
  /** Asks what became of `id`. Moves no money. */
  ask(id: PaymentId): Promise<PaymentAnswer>
  /** Gives all of it back. The same `key` sent twice is one refund. */
  refund(id: PaymentId, key: string): Promise<'refunded' | 'refund_refused'>
  /** The receipt when this wallet may read the offer, `null` when not, `undefined` when nobody answered. */
  entitlement(): Promise<string | null | undefined>
}

export interface ClientOptions {
  readonly server: string
  readonly key: string
  readonly offer: string
  /** What the payer is shown. */
  readonly price: Price
  readonly timeoutMs: number
  /** Reasons of carriers come in this language. */
  language(): string
}

interface Reply {
  readonly status: number
  readonly body: Fields
}

type Fields = Readonly<Record<string, unknown>>

/** The page's side of the Jeon API. Never throws for what the network or the server does. */
export function createClient(options: ClientOptions): JeonClient {
  const { server, key, offer, price, timeoutMs, language } = options
  /** A POST when there is something to post. `undefined`: no answer. */
  async function call(path: string, body?: object, id = ''): Promise<Reply | undefined> {
    try {
      const response = await fetch(`${server}/v1/${path}`, {
        headers: {
          authorization: `Bearer ${key}`,
          'accept-language': language(),
          ...(body && { 'content-type': 'application/json' }),
          ...(id && { 'idempotency-key': id }),
        },
        credentials: 'include',
        signal: AbortSignal.timeout(timeoutMs),
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      })
      return { status: response.status, body: fieldsOf(await response.json()) }
    } catch {
      return undefined
    }
  }

  async function entitlement() {
    const reply = await call(`entitlements?offer=${encodeURIComponent(offer)}`)
    // Without a session this browser has no wallet, and nothing that it paid for.
    if (reply?.status === 401) return null
    if (reply?.status !== 200) return undefined
    return (reply.body.entitled === true && textOf(reply.body.receipt)) || null
  }

  async function answerOf(reply: Reply | undefined): Promise<PaymentAnswer> {
    if (!reply) return { type: 'lost' }
    const { status, body } = reply
    if (status < 300 && body.status === 'pending_validation') {
      // A code is typed on the wallet's own page.
      const url = textOf(fieldsOf(body.validation).url)
      return { type: 'waiting', url: /^https?:/.test(url) ? url : '/line' }
    }
    if (status >= 300 || body.status !== 'accepted') return refusalOf(reply)
    const paid = priceOf(body.amount)
    if (paid.amount && priceOf(body.refunded).amount === paid.amount) return { type: 'returned' }
    const receipt = textOf(body.receipt) || (await entitlement())
    return receipt ? { type: 'accepted', receipt, price: paid } : { type: 'lost' }
  }

  async function ask(id: PaymentId): Promise<PaymentAnswer> {
    const reply = await call(`payments/${id}?receipt=true`)
    if (reply?.status === 404 || reply?.status === 401) return { type: 'missing' }
    const answer = await answerOf(reply)
    // What asking is refused for says nothing about the payment.
    return answer.type === 'refused' && reply?.status !== 200 ? { type: 'lost' } : answer
  }

  return {
    entitlement,
    ask,
    async pay(id) {
      // With the price that the payer saw: the platform refuses when it is another one by now.
      const send = () => call('payments?receipt=true', { offer, ...price }, id)
      const reply = await send()
      if (reply?.status !== 401) return answerOf(reply)
      const wallet = await call('wallets', { currency: price.currency })
      return answerOf(wallet?.status === 201 ? await send() : wallet)
    },
    async refund(id, refundKey) {
      for (let sends = 0; sends < 3; sends++) {
        const reply = await call(`payments/${id}/refund`, {}, refundKey)
        if (reply && reply.status < 300) return 'refunded'
        // It may have been made all the same, by a send whose answer was lost.
        if ((await ask(id)).type === 'returned') return 'refunded'
        if (reply?.body.retryable === false) break
      }
      return 'refund_refused'
    },
  }
}

/** A no counts only when the platform says that it stays one; a proxy's error page, or "try later", is none. */
function refusalOf({ status, body }: Reply): PaymentAnswer {
  // A payment that exists and was declined, or a problem.
  const isDeclined = body.status === 'declined'
  const code = isDeclined ? 'carrier_declined' : textOf(body.code)
  if (!code || status >= 500 || (body.retryable !== false && !isDeclined)) return { type: 'lost' }
  const reason = textOf(fieldsOf(body.reason).text)
  return { type: 'refused', refusal: { code, resetsAt: textOf(body.resets_at), reason } }
}

function fieldsOf(json: unknown): Fields {
  return typeof json === 'object' && json ? { ...json } : {}
}

function textOf(field: unknown): string {
  return typeof field === 'string' ? field : ''
}

function priceOf(field: unknown): Price {
  const { amount, currency } = fieldsOf(field)
  return { amount: textOf(amount), currency: textOf(currency) }
}
