import type { JeonProblem, UnknownReason } from './problem.ts'

/**
 * What became of something that moves money. Three values, never two: a lost answer is not a refusal.
 *
 * - `accepted`: it is in the ledger
 * - `refused`: it is not, and never will be under this id
 * - `unknown`: it may be either. Ask again with the same id; never send it under a new one
 *
 * @example
 * ```ts
 * const outcome = await jeon.payments.create({ id, wallet, offer: 'article-1' })
 * switch (outcome.status) {
 *   case 'accepted': return deliver(outcome.value)
 *   case 'refused': return explain(outcome.problem)
 *   case 'unknown': return checkLater(outcome.id)
 * }
 * ```
 */
export type Outcome<Value> =
  | {
      readonly status: 'accepted'
      readonly value: Value
      /** Whether an earlier request had already done it. */
      readonly replayed: boolean
    }
  | { readonly status: 'refused'; readonly problem: JeonProblem }
  | {
      readonly status: 'unknown'
      /** The id, or the idempotency key, under which to ask and to send again. */
      readonly id: string
      readonly reason: UnknownReason
    }
