import type { Clock } from '@jeon/clock'
import { findAsset, formatAmount } from '@jeon/money'
import { z } from 'zod'
import { carrierParams } from '../carriers/model.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { isRefusal, refuse } from '../errors.ts'
import { money } from '../payments/view.ts'
import {
  type BreakJson,
  breakParams,
  breakState,
  breaksQuery,
  breaksReply,
  ownerBody,
  type ReconciliationJson,
  reconcileBody,
  reconciliationsReply,
  resolveBody,
} from './model.ts'
import type { Break, Result } from './reconciliation-store.ts'
import type { LineRail } from './setup.ts'

export interface RailRouteParts {
  readonly line: LineRail
  readonly clock: Clock
}

const tag = 'Operator'
const asReader = [{ by: 'operator', scope: 'rails:read' }] as const
const asWriter = [{ by: 'operator', scope: 'rails:write' }] as const
const most = 500

/** What the operator of the platform sees of its rails, and what carriers tell it. */
export function createRailEndpoints(parts: RailRouteParts): Endpoint[] {
  const { reconciliations } = parts.line
  return [
    endpoint({
      method: 'GET',
      path: '/v1/reconciliations',
      tag,
      summary: "Days of ours against carriers' lists, newest first",
      ways: asReader,
      replies: { 200: { description: `At most ${most}`, schema: reconciliationsReply } },
      async handle() {
        const results = await reconciliations.results(most)
        return { status: 200, json: { data: results.map(resultJsonOf) } }
      },
    }),
    runEndpoint(parts),
    endpoint({
      method: 'GET',
      path: '/v1/breaks',
      tag,
      summary: 'Where the lists differ, oldest first',
      ways: asReader,
      query: breaksQuery,
      replies: { 200: { description: `At most ${most}`, schema: breaksReply } },
      async handle({ query }) {
        const breaks = await reconciliations.breaks(query.state === 'resolved', most)
        const nowMs = parts.clock.now()
        return { status: 200, json: { data: breaks.map((each) => breakJsonOf(each, nowMs)) } }
      },
    }),
    ...changeEndpoints(parts),
    eventsEndpoint(parts),
  ]
}

function runEndpoint({ line }: RailRouteParts): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/v1/reconciliations',
    tag,
    summary: 'Compare a day now',
    description: 'Running a day again finds the same breaks and makes no new ones.',
    ways: asWriter,
    body: reconcileBody,
    replies: { 201: { description: 'One for each carrier', schema: reconciliationsReply } },
    errors: ['carrier_not_found', 'reconciliation_failed'],
    async handle({ body }) {
      const { carriers, reconciler } = line
      const named = body.carrier === undefined ? undefined : carriers.get(body.carrier)
      if (body.carrier !== undefined && named === undefined) {
        return refuse('carrier_not_found', { param: 'carrier' })
      }
      const results: Result[] = []
      for (const carrier of named === undefined ? carriers.values() : [named]) {
        results.push(await reconciler.run(carrier, body.day))
      }
      if (results.every(({ state }) => state === 'failed')) return refuse('reconciliation_failed')
      return { status: 201, json: { data: results.map(resultJsonOf) } }
    },
  })
}

function changeEndpoints({ line, clock }: RailRouteParts): Endpoint[] {
  const { reconciliations } = line
  const replies = { 200: { description: 'The break', schema: breakState } }
  const errors = ['break_not_found', 'break_resolved'] as const
  const change = async (id: string, changes: Parameters<typeof reconciliations.change>[1]) => {
    const changed = await reconciliations.change(id, changes)
    if (changed === undefined) return refuse('break_not_found', { param: 'id' })
    if (!changed.changed) return refuse('break_resolved')
    return { status: 200, json: breakJsonOf(changed.found, clock.now()) }
  }
  return [
    endpoint({
      method: 'POST',
      path: '/v1/breaks/{id}/owner',
      tag,
      summary: 'Say who looks into a break',
      ways: asWriter,
      params: breakParams,
      body: ownerBody,
      replies,
      errors,
      handle: ({ params, body }) => change(params.id, { owner: body.owner }),
    }),
    endpoint({
      method: 'POST',
      path: '/v1/breaks/{id}/resolve',
      tag,
      summary: 'Say how a break was resolved',
      description: 'Only writes it down: money is moved by whoever resolved it.',
      ways: asWriter,
      params: breakParams,
      body: resolveBody,
      replies,
      errors,
      handle: ({ params, body }) =>
        change(params.id, { note: body.note, resolvedAtMs: clock.now() }),
    }),
  ]
}

function eventsEndpoint({ line }: RailRouteParts): Endpoint {
  const described = endpoint({
    method: 'POST',
    path: '/v1/carriers/{id}/events',
    tag: 'Line',
    summary: 'For carriers: what became of a payment',
    description:
      'CloudEvents of CAMARA Carrier Billing and Refund, with the token that came with the payment. An event only says ' +
      'that it is time to ask.',
    ways: [{ by: 'anyone' }],
    params: carrierParams,
    body: z.looseObject({}),
    replies: { 204: { description: 'Heard' } },
    errors: ['carrier_not_found', 'event_malformed', 'event_token_invalid'],
    async handle({ params, body, head }) {
      if (!line.carriers.has(params.id)) return refuse('carrier_not_found', { param: 'id' })
      const heard = await line.events.hear(params.id, head.authorization, body, line)
      return isRefusal(heard) ? heard : { status: 204 }
    },
  })
  const body = described.body
  if (body === undefined) throw new Error('events have a body')
  const contentTypes = ['application/cloudevents+json', 'application/json']
  return { ...described, body: { ...body, contentTypes } }
}

function resultJsonOf(result: Result): ReconciliationJson {
  const { id, carrier, day, state, ours, theirs, matched, open, breaks, detail } = result
  const asset = findAsset(result.currency)
  if (asset === undefined) throw new Error(`reconciliation ${id} is in ${result.currency}`)
  return {
    ...{ id, object: 'reconciliation', carrier, day, state, ours, theirs, matched, open, breaks },
    amount: money(result.amount, asset),
    detail,
    finished_at: new Date(result.finishedAtMs).toISOString(),
  }
}

function breakJsonOf(found: Break, nowMs: number): BreakJson {
  const asset = findAsset(found.currency)
  const text = (amount: bigint | null) =>
    amount === null || asset === undefined ? null : formatAmount(amount, asset)
  return {
    ...{ id: found.id, object: 'break', carrier: found.carrier, day: found.day, kind: found.kind },
    ...{ our_id: found.ourId, carrier_payment_id: found.carrierPaymentId },
    ...{ our_amount: text(found.ourAmount), their_amount: text(found.theirAmount) },
    ...{ currency: found.currency, our_status: found.ourStatus, their_status: found.theirStatus },
    found_at: new Date(found.foundAtMs).toISOString(),
    age_days: Math.floor(((found.resolvedAtMs ?? nowMs) - found.foundAtMs) / 86_400_000),
    owner: found.owner,
    resolved_at: found.resolvedAtMs === null ? null : new Date(found.resolvedAtMs).toISOString(),
    note: found.note,
  }
}
