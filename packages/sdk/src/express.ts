import type { Jeon } from './client.ts'
import { createGate, type GateOptions, privateHeaders } from './gate.ts'

/** What is needed of Express's request. */
export interface ExpressRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly params: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly originalUrl: string
  readonly protocol: string
}

/** What is needed of Express's response. */
export interface ExpressResponse {
  statusCode: number
  setHeader(name: string, content: string): unknown
  end(body: string): unknown
  readonly locals: Record<string, unknown>
}

export interface ExpressGuardOptions<Request extends ExpressRequest = ExpressRequest>
  extends GateOptions {
  /** Which offer opens the route. */
  readonly offer: (
    request: Request,
  ) => string | readonly string[] | undefined | Promise<string | undefined>
}

/**
 * Protects a route: it runs for a request with a valid receipt for the offer, and for no other. The receipt is in
 * `response.locals.jeonReceipt`.
 *
 * Without one the answer is 402 with the price; when receipts cannot be checked it is 503. Nothing that fails opens it.
 *
 * @throws TypeError at start-up when it could never work
 * @example
 * ```ts
 * app.get('/articles/:id/content', guard(jeon, { offer: (req) => req.params.id }), handler)
 * ```
 */
export function guard<Request extends ExpressRequest = ExpressRequest>(
  jeon: Jeon,
  options: ExpressGuardOptions<Request>,
): (request: Request, response: ExpressResponse, next: (error?: unknown) => void) => void {
  if (typeof options.offer !== 'function') throw new TypeError('guard: `offer` must be a function')
  const gate = createGate(jeon, options)
  return (request, response, next) => {
    const decision = gate({
      offer: () => options.offer(request),
      header: (name) => headerOf(request, name),
      url: urlOf(request),
    })
    decision
      .then((verdict) => {
        if (verdict.status === 'open') {
          setHeaders(response, privateHeaders)
          response.locals.jeonReceipt = verdict.receipt
          next()
          return
        }
        response.statusCode = verdict.httpStatus
        setHeaders(response, verdict.headers)
        response.end(verdict.body)
      })
      .catch(next)
  }
}

function headerOf(request: ExpressRequest, name: string): string | undefined {
  const content = request.headers[name]
  return typeof content === 'string' ? content : undefined
}

/** Only for the hint; the host is the client's word and is used for nothing else. */
function urlOf(request: ExpressRequest): string | undefined {
  const host = headerOf(request, 'host')
  return host === undefined ? undefined : `${request.protocol}://${host}${request.originalUrl}`
}

function setHeaders(response: ExpressResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(headers)) response.setHeader(name, content)
}
