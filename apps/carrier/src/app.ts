import { Hono } from 'hono'
import type { Log } from './log.ts'
import { languageOf, problemResponse, refuse } from './selfcare/problems.ts'

export interface AppParts {
  readonly selfcare: Hono
  readonly outside: Hono
  readonly sandbox: Hono
  readonly log: Log
}

/** Everything the carriers answer over HTTP, but for the OpenID providers, which want Node's own request. */
export function createApp({ selfcare, outside, sandbox, log }: AppParts): Hono {
  const hono = new Hono()
  hono.use(async (context, next) => {
    await next()
    context.header('X-Content-Type-Options', 'nosniff')
  })
  hono.route('/', sandbox)
  hono.route('/', selfcare)
  hono.route('/', outside)
  hono.notFound((context) =>
    problemResponse(refuse('route_not_found'), languageOf(context.req.header('accept-language'))),
  )
  hono.onError((error, context) => {
    log.failure('request.failed', error, { method: context.req.method, route: context.req.path })
    return problemResponse(refuse('internal'), languageOf(context.req.header('accept-language')))
  })
  return hono
}
