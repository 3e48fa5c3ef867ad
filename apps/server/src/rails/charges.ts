import { isOnStep } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type { Ledger, Refused, Transfer, Unknown } from '@jeon/ledger'
import { moneyText } from '../assets.ts'
import type { Lines } from '../carriers/lines.ts'
import { type Refusal, refuse } from '../errors.ts'
import { typeIdOf } from '../ids.ts'
import type { Merchants } from '../merchants/service.ts'
import type { Order } from '../payments/model.ts'
import { refusalOfOutcome } from '../payments/outcome.ts'
import { chargeIds } from './charge-ids.ts'
import type { ChargeStep, ChargeSteps } from './charge-steps.ts'
import type { ChargeStore } from './charge-store.ts'
import { minorStepOf } from './items.ts'
import type { Charge } from './model.ts'
import { abreast, type Turns, workAtOnce } from './turns.ts'
import { verdictOf } from './verdict.ts'

export interface ChargesParts {
  readonly store: ChargeStore
  readonly steps: ChargeSteps
  readonly ledger: Pick<Ledger, 'find'>
  readonly lines: Lines
  readonly merchants: Merchants
  readonly clock: Clock
  readonly turns: Turns
}

/** A charge after as many steps as could be taken. */
export interface Charged {
  readonly charge: Charge
  readonly replayed: boolean
  /** The payment in the ledger, once there is one. */
  readonly transfer: Transfer | undefined
}

/** Purchases that are a carrier's payment of their own. */
export class Charges {
  readonly #parts: ChargesParts

  constructor(parts: ChargesParts) {
    this.#parts = parts
  }

