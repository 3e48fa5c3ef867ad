import { setTimeout as sleep } from 'node:timers/promises'
import { typeid } from 'typeid-js'
import { type Book, type Intent, settle, type Verb, verdictOf, verdictsOf } from './book.ts'
import type { Answer, HttpClient, Sending } from './http.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

export interface LoadParts {
  readonly book: Book
  readonly http: HttpClient
  readonly world: World
  readonly random: Random
  readonly clients: number
}

/** A run of load that goes on until it is stopped. */
export interface Load {
  /** No new requests; resolves when the last one has its answer, or has lost its connection. */
  stop(): Promise<void>
  /** Answers that nobody should get, such as a 500. */
  readonly strange: readonly string[]
  /** Requests that lost their connection. */
  readonly lost: readonly string[]
}

/** Several clients at once; each writes down what it wants, sends it, and writes down what it is told. */
export function startLoad(parts: LoadParts): Load {
  const strange: string[] = []
  const lost: string[] = []
  let isOver = false
  const observe = (sending: Sending, answer: Answer) => {
    const name = `${sending.method} ${sending.path}`
    if (answer.lost) lost.push(`${name}: ${answer.reason}`)
    else if (answer.status === 500 || answer.status < 200) {
      strange.push(`${name}: ${answer.status} ${JSON.stringify(answer.json).slice(0, 60)}`)
    }
  }
  const clients = Array.from({ length: parts.clients }, async () => {
    while (!isOver) {
      const connected = await step(parts, observe)
      // A dead server refuses connections in microseconds: to go on would only fill the book.
      if (!connected) return
    }
  })
  return {
    strange,
    lost,
    async stop() {
      isOver = true
      await Promise.all(clients)
    },
  }
}

type Observe = (sending: Sending, answer: Answer) => void

/** One request. False when its connection was lost. */
async function step(parts: LoadParts, observe: Observe): Promise<boolean> {
  const { book, http, random } = parts
  if (random.chance(0.07)) return sendBatch(parts, observe)
  const intent = book.write(wish(parts))
  const answer = await http.send(intent.sending)
  observe(intent.sending, answer)
  const verdict = verdictOf(answer)
  settle(intent, verdict)
  if (answer.lost) return false
  if (verdict.is === 'unknown') await askAtOnce(parts, intent, observe)
  // As a client that was told to come back later.
  if (answer.status === 503) await sleep(backoffMs)
  return true
}

const backoffMs = 50

/** What a client does that is told "unknown": it asks, and believes what it hears. */
async function askAtOnce(parts: LoadParts, intent: Intent, observe: Observe): Promise<void> {
  const path = readPathOf(intent)
  if (path === undefined) return
  const sending: Sending = { method: 'GET', path, key: parts.world.secret }
  const answer = await parts.http.send(sending)
  observe(sending, answer)
  if (!answer.lost && answer.status === 404) intent.denied = true
}

/** Where an intent's outcome can be read; undefined: only by sending it again. */
export function readPathOf({ verb, key }: Intent): string | undefined {
  if (verb === 'pay' || verb === 'capture') return `/v1/payments/${key}`
  return verb === 'hold' ? `/v1/holds/${key}` : undefined
}

async function sendBatch(parts: LoadParts, observe: Observe): Promise<boolean> {
  const { book, http, random, world } = parts
  const intents = Array.from({ length: random.integer(5, 60) }, () =>
    book.write(payment(parts, true)),
  )
  const sending = batchOf(intents, world.secret)
  const answer = await http.send(sending)
  observe(sending, answer)
  for (const [index, verdict] of verdictsOf(answer, intents.length).entries()) {
    const intent = intents[index]
    if (intent !== undefined) settle(intent, verdict)
  }
  return !answer.lost
}

/** The batch of some intents that were, or are to be, batched. */
export function batchOf(intents: readonly Intent[], key: string): Sending {
  const json = intents.map(({ sending, key: item }) => {
    const fields = typeof sending.json === 'object' ? sending.json : {}
    return { key: item, ...fields }
  })
  return { method: 'POST', path: '/v1/payments/batch', key, json }
}

