import type pg from 'pg'
import { GroupCommit } from '../group-commit.ts'
import type { Outbox } from '../messages/model.ts'
import type { Attempt, NewMessage } from '../model.ts'
import { type Writing, writeTogether } from '../writing.ts'
import type { PaymentHook } from './model.ts'
import { factsJson, type KeptPayment, plain, storable, validationJson } from './rows.ts'

/** What became of a payment. */
export interface Ending {
  /** Its new state; undefined: the row goes, since nothing happened. */
  readonly payment: KeptPayment | undefined
  readonly paymentId: string | undefined
  readonly attempt?: Attempt & { readonly carrier: string }
  readonly message?: NewMessage
  /** The line was used at this time. */
  readonly used?: { readonly lineId: string; readonly atMs: number }
}

/** `opened`: the row is there. `taken`: the correlator or the reference was used before. */
export type Opened = 'opened' | 'taken'

interface Column {
  readonly name: string
  readonly type: string
  readonly of: (payment: KeptPayment) => string | number | boolean | null
}

const COLUMNS: readonly Column[] = [
  { name: 'id', type: 'uuid', of: ({ id }) => id },
  { name: 'carrier', type: 'text', of: ({ carrier }) => carrier },
  { name: 'client_id', type: 'text', of: ({ clientId }) => clientId },
  { name: 'line_id', type: 'text', of: ({ lineId }) => lineId },
  { name: 'client_correlator', type: 'text', of: (payment) => payment.clientCorrelator },
  { name: 'reference_code', type: 'text', of: (payment) => plain(payment.referenceCode) },
  { name: 'steps', type: 'smallint', of: ({ steps }) => steps },
  { name: 'status', type: 'text', of: ({ status }) => status },
  { name: 'bucket', type: 'text', of: ({ bucket }) => bucket },
  { name: 'category', type: 'text', of: ({ category }) => category },
  { name: 'amount', type: 'bigint', of: ({ amount }) => String(amount) },
  { name: 'currency', type: 'text', of: ({ currency }) => currency },
  { name: 'description', type: 'text', of: ({ description }) => plain(description) },
  { name: 'merchant_id', type: 'text', of: ({ merchant }) => plain(merchant.id) },
  { name: 'merchant_name', type: 'text', of: ({ merchant }) => plain(merchant.name) },
  { name: 'merchant_contact', type: 'text', of: ({ merchant }) => plain(merchant.contact) },
  { name: 'facts', type: 'jsonb', of: factsJson },
  { name: 'bound_to_phone', type: 'boolean', of: ({ boundToPhone }) => boundToPhone },
  { name: 'sink', type: 'text', of: ({ sink }) => sink },
  { name: 'sink_token', type: 'text', of: ({ sinkToken }) => sinkToken },
  { name: 'profile_version', type: 'text', of: ({ profileVersion }) => profileVersion },
  { name: 'cycle', type: 'text', of: ({ cycle }) => cycle },
  { name: 'validation', type: 'jsonb', of: validationJson },
  { name: 'asynchronous', type: 'boolean', of: ({ asynchronous }) => asynchronous },
  { name: 'created_at', type: 'timestamptz', of: ({ createdAtMs }) => timeOf(createdAtMs) },
  { name: 'updated_at', type: 'timestamptz', of: ({ createdAtMs }) => timeOf(createdAtMs) },
]

/** A reference may come again only with a correlator that tells the two apart. */
const OPEN = `
  insert into carrier.payment (${COLUMNS.map(({ name }) => name).join(', ')})
  select * from unnest(${COLUMNS.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')})
    as t (${COLUMNS.map(({ name }) => name).join(', ')})
  where t.client_correlator is not null or not exists (
    select from carrier.payment p
    where p.carrier = t.carrier and p.client_id = t.client_id and p.reference_code = t.reference_code)
  on conflict (carrier, client_id, client_correlator) where client_correlator is not null do nothing
  returning id`

const END = `
  update carrier.payment p
  set status = t.status, cycle = t.cycle, denial_reason = t.denial_reason, validation = t.validation,
      facts = t.facts, expires_at = t.expires_at, counted_at = t.counted_at, paid_at = t.paid_at, updated_at = $10
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::timestamptz[],
              $8::timestamptz[], $9::timestamptz[])
    as t (id, status, cycle, denial_reason, validation, facts, expires_at, counted_at, paid_at)
  where p.id = t.id and p.status in ('processing', 'pending_validation', 'reserved')
  returning p.id`

const DROP = `
  delete from carrier.payment where id = any($1::uuid[]) and status = 'processing' returning id`

const ATTEMPT = `
  insert into carrier.attempt (id, carrier, client_id, line_id, amount, currency, description, merchant_id,
                               merchant_name, merchant_contact, category, reason, detail, at)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[],
                       $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::jsonb[], $14::timestamptz[])
  returning id`

const USED = `
  update carrier.line l set used_at = t.at
  from (select line_id, max(at) as at from unnest($1::text[], $2::timestamptz[]) as u (line_id, at) group by 1) t
  where l.id = t.line_id and (l.used_at is null or l.used_at < t.at)
  returning l.id`

