/**
 * What a merchant's server installs: a client of the platform, and checks of receipts. Guards are in `@jeon/sdk/hono` and
 * `@jeon/sdk/express`.
 */
export type { BatchItem, BatchOutcome, PaymentBatch } from './batch.ts'
export { createJeon, type Jeon, type JeonOptions } from './client.ts'
export type { Holds, NewHold } from './holds.ts'
export { isId, newHoldId, newPaymentId, newRefundId } from './ids.ts'
export type { LiveEvent, LiveOptions } from './live.ts'
export type { NewOffer, Offers } from './offers.ts'
export type { Outcome } from './outcome.ts'
export type { PageOptions } from './pages.ts'
export type { NewPayment, NewRefund, Payments, PaymentTarget } from './payments.ts'
export { JeonProblem, JeonUnreachable, problemOf, type UnknownReason } from './problem.ts'
export { type Fields, WireError } from './reader.ts'
export {
  type KeySource,
  RECEIPT_TEXT_MAX,
  type Receipt,
  type ReceiptExpectation,
  type ReceiptRefusal,
  type ReceiptVerdict,
  type VerifyReceiptOptions,
  verifyReceipt,
} from './receipts.ts'
export type { ClockClient } from './sandbox.ts'
export type {
  Clock,
  Entitlement,
  HistoryEntry,
  Hold,
  Limit,
  Merchant,
  Money,
  Offer,
  Payment,
  Pocket,
  Refund,
  Wallet,
} from './shapes.ts'
export type { PaymentOutcome, PendingPayment } from './waiting.ts'
export type { NewLimit, WalletClient } from './wallet.ts'
