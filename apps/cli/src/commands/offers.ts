import type { Fields } from '@jeon/sdk'
import { Option } from 'commander'
import { CliFailure } from '../io.ts'
import { objectsOf } from '../line/request.ts'
import { asFields, clientFor, fieldText, keysPath, readKeys } from '../sandbox.ts'
import { moneyText, tableText } from '../text.ts'
import { type CommandSpec, type Context, optionText } from './context.ts'

export const offers: CommandSpec<{ readonly merchant: string | undefined }> = {
  name: 'offers',
  summary: 'what a merchant sells, for jeon pay --offer',
  options: [new Option('--merchant <id>', 'whose offers (default: the sandbox’s merchant)')],
  examples: [
    ['jeon offers', 'all that the sandbox sells: articles, and things for the phone bill'],
    ['jeon offers --json', 'one JSON object'],
  ],
  read: (parsed) => ({ merchant: optionText(parsed, 'merchant') }),
  async run(context, options) {
    const merchant = options.merchant ?? (await readKeys(context.io))?.merchantId
    if (merchant === undefined) {
      throw new CliFailure('merchant_missing', 'Whose offers?', {
        hint: `Give --merchant, or run it where ${keysPath} is.`,
        next: 'jeon doctor',
      })
    }
    const data = (await offersOf(context, merchant)).filter(({ active }) => active !== false)
    const [first] = data
    const text =
      first === undefined
        ? 'Nothing is on offer.'
        : `${tableText(columns, data)}\n\nnext    jeon pay --offer ${fieldText(first, 'id')}`
    context.print(text, { data })
    return 0
  },
}

const columns = [
  { title: 'ID', text: (row: Fields) => fieldText(row, 'id') ?? '' },
  { title: 'PRICE', align: 'right', text: priceText },
  { title: 'WHAT', text: (row: Fields) => fieldText(row, 'title') ?? '' },
  { title: 'KIND', text: (row: Fields) => fieldText(row, 'category') ?? '' },
  {
    title: 'WITH A PHONE LINE',
    text: (row: Fields) => charges[fieldText(row, 'charge') ?? ''] ?? '',
  },
] as const

/** How it reaches the bill, for a wallet with a line. */
const charges: Readonly<Record<string, string>> = {
  each: 'a charge of its own',
  collected: 'gathered, then charged in one sum',
  auto: 'as the market’s rules say',
}

function priceText(row: Fields): string {
  const price = asFields(row.price)
  const currency = fieldText(price, 'currency') ?? ''
  const amount = fieldText(price, 'amount')
  return amount === undefined ? `any, ${currency}` : moneyText({ amount, currency })
}

async function offersOf(context: Context, merchant: string): Promise<readonly Fields[]> {
  const { transport } = clientFor(context.server, undefined)
  const found: Fields[] = []
  let cursor: string | undefined
  do {
    const query = new URLSearchParams({ merchant, limit: '100' })
    if (cursor !== undefined) query.set('cursor', cursor)
    const path = `/v1/offers?${query}`
    const page = await transport.ask({ method: 'GET', path }, (json) => asFields(json) ?? {})
    found.push(...objectsOf(page, 'data'))
    cursor = fieldText(page, 'next_cursor')
  } while (cursor !== undefined)
  return found
}
