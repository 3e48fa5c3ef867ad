import type { z } from 'zod'

/**
 * One operation of a CAMARA API as both sides need it: the client to call it, the carrier to route it, check its
 * scope and refuse in its words. The contract tests hold these tables against the official definitions.
 */
export interface Operation {
  /** The `operationId` of the definition. */
  readonly id: string
  readonly method: 'GET' | 'POST'
  /** Below the API's base path, with `{names}`. */
  readonly path: string
  /** A token needs one of these. */
  readonly scopes: readonly [string, ...string[]]
  /** The one status that says yes. */
  readonly success: 200 | 201 | 202 | 204
  /** What the request carries as JSON; absent where there is no body. */
  readonly body?: z.ZodType
  /** What the answer carries as JSON; absent where there is no body. */
  readonly response?: z.ZodType
  /** The refusals that the definition documents for this operation. */
  readonly errors: readonly string[]
}

/** A CAMARA API: its path, its operations, and the HTTP status of each of its refusals. */
export interface Api {
  /** As in the path and in event types, such as `carrier-billing`. */
  readonly name: string
  readonly version: string
  /** Below the carrier's `apiRoot`. */
  readonly basePath: string
  readonly operations: Readonly<Record<string, Operation>>
  readonly statuses: Readonly<Record<string, number>>
}

/**
 * The URL of an operation below the carrier's `apiRoot`, its path parameters encoded; `undefined` when one is missing
 * or would change the path (empty, `.` or `..`).
 */
export function operationUrl(
  apiRoot: string,
  api: Api,
  operation: Operation,
  parameters: Readonly<Record<string, string>> = {},
): URL | undefined {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  if (names.some((name) => ['', '.', '..'].includes(parameters[name] ?? ''))) return undefined
  const path = names.reduce(
    (before, name) => before.replace(`{${name}}`, () => encodeURIComponent(parameters[name] ?? '')),
    operation.path,
  )
  return new URL(`${apiRoot.replace(/\/+$/, '')}${api.basePath}${path}`)
}
