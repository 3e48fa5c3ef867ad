import type { RefundResponse } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import type { Ledger } from '@jeon/ledger'
import { parseAmount } from '@jeon/money'
import type { Carriers } from '../carriers/carriers.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import { typeIdOf } from '../ids.ts'
import type { Payment } from '../payments/model.ts'
import { idOf, type Paid, refusalOfOutcome } from '../payments/service.ts'
import { refundIds } from './charge-ids.ts'
import type { ChargeAccounts } from './charge-steps.ts'
import type { ChargeStore } from './charge-store.ts'
import type { Charge, RailRefund, Reason } from './model.ts'
import { refundRequestOf } from './request.ts'
import { abreast, type Turns, workAtOnce } from './turns.ts'
import { absenceOf, backoffMs, isForgotten, refusalAgain, verdictOf } from './verdict.ts'

export interface RailRefundParts {
  readonly store: ChargeStore
  readonly ledger: Pick<Ledger, 'submit' | 'submitLinked' | 'find' | 'refundedOf'>
  readonly carriers: Carriers
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

  constructor(parts: RailRefundParts) {
    this.#parts = parts
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

  /** Takes up what is due; undefined: all. @returns how many there were */
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
      return this.#go(await this.#save(refund, { state: 'returned' }), charge)
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
      ...{ attempts: 0, createdAtMs: nowMs, lastSentAtMs: null, dueAtMs: nowMs + 5_000 },
      endedAtMs: null,
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
      await this.#save(refund, { state: 'returned' })
      return undefined
    }
    if (outcome.code !== 'unknown_outcome') await this.#parts.store.dropRefund(refund.id)
    return refusalOfOutcome(outcome, charge.asset, `/v1/payments/${typeIdOf('pay', charge.id)}`)
  }

  async #go(refund: RailRefund, charge: Charge): Promise<void> {
    let at = refund
    for (let taken = 0; at.endedAtMs === null && taken < 6; taken += 1) {
      const next = await this.#step(at, charge)
      if (next === undefined) return
      at = next
    }
  }

  /** @returns undefined: nothing can be done now */
  async #step(refund: RailRefund, charge: Charge): Promise<RailRefund | undefined> {
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
        return undefined
    }
  }

  async #send(refund: RailRefund, charge: Charge): Promise<RailRefund | undefined> {
    const { carrierPaymentId } = charge
    if (carrierPaymentId === null) throw new Error(`charge ${charge.id} was settled nowhere`)
    const isFirst = refund.lastSentAtMs === null
    const lastSentAtMs = this.#parts.clock.now()
    const sent = await this.#save(refund, { state: 'sent', lastSentAtMs, reason: null })
    const { refunds } = this.#camara(charge)
    const body = refundRequestOf(refund, charge)
    const outcome = await refunds.createRefund(carrierPaymentId, body)
    const verdict = verdictOf(outcome)
    switch (verdict.is) {
      case 'taken':
        return this.#adopt(sent, verdict.body)
      case 'refused':
        // What was sent before may have arrived meanwhile: only the first no is certain.
        return isFirst
          ? this.#deny(sent, verdict.reason)
          : this.#rest({ ...sent, reason: refusalAgain(outcome, verdict) })
      case 'later':
        return this.#rest(isFirst ? { ...sent, state: 'returned', lastSentAtMs: null } : sent)
      case 'unknown':
        return this.#rest(sent)
    }
  }

  async #look(refund: RailRefund, charge: Charge): Promise<RailRefund | undefined> {
    const { carrierPaymentId } = charge
    if (carrierPaymentId === null) throw new Error(`charge ${charge.id} was settled nowhere`)
    const { refunds } = this.#camara(charge)
    if (refund.carrierRefundId !== null) {
      const outcome = await refunds.retrieveRefund(carrierPaymentId, refund.carrierRefundId)
      if (isForgotten(outcome)) return this.#seek({ ...refund, carrierRefundId: null }, charge)
      const verdict = verdictOf(outcome)
      return verdict.is === 'taken' ? this.#adopt(refund, verdict.body) : this.#rest(refund)
    }
    return this.#seek(refund, charge)
  }

  async #seek(refund: RailRefund, charge: Charge): Promise<RailRefund | undefined> {
    const { carrierPaymentId } = charge
    if (carrierPaymentId === null) throw new Error(`charge ${charge.id} was settled nowhere`)
    const readFromMs = this.#parts.clock.now()
    const { refunds } = this.#camara(charge)
    const found = await refunds.findByCorrelator(carrierPaymentId, refund.id)
    if (found.outcome === 'found') return this.#adopt({ ...refund, reason: null }, found.refund)
    if (found.outcome !== 'absent') return this.#rest(refund)
    const timeoutMs = this.#parts.carriers.get(charge.carrier)?.timeoutMs ?? 0
    const absence = absenceOf(refund, readFromMs, timeoutMs)
    switch (absence.is) {
      case 'unclear':
        return this.#rest(refund)
      case 'refused':
        return this.#deny(refund, absence.reason)
      case 'gone':
        return this.#send(refund, charge)
    }
  }

  #adopt(refund: RailRefund, found: RefundResponse): Promise<RailRefund | undefined> {
    const known = { ...refund, carrierRefundId: found.refundId }
    switch (found.refundStatus) {
      case 'succeeded':
        return this.#save(known, { state: 'settled', endedAtMs: this.#parts.clock.now() })
      case 'denied':
        return this.#deny(known, { code: 'refund_denied', text: '' })
      case 'processing':
        return this.#rest(known)
    }
  }

  #deny(refund: RailRefund, reason: Reason): Promise<RailRefund> {
    return this.#save(refund, { state: 'denied', reason })
  }

  /** The line does not get it, so the wallet does. */
  async #keep(refund: RailRefund, charge: Charge): Promise<RailRefund | undefined> {
    const { rail, wallet } = await this.#parts.accountsOf(charge)
    const outcome = await this.#parts.ledger.submit({
      ...{ type: 'pay', kind: 'topup', id: refundIds(refund.id).kept },
      ...{ debit: rail, credit: wallet, amount: refund.amount },
    })
    if (!outcome.ok) return this.#rest(refund)
    return this.#save(refund, { state: 'kept', endedAtMs: this.#parts.clock.now() })
  }

  async #rest(refund: RailRefund): Promise<undefined> {
    const dueAtMs = this.#parts.clock.now() + backoffMs(refund.attempts)
    await this.#save(refund, { attempts: refund.attempts + 1, dueAtMs })
    return undefined
  }

  async #save(refund: RailRefund, changes: Partial<RailRefund>): Promise<RailRefund> {
    const changed = { ...refund, ...changes }
    await this.#parts.store.saveRefund(changed)
    return changed
  }

  #camara({ carrier }: Charge) {
    const known = this.#parts.carriers.get(carrier)
    if (known === undefined) throw new Error(`carrier "${carrier}" is not told`)
    return known.camara
  }
}
