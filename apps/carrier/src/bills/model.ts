import type { Bucket, CalendarDate, Cycle } from '@jeon/billing'
import type { CarrierId, Merchant } from '../model.ts'

export type BillState = 'open' | 'paid' | 'overdue_1' | 'overdue_2' | 'charged_off' | 'relief'

/** What a line's cycle cost. Amounts in smallest units. */
export interface Bill {
  readonly id: string
  readonly carrier: CarrierId
  readonly lineId: string
  readonly cycle: Cycle
  readonly madeOn: CalendarDate
  readonly dueOn: CalendarDate
  readonly profileVersion: string
  readonly state: BillState
  /** Due dates that passed while something was owed. */
  readonly missed: number
  /** All items, surcharges too. */
  readonly total: bigint
  /** Paid, credited, relieved or written off. */
  readonly settled: bigint
  /** total − settled. */
  readonly owed: bigint
  /** Of `settled`, what the carrier gave up and nobody has paid since: still the owner's debt, without dunning. */
  readonly chargedOff: bigint
  readonly madeAtMs: number
}

export interface BillItem {
  readonly number: number
  readonly kind: 'payment' | 'surcharge'
  readonly paymentId: string | null
  /** Of a surcharge: the number of the item that was not paid. */
  readonly about: number | null
  /** Of a surcharge: which missed due date it is for, counted from 1. */
  readonly missed: number | null
  readonly bucket: Bucket
  /** What was bought; empty for a surcharge, and once the record of the payment is no longer kept. */
  readonly label: string
  readonly amount: bigint
  readonly paid: bigint
  readonly credited: bigint
  readonly relieved: bigint
  readonly writtenOff: bigint
  readonly owed: bigint
  readonly atMs: number
  /** `null` for a surcharge, and once the record of the payment is no longer kept. */
  readonly merchant: Merchant | null
}

export interface ItemisedBill extends Bill {
  readonly items: readonly BillItem[]
  readonly credits: readonly UsedCredit[]
}

export interface UsedCredit {
  readonly creditId: string
  readonly amount: bigint
  readonly from: 'refund' | 'receipt' | 'early'
  readonly atMs: number
}

/** The bill that a cycle will make if nothing else is bought or cancelled. */
export interface ComingBill {
  readonly cycle: Cycle
  readonly amount: bigint
  readonly items: number
  readonly paidEarly: bigint
  readonly billOn: CalendarDate
  readonly dueOn: CalendarDate
}

/** How far a close has come. `rate`: items a second since this process began on it. */
export interface CloseProgress {
  readonly lines: number
  readonly items: number
  readonly amount: bigint
  readonly rate: number
}
