import type { CareBlock } from '@jeon/camara'
import { momentText } from '../dates.ts'
import type { LineMessageKey } from '../messages.ts'
import type { LineStore } from '../store.ts'

const categories: Readonly<Record<string, LineMessageKey>> = {
  digital: 'category_digital_label',
  physical: 'category_physical_label',
  voucher: 'category_voucher_label',
  content: 'category_content_label',
  charity: 'category_charity_label',
  ticket: 'category_ticket_label',
  voice: 'category_voice_label',
}

/** What was bought, by its kind; a kind that the page has no word for is shown as it came. */
export function categoryText(store: LineStore, category: string): string {
  const key = categories[category]
  return key === undefined ? category : store.text(key)
}

const statuses: Readonly<Record<string, LineMessageKey>> = {
  processing: 'payment_processing_label',
  pending_validation: 'payment_pending_label',
  reserved: 'payment_reserved_label',
  succeeded: 'payment_succeeded_label',
  denied: 'payment_denied_label',
  cancelled: 'payment_cancelled_label',
}

/** How a payment stands, in words for people. */
export function statusText(store: LineStore, status: string): string {
  const key = statuses[status]
  return key === undefined ? status : store.text(key)
}

const disputes: Readonly<Record<string, LineMessageKey>> = {
  open: 'dispute_open_label',
  justified: 'dispute_justified_label',
  rejected: 'dispute_rejected_label',
  withdrawn: 'dispute_withdrawn_label',
}

export function disputeText(store: LineStore, state: string): string {
  const key = disputes[state]
  return key === undefined ? state : store.text(key)
}

const blocks: Readonly<Record<string, LineMessageKey>> = {
  payer: 'block_payer_label',
  permanent: 'block_permanent_label',
  voucher: 'block_voucher_label',
  auto_pay: 'block_auto_pay_label',
  operator: 'block_operator_label',
  dormant: 'block_dormant_label',
  fraud: 'block_fraud_label',
}

export function blockText(store: LineStore, kind: string): string {
  const key = blocks[kind]
  return key === undefined ? kind : store.text(key)
}

/** How a block that stands comes to its end. */
export function blockEndText(store: LineStore, { lifts_at, liftable }: CareBlock): string {
  if (lifts_at === null) return store.text(liftable ? 'block_own_label' : 'block_carrier_label')
  const time = momentText(lifts_at, store.zone.value, store.language.value)
  return store.text('block_ends_label', { time })
}

const stages: Readonly<Record<string, LineMessageKey>> = {
  due: 'stage_due_label',
  notice: 'stage_notice_label',
  blocked: 'stage_blocked_label',
  outgoing_suspended: 'stage_outgoing_label',
  fully_suspended: 'stage_full_label',
  terminated: 'stage_terminated_label',
  charged_off: 'stage_charged_off_label',
}

/** A step of what follows a missed payment. */
export function stageText(store: LineStore, stage: string): string {
  const key = stages[stage]
  return key === undefined ? stage : store.text(key)
}
