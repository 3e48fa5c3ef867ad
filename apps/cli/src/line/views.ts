import { displayAmount, moneyFromJson } from '@jeon/money'
import { type Fields, JeonProblem } from '@jeon/sdk'
import type { Context } from '../commands/context.ts'
import { CliFailure } from '../io.ts'
import { asFields, fieldText } from '../sandbox.ts'
import { barText, moneyText, tableText, timeText } from '../text.ts'
import { askLine, objectsOf } from './request.ts'

const barWidth = 20

/** Money in the currency of the fields around it. */
export function careMoney(fields: Fields | undefined, name: string): string {
  const amount = fieldText(fields, name) ?? '0'
  return moneyText({ amount, currency: fieldText(fields, 'currency') ?? 'KRW' })
}

/** The zone of a line's market, as its self-care names it. */
export function zoneOf(line: Fields | undefined): string | undefined {
  return fieldText(line, 'zone')
}

/** The same for the linked line; undefined when there is none that could be asked. */
export async function lineZone(context: Context): Promise<string | undefined> {
  try {
    return zoneOf(await askLine(context, { path: '/line/care/line' }))
  } catch (error) {
    if (error instanceof JeonProblem || error instanceof CliFailure) return undefined
    throw error
  }
}

/** What stands where about a line: state, use, what is owed and what restores service. */
export function standingText(
  context: Context,
  parts: {
    readonly link: Fields
    readonly line: Fields
    readonly usage: Fields
    readonly standing: Fields
  },
): string {
  const { link, line, usage, standing } = parts
  const { paints } = context
  const service = asFields(line.service)
  const collection = asFields(link.collection)
  const remedy = fieldText(service, 'remedy')
  const carrier = fieldText(asFields(line.carrier), 'name') ?? ''
  const isEnabled = fieldText(service, 'state') === 'enabled'
  return [
    `${paints.bold('line')}     ${fieldText(line, 'phone_number') ?? ''}  ${carrier}`,
    `service  ${(isEnabled ? paints.good : paints.warn)(fieldText(service, 'text') ?? '')}`,
    ...(remedy === undefined ? [] : [`         ${paints.dim(remedy)}`]),
    ...blockLines(context, line),
    '',
    ...usageLines(usage, zoneOf(line)),
    ...comingLines(usage),
    ...owedLines(standing),
    ...collectionLines(paints, collection),
  ].join('\n')
}

/** Every block that stands, and how it ends: when its unblock takes effect, by whom it can be lifted. */
export function blockLines({ paints }: Context, line: Fields | undefined): readonly string[] {
  return objectsOf(line, 'blocks').flatMap((block) => {
    const kind = fieldText(block, 'kind') ?? ''
    const at = fieldText(block, 'lifts_at')
    const ends =
      at !== undefined
        ? paints.good(`unblock granted: it ends at ${timeText(at, zoneOf(line))}`)
        : block.liftable === true
          ? `to lift it: jeon line unblock ${kind}`
          : 'only the carrier lifts it'
    return [`block    ${kind}  ${paints.dim(fieldText(block, 'does') ?? '')}`, `         ${ends}`]
  })
}

function usageLines(usage: Fields, zone: string | undefined): readonly string[] {
  const currency = fieldText(usage, 'currency') ?? 'KRW'
  return objectsOf(usage, 'buckets').flatMap((bucket) =>
    objectsOf(bucket, 'windows').flatMap((window) => {
      const limit = fieldText(window, 'limit')
      const used = fieldText(window, 'used') ?? '0'
      const per = fieldText(window, 'per') ?? ''
      if (limit === undefined || per === 'payment') return []
      const of = fieldText(window, 'of')
      const name = `${fieldText(bucket, 'bucket') ?? ''} ${per}${of === undefined ? '' : ` ${of}`}`
      const bar = barText(Number(limit) === 0 ? 1 : Number(used) / Number(limit), barWidth)
      const most = moneyText({ amount: limit, currency })
      return [
        `${name.padEnd(22)}${bar}  ${usedText(window, currency)} of ${most}${until(window, zone)}`,
      ]
    }),
  )
}

/** What is paid and what is only reserved, apart: the wire's `used` is both. */
function usedText(window: Fields, currency: string): string {
  const read = (name: string) => moneyFromJson({ amount: fieldText(window, name) ?? '0', currency })
  const [used, held] = [read('used'), read('held')]
  if (!used.ok || !held.ok) return fieldText(window, 'used') ?? ''
  const text = (amount: bigint) => displayAmount(amount, used.money.asset, 'en')
  const { amount } = held.money
  if (amount === 0n) return `${text(used.money.amount)} used`
  return `${text(used.money.amount - amount)} used + ${text(amount)} reserved`
}

function until(window: Fields, zone: string | undefined): string {
  const at = fieldText(window, 'resets_at')
  return at === undefined ? '' : `  until ${timeText(at, zone)}`
}

function comingLines(usage: Fields): readonly string[] {
  const coming = asFields(usage.coming_bill)
  if (coming === undefined) return []
  const fields = { ...coming, currency: usage.currency }
  const early = (fieldText(coming, 'paid_early') ?? '0') === '0'
  const paid = early ? '' : `, ${careMoney(fields, 'paid_early')} of it paid early`
  const money = `${careMoney(fields, 'amount')}${paid}`
  return [
    '',
    `coming   ${money} on ${fieldText(coming, 'bill_on')}, due ${fieldText(coming, 'due_on')}`,
  ]
}

