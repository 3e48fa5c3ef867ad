import { type Endpoint, endpoint, type Reply } from '../endpoint.ts'
import { isRefusal, refuse } from '../errors.ts'
import type { Merchants } from '../merchants/service.ts'
import type { Wallets } from '../wallets/service.ts'
import type { LiveHub } from './hub.ts'

export interface LiveRouteParts {
  readonly hub: LiveHub
  readonly wallets: Wallets
  readonly merchants: Merchants
}

const replies = {
  200: {
    description:
      'Events: payment.accepted, payment.refunded, hold.created, hold.captured, hold.voided, hold.expired, ' +
      'wallet.topped_up; data is {type, payment, balance}. Send the last id as Last-Event-ID to go on after a pause.',
    contentType: 'text/event-stream',
  },
} as const

export function createLiveEndpoints({ hub, wallets, merchants }: LiveRouteParts): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/wallet/live',
      tag: 'Wallets',
      summary: 'What happens in this wallet, live',
      ways: [{ by: 'wallet', from: 'own' }],
      replies,
      errors: ['feed_limit'],
      async handle({ caller, head, signal }) {
        if (caller.as !== 'wallet') return refuse('session_missing')
        const wallet = await wallets.find(caller.session.walletId)
        if (wallet === undefined) return refuse('session_missing')
        const accounts = wallet.pockets.map(({ account }) => account)
        const feed = hub.open(wallet.id, accounts, head.lastEventId, signal)
        return isRefusal(feed) ? feed : eventStream(feed)
      },
    }),
    endpoint({
      method: 'GET',
      path: '/v1/merchant/live',
      tag: 'Merchants',
      summary: "What happens on this merchant's accounts, live",
      ways: [{ by: 'merchant', scope: 'payments:read' }],
      replies,
      errors: ['feed_limit'],
      async handle({ caller, head, signal }) {
        if (caller.as !== 'merchant') return refuse('key_missing')
        const stripes = await merchants.stripes(caller.merchantId)
        const accounts = stripes.map(({ account }) => account)
        const feed = hub.open(caller.merchantId, accounts, head.lastEventId, signal)
        return isRefusal(feed) ? feed : eventStream(feed)
      },
    }),
  ]
}

function eventStream(stream: AsyncIterable<string>): Reply {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
    stream,
  }
}