export interface PaymentWriterParts {
  readonly pool: pg.Pool
  readonly outbox: Outbox
  readonly now: () => number
}

/** Makes payments durable, many at once. */
export class PaymentWriter {
  readonly #parts: PaymentWriterParts
  readonly #openings: GroupCommit<KeptPayment, Opened>
  readonly #endings: GroupCommit<Ending, true>
  readonly #hooks: PaymentHook[] = []

  constructor(parts: PaymentWriterParts) {
    this.#parts = parts
    this.#openings = new GroupCommit((payments) => this.#open(payments))
    this.#endings = new GroupCommit((endings) => this.#end(endings))
  }

  /** Keeps the intention before the ledger is asked. */
  open(payment: KeptPayment): Promise<Opened> {
    return this.#openings.add(payment)
  }

  async end(ending: Ending): Promise<void> {
    await this.#endings.add(ending)
  }

  onEnding(hook: PaymentHook): void {
    this.#hooks.push(hook)
  }

  async idle(): Promise<void> {
    await this.#openings.idle()
    await this.#endings.idle()
  }

  async #open(payments: readonly KeptPayment[]): Promise<Opened[]> {
    const bare = new Set<string>()
    const firsts = payments.filter(({ carrier, clientId, clientCorrelator, referenceCode }) => {
      if (clientCorrelator !== null) return true
      const key = JSON.stringify([carrier, clientId, referenceCode])
      if (bare.has(key)) return false
      bare.add(key)
      return true
    })
    const { rows } = await this.#parts.pool.query<{ id: string }>({
      name: 'open payments',
      text: OPEN,
      values: COLUMNS.map(({ of }) => firsts.map(of)),
    })
    const opened = new Set(rows.map(({ id }) => id))
    return payments.map(({ id }) => (opened.has(id) ? 'opened' : 'taken'))
  }

  async #end(endings: readonly Ending[]): Promise<true[]> {
    const { pool, outbox, now } = this.#parts
    const payments = endings.flatMap(({ payment }) => payment ?? [])
    const messages = endings.flatMap(({ message }) => message ?? [])
    const noted = await Promise.all(this.#hooks.map((hook) => hook(payments)))
    await writeTogether(
      pool,
      [
        ended(payments, now()),
        dropped(endings),
        attempted(endings),
        used(endings),
        outbox.writing(messages),
        ...noted,
      ].flatMap((writing) => writing ?? []),
    )
    if (messages.length > 0) outbox.announce(messages)
    return endings.map(() => true)
  }
}

/** Throws in the database when one of them has ended already. */
function ended(payments: readonly KeptPayment[], nowMs: number): Writing | undefined {
  if (payments.length === 0) return undefined
  return {
    name: 'end',
    text: END,
    values: [
      payments.map(({ id }) => id),
      payments.map(({ status }) => status),
      payments.map(({ cycle }) => cycle),
      payments.map(({ denialReason }) => denialReason),
      payments.map(validationJson),
      payments.map(factsJson),
      payments.map(({ expiresAtMs }) => timeOf(expiresAtMs)),
      payments.map(({ countedAtMs }) => timeOf(countedAtMs)),
      payments.map(({ paidAtMs }) => timeOf(paidAtMs)),
      timeOf(nowMs),
    ],
    rows: payments.length,
  }
}

function dropped(endings: readonly Ending[]): Writing | undefined {
  const ids = endings.flatMap(({ payment, paymentId }) =>
    payment === undefined && paymentId !== undefined ? [paymentId] : [],
  )
  return ids.length === 0 ? undefined : { name: 'drop', text: DROP, values: [ids] }
}

function attempted(endings: readonly Ending[]): Writing | undefined {
  const all = endings.flatMap(({ attempt }) => attempt ?? [])
  if (all.length === 0) return undefined
  return {
    name: 'attempt',
    text: ATTEMPT,
    values: [
      all.map(({ id }) => id),
      all.map(({ carrier }) => carrier),
      all.map(({ clientId }) => clientId),
      all.map(({ lineId }) => lineId),
      all.map(({ amount }) => String(amount)),
      all.map(({ currency }) => currency),
      all.map(({ description }) => plain(description)),
      all.map(({ merchant }) => plain(merchant.id)),
      all.map(({ merchant }) => plain(merchant.name)),
      all.map(({ merchant }) => plain(merchant.contact)),
      all.map(({ category }) => category),
      all.map(({ reason }) => reason),
      all.map(({ detail }) => storable(detail)),
      all.map(({ atMs }) => timeOf(atMs)),
    ],
  }
}

function used(endings: readonly Ending[]): Writing | undefined {
  const all = endings.flatMap((ending) => ending.used ?? [])
  if (all.length === 0) return undefined
  const values = [all.map(({ lineId }) => lineId), all.map(({ atMs }) => timeOf(atMs))]
  return { name: 'use', text: USED, values }
}

function timeOf(ms: number): string
function timeOf(ms: number | null): string | null
function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
