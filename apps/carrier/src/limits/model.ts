import type { Bucket, Factor, LimitChangeOutcome, MinorCeiling } from '@jeon/billing'
import type { Line } from '../model.ts'

export interface BucketLimits {
  readonly bucket: Bucket
  /** What holds now, freed headroom apart. Smallest units. */
  readonly personal: MinorCeiling
  /** The most that may be chosen. */
  readonly ceiling: MinorCeiling
  /** A raise that was asked for and is not yet in force. */
  readonly pending: { readonly after: MinorCeiling; readonly effectiveAtMs: number } | null
}

export interface LimitsView {
  readonly lineId: string
  readonly buckets: readonly BucketLimits[]
  /** Of the changes per day and bucket that the market allows: the fewest left of any bucket. */
  readonly changesLeftToday: number
  /** What early payment may still free this month, and what it freed. Smallest units. */
  readonly freeableLeft: bigint
  readonly freed: Readonly<Record<Bucket, bigint>>
}

export interface LimitWish {
  readonly bucket: Bucket
  /** A number that is missing stays as it is; `null`: no limit of one's own. Smallest units. */
  readonly wanted: {
    readonly transaction?: bigint | null
    readonly day?: bigint | null
    readonly month?: bigint | null
  }
  /** The owner agreed to a raise, in these words. `null`: did not. */
  readonly consent: string | null
  readonly factors: readonly Factor[]
}

type Refusal = Extract<LimitChangeOutcome, { ok: false }>

export type LimitsChanged =
  | {
      readonly ok: true
      readonly raises: boolean
      readonly effectiveAtMs: number
      readonly limits: LimitsView
    }
  | Refusal
  | { readonly ok: false; readonly code: 'no_such_bucket' }

export interface Limits {
  view(line: Line): Promise<LimitsView>
  change(lineId: string, wish: LimitWish): Promise<LimitsChanged>
  /** Raises whose cooling-off is over take effect. @returns how many */
  applyDue(nowMs: number): Promise<number>
  nextDueAt(): Promise<number | undefined>
  /**
   * Early payment made room: reads again what was paid early of this line's current cycle
   * (`carrier.payment.paid_early`), so that it may be repeated. Call it after those rows are written.
   */
  free(lineId: string): Promise<Line>
  /** Whether nothing of a bucket's month is left. */
  isExhausted(line: Line, bucket: Bucket): Promise<boolean>
  /**
   * Brings the ledger's windows of a line and its owner up to what holds now: ceilings by age and tenure, the owner's
   * limits, freed headroom of this month alone. Undefined: they are already so, and nothing was waited for.
   */
  ready(line: Line, bucket: Bucket, nowMs: number): Promise<void> | undefined
}
