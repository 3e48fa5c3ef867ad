import type { Fields, HistoryEntry, Jeon } from '@jeon/sdk'
import { Option } from 'commander'
import { CliFailure } from '../io.ts'
import { existingPurse } from '../purse.ts'
import { asFields, clientFor, fieldText, merchantKey } from '../sandbox.ts'
import { moneyText, tableText, timeText } from '../text.ts'
import { type CommandSpec, type Context, optionText } from './context.ts'

interface PaymentsOptions {
  readonly isFollowing: boolean
  readonly isMerchant: boolean
  readonly limit: number
}

export const payments: CommandSpec<PaymentsOptions> = {
  name: 'payments',
  summary: 'list payments, refunds and top-ups, newest first',
  options: [
    new Option('-f, --follow', 'stay, and show what happens as it happens'),
    new Option('--merchant', 'the merchant’s history, instead of this terminal’s wallet'),
    new Option('--limit <count>', 'how many').default('20'),
  ],
  examples: [
    ['jeon payments', 'the last 20'],
    ['jeon payments --follow', 'and the next ones, live'],
    ['jeon payments --merchant --json', 'what the merchant sees, one JSON object'],
  ],
  read: (parsed) => ({
    isFollowing: parsed.follow === true,
    isMerchant: parsed.merchant === true,
    limit: countOf(optionText(parsed, 'limit') ?? '20'),
  }),
  async run(context, options) {
    const key = options.isMerchant
      ? await merchantKey(context.io)
      : (await existingPurse(context.io, context.server)).token
    const jeon = clientFor(context.server, key)
    const rows = await firstOf(
      options.isMerchant
        ? jeon.payments.list({ limit: Math.min(options.limit, pageMax) })
        : jeon.wallet.list({ limit: Math.min(options.limit, pageMax) }),
      options.limit,
    )
    if (!options.isFollowing) {
      const empty = 'No payments yet.\n\nnext    jeon pay --offer article-1'
      const list = rows.map(({ fields }) => fields)
      context.print(rows.length === 0 ? empty : tableText(columns, rows), { data: list })
      return 0
    }
    // Oldest first, so that what happens next goes on below.
    for (const row of rows.toReversed()) printLine(context, row)
    await follow(context, jeon, options)
    return 0
  },
}

async function follow(context: Context, jeon: Jeon, options: PaymentsOptions): Promise<void> {
  const live = {
    signal: context.io.signal,
    onState(state: 'live' | 'reconnecting') {
      if (context.isJson) return
      const text = state === 'live' ? 'live, Ctrl-C ends' : 'connection lost, trying again'
      context.io.err(`${context.paints.dim(`· ${text}`)}\n`)
    },
  }
  const feed = options.isMerchant ? jeon.live(live) : jeon.wallet.live(live)
  for await (const event of feed) {
    if (context.isJson) {
      context.io.out(`${JSON.stringify(event)}\n`)
      continue
    }
    const row = rowOf(event.type, event.data)
    if (row !== undefined) printLine(context, row)
  }
}

/** The server hands out no more than this at once. */
const pageMax = 100

/** One line of the table; live events are made to look like it. */
type Row = Pick<HistoryEntry, 'id' | 'kind' | 'amount' | 'createdAt' | 'fields'>

const columns = [
  { title: 'TIME', text: (row: Row) => timeText(row.createdAt) },
  { title: 'KIND', text: (row: Row) => row.kind },
  { title: 'AMOUNT', align: 'right', text: amountText },
  { title: 'FOR', text: forText },
  { title: 'ID', text: (row: Row) => row.id },
] as const

function amountText(row: Row): string {
  const sign = row.kind === 'refund' || row.kind === 'topup' ? '+' : ''
  return sign + moneyText(row.amount)
}

function forText(row: Row): string {
  const title =
    fieldText(row.fields, 'offer_title') ??
    fieldText(row.fields, 'offer') ??
    fieldText(row.fields, 'reference') ??
    '-'
  return title.length > 40 ? `${title.slice(0, 39)}…` : title
}

function printLine(context: Context, row: Row): void {
  const [time, kind, amount, wanted, id] = columns.map((column) => column.text(row))
  const line = `${time}  ${kind?.padEnd(8)}  ${amount?.padStart(10)}  ${wanted}  ${id}`
  context.print(line, row.fields)
}

/** The history's own entry that an event carries. */
function rowOf(type: string, data: Fields): Row | undefined {
  const fields = asFields(data.payment) ?? data
  const money = asFields(fields.amount)
  const amount = fieldText(money, 'amount')
  const currency = fieldText(money, 'currency')
  if (amount === undefined || currency === undefined) return undefined
  return {
    id: fieldText(fields, 'id') ?? '-',
    kind: fieldText(fields, 'object') ?? type,
    amount: { amount, currency },
    createdAt: fieldText(fields, 'created_at') ?? '',
    fields,
  }
}

async function firstOf(
  entries: AsyncIterable<HistoryEntry>,
  limit: number,
): Promise<HistoryEntry[]> {
  const rows: HistoryEntry[] = []
  for await (const entry of entries) {
    rows.push(entry)
    if (rows.length >= limit) break
  }
  return rows
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new CliFailure('usage', `--limit ${text} is not a count from 1 to 9999.`, { exitCode: 2 })
}
