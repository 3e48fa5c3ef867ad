/** CAMARA KYC Tenure 0.2.0: whether a line has been with its owner since a date, and on which kind of contract. */
import { z } from 'zod'
import type { Api } from './operation.ts'
import { fullDate, phoneNumber } from './wire.ts'

/** What POST /check-tenure takes. */
export const checkTenureBody = z.object({
  phoneNumber: phoneNumber.optional(),
  tenureDate: fullDate,
})
export type CheckTenureBody = z.infer<typeof checkTenureBody>

export const checkTenureResponse = z.object({
  tenureDateCheck: z.boolean(),
  /** `PAYG` prepaid, `PAYM` on a monthly bill, `Business` a company's line. */
  contractType: z.enum(['PAYG', 'PAYM', 'Business']).optional(),
})
export type CheckTenureResponse = z.infer<typeof checkTenureResponse>

/** The HTTP status of each refusal of this API. */
export const kycTenureStatuses = {
  INVALID_ARGUMENT: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  IDENTIFIER_NOT_FOUND: 404,
  SERVICE_NOT_APPLICABLE: 422,
  MISSING_IDENTIFIER: 422,
  UNNECESSARY_IDENTIFIER: 422,
} as const
export type KycTenureCode = keyof typeof kycTenureStatuses

export const kycTenureApi = {
  name: 'kyc-tenure',
  version: '0.2.0',
  basePath: '/kyc-tenure/v0.2',
  statuses: kycTenureStatuses,
  operations: {
    checkTenure: {
      id: 'checkTenure',
      method: 'POST',
      path: '/check-tenure',
      scopes: ['kyc-tenure:check-tenure'],
      success: 200,
      body: checkTenureBody,
      response: checkTenureResponse,
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
