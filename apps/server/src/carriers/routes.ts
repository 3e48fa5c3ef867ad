import { setTimeout as sleep } from 'node:timers/promises'
import { minorOf } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import { formatAmount } from '@jeon/money'
import { type Call, type Endpoint, endpoint, type Reply } from '../endpoint.ts'
import { isRefusal, type Language, type Refusal, refuse } from '../errors.ts'
import { waitingOf } from '../rails/line-payments.ts'
import type { Collection } from '../rails/model.ts'
import type { LineRail } from '../rails/setup.ts'
import { createCareEndpoints } from './care.ts'
import {
  type CollectionJson,
  carriersReply,
  collectionState,
  type Link,
  type LinkAttempt,
  lineReply,
  linkBody,
  linkParams,
  linkProofBody,
  linkReply,
} from './model.ts'
import { reasonText } from './reasons.ts'

const tag = 'Line'
/** Who looks at his line sees what its carrier said so long ago at most, in milliseconds, and waits so long for it. */
const lookAgeMs = 10_000
const lookWaitMs = 1_000
const fromOwn = [{ by: 'wallet', from: 'own' }] as const

export interface LineRouteParts {
  readonly line: LineRail
  readonly clock: Clock
}

/** The payer's phone line: link it, see what is owed through it, collect, unlink, and its carrier's self-care. */
export function createLineEndpoints(parts: LineRouteParts): Endpoint[] {
  const { lines, links, carriers, fetch } = parts.line
  return [
    endpoint({
      method: 'GET',
      path: '/v1/carriers',
      tag,
      summary: 'Carriers whose lines can be linked',
      ways: [{ by: 'anyone' }],
      replies: { 200: { description: 'All of them', schema: carriersReply } },
      handle: () => ({
        status: 200,
        json: { carriers: [...carriers.values()].map(({ id, name }) => ({ id, name })) },
      }),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/line',
      tag,
      summary: 'The line of this wallet, and what is owed through it',
      ways: fromOwn,
      replies: { 200: { description: 'The line, if there is one', schema: lineReply } },
      async handle(call) {
        const link = linkOf(parts, call)
        if (isRefusal(link)) {
          return link.refused === 'line_not_linked'
            ? { status: 200, json: { linked: false } }
            : link
        }
        await atMost(lookWaitMs, lines.recheckAfter(link.walletId, lookAgeMs))
        const now = lines.of(link.walletId) ?? link
        const { id, name } = lines.carrierOf(now)
        return {
          status: 200,
          json: {
            linked: true,
            carrier: { id, name },
            phone_number: now.phoneNumber,
            linked_at: new Date(now.linkedAtMs).toISOString(),
            collection: await collectionJsonOf(parts, now, call.language),
            waiting: await waitingOf(parts.line, now.walletId, call.language),
          },
        }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/v1/line/links',
      tag,
      summary: 'Link a line',
      description:
        'Silently where the mobile network vouches for the phone. Otherwise, after a recent change of SIM or phone, or ' +
        'when another wallet has the line, with a code by SMS and the payment password. A change within hours refuses.',
      ways: fromOwn,
      body: linkBody,
      replies: { 201: { description: 'Linked, refused, or what is needed', schema: linkReply } },
      errors: ['carrier_not_found', 'line_already_linked', 'carrier_unavailable'],
      async handle(call) {
        const { caller, body } = call
        if (caller.as !== 'wallet') return refuse('session_missing')
        const { walletId } = caller.session
        const attempt = await links.begin(walletId, body.carrier, body.phone_number)
        return isRefusal(attempt) ? attempt : attemptReply(201, attempt, call.language)
      },
    }),
    endpoint({
      method: 'POST',
      path: '/v1/line/links/{id}/proof',
      tag,
      summary: 'Give the code and the payment password',
      description: 'They go to the carrier, which decides; nothing of them is kept here.',
      ways: fromOwn,
      params: linkParams,
      body: linkProofBody,
      replies: { 200: { description: 'Linked, refused, or to be tried again', schema: linkReply } },
      errors: ['link_not_found', 'link_over', 'line_already_linked', 'carrier_unavailable'],
      async handle(call) {
        const { caller, params, body } = call
        if (caller.as !== 'wallet') return refuse('session_missing')
        const typed = { smsCode: body.sms_code, password: body.password }
        const attempt = await links.prove(caller.session.walletId, params.id, typed)
        return isRefusal(attempt) ? attempt : attemptReply(200, attempt, call.language)
      },
    }),
    endpoint({
      method: 'POST',
      path: '/v1/line/collect',
      tag,
      summary: 'Collect now what is owed',
      ways: fromOwn,
      replies: { 200: { description: 'How it stands', schema: collectionState } },
      errors: ['line_not_linked'],
      async handle(call) {
        const link = linkOf(parts, call)
        if (isRefusal(link)) return link
        const collected = await parts.line.collections.collect(link.walletId, 'payer')
        if (collected === undefined) await lines.recheck(link.walletId)
        const now = lines.of(link.walletId) ?? link
        return { status: 200, json: await collectionJsonOf(parts, now, call.language) }
      },
    }),
    unlinkEndpoint(parts),
    ...createCareEndpoints({ lines, fetch }),
  ]
}

function unlinkEndpoint(parts: LineRouteParts): Endpoint {
  const { lines, collections } = parts.line
  return endpoint({
    method: 'DELETE',
    path: '/v1/line',
    tag,
    summary: 'Unlink the line',
    description:
      'Collects what is owed first. While that is refused or not known the line stays, without credit.',
    ways: fromOwn,
    replies: { 204: { description: 'Unlinked' } },
    errors: ['line_not_linked', 'line_owes', 'line_in_use', 'carrier_unavailable'],
    async handle(call) {
      const link = linkOf(parts, call)
      if (isRefusal(link)) return link
      // First no more credit, so that what is collected is all there will be.
      await lines.stopCredit(link)
      const closing = await collections.collect(link.walletId, 'close')
      const after = lines.of(link.walletId)
      if (after === undefined) return { status: 204 }
      // What was owed was room for more until it was collected: whoever used that goes on owing, and keeps the line.
      await lines.stopCredit(after)
      if (await parts.line.charges.isOpen(link.walletId)) {
        await lines.resumeCredit(after)
        return refuse('line_in_use', { retryAfterS: 2 })
      }
      if (closing?.endedAtMs === null) {
        await lines.resumeCredit(after)
        return refuse('carrier_unavailable', { retryAfterS: 2 })
      }
      if (closing?.state === 'declined') {
        const { code, text } = closing.reason ?? { code: 'declined', text: '' }
        return refuse('line_owes', { values: { reason: reasonText(code, text, call.language) } })
      }
      if (!(await lines.unlink(after))) {
        await lines.resumeCredit(after)
        return refuse('line_in_use', { retryAfterS: 2 })
      }
      return { status: 204 }
    },
  })
}

/** Goes on after some milliseconds whether the work has ended or not. What it fails of is found at the next look. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const over = new AbortController()
  const settled = work.catch(() => undefined).finally(() => over.abort())
  await Promise.race([settled, sleep(ms, undefined, over).catch(() => undefined)])
}

function linkOf(
  { line }: LineRouteParts,
  { caller }: Call<unknown, unknown, unknown>,
): Link | Refusal {
  if (caller.as !== 'wallet') return refuse('session_missing')
  return line.lines.of(caller.session.walletId) ?? refuse('line_not_linked')
}

function attemptReply(status: number, attempt: LinkAttempt, language: Language): Reply {
  const { id, state, needs, reason } = attempt
  const told =
    reason === null
      ? null
      : { code: reason.code, text: reasonText(reason.code, reason.text, language) }
  return { status, json: { id, state, needs, reason: told } }
}

async function collectionJsonOf(
  { line, clock }: LineRouteParts,
  link: Link,
  language: Language,
): Promise<CollectionJson> {
  const carrier = line.lines.carrierOf(link)
  const profile = carrier.profileAt(clock.now())
  const { asset } = carrier
  const { threshold, credit } = profile.collection
  const last = await line.collections.lastOf(link.walletId)
  const { blocked } = link
  return {
    state: blocked === null ? 'open' : 'blocked',
    owed: formatAmount(await line.lines.owedOf(link), asset),
    threshold: formatAmount(minorOf(profile, threshold), asset),
    credit: formatAmount(minorOf(profile, credit), asset),
    currency: asset.code,
    blocked_reason:
      blocked === null
        ? null
        : { code: blocked.code, text: reasonText(blocked.code, blocked.text, language) },
    last: last === undefined ? null : lastOf(last),
  }
}

function lastOf(collection: Collection): NonNullable<CollectionJson['last']> {
  const { id, state, amount, asset, endedAtMs, createdAtMs } = collection
  return {
    id,
    status: collection.endedAtMs === null ? 'processing' : state,
    amount: formatAmount(amount, asset),
    at: new Date(endedAtMs ?? createdAtMs).toISOString(),
  }
}
