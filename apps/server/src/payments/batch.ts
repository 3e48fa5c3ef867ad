import { isUtf8 } from 'node:buffer'
import type { Command, Ledger, Outcome } from '@jeon/ledger'
import type { Asset } from '@jeon/money'
import { isConnectionFailure } from '../database.ts'
import { type Endpoint, type EndpointBody, endpoint, type Reply, refusalOf } from '../endpoint.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import { idOf, typeIdOf } from '../ids.ts'
import type { Merchants } from '../merchants/service.ts'
import { tellingEnd } from '../streams.ts'
import type { Wallet } from '../wallets/model.ts'
import { pocketIn, type Wallets } from '../wallets/service.ts'
import { type BatchItem, batchBody, batchItem, batchMost, batchReply } from './model.ts'
import { refusalOfOutcome } from './outcome.ts'
import { mayBeEarlier, payingErrors } from './routes.ts'
import type { Payments } from './service.ts'

export interface BatchParts {
  readonly ledger: Ledger
  readonly payments: Payments
  readonly wallets: Wallets
  readonly merchants: Merchants
  readonly batchesMax: number
}

/** 10,000 items of 800 bytes each. */
const bytesMax = 8_000_000
const ndjson = 'application/x-ndjson'

/** Items that are parsed, sent to the ledger and answered together. */
const sliceLength = 1_000
/** Slices that are with the ledger at a time: enough that it never waits for the parser. */
const slicesAhead = 4

const body: EndpointBody = {
  schema: batchBody,
  as: 'raw',
  contentTypes: ['application/json', ndjson],
  bytesMax,
}

/** POST /v1/payments/batch. Reads its bytes itself: an item that is wrong must not spoil the others. */
export function createBatchEndpoint(parts: BatchParts): Endpoint {
  let underWay = 0
  const described = endpoint({
    method: 'POST',
    path: '/v1/payments/batch',
    tag: 'Payments',
    summary: 'Pay many times at once',
    description:
      `Up to ${batchMost} payments, as a JSON array or as NDJSON, one a line; the answer has the same form and order, ` +
      'with an outcome per item. Each item has its own idempotency key, and stands on its own.',
    ways: [{ by: 'merchant', scope: 'payments:write' }],
    replies: {
      200: {
        description: `An outcome per item; for NDJSON one a line, as ${ndjson}`,
        schema: batchReply,
      },
    },
    errors: [...payingErrors, 'line_payment_alone', 'batch_too_long', 'overloaded'],
    handle: () => refuse('internal'),
  })
  return {
    ...described,
    body,
    async answer(call) {
      const { caller, head } = call
      if (caller.as !== 'merchant' || !Buffer.isBuffer(call.body)) return refuse('key_missing')
      if (underWay >= parts.batchesMax) return refuse('overloaded', { retryAfterS: 1 })
      const lines = head.contentType?.startsWith(ndjson) === true
      const items = lines ? linesOf(call.body) : arrayOf(call.body)
      if (isRefusal(items)) return items
      if (items.length > batchMost) {
        return refuse('batch_too_long', { values: { most: String(batchMost) } })
      }
      underWay += 1
      const slices = outcomesOf(parts, caller.merchantId, items)
      return replyOf(lines, slices, () => {
        underWay -= 1
      })
    },
  }
}

function replyOf(lines: boolean, slices: AsyncIterable<Slice>, done: () => void): Reply {
  return {
    status: 200,
    headers: { 'Content-Type': lines ? ndjson : 'application/json' },
    stream: tellingEnd(lines ? asLines(slices) : asArray(slices), done),
  }
}

async function* asLines(slices: AsyncIterable<Slice>): AsyncGenerator<string> {
  for await (const { texts } of slices) yield `${texts.join('\n')}\n`
}