type Wish = Omit<Intent, 'state' | 'content' | 'denied'>

function wish(parts: LoadParts): Wish {
  const { book, random } = parts
  const dice = random.integer(1, 100)
  const holds = book.accepted('hold')
  const payments = book.accepted('pay')
  if (dice <= 14) return hold(parts)
  if (dice <= 26 && holds.length > 0) return sequel(parts, random.pick(holds))
  if (dice <= 38 && payments.length > 0) return refund(parts, random.pick(payments))
  if (dice <= 41) return topup(parts)
  return payment(parts, false)
}

function payment({ world, random }: LoadParts, batched: boolean): Wish {
  const wallet = random.pick(world.wallets).id
  // Now and then more than any wallet has: refusals must leave nothing behind either.
  const amount = random.chance(0.03) ? 40_000_000n : BigInt(random.integer(1, 4_000))
  const key = typeid('pay').toString()
  const reference = `r-${random.integer(0, 1e9)}`
  const json = { wallet, ...money(amount), reference }
  return made('pay', { key, wallet, amount, batched }, world, '/v1/payments', json)
}

function hold({ world, random }: LoadParts): Wish {
  const wallet = random.pick(world.wallets).id
  const amount = BigInt(random.integer(1, 4_000))
  const key = typeid('hold').toString()
  const ttl = random.chance(0.2) ? 1 : 3_600
  const json = { wallet, ...money(amount), ttl_s: ttl }
  return made('hold', { key, wallet, amount, batched: false }, world, '/v1/holds', json)
}

function sequel({ world, random }: LoadParts, target: Intent): Wish {
  const { wallet } = target
  const path = `/v1/holds/${target.key}`
  if (random.chance(0.4)) {
    const facts = { key: typeid('vod').toString(), wallet, target, batched: false }
    return made('void', facts, world, `${path}/void`, undefined)
  }
  const amount = random.chance(0.5) ? undefined : BigInt(random.integer(1, 5_000))
  const facts = { key: typeid('pay').toString(), wallet, amount, target, batched: false }
  const json = amount === undefined ? undefined : { amount: wonOf(amount) }
  return made('capture', facts, world, `${path}/capture`, json)
}

function refund({ world, random }: LoadParts, target: Intent): Wish {
  const amount = random.chance(0.5) ? undefined : BigInt(random.integer(1, 5_000))
  const { wallet } = target
  const facts = { key: typeid('rfd').toString(), wallet, amount, target, batched: false }
  const json = amount === undefined ? {} : { amount: wonOf(amount) }
  return made('refund', facts, world, `/v1/payments/${target.key}/refund`, json)
}

function topup({ world, random }: LoadParts): Wish {
  const wallet = random.pick(world.wallets).id
  const amount = BigInt(random.integer(1, 100_000))
  const facts = { key: typeid('top').toString(), wallet, amount, batched: false }
  const json = { wallet, ...money(amount) }
  return made('topup', facts, world, '/v1/sandbox/credit', json)
}

interface Facts {
  readonly key: string
  readonly wallet: string
  readonly amount?: bigint | undefined
  readonly target?: Intent
  readonly batched: boolean
}

function made(verb: Verb, facts: Facts, world: World, path: string, json: unknown): Wish {
  const { key, wallet, amount, target, batched } = facts
  const secret = verb === 'topup' ? world.operator : world.secret
  const sending: Sending = { method: 'POST', path, key: secret, idempotencyKey: key, json }
  return { verb, key, wallet, amount, target, batched, sending }
}

function money(amount: bigint): { amount: string; currency: string } {
  return { amount: wonOf(amount), currency: 'KRW' }
}

/** KRW has three places. */
export function wonOf(amount: bigint): string {
  const digits = amount.toString().padStart(4, '0')
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`
}

/** Thousandths of a won in a decimal string. */
export function minorOf(won: string): bigint {
  const [whole = '0', places = ''] = won.split('.')
  return BigInt(whole) * 1000n + BigInt(places.padEnd(3, '0'))
}
