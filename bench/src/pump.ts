import type { Outcome, Pay } from '@jeon/ledger'
import { type IdForm, IdSource } from './ids.ts'
import { Dice } from './statistics.ts'
import type { Side, World } from './world.ts'

/** Who pays whom. `each`: every wallet in turn. */
export type Pattern = 'uniform' | 'hot merchant' | 'hot payer' | 'each'

export interface PumpPlan {
  readonly count: number
  readonly pattern: Pattern
  readonly ids?: IdForm
  /** Only the first so many wallets pay. (Default: all) */
  readonly active?: number
  readonly onProgress?: (share: number) => void
}

export interface PumpResult {
  readonly payments: number
  readonly perSecond: number
  /** The part of the time that making the commands and looking at the outcomes took. 0 to 1. */
  readonly ownShare: number
}

/** Commands handed over together, and how many such hands are busy a shard. */
const CHUNK = 2_048
const HANDS = 6
const PRICES = [300n, 10_000n, 50_000n, 150_000n] as const
const OFFERS = Array.from({ length: 64 }, (_, at) => `article-${at + 100}`)

let seed = 1

/**
 * Pays `count` times and waits for every answer. The time runs from the first command to the last
 * answer; a payment counts when its outcome is accepted, which is after its commit. Throws when one
 * is not accepted.
 */
export async function pump(world: World, plan: PumpPlan): Promise<PumpResult> {
  const chunks = Math.ceil(plan.count / CHUNK)
  const turns = { next: 0 }
  const shared = { left: chunks, ownMs: 0 }
  const hands = world.sides.flatMap((side) =>
    Array.from({ length: HANDS }, () => new Hand(world, side, plan, turns)),
  )
  const begun = performance.now()
  await Promise.all(
    hands.map(async (hand) => {
      while (shared.left > 0) {
        shared.left -= 1
        shared.ownMs += await hand.turn()
        plan.onProgress?.(1 - shared.left / chunks)
      }
    }),
  )
  const tookMs = performance.now() - begun
  const payments = chunks * CHUNK
  return { payments, perSecond: (payments / tookMs) * 1_000, ownShare: shared.ownMs / tookMs }
}

class Hand {
  readonly #world: World
  readonly #side: Side
  readonly #pattern: Pattern
  readonly #active: number
  readonly #ids: IdSource
  readonly #dice = new Dice(seed++ * 7_919)
  readonly #turns: { next: number }

  constructor(world: World, side: Side, plan: PumpPlan, turns: { next: number }) {
    this.#turns = turns
    this.#world = world
    this.#side = side
    this.#pattern = plan.pattern
    const active = Math.ceil((plan.active ?? Number.POSITIVE_INFINITY) / world.sides.length)
    this.#active = Math.min(side.wallets.length, active)
    this.#ids = new IdSource(CHUNK, plan.ids)
  }

  /** One chunk. Returns how long our own work took, in milliseconds. */
  async turn(): Promise<number> {
    const begun = performance.now()
    const commands = this.#commands()
    const made = performance.now()
    const outcomes = await this.#world.ledger.submitAll(commands)
    const answered = performance.now()
    for (const outcome of outcomes) if (!outcome.ok || outcome.replayed) failOn(outcome)
    return made - begun + (performance.now() - answered)
  }

  #commands(): Pay[] {
    const ids = this.#ids
    ids.refill()
    const { wallets, merchants, paidByWallet, paidToMerchant } = this.#side
    const payers = this.#pattern === 'hot payer' ? 1 : this.#active
    const payees = this.#pattern === 'hot merchant' ? 1 : merchants.length
    const dice = this.#dice
    const isEach = this.#pattern === 'each'
    const commands = new Array<Pay>(CHUNK)
    for (let at = 0; at < CHUNK; at++) {
      const payer = isEach ? this.#turns.next++ % payers : dice.roll(payers)
      const payee = dice.roll(payees)
      paidByWallet[payer]! += 1
      paidToMerchant[payee]! += 1
      commands[at] = {
        type: 'pay',
        id: ids.at(at),
        debit: wallets[payer]!,
        credit: merchants[payee]!,
        amount: PRICES[at & 3]!,
        category: 'news',
        offer: OFFERS[payee & 63]!,
      }
    }
    return commands
  }
}

function failOn(outcome: Outcome): never {
  const text = JSON.stringify(outcome, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  throw new Error(`a payment of the bench was not accepted: ${text}`)
}
