import { type Api, CORRELATOR_PATTERN, fieldFault, type Operation } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import type { Context } from 'hono'
import { z } from 'zod'
import type { Client } from '../clients/model.ts'
import type { Clients } from '../clients/service.ts'
import type { Faults } from '../faults/service.ts'
import { isKeepable, unkeepableAt } from '../keepable.ts'
import type { Lines } from '../lines/model.ts'
import type { Log } from '../log.ts'
import type { Carrier, Line } from '../model.ts'
import type { Token, Tokens } from '../openid/tokens.ts'
import type { Quotas } from '../quotas/service.ts'
import { quirkyBody, quirkyRefusal } from './quirks.ts'
import { Refusal } from './refusal.ts'
import { refusal } from './statuses.ts'

export interface CallParts {
  readonly carrier: Carrier
  readonly clients: Clients
  readonly lines: Pick<Lines, 'byNumber' | 'byId'>
  readonly tokens: Tokens
  readonly quotas: Pick<Quotas, 'admit'>
  readonly faults: Faults
  readonly clock: Clock
  readonly log: Log
}

/** A call that may be made: who calls, with what, before anything is done. */
export interface Call<Body = unknown> {
  readonly carrier: Carrier
  readonly client: Client
  readonly token: Token
  readonly body: Body
  /** Where events are wanted. In the sandbox also plain http on this machine, which the definitions do not allow. */
  readonly sink: string | null
  readonly query: URLSearchParams
  parameter(name: string): string
  /**
   * The line that is asked about: by the token or, with a token that is bound to none, by the number in the body.
   * From here on the faults of the number show themselves.
   *
   * @throws Refusal MISSING_IDENTIFIER, UNNECESSARY_IDENTIFIER, IDENTIFIER_NOT_FOUND
   */
  identify(phoneNumber: string | undefined): Promise<Line>
  /** Notes the line of a payment that was found otherwise; its faults show themselves too. */
  about(line: Line): Promise<void>
}

export interface Answer {
  readonly status: 200 | 201 | 202 | 204
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** What an operation does. It throws {@link Refusal} for what it refuses. */
export type Handler<Body> = (call: Call<Body>) => Promise<Answer>

/**
 * One CAMARA operation as an HTTP handler. In this order: the correlator, the token, its scope, the client's rate and
 * quota, the body; then the operation itself. Echoes `x-correlator`, answers every refusal in CAMARA's body.
 */
export function operationHandler<Schema extends z.ZodType>(
  parts: CallParts,
  { api, operation, schema }: { api: Api; operation: Operation; schema: Schema },
  handle: Handler<z.output<Schema>>,
): (c: Context) => Promise<Response> {
  return async (c) => {
    const correlator = c.req.header('x-correlator')
    const state: { client?: Client; line?: Line } = {}
    try {
      checkCorrelator(correlator)
      const call = await admit(parts, c, { api, operation, schema }, state)
      const answer = await handle(call)
      await parts.faults.beforeAnswer(c, operation, state.line)
      return respond(answer, correlator)
    } catch (error) {
      const refused = refusalOf(parts, api, operation, error)
      const quirky = state.client?.settings.featureQuirks === true
      return respondRefusal(quirky ? quirkyRefusal(refused) : refused, correlator)
    }
  }
}

/** The schema of an operation without a body. */
export const noBody = z.undefined()

async function admit<Schema extends z.ZodType>(
  parts: CallParts,
  c: Context,
  { api, operation, schema }: { api: Api; operation: Operation; schema: Schema },
  state: { client?: Client; line?: Line },
): Promise<Call<z.output<Schema>>> {
  const { token, client } = await authorise(parts, c.req.header('authorization'), operation)
  state.client = client
  await takeOfQuota(parts, client, api, operation)
  const query = queryOf(c)
  const { json, sink } = operation.method === 'GET' ? nothing : await readJson(c, client)
  const body = parseBody(schema, json)
  const about = async (line: Line) => {
    state.line = line
    await parts.faults.onLine(c, operation, line)
  }
  return {
    carrier: parts.carrier,
    client,
    token,
    body,
    sink,
    query,
    parameter: (name) => c.req.param(name) ?? '',
    about,
    async identify(phoneNumber) {
      const number = numberAsked(token, client, phoneNumber)
      const line = await parts.lines.byNumber(parts.carrier.id, number)
      if (line === undefined) {
        throw refusal('IDENTIFIER_NOT_FOUND', 'The phone number is no line of this carrier')
      }
      await about(line)
      return line
    },
  }
}

function queryOf(c: Context): URLSearchParams {
  const { searchParams } = new URL(c.req.url)
  for (const [name, value] of searchParams) {
    if (!isKeepable(name) || !isKeepable(value)) throw unkeepable('the query')
  }
  return searchParams
}

function unkeepable(where: string): Refusal {
  return refusal(
    'INVALID_ARGUMENT',
    `${where}: U+0000 and halves of surrogate pairs are no characters`,
  )
}

function numberAsked(token: Token, client: Client, phoneNumber: string | undefined): string {
  if (token.phoneNumber === null) {
    if (phoneNumber !== undefined) return phoneNumber
    throw refusal(
      'MISSING_IDENTIFIER',
      'The token is bound to no phone number: phoneNumber is required',
    )
  }
  const isQuirk = client.settings.featureQuirks && phoneNumber === token.phoneNumber
  if (phoneNumber === undefined || isQuirk) return token.phoneNumber
  throw refusal(
    'UNNECESSARY_IDENTIFIER',
    'The token is bound to a phone number: phoneNumber must be left out',
  )
}

function checkCorrelator(correlator: string | undefined): void {
  if (correlator !== undefined && !CORRELATOR_PATTERN.test(correlator)) {
    throw refusal('INVALID_ARGUMENT', 'x-correlator is malformed')
  }
}

async function authorise(
  { tokens, clients, carrier }: CallParts,
  header: string | undefined,
  { scopes }: Operation,
): Promise<{ token: Token; client: Client }> {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(header ?? '') ?? []
  const token = bearer === undefined ? undefined : await tokens.verify(bearer)
  const client =
    token?.carrier === carrier.id ? await clients.find(carrier.id, token.clientId) : undefined
  if (token === undefined || client === undefined) {
    throw refusal(
      'UNAUTHENTICATED',
      'The access token is missing, malformed, expired or of another issuer',
    )
  }
  if (!scopes.some((scope) => token.scopes.has(scope))) {
    throw refusal('PERMISSION_DENIED', `The access token lacks the scope ${scopes.join(' or ')}`)
  }
  return { token, client }
}

/** Nothing was done for a request that is refused here. Not every definition knows the code for a quota. */
async function takeOfQuota(
  { quotas, carrier }: CallParts,
  client: Client,
  { name }: Api,
  { errors }: Operation,
): Promise<void> {
  const admission = await quotas.admit(carrier, client, name)
  if (admission.ok) return
  const { over, retryAfterS } = admission
  if (over === 'rate') {
    throw refusal('TOO_MANY_REQUESTS', 'More requests in a second than agreed', retryAfterS)
  }
  const isKnown = errors.includes('QUOTA_EXCEEDED') || !errors.includes('TOO_MANY_REQUESTS')
  const code = isKnown ? 'QUOTA_EXCEEDED' : 'TOO_MANY_REQUESTS'
  throw refusal(code, 'The requests that were agreed for today are used up', retryAfterS)
}

/** CAMARA bodies are small; a payment with a thousand items fits. */
const BODY_BYTES_MAX = 1_048_576
/** Of the path of a wrong member, in characters. */
const PATH_SHOWN_MAX = 200

interface Read {
  readonly json: unknown
  readonly sink: string | null
}

const nothing: Read = { json: undefined, sink: null }

async function readJson(c: Context, { settings }: Client): Promise<Read> {
  if (!/^application\/json\s*(?:;|$)/i.test(c.req.header('content-type') ?? '')) {
    throw refusal('INVALID_ARGUMENT', 'The body has to be application/json')
  }
  if (Number(c.req.header('content-length') ?? 0) > BODY_BYTES_MAX) {
    throw refusal('INVALID_ARGUMENT', 'The body is too large')
  }
  const text = await c.req.text()
  if (text.length > BODY_BYTES_MAX) throw refusal('INVALID_ARGUMENT', 'The body is too large')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw refusal('INVALID_ARGUMENT', 'The body is not JSON')
  }
  const at = unkeepableAt(text, json)
  if (at !== undefined) throw unkeepable(at === '' ? 'the body' : at.slice(0, PATH_SHOWN_MAX))
  const asDefined = settings.featureQuirks ? quirkyBody(json) : json
  const { sink, ...rest } = withSink.safeParse(asDefined).data ?? {}
  if (sink === undefined) return { json: asDefined, sink: null }
  const plain = settings.webhookAllowHttp && isLoopbackHttp(sink)
  return { json: plain ? rest : asDefined, sink }
}