function owedLines(standing: Fields): readonly string[] {
  const overdue = fieldText(standing, 'overdue') ?? '0'
  const restore = asFields(standing.restore)
  const charged = fieldText(standing, 'charged_off') ?? '0'
  const next = objectsOf(standing, 'ladder').find((step) => step.done === false)
  const more = { currency: standing.currency }
  return [
    `owed     ${careMoney(standing, 'owed')}${overdue === '0' ? '' : `, overdue ${careMoney(standing, 'overdue')}`}`,
    ...creditLines(standing),
    ...(charged === '0'
      ? []
      : [`         ${careMoney(standing, 'charged_off')} written off, still owed`]),
    ...(next === undefined
      ? []
      : [`next     ${fieldText(next, 'on')}: ${fieldText(next, 'text')}`]),
    ...(restore === undefined
      ? []
      : [
          `restore  pay ${careMoney({ ...restore, ...more }, 'pay')}: ${fieldText(restore, 'text')}`,
        ]),
  ]
}

/** What was paid beyond the debt; nothing when there is none. */
export function creditLines(standing: Fields): readonly string[] {
  if ((fieldText(standing, 'credit') ?? '0') === '0') return []
  return [`credit   ${careMoney(standing, 'credit')} comes off the next bills`]
}

function collectionLines(
  { dim }: Context['paints'],
  collection: Fields | undefined,
): readonly string[] {
  if (collection === undefined) return []
  const reason = fieldText(asFields(collection.blocked_reason), 'text')
  const state = fieldText(collection, 'state') ?? ''
  return [
    '',
    `wallet   ${careMoney(collection, 'owed')} not collected yet (collected at ${careMoney(collection, 'threshold')}), ${state}`,
    `         ${dim('small purchases take the wallet’s own money first: jeon wallet')}`,
    ...(reason === undefined ? [] : [`         ${reason}`]),
  ]
}

/** History with the reason of each decline. */
export function historyText(history: Fields, zone: string | undefined): string {
  const rows = objectsOf(history, 'entries')
  if (rows.length === 0) return 'Nothing was bought on this line yet.'
  return tableText<Fields>(
    [
      { title: 'TIME', text: (row) => timeText(fieldText(row, 'at') ?? '', zone) },
      { title: 'STATE', text: stateText },
      { title: 'AMOUNT', align: 'right', text: (row) => careMoney(row, 'amount') },
      { title: 'MERCHANT', text: (row) => fieldText(asFields(row.merchant), 'name') ?? '' },
      {
        title: 'WHAT',
        text: (row) =>
          fieldText(asFields(row.reason), 'text') ?? fieldText(row, 'description') ?? '',
      },
      { title: 'ID', text: (row) => fieldText(row, 'id') ?? '' },
    ],
    rows,
  )
}

/** How an entry stands; what is not decided yet is marked so. */
function stateText(row: Fields): string {
  const kind = fieldText(row, 'kind') ?? ''
  const status = fieldText(row, 'status') ?? ''
  if (asFields(row.dispute)?.state === 'open') return 'in dispute'
  if (kind === 'payment') {
    const refunded = fieldText(row, 'refunded') ?? '0'
    if (status === 'succeeded' && refunded !== '0') {
      return refunded === row.amount ? 'refunded' : 'partly refunded'
    }
    return paymentStates[status] ?? status
  }
  return kind === 'refund' && status !== 'succeeded' ? `refund, ${status}` : kind
}

const paymentStates: Readonly<Record<string, string>> = {
  processing: 'pending: in work',
  pending_validation: 'pending: confirm it',
  reserved: 'pending: reserved',
  succeeded: 'paid',
}

const billStates: Readonly<Record<string, string>> = {
  overdue_1: 'overdue',
  overdue_2: 'overdue twice',
  charged_off: 'written off',
  relief: 'in debt relief',
}

function billState(row: Fields): string {
  const state = fieldText(row, 'state') ?? ''
  return billStates[state] ?? state
}

/** Bills, newest first. */
export function billsText(rows: readonly Fields[]): string {
  if (rows.length === 0) return 'No bill was made yet.'
  return tableText<Fields>(
    [
      { title: 'CYCLE', text: (row) => fieldText(row, 'cycle') ?? '' },
      { title: 'DUE', text: (row) => fieldText(row, 'due_on') ?? '' },
      { title: 'STATE', text: billState },
      { title: 'TOTAL', align: 'right', text: (row) => careMoney(row, 'total') },
      { title: 'OWED', align: 'right', text: (row) => careMoney(row, 'owed') },
      { title: 'ID', text: (row) => fieldText(row, 'id') ?? '' },
    ],
    rows,
  )
}

/** The phone's messages. */
export function inboxText(rows: readonly Fields[], zone: string | undefined): string {
  if (rows.length === 0) return 'No message yet.'
  return rows
    .map((row) => `${timeText(fieldText(row, 'at') ?? '', zone)}  ${fieldText(row, 'text') ?? ''}`)
    .join('\n\n')
}
