import type { CalendarDate, DunningPause, DunningStage } from '@jeon/billing'
import type { Bill } from '../bills/model.ts'
import type { CarrierId, LineStage } from '../model.ts'

/** A rung of the ladder of a line's oldest overdue bill, from its notice on. */
export interface DunningStep {
  readonly billId: string
  readonly stage: Rung
  /** The day of the notice. */
  readonly noticedOn: CalendarDate
  /** The day that the notice named. */
  readonly dueOn: CalendarDate
  readonly isDone: boolean
}

export type Rung = Exclude<DunningStage, 'due'>

/** All that decides what dunning does with a line. */
export interface DunningFacts {
  readonly lineId: string
  readonly carrier: CarrierId
  readonly stage: LineStage
  readonly inArrears: boolean
  /** With something owed and no relief plan; oldest first. */
  readonly bills: readonly Bill[]
  /** That were not ended by paying. */
  readonly steps: readonly DunningStep[]
  readonly pauses: readonly DunningPause[]
}

/** What is owed on a line, what follows, and exactly what restores service. Amounts in smallest units. */
export interface Standing {
  readonly lineId: string
  readonly owed: bigint
  /** Of it, what is past its due date. */
  readonly overdue: bigint
  readonly stage: 'current' | 'blocked' | LineStage
  readonly ladder: readonly {
    readonly stage: Rung
    readonly noticeOn: CalendarDate
    readonly on: CalendarDate
    readonly isDone: boolean
  }[]
  /** Why the clock stands; `null`: it runs. */
  readonly paused: 'dispute' | 'relief' | null
  readonly restore: {
    readonly toPay: bigint
    readonly rule: 'oldest_month' | 'full_balance'
    readonly enablesPayments: boolean
  } | null
  /** What a missed payment would lead to, in days after the due date. */
  readonly consequences: readonly { readonly day: number; readonly stage: Rung }[]
  /** Credits that wait for later bills. */
  readonly credit: bigint
  /** What was written off and is not paid: not part of `owed`, and yet owed. */
  readonly chargedOff: bigint
}

/** How far dunning has come with a line. */
export function positionOf(line: {
  readonly stage: LineStage
  readonly inArrears: boolean
}): DunningStage {
  if (line.stage !== 'active' && line.stage !== 'notice') return line.stage
  if (line.inArrears) return 'blocked'
  return line.stage === 'notice' ? 'notice' : 'due'
}
