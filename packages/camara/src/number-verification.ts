/**
 * CAMARA Number Verification 2.1.0: whether the phone that is online holds this number. Only for tokens the mobile
 * network itself vouched for; a code by SMS does not count.
 */
import { z } from 'zod'
import type { Api } from './operation.ts'
import { phoneNumber } from './wire.ts'

/**
 * What POST /verify takes: exactly one member. `hashedPhoneNumber` is the SHA-256 of the E.164 number with its plus
 * sign, in hexadecimal.
 */
export const verifyNumberBody = z
  .looseObject({
    phoneNumber: phoneNumber.optional(),
    hashedPhoneNumber: z
      .string()
      .regex(/^[a-fA-F0-9]{64}$/)
      .optional(),
  })
  .refine((body) => Object.keys(body).length === 1, 'exactly one member')
  .refine(
    (body) => body.phoneNumber !== undefined || body.hashedPhoneNumber !== undefined,
    'phoneNumber or hashedPhoneNumber',
  )
export type VerifyNumberBody = z.infer<typeof verifyNumberBody>

export const verifyNumberResponse = z.object({ devicePhoneNumberVerified: z.boolean() })
export type VerifyNumberResponse = z.infer<typeof verifyNumberResponse>

export const devicePhoneNumberResponse = z.object({ devicePhoneNumber: phoneNumber })
export type DevicePhoneNumberResponse = z.infer<typeof devicePhoneNumberResponse>

/** The HTTP status of each refusal of this API. */
export const numberVerificationStatuses = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  'NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK': 403,
} as const
export type NumberVerificationCode = keyof typeof numberVerificationStatuses

const ERRORS = [
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK',
] as const

export const numberVerificationApi = {
  name: 'number-verification',
  version: '2.1.0',
  basePath: '/number-verification/v2',
  statuses: numberVerificationStatuses,
  operations: {
    phoneNumberVerify: {
      id: 'phoneNumberVerify',
      method: 'POST',
      path: '/verify',
      scopes: ['number-verification:verify'],
      success: 200,
      body: verifyNumberBody,
      response: verifyNumberResponse,
      errors: ERRORS,
    },
    phoneNumberShare: {
      id: 'phoneNumberShare',
      method: 'GET',
      path: '/device-phone-number',
      scopes: ['number-verification:device-phone-number:read'],
      success: 200,
      response: devicePhoneNumberResponse,
      errors: ERRORS,
    },
  },
} as const satisfies Api
