import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Log } from './log.ts'
import { languageOf, problemResponse, refuse } from './selfcare/problems.ts'

export interface AppParts {
  readonly selfcare: Hono
  readonly outside: Hono
  readonly sandbox: Hono
  readonly log: Log
  /** How others reach this program. */
  readonly publicUrl: string
}

/** The longest body of any request: a CAMARA payment with a thousand items. */
const BODY_BYTES_MAX = 1_048_576

/** Everything the carriers answer over HTTP, but for the OpenID providers, which want Node's own request. */
export function createApp({ selfcare, outside, sandbox, log, publicUrl }: AppParts): Hono {
  const hono = new Hono()
  hono.use(async (context, next) => {
    await next()
    context.header('X-Content-Type-Options', 'nosniff')
  })
  hono.on(['POST', 'PUT', 'PATCH'], '*', limitBody)
  hono.use(async (context, next) => {
    // No database stores a zero byte, so nothing has such a name. In a query it is the routes' to refuse.
    const [path = ''] = context.req.url.split('?')
    return path.includes('%00') ? context.notFound() : next()
  })
  // The sandbox asks nobody who he is: at least no page of anybody else's uses the browser of who runs it.
  const own = ownOrigins(publicUrl)
  hono.use('/sandbox/*', async (context, next) => {
    const { protocol } = new URL(publicUrl)
    const host = context.req.header('host')
    const origin = context.req.header('origin')
    const isOwn =
      (host === undefined || own.has(`${protocol}//${host}`)) &&
      (origin === undefined || own.has(origin))
    return isOwn ? next() : context.notFound()
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

const tooLarge = (context: Context) =>
  problemResponse(
    refuse('body_too_large', { most: String(BODY_BYTES_MAX) }),
    languageOf(context.req.header('accept-language')),
  )
const countBody = bodyLimit({ maxSize: BODY_BYTES_MAX, onError: tooLarge })

/** A length that is announced is kept by Node, so that such a body need not be counted, which would double its cost. */
const limitBody: MiddlewareHandler = (context, next) => {
  const announced = context.req.header('content-length')
  if (announced === undefined || context.req.header('transfer-encoding') !== undefined) {
    return countBody(context, next)
  }
  return Number(announced) <= BODY_BYTES_MAX ? next() : Promise.resolve(tooLarge(context))
}

/** This program by its own name and, on one machine, by the machine's other one. */
function ownOrigins(publicUrl: string): ReadonlySet<string> {
  const { origin, protocol, hostname, port } = new URL(publicUrl)
  if (hostname !== 'localhost' && hostname !== '127.0.0.1') return new Set([origin])
  const suffix = port === '' ? '' : `:${port}`
  return new Set([`${protocol}//localhost${suffix}`, `${protocol}//127.0.0.1${suffix}`])
}
