import { createCaller, type PlainSinks } from './call.ts'
import {
  createDeviceSwapClient,
  createKycAgeClient,
  createKycTenureClient,
  createNumberVerificationClient,
  createOtpSmsClient,
  createSimSwapClient,
  createSubscriptionStatusClient,
} from './identity-client.ts'
import { createPaymentsClient } from './payments-client.ts'
import { createRefundsClient } from './refunds-client.ts'
import type { TokenSource } from './tokens.ts'

export interface CamaraClientOptions {
  /** Where the base paths of the APIs are below, such as `https://api.carrier.example`. */
  readonly apiRoot: string
  /** Where two-legged tokens come from: `createTokens`. */
  readonly tokens: TokenSource
  /** (Default: the runtime's.) */
  readonly fetch?: typeof globalThis.fetch
  /** How long one call may take, the token not counted. (Default: 10,000.) */
  readonly timeoutMs?: number
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number
  /** A new `x-correlator`, at most 256 of `a-zA-Z0-9-_:;./<>{}`; a UUID will do. */
  readonly newCorrelator: () => string
  /** Whether a sink may be plain http on this machine, as sandboxes have it. (Default: `refused`.) */
  readonly plainSinks?: PlainSinks
}

/**
 * A client of one carrier. Every call answers an `Outcome`; none throws for what a carrier or a network does, none
 * sends a request twice.
 *
 * @throws TypeError at once for an `apiRoot` that is no URL
 * @example
 * ```ts
 * const carrier = createCamaraClient({ apiRoot, tokens, now, newCorrelator })
 * const paid = await carrier.carrierBilling.createPayment({ amountTransaction })
 * if (paid.outcome === 'unknown') {
 *   await carrier.carrierBilling.findByCorrelator({ clientCorrelator, aroundMs, windowMs: 60_000 })
 * }
 * ```
 */
export function createCamaraClient(options: CamaraClientOptions) {
  const { protocol } = new URL(options.apiRoot)
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError('apiRoot: http or https')
  const { apiRoot, tokens, now, newCorrelator } = options
  const { fetch = globalThis.fetch, timeoutMs = TIMEOUT_DEFAULT_MS } = options
  const { plainSinks = 'refused' } = options
  const call = createCaller({
    apiRoot,
    tokens,
    fetch,
    timeoutMs,
    now,
    newCorrelator,
    plainSinks,
  })
  return {
    carrierBilling: createPaymentsClient(call),
    refunds: createRefundsClient(call),
    numberVerification: createNumberVerificationClient(call),
    simSwap: createSimSwapClient(call),
    deviceSwap: createDeviceSwapClient(call),
    otpSms: createOtpSmsClient(call),
    kycAge: createKycAgeClient(call),
    kycTenure: createKycTenureClient(call),
    subscriptionStatus: createSubscriptionStatusClient(call),
  }
}

/** A client of one carrier; see {@link createCamaraClient}. */
export type CamaraClient = ReturnType<typeof createCamaraClient>

const TIMEOUT_DEFAULT_MS = 10_000
