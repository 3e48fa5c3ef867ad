import type { Fields } from '@jeon/sdk'
import { Argument, Option } from 'commander'
import { CliFailure } from '../io.ts'
import { askLine, isUuid, objectsOf } from '../line/request.ts'
import { lineZone } from '../line/views.ts'
import { fieldText } from '../sandbox.ts'
import { tableText, timeText } from '../text.ts'
import { type CommandSpec, type Context, optionText } from './context.ts'

interface DisputeOptions {
  readonly reason: string
  readonly isBlocking: boolean
  readonly isWithdrawing: boolean
}

export const lineDispute: CommandSpec<DisputeOptions> = {
  name: 'dispute',
  summary: 'say “this was not me”, take it back, or list what was said',
  args: [new Argument('[payment]', 'its id in jeon line history; without it: the list')],
  options: [
    new Option('--reason <text>', 'what happened').default('I did not make this purchase.'),
    new Option('--block', 'block all purchases on the line, too'),
    new Option('--withdraw', 'take the dispute of this payment back'),
  ],
  examples: [
    ['jeon line dispute', 'all of them, with their answers'],
    ['jeon line dispute 0193… --reason "My child bought it" --block', 'opens one'],
    ['jeon line dispute 0193… --withdraw', 'ends it'],
  ],
  read: (parsed) => ({
    reason: optionText(parsed, 'reason') ?? '',
    isBlocking: parsed.block === true,
    isWithdrawing: parsed.withdraw === true,
  }),
  async run(context, options, [payment]) {
    if (payment === undefined) await list(context, options)
    else if (options.isWithdrawing) await withdraw(context, payment)
    else await open(context, payment, options)
    return 0
  },
}

async function list(context: Context, { isWithdrawing }: DisputeOptions): Promise<void> {
  if (isWithdrawing) {
    throw new CliFailure('usage', 'Which dispute is withdrawn? Name its payment.', {
      next: 'jeon line dispute',
      exitCode: 2,
    })
  }
  const [zone, answer] = await Promise.all([
    lineZone(context),
    askLine(context, { path: '/line/care/disputes' }),
  ])
  context.print(disputesText(objectsOf(answer, 'disputes'), zone), answer)
}

async function open(context: Context, payment: string, options: DisputeOptions): Promise<void> {
  // A carrier's is a UUID; `pay_…` is the platform's own.
  if (!isUuid(payment)) {
    throw new CliFailure('usage', `${payment} is not the id of a payment.`, {
      hint: 'The last column of jeon line history has them.',
      next: 'jeon line history',
      exitCode: 2,
    })
  }
  const { reason, isBlocking } = options
  const dispute = await askLine(context, {
    method: 'POST',
    path: '/line/care/disputes',
    body: { payment_id: payment, reason, ...(isBlocking ? { block: true } : {}) },
  })
  const by = timeText(fieldText(dispute, 'answer_by') ?? '', await lineZone(context))
  const held = dispute.payout_held === true ? ' Until then the merchant is not paid for it.' : ''
  context.print(
    `The dispute is open; the carrier answers by ${by}.${held}\n\nnext    jeon line dispute`,
    dispute,
  )
}

async function withdraw(context: Context, named: string): Promise<void> {
  const answer = await askLine(context, { path: '/line/care/disputes' })
  const found = objectsOf(answer, 'disputes').find(
    ({ id, payment_id, state }) => state === 'open' && (id === named || payment_id === named),
  )
  const id = fieldText(found, 'id')
  if (id === undefined) {
    throw new CliFailure('dispute_missing', `There is no open dispute about ${named}.`, {
      next: 'jeon line dispute',
    })
  }
  const path = `/line/care/disputes/${encodeURIComponent(id)}/withdraw`
  const dispute = await askLine(context, { method: 'POST', path, body: {} })
  context.print('The dispute is withdrawn; the payment stands.', dispute)
}

function disputesText(rows: readonly Fields[], zone: string | undefined): string {
  if (rows.length === 0) return 'Nothing is disputed.'
  const time = (row: Fields, name: string) => timeText(fieldText(row, name) ?? '', zone)
  return tableText<Fields>(
    [
      { title: 'OPENED', text: (row) => time(row, 'opened_at') },
      { title: 'STATE', text: (row) => fieldText(row, 'state') ?? '' },
      {
        title: 'ANSWER',
        text: (row) =>
          fieldText(row, 'answer') ?? (row.state === 'open' ? `by ${time(row, 'answer_by')}` : ''),
      },
      { title: 'REASON', text: (row) => fieldText(row, 'reason') ?? '' },
      { title: 'PAYMENT', text: (row) => fieldText(row, 'payment_id') ?? '' },
    ],
    rows,
  )
}
