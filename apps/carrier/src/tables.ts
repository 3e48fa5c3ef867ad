/** The tables of `sql/`, as they are read and written. int8 comes as text and becomes a bigint at once. */
import type { Bucket, Factor, PurchaseCategory } from '@jeon/billing'
import type { ColumnType, Generated } from 'kysely'
import type {
  BlockKind,
  Consent,
  DeclineReason,
  Line,
  LineStage,
  PaymentStatus,
  Refund,
} from './model.ts'

type Int8 = ColumnType<string, bigint | number | string, bigint | number | string>
type Int8Default = ColumnType<
  string,
  bigint | number | string | undefined,
  bigint | number | string
>
type Json = ColumnType<unknown, string, string>
/** A day is text, `YYYY-MM-DD`. */
type Day = string
type Optional<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>

export interface Tables {
  'carrier.person': {
    id: string
    carrier: string
    name: string
    birthdate: Day
    guardian_id: Optional<string>
    created_at: Date
  }
  'carrier.person_account': { person_id: string; bucket: Bucket; account_id: Int8 }
  'carrier.line': {
    id: string
    carrier: string
    phone_number: string
    person_id: string
    kind: Line['kind']
    opened_on: Day
    stage: Generated<LineStage>
    paused: Generated<boolean>
    in_arrears: Generated<boolean>
    on_network: Generated<boolean>
    sim_changed_at: Date
    device_changed_at: Date
    password_hash: Optional<string>
    password_failures: Generated<number>
    personal: Json
    general_account: Int8
    content_account: Int8
    language: Generated<Line['language']>
    used_at: Optional<Date>
    created_at: Date
  }
  'carrier.consent': {
    id: string
    line_id: string
    kind: Consent['kind']
    client_id: Optional<string>
    factors: Factor[]
    wording: string
    given_at: Date
    revoked_at: Optional<Date>
  }
  'carrier.block': {
    id: string
    line_id: string
    kind: BlockKind
    reason: string
    set_at: Date
    granted_at: Optional<Date>
    unblock_id: Optional<string>
    lifts_at: Optional<Date>
    lifted_at: Optional<Date>
  }
  'carrier.limit_change': {
    id: string
    line_id: string
    bucket: Bucket
    before: Json
    after: Json
    requested_at: Date
    effective_at: Date
    applied_at: Optional<Date>
    superseded_at: Optional<Date>
  }
  'carrier.payment': PaymentTable
  'carrier.attempt': {
    id: string
    carrier: string
    client_id: string
    line_id: string
    amount: Int8
    currency: string
    description: string
    merchant_id: string
    merchant_name: string
    merchant_contact: string
    category: PurchaseCategory
    reason: DeclineReason
    detail: Json
    at: Date
  }
  'carrier.refund': RefundTable
  'carrier.close_run': {
    carrier: string
    cycle: string
    after_line: Generated<string>
    lines: Generated<number>
    items: Int8Default
    amount: Int8Default
    begun_at: Date
    finished_at: Optional<Date>
  }
  'carrier.posting': {
    id: string
    carrier: string
    line_id: string
    kind: string
    bucket: Bucket
    amount: Int8
    about: string
    created_at: Date
    posted_at: Optional<Date>
  }
  'carrier.bill': {
    id: string
    carrier: string
    line_id: string
    cycle: string
    made_on: Day
    due_on: Day
    profile_version: string
    state: string
    missed: Generated<number>
    total: Int8
    settled: Int8Default
    written_off: Int8Default
    made_at: Date
  }
  'carrier.bill_item': {
    bill_id: string
    number: number
    kind: string
    payment_id: Optional<string>
    about: Optional<number>
    missed: Optional<number>
    bucket: Bucket
    label: string
    amount: Int8
    paid: Int8Default
    credited: Int8Default
    relieved: Int8Default
    written_off: Int8Default
    at: Date
  }
  'carrier.receipt': {
    id: string
    carrier: string
    line_id: string
    key: string
    asked: string
    amount: Int8
    early: boolean
    method: string
    rest: Int8Default
    at: Date
  }
  'carrier.allocation': {
    receipt_id: string
    part: number
    bill_id: Optional<string>
    number: Optional<number>
    payment_id: Optional<string>
    amount: Int8
  }
  'carrier.credit': {
    id: string
    line_id: string
    refund_id: Optional<string>
    receipt_id: Optional<string>
    payment_id: Optional<string>
    amount: Int8
    used: Int8Default
    created_at: Date
  }
  'carrier.credit_use': {
    credit_id: string
    bill_id: string
    number: number
    amount: Int8
    at: Date
  }
  'carrier.dunning_step': {
    line_id: string
    bill_id: string
    stage: string
    notice_on: Day
    due_on: Day
    noticed_at: Optional<Date>
    done_at: Optional<Date>
    ended_at: Optional<Date>
  }
  'carrier.pause': {
    id: string
    line_id: string
    cause: string
    about: string
    from_on: Day
    until_on: Optional<Day>
  }
  'carrier.dispute': {
    id: string
    carrier: string
    line_id: string
    payment_id: string
    reason: string
    state: string
    payout_held: boolean
    opened_at: Date
    answer_by: Date
    answered_at: Optional<Date>
    answer: Optional<string>
    remark: Optional<string>
  }
  'carrier.relief': {
    id: string
    line_id: string
    state: string
    cut_percent: string
    months: number
    paid_months: Generated<number>
    owed: Int8Default
    granted_on: Optional<Day>
    applied_at: Date
    decided_at: Optional<Date>
  }
  'carrier.statement_request': {
    id: string
    line_id: string
    from_on: Day
    to_on: Day
    requested_at: Date
    answer_by: Date
    ready_at: Optional<Date>
    text: Optional<string>
  }
  'carrier.message': {
    id: string
    number: Generated<string>
    carrier: string
    line_id: string
    phone_number: string
    kind: string
    text: string
    about: string
    created_at: Date
    send_at: Optional<Date>
  }
  'carrier.client': {
    id: string
    carrier: string
    name: string
    contact: string
    secret_hash: string
    redirect_uris: string[]
    scopes: string[]
    jwks: ColumnType<unknown, string | null | undefined, string | null>
    settings: Json
    created_at: Date
  }
  'carrier.client_usage': { carrier: string; client_id: string; day: Date; requests: string }
  'carrier.openid': {
    carrier: string
    model: string
    id: string
    payload: Json
    grant_id: Optional<string>
    uid: Optional<string>
    user_code: Optional<string>
    consumed_at: Optional<Date>
    expires_at: Optional<Date>
  }
  'carrier.issuer_key': { carrier: string; jwk: Json; created_at: Date }
  'carrier.delivery': {
    id: string
    carrier: string
    client_id: string
    about: string
    sink: string
    token: Optional<string>
    body: Json
    attempts: Generated<number>
    due_at: Date
    delivered_at: Optional<Date>
    given_up_at: Optional<Date>
    last_error: Optional<string>
    created_at: Date
  }
  'carrier.code': {
    id: string
    holder: string
    carrier: string
    line_id: string
    purpose: string
    code_hash: string
    attempts: Generated<number>
    sent_at: Date
    expires_at: Date
    used_at: Optional<Date>
  }
  'carrier.proof': {
    id: string
    line_id: string
    purpose: string
    needs: string[]
    given: string[]
    identity_tries: Generated<number>
    created_at: Date
    expires_at: Date
    used_at: Optional<Date>
  }
  'carrier.inquiry': {
    id: string
    line_id: string
    client_id: string
    api: string
    answer: string
    at: Date
  }
  'carrier.sandbox_clock': {
    only_row: Generated<boolean>
    offset_ms: Int8
    frozen_at_ms: ColumnType<string | null, number | bigint | null, number | bigint | null>
  }
  'carrier.agenda': { carrier: string; task: string; done_to: Date }
}

