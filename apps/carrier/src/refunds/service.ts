import { isOnStep, type MarketProfile, type NotCancellable, reversalFor } from '@jeon/billing'
import type { Command, Ledger } from '@jeon/ledger'
import type { CarrierClock } from '../carrier-clock.ts'
import type { Credits } from '../credits/model.ts'
import { createPaymentId, otherLegOf, sequelOf, transferIdOf } from '../ids.ts'
import type { LineBook } from '../lines/service.ts'
import type { Changes } from '../live/model.ts'
import type { Log } from '../log.ts'
import type { Outbox } from '../messages/model.ts'
import type { Carrier, Payment, Refund } from '../model.ts'
import type { HouseAccounts } from '../payments/accounts.ts'
import { factOf, groupOutcome, hasPersonLeg } from '../payments/legs.ts'
import type { LinePage } from '../payments/model.ts'
import { Turns } from '../turns.ts'
import type {
  RefundHook,
  RefundListener,
  RefundOrder,
  RefundOutcome,
  RefundRefusal,
  Refunds,
} from './model.ts'
import type { KeptRefund, RefundStore } from './store.ts'

export interface RefundServiceParts {
  readonly ledger: Ledger
  readonly lines: LineBook
  readonly time: CarrierClock
  readonly log: Log
  readonly credits: Credits
  readonly changes: Changes
  readonly outbox: Pick<Outbox, 'refundMessage' | 'saveIn' | 'announce'>
  readonly accounts: HouseAccounts
  readonly store: RefundStore
  findPayment(paymentId: string): Promise<Payment | undefined>
}

type Way = Pick<KeptRefund, 'mode' | 'ledgerKind'>

/** While the database is away it is asked again so often, in milliseconds. */
const AGAIN_MS = 500

/**
 * Money back. Like a payment: the row with the intention, the ledger, what follows from it (a credit), the row with
 * the outcome. Everything in between may be repeated, so that whatever a crash cuts off is completed later.
 */
