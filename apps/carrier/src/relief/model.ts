import type { CalendarDate, PercentText } from '@jeon/billing'

export type ReliefState = 'applied' | 'granted' | 'refused' | 'completed' | 'broken'

/** Debt relief: collection stops the day after the application; what is granted is cut and paid month by month. */
export interface Relief {
  readonly id: string
  readonly lineId: string
  readonly state: ReliefState
  /** How much of the debt is given up. */
  readonly cutPercent: PercentText
  readonly months: number
  readonly paidMonths: number
  /** What was owed after the cut, smallest units. */
  readonly owed: bigint
  readonly grantedOn: CalendarDate | null
  readonly appliedAtMs: number
  readonly decidedAtMs: number | null
}

/**
 * line_not_found, relief_not_found
 * nothing_owed
 * already_running   the line has an application or plan
 * wrong_state       it was decided before
 * terms_invalid     the cut is no percentage up to 100, or the months are not 1 to 120
 */
export type ReliefRefusal =
  | 'line_not_found'
  | 'relief_not_found'
  | 'nothing_owed'
  | 'already_running'
  | 'wrong_state'
  | 'terms_invalid'

export type ReliefOutcome =
  | { readonly ok: true; readonly relief: Relief }
  | { readonly ok: false; readonly code: ReliefRefusal }
