import { parsePaymentEvent, parseRefundEvent } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import type { Seal } from '../carriers/seal.ts'
import type { Database } from '../database.ts'
import { type Refusal, refuse } from '../errors.ts'
import type { Charges } from './charges.ts'
import type { CollectionStore } from './collection-store.ts'
import type { Collections } from './collections.ts'
import { eventTokenPrefix } from './event-token.ts'
import type { RailRefunds } from './refunds.ts'
import type { Sink } from './request.ts'

export interface EventParts {
  readonly seal: Seal
  readonly database: Database
  readonly clock: Clock
  /** How carriers reach this platform. */
  readonly publicUrl: string
}

/** What hears of events. */
export interface Listeners {
  readonly charges: Charges
  readonly collections: Collections
  readonly collectionStore: CollectionStore
  readonly refunds: RailRefunds
}

/** Longer than anything can happen to a payment, in milliseconds. */
const tokenLifeMs = 400 * 86_400_000

/**
 * What carriers tell. Each payment has a token of its own, made from its id, so that none has to be kept. An event is
 * heard once and never believed: it says that it is time to ask the carrier, whose answer moves the payment forward and
 * never back. So neither a late nor a forged one does harm.
 */
export class CarrierEvents {
  readonly #parts: EventParts

  constructor(parts: EventParts) {
    this.#parts = parts
  }

  /** Where a carrier may tell about a charge or a collection; undefined where it cannot reach us: sinks are https. */
  sinkOf(
    kind: 'charge' | 'collection',
    about: { readonly id: string; readonly carrier: string; readonly createdAtMs: number },
  ): Sink | undefined {
    const { publicUrl } = this.#parts
    if (!publicUrl.startsWith('https:')) return undefined
    return {
      url: `${publicUrl}/v1/carriers/${about.carrier}/events`,
      token: this.tokenOf(kind, about),
      expiresAtMs: about.createdAtMs + tokenLifeMs,
    }
  }

  /** The token with which a carrier tells about a charge or a collection. */
  tokenOf(
    kind: 'charge' | 'collection',
    { id, carrier }: { readonly id: string; readonly carrier: string },
  ): string {
    const about = `${kind}.${id}`
    return `${eventTokenPrefix}${about}.${this.#parts.seal.mark(`${carrier} ${about}`)}`
  }

  /** Hears an event. Done when what it is about was looked at, unless it was heard before. */
  async hear(
    carrier: string,
    authorization: string | undefined,
    json: unknown,
    listeners: Listeners,
  ): Promise<{ readonly isNew: boolean } | Refusal> {
    const about = this.#aboutOf(carrier, authorization)
    if (about === undefined) return refuse('event_token_invalid', { param: 'Authorization' })
    const payment = parsePaymentEvent(json)
    const read = payment.ok ? payment : parseRefundEvent(json)
    if (!read.ok) return refuse('event_malformed', { param: 'body' })
    const isNew = await this.#isNew(carrier, read.event, `${about.kind}.${about.id}`)
    if (!isNew) return { isNew }
    if (about.kind === 'charge') {
      await listeners.charges.look(about.id)
      await listeners.refunds.look(about.id)
    } else {
      const collection = await listeners.collectionStore.find(about.id)
      if (collection !== undefined) await listeners.collections.look(collection.walletId)
    }
    return { isNew }
  }

  #aboutOf(
    carrier: string,
    authorization: string | undefined,
  ): { readonly kind: 'charge' | 'collection'; readonly id: string } | undefined {
    const matched = /^bearer cev_((charge|collection)\.([0-9a-f]{32}))\.([\w-]{43})$/i.exec(
      authorization ?? '',
    )
    const [, about, kind, id, mark] = matched ?? []
    if (about === undefined || id === undefined || mark === undefined) return undefined
    if (!this.#parts.seal.isMarkOf(`${carrier} ${about}`, mark)) return undefined
    return { kind: kind === 'charge' ? 'charge' : 'collection', id }
  }

  async #isNew(
    carrier: string,
    event: { readonly source: string; readonly id: string },
    about: string,
  ): Promise<boolean> {
    const result = await this.#parts.database
      .insertInto('jeon.rail_event')
      .values({
        ...{ carrier, source: event.source.slice(0, 500), id: event.id.slice(0, 500), about },
        heard_at: new Date(this.#parts.clock.now()),
      })
      .onConflict((conflict) => conflict.columns(['carrier', 'source', 'id']).doNothing())
      .executeTakeFirst()
    return result.numInsertedOrUpdatedRows === 1n
  }
}
