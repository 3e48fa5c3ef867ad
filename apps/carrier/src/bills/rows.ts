import type { Bucket } from '@jeon/billing'
import type { Bill, BillItem, BillState } from './model.ts'

/** `select *` of carrier.bill. int8 comes as text. */
export interface BillRow {
  readonly id: string
  readonly carrier: string
  readonly line_id: string
  readonly cycle: string
  readonly made_on: string
  readonly due_on: string
  readonly profile_version: string
  readonly state: BillState
  readonly missed: number
  readonly total: string
  readonly settled: string
  readonly written_off: string
  readonly made_at: Date
}

export function billOf(row: BillRow): Bill {
  const total = BigInt(row.total)
  const settled = BigInt(row.settled)
  return {
    id: row.id,
    carrier: row.carrier,
    lineId: row.line_id,
    cycle: row.cycle,
    madeOn: row.made_on,
    dueOn: row.due_on,
    profileVersion: row.profile_version,
    state: row.state,
    missed: row.missed,
    total,
    settled,
    owed: total - settled,
    chargedOff: BigInt(row.written_off),
    madeAtMs: row.made_at.getTime(),
  }
}

/** `select *` of carrier.bill_item, with the payment's merchant. */
export interface ItemRow {
  readonly bill_id: string
  readonly number: number
  readonly kind: 'payment' | 'surcharge'
  readonly payment_id: string | null
  readonly about: number | null
  readonly missed: number | null
  readonly bucket: Bucket
  readonly label: string
  readonly amount: string
  readonly paid: string
  readonly credited: string
  readonly relieved: string
  readonly written_off: string
  readonly at: Date
  readonly merchant_id?: string | null
  readonly merchant_name?: string | null
  readonly merchant_contact?: string | null
}

export function itemOf(row: ItemRow): BillItem {
  const amount = BigInt(row.amount)
  const paid = BigInt(row.paid)
  const credited = BigInt(row.credited)
  const relieved = BigInt(row.relieved)
  const writtenOff = BigInt(row.written_off)
  const { merchant_id: id, merchant_name: name, merchant_contact: contact } = row
  return {
    number: row.number,
    kind: row.kind,
    paymentId: row.payment_id,
    about: row.about,
    missed: row.missed,
    bucket: row.bucket,
    label: row.label,
    amount,
    paid,
    credited,
    relieved,
    writtenOff,
    owed: amount - paid - credited - relieved - writtenOff,
    atMs: row.at.getTime(),
    merchant: id && name && contact ? { id, name, contact } : null,
  }
}
