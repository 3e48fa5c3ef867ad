/** CAMARA One-time password SMS 1.1.1: the carrier makes a code, sends it and checks it. */
import { z } from 'zod'
import type { Api } from './operation.ts'
import { phoneNumber, textUpTo } from './wire.ts'

/** What POST /send-code takes; `{{code}}` in the message is where the code goes. */
export const sendCodeBody = z.object({
  phoneNumber,
  message: textUpTo(160).refine((text) => text.includes('{{code}}'), 'contains {{code}}'),
})
export type SendCodeBody = z.infer<typeof sendCodeBody>

export const sendCodeResponse = z.object({ authenticationId: textUpTo(36) })
export type SendCodeResponse = z.infer<typeof sendCodeResponse>

/** What POST /validate-code takes; 204 says that the code was right. */
export const validateCodeBody = z.object({ authenticationId: textUpTo(36), code: textUpTo(10) })
export type ValidateCodeBody = z.infer<typeof validateCodeBody>

/** The HTTP status of each refusal of this API. */
export const otpSmsStatuses = {
  INVALID_ARGUMENT: 400,
  OUT_OF_RANGE: 400,
  'ONE_TIME_PASSWORD_SMS.VERIFICATION_FAILED': 400,
  'ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED': 400,
  'ONE_TIME_PASSWORD_SMS.INVALID_OTP': 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  'ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED': 403,
  'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_NOT_ALLOWED': 403,
  'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_BLOCKED': 403,
  NOT_FOUND: 404,
  QUOTA_EXCEEDED: 429,
  TOO_MANY_REQUESTS: 429,
} as const
export type OtpSmsCode = keyof typeof otpSmsStatuses

const ALWAYS = [
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'QUOTA_EXCEEDED',
  'TOO_MANY_REQUESTS',
] as const

export const otpSmsApi = {
  name: 'one-time-password-sms',
  version: '1.1.1',
  basePath: '/one-time-password-sms/v1',
  statuses: otpSmsStatuses,
  operations: {
    sendCode: {
      id: 'sendCode',
      method: 'POST',
      path: '/send-code',
      scopes: ['one-time-password-sms:send-validate'],
      success: 200,
      body: sendCodeBody,
      response: sendCodeResponse,
      errors: [
        ...ALWAYS,
        'ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED',
        'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_NOT_ALLOWED',
        'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_BLOCKED',
      ],
    },
    validateCode: {
      id: 'validateCode',
      method: 'POST',
      path: '/validate-code',
      scopes: ['one-time-password-sms:send-validate'],
      success: 204,
      body: validateCodeBody,
      errors: [
        ...ALWAYS,
        'OUT_OF_RANGE',
        'ONE_TIME_PASSWORD_SMS.VERIFICATION_FAILED',
        'ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED',
        'ONE_TIME_PASSWORD_SMS.INVALID_OTP',
      ],
    },
  },
} as const satisfies Api
