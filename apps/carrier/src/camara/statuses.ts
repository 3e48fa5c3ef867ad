import {
  carrierBillingStatuses,
  deviceSwapStatuses,
  kycAgeStatuses,
  kycTenureStatuses,
  numberVerificationStatuses,
  otpSmsStatuses,
  refundStatuses,
  simSwapStatuses,
  subscriptionStatusStatuses,
} from '@jeon/camara'
import { type CommonCode, type QuirkCode, Refusal, type RefusalCode } from './refusal.ts'

const others: Readonly<Record<QuirkCode | CommonCode, number>> = {
  'CARRIER_BILLING.PHONE_NUMBER_REQUIRED': 422,
  'CARRIER_BILLING.AMOUNT_THRESHOLD_OVERPASSED': 422,
  'CARRIER_BILLING.OUT_OF_RANGE': 400,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  TIMEOUT: 504,
  METHOD_NOT_ALLOWED: 405,
}

/** A code means the same status in every API. */
const statuses: Readonly<Record<RefusalCode, number>> = {
  ...carrierBillingStatuses,
  ...refundStatuses,
  ...numberVerificationStatuses,
  ...simSwapStatuses,
  ...deviceSwapStatuses,
  ...otpSmsStatuses,
  ...kycAgeStatuses,
  ...kycTenureStatuses,
  ...subscriptionStatusStatuses,
  ...others,
}

/** A refusal with the status of its code. */
export function refusal(code: RefusalCode, message: string, retryAfterS?: number): Refusal {
  return new Refusal(statuses[code], code, message, retryAfterS)
}
