import type { CareDispute } from '@jeon/camara'
import type { Dispute, DisputeRefusal } from '../disputes/model.ts'
import type { Disputes } from '../disputes/service.ts'
import type { Outbox } from '../messages/model.ts'
import { type CareEndpoint, careEndpoint } from './endpoint.ts'
import { disputeOpen } from './inputs.ts'
import { notify } from './notices.ts'
import { type CareRefusal, refuse } from './problems.ts'
import { timeText } from './view.ts'

export interface DisputeRouteParts {
  readonly disputes: Pick<Disputes, 'open' | 'list' | 'find' | 'withdraw'>
  readonly outbox: Pick<Outbox, 'save'>
}

/** "This was not me." */
export function createDisputeEndpoints({ disputes, outbox }: DisputeRouteParts): CareEndpoint[] {
  return [
    careEndpoint({
      method: 'GET',
      path: '/disputes',
      summary: 'Your disputes, newest first',
      reply: 'disputes',
      async handle({ line }) {
        const list = await disputes.list(line.id)
        return { disputes: list.map(disputeView) }
      },
    }),
    careEndpoint({
      method: 'POST',
      path: '/disputes',
      summary:
        'Dispute a payment: holds the merchant’s payout and stops dunning; can block at once',
      body: disputeOpen,
      reply: 'dispute',
      status: 201,
      errors: ['not_found', 'not_disputable'],
      async handle(call) {
        const { line, body } = call
        const { payment_id: paymentId, reason } = body
        const block = body.block ?? false
        const opened = await disputes.open(line.id, paymentId, reason, { block })
        if (!opened.ok) return refusalOf(opened.code)
        const { dispute } = opened
        const isBlocked = line.blocks.some((one) => one.kind === 'payer' && one.liftsAtMs === null)
        if (block && !isBlocked) {
          await notify(outbox, call, { kind: 'blocked', block: 'payer' }, dispute.id)
        }
        return disputeView(dispute)
      },
    }),
    careEndpoint({
      method: 'POST',
      path: '/disputes/{id}/withdraw',
      summary: 'Take a dispute back',
      reply: 'dispute',
      errors: ['not_found', 'dispute_closed'],
      async handle({ line, id }) {
        const dispute = await disputes.find(id)
        if (dispute?.lineId !== line.id) return refuse('not_found', { what: 'dispute' })
        const withdrawn = await disputes.withdraw(id)
        return withdrawn.ok ? disputeView(withdrawn.dispute) : refusalOf(withdrawn.code)
      },
    }),
  ]
}

function refusalOf(code: DisputeRefusal): CareRefusal {
  switch (code) {
    case 'payment_not_found':
      return refuse('not_found', { what: 'payment' })
    case 'dispute_not_found':
      return refuse('not_found', { what: 'dispute' })
    case 'not_disputable':
      return refuse('not_disputable')
    case 'not_open':
      return refuse('dispute_closed')
    case 'refund_failed':
      return refuse('outcome_unknown')
  }
}

function disputeView(dispute: Dispute): CareDispute {
  return {
    id: dispute.id,
    payment_id: dispute.paymentId,
    reason: dispute.reason,
    state: dispute.state,
    payout_held: dispute.payoutHeld,
    opened_at: timeText(dispute.openedAtMs),
    answer_by: timeText(dispute.answerByMs),
    answer: dispute.answer,
  }
}
