import type { Outcome } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import type { Carrier } from '../carriers/carriers.ts'
import type { Listed, Listings, Sighting } from './listing.ts'
import type { Asked, Charge, Collection, Reason } from './model.ts'
import { momentOf } from './moment.ts'
import { absenceOf, backoffMs, isForgotten, lookAtMs, refusalAgain, verdictOf } from './verdict.ts'

/** What a step came to. */
export type Step<Row> =
  /** Saved; the next step can be taken. */
  | { readonly is: 'on'; readonly row: Row }
  /** Saved; nothing can be done before `dueAtMs`, or it has ended. */
  | { readonly is: 'rest'; readonly row: Row }

/** What is known of a request. Saved where it rests; elsewhere it is for the caller to go on. */
export type Known<Row, Body> =
  /** The carrier has it; the body says where it stands. */
  | { readonly is: 'taken'; readonly row: Row; readonly body: Body }
  /** None of its sendings was carried out, and the last one was answered with no. */
  | { readonly is: 'refused'; readonly row: Row; readonly reason: Reason }
  /** It was sent this once, and certainly not carried out; the same request may be taken later. */
  | { readonly is: 'put_off'; readonly row: Row; readonly reason: Reason }
  /** None of its sendings was carried out, or none was made: it may be sent, under the same key. */
  | { readonly is: 'gone'; readonly row: Row }
  | { readonly is: 'rest'; readonly row: Row }

/** How a request is looked for. */
export interface Search<Row, Body> {
  /** Asks by the carrier's own id; undefined while that is not known. */
  readonly retrieve: (() => Promise<Outcome<Body>>) | undefined
  /** The row without that id. */
  readonly forgotten: Row
  /** Looks for our key. `silent`: nothing was learned. */
  seek(): Promise<Sighting<Body> | { readonly is: 'silent' }>
  /** How long a request may take at this carrier. */
  readonly timeoutMs: number
}

/**
 * Asking a carrier to move money, whatever for. What is about to be sent is written down before; what was not answered is
 * looked for; what is not found once its time is over may be sent again, and never under another key:
 *
 *     send ─► taken | refused | put off | rest          look ─► taken | refused | gone ─► send | rest
 *
 * Rows rest by the machine's clock, so that a sandbox whose time stands still goes on asking.
 */
export class Asking<Row extends Asked> {
  readonly #clock: Clock
  readonly #keep: (row: Row) => Promise<void>

  /** @param keep - writes a row down */
  constructor(clock: Clock, keep: (row: Row) => Promise<void>) {
    this.#clock = clock
    this.#keep = keep
  }

  /** @param row - in the state that says that it was sent */
  async send<Body>(
    row: Row,
    request: (sent: Row) => Promise<Outcome<Body>>,
  ): Promise<Known<Row, Body>> {
    const last = momentOf(this.#clock)
    const firstAtMs = row.sent?.firstAtMs ?? last.programMs
    const sent = await this.save({ ...row, sent: { firstAtMs, last }, reason: null })
    const outcome = await request(sent)
    const verdict = verdictOf(outcome)
    if (verdict.is === 'taken') return { is: 'taken', row: sent, body: verdict.body }
    if (verdict.is === 'unknown') return this.rest(sent)
    const { reason } = verdict
    if (row.sent === null) {
      return { is: verdict.is === 'later' ? 'put_off' : 'refused', row: sent, reason }
    }
    // What was sent before may have arrived meanwhile: only the first no is certain.
    if (verdict.is === 'later') return this.rest(sent)
    return this.rest({ ...sent, reason: refusalAgain(outcome, verdict) })
  }

  async look<Body>(row: Row, search: Search<Row, Body>): Promise<Known<Row, Body>> {
    if (search.retrieve === undefined) return this.#seek(row, search)
    const outcome = await search.retrieve()
    if (isForgotten(outcome)) return this.#seek(search.forgotten, search)
    const verdict = verdictOf(outcome)
    return verdict.is === 'taken' ? { is: 'taken', row, body: verdict.body } : this.rest(row)
  }

  async #seek<Body>(row: Row, search: Search<Row, Body>): Promise<Known<Row, Body>> {
    const { sent, attempts } = row
    if (sent === null) return { is: 'gone', row }
    const seen = await search.seek()
    const nowMs = this.#clock.machineNow()
    switch (seen.is) {
      case 'found':
        return { is: 'taken', row: { ...row, reason: null }, body: seen.body }
      case 'silent':
        return this.rest(row)
      case 'unreadable':
        return this.#restUntil(row, nowMs + seen.retryMs, attempts)
      case 'absent':
    }
    const absence = absenceOf(sent, row.reason, seen.readFrom, search.timeoutMs)
    switch (absence.is) {
      case 'unclear':
        return this.#restUntil(row, lookAtMs(sent, attempts, nowMs, search.timeoutMs), attempts + 1)
      case 'refused':
        return { is: 'refused', row, reason: absence.reason }
      case 'gone':
        return { is: 'gone', row }
    }
  }

  /** Nothing can be done now: later, and less and less often. */
  rest(row: Row): Promise<{ readonly is: 'rest'; readonly row: Row }> {
    const dueAtMs = this.#clock.machineNow() + backoffMs(row.attempts)
    return this.#restUntil(row, dueAtMs, row.attempts + 1)
  }

  async on(row: Row, changes: Partial<Row>): Promise<Step<Row>> {
    return { is: 'on', row: await this.save({ ...row, ...changes, attempts: 0 }) }
  }

  async end(row: Row, changes: Partial<Row>): Promise<Step<Row>> {
    const endedAtMs = this.#clock.now()
    return { is: 'rest', row: await this.save({ ...row, ...changes, endedAtMs }) }
  }

  async save(row: Row): Promise<Row> {
    await this.#keep(row)
    return row
  }

  async #restUntil(row: Row, dueAtMs: number, attempts: number) {
    return { is: 'rest' as const, row: await this.save({ ...row, attempts, dueAtMs }) }
  }
}

type Payment = Charge | Collection

/** The carrier's id of something that it has. */
export function paymentIdOf({ id, carrierPaymentId }: Payment): string {
  if (carrierPaymentId === null) throw new Error(`${id} is at no carrier`)
  return carrierPaymentId
}

/** How a payment is looked for: by its carrier's id, or else by our key in the list of that time. */
export function paymentSearch<Row extends Payment>(
  carrier: Carrier,
  listings: Listings,
  row: Row,
): Search<Row, Listed> {
  const { id, sent, carrierPaymentId } = row
  const { carrierBilling } = carrier.camara
  return {
    retrieve:
      carrierPaymentId === null
        ? undefined
        : () => carrierBilling.retrievePayment(carrierPaymentId),
    forgotten: { ...row, carrierPaymentId: null },
    seek: async () => (sent === null ? { is: 'silent' } : listings.of(carrier).seek({ id, sent })),
    timeoutMs: carrier.timeoutMs,
  }
}

/** Takes one step after the other, until nothing can be done now. */
export async function walk<Row extends Asked>(
  row: Row,
  take: (row: Row) => Promise<Step<Row>>,
): Promise<Row> {
  let step: Step<Row> = { is: 'on', row }
  for (let taken = 0; step.is === 'on' && step.row.endedAtMs === null; taken += 1) {
    if (taken > stepsMost) throw new Error('a request goes in circles')
    step = await take(step.row)
  }
  return step.row
}

/** More steps than anything has that a carrier is asked about. */
const stepsMost = 30
