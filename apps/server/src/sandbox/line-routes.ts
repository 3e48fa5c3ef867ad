import { z } from 'zod'
import { inboxOf } from '../carriers/care.ts'
import type { Carriers } from '../carriers/carriers.ts'
import { inboxQuery } from '../carriers/model.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { refuse } from '../errors.ts'
import { named } from '../schemas.ts'
import { type Trials, trialOffers } from './trial-offers.ts'

export interface SandboxLineParts {
  readonly carriers: Carriers
  readonly fetch: typeof globalThis.fetch
  readonly trials: Trials
}

const tag = 'Sandbox'
const ways = [
  { by: 'wallet', from: 'own' },
  { by: 'operator', scope: 'sandbox:write' },
] as const

const inboxReply = named('Inbox', z.strictObject({ messages: z.array(z.looseObject({})) }))

const trialOffersReply = named(
  'TrialOffers',
  z.strictObject({
    data: z.array(
      z.strictObject({
        id: z.string(),
        merchant: z.string(),
        title: z.string(),
        price: z.strictObject({ amount: z.string(), currency: z.string() }),
        category: z.string(),
      }),
    ),
  }),
)

/** What a person who tries lines needs beside them: the phone's messages, and something to buy. */
export function createSandboxLineEndpoints(parts: SandboxLineParts): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/sandbox/inbox',
      tag,
      summary: 'The text messages of a phone, newest first',
      ways,
      query: inboxQuery,
      replies: { 200: { description: 'As the carriers have them', schema: inboxReply } },
      errors: ['carrier_unavailable'],
      async handle({ query }) {
        const messages: unknown[] = []
        const roots = new Map(
          [...parts.carriers.values()].map((each) => [new URL(each.apiRoot).origin, each]),
        )
        for (const [root, { timeoutMs }] of roots) {
          const inbox = await inboxOf(parts.fetch, root, query.phone_number, timeoutMs)
          if (inbox === undefined) return refuse('carrier_unavailable', { retryAfterS: 2 })
          messages.push(...inbox)
        }
        return { status: 200, json: { messages } }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/v1/sandbox/offers',
      tag,
      summary: 'What can be bought to try a line',
      ways,
      replies: { 200: { description: 'All of it', schema: trialOffersReply } },
      handle: () => ({
        status: 200,
        json: {
          data: trialOffers.map(({ id, title, price, category }) => ({
            ...{ id, merchant: parts.trials.merchantId, title, category },
            price: { amount: price, currency: 'KRW' },
          })),
        },
      }),
    }),
  ]
}
