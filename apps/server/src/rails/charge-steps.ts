import type { PaymentStatus, ValidationInfo } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import type { AccountId, Ledger, Refused, Unknown } from '@jeon/ledger'
import type { Carrier, Carriers } from '../carriers/carriers.ts'
import { chargeIds } from './charge-ids.ts'
import type { ChargeStore } from './charge-store.ts'
import type { Listed, Listings } from './listing.ts'
import type { Charge, ChargeState, Reason } from './model.ts'
import { preparationOf, type Sink } from './request.ts'
import {
  absenceOf,
  backoffMs,
  isForgotten,
  lookAtMs,
  refusalAgain,
  unreachable,
  verdictOf,
} from './verdict.ts'

/** The ledger accounts of a charge. */
export interface ChargeAccounts {
  readonly rail: AccountId
  readonly wallet: AccountId
  readonly merchant: AccountId
}

export interface ChargeStepParts {
  readonly store: Pick<ChargeStore, 'save' | 'drop'>
  readonly ledger: Pick<Ledger, 'submit' | 'submitLinked' | 'find'>
  readonly carriers: Carriers
  readonly listings: Listings
  readonly clock: Clock
  accountsOf(charge: Charge): Promise<ChargeAccounts>
  /** Where its carrier may tell about it; undefined where no carrier can reach this platform. */
  sinkOf(charge: Charge): Sink | undefined
  /** The ledger could not follow: somebody has to look. */
  strand(charge: Charge): Promise<void>
}

/** What a step came to. */
export type ChargeStep =
  /** Saved; the next step can be taken. */
  | { readonly is: 'on'; readonly charge: Charge }
  /** Saved; nothing can be done before `dueAtMs`, or it has ended. */
  | { readonly is: 'rest'; readonly charge: Charge }
  /** The ledger refused at the very beginning; there is no such charge any more. */
  | { readonly is: 'refused'; readonly outcome: Refused | Unknown }

/** What the payer sees is reserved for so long: longer than any carrier waits for its payer. In seconds. */
const holdTtlS = 7 * 86_400
/** A carrier that does not know of a request after so long never had it, in milliseconds. */
const giveUpMs = 10 * 60_000

/**
 * The steps of a purchase that is a carrier's payment of its own:
 * reserve in the ledger → prepare at the carrier → (the payer confirms) → confirm → pay in the ledger. What is about to be
 * asked is written down before; what was not answered is looked for.
 */
export class ChargeSteps {
  readonly #parts: ChargeStepParts

  constructor(parts: ChargeStepParts) {
    this.#parts = parts
  }

  /**
   * Takes the next step.
   *
   * @param isResumed - nobody waits for it any more: what the carrier was not asked for lately is not asked for now
   */
  async take(charge: Charge, isResumed: boolean): Promise<ChargeStep> {
    switch (charge.state) {
      case 'intent':
        return isResumed ? this.#resumeIntent(charge) : this.#hold(charge)
      case 'held':
        if (isResumed && this.#ageMs(charge.createdAtMs) > giveUpMs) {
          return this.#refuse(charge, unreachable)
        }
        return this.#send(charge)
      case 'sent':
      case 'pending_validation':
        return this.#look(charge)
      case 'reserved':
        return this.#confirm(charge)
      case 'confirming':
        return this.#look(charge)
      case 'cancelling':
        return this.#cancel(charge)
      case 'charged':
        return this.#settle(charge)
      case 'refused':
        return this.#release(charge)
      case 'settled':
      case 'declined':
      case 'stranded':
        return { is: 'rest', charge }
    }
  }