export interface PaymentTable {
  id: string
  carrier: string
  client_id: string
  line_id: string
  client_correlator: Optional<string>
  reference_code: string
  steps: 1 | 2
  status: PaymentStatus
  bucket: Bucket
  category: PurchaseCategory
  amount: Int8
  currency: string
  description: string
  merchant_id: string
  merchant_name: string
  merchant_contact: string
  facts: Json
  bound_to_phone: boolean
  sink: Optional<string>
  sink_token: Optional<string>
  profile_version: string
  cycle: string
  denial_reason: Optional<DeclineReason>
  validation: ColumnType<unknown, string | null | undefined, string | null>
  expires_at: Optional<Date>
  refunded: Int8Default
  paid_early: Int8Default
  cancelled: Int8Default
  asynchronous: boolean
  created_at: Date
  counted_at: Optional<Date>
  paid_at: Optional<Date>
  updated_at: Date
}

export interface RefundTable {
  id: string
  carrier: string
  client_id: string
  payment_id: string
  client_correlator: Optional<string>
  reference_code: string
  line_id: string
  bucket: Bucket
  type: Refund['type']
  ledger_kind: 'refund' | 'movement'
  mode: Refund['mode']
  status: Refund['status']
  amount: Int8
  reason: Optional<string>
  facts: Json
  sink: Optional<string>
  sink_token: Optional<string>
  denial_reason: Optional<string>
  created_at: Date
  refunded_at: Optional<Date>
}
