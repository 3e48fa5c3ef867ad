import type { Transfer } from '@jeon/ledger'
import { z } from 'zod'
import type { Operation } from './document.ts'
import type { Received } from './wire.ts'

/** The one table of refusals, as GET /v1/errors tells it: status by code. */
export type ErrorTable = ReadonlyMap<string, number>

const tableSchema = z.object({ data: z.array(z.object({ code: z.string(), status: z.int() })) })

export function readErrorTable(json: unknown): ErrorTable {
  return new Map(tableSchema.parse(json).data.map(({ code, status }) => [code, status]))
}

/** What is known about a request when its answer is judged. */
export interface Case {
  readonly method: string
  readonly operation: Operation | undefined
  readonly received: Received
  /** What was committed between sending and answer. */
  readonly committed: readonly Transfer[]
  readonly errors: ErrorTable
  readonly secrets: readonly string[]
}

const problemSchema = z.looseObject({
  type: z.url(),
  title: z.string().min(1),
  status: z.int(),
  detail: z.string().min(1),
  code: z.string(),
  retryable: z.boolean(),
  hint: z.string(),
  doc_url: z.url(),
  request_id: z.string(),
})

/** Answers that show a key to the one who has just made it. */
const showsKeys = new Set(['POST /v1/wallet/token', 'POST /v1/merchants'])
const stackTrace = /\n\s+at |node_modules|node:internal|\.ts:\d+/

/** What is wrong with an answer; nothing, as a rule. */
export function judge(one: Case): readonly string[] {
  const { received, method } = one
  if (received.is === 'nothing') return [received.reason]
  const { status, body } = received
  const problems: string[] = []
  if (status >= 500) problems.push(`${status}: ${body.slice(0, 500)}`)
  if (status >= 400) problems.push(...judgeRefusal(one, received))
  else if (method === 'GET' && movesMoney(one.committed)) problems.push('a GET moved money')
  if (stackTrace.test(body) && status >= 400) problems.push(`a stack trace: ${body.slice(0, 500)}`)
  const shows = showsKeys.has(`${method} ${one.operation?.path ?? ''}`)
  const seen = shows ? [] : one.secrets.filter((secret) => body.includes(secret))
  if (seen.length > 0) problems.push(`a secret in the body: ${body.slice(0, 200)}`)
  return problems
}

function judgeRefusal(
  { method, operation, committed, errors }: Case,
  { status, headers, body }: Extract<Received, { is: 'answer' }>,
): readonly string[] {
  const problems: string[] = []
  const kinds = committed.map(({ kind }) => kind).join(', ')
  if (movesMoney(committed)) problems.push(`refused with ${status}, and committed ${kinds}`)
  const type = headers.get('content-type')
  if (type !== 'application/problem+json') problems.push(`${status} as ${type ?? 'nothing'}`)
  const id = headers.get('jeon-request-id') ?? ''
  if (!/^req_[0-7][0-9a-z]{25}$/.test(id)) problems.push(`the request id is "${id}"`)
  if (method === 'HEAD') return problems
  const problem = problemSchema.safeParse(parsed(body))
  if (!problem.success) return [...problems, `no problem: ${status} ${body.slice(0, 200)}`]
  const { code, request_id } = problem.data
  if (problem.data.status !== status) problems.push(`${status} says ${problem.data.status}`)
  if (errors.get(code) !== status) problems.push(`${code} has status ${status}`)
  if (request_id !== id) problems.push(`the body says ${request_id}, the header ${id}`)
  const described = operation === undefined || operation.method !== method || routing.has(code)
  if (!described && operation.responses.get(status)?.includes(code) !== true) {
    problems.push(`the document does not say that ${operation.path} may refuse with ${code}`)
  }
  return problems
}

/** Refusals of what never reached an endpoint. */
const routing = new Set([
  'route_not_found',
  'method_not_allowed',
  'request_malformed',
  'headers_too_large',
])

/** A hold that expires does so by itself, whoever asks what at that moment. */
function movesMoney(committed: readonly Transfer[]): boolean {
  return committed.some(({ kind }) => kind !== 'expire')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
