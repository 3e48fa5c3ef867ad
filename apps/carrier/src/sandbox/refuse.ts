import type { Context } from 'hono'

/** What the sandbox's own addresses answer to what they do not take, for developers. */
export function refuse(
  context: Context,
  status: 400 | 404 | 409 | 422,
  code: string,
  detail: string,
): Response {
  context.header('Content-Type', 'application/problem+json')
  return context.body(JSON.stringify({ status, code, title: code, detail, hint: detail }), status)
}
