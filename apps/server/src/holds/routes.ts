import { type Call, type Endpoint, endpoint } from '../endpoint.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import { typeIdOf } from '../ids.ts'
import { amountCodes } from '../payments/errors.ts'
import { type Payment, paymentState } from '../payments/model.ts'
import { sidesOf } from '../payments/parties.ts'
import { created, payingErrors } from '../payments/routes.ts'
import type { Payments } from '../payments/service.ts'
import { paymentStateOf } from '../payments/view.ts'
import type { Wallets } from '../wallets/service.ts'
import { captureBody, holdBody, holdParams, holdState } from './model.ts'
import type { Holds } from './service.ts'

export interface HoldRouteParts {
  readonly holds: Holds
  readonly payments: Payments
  readonly wallets: Wallets
}

export function createHoldEndpoints(parts: HoldRouteParts): Endpoint[] {
  const { holds } = parts
  const asMerchant = { by: 'merchant', scope: 'holds:write' } as const
  const asWallet = { by: 'wallet', from: 'merchant' } as const
  const common = { tag: 'Holds', idempotency: 'required' } as const
  return [
    endpoint({
      ...common,
      method: 'POST',
      path: '/v1/holds',
      summary: 'Reserve money',
      description:
        'It counts against what is available and in the limits until captured, voided or expired.',
      ways: [asMerchant, asWallet],
      body: holdBody,
      replies: { 201: { description: 'Reserved', schema: holdState } },
      errors: [...payingErrors, 'line_payment_alone', 'hold_ttl_out_of_range'],
      async handle(call) {
        const { ttl_s: ttlS, ...wish } = call.body
        const sides = await sidesOf(parts, { ...call, body: wish })
        if (isRefusal(sides)) return sides
        const { wallet, merchantId, device } = sides
        const order = await parts.payments.order(wallet, merchantId, wish, device)
        if (isRefusal(order)) return order
        const hold = await holds.create(order, ttlS, call.idempotencyKey)
        return isRefusal(hold) ? hold : created(await holds.state(hold), hold.replayed)
      },
    }),
    endpoint({
      ...common,
      method: 'POST',
      path: '/v1/holds/{id}/capture',
      summary: 'Take all or part of a hold',
      description: 'Answers the payment; what is not taken is free again at once.',
      ways: [asMerchant],
      params: holdParams,
      body: captureBody,
      bodyOptional: true,
      replies: { 201: { description: 'The payment', schema: paymentState } },
      errors: [
        'hold_not_found',
        'hold_resolved',
        'capture_exceeds_hold',
        'amount_not_positive',
        ...amountCodes,
        'key_reused',
        'shard_unavailable',
        'unknown_outcome',
      ],
      async handle(call) {
        const hold = await visibleHold(parts, call, call.params.id)
        if (isRefusal(hold)) return hold
        const paid = await holds.capture(hold, call.idempotencyKey, call.body.amount)
        if (isRefusal(paid)) return paid
        const refunded = paid.replayed ? await parts.payments.refundedOf(paid) : 0n
        const facts = { refunded, hold: typeIdOf('hold', hold.transfer.id) }
        return created(paymentStateOf(paid, facts), paid.replayed)
      },
    }),
    endpoint({
      ...common,
      method: 'POST',
      path: '/v1/holds/{id}/void',
      summary: 'Release a hold',
      ways: [asMerchant],
      params: holdParams,
      replies: { 201: { description: 'The hold, voided', schema: holdState } },
      errors: [
        'hold_not_found',
        'hold_resolved',
        'key_reused',
        'shard_unavailable',
        'unknown_outcome',
      ],
      async handle(call) {
        const hold = await visibleHold(parts, call, call.params.id)
        if (isRefusal(hold)) return hold
        const voided = await holds.void(hold, call.idempotencyKey)
        return isRefusal(voided) ? voided : created(await holds.state(hold), voided.replayed)
      },
    }),
    endpoint({
      method: 'GET',
      path: '/v1/holds/{id}',
      tag: 'Holds',
      summary: 'Read a hold',
      ways: [{ by: 'merchant', scope: 'payments:read' }, asWallet],
      params: holdParams,
      replies: { 200: { description: 'The hold', schema: holdState } },
      errors: ['hold_not_found'],
      async handle(call) {
        const hold = await visibleHold(parts, call, call.params.id)
        return isRefusal(hold) ? hold : { status: 200, json: await holds.state(hold) }
      },
    }),
  ]
}

/** Whether a payer's cookie came from the page of another merchant than this one. */
function isForeign({ caller, pageOf }: Call<unknown, unknown, unknown>, merchantId: string) {
  if (caller.as !== 'wallet' || caller.session.kind !== 'cookie') return false
  const merchants = caller.page === undefined ? pageOf : new Set([caller.page.merchantId])
  return merchants?.has(merchantId) === false
}

/** A hold that the caller takes part in. Others do not exist for them. */
async function visibleHold(
  parts: HoldRouteParts,
  call: Call<unknown, unknown, unknown>,
  id: string,
): Promise<Payment | Refusal> {
  const { caller } = call
  const hold = await parts.holds.find(id)
  const isParty =
    (caller.as === 'merchant' && hold?.merchantId === caller.merchantId) ||
    (caller.as === 'wallet' &&
      hold?.walletId === caller.session.walletId &&
      !isForeign(call, hold.merchantId))
  return isParty && hold !== undefined ? hold : refuse('hold_not_found', { param: 'id' })
}
