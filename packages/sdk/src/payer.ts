/**
 * The payer's half of the client, for pages: a wallet and its payments, over the page's own session. It checks no receipts
 * and therefore carries no cryptography with it.
 */
import { createPayments, type Payments } from './payments.ts'
import { type ClockClient, createClockClient } from './sandbox.ts'
import { createTransport } from './transport.ts'
import { createWalletClient, type WalletClient } from './wallet.ts'

export type { LiveEvent } from './live.ts'
export type { Outcome } from './outcome.ts'
export { JeonProblem, JeonUnreachable } from './problem.ts'
export type { Clock, HistoryEntry, Limit, Money, Pocket, Refund, Wallet } from './shapes.ts'
export type { NewLimit } from './wallet.ts'

export interface PayerOptions {
  /** The platform; pages of the platform itself give their own origin. */
  readonly server: string
  /** (Default: the runtime's.) */
  readonly fetch?: typeof fetch
  /** For one attempt, in milliseconds. (Default: 8,000.) */
  readonly timeoutMs?: number
}

export interface Payer {
  readonly wallet: WalletClient
  readonly payments: Pick<Payments, 'refund' | 'resolve'>
  readonly clock: ClockClient
}

/** Makes a client for the payer whose session the browser holds. */
export function createPayer(options: PayerOptions): Payer {
  const transport = createTransport({
    server: options.server.replace(/\/+$/, ''),
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    timeoutMs: options.timeoutMs ?? 8_000,
    retryDelaysMs: [200, 1_000],
  })
  return {
    wallet: createWalletClient(transport),
    payments: createPayments(transport),
    clock: createClockClient(transport),
  }
}