async function* asArray(slices: AsyncIterable<Slice>): AsyncGenerator<string> {
  let accepted = 0
  let refused = 0
  let separator = '{"data":['
  for await (const slice of slices) {
    accepted += slice.accepted
    refused += slice.texts.length - slice.accepted
    yield separator + slice.texts.join(',')
    separator = ','
  }
  const start = separator === ',' ? '' : separator
  yield `${start}],"accepted":${accepted},"refused":${refused}}`
}

/** Outcomes as JSON, in the order of the items. */
interface Slice {
  readonly texts: readonly string[]
  readonly accepted: number
}

/** An item as it came: parsed JSON, or what was wrong with its line. */
type RawItem = { readonly json: unknown } | Refusal

async function* outcomesOf(
  parts: BatchParts,
  merchantId: string,
  items: readonly RawItem[],
): AsyncIterable<Slice> {
  const ahead: Promise<Slice>[] = []
  for (let from = 0; from < items.length; from += sliceLength) {
    ahead.push(paySlice(parts, merchantId, items.slice(from, from + sliceLength)))
    const first = ahead.length >= slicesAhead ? ahead.shift() : undefined
    if (first !== undefined) yield await first
  }
  for (const slice of ahead) yield await slice
}

/** An answer for every item also when the database is away: the stream must not break off. */
async function paySlice(
  parts: BatchParts,
  merchantId: string,
  items: readonly RawItem[],
): Promise<Slice> {
  try {
    return await payItems(parts, merchantId, items)
  } catch (error) {
    if (!isConnectionFailure(error)) throw error
    // Thrown while wallets and offers were read. The ledger has seen none of these: it answers, and never throws.
    const refusal = refuse('database_unavailable')
    return { texts: items.map((item) => refusedText(keyIn(item), refusal)), accepted: 0 }
  }
}

async function payItems(
  parts: BatchParts,
  merchantId: string,
  items: readonly RawItem[],
): Promise<Slice> {
  const parsed = items.map(itemOf)
  const ids = new Set<string>()
  for (const item of parsed) if (!isRefusal(item)) ids.add(item.wallet)
  const wallets = await parts.wallets.findAll(ids)
  const commands: Command[] = []
  const places: { readonly index: number; readonly asset: Asset; readonly item: BatchItem }[] = []
  const texts = new Array<string>(items.length)
  let accepted = 0
  for (const [index, item] of parsed.entries()) {
    if (isRefusal(item)) {
      texts[index] = refusedText(keyIn(items[index]), item)
      continue
    }
    const command = await commandOf(parts, merchantId, wallets.get(item.wallet), item)
    if (isRefusal(command)) {
      const first = await earlierText(parts, merchantId, wallets.get(item.wallet), item, command)
      if (first !== undefined) accepted += 1
      texts[index] = first ?? refusedText(item.key, command)
      continue
    }
    commands.push(command.command)
    places.push({ index, asset: command.asset, item })
  }
  const outcomes = await parts.ledger.submitAll(commands)
  for (const [order, outcome] of outcomes.entries()) {
    const place = places[order]
    if (place === undefined) throw new Error('the ledger answered more than it was asked')
    const { index, item, asset } = place
    const first =
      outcome.ok || outcome.code !== 'key_reused'
        ? undefined
        : await earlierText(parts, merchantId, wallets.get(item.wallet), item, refuse('key_reused'))
    if (outcome.ok || first !== undefined) accepted += 1
    texts[index] = first ?? textOf(item.key, outcome, asset)
  }
  return { texts, accepted }
}

/** The outcome of an item that was paid before its offer changed. */
async function earlierText(
  parts: BatchParts,
  merchantId: string,
  wallet: Wallet | undefined,
  item: BatchItem,
  refusal: Refusal,
): Promise<string | undefined> {
  if (wallet?.merchantId !== merchantId || !mayBeEarlier(refusal)) return undefined
  const first = await parts.payments.earlier(wallet, merchantId, item, item.key)
  if (first === undefined) return undefined
  const id = typeIdOf('pay', first.transfer.id)
  return JSON.stringify({ key: item.key, status: 'accepted', id, replayed: true })
}