const withSink = z.looseObject({ sink: z.string().optional() })

/** Plain http that does not leave this machine. */
function isLoopbackHttp(sink: string): boolean {
  const url = URL.canParse(sink) ? new URL(sink) : undefined
  return url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
}

function parseBody<Schema extends z.ZodType>(schema: Schema, json: unknown): z.output<Schema> {
  const read = schema.safeParse(json)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const where = issue?.path.join('.') ?? ''
  if (where === 'sink')
    throw refusal('INVALID_SINK', 'sink has to be a URL that begins with https://')
  if (where === 'sinkCredential.credentialType') {
    throw refusal('INVALID_CREDENTIAL', 'Only the credential type ACCESSTOKEN is supported')
  }
  if (where === 'sinkCredential.accessTokenType') {
    throw refusal('INVALID_TOKEN', 'Only bearer tokens are supported')
  }
  const what = issue === undefined ? 'invalid' : fieldFault(issue, schema, json, 'en')
  throw refusal('INVALID_ARGUMENT', where === '' ? what : `${where}: ${what}`)
}

function refusalOf({ log }: CallParts, api: Api, operation: Operation, error: unknown): Refusal {
  if (error instanceof Refusal) return error
  log.failure('camara.failed', error, { api: api.name, operation: operation.id })
  return refusal('INTERNAL', 'Something went wrong here; it was written down')
}

function respond({ status, body, headers }: Answer, correlator: string | undefined): Response {
  const all = new Headers({ 'cache-control': 'no-store', ...headers })
  if (correlator !== undefined) all.set('x-correlator', correlator)
  if (body === undefined) return new Response(null, { status, headers: all })
  all.set('content-type', 'application/json')
  return new Response(JSON.stringify(body), { status, headers: all })
}

/** A refusal as a response. A correlator that is itself malformed is not repeated. */
export function respondRefusal(refused: Refusal, correlator?: string): Response {
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' })
  if (correlator !== undefined && CORRELATOR_PATTERN.test(correlator)) {
    headers.set('x-correlator', correlator)
  }
  if (refused.status === 401) headers.set('www-authenticate', 'Bearer')
  if (refused.retryAfterS !== undefined) headers.set('retry-after', String(refused.retryAfterS))
  return new Response(JSON.stringify(refused.body), { status: refused.status, headers })
}
