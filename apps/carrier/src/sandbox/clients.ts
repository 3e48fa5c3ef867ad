import { randomBytes } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { type Client, clientSettings } from '../clients/model.ts'
import type { Clients } from '../clients/service.ts'
import type { Carrier, CarrierId } from '../model.ts'
import { createClientSecret } from '../secret.ts'
import { refuse } from './refuse.ts'

const newClient = z.strictObject({
  name: z.string().trim().min(1).max(40),
  contact: z.string().trim().min(1).max(40),
  redirect_uris: z.array(z.url()).max(10).default([]),
  settings: clientSettings.prefault({}),
})

/** Some settings of a client; what is left out stays. */
const changes = z.strictObject(clientSettings.shape).partial()

export interface ClientRouteParts {
  readonly clients: Pick<Clients, 'find' | 'change' | 'save'>
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
}

/**
 * The clients of a carrier: a new one with `POST /{carrier}`, which answers its secret once. How one is treated, to look at and
 * to change with `GET` and `PATCH /{carrier}/{client}`: which way the carrier decides, and how much a client may ask.
 */
export function clientRoutes({ clients, carriers }: ClientRouteParts): Hono {
  const hono = new Hono()
  hono.post('/:carrier', async (context) => {
    const carrier = context.req.param('carrier')
    if (!carriers.has(carrier))
      return refuse(context, 404, 'carrier', 'there is no such carrier here')
    const body = newClient.safeParse(await context.req.json().catch(() => undefined))
    if (!body.success) return refuse(context, 400, 'body', z.prettifyError(body.error))
    const { name, contact, redirect_uris: redirectUris, settings } = body.data
    const secret = createClientSecret()
    const id = `client-${randomBytes(9).toString('base64url')}`
    const saved = await clients.save({
      ...{ id, carrier, name, contact, secret, redirectUris, settings },
      jwks: null,
    })
    return context.json({ id, carrier, name, secret, settings: saved.settings }, 201)
  })
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