export class RefundService implements Refunds {
  readonly #parts: RefundServiceParts
  readonly #listeners = new Set<RefundListener>()
  readonly #turns = new Turns()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(parts: RefundServiceParts) {
    this.#parts = parts
  }

  async create(order: RefundOrder): Promise<RefundOutcome> {
    const accepted = await this.accept(order)
    if (!accepted.ok) return accepted
    const completed = await this.complete(accepted.refund.id)
    return completed ?? accepted
  }

  accept(order: RefundOrder): Promise<RefundOutcome> {
    return this.#turns.take(order.paymentId, async () => {
      try {
        return await this.#accept(order)
      } catch (error) {
        // Two refunds of different payments can come with one correlator at once: the index lets one in.
        const used = isCorrelatorTaken(error) ? await this.#usedFor(order) : undefined
        if (used !== undefined) return used
        this.#parts.log.failure('refund.accept_failed', error, { payment: order.paymentId })
        return { ok: false, code: 'unavailable' }
      }
    })
  }

  async complete(refundId: string): Promise<RefundOutcome | undefined> {
    const known = await this.#parts.store.find(refundId)
    if (known === undefined) return undefined
    return this.#turns.take(known.paymentId, async () => {
      try {
        return await this.#complete(refundId)
      } catch (error) {
        this.#parts.log.failure('refund.complete_failed', error, { refund: refundId })
        this.#again(refundId)
        return { ok: false, code: 'unknown_outcome', refundId }
      }
    })
  }

  async deny(refundId: string, reason: string): Promise<Refund | undefined> {
    const known = await this.#parts.store.find(refundId)
    if (known === undefined) return undefined
    return this.#turns.take(known.paymentId, async () => {
      const refund = await this.#parts.store.find(refundId)
      if (refund?.status !== 'processing') return refund
      const { ledger, time } = this.#parts
      const { shard } = time.carrier(refund.carrier)
      // What the ledger has given back already is not denied any more.
      const transfer = await ledger.find(transferIdOf(refund.id), shard)
      return transfer === undefined ? this.#denied(refund, reason) : refund
    })
  }

  async remaining(paymentId: string): Promise<bigint | undefined> {
    const payment = await this.#parts.findPayment(paymentId)
    return payment?.status === 'succeeded' ? payment.amount - payment.refunded : undefined
  }

  find(refundId: string): Promise<Refund | undefined> {
    return this.#parts.store.find(refundId)
  }

  list(paymentId: string): Promise<readonly Refund[]> {
    return this.#parts.store.ofPayment(paymentId)
  }

  ofLine(lineId: string, page: LinePage): Promise<readonly Refund[]> {
    return this.#parts.store.ofLine(lineId, page)
  }

  async resolve(): Promise<number> {
    let resolved = 0
    for (const { id } of await this.#parts.store.unresolved()) {
      if ((await this.complete(id))?.ok === true) resolved += 1
    }
    return resolved
  }

  onChanged(listener: RefundListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onChanging(hook: RefundHook): void {
    this.#parts.store.onChanging(hook)
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
  }

  async #accept(order: RefundOrder): Promise<RefundOutcome> {
    const { store, time } = this.#parts
    let payment = await this.#parts.findPayment(order.paymentId)
    if (payment?.clientId !== order.clientId) return { ok: false, code: 'payment_not_found' }
    const used = await this.#used(order, payment.carrier)
    if (used !== undefined) return used
    if (payment.status !== 'succeeded') return { ok: false, code: 'wrong_status' }
    const profile = time.carrier(payment.carrier).profileOf(payment.profileVersion)
    const amount = amountOf(profile, payment, order)
    if (typeof amount !== 'bigint') return amount
    for (;;) {
      const way = await this.#wayOf(profile, payment, order)
      if ('ok' in way) return way
      const refund = this.#draft(payment, order, amount, way)
      const begun = await store.begin(refund, profile.reversal)
      // The bill was made or paid early in between: the way is another now, and is never `cancel` again.
      if (begun === 'billed') {
        payment = (await this.#parts.findPayment(order.paymentId)) ?? payment
        continue
      }
      if (begun === 'nothing_left') return { ok: false, code: 'nothing_left' }
      this.#tell(refund)
      return { ok: true, refund }
    }
  }

  async #usedFor(order: RefundOrder): Promise<RefundRefusal | undefined> {
    const payment = await this.#parts.findPayment(order.paymentId)
    return payment === undefined ? undefined : this.#used(order, payment.carrier)
  }

  async #used(order: RefundOrder, carrier: string): Promise<RefundRefusal | undefined> {
    const { store } = this.#parts
    const { clientId, clientCorrelator, referenceCode } = order
    if (clientCorrelator === null) {
      const isUsed = await store.isReferenceUsed(carrier, clientId, referenceCode)
      return isUsed ? { ok: false, code: 'reference_used' } : undefined
    }
    const refund = await store.byCorrelator(carrier, clientId, clientCorrelator)
    return refund === undefined ? undefined : { ok: false, code: 'correlator_used', refund }
  }

  /**
   * How the money comes back. A payment counts in the month in which the ledger counted it, which for two steps is that
   * of the reservation; one that is on a bill can no longer be cancelled, whatever the days say.
   */
  async #wayOf(
    profile: MarketProfile,
    payment: Payment,
    { type, isOwed = false }: RefundOrder,
  ): Promise<Way | RefundRefusal> {
    const { store, time } = this.#parts
    const nowMs = time.now()
    const reversal = reversalFor(profile, {
      paidAtMs: Math.min(payment.countedAtMs ?? nowMs, nowMs),
      nowMs,
      partial: type === 'partial',
      paidEarly: payment.paidEarly > 0n,
    })
    const isBilled = reversal.mode === 'cancel' && (await store.isBilled(payment.id))
    if (reversal.mode === 'cancel' && !isBilled) return { mode: 'cancel', ledgerKind: 'refund' }
    const reason: NotCancellable = reversal.mode === 'cancel' ? 'window_closed' : reversal.reason
    const late = reversal.mode === 'cancel' ? profile.reversal.lateRefund : reversal.mode
    const isUnpaid = late === 'bank_transfer' && !(await store.isPaid(payment.id))
    // Nobody is paid out what he has not paid: that comes off what he owes.
    const mode = isUnpaid || (late === 'none' && isOwed) ? 'bill_credit' : late
    if (mode === 'none') return { ok: false, code: 'not_refundable', reason }
    const keepsLimit =
      payment.cycle === time.cycle(payment.carrier) && !profile.reversal.lateRefundRestoresLimit
    return { mode, ledgerKind: keepsLimit ? 'movement' : 'refund' }
  }

  #draft(payment: Payment, order: RefundOrder, amount: bigint, way: Way): KeptRefund {
    const { time } = this.#parts
    const { carrier, clientId, lineId, bucket, id: paymentId } = payment
    const { clientCorrelator, referenceCode, type, reason, facts, sink, sinkToken } = order
    return {
      id: createPaymentId(time.machineNow()),
      ...{ carrier, clientId, paymentId, lineId, bucket, amount },
      ...{ clientCorrelator, referenceCode, type, reason, facts, sink, sinkToken },
      ...way,
      status: 'processing',
      denialReason: null,
      createdAtMs: time.now(),
      refundedAtMs: null,
    }
  }

  async #complete(refundId: string): Promise<RefundOutcome> {
    const { credits, ledger, lines, outbox, store } = this.#parts
    const refund = await store.find(refundId)
    if (refund === undefined) throw new Error('a refund that was found stays')
    if (refund.status !== 'processing') return { ok: true, refund }
    const payment = await this.#parts.findPayment(refund.paymentId)
    if (payment === undefined) throw new Error('a refunded payment stays as long as its refund')
    const outcome = groupOutcome(await ledger.submitLinked(await this.#legs(refund, payment)))
    if (!outcome.ok) {
      const { code } = outcome.refused
      if (code === 'unknown_outcome' || code === 'shard_unavailable' || code === 'overloaded') {
        this.#again(refundId)
        return { ok: false, code: 'unknown_outcome', refundId }
      }
      return { ok: true, refund: await this.#denied(refund, code) }
    }
    if (refund.mode === 'bill_credit') await credits.add(refund.lineId, refund.id, refund.amount)
    const done: KeptRefund = { ...refund, status: 'succeeded', refundedAtMs: outcome.atMs }
    const told = [outbox.refundMessage(done, payment, await lines.get(refund.lineId))]
    await store.succeed(done, (client) => outbox.saveIn(client, told))
    outbox.announce(told)
    this.#tell(done)
    return { ok: true, refund: done }
  }

  async #denied(refund: KeptRefund, reason: string): Promise<KeptRefund> {
    const denied: KeptRefund = { ...refund, status: 'denied', denialReason: reason }
    await this.#parts.store.deny(denied)
    this.#tell(denied)
    return denied
  }

  async #legs(refund: KeptRefund, payment: Payment): Promise<Command[]> {
    const { accounts, lines, time } = this.#parts
    const carrier = time.carrier(refund.carrier)
    const line = await lines.get(refund.lineId)
    const own = line.accounts[refund.bucket]
    const { amount } = refund
    const id = transferIdOf(refund.id)
    const merchant = await accounts.merchant(carrier.id, payment.clientId, payment.merchant.id)
    const back: Command[] =
      refund.ledgerKind === 'movement'
        ? [{ type: 'pay', kind: 'movement', id, debit: merchant, credit: own, amount }]
        : refundLegs(carrier, payment, refund)
    if (refund.mode !== 'bank_transfer') return back
    const cash = await accounts.own(carrier.id, 'cash')
    const payout = sequelOf(refund.id, 'payout')
    const out = { kind: 'movement', id: payout, debit: own, credit: cash, amount } as const
    return [...back, { type: 'pay', ...out }]
  }

  #again(refundId: string): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      void this.complete(refundId).catch((error: unknown) =>
        this.#parts.log.failure('refund.unresolved', error, { refund: refundId }),
      )
    }, AGAIN_MS)
    timer.unref()
    this.#timers.add(timer)
  }

  #tell(refund: KeptRefund): void {
    const { changes, time, log } = this.#parts
    changes.tell({ lineId: refund.lineId, what: 'refund', id: refund.id, atMs: time.now() })
    for (const listener of this.#listeners) {
      try {
        listener(refund)
      } catch (error) {
        log.failure('refund.listener_failed', error, { refund: refund.id })
      }
    }
  }
}

function isCorrelatorTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'constraint' in error && error.constraint === 'refund_by_correlator'
  )
}

/** What the order gives back, in smallest units. */
function amountOf(
  profile: MarketProfile,
  payment: Payment,
  order: RefundOrder,
): bigint | RefundRefusal {
  const left = payment.amount - payment.refunded
  if (left === 0n) return { ok: false, code: 'nothing_left' }
  const amount = order.type === 'total' ? left : (order.amount ?? 0n)
  if (amount <= 0n || !isOnStep(profile, amount)) return { ok: false, code: 'amount_not_a_step' }
  return amount > left ? { ok: false, code: 'amount_above_left', left } : amount
}

/** Both legs come back, so that the limits do while their period runs. */
function refundLegs(carrier: Carrier, payment: Payment, refund: KeptRefund): Command[] {
  const { shard } = carrier
  const paid = payment.steps === 1 ? transferIdOf(payment.id) : sequelOf(payment.id, 'capture')
  const id = transferIdOf(refund.id)
  const { amount } = refund
  const reference = factOf(refund.referenceCode)
  const own: Command = { type: 'refund', id, payment: paid, shard, amount, reference }
  if (!hasPersonLeg(carrier, payment)) return [own]
  return [own, { ...own, id: otherLegOf(id), payment: otherLegOf(paid) }]
}
