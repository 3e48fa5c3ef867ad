import { type Jeon, JeonProblem, type NewOffer } from '@jeon/sdk'
import { articles } from './articles/index.ts'
import type { Article } from './articles/model.ts'

/**
 * Puts today's articles on sale; those of an earlier start get today's title and price.
 *
 * @throws `JeonProblem`, `JeonUnreachable`
 */
export async function putOnSale(jeon: Jeon): Promise<void> {
  await Promise.all(articles.map((article) => sell(jeon, offerOf(article))))
}

async function sell(
  jeon: Jeon,
  { id, ...offer }: NewOffer & { readonly id: string },
): Promise<void> {
  try {
    await jeon.offers.create({ id, ...offer })
  } catch (error) {
    if (!(error instanceof JeonProblem) || error.code !== 'offer_exists') throw error
    await jeon.offers.update(id, offer)
  }
}

function offerOf({ id, text, price }: Article) {
  return { id, title: text.ko.title, price, category: 'news', unlocks: `/articles/${id}` }
}
