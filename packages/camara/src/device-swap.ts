/** CAMARA Device Swap 1.0.0: whether and when a number moved to another phone. Asked like SIM Swap. */
import { z } from 'zod'
import type { Api } from './operation.ts'
import { checkSwapBody, checkSwapResponse, swapDateBody } from './sim-swap.ts'
import { dateTime } from './wire.ts'

export const deviceSwapDateResponse = z.object({
  /** Null when nothing is known, or when the law forbids to tell. */
  latestDeviceChange: dateTime.nullable(),
  /** Days that the carrier looks back. */
  monitoredPeriod: z.int().optional(),
})
export type DeviceSwapDateResponse = z.infer<typeof deviceSwapDateResponse>

/** The HTTP status of each refusal of this API. */
export const deviceSwapStatuses = {
  INVALID_ARGUMENT: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  IDENTIFIER_NOT_FOUND: 404,
  SERVICE_NOT_APPLICABLE: 422,
  MISSING_IDENTIFIER: 422,
  UNNECESSARY_IDENTIFIER: 422,
} as const
export type DeviceSwapCode = keyof typeof deviceSwapStatuses

const DATE_ERRORS = [
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'IDENTIFIER_NOT_FOUND',
  'SERVICE_NOT_APPLICABLE',
  'MISSING_IDENTIFIER',
  'UNNECESSARY_IDENTIFIER',
] as const

export const deviceSwapApi = {
  name: 'device-swap',
  version: '1.0.0',
  basePath: '/device-swap/v1',
  statuses: deviceSwapStatuses,
  operations: {
    checkDeviceSwap: {
      id: 'checkDeviceSwap',
      method: 'POST',
      path: '/check',
      scopes: ['device-swap:check', 'device-swap'],
      success: 200,
      body: checkSwapBody,
      response: checkSwapResponse,
      errors: [...DATE_ERRORS, 'OUT_OF_RANGE'],
    },
    retrieveDeviceSwapDate: {
      id: 'retrieveDeviceSwapDate',
      method: 'POST',
      path: '/retrieve-date',
      scopes: ['device-swap:retrieve-date', 'device-swap'],
      success: 200,
      body: swapDateBody,
      response: deviceSwapDateResponse,
      errors: DATE_ERRORS,
    },
  },
} as const satisfies Api
