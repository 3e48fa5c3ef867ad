import { breadCensus } from './bread-census.ts'
import { crackedBell } from './cracked-bell.ts'
import { fireflyChorus } from './firefly-chorus.ts'
import { lastFerry } from './last-ferry.ts'
import type { Article } from './model.ts'
import { mossLibrary } from './moss-library.ts'
import { saltRoad } from './salt-road.ts'
import { tideClock } from './tide-clock.ts'

/** Today's paper, as it stands on the front page; the first is the lead. */
export const articles: readonly Article[] = [
  mossLibrary,
  lastFerry,
  saltRoad,
  fireflyChorus,
  crackedBell,
  breadCensus,
  tideClock,
]

export function articleOf(id: string): Article | undefined {
  return articles.find((article) => article.id === id)
}
