import { advanceMaxMs, durationMs } from '@jeon/clock'
import type { Ledger } from '@jeon/ledger'
import { assetOf, parseAmount } from '@jeon/money'
import { z } from 'zod'
import { CarrierClocks } from '../carriers/sandbox-clock.ts'
import { clockBody, clockState } from '../clock/model.ts'
import type { SandboxClock } from '../clock/service.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { isRefusal, refuse } from '../errors.ts'
import { idOf } from '../ids.ts'
import { amountCodes } from '../payments/errors.ts'
import { money } from '../payments/view.ts'
import type { LineRail } from '../rails/setup.ts'
import { amountSchema, currencySchema, named, walletIdSchema } from '../schemas.ts'
import { creditReply } from '../wallets/model.ts'
import type { Wallets } from '../wallets/service.ts'
import { ClockMover } from './clock-mover.ts'
import { createSandboxLineEndpoints } from './line-routes.ts'

export interface SandboxRouteParts {
  readonly clock: SandboxClock
  readonly wallets: Wallets
  readonly ledger: Ledger
  /** Phone lines, whose carriers keep the same time. (Default: there are none) */
  readonly line?: LineRail | undefined
}

const tag = 'Sandbox'
/** Times have four digits of year on the wire, with room for sessions and holds that end later. */
const clockEndMs = Date.UTC(9000, 0)
const asOperator = [{ by: 'operator', scope: 'sandbox:write' }] as const

const creditBody = named(
  'CreditRequest',
  z.strictObject({ wallet: walletIdSchema, amount: amountSchema, currency: currencySchema }),
)

const verifyReply = named(
  'VerifyReport',
  z.looseObject({ ok: z.boolean(), problems: z.array(z.string()) }),
)

export function createSandboxEndpoints(parts: SandboxRouteParts): Endpoint[] {
  const { clock, line } = parts
  const mover = new ClockMover({ ...parts, clocks: clocksOf(parts) })
  const clockReplies = { 200: { description: 'The test clock', schema: clockState } }
  return [
    endpoint({
      method: 'GET',
      path: '/v1/sandbox/clock',
      tag,
      summary: 'What time it is in the sandbox',
      ways: asOperator,
      replies: clockReplies,
      handle: () => ({ status: 200, json: stateOf(clock) }),
    }),
    endpoint({
      method: 'POST',
      path: '/v1/sandbox/clock',
      tag,
      summary: 'Move, stop or start the test clock',
      description:
        'Forward only. Holds that fall due expire before the answer. Carriers go first, day by day, and everything that ' +
        'falls due on the way is done.',
      ways: asOperator,
      body: clockBody,
      replies: clockReplies,
      errors: ['carrier_unavailable'],
      async handle({ body }) {
        if ('freeze' in body) {
          if (!(await mover.freeze(body.freeze))) return refuse('carrier_unavailable')
          return { status: 200, json: stateOf(clock) }
        }
        const byMs = durationMs(body.advance)
        if (byMs === undefined || byMs === 0 || byMs > advanceMaxMs) {
          const reason = 'A duration such as 40d, 2h or 1d12h; at most ten years.'
          return refuse('field_invalid', { param: 'advance', values: { reason } })
        }
        if (clock.now() + byMs > clockEndMs) {
          const reason = 'The clock ends with the year 9000, and does not go back.'
          return refuse('field_invalid', { param: 'advance', values: { reason } })
        }
        if (!(await mover.advance(byMs))) return refuse('carrier_unavailable')
        return { status: 200, json: stateOf(clock) }
      },
    }),
    createCreditEndpoint(parts),
    ...(line === undefined ? [] : createSandboxLineEndpoints(line)),
    endpoint({
      method: 'POST',
      path: '/v1/operator/verify',
      tag: 'Operator',
      summary: 'Prove the ledger from its rows',
      description: 'Reads the whole journal again: sums, balances, numbering, hash chain.',
      ways: [{ by: 'operator', scope: 'ledger:verify' }],
      replies: { 200: { description: 'What was found', schema: verifyReply } },
      async handle() {
        const report = await parts.ledger.verify()
        const sums = Object.entries(report.sums).map(([asset, sum]) => [asset, sum.toString()])
        return { status: 200, json: { ...report, sums: Object.fromEntries(sums) } }
      },
    }),
  ]
}

function clocksOf({ clock, line }: SandboxRouteParts): CarrierClocks | undefined {
  if (line === undefined) return undefined
  return new CarrierClocks({ clock, carriers: line.carriers, fetch: line.fetch })
}

function createCreditEndpoint({ wallets }: SandboxRouteParts): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/v1/sandbox/credit',
    tag,
    summary: 'Top a wallet up for nothing',
    ways: asOperator,
    idempotency: 'required',
    body: creditBody,
    replies: { 201: { description: 'Credited', schema: creditReply } },
    errors: [
      'wallet_not_found',
      'amount_not_positive',
      ...amountCodes,
      'balance_overflow',
      'key_reused',
    ],
    async handle({ body, idempotencyKey }) {
      const { currency } = body
      const asset = assetOf(currency)
      const parsed = parseAmount(body.amount, asset)
      if (!parsed.ok) return refuse(parsed.code, { param: 'amount' })
      const wallet = await wallets.find(body.wallet)
      if (wallet === undefined) return refuse('wallet_not_found', { param: 'wallet' })
      const id = idOf('top', wallet.id, idempotencyKey)
      const pocket = await wallets.credit(wallet, currency, parsed.amount, id)
      if (isRefusal(pocket)) return pocket
      const { balance } = await wallets.view(pocket)
      const credited = money(parsed.amount, asset)
      return { status: 201, json: { wallet: wallet.id, credited, balance: money(balance, asset) } }
    },
  })
}

function stateOf(clock: SandboxClock) {
  return {
    now: new Date(clock.now()).toISOString(),
    frozen: clock.frozen,
    offset_ms: Math.round(clock.offsetMs),
  }
}
