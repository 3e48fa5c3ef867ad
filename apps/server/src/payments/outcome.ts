import type { Refused, Unknown } from '@jeon/ledger'
import type { Asset } from '@jeon/money'
import { moneyOf, moneyText } from '../assets.ts'
import { type Refusal, refuse } from '../errors.ts'
import { windowExceeded } from '../wallets/limits.ts'

/**
 * What a refusal of the ledger means to the one who asked.
 *
 * @param href - where to see what became of it, when the outcome is unknown
 */
export function refusalOfOutcome(outcome: Refused | Unknown, asset: Asset, href: string): Refusal {
  switch (outcome.code) {
    case 'unknown_outcome': {
      return refuse('unknown_outcome', { values: { href }, extras: { href }, retryAfterS: 1 })
    }
    case 'window_exceeded':
      return outcome.window === undefined
        ? refuse('window_exceeded')
        : windowExceeded(outcome.window, asset)
    case 'insufficient_funds':
    case 'capture_exceeds_hold':
    case 'refund_exceeds_payment': {
      const left = outcome.left ?? 0n
      return refuse(outcome.code, {
        values: { left: moneyText(left, asset) },
        extras: { left: moneyOf(left, asset) },
      })
    }
    case 'shard_unavailable':
    case 'overloaded':
      return refuse(outcome.code, { retryAfterS: 1 })
    default: {
      const { code, detail } = outcome
      return refuse(code, detail === undefined ? {} : { values: { detail }, extras: { detail } })
    }
  }
}
