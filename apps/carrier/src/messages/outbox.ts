import { createHash } from 'node:crypto'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import type { Changes } from '../live/model.ts'
import type { Carrier, CarrierId, Line, NewMessage, Payment, Refund } from '../model.ts'
import type { Writing } from '../writing.ts'
import { chargeText } from './charge.ts'
import type { Message, Outbox } from './model.ts'
import { refundText } from './refund.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly clock: Clock
  readonly changes: Changes
}

/** The messages of all carriers, in the carrier's own tables. */
export class MessageOutbox implements Outbox {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  chargeMessage(payment: Payment, line: Line): NewMessage {
    const text = chargeText(payment, line.language, this.#from(line))
    return { ...addressOf(line), kind: 'charge', text, about: payment.id }
  }

  refundMessage(refund: Refund, payment: Payment, line: Line): NewMessage {
    const text = refundText(refund, payment, line.language, this.#from(line))
    return { ...addressOf(line), kind: 'refund', text, about: refund.id }
  }

  #from({ carrier }: Line): Carrier {
    const from = this.#parts.carriers.get(carrier)
    if (from === undefined) throw new Error(`no carrier ${carrier} is hosted here`)
    return from
  }

  async save(messages: readonly NewMessage[]): Promise<void> {
    await this.#insert(this.#parts.pool, messages)
    this.announce(messages)
  }

  saveIn(client: pg.PoolClient, messages: readonly NewMessage[]): Promise<void> {
    return this.#insert(client, messages)
  }

  writing(messages: readonly NewMessage[]): Writing | undefined {
    return messages.length === 0 ? undefined : this.#writing(messages)
  }

  announce(messages: readonly NewMessage[]): void {
    const atMs = this.#parts.clock.now()
    for (const message of messages) {
      // The agenda tells of these when they go out.
      if (message.sendAtMs !== undefined) continue
      this.#parts.changes.tell({
        lineId: message.lineId,
        what: 'message',
        id: messageId(message),
        atMs,
      })
    }
  }

  /** Messages that a number has received, newest first. */
  async inbox(phoneNumber: string, limit: number): Promise<Message[]> {
    const { rows } = await this.#parts.pool.query<MessageRow>(
      `select m.*, coalesce(m.send_at, m.created_at) as sent_at
       from carrier.message m join carrier.line l on l.id = m.line_id
       where l.phone_number = $1 and coalesce(m.send_at, m.created_at) <= $3
       order by sent_at desc, m.number desc limit $2`,
      [phoneNumber, limit, new Date(this.#parts.clock.now())],
    )
    return rows.map(messageOf)
  }

  async #insert(client: pg.Pool | pg.PoolClient, messages: readonly NewMessage[]): Promise<void> {
    if (messages.length === 0) return
    const { name, text, values } = this.#writing(messages)
    await client.query({ name, text, values: [...values] })
  }

  #writing(messages: readonly NewMessage[]): Writing {
    return {
      name: 'message',
      text: `insert into carrier.message
         (id, carrier, line_id, phone_number, kind, text, about, created_at, send_at)
       select id, carrier, line_id, phone_number, kind, text, about, $8, send_at
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                   $9::timestamptz[])
         with ordinality as m (id, carrier, line_id, phone_number, kind, text, about, send_at, place)
       order by place
       on conflict (id) do nothing
       returning id`,
      values: [
        messages.map(messageId),
        messages.map(({ carrier }) => carrier),
        messages.map(({ lineId }) => lineId),
        messages.map(({ phoneNumber }) => phoneNumber),
        messages.map(({ kind }) => kind),
        messages.map(({ text }) => text),
        messages.map(({ about }) => about),
        new Date(this.#parts.clock.now()),
        messages.map(({ sendAtMs }) => (sendAtMs === undefined ? null : new Date(sendAtMs))),
      ],
    }
  }
}

interface MessageRow {
  readonly id: string
  readonly carrier: string
  readonly line_id: string
  readonly phone_number: string
  readonly kind: NewMessage['kind']
  readonly text: string
  readonly about: string
  readonly sent_at: Date
}

function messageOf(row: MessageRow): Message {
  return {
    id: row.id,
    carrier: row.carrier,
    lineId: row.line_id,
    phoneNumber: row.phone_number,
    kind: row.kind,
    text: row.text,
    about: row.about,
    sentAtMs: row.sent_at.getTime(),
  }
}

/** The same for the same message, so that it is kept once. */
function messageId({ lineId, kind, about, text }: NewMessage): string {
  const digest = createHash('sha256').update([lineId, kind, about, text].join('\n')).digest('hex')
  return `message_${digest.slice(0, 32)}`
}

function addressOf({ id: lineId, phoneNumber, carrier }: Line) {
  return { lineId, phoneNumber, carrier }
}
