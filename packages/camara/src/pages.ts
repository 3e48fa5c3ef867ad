/**
 * Reading a whole list from a carrier. CAMARA pages by number over a living list, so the reader fixes both ends of
 * the time window and takes the oldest first: what is added meanwhile lands behind what was read.
 */
import type { Outcome } from './outcome.ts'

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** From `X-Total-Count`; `undefined` when the carrier did not say. */
  readonly totalCount: number | undefined
}

/** Items a page, which a carrier may lower. */
export const PER_PAGE_DEFAULT = 50

/**
 * Yields page after page until the list is complete, or one outcome that is not `settled` and ends it. A carrier that
 * ignores `page`, or promises more than it gives, ends as `unknown` with `broken_paging`, never as a complete list.
 *
 * @param readPage - asks for one page, counted from 1
 * @param idOf - what tells items apart
 */
export async function* readPages<Item>(
  readPage: (page: number) => Promise<Outcome<Page<Item>>>,
  idOf: (item: Item) => string,
): AsyncGenerator<Outcome<Page<Item>>, void, undefined> {
  const seen = new Set<string>()
  for (let page = 1; ; page += 1) {
    const outcome = await readPage(page)
    if (outcome.outcome !== 'settled') {
      yield outcome
      return
    }
    const { items, totalCount } = outcome.body
    const fresh = items.filter((item) => !seen.has(idOf(item)))
    for (const item of fresh) seen.add(idOf(item))
    const complete = totalCount === undefined ? items.length === 0 : seen.size >= totalCount
    if (fresh.length === 0 && !complete) {
      const { correlator } = outcome
      const detail = `page ${page}: ${items.length} items, none new, ${seen.size} of ${totalCount}`
      yield { outcome: 'unknown', reason: 'broken_paging', detail, correlator }
      return
    }
    if (fresh.length > 0) yield { ...outcome, body: { items: fresh, totalCount } }
    if (complete) return
  }
}

/** All items of a list, or the outcome that ended it early. */
export async function collectPages<Item>(
  pages: AsyncIterable<Outcome<Page<Item>>>,
): Promise<{ readonly outcome: 'complete'; readonly items: readonly Item[] } | NotComplete> {
  const items: Item[] = []
  for await (const outcome of pages) {
    if (outcome.outcome !== 'settled') return outcome
    items.push(...outcome.body.items)
  }
  return { outcome: 'complete', items }
}

/** Why a list could not be read to its end. */
export type NotComplete = Exclude<Outcome<never>, { outcome: 'settled' }>
