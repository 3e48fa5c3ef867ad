import type { RefundResponse } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import type { Ledger } from '@jeon/ledger'
import { parseAmount } from '@jeon/money'
import type { Lines } from '../carriers/lines.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import { idOf, typeIdOf } from '../ids.ts'
import type { Paid, Payment } from '../payments/model.ts'
import { refusalOfOutcome } from '../payments/outcome.ts'
import { Asking, type Known, paymentIdOf, type Step, walk } from './asking.ts'
import { refundIds } from './charge-ids.ts'
import type { ChargeAccounts } from './charge-steps.ts'
import type { ChargeStore } from './charge-store.ts'
import type { Charge, RailRefund, Reason } from './model.ts'
import { momentOf } from './moment.ts'
import { refundRequestOf } from './request.ts'
import { abreast, type Turns, workAtOnce } from './turns.ts'

export interface RailRefundParts {
  readonly store: ChargeStore
  readonly ledger: Pick<Ledger, 'submit' | 'submitLinked' | 'find' | 'refundedOf'>
  readonly lines: Pick<Lines, 'carrierOf'>
  readonly clock: Clock
  readonly turns: Turns
  accountsOf(charge: Charge): Promise<ChargeAccounts>
}

/**
 * Money of an each-charged purchase on its way back. In the ledger the merchant gives it back and it leaves the wallet at
 * once, so that it cannot be spent while the carrier is asked. The carrier puts it on the line; when it will not (too
 * late, not in part, paid early) the payer keeps it in the wallet. Either way the payer has it.
 */
export class RailRefunds {
  readonly #parts: RailRefundParts
  readonly #asking: Asking<RailRefund>

  constructor(parts: RailRefundParts) {
    this.#parts = parts
    this.#asking = new Asking(parts.clock, (refund) => parts.store.saveRefund(refund))
  }

  /** The charge that a payment was made by; undefined: an ordinary payment, whose refund stays inside. */
  async chargeOf(payment: Payment): Promise<Charge | undefined> {
    if (payment.transfer.kind !== 'capture' && payment.transfer.kind !== 'payment') return undefined
    return this.#parts.store.find(payment.transfer.id)
  }

  async refund(
    payment: Payment,
    charge: Charge,
    key: string,
    wish: { readonly amount?: string | undefined; readonly reference?: string | undefined },
  ): Promise<Paid | Refusal> {
    const id = idOf('rfd', payment.transfer.id, key)
    return this.#parts.turns.take(charge.id, async () => {
      const before = await this.#parts.store.findRefund(id)
      const refund = before ?? (await this.#wished(payment, charge, id, wish))
      if (isRefusal(refund)) return refund
      if (before !== undefined && !(await this.#isSame(before, payment, charge, wish))) {
        return refuse('key_reused')
      }
      const left =
        refund.state === 'intent' ? await this.#giveBack(payment, charge, refund) : undefined
      if (left !== undefined) return left
      const transfer = await this.#parts.ledger.find(id, charge.shard)
      if (transfer === undefined) throw new Error(`refund ${id} is not in the ledger`)
      await this.#go((await this.#parts.store.findRefund(id)) ?? refund, charge)
      return { ...payment, transfer, replayed: before !== undefined }
    })
  }

