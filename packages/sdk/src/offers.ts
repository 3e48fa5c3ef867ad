import { type PageOptions, walkPages } from './pages.ts'
import { type Money, type Offer, offerOf } from './shapes.ts'
import type { Transport } from './transport.ts'

export interface NewOffer {
  /** The merchant's own: lower-case letters, digits and hyphens. (Default: made by the server.) */
  readonly id?: string
  readonly title: string
  readonly price: Money
  readonly category?: string
  /** What it gives access to, copied into receipts. */
  readonly unlocks?: string
}

/** All throw `JeonProblem` and `JeonUnreachable`. */
export interface Offers {
  create(offer: NewOffer): Promise<Offer>
  /** Without a merchant's key, the client's `merchant` says whose offer it is. */
  get(id: string, merchant?: string): Promise<Offer>
  update(id: string, change: Partial<Omit<NewOffer, 'id'>>): Promise<Offer>
  list(options?: PageOptions): AsyncGenerator<Offer, void, void>
}

export function createOffers(transport: Transport, ownMerchant: string | undefined): Offers {
  return {
    create: (offer) => transport.ask({ method: 'POST', path: '/v1/offers', body: offer }, offerOf),
    get(id, merchant = ownMerchant) {
      const query = merchant === undefined ? '' : `?merchant=${encodeURIComponent(merchant)}`
      const path = `/v1/offers/${encodeURIComponent(id)}${query}`
      return transport.ask({ method: 'GET', path }, offerOf)
    },
    update: (id, change) =>
      transport.ask(
        { method: 'PATCH', path: `/v1/offers/${encodeURIComponent(id)}`, body: change },
        offerOf,
      ),
    list: (options) => walkPages(transport, '/v1/offers', offerOf, options),
  }
}