function itemOf(item: RawItem): BatchItem | Refusal {
  if (isRefusal(item)) return item
  const parsed = batchItem.safeParse(item.json)
  if (parsed.success) return parsed.data
  // Read by programs, a line each: in one language.
  return refusalOf(parsed.error, { schema: batchItem, input: item.json, language: 'en' })
}

async function commandOf(
  parts: BatchParts,
  merchantId: string,
  wallet: Wallet | undefined,
  item: BatchItem,
): Promise<{ command: Command; asset: Asset } | Refusal> {
  if (wallet === undefined || wallet.merchantId !== merchantId) {
    return refuse('wallet_not_found', { param: 'wallet' })
  }
  const order = await parts.payments.order(wallet, merchantId, item, '')
  if (isRefusal(order)) return order
  if (order.way === 'each') return refuse('line_payment_alone', { param: 'offer' })
  const { asset, amount, category, reference, offer } = order
  const pocket = pocketIn(wallet, asset.code)
  if (pocket === undefined) return refuse('currency_not_held', { param: 'currency' })
  const credit =
    parts.merchants.knownStripe(merchantId, asset.code, wallet.shard) ??
    (await parts.merchants.stripe(merchantId, asset, wallet.shard))
  const id = idOf('pay', wallet.id, item.key)
  const debit = pocket.account
  return {
    asset,
    command: {
      type: 'pay',
      id,
      debit,
      credit,
      amount,
      category,
      reference,
      offer: offer?.id ?? '',
    },
  }
}

function textOf(key: string, outcome: Outcome, asset: Asset): string {
  if (outcome.ok) {
    const replayed = outcome.replayed ? ',"replayed":true' : ''
    const id = typeIdOf('pay', outcome.transfer.id)
    return `{"key":${JSON.stringify(key)},"status":"accepted","id":"${id}"${replayed}}`
  }
  if (outcome.code !== 'unknown_outcome')
    return refusedText(key, refusalOfOutcome(outcome, asset, ''))
  const { code } = outcome
  return JSON.stringify({ key, status: 'unknown', code, id: typeIdOf('pay', outcome.id) })
}

function refusedText(key: string | null, refusal: Refusal): string {
  const { refused: code, param, extras, values } = refusal
  const reason = values?.reason
  return JSON.stringify({ key, status: 'refused', code, param, reason, ...extras })
}

/** The key of an item that is wrong in some other way, so that its outcome can be told apart. */
function keyIn(item: RawItem | undefined): string | null {
  if (item === undefined || isRefusal(item)) return null
  const { json } = item
  const key = typeof json === 'object' && json !== null && 'key' in json ? json.key : null
  return typeof key === 'string' ? key.slice(0, 255) : null
}

function arrayOf(bytes: Buffer): readonly RawItem[] | Refusal {
  if (!isUtf8(bytes)) return refuse('body_not_utf8', { param: 'body' })
  const json = parsed(bytes.toString('utf8'))
  if (isRefusal(json)) return json
  if (Array.isArray(json.json)) return json.json.map((item: unknown) => ({ json: item }))
  const reason = 'A batch is an array.'
  return refuse('field_invalid', { param: 'body', values: { reason } })
}

/** One item a line; empty lines are not items. */
function linesOf(bytes: Buffer): readonly RawItem[] | Refusal {
  if (!isUtf8(bytes)) return refuse('body_not_utf8', { param: 'body' })
  const items: RawItem[] = []
  for (const line of bytes.toString('utf8').split('\n')) {
    if (line === '' || line === '\r') continue
    items.push(parsed(line))
    if (items.length > batchMost) break
  }
  return items
}

function parsed(text: string): { readonly json: unknown } | Refusal {
  try {
    return { json: JSON.parse(text) }
  } catch {
    return refuse('body_malformed', { param: 'body' })
  }
}