  /** Takes up what is due by the machine's time; undefined: all. @returns how many there were */
  async work(dueMs: number | undefined): Promise<number> {
    const open = await this.#parts.store.openRefunds(dueMs, 200)
    await abreast(workAtOnce, open, (refund) => this.#resume(refund))
    return open.length
  }

  /** Takes up the open ones of a charge: the carrier told something. */
  async look(chargeId: string): Promise<void> {
    const refunds = await this.#parts.store.refundsOf(chargeId)
    for (const refund of refunds) if (refund.endedAtMs === null) await this.#resume(refund)
  }

  #resume({ id, chargeId }: RailRefund): Promise<void> {
    return this.#parts.turns.take(chargeId, async () => {
      const refund = await this.#parts.store.findRefund(id)
      const charge = await this.#parts.store.find(chargeId)
      if (refund === undefined || charge === undefined || refund.endedAtMs !== null) return
      if (refund.state !== 'intent') return this.#go(refund, charge)
      // Nobody was told yes: when the ledger does not have it, it never was.
      const booked = await this.#parts.ledger.find(refundIds(id).refund, charge.shard)
      if (booked === undefined) return this.#parts.store.dropRefund(id)
      return this.#go(await this.#asking.save({ ...refund, state: 'returned' }), charge)
    })
  }

  async #wished(
    payment: Payment,
    charge: Charge,
    id: string,
    wish: { readonly amount?: string | undefined; readonly reference?: string | undefined },
  ): Promise<RailRefund | Refusal> {
    const parsed = wish.amount === undefined ? undefined : parseAmount(wish.amount, charge.asset)
    if (parsed?.ok === false) return refuse(parsed.code, { param: 'amount' })
    const refunded = await this.#parts.ledger.refundedOf(payment.transfer)
    const amount = parsed?.amount ?? charge.amount - refunded
    if (amount === 0n && parsed !== undefined) {
      return refuse('amount_not_positive', { param: 'amount' })
    }
    if (amount > charge.amount - refunded || amount === 0n) {
      const left = charge.amount - refunded
      const outcome = { ok: false, code: 'refund_exceeds_payment', left } as const
      return refusalOfOutcome(outcome, charge.asset, '')
    }
    const nowMs = this.#parts.clock.now()
    const refund: RailRefund = {
      ...{ id, chargeId: charge.id, amount, isTotal: amount === charge.amount },
      ...{ reference: wish.reference ?? '', state: 'intent', carrierRefundId: null, reason: null },
      ...{ attempts: 0, createdAtMs: nowMs, sent: null, endedAtMs: null },
      dueAtMs: this.#parts.clock.machineNow() + 5_000,
    }
    await this.#parts.store.addRefund(refund)
    return refund
  }

  async #isSame(
    before: RailRefund,
    payment: Payment,
    charge: Charge,
    wish: { readonly amount?: string | undefined; readonly reference?: string | undefined },
  ): Promise<boolean> {
    if (before.chargeId !== payment.transfer.id) return false
    if (before.reference !== (wish.reference ?? '')) return false
    if (wish.amount === undefined) return true
    const parsed = parseAmount(wish.amount, charge.asset)
    return parsed.ok && parsed.amount === before.amount
  }

  /** In the ledger, both or neither: from the merchant to the wallet, and out to the rail. */
  async #giveBack(
    payment: Payment,
    charge: Charge,
    refund: RailRefund,
  ): Promise<Refusal | undefined> {
    const ids = refundIds(refund.id)
    const { rail, wallet } = await this.#parts.accountsOf(charge)
    const { amount, reference } = refund
    const outcomes = await this.#parts.ledger.submitLinked([
      {
        ...{ type: 'refund', id: ids.refund, payment: payment.transfer.id },
        ...{ shard: charge.shard, amount, reference },
      },
      { type: 'pay', kind: 'movement', id: ids.out, debit: wallet, credit: rail, amount },
    ])
    const refused = outcomes.flatMap((each) => (each.ok ? [] : [each]))
    const outcome = refused.find(({ code }) => code !== 'linked_failed') ?? refused[0]
    if (outcome === undefined) {
      await this.#asking.save({ ...refund, state: 'returned' })
      return undefined
    }
    if (outcome.code !== 'unknown_outcome') await this.#parts.store.dropRefund(refund.id)
    return refusalOfOutcome(outcome, charge.asset, `/v1/payments/${typeIdOf('pay', charge.id)}`)
  }

  async #go(refund: RailRefund, charge: Charge): Promise<void> {
    await walk(refund, (at) => this.#step(at, charge))
  }

  async #step(refund: RailRefund, charge: Charge): Promise<Step<RailRefund>> {
    switch (refund.state) {
      case 'returned':
        return this.#send(refund, charge)
      case 'sent':
        return this.#look(refund, charge)
      case 'denied':
        return this.#keep(refund, charge)
      case 'intent':
      case 'settled':
      case 'kept':
        return { is: 'rest', row: refund }
    }
  }

  async #send(refund: RailRefund, charge: Charge): Promise<Step<RailRefund>> {
    const { camara } = this.#parts.lines.carrierOf(charge)
    const known = await this.#asking.send({ ...refund, state: 'sent' }, (sent) =>
      camara.refunds.createRefund(paymentIdOf(charge), refundRequestOf(sent, charge)),
    )
    return this.#hear(known, charge)
  }

  async #look(refund: RailRefund, charge: Charge): Promise<Step<RailRefund>> {
    const { camara, timeoutMs } = this.#parts.lines.carrierOf(charge)
    const paymentId = paymentIdOf(charge)
    const { id, carrierRefundId } = refund
    const known = await this.#asking.look<RefundResponse>(refund, {
      retrieve:
        carrierRefundId === null
          ? undefined
          : () => camara.refunds.retrieveRefund(paymentId, carrierRefundId),
      forgotten: { ...refund, carrierRefundId: null },
      seek: async () => {
        const readFrom = momentOf(this.#parts.clock)
        const found = await camara.refunds.findByCorrelator(paymentId, id)
        if (found.outcome === 'found') return { is: 'found', body: found.refund }
        return found.outcome === 'absent' ? { is: 'absent', readFrom } : { is: 'silent' }
      },
      timeoutMs,
    })
    return this.#hear(known, charge)
  }

  async #hear(known: Known<RailRefund, RefundResponse>, charge: Charge): Promise<Step<RailRefund>> {
    const { row } = known
    switch (known.is) {
      case 'taken':
        return this.#adopt(row, known.body)
      case 'refused':
        return this.#deny(row, known.reason)
      case 'put_off':
        return this.#asking.rest({ ...row, state: 'returned', sent: null })
      case 'gone':
        return this.#send(row, charge)
      case 'rest':
        return known
    }
  }

  #adopt(refund: RailRefund, found: RefundResponse): Promise<Step<RailRefund>> {
    const known = { ...refund, carrierRefundId: found.refundId }
    switch (found.refundStatus) {
      case 'succeeded':
        return this.#asking.end(known, { state: 'settled' })
      case 'denied':
        return this.#deny(known, { code: 'refund_denied', text: '' })
      case 'processing':
        return this.#asking.rest(known)
    }
  }

  #deny(refund: RailRefund, reason: Reason): Promise<Step<RailRefund>> {
    return this.#asking.on(refund, { state: 'denied', reason })
  }

  /** The line does not get it, so the wallet does. */
  async #keep(refund: RailRefund, charge: Charge): Promise<Step<RailRefund>> {
    const { rail, wallet } = await this.#parts.accountsOf(charge)
    const outcome = await this.#parts.ledger.submit({
      ...{ type: 'pay', kind: 'topup', id: refundIds(refund.id).kept },
      ...{ debit: rail, credit: wallet, amount: refund.amount },
    })
    if (!outcome.ok) return this.#asking.rest(refund)
    return this.#asking.end(refund, { state: 'kept' })
  }
}
