import type { Clock } from '@jeon/clock'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import type pg from 'pg'
import { z } from 'zod'
import type { Clients } from '../clients/service.ts'
import { isKeepable, unkeepableAt } from '../keepable.ts'
import type { CarrierId } from '../model.ts'
import { clientMetadata } from './client-metadata.ts'
import { openid } from './library.ts'

export interface AdapterParts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly clients: Clients
  readonly carrier: CarrierId
  readonly issuer: string
}

/** What is kept until it expires, by the machine's clock: the provider itself reads that one. */
export function openidAdapter(parts: AdapterParts, model: string): Adapter {
  return model === 'Client' ? clientAdapter(parts) : new PostgresAdapter(parts, model)
}

class PostgresAdapter implements Adapter {
  readonly #parts: AdapterParts
  readonly #model: string

  constructor(parts: AdapterParts, model: string) {
    this.#parts = parts
    this.#model = model
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const { pool, clock, carrier } = this.#parts
    const json = JSON.stringify(payload)
    const at = unkeepableAt(json, payload)
    if (at !== undefined)
      throw new openid.errors.InvalidRequest(`not a text: ${at.split('.').at(-1)}`)
    const expiresAt =
      expiresIn === undefined ? null : new Date(clock.machineNow() + expiresIn * 1_000)
    await pool.query(
      `insert into carrier.openid (carrier, model, id, payload, grant_id, uid, user_code, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (carrier, model, id) do update set payload = excluded.payload,
         grant_id = excluded.grant_id, uid = excluded.uid, user_code = excluded.user_code,
         expires_at = excluded.expires_at`,
      [
        ...[carrier, this.#model, id, json],
        ...[payload.grantId ?? null, payload.uid ?? null, payload.userCode ?? null, expiresAt],
      ],
    )
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#read('id', id)
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#read('uid', uid)
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#read('user_code', userCode)
  }

  async consume(id: string): Promise<void> {
    const { pool, clock, carrier } = this.#parts
    const { rowCount } = await pool.query(
      `update carrier.openid set consumed_at = $4
       where carrier = $1 and model = $2 and id = $3 and consumed_at is null`,
      [carrier, this.#model, id, new Date(clock.machineNow())],
    )
    // Two that redeem one code at once: one gets it.
    if (rowCount === 0) throw new openid.errors.InvalidGrant('it was used before')
  }

  async destroy(id: string): Promise<void> {
    const { pool, carrier } = this.#parts
    await pool.query('delete from carrier.openid where carrier = $1 and model = $2 and id = $3', [
      carrier,
      this.#model,
      id,
    ])
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    const { pool, carrier } = this.#parts
    await pool.query(
      'delete from carrier.openid where carrier = $1 and model = $2 and grant_id = $3',
      [carrier, this.#model, grantId],
    )
  }

  async #read(
    column: 'id' | 'uid' | 'user_code',
    value: string,
  ): Promise<AdapterPayload | undefined> {
    if (!isKeepable(value)) return undefined
    const { pool, clock, carrier } = this.#parts
    const { rows } = await pool.query<{ payload: unknown; consumed_at: Date | null }>(
      `select payload, consumed_at from carrier.openid
       where carrier = $1 and model = $2 and ${column} = $3
         and (expires_at is null or expires_at > $4)`,
      [carrier, this.#model, value, new Date(clock.machineNow())],
    )
    const [found] = rows
    if (found === undefined) return undefined
    const payload = z.record(z.string(), z.unknown()).parse(found.payload)
    if (found.consumed_at === null) return payload
    return { ...payload, consumed: Math.floor(found.consumed_at.getTime() / 1_000) }
  }
}

/** Clients live in a table of their own and are never made by the provider. */
function clientAdapter({ clients, carrier }: AdapterParts): Adapter {
  const nothing = async () => undefined
  return {
    upsert: nothing,
    findByUid: nothing,
    findByUserCode: nothing,
    consume: nothing,
    destroy: nothing,
    revokeByGrantId: nothing,
    async find(id) {
      const client = isKeepable(id) ? await clients.find(carrier, id) : undefined
      return client === undefined ? undefined : clientMetadata(client)
    },
  }
}

/** Removes what expired; it would never be found again. `machineMs`: the machine's time, by which it does. */
export async function purgeOpenid(pool: pg.Pool, machineMs: number): Promise<void> {
  await pool.query('delete from carrier.openid where expires_at < $1', [new Date(machineMs)])
}
