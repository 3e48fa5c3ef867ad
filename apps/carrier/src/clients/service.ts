import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import { z } from 'zod'
import type { CarrierId } from '../model.ts'
import { everyScope } from '../openid/scopes.ts'
import { type Client, type ClientSettings, clientSettings, type NewClient } from './model.ts'

export interface ClientParts {
  readonly pool: pg.Pool
  readonly clock: Clock
}

/** Who may use a carrier's APIs. Few and asked for at every request, so they are kept in memory. */
export class Clients {
  readonly #parts: ClientParts
  readonly #known = new Map<string, Client>()

  constructor(parts: ClientParts) {
    this.#parts = parts
  }

  /** Makes a client, or brings an existing one to these values. */
  async save(client: NewClient): Promise<Client> {
    const settings = clientSettings.parse(client.settings ?? {})
    const { id, carrier, name, contact, redirectUris, jwks } = client
    const saved: Client = {
      ...{ id, carrier, name, contact, redirectUris, jwks, settings },
      secretHash: secretHash(client.secret),
      scopes: client.scopes ?? everyScope,
    }
    await this.#parts.pool.query(
      `insert into carrier.client
         (id, carrier, name, contact, secret_hash, redirect_uris, scopes, jwks, settings, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp($10::double precision / 1000))
       on conflict (carrier, id) do update set name = excluded.name, contact = excluded.contact,
         secret_hash = excluded.secret_hash, redirect_uris = excluded.redirect_uris,
         scopes = excluded.scopes, jwks = excluded.jwks, settings = excluded.settings`,
      [
        ...[id, carrier, name, contact, saved.secretHash, redirectUris, saved.scopes],
        ...[jwks === null ? null : JSON.stringify(jwks), JSON.stringify(settings)],
        this.#parts.clock.now(),
      ],
    )
    this.#known.set(key(carrier, id), saved)
    return saved
  }

  async find(carrier: CarrierId, id: string): Promise<Client | undefined> {
    const known = this.#known.get(key(carrier, id))
    if (known !== undefined) return known
    const { rows } = await this.#parts.pool.query(
      `select id, carrier, name, contact, secret_hash, redirect_uris, scopes, jwks, settings
       from carrier.client where carrier = $1 and id = $2`,
      [carrier, id],
    )
    if (rows[0] === undefined) return undefined
    const client = clientOfRow(rows[0])
    this.#known.set(key(carrier, id), client)
    return client
  }

  /** Changes some settings of a client. @returns undefined: there is no such client */
  async change(
    carrier: CarrierId,
    id: string,
    changes: Partial<ClientSettings>,
  ): Promise<Client | undefined> {
    const client = await this.find(carrier, id)
    if (client === undefined) return undefined
    const settings = clientSettings.parse({ ...client.settings, ...changes })
    await this.#parts.pool.query(
      'update carrier.client set settings = $3 where carrier = $1 and id = $2',
      [carrier, id, JSON.stringify(settings)],
    )
    const changed = { ...client, settings }
    this.#known.set(key(carrier, id), changed)
    return changed
  }
}

/** Whether a secret is the one whose hash is kept. */
export function isSecretOf(hash: string, secret: string): boolean {
  const given = Buffer.from(secretHash(secret))
  const kept = Buffer.from(hash)
  return given.length === kept.length && timingSafeEqual(given, kept)
}

function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function key(carrier: CarrierId, id: string): string {
  return `${carrier}/${id}`
}

const row = z.object({
  id: z.string(),
  carrier: z.string(),
  name: z.string(),
  contact: z.string(),
  secret_hash: z.string(),
  redirect_uris: z.array(z.string()),
  scopes: z.array(z.string()),
  jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).nullable(),
  settings: clientSettings,
})

function clientOfRow(found: unknown): Client {
  const { secret_hash: hash, redirect_uris: redirectUris, ...rest } = row.parse(found)
  return { ...rest, secretHash: hash, redirectUris }
}
