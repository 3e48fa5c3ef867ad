import { fieldFault } from '@jeon/camara'
import type { z } from 'zod'
import type { Caller, Way } from './auth/model.ts'
import { type ErrorCode, isRefusal, type Language, type Refusal, refuse } from './errors.ts'
import type { RequestHead } from './request.ts'

/** What an endpoint answers when it does not refuse. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is, with the content type that `headers` name. */
  readonly text?: string | Uint8Array
  /** Sent piece by piece, with the content type that `headers` name. */
  readonly stream?: AsyncIterable<string>
}

/** A request whose caller is known and allowed and whose fields have been read. */
export interface Call<Params, Query, Body> {
  readonly head: RequestHead
  readonly caller: Caller
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Empty where the endpoint does not need one. */
  readonly idempotencyKey: string
  readonly language: Language
  /** The merchants whose page sent this; undefined: one of the platform's own pages, or no page. */
  readonly pageOf: ReadonlySet<string> | undefined
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal | undefined
}

type Answering = Reply | Refusal

/** What the documentation says about one kind of success. */
export interface DescribedReply {
  readonly description: string
  /** Missing: no body, or one that is not JSON. */
  readonly schema?: z.ZodType
  /** (Default: application/json when there is a schema) */
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The side of an endpoint that everything but its own folder sees. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With parameters in braces: `/v1/payments/{id}`. */
  readonly path: string
  readonly summary: string
  readonly description?: string
  readonly tag: string
  readonly ways: readonly Way[]
  readonly idempotency: 'required' | 'none'
  readonly params: z.ZodObject | undefined
  readonly query: z.ZodObject | undefined
  readonly body: EndpointBody | undefined
  readonly replies: Readonly<Record<number, DescribedReply>>
  /** Beyond what every endpoint may refuse. */
  readonly errors: readonly ErrorCode[]
  /** Reads the fields and answers. `body` is the parsed JSON, or the raw bytes for a raw body. */
  answer(call: Call<unknown, unknown, unknown>): Promise<Answering>
}

export interface EndpointBody {
  readonly schema: z.ZodType
  /** `raw`: the endpoint parses the bytes itself. (Default: json) */
  readonly as?: 'json' | 'raw'
  readonly contentTypes: readonly string[]
  readonly bytesMax: number
  /** When true the request may come without a body, which then is `{}`. */
  readonly optional?: boolean
}

interface Definition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly method: Endpoint['method']
  readonly path: string
  readonly summary: string
  readonly description?: string
  readonly tag: string
  readonly ways: readonly Way[]
  readonly idempotency?: 'required'
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly bodyOptional?: boolean
  readonly replies: Readonly<Record<number, DescribedReply>>
  readonly errors?: readonly ErrorCode[]
  handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answering> | Answering
}

/** The longest ordinary body, in bytes. */
export const bodyBytesMax = 64 * 1024

/** Makes an endpoint from its schemas and its handler; the handler sees what the schemas let through. */
export function endpoint<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  definition: Definition<P, Q, B>,
): Endpoint {
  const { params, query, body, handle, idempotency, bodyOptional, errors, ...rest } = definition
  return {
    ...rest,
    idempotency: idempotency ?? 'none',
    params,
    query,
    body:
      body === undefined
        ? undefined
        : {
            schema: body,
            contentTypes: ['application/json'],
            bytesMax: bodyBytesMax,
            ...(bodyOptional === true ? { optional: true } : {}),
          },
    errors: errors ?? [],
    async answer(call) {
      const paramsRead = readFields(params, call.params, call.language)
      if (isRefusal(paramsRead)) return paramsRead
      const queryRead = readFields(query, call.query, call.language)
      if (isRefusal(queryRead)) return queryRead
      const bodyRead = readFields(body, call.body, call.language)
      if (isRefusal(bodyRead)) return bodyRead
      return handle({
        ...call,
        params: paramsRead.fields,
        query: queryRead.fields,
        body: bodyRead.fields,
      })
    },
  }
}

type Fields<S extends z.ZodType> = { readonly fields: z.output<S> }

function readFields<S extends z.ZodType>(
  schema: S | undefined,
  input: unknown,
  language: Language,
): Fields<S> | Refusal {
  // Without a schema nothing reads the fields: the handler's type has none.
  if (schema === undefined) return { fields: noFields() }
  const parsed = schema.safeParse(input)
  return parsed.success
    ? { fields: parsed.data }
    : refusalOf(parsed.error, { schema, input, language })
}

function noFields(): never {
  // The type says that no handler can look at it; the value is never read.
  return undefined as never
}

/** What was read when it turned out to be wrong, and for whom that is said. */
export interface Misread {
  readonly schema: z.ZodType
  readonly input: unknown
  readonly language: Language
}

/** The first thing that is wrong, as a refusal that names it. */
export function refusalOf(error: z.ZodError, { schema, input, language }: Misread): Refusal {
  const issue = error.issues[0]
  if (issue === undefined) return refuse('field_invalid', { values: { reason: 'invalid' } })
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const param = [path, issue.keys[0] ?? ''].filter((part) => part !== '').join('.')
    return refuse('field_unknown', { param: param.slice(0, 200) })
  }
  const param = path === '' ? 'body' : path.slice(0, 200)
  const reason = fieldFault(issue, schema, input, language).slice(0, 300)
  return refuse('field_invalid', { param, values: { reason } })
}