  async #hold(charge: Charge): Promise<ChargeStep> {
    const { rail, wallet, merchant } = await this.#parts.accountsOf(charge)
    const ids = chargeIds(charge.id)
    const { amount, category, offer, reference, device } = charge
    const outcomes = await this.#parts.ledger.submitLinked([
      { type: 'pay', kind: 'topup', id: ids.topup, debit: rail, credit: wallet, amount },
      {
        ...{ type: 'hold', id: ids.hold, debit: wallet, credit: merchant, amount },
        ...{ ttlS: holdTtlS, category, offer, reference, device },
      },
    ])
    const refused = outcomes.flatMap((each) => (each.ok ? [] : [each]))
    if (refused.length === 0) return this.#on(charge, { state: 'held' })
    const outcome = refused.find(({ code }) => code !== 'linked_failed') ?? refused[0]
    if (outcome === undefined) throw new Error('the ledger refused without a refusal')
    // An unknown outcome keeps the row: the worker finds out what became of it.
    if (outcome.code !== 'unknown_outcome') await this.#parts.store.drop(charge.id)
    return { is: 'refused', outcome }
  }

  /** Nobody was told yes: when the ledger does not have it, it never was. */
  async #resumeIntent(charge: Charge): Promise<ChargeStep> {
    const held = await this.#parts.ledger.find(chargeIds(charge.id).hold, charge.shard)
    if (held !== undefined) return this.#on(charge, { state: 'held' })
    await this.#parts.store.drop(charge.id)
    return { is: 'refused', outcome: { ok: false, code: 'unknown_outcome', id: charge.id } }
  }

  async #send(charge: Charge): Promise<ChargeStep> {
    const { camara } = this.#carrier(charge)
    const nowMs = this.#parts.clock.now()
    const isFirst = charge.firstSentAtMs === null
    const sent = await this.#save(charge, {
      state: 'sent',
      firstSentAtMs: charge.firstSentAtMs ?? nowMs,
      lastSentAtMs: nowMs,
      reason: null,
    })
    const body = preparationOf(sent, this.#parts.sinkOf(sent))
    const outcome = await camara.carrierBilling.preparePayment(body)
    const verdict = verdictOf(outcome)
    switch (verdict.is) {
      case 'taken':
        return this.#adopt(sent, verdict.body, verdict.body.validationInfo)
      case 'refused':
      case 'later':
        // What was sent before may have arrived meanwhile: only the first no is certain.
        if (isFirst) return this.#refuse(sent, verdict.reason)
        return this.#rest(
          verdict.is === 'refused' ? { ...sent, reason: refusalAgain(outcome, verdict) } : sent,
        )
      case 'unknown':
        return this.#rest(sent)
    }
  }

  /** Asks the carrier what became of it: by its id, or else by our key in the list of that time. */
  async #look(charge: Charge): Promise<ChargeStep> {
    const { camara } = this.#carrier(charge)
    const { carrierPaymentId } = charge
    if (carrierPaymentId === null) return this.#seek(charge)
    const outcome = await camara.carrierBilling.retrievePayment(carrierPaymentId)
    if (charge.state === 'sent' && isForgotten(outcome)) {
      return this.#seek({ ...charge, carrierPaymentId: null })
    }
    const verdict = verdictOf(outcome)
    return verdict.is === 'taken' ? this.#adopt(charge, verdict.body) : this.#rest(charge)
  }

  async #seek(charge: Charge): Promise<ChargeStep> {
    const { id, createdAtMs, attempts } = charge
    const { firstSentAtMs, lastSentAtMs } = charge
    const carrier = this.#carrier(charge)
    const seen = await this.#parts.listings.of(carrier).seek({
      id,
      firstSentAtMs: firstSentAtMs ?? createdAtMs,
      lastSentAtMs: lastSentAtMs ?? createdAtMs,
    })
    const nowMs = this.#parts.clock.now()
    switch (seen.is) {
      case 'found':
        return this.#adopt({ ...charge, reason: null }, seen.payment)
      case 'unreadable':
        return this.#restUntil(charge, nowMs + seen.retryMs, attempts)
      case 'absent':
    }
    const absence = absenceOf(charge, seen.readFromMs, carrier.timeoutMs)
    switch (absence.is) {
      case 'unclear':
        return this.#restUntil(charge, lookAtMs(charge, nowMs, carrier.timeoutMs), attempts + 1)
      case 'refused':
        return this.#refuse(charge, absence.reason)
      case 'gone':
        if (this.#ageMs(firstSentAtMs ?? 0) < giveUpMs) return this.#send(charge)
        return this.#refuse(charge, { code: 'carrier_silent', text: '' })
    }
  }

  async #confirm(charge: Charge): Promise<ChargeStep> {
    const { camara } = this.#carrier(charge)
    const { carrierPaymentId, phoneNumber } = charge
    if (carrierPaymentId === null) throw new Error(`charge ${charge.id} is reserved nowhere`)
    const asked = await this.#save(charge, { state: 'confirming' })
    const answer = await camara.carrierBilling.confirmPayment(carrierPaymentId, { phoneNumber })
    const verdict = verdictOf(answer)
    const seen = await camara.carrierBilling.retrievePayment(carrierPaymentId)
    const truth = verdictOf(seen)
    if (truth.is !== 'taken') return this.#rest(asked)
    const { paymentStatus } = truth.body
    if (paymentStatus === 'reserved') {
      // Refused and still reserved: it will not be carried out, so that it must not stay reserved.
      return verdict.is === 'refused'
        ? this.#on(asked, { state: 'cancelling', reason: verdict.reason })
        : this.#rest(asked)
    }
    const reason = verdict.is === 'refused' ? verdict.reason : null
    return this.#adopt({ ...asked, reason: asked.reason ?? reason }, truth.body)
  }

  async #cancel(charge: Charge): Promise<ChargeStep> {
    const { camara } = this.#carrier(charge)
    const { carrierPaymentId, phoneNumber } = charge
    if (carrierPaymentId === null) throw new Error(`charge ${charge.id} is to be cancelled nowhere`)
    await camara.carrierBilling.cancelPayment(carrierPaymentId, { phoneNumber })
    const truth = verdictOf(await camara.carrierBilling.retrievePayment(carrierPaymentId))
    if (truth.is !== 'taken') return this.#rest(charge)
    const { paymentStatus } = truth.body
    const isEnded = paymentStatus === 'cancelled' || paymentStatus === 'denied'
    if (isEnded || paymentStatus === 'succeeded') return this.#adopt(charge, truth.body)
    return this.#rest(charge)
  }

  /** Takes over where the carrier says that it stands. */
  async #adopt(charge: Charge, payment: Listed, info?: ValidationInfo): Promise<ChargeStep> {
    const carrierPaymentId = payment.paymentId
    const known = { ...charge, carrierPaymentId }
    const status: PaymentStatus = payment.paymentStatus
    switch (status) {
      case 'processing':
        return this.#rest(known)
      case 'pending_validation':
        return this.#await(known, info)
      case 'reserved':
        return this.#on(known, { state: 'reserved' })
      case 'succeeded':
        return this.#on(known, { state: 'charged' })
      case 'denied':
        return this.#refuse(known, charge.reason ?? { code: 'confirm_refused', text: '' })
      case 'cancelled':
        return this.#refuse(known, charge.reason ?? { code: 'cancelled', text: '' })
    }
  }

  async #await(charge: Charge, info: ValidationInfo | undefined): Promise<ChargeStep> {
    if (charge.state === 'pending_validation' || charge.state === 'cancelling') {
      return this.#rest(charge)
    }
    if (info === undefined) {
      // The answer that named the way to confirm was lost, and no request asks for it again.
      const reason = { code: 'not_confirmable', text: '' }
      return this.#on(charge, { state: 'cancelling', reason })
    }
    return this.#rest({
      ...charge,
      state: 'pending_validation',
      attempts: 0,
      authorizationId: info.action === 'validate' ? info.authorizationId : null,
      validationUrl: info.action === 'open' ? info.validationURL : null,
    })
  }

  /** The line was charged: the merchant gets it. */
  async #settle(charge: Charge): Promise<ChargeStep> {
    const { ledger } = this.#parts
    const ids = chargeIds(charge.id)
    const { id, shard, amount, category, offer, reference, device } = charge
    const captured = await ledger.submit({ type: 'capture', id, hold: ids.hold, shard })
    if (captured.ok) return this.#end(charge, 'settled')
    if (captured.code !== 'hold_resolved') return this.#rest(charge)
    // The hold ran out before the carrier was heard: what came in for it is still in the wallet, unless it was spent.
    const { wallet, merchant } = await this.#parts.accountsOf(charge)
    const paid = await ledger.submit({
      ...{ type: 'pay', id, debit: wallet, credit: merchant, amount },
      ...{ category, offer, reference, device },
    })
    if (paid.ok) return this.#end(charge, 'settled')
    if (isPassing(paid)) return this.#rest(charge)
    await this.#parts.strand(charge)
    return this.#end(charge, 'stranded')
  }

  /** The line was not charged: everything goes back as it was. */
  async #release(charge: Charge): Promise<ChargeStep> {
    const { ledger } = this.#parts
    const ids = chargeIds(charge.id)
    const { rail, wallet } = await this.#parts.accountsOf(charge)
    const { shard, amount } = charge
    const back = {
      ...({ type: 'pay', kind: 'movement', id: ids.back } as const),
      ...{ debit: wallet, credit: rail, amount },
    }
    const outcomes = await ledger.submitLinked([
      { type: 'void', id: ids.void, hold: ids.hold, shard },
      back,
    ])
    if (outcomes.every(({ ok }) => ok)) return this.#end(charge, 'declined')
    const isOver = outcomes.some((each) => !each.ok && each.code === 'hold_resolved')
    if (!isOver) return this.#rest(charge)
    const moved = await ledger.submit(back)
    if (moved.ok) return this.#end(charge, 'declined')
    if (isPassing(moved)) return this.#rest(charge)
    await this.#parts.strand(charge)
    return this.#end(charge, 'stranded')
  }

  #refuse(charge: Charge, reason: Reason): Promise<ChargeStep> {
    return this.#on(charge, { state: 'refused', reason })
  }

  async #on(charge: Charge, changes: Partial<Charge>): Promise<ChargeStep> {
    return { is: 'on', charge: await this.#save(charge, { ...changes, attempts: 0 }) }
  }

  /** Nothing can be done now: later, and less and less often. */
  #rest(charge: Charge): Promise<ChargeStep> {
    const dueAtMs = this.#parts.clock.now() + backoffMs(charge.attempts)
    return this.#restUntil(charge, dueAtMs, charge.attempts + 1)
  }

  async #restUntil(charge: Charge, dueAtMs: number, attempts: number): Promise<ChargeStep> {
    return { is: 'rest', charge: await this.#save(charge, { attempts, dueAtMs }) }
  }

  async #end(charge: Charge, state: ChargeState): Promise<ChargeStep> {
    const endedAtMs = this.#parts.clock.now()
    return { is: 'rest', charge: await this.#save(charge, { state, endedAtMs }) }
  }

  async #save(charge: Charge, changes: Partial<Charge>): Promise<Charge> {
    const changed = { ...charge, ...changes }
    await this.#parts.store.save(changed)
    return changed
  }

  #ageMs(sinceMs: number): number {
    return this.#parts.clock.now() - sinceMs
  }

  #carrier({ carrier }: Charge): Carrier {
    const known = this.#parts.carriers.get(carrier)
    if (known === undefined) throw new Error(`carrier "${carrier}" is not told`)
    return known
  }
}

/** Whether the ledger may say something else later. */
function isPassing({ code }: Refused | Unknown): boolean {
  return code === 'unknown_outcome' || code === 'shard_unavailable' || code === 'overloaded'
}
