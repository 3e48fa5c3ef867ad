import type { ColumnType } from 'kysely'
import type { Int8 } from '../int8.ts'
import type {
  BreakKind,
  ChargeState,
  CollectionCause,
  CollectionState,
  RefundState,
} from './model.ts'

/** What every row has that a carrier is asked about: what it was told, how often, when next. */
export interface AskedRow {
  reason_code: string | null
  reason_text: string | null
  attempts: number
  created_at: Date
  first_sent_at: Date | null
  last_sent_at: Date | null
  sent_machine_at: Date | null
  due_at: Date
  ended_at: Date | null
}

/** A row of jeon.rail_charge. */
export interface ChargeRow extends AskedRow {
  id: string
  wallet_id: string
  merchant_id: string
  shard: number
  carrier: string
  phone_number: string
  amount: Int8
  currency: string
  category: string
  offer: string
  reference: string
  device: string
  description: string
  merchant_name: string
  profile_version: string
  state: ColumnType<ChargeState>
  carrier_payment_id: string | null
  authorization_id: string | null
  validation_url: string | null
}

/** A row of jeon.collection. */
export interface CollectionRow extends AskedRow {
  id: string
  wallet_id: string
  shard: number
  carrier: string
  phone_number: string
  cause: ColumnType<CollectionCause>
  amount: Int8
  currency: string
  details: ColumnType<unknown, string, string>
  description: string
  profile_version: string
  state: ColumnType<CollectionState>
  carrier_payment_id: string | null
}

/** A row of jeon.rail_refund. */
export interface RefundRow extends AskedRow {
  id: string
  charge_id: string
  amount: Int8
  is_total: boolean
  reference: string
  state: ColumnType<RefundState>
  carrier_refund_id: string | null
}

/** A row of jeon.reconciliation. */
export interface ReconciliationRow {
  id: string
  carrier: string
  day: string
  state: ColumnType<'complete' | 'failed'>
  ours: number
  theirs: number
  matched: number
  open: number
  breaks: number
  amount: Int8
  currency: string
  detail: string | null
  finished_at: Date
}

/** A row of jeon.reconciliation_break. */
export interface BreakRow {
  id: string
  reconciliation_id: string | null
  carrier: string
  day: string
  kind: ColumnType<BreakKind>
  subject: string
  our_id: string | null
  carrier_payment_id: string | null
  our_amount: Int8 | null
  their_amount: Int8 | null
  currency: string
  our_status: string | null
  their_status: string | null
  found_at: Date
  seen_at: Date
  owner: string | null
  resolved_at: Date | null
  note: string | null
}
