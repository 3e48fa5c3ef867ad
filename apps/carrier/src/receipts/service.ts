import { allocateOldestFirst, isOnStep, type MarketProfile, mostInMonth } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import type { Postings } from '../bills/postings.ts'
import { carrierOf } from '../bills/service.ts'
import { inTurn } from '../bills/turn.ts'
import type { Core } from '../core.ts'
import { applyCredits } from '../credits/apply.ts'
import type { Restorer } from '../dunning/restore.ts'
import { createId, createUuid } from '../ids.ts'
import type { Changes } from '../live/model.ts'
import type { Outbox } from '../messages/model.ts'
import { receiptText } from '../messages/texts.ts'
import type { Carrier, CarrierId, Line, NewMessage } from '../model.ts'
import { billedDebts, unbilledDebts } from './debts.ts'
import { lostDebts, recoverShares } from './lost.ts'
import type { Receipt, ReceiptAmount, ReceiptOrder, ReceiptOutcome } from './model.ts'
import { byBucket, type Payable, type Share } from './payable.ts'
import { insertReceipt, readReceipts, settleShares } from './store.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly core: Pick<Core, 'lines' | 'limits'>
  readonly outbox: Outbox
  readonly changes: Changes
  readonly postings: Postings
  readonly restorer: Restorer
}

/** Money from the owners of lines. */
export class Receipts {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Takes money for a line: pays what is owed from the oldest bill on, then what was written off, or, early, what is not
   * billed yet. What has consequences for the owner comes first. What is left over becomes a credit. Once per key: a
   * repeated call answers the first receipt and finishes what a crash left undone.
   */
  async pay(lineId: string, order: ReceiptOrder): Promise<ReceiptOutcome> {
    const line = await this.#parts.core.lines.byId(lineId)
    if (line === undefined) return { ok: false, code: 'line_not_found' }
    const profile = this.#profileOf(line)
    if (typeof order.amount === 'bigint') {
      if (order.amount <= 0n) return { ok: false, code: 'amount_not_positive' }
      if (!isOnStep(profile, order.amount)) return { ok: false, code: 'amount_not_a_step' }
    }
    const messages: NewMessage[] = []
    const outcome = await inTurn(this.#parts.pool, line, (client) =>
      this.#take(client, line, order, messages),
    )
    if (!outcome.ok) return outcome
    this.#parts.outbox.announce(messages)
    await this.#follow(line, outcome.receipt)
    return outcome
  }

  /** Newest first. */
  async list(lineId: string): Promise<Receipt[]> {
    const kept = await readReceipts(this.#parts.pool, { lineId })
    return kept.map(({ receipt }) => receipt)
  }

  async #take(
    client: pg.PoolClient,
    line: Line,
    order: ReceiptOrder,
    messages: NewMessage[],
  ): Promise<ReceiptOutcome> {
    const { clock, postings, outbox } = this.#parts
    const { key, early, method } = order
    const asked = `${order.early ? 'early ' : ''}${order.amount}`
    const [before] = await readReceipts(client, { lineId: line.id, key })
    if (before !== undefined) {
      if (before.asked !== asked) return { ok: false, code: 'key_reused' }
      return { ok: true, receipt: before.receipt }
    }
    const payables = early
      ? await unbilledDebts(client, line.id)
      : await billedDebts(client, line.id)
    const lost = early ? [] : await lostDebts(client, line.id)
    const amount = amountOf(order.amount, payables, lost)
    if (amount === 0n) return { ok: false, code: 'nothing_owed' }
    const owed = share(amount, payables)
    const { shares: recovered, rest } = share(owed.rest, lost)
    const shares = [...owed.shares, ...recovered]
    // More beyond the debt than a month can cost is a mistake.
    const most = mostInMonth(this.#profileOf(line))
    if (most !== undefined && rest > most) return { ok: false, code: 'amount_too_large' }
    const id = createUuid(clock.machineNow())
    const at = new Date(clock.now())
    const { carrier, id: lineId } = line
    await insertReceipt(
      client,
      { id, carrier, lineId, key, asked, amount, early, method, rest, at },
      shares,
    )
    await settleShares(client, owed.shares)
    await recoverShares(client, recovered, 'paid')
    if (rest > 0n) {
      await client.query(
        'insert into carrier.credit (id, line_id, receipt_id, amount, created_at) values ($1, $2, $3, $4, $5)',
        [createId('credit', clock.machineNow()), lineId, id, rest, at],
      )
      await applyCredits(client, [lineId], at)
    }
    const about = { carrier, lineId, about: id }
    await postings.insertIn(client, [
      ...byBucket(shares, rest).map((part, index) => ({
        ...part,
        ...(index === 0 ? { id } : {}),
        ...about,
        kind: 'receipt' as const,
      })),
      // The loss was booked to the line's good: what is paid of it now is taken back first.
      ...byBucket(recovered, 0n).map((part) => ({ ...part, ...about, kind: 'recovery' as const })),
    ])
    const [kept] = await readReceipts(client, { lineId, key })
    if (kept === undefined) throw new Error('a receipt vanished')
    messages.push({
      ...{ lineId, carrier, phoneNumber: line.phoneNumber, kind: 'receipt', about: id },
      text: receiptText(kept.receipt, line.language, carrierOf(this.#parts, carrier), at.getTime()),
    })
    await outbox.saveIn(client, messages)
    return { ok: true, receipt: kept.receipt }
  }

  /** What follows from a receipt; each may be repeated. */
  async #follow(line: Line, receipt: Receipt): Promise<void> {
    const { postings, core, restorer, changes, clock } = this.#parts
    await postings.book(line.id)
    if (receipt.early) await core.limits.free(line.id)
    await restorer.look(line.id)
    const atMs = clock.now()
    changes.tell({ lineId: line.id, what: 'standing', id: receipt.id, atMs })
    if (receipt.early) changes.tell({ lineId: line.id, what: 'usage', id: receipt.id, atMs })
  }

  #profileOf(line: Line): MarketProfile {
    return carrierOf(this.#parts, line.carrier).profileAt(this.#parts.clock.now())
  }
}

/** What is to be paid, in smallest units. */
function amountOf(
  asked: ReceiptAmount,
  payables: readonly Payable[],
  lost: readonly Payable[],
): bigint {
  if (typeof asked === 'bigint') return asked
  if (asked === 'all') return sumOf([...payables, ...lost])
  const eldest = payables.length > 0 ? payables : lost
  return sumOf(eldest.filter(({ debt }) => debt.dueOn === eldest[0]?.debt.dueOn))
}

function sumOf(payables: readonly Payable[]): bigint {
  return payables.reduce((sum, { debt }) => sum + debt.open, 0n)
}

function share(
  amount: bigint,
  payables: readonly Payable[],
): { readonly shares: readonly Share[]; readonly rest: bigint } {
  const byId = new Map(payables.map((payable) => [payable.debt.id, payable]))
  const { parts, rest } = allocateOldestFirst(
    amount,
    payables.map(({ debt }) => debt),
  )
  const shares = parts.flatMap((part) => {
    const of = byId.get(part.id)
    return of === undefined ? [] : [{ of, amount: part.amount }]
  })
  return { shares, rest }
}
