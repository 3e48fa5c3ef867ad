/**
 * CAMARA carrier billing and identity. Schemas, tables of operations and events are what a carrier and its client
 * share; {@link createCamaraClient} and {@link createTokens} are the client.
 *
 * @packageDocumentation
 */
export * from './amounts.ts'
export type { CallOptions, PlainSinks } from './call.ts'
export * from './carrier-billing.ts'
export * from './carrier-billing-refund.ts'
export * from './client.ts'
export * from './cloud-event.ts'
export * from './device-swap.ts'
export { type FieldIssue, fieldFault } from './field-fault.ts'
export * from './kyc-age-verification.ts'
export * from './kyc-tenure.ts'
export * from './number-verification.ts'
export * from './one-time-password-sms.ts'
export * from './operation.ts'
export * from './outcome.ts'
export * from './pages.ts'
export * from './payment-events.ts'
export type {
  CorrelatorOutcome,
  CorrelatorSearch,
  PaymentsClient,
  PaymentsWindow,
} from './payments-client.ts'
export * from './refund-events.ts'
export type { RefundCorrelatorOutcome, RefundsClient } from './refunds-client.ts'
export { readPaymentsQuery, readRefundsQuery, searchOf } from './search.ts'
export * from './selfcare.ts'
export * from './sim-swap.ts'
export * from './subscription-status.ts'
export * from './token-refusals.ts'
export * from './tokens.ts'
export * from './wire.ts'
