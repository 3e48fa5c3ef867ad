/** The carriers with everything real, as the tests of self-care and of the program ask them. */

import { assetOfProfile, type PurchaseCategory } from '@jeon/billing'
import { amountFrom } from '@jeon/money'
import { findFreePort, freshDatabase } from '@jeon/postgres'
import { expect } from 'vitest'
import { z } from 'zod'
import type { Language } from '../language.ts'
import type { Line, PaymentOrder } from '../model.ts'
import { type CarrierOptions, type Carriers, openCarriers } from '../program.ts'
import { magicPhoneNumber, SANDBOX_PASSWORD } from '../sandbox/magic.ts'
import { seedLines } from '../sandbox/seed.ts'
import { type ReplyName, replies } from './replies.ts'

/** Wednesday 10 March 2027, noon in Seoul. */
export const startMs = Date.parse('2027-03-10T12:00:00+09:00')

export interface TestCarriers {
  readonly carriers: Carriers
  readonly url: string
  line(digits: string, carrier?: string): Promise<Line>
  /** Signs in as the owner of a line, silently over the network. */
  owner(digits: string, options?: { carrier?: string; scope?: string }): Promise<Owner>
  buy(line: Line, amount: string, more?: Bought): ReturnType<Carriers['core']['payments']['create']>
  reserve(line: Line, amount: string): ReturnType<Carriers['core']['payments']['prepare']>
  /** What the phone of a line received, newest first. */
  messages(line: Line): Promise<z.output<typeof inboxAnswer>['messages']>
  close(): Promise<void>
}

interface Bought {
  readonly category?: PurchaseCategory
  readonly description?: string
}

/** Opens carriers whose clock stands at {@link startMs} and whose ticker is off; the machine's time is real. */
export async function openTestCarriers(
  options: Partial<CarrierOptions> = {},
): Promise<TestCarriers> {
  const database = await freshDatabase()
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const carriers = await openCarriers({
    databaseUrl: database.url,
    publicUrl: url,
    tickEveryMs: 0,
    seed: 'none',
    ...options,
  })
  await carriers.listen(port)
  if (options.seed === undefined) {
    const { clock, core } = carriers
    await clock.move({ offsetMs: startMs - clock.machineNow(), frozenAtMs: startMs })
    const pool = { pool: carriers.pool, nowMs: () => clock.now() }
    await seedLines({ core, carriers: carriers.carriers, ...pool })
  }
  let count = 0
  const order = (line: Line, amount: string, steps: 1 | 2, more: Bought = {}) => {
    count += 1
    return orderFor(carriers, { line, amount, steps, reference: `ref-${count}`, ...more })
  }
  const line = (digits: string, carrier = 'skt') => lineAt(carriers, digits, carrier)
  return {
    carriers,
    url,
    line,
    owner: (digits, more) => signIn(carriers, url, digits, more),
    buy: (of, amount, more) => carriers.core.payments.create(order(of, amount, 1, more)),
    reserve: (of, amount) => carriers.core.payments.prepare(order(of, amount, 2)),
    messages: (of) => inboxOf(carriers, of),
    async close() {
      await carriers.close()
      await database.drop()
    },
  }
}

async function lineAt(carriers: Carriers, digits: string, carrier: string): Promise<Line> {
  const number = magicPhoneNumber(carrier, digits) ?? ''
  const line = await carriers.core.lines.byNumber(carrier, number)
  if (line === undefined) throw new Error(`there is no line ${number}`)
  return line
}

interface Ordered extends Bought {
  readonly line: Line
  readonly amount: string
  readonly steps: 1 | 2
  readonly reference: string
}

function orderFor(carriers: Carriers, ordered: Ordered): PaymentOrder {
  const { line, amount, steps, reference } = ordered
  const carrier = carriers.carriers.get(line.carrier)
  if (carrier === undefined) throw new Error(`there is no carrier ${line.carrier}`)
  const profile = carrier.profileAt(carriers.clock.now())
  return {
    carrier: line.carrier,
    clientId: carriers.clientId,
    lineId: line.id,
    steps,
    clientCorrelator: reference,
    referenceCode: reference,
    amount: amountFrom(amount, assetOfProfile(profile)),
    currency: profile.currency,
    description: ordered.description ?? 'Novel, chapter 12',
    isTaxIncluded: true,
    taxAmount: null,
    merchant: { id: 'shop', name: 'The Shop', contact: '02-123-4567' },
    category: ordered.category ?? 'digital',
    product: '',
    metaData: null,
    items: [],
    boundToPhone: true,
    shown: ['password', 'sms_code'],
    sink: null,
    sinkToken: null,
    validation: 'none',
  }
}