  /**
   * Pays through the phone bill, or finds what the same key came to before.
   *
   * @param id - the payment's, in 32 hexadecimal digits
   */
  async pay(order: Order, id: string): Promise<Charged | Refusal> {
    return this.#parts.turns.take(id, async () => {
      const first = await this.#parts.store.find(id)
      if (first !== undefined) {
        return isSame(first, order) ? this.#go(first, true) : refuse('key_reused')
      }
      // A payment of that key was made without a carrier before.
      const other = await this.#parts.ledger.find(id, order.wallet.shard)
      if (other !== undefined) return refuse('key_reused')
      const charge = await this.#chargeOf(order, id)
      if ('refused' in charge) return charge
      const isNew = await this.#parts.store.add(charge)
      if (!isNew) return refuse('key_reused')
      return this.#go(charge, false)
    })
  }

  /** What the carrier has yet to decide about for a wallet. */
  openOf(walletId: string): Promise<Charge[]> {
    return this.#parts.store.openOf(walletId)
  }

  /** Whether the carrier has yet to decide about a purchase of this wallet. */
  async isOpen(walletId: string): Promise<boolean> {
    return (await this.openOf(walletId)).length > 0
  }

  /** A charge as it is kept. */
  find(id: string): Promise<Charge | undefined> {
    return this.#parts.store.find(id)
  }

  /** Whether a hold of the ledger is what an open charge of these two reserved. */
  async isHold(holdId: string, walletId: string, merchantId: string): Promise<boolean> {
    const open = await this.#parts.store.openOf(walletId)
    return open.some((each) => each.merchantId === merchantId && chargeIds(each.id).hold === holdId)
  }

  /** A charge as the carrier has it now: asks when it has not ended. */
  async look(id: string): Promise<Charged | undefined> {
    return this.#parts.turns.take(id, async () => {
      const charge = await this.#parts.store.find(id)
      if (charge === undefined) return undefined
      const seen = await this.#go(charge, true, true)
      return 'refused' in seen ? undefined : seen
    })
  }

  /** Gives the code that the payer got from the carrier. */
  async validate(id: string, code: string): Promise<Charged | Refusal> {
    return this.#parts.turns.take(id, async () => {
      const charge = await this.#parts.store.find(id)
      const { authorizationId = null, carrierPaymentId = null } = charge ?? {}
      const isWaited = charge?.state === 'pending_validation'
      if (
        charge === undefined ||
        !isWaited ||
        authorizationId === null ||
        carrierPaymentId === null
      ) {
        return refuse('validation_not_pending')
      }
      const { camara } = this.#parts.lines.carrierOf(charge)
      const body = { authorizationId, code }
      const verdict = verdictOf(await camara.carrierBilling.validatePayment(carrierPaymentId, body))
      const seen = await this.#go(charge, false)
      if ('refused' in seen || seen.charge.state !== 'pending_validation') return seen
      if (verdict.is === 'refused') return refuse('validation_code_wrong', { param: 'code' })
      return verdict.is === 'taken' ? seen : refuse('carrier_unavailable', { retryAfterS: 2 })
    })
  }

  /**
   * Takes up what is due.
   *
   * @param dueMs - the machine's time; undefined: everything that has not ended, whenever it is due
   * @returns how many there were
   */
  async work(dueMs: number | undefined): Promise<number> {
    const open = await this.#parts.store.open(dueMs, workMost)
    await abreast(workAtOnce, open, ({ id }) =>
      this.#parts.turns.take(id, async () => {
        const charge = await this.#parts.store.find(id)
        if (charge !== undefined && charge.endedAtMs === null) await this.#go(charge, true, true)
      }),
    )
    return open.length
  }

  async #go(charge: Charge, replayed: boolean, isResumed = false): Promise<Charged | Refusal> {
    let at = charge
    for (let taken = 0; at.endedAtMs === null; taken += 1) {
      if (taken > stepsMost) throw new Error(`charge ${charge.id} goes in circles at ${at.state}`)
      const step: ChargeStep = await this.#parts.steps.take(at, isResumed)
      if (step.is === 'refused') return this.#refusalOf(charge, step.outcome)
      at = step.row
      if (step.is === 'rest') break
    }
    const transfer =
      at.state === 'settled' ? await this.#parts.ledger.find(at.id, at.shard) : undefined
    return { charge: at, replayed, transfer }
  }

  #refusalOf(charge: Charge, outcome: Refused | Unknown): Refusal {
    return refusalOfOutcome(outcome, charge.asset, `/v1/payments/${typeIdOf('pay', charge.id)}`)
  }

  async #chargeOf(order: Order, id: string): Promise<Charge | Refusal> {
    const { wallet, merchantId, amount, asset, offer } = order
    const link = this.#parts.lines.of(wallet.id)
    if (link === undefined) return refuse('line_not_linked')
    const carrier = this.#parts.lines.carrierOf(link)
    const nowMs = this.#parts.clock.now()
    const profile = carrier.profileAt(nowMs)
    if (asset.code !== carrier.asset.code) {
      return refuse('currency_not_held', { values: { currency: asset.code } })
    }
    if (!isOnStep(profile, amount)) {
      const values = { step: moneyText(minorStepOf(profile), asset) }
      return refuse('amount_not_chargeable', { param: 'amount', values })
    }
    const merchant = await this.#parts.merchants.find(merchantId)
    const merchantName = merchant?.name ?? merchantId
    return {
      ...{ id, walletId: wallet.id, merchantId, shard: wallet.shard },
      ...{ carrier: carrier.id, phoneNumber: link.phoneNumber, amount, asset },
      ...{ category: order.category, offer: offer?.id ?? '', reference: order.reference },
      ...{ device: order.device, description: offer?.title ?? merchantName, merchantName },
      ...{ profileVersion: profile.version, state: 'intent', carrierPaymentId: null },
      ...{ authorizationId: null, validationUrl: null },
      ...{ reason: null, attempts: 0, createdAtMs: nowMs, sent: null },
      // The one who asks takes the steps; the worker comes when he did not get through.
      ...{ dueAtMs: this.#parts.clock.machineNow() + firstDueMs, endedAtMs: null },
    }
  }
}

/** Rows that are taken up in one run. */
const workMost = 200
/** More steps than any charge has. */
const stepsMost = 30
const firstDueMs = 5_000

function isSame(charge: Charge, order: Order): boolean {
  return (
    charge.walletId === order.wallet.id &&
    charge.merchantId === order.merchantId &&
    charge.offer === (order.offer?.id ?? '') &&
    charge.amount === order.amount &&
    charge.asset.code === order.asset.code &&
    charge.reference === order.reference
  )
}
