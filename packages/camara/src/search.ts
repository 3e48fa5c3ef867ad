/** The query of a list, between its typed form and the text in a URL. Both sides use it, so both mean the same. */
import { z } from 'zod'
import type { Answer, CallOptions } from './call.ts'
import { paymentsQuery } from './carrier-billing.ts'
import { refundsQuery } from './carrier-billing-refund.ts'
import { mapSettled, type NotSent, type Outcome } from './outcome.ts'
import type { Page } from './pages.ts'

/** A typed query as the search part of a URL; a list is its name repeated, as OpenAPI's default style has it. */
export function searchOf(query: Readonly<Record<string, unknown>>): URLSearchParams {
  const search = new URLSearchParams()
  for (const [name, given] of Object.entries(query)) {
    const values: readonly unknown[] = Array.isArray(given) ? given : [given]
    for (const one of values) if (one !== undefined) search.append(name, String(one))
  }
  return search
}

/** Reads the query of GET /payments; what zod refuses is `400 INVALID_ARGUMENT`. Unknown names are dropped. */
export function readPaymentsQuery(
  search: URLSearchParams,
): z.ZodSafeParseResult<z.output<typeof paymentsQuery>> {
  return paymentsQuery.safeParse(typed(search, 'paymentStatus'))
}

/** Reads the query of a payment's refunds; what zod refuses is `400 INVALID_ARGUMENT`. Unknown names are dropped. */
export function readRefundsQuery(
  search: URLSearchParams,
): z.ZodSafeParseResult<z.output<typeof refundsQuery>> {
  return refundsQuery.safeParse(typed(search, 'refundStatus'))
}

/** The search part for a query that fits its definition, or the outcome for one that does not. */
export function searchFor(
  schema: z.ZodType<Record<string, unknown>>,
  query: unknown,
  { correlator = '' }: CallOptions,
): { ok: true; search: URLSearchParams } | { ok: false; outcome: NotSent } {
  const parsed = schema.safeParse(query)
  if (parsed.success) return { ok: true, search: searchOf(parsed.data) }
  const detail = z.prettifyError(parsed.error)
  return {
    ok: false,
    outcome: { outcome: 'not_sent', reason: 'invalid_request', detail, correlator },
  }
}

/** A list's answer with what its headers say about the whole. */
export function pageOf<Item>({ outcome, headers }: Answer<readonly Item[]>): Outcome<Page<Item>> {
  const count = headers.get('x-total-count')
  const totalCount = count !== null && /^\d{1,15}$/.test(count) ? Number(count) : undefined
  return mapSettled(outcome, (items) => ({ items, totalCount }))
}

/** Text into the types that the schemas want; a name given twice stays a list, which they refuse. */
function typed(search: URLSearchParams, listName: string): Record<string, unknown> {
  const query: Record<string, unknown> = {}
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name)
    if (name === listName) query[name] = values
    else if (values.length > 1) query[name] = values
    else query[name] = name === 'page' || name === 'perPage' ? wholeNumber(values[0]) : values[0]
  }
  return query
}

function wholeNumber(text: string | undefined): unknown {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : text
}