/** A request of an owner, and its answer. */
export interface Answer {
  readonly status: number
  readonly json: Record<string, unknown>
}

export interface Ask {
  readonly body?: unknown
  readonly key?: string
  readonly language?: Language
}

/** What the owner of a line can do over HTTP. */
export class Owner {
  readonly token: string
  readonly #carriers: Carriers
  readonly #root: string

  constructor(carriers: Carriers, carrier: string, token: string) {
    this.#carriers = carriers
    this.#root = `/${carrier}/selfcare/v1`
    this.token = token
  }

  async ask(method: string, path: string, { body, key, language = 'en' }: Ask = {}) {
    const response = await this.#carriers.app.request(`${this.#root}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        'accept-language': language,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const json = z.record(z.string(), z.unknown()).parse(await response.json())
    return { status: response.status, json, type: response.headers.get('content-type') }
  }

  /** Asks, and expects an answer of the documented shape. */
  async read<N extends ReplyName>(
    name: N,
    method: string,
    path: string,
    ask?: Ask,
  ): Promise<z.output<(typeof replies)[N]>>
  async read(name: ReplyName, method: string, path: string, ask?: Ask): Promise<unknown> {
    const { status, json } = await this.ask(method, path, ask)
    expect(status < 300 ? 'accepted' : json).toBe('accepted')
    return replies[name].parse(json)
  }

  /** Asks, and expects a refusal; answers its code. */
  async refused(method: string, path: string, ask?: Ask): Promise<string> {
    const { status, json, type } = await this.ask(method, path, ask)
    expect(type).toBe('application/problem+json')
    expect(json.status).toBe(status)
    return z.object({ code: z.string() }).parse(json).code
  }

  live(signal: AbortSignal): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}` }
    return Promise.resolve(this.#carriers.app.request(`${this.#root}/live`, { headers, signal }))
  }

  /** A complete proof by what the market asks: the owner's name and birthdate, the code and the password. */
  async prove(line: Line, purpose: string): Promise<string> {
    const { id, needs } = await this.read('proof', 'POST', '/proofs', { body: { purpose } })
    const { name, birthdate } = line.person
    const body = {
      ...(needs.includes('password') ? { password: SANDBOX_PASSWORD } : {}),
      ...(needs.includes('identity') ? { identity: { name, birthdate } } : {}),
      ...(needs.includes('sms_code') ? { sms_code: await lastCode(this.#carriers, line) } : {}),
    }
    const given = await this.read('proof', 'POST', `/proofs/${id}`, { body })
    expect(given.complete).toBe(true)
    return id
  }
}

/** The last code that the phone of a line received. */
async function lastCode(carriers: Carriers, line: Line): Promise<string> {
  const code = (await inboxOf(carriers, line)).find(({ kind }) => kind === 'code')
  const digits = /\b\d{6}\b/.exec(code?.text ?? '')?.[0]
  if (digits === undefined) throw new Error('no code has come')
  return digits
}

async function inboxOf({ app }: Carriers, line: Line) {
  const query = new URLSearchParams({ phone_number: line.phoneNumber }).toString()
  const answer: unknown = await (await app.request(`/sandbox/inbox?${query}`)).json()
  return inboxAnswer.parse(answer).messages
}

const inboxAnswer = z.object({
  messages: z.array(
    z.object({ id: z.string(), kind: z.string(), text: z.string(), at: z.iso.datetime() }),
  ),
})

const begun = z.object({ auth_req_id: z.string() })
const granted = z.object({ access_token: z.string() })

async function signIn(
  carriers: Carriers,
  url: string,
  digits: string,
  { carrier = 'skt', scope = 'line-care:read line-care:write' } = {},
): Promise<Owner> {
  const { phoneNumber } = await lineAt(carriers, digits, carrier)
  const discovery = `${url}/${carrier}/.well-known/openid-configuration`
  const { backchannel_authentication_endpoint: ask, token_endpoint: collect } = z
    .object({ backchannel_authentication_endpoint: z.string(), token_endpoint: z.string() })
    .parse(await (await fetch(discovery)).json())
  const asked = await post(carriers, ask, {
    scope: `openid ${scope}`,
    login_hint: `tel:${phoneNumber}`,
  })
  const token = await post(carriers, collect, {
    grant_type: 'urn:openid:params:grant-type:ciba',
    auth_req_id: begun.parse(asked).auth_req_id,
  })
  return new Owner(carriers, carrier, granted.parse(token).access_token)
}

async function post(
  { clientId, clientSecret }: Carriers,
  url: string,
  form: Record<string, string>,
): Promise<unknown> {
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams(form),
  })
  return response.json()
}
