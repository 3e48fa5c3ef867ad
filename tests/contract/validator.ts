/**
 * Holds HTTP messages against the official CAMARA definitions: what a client sends, what a carrier answers, what a
 * carrier sends to a sink.
 *
 * What is settled here, because the definitions leave it open or contradict themselves:
 * - `multipleOf: 0.001` is decided on decimals. By floating division 0.35 would be refused.
 * - The definitions say that their list of refusals is not complete. A status they do not name is a violation unless
 *   it was allowed (`alsoStatuses`); then its body must still be CAMARA's error.
 * - `x-correlator` is optional in every response's headers; Commonalities says that a server must echo it, so an
 *   answer without it, or with another, is a violation when the request had one.
 * - Unknown members are allowed as the definitions allow them; unknown query parameters are not.
 * - `paymentStatus` and `refundStatus` are plain text in the schemas; their words are checked by the schemas of
 *   `@jeon/camara`, not here.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { z } from 'zod'
import type { Content, DefinedOperation, Definition, Parameter } from './definition.ts'

/** A message as it went over the wire. */
export interface Message {
  readonly headers: Headers
  /** The body as text; empty for none. */
  readonly text: string
}

export interface RequestMessage extends Message {
  readonly method: string
  readonly url: URL
}

export interface ResponseMessage extends Message {
  readonly status: number
}

export interface ValidatorOptions {
  /** Refusals that the definitions do not name but that are expected. (Default: none.) */
  readonly alsoStatuses?: readonly number[]
}

/** The operation that a request means; `unheard` for a path below an API that it does not have. */
export type Match =
  | { readonly kind: 'operation'; readonly operation: DefinedOperation; readonly path: PathValues }
  | { readonly kind: 'unheard'; readonly api: string }
  | { readonly kind: 'elsewhere' }

type PathValues = Readonly<Record<string, string>>

/** Every check answers its complaints, one line each; none means that all is as defined. */
export interface Validator {
  match(method: string, url: URL): Match
  checkRequest(request: RequestMessage): readonly string[]
  checkResponse(request: RequestMessage, response: ResponseMessage): readonly string[]
  /** An event for a sink, as the callbacks of an API define it. */
  checkCallback(api: string, event: Message): readonly string[]
  /** Whether JSON fits a schema of a definition's components. */
  checkSchema(api: string, schemaName: string, json: unknown): readonly string[]
}

/** Makes a validator of all these definitions. */
export function createValidator(
  definitions: readonly Definition[],
  { alsoStatuses = [] }: ValidatorOptions = {},
): Validator {
  const check = createSchemaCheck(definitions)

  function checkRequest(request: RequestMessage): readonly string[] {
    const match = matchOf(definitions, request.method, request.url)
    if (match.kind === 'elsewhere') return [`${request.url.pathname}: no API is here`]
    if (match.kind === 'unheard') return [`${match.api} has no ${request.method} of this path`]
    const { operation, path } = match
    return [
      ...checkParameters(check, operation, request, path),
      ...checkToken(operation, request.headers),
      ...(operation.body === undefined
        ? complainIf(request.text !== '', 'a body where none is defined')
        : checkContent(check, operation.api, operation.body.content, request)),
    ].map((complaint) => `${operation.id} request: ${complaint}`)
  }

  function checkResponse(request: RequestMessage, response: ResponseMessage): readonly string[] {
    const match = matchOf(definitions, request.method, request.url)
    if (match.kind !== 'operation') return [`${request.url.pathname}: no operation is here`]
    const { operation } = match
    const sent = request.headers.get('x-correlator')
    const echoed = response.headers.get('x-correlator')
    return [
      ...complainIf(sent !== null && sent !== echoed, `x-correlator ${echoed} for ${sent}`),
      ...checkAnswer(operation, response),
    ].map((complaint) => `${operation.id} response ${response.status}: ${complaint}`)
  }

  function checkAnswer(operation: DefinedOperation, response: ResponseMessage): readonly string[] {
    const defined = operation.responses.get(response.status)
    if (defined === undefined) {
      if (!alsoStatuses.includes(response.status)) return ['a status that is not documented']
      return checkContent(check, operation.api, ERROR_CONTENT, response)
    }
    return [
      ...checkCounts(response.headers, Object.keys(defined.headers ?? {})),
      ...(defined.content === undefined
        ? complainIf(response.text !== '', 'a body where none is defined')
        : checkContent(check, operation.api, defined.content, response)),
    ]
  }

  function checkCallback(api: string, event: Message): readonly string[] {
    const callback = definitions
      .filter(({ name }) => name === api)
      .flatMap(({ operations }) => operations.flatMap((operation) => operation.callback ?? []))[0]
    if (callback === undefined) return [`${api} has no callbacks`]
    return checkContent(check, api, callback.content, event).map((text) => `${api} event: ${text}`)
  }

  return {
    match: (method, url) => matchOf(definitions, method, url),
    checkRequest,
    checkResponse,
    checkCallback,
    checkSchema: (api, schemaName, json) =>
      check(api, { $ref: `#/components/schemas/${schemaName}` }, json),
  }
}

const ERROR_CONTENT: Content = {
  'application/json': { schema: { $ref: '#/components/schemas/ErrorInfo' } },
}

type SchemaCheck = (api: string, schema: unknown, json: unknown) => readonly string[]

/** Schemas are compiled once, inside the document that their references point into. */
function createSchemaCheck(definitions: readonly Definition[]): SchemaCheck {
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false })
  addFormats.default(ajv)
  ajv.removeKeyword('multipleOf')
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    validate: (step: number, given: number) => isMultiple(given, step),
  })
  for (const { name, root } of definitions) ajv.addSchema({ ...root, $id: idOf(name) })
  const compiled = new Map<string, ValidateFunction>()
  return (api, schema, json) => {
    const key = `${api} ${JSON.stringify(schema)}`
    const validate = compiled.get(key) ?? ajv.compile(absolute(api, schema))
    compiled.set(key, validate)
    return validate(json) ? [] : (validate.errors ?? []).map(sentenceOf)
  }
}

