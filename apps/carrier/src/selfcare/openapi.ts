import { z } from 'zod'
import type { CareEndpoint } from './endpoint.ts'
import { type CareProblemCode, careProblems } from './problem-texts.ts'
import { replies } from './replies.ts'

/** What every endpoint may refuse. */
const always: readonly CareProblemCode[] = [
  'unauthenticated',
  'permission_denied',
  'not_bound',
  'internal',
]

/** The OpenAPI document of a carrier's self-care. @param root - the carrier's own address */
export function careDocument(endpoints: readonly CareEndpoint[], root: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const endpoint of endpoints) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operationOf(endpoint),
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Jeon line self-care',
      version: '1.0.0',
      description:
        'What the owner of a line sees and does. Amounts are decimal strings in the currency of the line. Texts come in the language of Accept-Language: ko or en.',
    },
    servers: [{ url: `${root}/selfcare/v1` }],
    security: [{ line: [] }],
    paths,
    components: {
      schemas: {
        ...Object.fromEntries(
          Object.entries(replies).map(([name, schema]) => [name, z.toJSONSchema(schema)]),
        ),
        problem: z.toJSONSchema(problem),
      },
      securitySchemes: {
        line: {
          type: 'openIdConnect',
          openIdConnectUrl: `${root}/.well-known/openid-configuration`,
        },
      },
    },
  }
}

const problem = z.object({
  status: z.int(),
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  hint: z.string(),
  factors: z.array(z.string()).optional(),
})

function operationOf(endpoint: CareEndpoint): object {
  const { method, summary, body, status, reply } = endpoint
  const content =
    reply === 'live'
      ? { 'text/event-stream': { schema: { type: 'string' } } }
      : { 'application/json': { schema: { $ref: `#/components/schemas/${reply}` } } }
  return {
    summary,
    security: [{ line: [method === 'GET' ? 'line-care:read' : 'line-care:write'] }],
    parameters: parametersOf(endpoint),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: z.toJSONSchema(body, { io: 'input' }) } },
          },
        }),
    responses: { [status]: { description: summary, content }, ...refusalsOf(endpoint) },
  }
}

function parametersOf({ path, query, idempotency }: CareEndpoint): object[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const key = { name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string' } }
  const properties = query === undefined ? {} : z.toJSONSchema(query, { io: 'input' }).properties
  const inQuery = Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    schema,
  }))
  return [...inPath, ...inQuery, ...(idempotency ? [key] : [])]
}

/** By status, naming the codes: how a program tells them apart. */
function refusalsOf({ errors, query, body, idempotency }: CareEndpoint): object {
  const codes = new Set<CareProblemCode>([
    ...always,
    ...(query === undefined && body === undefined ? [] : (['field_invalid'] as const)),
    ...(body === undefined ? [] : (['body_malformed', 'body_too_large'] as const)),
    ...(idempotency ? (['key_missing', 'key_reused'] as const) : []),
    ...errors,
  ])
  const byStatus = Map.groupBy(codes, (code) => careProblems[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      status,
      {
        description: some.map((code) => `\`${code}\`: ${careProblems[code].en.title}`).join('; '),
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } },
        },
      },
    ]),
  )
}
