import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Attempt, Payment, PaymentItem } from '../model.ts'
import type { PaymentTable, Tables } from '../tables.ts'

const factor = z.enum(['network', 'sms_code', 'password', 'biometric', 'identity'])
const minor = z.string().regex(/^-?\d+$/)

/** What of an order has no column of its own. */
const factsSchema = z.strictObject({
  metaData: z.record(z.string(), z.unknown()).nullable(),
  items: z.array(
    z.strictObject({
      id: z.string(),
      amount: minor,
      description: z.string(),
      isTaxIncluded: z.boolean().optional(),
      taxAmount: minor.optional(),
    }),
  ),
  isTaxIncluded: z.boolean(),
  taxAmount: minor.nullable(),
  product: z.string(),
  recurring: z.boolean(),
  shown: z.array(factor),
})

const validationSchema = z.strictObject({
  by: z.enum(['code', 'url']),
  authorizationId: z.string(),
  attempts: z.int(),
})

/** A validation that the payer owes or gave. `attempts`: wrong codes so far. */
export type Validation = z.output<typeof validationSchema>

/** A payment with what only this folder needs to know of it. */
export interface KeptPayment extends Payment {
  readonly attempts: number
}

export function factsJson(payment: Payment): string {
  const { metaData, items, isTaxIncluded, taxAmount, product, recurring, shown } = payment
  return storable({
    metaData,
    items: items.map((item) => ({
      id: item.id,
      amount: String(item.amount),
      description: item.description,
      ...(item.isTaxIncluded === undefined ? {} : { isTaxIncluded: item.isTaxIncluded }),
      ...(item.taxAmount === undefined ? {} : { taxAmount: String(item.taxAmount) }),
    })),
    isTaxIncluded,
    taxAmount: taxAmount === null ? null : String(taxAmount),
    product,
    recurring: recurring === true,
    shown,
  })
}

export function validationJson(payment: KeptPayment): string | null {
  const { validation: by, authorizationId, attempts } = payment
  return by === 'none' || authorizationId === null
    ? null
    : JSON.stringify({ by, authorizationId, attempts })
}

/** JSON without what PostgreSQL stores in no text: zero characters and halves of pairs. */
export function storable(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'string' ? plain(member) : member,
  )
}

export function plain(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

export function paymentFrom(row: Selectable<PaymentTable>): KeptPayment {
  const facts = factsSchema.parse(row.facts)
  const validation = row.validation === null ? null : validationSchema.parse(row.validation)
  return {
    id: row.id,
    carrier: row.carrier,
    clientId: row.client_id,
    lineId: row.line_id,
    steps: row.steps,
    clientCorrelator: row.client_correlator,
    referenceCode: row.reference_code,
    status: row.status,
    bucket: row.bucket,
    category: row.category,
    amount: BigInt(row.amount),
    currency: row.currency,
    description: row.description,
    merchant: { id: row.merchant_id, name: row.merchant_name, contact: row.merchant_contact },
    metaData: facts.metaData,
    items: facts.items.map(itemFrom),
    isTaxIncluded: facts.isTaxIncluded,
    taxAmount: facts.taxAmount === null ? null : BigInt(facts.taxAmount),
    product: facts.product,
    recurring: facts.recurring,
    shown: facts.shown,
    boundToPhone: row.bound_to_phone,
    sink: row.sink,
    sinkToken: row.sink_token,
    profileVersion: row.profile_version,
    cycle: row.cycle,
    denialReason: row.denial_reason,
    validation: validation?.by ?? 'none',
    authorizationId: validation?.authorizationId ?? null,
    attempts: validation?.attempts ?? 0,
    expiresAtMs: row.expires_at?.getTime() ?? null,
    refunded: BigInt(row.refunded),
    cancelled: BigInt(row.cancelled),
    paidEarly: BigInt(row.paid_early),
    asynchronous: row.asynchronous,
    createdAtMs: row.created_at.getTime(),
    countedAtMs: row.counted_at?.getTime() ?? null,
    paidAtMs: row.paid_at?.getTime() ?? null,
  }
}

type StoredItem = z.output<typeof factsSchema>['items'][number]

function itemFrom({ id, amount, description, isTaxIncluded, taxAmount }: StoredItem): PaymentItem {
  return {
    id,
    amount: BigInt(amount),
    description,
    ...(isTaxIncluded === undefined ? {} : { isTaxIncluded }),
    ...(taxAmount === undefined ? {} : { taxAmount: BigInt(taxAmount) }),
  }
}

const detailSchema = z.record(z.string(), z.string())

export function attemptFrom(row: Selectable<Tables['carrier.attempt']>): Attempt {
  return {
    id: row.id,
    lineId: row.line_id,
    clientId: row.client_id,
    amount: BigInt(row.amount),
    currency: row.currency,
    description: row.description,
    merchant: { id: row.merchant_id, name: row.merchant_name, contact: row.merchant_contact },
    category: row.category,
    reason: row.reason,
    detail: detailSchema.parse(row.detail),
    atMs: row.at.getTime(),
  }
}
