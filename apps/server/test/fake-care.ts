import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { problem, subjectOf } from './fake-answers.ts'

interface CareState {
  readonly code: string
  readonly password: string
  readonly isCareDown: boolean
  readonly ended: ReadonlySet<string>
  readonly lines: ReadonlyMap<string, { readonly service: string }>
  readonly moves: { offset_ms: number; frozen_at_ms: number | null }[]
}

/** The fake's self-care, and what of a sandbox the platform asks it for. */
export function careRoutes(carrier: CareState): Hono {
  const hono = new Hono()
  hono.use('/skt/selfcare/*', async (c, next) => {
    if (carrier.ended.has(subjectOf(c))) return problem(401, 'unauthenticated')
    return next()
  })
  hono.post('/skt/selfcare/v1/proofs', (c) =>
    c.json({ id: randomUUID(), needs: ['sms_code', 'password'], complete: false }, 201),
  )
  hono.post('/skt/selfcare/v1/proofs/:id', async (c) => {
    const given = z.object({ sms_code: z.string(), password: z.string() }).parse(await c.req.json())
    if (given.password !== carrier.password) return problem(422, 'password_wrong')
    return given.sms_code === carrier.code ? c.json({ complete: true }) : problem(422, 'code_wrong')
  })
  hono.get('/skt/selfcare/v1/live', () => {
    const body = 'event: changed\ndata: {"what":"payment"}\n\n'
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  })
  hono.get('/skt/selfcare/v1/line', (c) => {
    if (carrier.isCareDown) return problem(503, 'unavailable')
    const state = carrier.lines.get(subjectOf(c))?.service ?? 'terminated'
    return c.json({ service: { state, text: `payments are ${state}`, remedy: null } })
  })
  hono.all('/skt/selfcare/v1/:noun/*', echo)
  hono.all('/skt/selfcare/v1/:noun', echo)
  hono.get('/sandbox/clock', (c) =>
    c.json(carrier.moves.at(-1) ?? { offset_ms: 0, frozen_at_ms: null }),
  )
  hono.put('/sandbox/clock', async (c) => {
    const move = z.object({ offset_ms: z.number(), frozen_at_ms: z.number().nullable() })
    carrier.moves.push(move.parse(await c.req.json()))
    return c.json({})
  })
  hono.get('/sandbox/inbox', (c) =>
    c.json({ messages: [{ phone_number: c.req.query('phone_number'), text: carrier.code }] }),
  )
  return hono
}

/** What came, for tests of the way through. */
async function echo(c: Context): Promise<Response> {
  if (c.req.param('noun') === 'blocks' && c.req.method === 'GET') return problem(404, 'not_found')
  return c.json({
    path: c.req.path,
    method: c.req.method,
    query: c.req.query(),
    line: subjectOf(c),
    language: c.req.header('accept-language'),
    key: c.req.header('idempotency-key') ?? null,
    body: await c.req.text(),
  })
}
