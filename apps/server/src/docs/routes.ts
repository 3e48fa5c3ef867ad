import { z } from 'zod'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { errorCodes, errors, type Language } from '../errors.ts'
import type { ReceiptKeys } from '../receipts/keys.ts'
import { components, named } from '../schemas.ts'
import { errorCatalogue, openApiOf } from './openapi.ts'
import { docsPage, docsSecurity, errorsPage } from './pages.ts'

export interface DocsParts {
  readonly publicUrl: string
  readonly keys: ReceiptKeys
  /** Every endpoint but these, known only after all were made. */
  readonly others: () => readonly Endpoint[]
}

const anyone = [{ by: 'anyone' }] as const
const tag = 'Documentation'
/** What any page may read, because it is the same for all. */
const open = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=60' } as const
const languageQuery = z.strictObject({ lang: z.enum(['en', 'ko']).optional() })
const html = { description: 'A page', contentType: 'text/html' } as const

const jwks = named('KeySet', z.strictObject({ keys: z.array(z.looseObject({ kid: z.string() })) }))

export function createDocsEndpoints(parts: DocsParts): Endpoint[] {
  const { publicUrl } = parts
  const all = () => [...parts.others(), ...own]
  const own: Endpoint[] = [
    endpoint({
      method: 'GET',
      path: '/.well-known/jwks.json',
      tag: 'Entitlements',
      summary: 'The keys that sign receipts',
      ways: anyone,
      replies: { 200: { description: 'Ed25519 keys, RFC 7517', schema: jwks } },
      handle: () => ({ status: 200, json: { keys: parts.keys.published }, headers: open }),
    }),
    endpoint({
      method: 'GET',
      path: '/openapi.json',
      tag,
      summary: 'This description',
      ways: anyone,
      replies: { 200: { description: 'OpenAPI 3.1', contentType: 'application/json' } },
      handle: () => ({ status: 200, json: openApiOf(all(), publicUrl), headers: open }),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/errors',
      tag,
      summary: 'Everything this platform refuses, in English and Korean',
      ways: anyone,
      replies: { 200: { description: 'The error table', schema: errorCatalogue } },
      handle: () => ({ status: 200, json: { data: errorCodes.map((code) => entryOf(code)) } }),
    }),
    endpoint({
      method: 'GET',
      path: '/docs',
      tag,
      summary: 'Documentation to read',
      ways: anyone,
      query: languageQuery,
      replies: { 200: html },
      handle(call) {
        const language = call.query.lang ?? call.language
        return page(docsPage(all(), bodiesOf(all()), publicUrl, language), language)
      },
    }),
    endpoint({
      method: 'GET',
      path: '/docs/errors',
      tag,
      summary: 'Every refusal, explained',
      ways: anyone,
      query: languageQuery,
      replies: { 200: html },
      handle(call) {
        const language = call.query.lang ?? call.language
        return page(errorsPage(language), language)
      },
    }),
  ]
  return own

  function entryOf(code: (typeof errorCodes)[number]) {
    const { status, retryable, en, ko } = errors[code]
    return { code, status, retryable, doc_url: `${publicUrl}/docs/errors#${code}`, en, ko }
  }
}

function page(text: string, language: Language) {
  return { status: 200, text, headers: { ...docsSecurity, 'Content-Language': language } }
}

function bodiesOf(endpoints: readonly Endpoint[]): Record<string, unknown> {
  return Object.fromEntries(
    endpoints.flatMap(({ method, path, body }) => {
      if (body === undefined) return []
      const { $schema: _schema, ...schema } = z.toJSONSchema(body.schema, {
        io: 'input',
        metadata: components,
      })
      return [[`${method} ${path}`, schema]]
    }),
  )
}
