import type { Clock } from '@jeon/clock'
import { type Asset, assetOf, parseAmount } from '@jeon/money'
import type { z } from 'zod'
import type { Currency } from '../assets.ts'
import { Cache } from '../cache.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import { createUuid } from '../ids.ts'
import type { changeOfferBody, createOfferBody, Offer } from './model.ts'
import type { OfferStore } from './store.ts'

/** How long another process's change of a price may go unnoticed, in milliseconds. */
const believedForMs = 5_000

/** What merchants sell. */
export class Offers {
  readonly #store: OfferStore
  readonly #clock: Clock
  readonly #known = new Cache<string, Offer>({ entriesMax: 100_000, ttlMs: believedForMs })
  /** Counts changes, so that what was read before one is not kept after it. */
  #changes = 0

  constructor(store: OfferStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  async create(
    merchantId: string,
    body: z.output<typeof createOfferBody>,
  ): Promise<Offer | Refusal> {
    const price = priceOf(body.price)
    if (isRefusal(price)) return price
    const nowMs = this.#clock.now()
    const id = body.id ?? `offer-${createUuid(nowMs)}`
    const offer: Offer = {
      merchantId,
      id,
      title: body.title,
      ...price,
      category: body.category,
      unlocks: body.unlocks ?? null,
      active: true,
      charge: body.charge ?? 'auto',
      createdAtMs: nowMs,
    }
    const added = await this.#store.add(offer, new Date(nowMs))
    return added ? offer : refuse('offer_exists', { param: 'id' })
  }

  async change(
    merchantId: string,
    id: string,
    body: z.output<typeof changeOfferBody>,
  ): Promise<Offer | Refusal> {
    const before = await this.#store.find(merchantId, id)
    if (before === undefined) return refuse('offer_not_found', { param: 'id' })
    const price = body.price === undefined ? before : priceOf(body.price)
    if (isRefusal(price)) return price
    const offer: Offer = {
      ...before,
      amount: price.amount,
      asset: price.asset,
      title: body.title ?? before.title,
      category: body.category ?? before.category,
      unlocks: body.unlocks === undefined ? before.unlocks : body.unlocks,
      active: body.active ?? before.active,
      charge: body.charge ?? before.charge,
    }
    await this.#store.change(offer, new Date(this.#clock.now()))
    this.#changes += 1
    this.#known.forget(nameOf(merchantId, id))
    return offer
  }

  async find(merchantId: string, id: string): Promise<Offer | undefined> {
    const name = nameOf(merchantId, id)
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const changes = this.#changes
    const offer = await this.#store.find(merchantId, id)
    if (offer !== undefined && changes === this.#changes) this.#known.set(name, offer)
    return offer
  }

  list(merchantId: string, after: string, limit: number): Promise<Offer[]> {
    return this.#store.list(merchantId, after, limit)
  }
}

function priceOf(price: {
  amount?: string | undefined
  currency: Currency
}): { amount: bigint | null; asset: Asset } | Refusal {
  const asset = assetOf(price.currency)
  if (price.amount === undefined) return { amount: null, asset }
  const parsed = parseAmount(price.amount, asset)
  if (!parsed.ok) return refuse(parsed.code, { param: 'price.amount' })
  if (parsed.amount === 0n) return refuse('amount_not_positive', { param: 'price.amount' })
  return { amount: parsed.amount, asset }
}

function nameOf(merchantId: string, id: string): string {
  return `${merchantId} ${id}`
}
