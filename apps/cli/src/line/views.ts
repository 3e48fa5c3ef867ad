import type { Fields } from '@jeon/sdk'
import type { Context } from '../commands/context.ts'
import { asFields, fieldText } from '../sandbox.ts'
import { barText, moneyText, tableText, timeText } from '../text.ts'
import { objectsOf } from './request.ts'

const barWidth = 20

/** Money in the currency of the fields around it. */
export function careMoney(fields: Fields | undefined, name: string): string {
  const amount = fieldText(fields, name) ?? '0'
  return moneyText({ amount, currency: fieldText(fields, 'currency') ?? 'KRW' })
}

/** What stands where about a line: state, use, what is owed and what restores service. */
export function standingText(
  { paints }: Context,
  parts: {
    readonly link: Fields
    readonly line: Fields
    readonly usage: Fields
    readonly standing: Fields
  },
): string {
  const { link, line, usage, standing } = parts
  const service = asFields(line.service)
  const collection = asFields(link.collection)
  const remedy = fieldText(service, 'remedy')
  const carrier = fieldText(asFields(line.carrier), 'name') ?? ''
  const isEnabled = fieldText(service, 'state') === 'enabled'
  return [
    `${paints.bold('line')}     ${fieldText(line, 'phone_number') ?? ''}  ${carrier}`,
    `service  ${(isEnabled ? paints.good : paints.warn)(fieldText(service, 'text') ?? '')}`,
    ...(remedy === undefined ? [] : [`         ${paints.dim(remedy)}`]),
    ...objectsOf(line, 'blocks').map(
      (block) =>
        `block    ${fieldText(block, 'kind') ?? ''}  ${paints.dim(fieldText(block, 'does') ?? '')}`,
    ),
    '',
    ...usageLines(usage),
    ...comingLines(usage),
    ...owedLines(standing),
    ...collectionLines(collection),
  ].join('\n')
}

function usageLines(usage: Fields): readonly string[] {
  const currency = fieldText(usage, 'currency') ?? 'KRW'
  return objectsOf(usage, 'buckets').flatMap((bucket) =>
    objectsOf(bucket, 'windows').flatMap((window) => {
      const limit = fieldText(window, 'limit')
      const used = fieldText(window, 'used') ?? '0'
      const per = fieldText(window, 'per') ?? ''
      if (limit === undefined || per === 'payment') return []
      const of = fieldText(window, 'of')
      const name = `${fieldText(bucket, 'bucket') ?? ''} ${per}${of === undefined ? '' : ` ${of}`}`
      const money = (amount: string) => moneyText({ amount, currency })
      const bar = barText(Number(limit) === 0 ? 1 : Number(used) / Number(limit), barWidth)
      return [`${name.padEnd(22)}${bar}  ${money(used)} of ${money(limit)}${until(window)}`]
    }),
  )
}

function until(window: Fields): string {
  const at = fieldText(window, 'resets_at')
  return at === undefined ? '' : `  until ${timeText(at)}`
}

function comingLines(usage: Fields): readonly string[] {
  const coming = asFields(usage.coming_bill)
  if (coming === undefined) return []
  const money = careMoney({ ...coming, currency: usage.currency }, 'amount')
  return [
    '',
    `coming   ${money} on ${fieldText(coming, 'bill_on')}, due ${fieldText(coming, 'due_on')}`,
  ]
}

function owedLines(standing: Fields): readonly string[] {
  const overdue = fieldText(standing, 'overdue') ?? '0'
  const restore = asFields(standing.restore)
  const next = objectsOf(standing, 'ladder').find((step) => step.done === false)
  const more = { currency: standing.currency }
  return [
    `owed     ${careMoney(standing, 'owed')}${overdue === '0' ? '' : `, overdue ${careMoney(standing, 'overdue')}`}`,
    ...(next === undefined
      ? []
      : [
          `next     ${fieldText(next, 'stage')} on ${fieldText(next, 'on')}: ${fieldText(next, 'text')}`,
        ]),
    ...(restore === undefined
      ? []
      : [
          `restore  pay ${careMoney({ ...restore, ...more }, 'pay')}: ${fieldText(restore, 'text')}`,
        ]),
  ]
}

function collectionLines(collection: Fields | undefined): readonly string[] {
  if (collection === undefined) return []
  const reason = fieldText(asFields(collection.blocked_reason), 'text')
  const state = fieldText(collection, 'state') ?? ''
  return [
    '',
    `wallet   ${careMoney(collection, 'owed')} not collected yet (collected at ${careMoney(collection, 'threshold')}), ${state}`,
    ...(reason === undefined ? [] : [`         ${reason}`]),
  ]
}

/** History with the reason of each decline. */
export function historyText(history: Fields): string {
  const rows = objectsOf(history, 'entries')
  if (rows.length === 0) return 'Nothing was bought on this line yet.'
  return tableText<Fields>(
    [
      { title: 'TIME', text: (row) => timeText(fieldText(row, 'at') ?? '') },
      { title: 'KIND', text: (row) => fieldText(row, 'kind') ?? '' },
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

/** Bills, newest first. */
export function billsText(rows: readonly Fields[]): string {
  if (rows.length === 0) return 'No bill was made yet.'
  return tableText<Fields>(
    [
      { title: 'CYCLE', text: (row) => fieldText(row, 'cycle') ?? '' },
      { title: 'DUE', text: (row) => fieldText(row, 'due_on') ?? '' },
      { title: 'STATE', text: (row) => fieldText(row, 'state') ?? '' },
      { title: 'TOTAL', align: 'right', text: (row) => careMoney(row, 'total') },
      { title: 'OWED', align: 'right', text: (row) => careMoney(row, 'owed') },
      { title: 'ID', text: (row) => fieldText(row, 'id') ?? '' },
    ],
    rows,
  )
}

/** The phone's messages. */
export function inboxText(rows: readonly Fields[]): string {
  if (rows.length === 0) return 'No message yet.'
  return rows
    .map((row) => `${timeText(fieldText(row, 'at') ?? '')}  ${fieldText(row, 'text') ?? ''}`)
    .join('\n\n')
}
