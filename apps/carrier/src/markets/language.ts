import type { MarketProfile } from '@jeon/billing'
import type { Line } from '../model.ts'

/** The language in which a carrier of the market speaks when nobody chose one: the first of the market's that it has. */
export function languageOfMarket({
  languages,
}: Pick<MarketProfile, 'languages'>): Line['language'] {
  const spoken = languages.map((tag) => tag.slice(0, 2))
  return spoken.find((tag) => tag === 'ko' || tag === 'en') ?? 'en'
}