const idOf = (api: string) => `https://definitions.invalid/${api}`

/** References inside a fragment of a document, made to point into that document. */
function absolute(api: string, schema: unknown): Record<string, unknown> {
  const moved: unknown = JSON.parse(JSON.stringify(schema), (key, found: unknown) =>
    key === '$ref' && typeof found === 'string' ? `${idOf(api)}${found}` : found,
  )
  return z.record(z.string(), z.unknown()).parse(moved)
}

function sentenceOf({ instancePath, message, params }: ErrorObject): string {
  const more = JSON.stringify(params)
  return `${instancePath === '' ? '/' : instancePath} ${message ?? 'is wrong'} ${more}`
}

/** Exact, on the shortest decimal texts of both numbers. */
function isMultiple(given: number, step: number): boolean {
  if (!Number.isFinite(given)) return false
  const places = Math.max(placesOf(given), placesOf(step))
  return scaled(given, places) % scaled(step, places) === 0n
}

function placesOf(decimal: number): number {
  const [mantissa = '', exponent = '0'] = String(decimal).split('e')
  return Math.max((mantissa.split('.')[1] ?? '').length - Number(exponent), 0)
}

function scaled(decimal: number, places: number): bigint {
  const [mantissa = '', exponent = '0'] = String(decimal).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const zeros = places - fraction.length + Number(exponent)
  return BigInt(`${whole}${fraction}${'0'.repeat(Math.max(zeros, 0))}`)
}

function matchOf(definitions: readonly Definition[], method: string, url: URL): Match {
  for (const { name, basePath, operations } of definitions) {
    // A carrier may live below a path of its own, such as /skt.
    const at = url.pathname.indexOf(`${basePath}/`)
    if (at < 0) continue
    const rest = url.pathname.slice(at + basePath.length)
    const found = operations
      .filter((operation) => operation.method === method)
      .toSorted((one, other) => namesIn(one.path).length - namesIn(other.path).length)
      .flatMap((operation) => {
        const path = pathValues(operation.path, rest)
        return path === undefined ? [] : [{ kind: 'operation' as const, operation, path }]
      })[0]
    return found ?? { kind: 'unheard', api: name }
  }
  return { kind: 'elsewhere' }
}

function namesIn(template: string): readonly string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
}

function pathValues(template: string, path: string): PathValues | undefined {
  const names = namesIn(template)
  const pattern = template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '([^/]+)')
  const match = new RegExp(`^${pattern}$`).exec(path)
  if (match === null) return undefined
  return Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? '']))
}

function checkParameters(
  check: SchemaCheck,
  { api, parameters }: DefinedOperation,
  { url, headers }: RequestMessage,
  path: PathValues,
): readonly string[] {
  const defined = parameters.filter((one) => one.in === 'query').map(({ name }) => name)
  const strangers = [...new Set(url.searchParams.keys())].filter((name) => !defined.includes(name))
  return [
    ...strangers.map((name) => `the query parameter ${name} is not defined`),
    ...parameters.flatMap((parameter) => {
      const given = givenTexts(parameter, url, headers, path)
      const { name, required = false, schema } = parameter
      if (given.length === 0) return complainIf(required, `${name} is missing`)
      if (schema.type !== 'array' && given.length > 1) return [`${name} is given twice`]
      const json = schema.type === 'array' ? given : typedText(schema.type, given[0] ?? '')
      return check(api, schema, json).map((complaint) => `${name}: ${complaint}`)
    }),
  ]
}

function givenTexts(
  parameter: Parameter,
  url: URL,
  headers: Headers,
  path: PathValues,
): readonly string[] {
  const { name } = parameter
  if (parameter.in === 'query') return url.searchParams.getAll(name)
  const given = parameter.in === 'path' ? path[name] : (headers.get(name) ?? undefined)
  return given === undefined ? [] : [given]
}

function typedText(type: string | undefined, text: string): unknown {
  return type === 'integer' && /^-?\d+$/.test(text) ? Number(text) : text
}

function checkToken({ scopes }: DefinedOperation, headers: Headers): readonly string[] {
  const bearer = /^Bearer [A-Za-z0-9\-._~+/]+=*$/.test(headers.get('authorization') ?? '')
  return complainIf(scopes.length > 0 && !bearer, 'no bearer token')
}

function checkCounts(headers: Headers, defined: readonly string[]): readonly string[] {
  return defined
    .filter((name) => name === 'X-Total-Count' || name === 'Content-Last-Key')
    .flatMap((name) => {
      const given = headers.get(name)
      return complainIf(given !== null && !/^-?\d+$/.test(given), `${name}: ${given}`)
    })
}

function checkContent(
  check: SchemaCheck,
  api: string,
  content: Content,
  { headers, text }: Message,
): readonly string[] {
  const [mediaType = ''] = (headers.get('content-type') ?? '').toLowerCase().split(';')
  const defined = content[mediaType.trim()]
  if (defined === undefined) {
    return [`content type '${mediaType}', not ${Object.keys(content).join(' or ')}`]
  }
  const json = readJson(text)
  return json.ok ? check(api, defined.schema ?? {}, json.json) : ['the body is no JSON']
}

function readJson(text: string): { ok: true; json: unknown } | { ok: false } {
  try {
    return { ok: true, json: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}

function complainIf(wrong: boolean, complaint: string): readonly string[] {
  return wrong ? [complaint] : []
}
