/**
 * CloudEvents 1.0 as CAMARA sends them to a sink. Nothing is promised about order or number: the same event may come
 * twice, late or after its successor. So whoever receives drops what it has seen ({@link eventKey}), moves only
 * forward, and asks the carrier when in doubt.
 */
import { z } from 'zod'
import { dateTime } from './wire.ts'

/** The content type of an event; other than plain JSON. */
export const CLOUD_EVENT_TYPE = 'application/cloudevents+json'

/** What every event carries around its data. */
export const eventEnvelope = {
  id: z.string().min(1),
  /** A URI reference that names the carrier; with `id` unique. */
  source: z.string().regex(/^(?:[a-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i),
  specversion: z.literal('1.0'),
  datacontenttype: z.literal('application/json').optional(),
  time: dateTime,
}

/** How a sink knows an event again. */
export function eventKey(event: { readonly source: string; readonly id: string }): string {
  return JSON.stringify([event.source, event.id])
}

/** What {@link parsePaymentEvent} and its sibling answer. */
export type EventOutcome<Event> =
  | { readonly ok: true; readonly event: Event }
  | { readonly ok: false; readonly code: 'event_malformed'; readonly detail: string }

/** Reads what came to a sink: text, or JSON that was already read. Never throws. */
export function parseEvent<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
): EventOutcome<z.output<Schema>> {
  const read = typeof json === 'string' ? readJson(json) : json
  const parsed = schema.safeParse(read)
  if (parsed.success) return { ok: true, event: parsed.data }
  return { ok: false, code: 'event_malformed', detail: z.prettifyError(parsed.error) }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
