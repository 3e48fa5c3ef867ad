import { setTimeout as pause } from 'node:timers/promises'
import { type NotComplete, type PaymentResponse, PER_PAGE_DEFAULT } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import type { Carrier } from '../carriers/carriers.ts'
import type { Sending } from './model.ts'
import { type Moment, momentOf, passedMs } from './moment.ts'
import { merged, type Span, uncovered } from './spans.ts'
import { backoffMs, safeMs, searchWindowMs } from './verdict.ts'

/** A request whose answer was lost. */
export interface Lost {
  /** Our key of it, its correlator at the carrier. */
  readonly id: string
  readonly sent: Sending
}

/** What the carrier's list says about it. */
export type Sighting<Body = Listed> =
  | { readonly is: 'found'; readonly body: Body }
  /** Not on the list when its reading began. While the request may be on its way that means nothing. */
  | { readonly is: 'absent'; readonly readFrom: Moment }
  /** The list cannot be read; before so long it is not tried again. */
  | { readonly is: 'unreadable'; readonly retryMs: number }

export type Listed = Pick<PaymentResponse, 'paymentId' | 'paymentStatus'>

/** Time of the list that was read to its end. */
interface Piece extends Span {
  /** When its reading began. */
  readonly readFrom: Moment
  readonly turn: number
}

interface Waiting {
  readonly lost: Lost
  /** The last reading that had begun when it was asked. */
  readonly turn: number
  readonly answer: (sighting: Sighting) => void
}

/** Payments on a page. More than any definition promises: a carrier may refuse it, or give fewer. */
const perPageMost = 1_000
/** Those who ask together are waited for so long. */
const gatherMs = 20
/** Whoever asks so soon after another is answered from the same reading. */
const shareMs = 1_000
/** What was read before a failure is good for so long. */
const resumeMs = 300_000
/** How much time one reading takes in at once; halved while that is too much for the carrier. */
const sliceMostMs = 3_600_000
const sliceLeastMs = 1_000
/** A carrier that cannot be read is asked again after so long at most. */
const retryMostMs = 30_000

/**
 * Looks for lost requests in a carrier's list. CAMARA has no question for one correlator, so the payments of that time
 * are read, once for all who look: one reading at a time, which those share who ask before it begins. It reads the time
 * around their requests and no more, in slices; after a failure it goes on where it stopped.
 */
export class Listing {
  readonly #carrier: Carrier
  readonly #clock: Clock
  #waiting: Waiting[] = []
  #pieces: Piece[] = []
  readonly #seen = new Map<string, Listed & { readonly turn: number }>()
  #isReading = false
  #turn = 0
  #failures = 0
  #notBeforeMs = 0
  #sliceMs = sliceMostMs
  #perPage = perPageMost

  constructor(carrier: Carrier, clock: Clock) {
    this.#carrier = carrier
    this.#clock = clock
  }

