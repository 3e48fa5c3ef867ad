import type { Context } from 'hono'

/** The line that a token of the fake is of. */
export function subjectOf(c: Context): string {
  return (c.req.header('authorization') ?? '').replace(/^Bearer /, '').split('.')[0] ?? ''
}

/** A refusal as CAMARA has it. */
export function refuse(status: number, code: string, message: string): Response {
  return Response.json({ status, code, message }, { status })
}

/** A refusal as self-care has it. */
export function problem(status: number, code: string): Response {
  const headers = { 'content-type': 'application/problem+json' }
  return new Response(JSON.stringify({ status, code, title: code }), { status, headers })
}

/** The answer that never arrives: the fake turns it into a time-out. */
export function lost(): Response {
  return new Response(null, { status: 599, headers: { 'x-lost': '1' } })
}
