import type { PaymentStatus, ValidationInfo } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import type { AccountId, Ledger, Refused, Unknown } from '@jeon/ledger'
import type { Lines } from '../carriers/lines.ts'
import { Asking, type Known, paymentIdOf, paymentSearch, type Step } from './asking.ts'
import { chargeIds } from './charge-ids.ts'
import type { ChargeStore } from './charge-store.ts'
import type { Listed, Listings } from './listing.ts'
import type { Charge, Reason } from './model.ts'
import { preparationOf, type Sink } from './request.ts'
import { unreachable, verdictOf } from './verdict.ts'

/** The ledger accounts of a charge. */
export interface ChargeAccounts {
  readonly rail: AccountId
  readonly wallet: AccountId
  readonly merchant: AccountId
}

export interface ChargeStepParts {
  readonly store: Pick<ChargeStore, 'save' | 'drop'>
  readonly ledger: Pick<Ledger, 'submit' | 'submitLinked' | 'find'>
  readonly lines: Pick<Lines, 'carrierOf'>
  readonly listings: Listings
  readonly clock: Clock
  accountsOf(charge: Charge): Promise<ChargeAccounts>
  /** Where its carrier may tell about it; undefined where no carrier can reach this platform. */
  sinkOf(charge: Charge): Sink | undefined
  /** The ledger could not follow: somebody has to look. */
  strand(charge: Charge): Promise<void>
}

