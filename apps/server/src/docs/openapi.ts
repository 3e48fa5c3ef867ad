import { z } from 'zod'
import type { Way } from '../auth/model.ts'
import type { DescribedReply, Endpoint } from '../endpoint.ts'
import { type ErrorCode, errorCodes, errors } from '../errors.ts'
import { components, named } from '../schemas.ts'

/** A JSON document. */
export type Json = Readonly<Record<string, unknown>>

const problem = named(
  'Problem',
  z.looseObject({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable; see /docs/errors' }),
    param: z.string().optional(),
    retryable: z.boolean(),
    hint: z.string(),
    doc_url: z.url(),
    request_id: z.string(),
  }),
)

export const errorCatalogue = named(
  'ErrorCatalogue',
  z.strictObject({
    data: z.array(
      z.strictObject({
        code: z.string(),
        status: z.int(),
        retryable: z.boolean(),
        doc_url: z.url(),
        en: z.strictObject({ title: z.string(), detail: z.string(), hint: z.string() }),
        ko: z.strictObject({ title: z.string(), detail: z.string(), hint: z.string() }),
      }),
    ),
  }),
)

/** The OpenAPI 3.1 description of exactly these endpoints, from the schemas that they read and answer with. */
export function openApiOf(endpoints: readonly Endpoint[], publicUrl: string): Json {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const endpoint of endpoints) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operationOf(endpoint),
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Jeon',
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Micropayments: charge 0.3 won or 0.002 dollars. Amounts are decimal strings. Every refusal is an RFC 9457 ' +
        'problem with a stable code. Bodies name no member twice, except batch items, where the last one counts.',
    },
    servers: [{ url: publicUrl }],
    paths,
    components: { schemas: componentSchemas(), securitySchemes },
  }
}

const securitySchemes = {
  merchantKey: { type: 'http', scheme: 'bearer', description: "sk_test_…: a merchant's server" },
  pageKey: { type: 'http', scheme: 'bearer', description: "pk_test_…: a merchant's page" },
  operatorKey: { type: 'http', scheme: 'bearer', description: 'op_test_…: the operator' },
  walletToken: { type: 'http', scheme: 'bearer', description: 'ws_test_…: a wallet, for machines' },
  walletSession: {
    type: 'apiKey',
    in: 'cookie',
    name: 'jeon_session',
    description: 'A wallet in a browser; bound to the cookie jeon_device',
  },
}

const requestIdHeader = {
  'Jeon-Request-Id': { description: 'Names this request', schema: { type: 'string' } },
}

function operationOf(endpoint: Endpoint): Json {
  const { body, replies } = endpoint
  const schemaOf = body === undefined ? undefined : referenceTo(body.schema, 'input')
  return {
    operationId: operationIdOf(endpoint),
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    security: endpoint.ways.flatMap(securityOf),
    parameters: parametersOf(endpoint),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: body.optional !== true,
            content: Object.fromEntries(
              body.contentTypes.map((type) => [type, { schema: schemaOf }]),
            ),
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(replies).map(([status, reply]) => [status, responseOf(reply)]),
      ),
      ...refusalsOf(endpoint),
    },
  }
}

function operationIdOf({ method, path }: Endpoint): string {
  const words = path.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '' && word !== 'v1')
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return method.toLowerCase() + name
}

function securityOf(way: Way): Json[] {
  switch (way.by) {
    case 'merchant':
      return [{ merchantKey: [way.scope] }]
    case 'page':
      return [{ pageKey: [way.scope] }]
    case 'operator':
      return [{ operatorKey: [way.scope] }]
    case 'wallet':
      return [{ walletToken: [] }, { walletSession: [] }]
    case 'anyone':
      return [{}]
  }
}

function parametersOf(endpoint: Endpoint): Json[] {
  const parameters = [
    ...fieldsOf(endpoint.params).map((field) => ({ ...field, in: 'path', required: true })),
    ...fieldsOf(endpoint.query).map((field) => ({ ...field, in: 'query' })),
  ]
  if (endpoint.idempotency === 'required') {
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: true,
      description:
        'Names what is meant, so that it happens once: one key per intent, the same for every attempt. A TypeID of ' +
        'the kind that is made becomes its id.',
      schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
    })
  }
  if (endpoint.replies[200]?.contentType === 'text/event-stream') {
    parameters.push({
      name: 'Last-Event-ID',
      in: 'header',
      required: false,
      description: 'The id of the last event that was seen',
      schema: { type: 'string' },
    })
  }
  parameters.push({
    name: 'Accept-Language',
    in: 'header',
    required: false,
    description: 'The language of problems: en or ko',
    schema: { type: 'string' },
  })
  return parameters
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description?: string
  readonly schema: Json
}

