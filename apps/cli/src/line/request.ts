import { type Fields, JeonUnreachable, problemOf } from '@jeon/sdk'
import type { Context } from '../commands/context.ts'
import { existingPurse, openPurse } from '../purse.ts'
import { asFields, parseFields } from '../sandbox.ts'

/** Clock moves and collections wait for the carrier. */
const timeoutMs = 30_000

export interface LineRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Behind `/v1`: `/line`, `/line/care/usage`. */
  readonly path: string
  readonly body?: object
  readonly idempotencyKey?: string
  /** Makes a guest wallet when this terminal has none. */
  readonly makesWallet?: boolean
}

/**
 * Asks the platform about the line of this terminal's wallet.
 *
 * @throws JeonProblem for a refusal, {@link JeonUnreachable} when nothing answers
 */
export async function askLine(context: Context, request: LineRequest): Promise<Fields> {
  const { io, server } = context
  const purse = await (request.makesWallet === true
    ? openPurse(io, server)
    : existingPurse(io, server))
  const response = await send(context, request, purse.token)
  const text = await response.text()
  const fields = parseFields(text) ?? {}
  if (response.ok) return fields
  throw problemOf(response.status, fields, response.headers.get('x-request-id'))
}

async function send({ server }: Context, request: LineRequest, token: string): Promise<Response> {
  const { method = 'GET', path, body, idempotencyKey } = request
  try {
    return await fetch(`${server}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError'
    throw new JeonUnreachable(isTimeout ? 'timeout' : 'connection_lost', server, { cause: error })
  }
}

/** Whether a text has the form of the ids that carriers give. */
export function isUuid(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)
}

/** The list in a field; empty when there is none. */
export function listOf(fields: Fields | undefined, name: string): readonly unknown[] {
  const list = fields?.[name]
  return Array.isArray(list) ? list : []
}

/** The objects of a list. */
export function objectsOf(fields: Fields | undefined, name: string): readonly Fields[] {
  return listOf(fields, name).flatMap((each) => {
    const object = asFields(each)
    return object === undefined ? [] : [object]
  })
}
