import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { type Client, clientSettings } from '../clients/model.ts'
import type { Clients } from '../clients/service.ts'
import { refuse } from './refuse.ts'

/** Some settings of a client; what is left out stays. */
const changes = z.strictObject(clientSettings.shape).partial()

/**
 * How a carrier treats a client, to look at and to change: which way it decides, and how much a client may ask.
 * `GET` and `PATCH /{carrier}/{client}`.
 */
export function clientRoutes(clients: Pick<Clients, 'find' | 'change'>): Hono {
  const hono = new Hono()
  hono.get('/:carrier/:client', async (context) => {
    return answer(context, await clients.find(...keyOf(context)))
  })
  hono.patch('/:carrier/:client', async (context) => {
    const json: unknown = await context.req.json().catch(() => undefined)
    const body = changes.safeParse(json)
    if (!body.success) return refuse(context, 400, 'body', z.prettifyError(body.error))
    const given = Object.entries(body.data).filter(([name]) => isGiven(json, name))
    return answer(context, await clients.change(...keyOf(context), Object.fromEntries(given)))
  })
  return hono
}

/** A setting that is left out has its default by now, which was not asked for. */
function isGiven(json: unknown, name: string): boolean {
  return typeof json === 'object' && json !== null && name in json
}

function keyOf({ req }: Context): [carrier: string, client: string] {
  return [req.param('carrier') ?? '', req.param('client') ?? '']
}

function answer(context: Context, client: Client | undefined): Response {
  if (client === undefined) {
    return refuse(context, 404, 'client', 'no carrier here has this client')
  }
  const { id, carrier, name, settings } = client
  return context.json({ id, carrier, name, settings })
}
