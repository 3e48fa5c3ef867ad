import {
  type Api,
  carrierBillingApi,
  deviceSwapApi,
  kycAgeApi,
  kycTenureApi,
  numberVerificationApi,
  otpSmsApi,
  refundApi,
  simSwapApi,
  subscriptionStatusApi,
} from '@jeon/camara'

const apis: readonly Api[] = [
  carrierBillingApi,
  refundApi,
  numberVerificationApi,
  simSwapApi,
  deviceSwapApi,
  otpSmsApi,
  kycAgeApi,
  kycTenureApi,
  subscriptionStatusApi,
]

/** Of Jeon's own self-care API. */
export const careScopes = ['line-care:read', 'line-care:write'] as const

/** Every scope that a client can be allowed. A purpose, `dpv:…`, comes on top and is only passed on. */
export const everyScope: readonly string[] = [
  ...new Set([
    ...apis.flatMap(({ operations }) => Object.values(operations).flatMap(({ scopes }) => scopes)),
    ...careScopes,
  ]),
]

/** Whether a scope names a purpose of the W3C data privacy vocabulary, as CAMARA wants one in each request. */
export function isPurpose(scope: string): boolean {
  return /^dpv:[A-Za-z][A-Za-z0-9]*(?:#[A-Za-z0-9-]+)?$/.test(scope)
}
