import { fieldsOf, listOf, optionalText } from './reader.ts'
import type { Transport } from './transport.ts'

export interface PageOptions {
  /** Entries asked for at a time. (Default: the server's.) */
  readonly limit?: number
  /** Where an earlier walk stopped. (Default: the newest.) */
  readonly cursor?: string
  readonly signal?: AbortSignal
}

/**
 * Walks a list page by page, asking for the next one only when it is needed.
 *
 * @throws `JeonProblem`, `JeonUnreachable`
 */
export async function* walkPages<Item>(
  transport: Transport,
  path: string,
  item: (json: unknown) => Item,
  options?: PageOptions,
): AsyncGenerator<Item, void, void> {
  let cursor = options?.cursor
  do {
    const query = new URLSearchParams()
    if (options?.limit !== undefined) query.set('limit', `${options.limit}`)
    if (cursor !== undefined) query.set('cursor', cursor)
    const suffix = query.size === 0 ? '' : `?${query}`
    const page = await transport.ask(
      { method: 'GET', path: path + suffix, signal: options?.signal },
      (json) => {
        const fields = fieldsOf(json, 'page')
        return { items: listOf(fields, 'data', item), next: optionalText(fields, 'next_cursor') }
      },
    )
    yield* page.items
    cursor = page.next
  } while (cursor !== undefined)
}
