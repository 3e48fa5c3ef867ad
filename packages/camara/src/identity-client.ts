/** The CAMARA APIs that say who is at the line and what became of it. All of them only read. */
import { type Caller, type CallOptions, NOTHING } from './call.ts'
import { deviceSwapApi } from './device-swap.ts'
import { kycAgeApi, type VerifyAgeBody } from './kyc-age-verification.ts'
import { type CheckTenureBody, kycTenureApi } from './kyc-tenure.ts'
import { numberVerificationApi, type VerifyNumberBody } from './number-verification.ts'
import { otpSmsApi, type SendCodeBody, type ValidateCodeBody } from './one-time-password-sms.ts'
import { type CheckSwapBody, type SwapDateBody, simSwapApi } from './sim-swap.ts'
import { type SubscriptionStatusBody, subscriptionStatusApi } from './subscription-status.ts'

/** Number Verification: only with a token that the mobile network vouched for, given in the options. */
export function createNumberVerificationClient(call: Caller) {
  const api = numberVerificationApi
  return {
    verify: async (body: VerifyNumberBody, options: CallOptions = {}) => {
      const operation = api.operations.phoneNumberVerify
      return (await call({ api, operation, read: operation.response, body, options })).outcome
    },
    devicePhoneNumber: async (options: CallOptions = {}) => {
      const operation = api.operations.phoneNumberShare
      return (await call({ api, operation, read: operation.response, options })).outcome
    },
  }
}

/** SIM Swap. */
export function createSimSwapClient(call: Caller) {
  const api = simSwapApi
  return {
    check: async (body: CheckSwapBody = {}, options: CallOptions = {}) => {
      const operation = api.operations.checkSimSwap
      return (await call({ api, operation, read: operation.response, body, options })).outcome
    },
    retrieveDate: async (body: SwapDateBody = {}, options: CallOptions = {}) => {
      const operation = api.operations.retrieveSimSwapDate
      return (await call({ api, operation, read: operation.response, body, options })).outcome
    },
  }
}

/** Device Swap. */
export function createDeviceSwapClient(call: Caller) {
  const api = deviceSwapApi
  return {
    check: async (body: CheckSwapBody = {}, options: CallOptions = {}) => {
      const operation = api.operations.checkDeviceSwap
      return (await call({ api, operation, read: operation.response, body, options })).outcome
    },
    retrieveDate: async (body: SwapDateBody = {}, options: CallOptions = {}) => {
      const operation = api.operations.retrieveDeviceSwapDate
      return (await call({ api, operation, read: operation.response, body, options })).outcome
    },
  }
}

/** One-time password SMS: a `settled` validation says that the code was right. */
export function createOtpSmsClient(call: Caller) {
  const api = otpSmsApi
  return {
    sendCode: async (body: SendCodeBody, options: CallOptions = {}) => {
      const operation = api.operations.sendCode
      return (await call({ api, operation, read: operation.response, body, options })).outcome
    },
    validateCode: async (body: ValidateCodeBody, options: CallOptions = {}) => {
      const operation = api.operations.validateCode
      return (await call({ api, operation, read: NOTHING, body, options })).outcome
    },
  }
}

/** KYC Age Verification. */
export function createKycAgeClient(call: Caller) {
  const api = kycAgeApi
  return {
    verify: async (body: VerifyAgeBody, options: CallOptions = {}) => {
      const operation = api.operations.verifyAge
      return (await call({ api, operation, read: operation.response, body, options })).outcome
    },
  }
}

/** KYC Tenure. */
export function createKycTenureClient(call: Caller) {
  const api = kycTenureApi
  return {
    check: async (body: CheckTenureBody, options: CallOptions = {}) => {
      const operation = api.operations.checkTenure
      return (await call({ api, operation, read: operation.response, body, options })).outcome
    },
  }
}

/** Subscription Status. */
export function createSubscriptionStatusClient(call: Caller) {
  const api = subscriptionStatusApi
  return {
    retrieve: async (body: SubscriptionStatusBody = {}, options: CallOptions = {}) => {
      const operation = api.operations.retriveSubscriptionStatus
      return (await call({ api, operation, read: operation.response, body, options })).outcome
    },
  }
}
