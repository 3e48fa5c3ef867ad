/** CAMARA Subscription Status 0.1.0: whether a line may call, be called and use data. */
import { z } from 'zod'
import type { Api } from './operation.ts'
import { phoneNumber } from './wire.ts'

/** What POST /retrive-subscription-status takes; the path is spelled so in the definition. */
export const subscriptionStatusBody = z.object({ phoneNumber: phoneNumber.optional() })
export type SubscriptionStatusBody = z.infer<typeof subscriptionStatusBody>

export const subscriptionStatusResponse = z.object({
  voiceSmsIn: z.enum(['active', 'suspended']),
  voiceSmsOut: z.enum(['active', 'suspended']),
  dataService: z.enum(['active', 'suspended', 'throttled']),
})
export type SubscriptionStatusResponse = z.infer<typeof subscriptionStatusResponse>

/** The HTTP status of each refusal of this API. */
export const subscriptionStatusStatuses = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  INVALID_TOKEN_CONTEXT: 403,
  IDENTIFIER_NOT_FOUND: 404,
  SERVICE_NOT_APPLICABLE: 422,
  MISSING_IDENTIFIER: 422,
  UNNECESSARY_IDENTIFIER: 422,
} as const
export type SubscriptionStatusCode = keyof typeof subscriptionStatusStatuses

export const subscriptionStatusApi = {
  name: 'subscription-status',
  version: '0.1.0',
  basePath: '/subscription-status/v0.1',
  statuses: subscriptionStatusStatuses,
  operations: {
    retriveSubscriptionStatus: {
      id: 'retriveSubscriptionStatus',
      method: 'POST',
      path: '/retrive-subscription-status',
      scopes: ['subscription-status:retrive-subscription-status'],
      success: 200,
      body: subscriptionStatusBody,
      response: subscriptionStatusResponse,
      errors: [
        'INVALID_ARGUMENT',
        'UNAUTHENTICATED',
        'PERMISSION_DENIED',
        'INVALID_TOKEN_CONTEXT',
        'IDENTIFIER_NOT_FOUND',
        'SERVICE_NOT_APPLICABLE',
        'MISSING_IDENTIFIER',
        'UNNECESSARY_IDENTIFIER',
      ],
    },
  },
} as const satisfies Api