function fieldsOf(schema: z.ZodObject | undefined): Parameter[] {
  if (schema === undefined) return []
  const json = z.toJSONSchema(schema, { io: 'input', metadata: components })
  const required = new Set(json.required ?? [])
  return Object.entries(json.properties ?? {}).map(([name, field]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema: typeof field === 'object' ? { ...field } : {},
  }))
}

function responseOf(reply: DescribedReply): Json {
  const type = reply.contentType ?? (reply.schema === undefined ? undefined : 'application/json')
  const extra = Object.entries(reply.headers ?? {}).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ])
  return {
    description: reply.description,
    headers: { ...requestIdHeader, ...Object.fromEntries(extra) },
    ...(type === undefined
      ? {}
      : {
          content: {
            [type]: {
              schema:
                reply.schema === undefined
                  ? { type: 'string' }
                  : referenceTo(reply.schema, 'output'),
            },
          },
        }),
  }
}

/** Every refusal of an endpoint, by status. The codes are listed, so that a client can be exhaustive. */
function refusalsOf(endpoint: Endpoint): Json {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of errorCodes.filter((each) => codesOf(endpoint).has(each))) {
    const { status } = errors[code]
    if (endpoint.replies[status] !== undefined) continue
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${errors[code].en.title}`).join('\n\n'),
        headers: {
          ...requestIdHeader,
          ...(status === 429 || status === 503
            ? { 'Retry-After': { description: 'Seconds', schema: { type: 'string' } } }
            : {}),
        },
        content: { 'application/problem+json': { schema: referenceTo(problem, 'output') } },
        'x-codes': codes,
      },
    ]),
  )
}

/** What any request may be refused for, and what this endpoint adds. */
export function codesOf(endpoint: Endpoint): ReadonlySet<ErrorCode> {
  const codes: ErrorCode[] = [
    'rate_limited',
    'overloaded',
    'shutting_down',
    'database_unavailable',
    'internal',
    'key_invalid',
    'session_invalid',
    'origin_not_allowed',
    ...endpoint.errors,
  ]
  const by = new Set(endpoint.ways.map((way) => way.by))
  if (!by.has('anyone')) codes.push('key_missing')
  if (by.has('merchant') || by.has('page') || by.has('operator')) codes.push('scope_missing')
  if (by.has('wallet')) codes.push('session_missing', 'session_device_mismatch')
  if (endpoint.idempotency === 'required') {
    codes.push('idempotency_key_missing', 'idempotency_key_malformed')
  }
  if (endpoint.params !== undefined || endpoint.query !== undefined) codes.push('field_invalid')
  if (endpoint.query !== undefined) codes.push('field_unknown')
  if (endpoint.body !== undefined) {
    codes.push('body_malformed', 'body_not_utf8', 'body_duplicate_key', 'body_too_large')
    codes.push('body_timeout', 'content_type_unsupported', 'field_invalid', 'field_unknown')
  }
  return new Set(codes)
}

function referenceTo(schema: z.ZodType, io: 'input' | 'output'): Json {
  const id = components.get(schema)?.id
  if (id !== undefined) return { $ref: `#/components/schemas/${id}` }
  return z.toJSONSchema(schema, { io, metadata: components })
}

function componentSchemas(): Json {
  const uri = (id: string) => `#/components/schemas/${id}`
  const sent = z.toJSONSchema(components, { uri, io: 'input' }).schemas
  const answered = z.toJSONSchema(components, { uri, io: 'output' }).schemas
  return Object.fromEntries(
    Object.keys(answered).map((id) => {
      const isSent = id.endsWith('Request') || id.startsWith('BatchItem') || id === 'Batch'
      const { $schema: _schema, $id: _id, ...schema } = (isSent ? sent[id] : answered[id]) ?? {}
      return [id, schema]
    }),
  )
}
