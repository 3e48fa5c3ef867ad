import { setTimeout as sleep } from 'node:timers/promises'
import { typeid } from 'typeid-js'
import { z } from 'zod'
import type { LineWorld } from './carrier-world.ts'
import type { Answer, HttpClient, Sending } from './http.ts'
import type { Random } from './random.ts'

/** A purchase that a client wanted, with what it was told. */
export interface LineIntent {
  readonly way: 'each' | 'collected'
  /** The payment's id and the idempotency key. */
  readonly key: string
  readonly wallet: string
  readonly sending: Sending
  state: LineState
}

/**
 * `declined`: told that it will not be. `unknown`: no answer, a doubtful one, or one that said "later". `never`: asked
 * when all was quiet, the platform knows nothing of it.
 */
export type LineState = 'sent' | 'accepted' | 'declined' | 'unknown' | 'never'

export interface LineLoadParts {
  readonly book: LineIntent[]
  readonly platform: HttpClient
  readonly world: LineWorld
  readonly random: Random
  readonly clients: number
}

/** A run of load that goes on until it is stopped. */
export interface LineLoad {
  /** Resolves when every request has its answer, or has lost its connection. */
  stop(): Promise<void>
  /** Answers that nobody should get. */
  readonly strange: readonly string[]
}

/** After a lost connection or "later", as a client that is in no hurry. */
const backoffMs = 100

/** Clients that buy through their phone bills; they go on through every failure. */
export function startLineLoad(parts: LineLoadParts): LineLoad {
  const strange: string[] = []
  let isOver = false
  const clients = Array.from({ length: parts.clients }, async () => {
    while (!isOver) {
      if (!(await step(parts, strange))) await sleep(backoffMs)
    }
  })
  return {
    strange,
    async stop() {
      isOver = true
      await Promise.all(clients)
    },
  }
}

/** One request. False when it was not answered with yes or no. */
async function step(parts: LineLoadParts, strange: string[]): Promise<boolean> {
  const { book, platform, world, random } = parts
  const wallet = random.pick(world.wallets)
  if (random.chance(0.05)) {
    const { cookie } = wallet
    const { origin } = world
    const path = '/v1/line/collect'
    const answer = await platform.send({ method: 'POST', path, cookie, origin })
    return !answer.lost && answer.status === 200
  }
  const intent = wish(world, wallet.id, random.chance(0.6) ? 'each' : 'collected')
  book.push(intent)
  const answer = await platform.send(intent.sending)
  intent.state = stateOf(answer)
  if (!answer.lost && answer.status === 500) {
    strange.push(`${intent.way} ${intent.key}: ${JSON.stringify(answer.json)}`)
  }
  return intent.state !== 'unknown'
}

function wish(world: LineWorld, wallet: string, way: 'each' | 'collected'): LineIntent {
  const key = typeid('pay').toString()
  const offer = way === 'each' ? world.each : world.collected
  const sending: Sending = {
    method: 'POST',
    path: '/v1/payments',
    key: world.secret,
    idempotencyKey: key,
    json: { wallet, offer },
  }
  return { way, key, wallet, sending, state: 'sent' }
}

const paymentSchema = z.object({ status: z.string() })
/** The refusals that promise that nothing was charged. */
const refusals: readonly number[] = [402, 409, 422]

/** What an answer to a purchase, or to a question about it, says. */
export function stateOf(answer: Answer): LineState {
  if (answer.lost) return 'unknown'
  if (answer.status === 404) return 'never'
  if (refusals.includes(answer.status)) return 'declined'
  const status = paymentSchema.safeParse(answer.json).data?.status
  if (answer.status > 202 || status === undefined) return 'unknown'
  if (status === 'declined') return 'declined'
  return status === 'processing' || status === 'pending_validation' ? 'unknown' : 'accepted'
}