/** What a step came to; `refused`: the ledger did at the very beginning, and there is no such charge any more. */
export type ChargeStep =
  | Step<Charge>
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
  readonly #asking: Asking<Charge>

  constructor(parts: ChargeStepParts) {
    this.#parts = parts
    this.#asking = new Asking(parts.clock, (charge) => parts.store.save(charge))
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
        return this.#look(charge)
      case 'pending_validation':
      case 'confirming':
        return this.#review(charge)
      case 'reserved':
        return this.#confirm(charge)
      case 'cancelling':
        return this.#cancel(charge)
      case 'charged':
        return this.#settle(charge)
      case 'refused':
        return this.#release(charge)
      case 'settled':
      case 'declined':
      case 'stranded':
        return { is: 'rest', row: charge }
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
    if (refused.length === 0) return this.#asking.on(charge, { state: 'held' })
    const outcome = refused.find(({ code }) => code !== 'linked_failed') ?? refused[0]
    if (outcome === undefined) throw new Error('the ledger refused without a refusal')
    // An unknown outcome keeps the row: the worker finds out what became of it.
    if (outcome.code !== 'unknown_outcome') await this.#parts.store.drop(charge.id)
    return { is: 'refused', outcome }
  }

  /** Nobody was told yes: when the ledger does not have it, it never was. */
  async #resumeIntent(charge: Charge): Promise<ChargeStep> {
    const held = await this.#parts.ledger.find(chargeIds(charge.id).hold, charge.shard)
    if (held !== undefined) return this.#asking.on(charge, { state: 'held' })
    await this.#parts.store.drop(charge.id)
    return { is: 'refused', outcome: { ok: false, code: 'unknown_outcome', id: charge.id } }
  }

  async #send(charge: Charge): Promise<ChargeStep> {
    const { carrierBilling } = this.#parts.lines.carrierOf(charge).camara
    const known = await this.#asking.send({ ...charge, state: 'sent' }, (sent) =>
      carrierBilling.preparePayment(preparationOf(sent, this.#parts.sinkOf(sent))),
    )
    return known.is === 'taken'
      ? this.#adopt(known.row, known.body, known.body.validationInfo)
      : this.#hear(known)
  }

  async #look(charge: Charge): Promise<ChargeStep> {
    const search = paymentSearch(this.#parts.lines.carrierOf(charge), this.#parts.listings, charge)
    return this.#hear(await this.#asking.look(charge, search))
  }

  async #hear(known: Known<Charge, Listed>): Promise<ChargeStep> {
    const { row } = known
    switch (known.is) {
      case 'taken':
        return this.#adopt(row, known.body)
      case 'refused':
      case 'put_off':
        return this.#refuse(row, known.reason)
      case 'gone':
        if (this.#ageMs(row.sent?.firstAtMs ?? row.createdAtMs) < giveUpMs) return this.#send(row)
        return this.#refuse(row, { code: 'carrier_silent', text: '' })
      case 'rest':
        return known
    }
  }

  /** Asks the carrier how far something is that it has. */
  async #review(charge: Charge): Promise<ChargeStep> {
    const truth = await this.#truthOf(charge)
    return truth === undefined ? this.#asking.rest(charge) : this.#adopt(charge, truth)
  }

  async #confirm(charge: Charge): Promise<ChargeStep> {
    const { carrierBilling } = this.#parts.lines.carrierOf(charge).camara
    const { phoneNumber } = charge
    const asked = await this.#asking.save({ ...charge, state: 'confirming' })
    const answer = await carrierBilling.confirmPayment(paymentIdOf(charge), { phoneNumber })
    const verdict = verdictOf(answer)
    const truth = await this.#truthOf(charge)
    if (truth === undefined) return this.#asking.rest(asked)
    if (truth.paymentStatus === 'reserved') {
      // Refused and still reserved: it will not be carried out, so that it must not stay reserved.
      return verdict.is === 'refused'
        ? this.#asking.on(asked, { state: 'cancelling', reason: verdict.reason })
        : this.#asking.rest(asked)
    }
    const reason = verdict.is === 'refused' ? verdict.reason : null
    return this.#adopt({ ...asked, reason: asked.reason ?? reason }, truth)
  }

  async #cancel(charge: Charge): Promise<ChargeStep> {
    const { carrierBilling } = this.#parts.lines.carrierOf(charge).camara
    const { phoneNumber } = charge
    await carrierBilling.cancelPayment(paymentIdOf(charge), { phoneNumber })
    const truth = await this.#truthOf(charge)
    if (truth === undefined) return this.#asking.rest(charge)
    const { paymentStatus } = truth
    const isEnded = paymentStatus === 'cancelled' || paymentStatus === 'denied'
    if (isEnded || paymentStatus === 'succeeded') return this.#adopt(charge, truth)
    return this.#asking.rest(charge)
  }

  /** How it stands at the carrier; undefined: nothing was learned. */
  async #truthOf(charge: Charge): Promise<Listed | undefined> {
    const { carrierBilling } = this.#parts.lines.carrierOf(charge).camara
    const verdict = verdictOf(await carrierBilling.retrievePayment(paymentIdOf(charge)))
    return verdict.is === 'taken' ? verdict.body : undefined
  }

  /** Takes over where the carrier says that it stands. */
  async #adopt(charge: Charge, payment: Listed, info?: ValidationInfo): Promise<ChargeStep> {
    const carrierPaymentId = payment.paymentId
    const known = { ...charge, carrierPaymentId }
    const status: PaymentStatus = payment.paymentStatus
    switch (status) {
      case 'processing':
        return this.#asking.rest(known)
      case 'pending_validation':
        return this.#await(known, info)
      case 'reserved':
        return this.#asking.on(known, { state: 'reserved' })
      case 'succeeded':
        return this.#asking.on(known, { state: 'charged' })
      case 'denied':
        return this.#refuse(known, charge.reason ?? endOf(charge, 'confirm_refused'))
      case 'cancelled':
        return this.#refuse(known, charge.reason ?? endOf(charge, 'cancelled'))
    }
  }

  async #await(charge: Charge, info: ValidationInfo | undefined): Promise<ChargeStep> {
    if (charge.state === 'pending_validation' || charge.state === 'cancelling') {
      return this.#asking.rest(charge)
    }
    if (info === undefined) {
      // The answer that named the way to confirm was lost, and no request asks for it again.
      const reason = { code: 'not_confirmable', text: '' }
      return this.#asking.on(charge, { state: 'cancelling', reason })
    }
    return this.#asking.rest({
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
    if (captured.ok) return this.#asking.end(charge, { state: 'settled' })
    if (captured.code !== 'hold_resolved') return this.#asking.rest(charge)
    // The hold ran out before the carrier was heard: what came in for it is still in the wallet, unless it was spent.
    const { wallet, merchant } = await this.#parts.accountsOf(charge)
    const paid = await ledger.submit({
      ...{ type: 'pay', id, debit: wallet, credit: merchant, amount },
      ...{ category, offer, reference, device },
    })
    if (paid.ok) return this.#asking.end(charge, { state: 'settled' })
    if (isPassing(paid)) return this.#asking.rest(charge)
    await this.#parts.strand(charge)
    return this.#asking.end(charge, { state: 'stranded' })
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
    if (outcomes.every(({ ok }) => ok)) return this.#asking.end(charge, { state: 'declined' })
    const isOver = outcomes.some((each) => !each.ok && each.code === 'hold_resolved')
    if (!isOver) return this.#asking.rest(charge)
    const moved = await ledger.submit(back)
    if (moved.ok) return this.#asking.end(charge, { state: 'declined' })
    if (isPassing(moved)) return this.#asking.rest(charge)
    await this.#parts.strand(charge)
    return this.#asking.end(charge, { state: 'stranded' })
  }

  #refuse(charge: Charge, reason: Reason): Promise<ChargeStep> {
    return this.#asking.on(charge, { state: 'refused', reason })
  }

  #ageMs(sinceMs: number): number {
    return this.#parts.clock.now() - sinceMs
  }
}

/** Whether the ledger may say something else later. */
function isPassing({ code }: Refused | Unknown): boolean {
  return code === 'unknown_outcome' || code === 'shard_unavailable' || code === 'overloaded'
}

/** A carrier says that it is over and not why: what waited for its owner, the owner did not confirm. */
function endOf({ state }: Charge, usual: 'confirm_refused' | 'cancelled') {
  return { code: state === 'pending_validation' ? 'validation_failed' : usual, text: '' }
}
