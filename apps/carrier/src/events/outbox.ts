import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import type { Core } from '../core.ts'
import { inTransaction } from '../database.ts'
import type { Faults } from '../faults/service.ts'
import type { CarrierId } from '../model.ts'
import type { Writing } from '../writing.ts'
import type { NewDelivery } from './model.ts'
import { type NewsFacts, paymentDeliveries, refundDeliveries } from './news.ts'

export interface EventParts {
  readonly core: Pick<Core, 'lines' | 'payments' | 'refunds'>
  readonly faults: Faults
  readonly clock: Clock
  /** The carrier's own URL. */
  sourceOf(carrier: CarrierId): string
}

/**
 * Notes events with what makes them true, in one transaction, so that none is lost and none is told of what did not
 * happen. Inside a transaction everything is asked through its session: a second one from the same pool could wait for
 * ever.
 */
export function noteEvents(parts: EventParts): void {
  const { core } = parts
  core.payments.onChanging(async (payments) => {
    const deliveries: NewDelivery[] = []
    for (const payment of payments) {
      if (payment.sink === null) continue
      const line = await core.lines.byId(payment.lineId)
      const facts = factsOf(parts, payment.carrier, line?.phoneNumber)
      deliveries.push(...paymentDeliveries(payment, facts))
    }
    return deliveries.length === 0 ? undefined : kept(deliveries)
  })
  core.refunds.onChanging(async (client, refunds) => {
    const wanted = refunds.filter(({ sink }) => sink !== null)
    if (wanted.length === 0) return
    const numbers = await numbersOf(
      client,
      wanted.map(({ paymentId }) => paymentId),
    )
    const deliveries = wanted.flatMap((refund) =>
      refundDeliveries(refund, factsOf(parts, refund.carrier, numbers.get(refund.paymentId))),
    )
    await save(client, deliveries)
  })
}

const RECOVERED_MS = 7 * 86_400_000

/**
 * Notes what became true of payments and refunds of the last week without being noted: what was settled at start, before
 * {@link noteEvents} was listening.
 */
export async function recoverEvents(parts: EventParts, pool: pg.Pool): Promise<void> {
  const { core, clock } = parts
  const since = new Date(clock.now() - RECOVERED_MS)
  await inTransaction(pool, async (client) => {
    const payments = await client.query<{ id: string; phone_number: string }>(
      `select p.id, l.phone_number from carrier.payment p join carrier.line l on l.id = p.line_id
       where p.sink is not null and p.status <> 'processing' and p.created_at > $1
         and not exists (select from carrier.delivery where id = p.id || '.' || p.status)`,
      [since],
    )
    for (const { id, phone_number: number } of payments.rows) {
      const payment = await core.payments.find(id)
      if (payment === undefined) continue
      await save(client, paymentDeliveries(payment, factsOf(parts, payment.carrier, number)))
    }
    const refunds = await client.query<{ id: string; phone_number: string }>(
      `select r.id, l.phone_number from carrier.refund r
         join carrier.payment p on p.id = r.payment_id join carrier.line l on l.id = p.line_id
       where r.sink is not null and r.status <> 'processing' and r.created_at > $1
         and not exists (select from carrier.delivery where about = r.id)`,
      [since],
    )
    for (const { id, phone_number: number } of refunds.rows) {
      const refund = await core.refunds.find(id)
      if (refund === undefined) continue
      await save(client, refundDeliveries(refund, factsOf(parts, refund.carrier, number)))
    }
  })
}

function factsOf(
  { faults, clock, sourceOf }: EventParts,
  carrier: CarrierId,
  phoneNumber: string | undefined,
): NewsFacts {
  const fault = phoneNumber === undefined ? null : faults.of({ phoneNumber })
  return { source: sourceOf(carrier), nowMs: clock.now(), fault }
}

/** Phone numbers by the ids of payments. */
async function numbersOf(
  client: pg.PoolClient,
  paymentIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ id: string; phone_number: string }>(
    `select p.id, l.phone_number from carrier.payment p join carrier.line l on l.id = p.line_id
     where p.id = any($1::uuid[])`,
    [paymentIds],
  )
  return new Map(rows.map(({ id, phone_number: phoneNumber }) => [id, phoneNumber]))
}

async function save(client: pg.PoolClient, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return
  const { name, text, values } = kept(deliveries)
  await client.query({ name, text, values: [...values] })
}

function kept(deliveries: readonly NewDelivery[]): Writing {
  return {
    name: 'deliver',
    text: `
      insert into carrier.delivery (id, carrier, client_id, about, sink, token, body, due_at, created_at)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[],
                           $7::jsonb[], $8::timestamptz[], $9::timestamptz[])
      on conflict (id) do nothing
      returning id`,
    values: [
      deliveries.map(({ id }) => id),
      deliveries.map(({ carrier }) => carrier),
      deliveries.map(({ clientId }) => clientId),
      deliveries.map(({ about }) => about),
      deliveries.map(({ sink }) => sink),
      deliveries.map(({ token }) => token),
      deliveries.map(({ body }) => JSON.stringify(body)),
      deliveries.map(({ dueAtMs }) => new Date(dueAtMs)),
      deliveries.map(({ createdAtMs }) => new Date(createdAtMs)),
    ],
  }
}
