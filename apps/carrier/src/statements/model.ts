import type { CalendarDate } from '@jeon/billing'

/** A written list of what was charged in a period, on request within two weeks (Network Act art. 58(2)). */
export interface Statement {
  readonly id: string
  readonly lineId: string
  readonly from: CalendarDate
  readonly to: CalendarDate
  readonly requestedAtMs: number
  readonly answerByMs: number
  /** `null` until it is written. */
  readonly readyAtMs: number | null
  readonly text: string | null
}

export type StatementOutcome =
  | { readonly ok: true; readonly statement: Statement }
  | { readonly ok: false; readonly code: 'line_not_found' | 'period_invalid' }
