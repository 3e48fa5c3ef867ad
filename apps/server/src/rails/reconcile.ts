import { randomUUID } from 'node:crypto'
import { addDays, startOfDayMs } from '@jeon/billing'
import { amountFromWire, collectPages, type PaymentResponse } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import type { Asset } from '@jeon/money'
import type { Carrier, Carriers } from '../carriers/carriers.ts'
import type { BreakKind, Charge } from './model.ts'
import { compareRefunds, type TheirRefunds } from './reconcile-refunds.ts'
import type { BreakFound, OurPayment, ReconciliationStore, Result } from './reconciliation-store.ts'
import { searchWindowMs } from './verdict.ts'

export interface ReconcilerParts {
  readonly store: ReconciliationStore
  readonly carriers: Carriers
  readonly clock: Clock
}

/**
 * A day of ours against the carrier's list of that day. It finds and writes down; it repairs nothing. What is still under
 * way on our side is counted as open and looked at again the next day it is run for.
 */
export class Reconciler {
  readonly #parts: ReconcilerParts

  constructor(parts: ReconcilerParts) {
    this.#parts = parts
  }

  /**
   * Compares one day, in the market's zone. Running it again finds the same breaks and makes no new ones.
   *
   * @param day - `YYYY-MM-DD`
   */
  async run(carrier: Carrier, day: string): Promise<Result> {
    const { store, clock } = this.#parts
    const { zone } = carrier.profileAt(clock.now())
    const fromMs = startOfDayMs(day, zone)
    const toMs = startOfDayMs(addDays(day, 1), zone)
    const list = await collectPages(
      // Wider than the day: what one side has just before midnight the other may have just after.
      carrier.camara.carrierBilling.listPayments({
        fromMs: fromMs - searchWindowMs,
        toMs: toMs + searchWindowMs - 1,
      }),
    )
    const about = { carrier: carrier.id, day, currency: carrier.asset.code }
    if (list.outcome !== 'complete') {
      const detail = 'detail' in list ? list.detail : `${list.code}: ${list.message}`
      return store.save({ ...emptyResult, ...about, ...this.#stamp(), state: 'failed', detail }, [])
    }
    const ours = await store.ours(carrier.id, fromMs, toMs)
    const known = await store.byCorrelators(list.items.flatMap(correlatorsOf))
    const compared = compare({
      ours,
      known,
      theirs: list.items,
      fromMs,
      toMs,
      asset: carrier.asset,
    })
    const refunds = await this.#refunds(carrier, fromMs, toMs)
    if (refunds === undefined) {
      const detail = 'the refunds of a payment could not be read'
      return store.save({ ...emptyResult, ...about, ...this.#stamp(), state: 'failed', detail }, [])
    }
    const breaks = [...compared.breaks, ...refunds.breaks]
    const result: Result = {
      ...{ ...about, ...this.#stamp(), state: 'complete', detail: null },
      ...{ ours: ours.length + refunds.ours, theirs: compared.theirs + refunds.theirs },
      ...{ matched: compared.matched + refunds.matched, open: compared.open + refunds.open },
      ...{ breaks: breaks.length, amount: compared.amount },
    }
    return store.save(result, breaks)
  }

  /** @returns undefined: a list could not be read to its end */
  async #refunds(carrier: Carrier, fromMs: number, toMs: number) {
    const { store } = this.#parts
    const ours = await store.refunds(carrier.id, fromMs, toMs)
    const payments = new Map(ours.map((each) => [each.carrierPaymentId, each.whole]))
    const theirs: TheirRefunds[] = []
    for (const [carrierPaymentId, amount] of payments) {
      const list = await collectPages(carrier.camara.refunds.listRefunds(carrierPaymentId))
      if (list.outcome !== 'complete') return undefined
      theirs.push({ carrierPaymentId, amount, refunds: list.items })
    }
    const known = await store.refundIds(ours.map(({ chargeId }) => chargeId))
    const count = theirs.reduce((sum, { refunds }) => sum + refunds.length, 0)
    const compared = compareRefunds(ours, known, theirs, carrier.asset)
    return { ...compared, ours: ours.length, theirs: count }
  }

  /** The ledger could not follow a carrier: a break that no list shows. */
  async strand(charge: Charge): Promise<void> {
    const { zone } = this.#carrier(charge.carrier).profileAt(charge.createdAtMs)
    const day = Temporal.Instant.fromEpochMilliseconds(charge.createdAtMs)
      .toZonedDateTimeISO(zone)
      .toPlainDate()
      .toString()
    await this.#parts.store.addBreaks(
      { carrier: charge.carrier, day, currency: charge.asset.code, reconciliationId: null },
      [
        {
          ...{ kind: 'stranded', subject: charge.id, ourId: charge.id },
          ...{ carrierPaymentId: charge.carrierPaymentId, ourAmount: charge.amount },
          ...{ theirAmount: null, ourStatus: charge.state, theirStatus: null },
        },
      ],
      this.#parts.clock.now(),
    )
  }

  #carrier(id: string): Carrier {
    const known = this.#parts.carriers.get(id)
    if (known === undefined) throw new Error(`carrier "${id}" is not told`)
    return known
  }

  #stamp() {
    return { id: randomUUID(), finishedAtMs: this.#parts.clock.now() }
  }
}

const emptyResult = { ours: 0, theirs: 0, matched: 0, open: 0, breaks: 0, amount: 0n } as const

interface Lists {
  /** Ours that were first sent on the day. */
  readonly ours: readonly OurPayment[]
  /** Ours, of whatever day, that their list names. */
  readonly known: ReadonlyMap<string, OurPayment>
  /** Theirs, of the day and a little around it. */
  readonly theirs: readonly PaymentResponse[]
  readonly fromMs: number
  readonly toMs: number
  readonly asset: Asset
}

/** Where the two lists differ. Pure. */
export function compare({ ours, known, theirs, fromMs, toMs, asset }: Lists) {
  const breaks: BreakFound[] = []
  const seen = new Map<string, PaymentResponse>()
  let [matched, open, amount, count] = [0, 0, 0n, 0]
  for (const payment of theirs) {
    const createdAtMs = Date.parse(payment.paymentCreationDate)
    const isOfDay = createdAtMs >= fromMs && createdAtMs < toMs
    const correlator = payment.amountTransaction.clientCorrelator ?? ''
    const own = known.get(correlator)
    const first = seen.get(correlator)
    if (own !== undefined) seen.set(correlator, first ?? payment)
    if (!isOfDay) continue
    count += 1
    const theirAmount = amountOf(payment, asset)
    if (own === undefined) {
      // What never came to anything and nobody here knows is no money.
      if (moved(payment)) breaks.push(found('missing_here', payment, undefined, theirAmount))
      continue
    }
    if (first !== undefined) breaks.push(found('duplicate', payment, own, theirAmount))
    else if (own.endedAtMs === null) open += 1
    else if (own.paid !== moved(payment)) {
      breaks.push(found('status', payment, own, theirAmount))
    } else if (own.amount !== theirAmount) {
      breaks.push(found('amount', payment, own, theirAmount))
    } else {
      matched += 1
      if (own.paid) amount += own.amount
    }
  }
  for (const own of ours) {
    if (seen.has(own.id)) continue
    // What was refused before the carrier wrote anything down is nowhere on its list, and rightly so.
    if (own.endedAtMs === null) open += 1
    else if (own.paid) breaks.push(found('missing_there', undefined, own, null))
    else matched += 1
  }
  return { breaks, matched, open, amount, theirs: count }
}

/** Whether the line was charged, or is about to be for good. */
function moved({ paymentStatus }: PaymentResponse): boolean {
  return paymentStatus === 'succeeded'
}

function found(
  kind: BreakKind,
  theirs: PaymentResponse | undefined,
  ours: OurPayment | undefined,
  theirAmount: bigint | null,
): BreakFound {
  return {
    kind,
    subject: kind === 'missing_there' ? (ours?.id ?? '') : (theirs?.paymentId ?? ours?.id ?? ''),
    ourId: ours?.id ?? null,
    carrierPaymentId: theirs?.paymentId ?? ours?.carrierPaymentId ?? null,
    ourAmount: ours?.amount ?? null,
    theirAmount,
    ourStatus: ours?.state ?? null,
    theirStatus: theirs?.paymentStatus ?? null,
  }
}

function amountOf(payment: PaymentResponse, asset: Asset): bigint | null {
  const { amount, currency } = payment.amountTransaction.paymentAmount.chargingInformation
  const read = amountFromWire(amount, asset)
  return currency === asset.code && read.ok ? read.amount : null
}

function correlatorsOf({ amountTransaction }: PaymentResponse): string[] {
  const { clientCorrelator } = amountTransaction
  return clientCorrelator === undefined ? [] : [clientCorrelator]
}
