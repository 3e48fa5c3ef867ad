/** CAMARA KYC Age Verification 0.2.1: whether the owner of a line is at least so old. */
import { z } from 'zod'
import type { Api } from './operation.ts'
import { fullDate, phoneNumber } from './wire.ts'

/** What POST /verify takes. */
export const verifyAgeBody = z.object({
  /** Years, 0 to 120. */
  ageThreshold: z.int().min(0).max(120),
  phoneNumber: phoneNumber.optional(),
  idDocument: z.string().optional(),
  name: z.string().optional(),
  givenName: z.string().optional(),
  familyName: z.string().optional(),
  middleNames: z.string().optional(),
  familyNameAtBirth: z.string().optional(),
  birthdate: fullDate.optional(),
  email: z.email().optional(),
  /** (Default: false.) */
  includeContentLock: z.boolean().optional(),
  /** (Default: false.) */
  includeParentalControl: z.boolean().optional(),
})
export type VerifyAgeBody = z.infer<typeof verifyAgeBody>

/** Truth values are text here, since the carrier may not know. */
export const knownOrNot = z.enum(['true', 'false', 'not_available'])

export const verifyAgeResponse = z.object({
  ageCheck: knownOrNot,
  /** Whether the carrier checked the person's papers. */
  verifiedStatus: z.boolean().optional(),
  /** 0 to 100. */
  identityMatchScore: z.int().min(0).max(100).optional(),
  contentLock: knownOrNot.optional(),
  parentalControl: knownOrNot.optional(),
})
export type VerifyAgeResponse = z.infer<typeof verifyAgeResponse>

/** The HTTP status of each refusal of this API. */
export const kycAgeStatuses = {
  INVALID_ARGUMENT: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  IDENTIFIER_NOT_FOUND: 404,
  SERVICE_NOT_APPLICABLE: 422,
  MISSING_IDENTIFIER: 422,
  UNNECESSARY_IDENTIFIER: 422,
} as const
export type KycAgeCode = keyof typeof kycAgeStatuses

export const kycAgeApi = {
  name: 'kyc-age-verification',
  version: '0.2.1',
  basePath: '/kyc-age-verification/v0.2',
  statuses: kycAgeStatuses,
  operations: {
    verifyAge: {
      id: 'verifyAge',
      method: 'POST',
      path: '/verify',
      scopes: ['kyc-age-verification:verify'],
      success: 200,
      body: verifyAgeBody,
      response: verifyAgeResponse,
      errors: [
        'INVALID_ARGUMENT',
        'OUT_OF_RANGE',
        'UNAUTHENTICATED',
        'PERMISSION_DENIED',
        'IDENTIFIER_NOT_FOUND',
        'SERVICE_NOT_APPLICABLE',
        'MISSING_IDENTIFIER',
        'UNNECESSARY_IDENTIFIER',
      ],
    },
  },
} as const satisfies Api
