import type { Jeon } from './client.ts'
import { createGate, type GateOptions, privateHeaders } from './gate.ts'

/** What is needed of Hono's context, so that Hono itself is not. */
export interface HonoContext {
  readonly req: {
    readonly url: string
    header(name: string): string | undefined
    param(name: string): string | undefined
  }
  header(name: string, content: string): void
  set(name: string, content: unknown): void
}

export interface HonoGuardOptions<Context extends HonoContext = HonoContext> extends GateOptions {
  /** Which offer opens the route. */
  readonly offer: (context: Context) => string | undefined | Promise<string | undefined>
}

/**
 * Protects a route: it runs for a request with a valid receipt for the offer, and for no other. The receipt is in
 * `context.get('jeonReceipt')`.
 *
 * Without one the answer is 402 with the price; when receipts cannot be checked it is 503. Nothing that fails opens it.
 *
 * @throws TypeError at start-up when it could never work
 * @example
 * ```ts
 * app.get('/articles/:id/content', guard(jeon, { offer: (c) => c.req.param('id') }), handler)
 * ```
 */
export function guard<Context extends HonoContext = HonoContext>(
  jeon: Jeon,
  options: HonoGuardOptions<Context>,
): (context: Context, next: () => Promise<void>) => Promise<Response | undefined> {
  if (typeof options.offer !== 'function') throw new TypeError('guard: `offer` must be a function')
  const gate = createGate(jeon, options)
  return async (context, next) => {
    const verdict = await gate({
      offer: () => options.offer(context),
      header: (name) => context.req.header(name),
      url: context.req.url,
    })
    if (verdict.status === 'closed') {
      return new Response(verdict.body, { status: verdict.httpStatus, headers: verdict.headers })
    }
    for (const [name, content] of Object.entries(privateHeaders)) context.header(name, content)
    context.set('jeonReceipt', verdict.receipt)
    await next()
    return undefined
  }
}
