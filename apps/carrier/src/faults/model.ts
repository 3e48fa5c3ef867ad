/**
 * What a sandbox carrier does wrong on purpose. A fault belongs to a phone number: `sandbox/magic.ts` is the table. A
 * real carrier fails in all of these ways, so a platform can try each of them.
 */
import type {
  CarrierBillingCode,
  DeviceSwapCode,
  KycAgeCode,
  KycTenureCode,
  NumberVerificationCode,
  OtpSmsCode,
  RefundCode,
  SimSwapCode,
  SubscriptionStatusCode,
} from '@jeon/camara'

/** Every error code of the APIs that a carrier offers. */
export type CamaraCode =
  | CarrierBillingCode
  | RefundCode
  | NumberVerificationCode
  | SimSwapCode
  | DeviceSwapCode
  | OtpSmsCode
  | KycAgeCode
  | KycTenureCode
  | SubscriptionStatusCode

/**
 * slow                      every answer takes {@link SLOW_MS}
 * timeout_after_accepting   payments and refunds are accepted, but the answer never comes
 * timeout_before_accepting  nothing is done and no answer comes
 * duplicate_events          each event is delivered twice
 * late_events               events come {@link LATE_EVENT_MS} after they happened
 * out_of_order_events       a later event comes before an earlier one
 * asynchronous              payments are `processing` first, then accepted
 * asynchronous_denied       payments are `processing` first, then denied
 * needs_code, needs_url     two-step payments wait for a code by SMS, or for the carrier's own page
 * confirm_denied …          the step is refused
 * error:CODE                every operation that documents the code fails with it
 */
export type FaultName =
  | 'slow'
  | 'timeout_after_accepting'
  | 'timeout_before_accepting'
  | 'duplicate_events'
  | 'late_events'
  | 'out_of_order_events'
  | 'asynchronous'
  | 'asynchronous_denied'
  | 'needs_code'
  | 'needs_url'
  | 'confirm_denied'
  | 'prepare_denied'
  | 'refund_denied'
  | `error:${CamaraCode}`

/** Which fault a phone number has; `null`: none. */
export type FaultOf = (phoneNumber: string) => FaultName | null

export const SLOW_MS = 3_000

/** A client that waits for an answer that never comes is told so after this long. */
export const SILENCE_MS = 60_000

export const LATE_EVENT_MS = 30_000
