import type { MarketProfile } from '@jeon/billing'
import { fieldFault } from '@jeon/camara'
import type { z } from 'zod'
import type { Language } from '../language.ts'
import type { Carrier, Line } from '../model.ts'
import type { CareProblemCode } from './problem-texts.ts'
import { type CareRefusal, refuse } from './problems.ts'
import type { ReplyName } from './replies.ts'

/** Who asks, and for which line. Every handler gets one. */
export interface Caller {
  readonly carrier: Carrier
  readonly line: Line
  /** In force at `nowMs`. */
  readonly profile: MarketProfile
  readonly language: Language
  readonly nowMs: number
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal
  /** Empty where the endpoint needs none. */
  readonly idempotencyKey: string
}

/** A request whose caller is known and whose fields have been read. */
export interface CareCall<Query, Body> extends Caller {
  /** Of the path. */
  readonly id: string
  readonly query: Query
  readonly body: Body
}

/** What an endpoint answers when it does not refuse. */
export type CareAnswer =
  | { readonly status: 200 | 201; readonly json: object }
  | { readonly stream: ReadableStream<Uint8Array> }

/** The side of an endpoint that the mount and the documentation see. */
export interface CareEndpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/selfcare/v1`, with `{id}`. */
  readonly path: string
  readonly summary: string
  readonly query: z.ZodType | undefined
  readonly body: z.ZodType | undefined
  readonly idempotency: boolean
  /** The name of its reply in `replies.ts`; `live`: a stream. */
  readonly reply: ReplyName | 'live'
  readonly status: 200 | 201
  /** Beyond what every endpoint may refuse. */
  readonly errors: readonly CareProblemCode[]
  answer(caller: Caller, raw: RawFields): Promise<CareAnswer | CareRefusal>
}

/** What came, before it was read. */
export interface RawFields {
  readonly id: string
  readonly query: unknown
  readonly body: unknown
}

interface Definition<Q extends z.ZodType, B extends z.ZodType> {
  readonly method: CareEndpoint['method']
  readonly path: string
  readonly summary: string
  readonly query?: Q
  readonly body?: B
  /** (Default: none is needed) */
  readonly idempotency?: true
  readonly reply: ReplyName | 'live'
  /** (Default: 200) */
  readonly status?: 201
  readonly errors?: readonly CareProblemCode[]
  handle(
    call: CareCall<z.output<Q>, z.output<B>>,
  ): Promise<object | CareRefusal> | object | CareRefusal
}

/** Makes an endpoint that answers JSON; the handler sees what the schemas let through. */
export function careEndpoint<Q extends z.ZodType, B extends z.ZodType>(
  definition: Definition<Q, B>,
): CareEndpoint {
  const { query, body, handle, idempotency, errors, status = 200, ...rest } = definition
  return {
    ...rest,
    query,
    body,
    status,
    idempotency: idempotency ?? false,
    errors: errors ?? [],
    async answer(caller, raw) {
      const queryRead = read(query, raw.query, caller.language)
      if ('refused' in queryRead) return queryRead
      const bodyRead = read(body, raw.body, caller.language)
      if ('refused' in bodyRead) return bodyRead
      const fields = { id: raw.id, query: queryRead.fields, body: bodyRead.fields }
      const json = await handle({ ...caller, ...fields })
      return isRefused(json) ? json : { status, json }
    },
  }
}

/** Makes the endpoint that streams. */
export function streamEndpoint(definition: {
  readonly path: string
  readonly summary: string
  open(caller: Caller): ReadableStream<Uint8Array> | CareRefusal
}): CareEndpoint {
  return {
    method: 'GET',
    path: definition.path,
    summary: definition.summary,
    query: undefined,
    body: undefined,
    idempotency: false,
    reply: 'live',
    status: 200,
    errors: ['feeds_too_many'],
    async answer(caller) {
      const stream = definition.open(caller)
      return 'refused' in stream ? stream : { stream }
    },
  }
}

function isRefused(value: object): value is CareRefusal {
  return 'refused' in value
}

function read<S extends z.ZodType>(
  schema: S | undefined,
  input: unknown,
  language: Language,
): { readonly fields: z.output<S> } | CareRefusal {
  // Without a schema nothing reads the fields: the handler's type has none.
  if (schema === undefined) return { fields: noFields() }
  const parsed = schema.safeParse(input)
  if (parsed.success) return { fields: parsed.data }
  const [issue] = parsed.error.issues
  if (issue === undefined) return refuse('field_invalid', { field: 'body', reason: '?' })
  const isUnknown = issue.code === 'unrecognized_keys'
  const path = isUnknown ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  const field = path.map(String).join('.')
  const reason = isUnknown ? noSuchField[language] : fieldFault(issue, schema, input, language)
  return refuse('field_invalid', {
    field: field === '' ? 'body' : field.slice(0, 100),
    reason: reason.slice(0, 200),
  })
}

const noSuchField = { ko: '이런 필드는 없습니다.', en: 'There is no such field.' } as const

function noFields(): never {
  // The type says that no handler can look at it; the value is never read.
  return undefined as never
}
