/** CAMARA SIM Swap 2.1.0: whether and when a number moved to another SIM. */
import { z } from 'zod'
import type { Api } from './operation.ts'
import { dateTime, phoneNumber } from './wire.ts'

/** How far back a check looks when it is not told, in hours. */
export const SWAP_MAX_AGE_DEFAULT_HOURS = 240

/** What POST /check takes, here and at Device Swap; the number only with a two-legged token. */
export const checkSwapBody = z.object({
  phoneNumber: phoneNumber.optional(),
  /** Hours, 1 to 2400. (Default: {@link SWAP_MAX_AGE_DEFAULT_HOURS}.) */
  maxAge: z.int().min(1).max(2_400).optional(),
})
export type CheckSwapBody = z.infer<typeof checkSwapBody>

/** What POST /check answers, here and at Device Swap. */
export const checkSwapResponse = z.object({ swapped: z.boolean() })
export type CheckSwapResponse = z.infer<typeof checkSwapResponse>

/** What POST /retrieve-date takes, here and at Device Swap. */
export const swapDateBody = z.object({ phoneNumber: phoneNumber.optional() })
export type SwapDateBody = z.infer<typeof swapDateBody>

export const simSwapDateResponse = z.object({
  /** Null when nothing is known, or when the law forbids to tell. */
  latestSimChange: dateTime.nullable(),
  /** Days that the carrier looks back. */
  monitoredPeriod: z.int().optional(),
})
export type SimSwapDateResponse = z.infer<typeof simSwapDateResponse>

/** The HTTP status of each refusal of this API. */
export const simSwapStatuses = {
  INVALID_ARGUMENT: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  IDENTIFIER_NOT_FOUND: 404,
  SERVICE_NOT_APPLICABLE: 422,
  MISSING_IDENTIFIER: 422,
  UNNECESSARY_IDENTIFIER: 422,
  QUOTA_EXCEEDED: 429,
  TOO_MANY_REQUESTS: 429,
} as const
export type SimSwapCode = keyof typeof simSwapStatuses

const ERRORS = [
  'INVALID_ARGUMENT',
  'OUT_OF_RANGE',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'IDENTIFIER_NOT_FOUND',
  'SERVICE_NOT_APPLICABLE',
  'MISSING_IDENTIFIER',
  'UNNECESSARY_IDENTIFIER',
  'QUOTA_EXCEEDED',
  'TOO_MANY_REQUESTS',
] as const

export const simSwapApi = {
  name: 'sim-swap',
  version: '2.1.0',
  basePath: '/sim-swap/v2',
  statuses: simSwapStatuses,
  operations: {
    checkSimSwap: {
      id: 'checkSimSwap',
      method: 'POST',
      path: '/check',
      scopes: ['sim-swap:check', 'sim-swap'],
      success: 200,
      body: checkSwapBody,
      response: checkSwapResponse,
      errors: ERRORS,
    },
    retrieveSimSwapDate: {
      id: 'retrieveSimSwapDate',
      method: 'POST',
      path: '/retrieve-date',
      scopes: ['sim-swap:retrieve-date', 'sim-swap'],
      success: 200,
      body: swapDateBody,
      response: simSwapDateResponse,
      errors: ERRORS,
    },
  },
} as const satisfies Api
