import type { Outcome } from '@jeon/camara'
import { reasonIn } from '../carriers/reasons.ts'
import type { Reason, Sending } from './model.ts'
import { type Moment, passedMs } from './moment.ts'

/** What an answer to a request that moves money means for the one who sent it. */
export type Verdict<Body> =
  /** The carrier took it; the body says where it stands. */
  | { readonly is: 'taken'; readonly body: Body }
  /** Certainly nothing was done, and asking again changes nothing. */
  | { readonly is: 'refused'; readonly reason: Reason }
  /** Certainly nothing was done this time; the same request may succeed later. */
  | { readonly is: 'later'; readonly reason: Reason; readonly afterMs: number }
  /** It may have been done: look for it, never send it under another key. */
  | { readonly is: 'unknown'; readonly detail: string }

/**
 * Whether a carrier does not have any more what it had on its list: some write a request down before they decide, and a
 * refusal, or an end in the middle, leaves nothing of it.
 */
export function isForgotten(outcome: Outcome<unknown>): boolean {
  return outcome.outcome === 'declined' && outcome.status === 404
}

/** Nothing reached the carrier. */
export const unreachable: Reason = {
  code: 'carrier_unreachable',
  text: 'The carrier cannot be reached.',
}

/** What a request was answered. Pure: no exception, no guess. */
export function verdictOf<Body>(outcome: Outcome<Body>): Verdict<Body> {
  switch (outcome.outcome) {
    case 'settled':
      return { is: 'taken', body: outcome.body }
    case 'declined': {
      // The key is known there: what became of it has to be looked up.
      if (outcome.code === 'ALREADY_EXISTS') return { is: 'unknown', detail: outcome.message }
      const reason = reasonIn(outcome.code, outcome.message)
      if (!outcome.retryable) return { is: 'refused', reason }
      return { is: 'later', reason, afterMs: outcome.retryAfterMs ?? laterMs }
    }
    case 'unknown':
      return { is: 'unknown', detail: `${outcome.reason}: ${outcome.detail}` }
    case 'not_sent': {
      const { reason, detail } = outcome
      if (reason === 'invalid_request') {
        return { is: 'refused', reason: { code: reason, text: detail.slice(0, 300) } }
      }
      return { is: 'later', reason: unreachable, afterMs: laterMs }
    }
  }
}

const laterMs = 2_000

/** When something is looked at again that was looked at so often: a second, two, four, at most five minutes. */
export function backoffMs(attempts: number): number {
  return Math.min(1_000 * 2 ** Math.min(attempts, 10), 300_000)
}

/** How far a carrier's clock may be from ours when something is looked for in its list, in milliseconds. */
export const searchWindowMs = 15 * 60_000

/**
 * How long after a request the carrier's not knowing it means that it never arrived: as long as the request may take, and
 * as long again for a carrier that answers late. From then on the same request may be sent again, under the same key.
 */
export function safeMs(timeoutMs: number): number {
  return 2 * timeoutMs + 5_000
}

/**
 * Why the same request was refused at another sending; null when the reason may be that the carrier has it from before:
 * it has no code of its own for that.
 */
export function refusalAgain(outcome: Outcome<unknown>, { reason }: { readonly reason: Reason }) {
  const isKnownThere = outcome.outcome === 'declined' && outcome.code === 'INVALID_ARGUMENT'
  return isKnownThere ? null : reason
}

/**
 * What it means that a request is not on its carrier's list.
 *
 * - `unclear`: it may still be on its way
 * - `refused`: none of its sendings was carried out, and the last one was answered with no
 * - `gone`: none was carried out; it may be sent again under the same key
 *
 * @param reason - the last answer's
 * @param readFrom - when the reading of the list began; what came later need not be on it
 */
export function absenceOf(
  { last }: Sending,
  reason: Reason | null,
  readFrom: Moment,
  timeoutMs: number,
): { readonly is: 'unclear' | 'gone' } | { readonly is: 'refused'; readonly reason: Reason } {
  if (passedMs(last, readFrom) < safeMs(timeoutMs)) return { is: 'unclear' }
  return reason === null ? { is: 'gone' } : { is: 'refused', reason }
}

/**
 * When a request that is on its way is looked for again: as {@link backoffMs} has it, but no later than its not being
 * found has a meaning. The machine's times.
 */
export function lookAtMs(
  { last }: Sending,
  attempts: number,
  nowMs: number,
  timeoutMs: number,
): number {
  const laterMs = nowMs + backoffMs(attempts)
  const safeAtMs = last.machineMs + safeMs(timeoutMs)
  return safeAtMs > nowMs ? Math.min(laterMs, safeAtMs) : laterMs
}