  /** Looks for one. Never throws. */
  seek(lost: Lost): Promise<Sighting> {
    const known = this.#known({ lost, turn: this.#turn })
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((answer) => {
      this.#waiting.push({ lost, turn: this.#turn, answer })
      if (!this.#isReading) void this.#readAll()
    })
  }

  async #readAll(): Promise<void> {
    this.#isReading = true
    while (this.#waiting.length > 0) {
      await pause(gatherMs)
      const batch = this.#waiting
      this.#waiting = []
      if (this.#retryMs() === 0) await this.#read(batch)
      for (const each of batch) {
        each.answer(this.#known(each) ?? { is: 'unreadable', retryMs: this.#retryMs() })
      }
    }
    this.#isReading = false
  }

  /** Milliseconds until the carrier is asked again. */
  #retryMs(): number {
    return Math.max(0, this.#notBeforeMs - this.#clock.machineNow())
  }

  async #read(batch: readonly Waiting[]): Promise<void> {
    this.#forget()
    const gaps = batch.flatMap((each) => uncovered(windowOf(each.lost), this.#piecesFor(each)))
    this.#turn += 1
    const isRead = await this.#readGaps(merged(gaps)).catch(() => false)
    if (isRead) {
      this.#failures = 0
      return
    }
    const waitMs = Math.min(backoffMs(this.#failures), retryMostMs)
    this.#failures += 1
    this.#notBeforeMs = this.#clock.machineNow() + waitMs
  }

  async #readGaps(gaps: readonly Span[]): Promise<boolean> {
    for (const gap of gaps) {
      let { fromMs } = gap
      while (fromMs <= gap.toMs) {
        const slice = { fromMs, toMs: Math.min(gap.toMs, fromMs + this.#sliceMs - 1) }
        const failure = await this.#readSlice(slice)
        if (failure === undefined) fromMs = slice.toMs + 1
        else if (!this.#askLess(slice, failure)) return false
      }
    }
    return true
  }

  /** @returns what ended it early; undefined: nothing */
  async #readSlice(slice: Span): Promise<NotComplete | undefined> {
    const turn = this.#turn
    const readFrom = momentOf(this.#clock)
    const window = { ...slice, perPage: this.#perPage }
    let pages = 0
    for await (const outcome of this.#carrier.camara.carrierBilling.listPayments(window)) {
      if (outcome.outcome !== 'settled') return outcome
      pages += 1
      for (const payment of outcome.body.items) this.#see(payment)
    }
    this.#pieces.push({ ...slice, readFrom, turn })
    if (pages < 2) this.#sliceMs = Math.min(2 * this.#sliceMs, sliceMostMs)
    return undefined
  }

  /** @returns whether the same is worth asking at once in smaller portions */
  #askLess({ fromMs, toMs }: Span, failure: NotComplete): boolean {
    if (failure.outcome === 'declined') {
      if (failure.code === 'OUT_OF_RANGE' || failure.code === 'INVALID_ARGUMENT') {
        const isLess = this.#perPage > PER_PAGE_DEFAULT
        this.#perPage = PER_PAGE_DEFAULT
        return isLess
      }
      if (failure.code !== 'CARRIER_BILLING.TOO_MANY_MATCHING_RECORDS') return false
    }
    const widthMs = toMs - fromMs + 1
    this.#sliceMs = Math.max(Math.ceil(widthMs / 2), sliceLeastMs)
    return failure.outcome === 'declined' && widthMs > sliceLeastMs
  }

  #see({ amountTransaction, paymentId, paymentStatus }: PaymentResponse): void {
    const { clientCorrelator } = amountTransaction
    if (clientCorrelator === undefined) return
    const other = this.#seen.get(clientCorrelator)
    const isAnother = other !== undefined && other.paymentId !== paymentId
    // Two under one correlator, which no carrier should have: the one that was not ended counts.
    if (isAnother && (isEnded(paymentStatus) || other.paymentStatus === 'succeeded')) return
    this.#seen.set(clientCorrelator, { paymentId, paymentStatus, turn: this.#turn })
  }

  #known(asked: Pick<Waiting, 'lost' | 'turn'>): Sighting | undefined {
    const payment = this.#seen.get(asked.lost.id)
    if (payment !== undefined && !isEnded(payment.paymentStatus))
      return { is: 'found', body: payment }
    const window = windowOf(asked.lost)
    const pieces = this.#piecesFor(asked).filter(
      ({ fromMs, toMs }) => fromMs <= window.toMs && toMs >= window.fromMs,
    )
    if (uncovered(window, pieces).length > 0) return undefined
    if (payment !== undefined) return { is: 'found', body: payment }
    const readings = pieces.map(({ readFrom }) => readFrom)
    const readFrom = readings.reduce((one, other) => (passedMs(one, other) < 0 ? other : one))
    return { is: 'absent', readFrom }
  }

  /** What was read and says something about a request: read since it asked, or after its safe time, or just now. */
  #piecesFor({ lost, turn }: Pick<Waiting, 'lost' | 'turn'>): Piece[] {
    const { last } = lost.sent
    const safe = safeMs(this.#carrier.timeoutMs)
    const now = momentOf(this.#clock)
    const isSafe = passedMs(last, now) >= safe
    return this.#pieces.filter(({ readFrom, ...piece }) => {
      const afterMs = passedMs(last, readFrom)
      if (piece.turn > turn || afterMs >= safe) return true
      return !isSafe && afterMs > 0 && readFrom.machineMs > now.machineMs - shareMs
    })
  }

  #forget(): void {
    const keptMs = this.#failures === 0 ? shareMs : resumeMs
    const sinceMs = this.#clock.machineNow() - keptMs
    this.#pieces = this.#pieces.filter(({ readFrom }) => readFrom.machineMs > sinceMs)
    const oldest = Math.min(...this.#pieces.map(({ turn }) => turn))
    for (const [id, { turn }] of this.#seen) if (turn < oldest) this.#seen.delete(id)
  }
}

/** One listing for each carrier. */
export class Listings {
  readonly #clock: Clock
  readonly #listings = new Map<string, Listing>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  of(carrier: Carrier): Listing {
    const listing = this.#listings.get(carrier.id) ?? new Listing(carrier, this.#clock)
    this.#listings.set(carrier.id, listing)
    return listing
  }
}

/** The time in which the carrier may have written it down. */
function windowOf({ sent }: Lost): Span {
  return {
    fromMs: sent.firstAtMs - searchWindowMs,
    toMs: sent.last.programMs + searchWindowMs,
  }
}

function isEnded(status: PaymentResponse['paymentStatus']): boolean {
  return status === 'cancelled' || status === 'denied'
}
