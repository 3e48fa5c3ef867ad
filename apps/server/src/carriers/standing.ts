import { z } from 'zod'
import type { Carrier } from './carriers.ts'

/** Whether a line may be charged, as its carrier's self-care says it. */
export type Standing =
  | { readonly is: 'open' }
  /** `code` is one of those of a declined payment, where there is one that fits. */
  | { readonly is: 'hindered'; readonly code: string; readonly text: string }
  /** The carrier takes the token no more. */
  | { readonly is: 'refused' }
  /** The carrier did not say. */
  | { readonly is: 'unknown' }

/** States of self-care that are called otherwise where a payment is declined. */
const codes: Readonly<Record<string, string>> = {
  user_blocked: 'blocked_by_payer',
  hard_blocked: 'blocked_permanently',
  operator_blocked: 'blocked_by_operator',
  arrears_blocked: 'in_arrears',
  dormant_blocked: 'dormant',
  suspended: 'line_suspended',
  terminated: 'line_terminated',
  limit_exhausted: 'month_limit',
}

const lineAnswer = z.object({ service: z.object({ state: z.string(), text: z.string() }) })

/** Asks before a line gets credit. A carrier without self-care says nothing against any line; its declines do. */
export async function standingOf(
  fetch: typeof globalThis.fetch,
  carrier: Carrier,
  accessToken: string,
): Promise<Standing> {
  try {
    const response = await fetch(`${carrier.apiRoot}/selfcare/v1/line`, {
      headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(carrier.timeoutMs),
    })
    if (response.status === 404) return { is: 'open' }
    if (response.status === 401) return { is: 'refused' }
    const answer = lineAnswer.safeParse(await response.json())
    if (!response.ok || !answer.success) return { is: 'unknown' }
    const { state, text } = answer.data.service
    if (state === 'enabled') return { is: 'open' }
    return { is: 'hindered', code: codes[state] ?? state, text: text.slice(0, 300) }
  } catch {
    return { is: 'unknown' }
  }
}
