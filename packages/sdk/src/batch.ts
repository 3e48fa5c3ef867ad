import { isId, newPaymentId } from './ids.ts'
import { type JeonProblem, problemOf, type UnknownReason } from './problem.ts'
import { fieldsOf, optionalText, textOf, WireError } from './reader.ts'
import type { Money } from './shapes.ts'
import { moveUntilKnown, type Transport } from './transport.ts'

/** One payment of a batch. */
export type BatchItem = {
  /** Distinguishes it for ever; a `pay_` id becomes the payment's own. */
  readonly key: string
  readonly wallet: string
  readonly reference?: string
  readonly category?: string
} & (
  | { readonly offer: string; readonly money?: never }
  | { readonly money: Money; readonly offer?: never }
)

/** What became of one payment of a batch. Sent again under the same key, an `unknown` one happens once at most. */
export type BatchOutcome =
  | { readonly key: string; readonly status: 'accepted'; readonly id: string }
  | { readonly key: string; readonly status: 'refused'; readonly problem: JeonProblem }
  | { readonly key: string; readonly status: 'unknown'; readonly reason: UnknownReason }

/**
 * Many payments, each on its own: one refused does not stop the others.
 *
 * A list gives a list; a stream gives a stream, and is sent as NDJSON while it is read, never held in memory whole.
 *
 * @example
 * ```ts
 * for await (const outcome of jeon.payments.batch(meterReadings())) count(outcome)
 * ```
 */
export interface PaymentBatch {
  (items: readonly BatchItem[]): Promise<readonly BatchOutcome[]>
  (items: AsyncIterable<BatchItem>): AsyncGenerator<BatchOutcome, void, void>
}

/** The server takes up to 10,000 at once; fewer give answers sooner and cost hardly more. */
const chunkItems = 5_000

export function createBatch(transport: Transport): PaymentBatch {
  function batch(items: readonly BatchItem[]): Promise<readonly BatchOutcome[]>
  function batch(items: AsyncIterable<BatchItem>): AsyncGenerator<BatchOutcome, void, void>
  function batch(items: readonly BatchItem[] | AsyncIterable<BatchItem>) {
    if (Symbol.asyncIterator in items) return sendStream(transport, items)
    return collect(sendStream(transport, items))
  }
  return batch
}

async function collect(outcomes: AsyncIterable<BatchOutcome>): Promise<readonly BatchOutcome[]> {
  const list: BatchOutcome[] = []
  for await (const outcome of outcomes) list.push(outcome)
  return list
}

async function* sendStream(
  transport: Transport,
  items: Iterable<BatchItem> | AsyncIterable<BatchItem>,
): AsyncGenerator<BatchOutcome, void, void> {
  let chunk: BatchItem[] = []
  for await (const item of items) {
    chunk.push(item)
    if (chunk.length < chunkItems) continue
    yield* await sendChunk(transport, chunk)
    chunk = []
  }
  if (chunk.length > 0) yield* await sendChunk(transport, chunk)
}

/** One request. Its items carry their own keys, so the whole of it can be sent again when its answer is lost. */
async function sendChunk(
  transport: Transport,
  chunk: readonly BatchItem[],
): Promise<readonly BatchOutcome[]> {
  const body = chunk.map((item) => `${JSON.stringify(bodyOf(item))}\n`).join('')
  const call = {
    method: 'POST',
    path: '/v1/payments/batch',
    headers: { 'content-type': 'application/x-ndjson', accept: 'application/x-ndjson' },
    body,
  } as const
  const key = newPaymentId()
  const outcome = await moveUntilKnown(
    transport,
    () => transport.moveLines(call, key, batchOutcomeOf),
    undefined,
  )
  switch (outcome.status) {
    case 'accepted':
      return complete(chunk, outcome.value)
    case 'refused':
      return chunk.map(({ key }) => ({ key, status: 'refused', problem: outcome.problem }))
    case 'unknown':
      return chunk.map(({ key }) => ({ key, status: 'unknown', reason: outcome.reason }))
  }
}

/** An item that the answer does not speak of is unknown, not forgotten. */
function complete(
  chunk: readonly BatchItem[],
  outcomes: readonly BatchOutcome[],
): readonly BatchOutcome[] {
  const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome]))
  return chunk.map(
    ({ key }) => byKey.get(key) ?? { key, status: 'unknown', reason: 'malformed_reply' },
  )
}

function bodyOf(item: BatchItem): Readonly<Record<string, string>> {
  const body: Record<string, string> = { key: item.key, wallet: item.wallet }
  if (item.offer !== undefined) body.offer = item.offer
  if (item.money !== undefined) {
    body.amount = item.money.amount
    body.currency = item.money.currency
  }
  if (item.reference !== undefined) body.reference = item.reference
  if (item.category !== undefined) body.category = item.category
  return body
}

function batchOutcomeOf(json: unknown): BatchOutcome {
  const fields = fieldsOf(json, 'batch outcome')
  const key = textOf(fields, 'key')
  switch (textOf(fields, 'status')) {
    case 'accepted': {
      const id = optionalText(fields, 'id') ?? (isId('pay', key) ? key : undefined)
      if (id === undefined) throw new WireError('id is not a string')
      return { key, status: 'accepted', id }
    }
    case 'refused':
      // Items carry a code and no sentence: ten thousand of them would be mostly sentences.
      return {
        key,
        status: 'refused',
        problem: problemOf(422, { title: sentenceOf(textOf(fields, 'code')), ...fields }),
      }
    default:
      return { key, status: 'unknown', reason: 'server_error' }
  }
}

/** `wallet_not_found` as `Wallet not found`. */
function sentenceOf(code: string): string {
  return code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' ')
}
